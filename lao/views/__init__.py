from lao.views.audit import audit
from lao.views.entry import sign_in, sign_in_with_code, sign_out
from lao.views.manage import manage
from lao.views.passwords import password_new, password_reset, password_reset_link
from lao.views.profile import profile
from lao.views.public import find_code, landing
from lao.views.register import lao_code, lao_new, register, register_preview

__all__ = [
    "audit",
    "find_code",
    "landing",
    "lao_code",
    "lao_new",
    "manage",
    "password_new",
    "password_reset",
    "password_reset_link",
    "profile",
    "register",
    "register_preview",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
]
