from lao.models.accounts import ActivationCode, ResetCode, ResetRequest, TemporaryPassword, User
from lao.models.audit import AuditEntry
from lao.models.draft import Draft
from lao.models.profile import LaoProfile
from lao.models.register import District, FormerCode, Lao, Province, Region
from lao.models.second_factor import SecondFactor
from lao.models.submission import FormToken
from lao.models.throttle import SignInThrottle
from lao.models.upload import FormUpload, RegisterUpload

__all__ = [
    "ActivationCode",
    "AuditEntry",
    "District",
    "Draft",
    "FormToken",
    "FormUpload",
    "FormerCode",
    "Lao",
    "LaoProfile",
    "Province",
    "Region",
    "RegisterUpload",
    "ResetCode",
    "ResetRequest",
    "SecondFactor",
    "SignInThrottle",
    "TemporaryPassword",
    "User",
]
