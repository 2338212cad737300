from lao.views.accounts import account, account_act, accounts, officer_edit, officer_new
from lao.views.audit import audit
from lao.views.entry import sign_in, sign_in_second_step, sign_in_with_code, sign_out
from lao.views.keeping import draft_discard, drafts, session_extend
from lao.views.letters import letters
from lao.views.manage import manage
from lao.views.own_account import own_account
from lao.views.passwords import password_new, password_reset, password_reset_link
from lao.views.profile import profile
from lao.views.public import find_code, landing
from lao.views.register import lao_code, lao_new, register, register_preview
from lao.views.reset_codes import password_reset_code, password_reset_code_new
from lao.views.second_factor import second_factor

__all__ = [
    "account",
    "account_act",
    "accounts",
    "audit",
    "draft_discard",
    "drafts",
    "find_code",
    "landing",
    "lao_code",
    "lao_new",
    "letters",
    "manage",
    "officer_edit",
    "officer_new",
    "own_account",
    "password_new",
    "password_reset",
    "password_reset_code",
    "password_reset_code_new",
    "password_reset_link",
    "profile",
    "register",
    "register_preview",
    "second_factor",
    "session_extend",
    "sign_in",
    "sign_in_second_step",
    "sign_in_with_code",
    "sign_out",
]
