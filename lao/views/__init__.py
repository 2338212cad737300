from lao.views.audit import audit
from lao.views.entry import sign_in, sign_in_with_code, sign_out
from lao.views.manage import manage
from lao.views.passwords import password_new, password_reset, password_reset_link
from lao.views.profile import profile
from lao.views.public import find_code, landing

__all__ = [
    "audit",
    "find_code",
    "landing",
    "manage",
    "password_new",
    "password_reset",
    "password_reset_link",
    "profile",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
]
