"""What officers read of the accounts in their care."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from lao.models import ActivationCode, AuditEntry, Lao, LaoProfile, Province, ResetRequest, User
from lao.queries.entry import accounts_to_activate, laos_with
from lao.rules import UNUSUAL_FROM_ADDRESS, UNUSUAL_IN_ALL, search_words
from lao.throttling import waiting_names

NEW, ASKED, LOCKED, CLAIMED, UNCLAIMED, REVOKED, CLOSED = (
    "NEW", "ASKED", "LOCKED", "CLAIMED", "UNCLAIMED", "REVOKED", "CLOSED",
)  # fmt: skip
STATES = {
    NEW: "ลงทะเบียนใหม่ รอยืนยัน",
    ASKED: "ขอรหัสผ่านใหม่ รอโทรกลับ",
    LOCKED: "ใส่รหัสผิดหลายครั้ง กำลังรอ",
    CLAIMED: "เข้าใช้แล้ว",
    UNCLAIMED: "ยังไม่เคยเข้าใช้",
    REVOKED: "เพิกถอนการลงทะเบียนแล้ว",
    CLOSED: "ระงับการใช้งาน",
}
_WITHHELD = Q(withheld_since__isnull=False)
_CLAIMED = Q(claimed_at__isnull=False)
_WAITING = ResetRequest.objects.filter(user=OuterRef("pk"), answered_at=None)
_IN_STATE = {
    NEW: _WITHHELD & _CLAIMED,
    ASKED: Exists(_WAITING),
    CLAIMED: _CLAIMED,
    UNCLAIMED: ~_CLAIMED,
    REVOKED: _WITHHELD & ~_CLAIMED,
    CLOSED: Q(is_active=False),
}
# The history of an account: what was done to it, and to the secrets and details that open it.
TABLES_OF_ACCOUNT = ["lao_user", "lao_laoprofile", "lao_activationcode", "lao_temporarypassword", "lao_resetcode",
                     "lao_resetrequest", "lao_secondfactor"]  # fmt: skip
MOST_ENTRIES = 50


@dataclass(frozen=True)
class Narrowing:
    """What the list of accounts is narrowed to; the empty value of a field lets everything through.

    `text` is looked for in names, places and codes, and is an address from which accounts were claimed; `province` is
    a code, `role` a value of `User.Role`, `state` a key of `STATES`.
    """

    text: str = ""
    role: str = ""
    province: str = ""
    state: str = ""


def accounts(user, narrowing):
    """The keys of the accounts that the officer `user` looks after inside `narrowing`: officers first, LAOs by place.

    A list sorts and cuts keys alone: whole accounts with their places take three times as long to sort.
    """
    found = User.objects.visible_to(user)
    if narrowing.role:
        found = found.filter(role=narrowing.role)
    if narrowing.province:
        found = found.filter(Q(lao__district__province=narrowing.province) | Q(province=narrowing.province))
    if narrowing.state == LOCKED:
        found = found.filter(username__in=waiting_names(found.order_by().values_list("username", flat=True)))
    elif narrowing.state:
        found = found.filter(_IN_STATE[narrowing.state])
    if narrowing.text:
        found = found.filter(_said(narrowing.text))
    keys = found.values_list("pk", flat=True)
    if narrowing.state == NEW:
        return keys.order_by("claimed_at", "pk")
    place = ("lao__district__province__sort_key", "lao__district__sort_key", "lao__sort_key")
    return keys.order_by(*(F(key).asc(nulls_first=True) for key in place), "username")


def accounts_by_key(keys):
    """The accounts under `keys`, in their order, as a list shows them. One query.

    Each has `lao_email`, where an LAO is written to, and `asked_at`, since when a request for a new password waits.
    """
    email = LaoProfile.objects.filter(lao=OuterRef("lao")).values("coordinator_email")
    found = User.objects.with_area().annotate(
        lao_email=Subquery(email), asked_at=Subquery(_WAITING.values("asked_at")[:1])
    )
    by_key = found.in_bulk(keys)
    return [by_key[key] for key in keys if key in by_key]


def _said(text):
    words = search_words(text)
    of_lao = Q(lao__in=laos_with(words).order_by().values("pk")) if words else Q()
    of_officer = ~Q(role=User.Role.LAO)
    for word in text.split():
        of_officer &= Q(username__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word)
    return of_lao | of_officer | Q(claimed_from=text)


def waiting_counts(user):
    """How many accounts in the care of `user` are newly claimed, and how many wait for a call: {state: number}."""
    found = User.objects.visible_to(user).order_by()
    return {state: found.filter(_IN_STATE[state]).count() for state in (NEW, ASKED)}


def unusual_claims():
    """`(addresses, in_all)`: network addresses with unusually many claims that wait to be confirmed, as dicts of
    `claimed_from`, `claims` and `latest`, the most first; and the number of all such claims, None while it is usual."""
    waiting = User.objects.filter(_IN_STATE[NEW])
    addresses = (
        waiting.order_by()
        .values("claimed_from")
        .annotate(claims=Count("pk"), latest=Max("claimed_at"))
        .filter(claims__gte=UNUSUAL_FROM_ADDRESS)
        .order_by("-claims")
    )
    in_all = waiting.count()
    return list(addresses), in_all if in_all >= UNUSUAL_IN_ALL else None


def find_account(user, account_id):
    """One account that the officer `user` looks after. Raises `User.DoesNotExist`."""
    return User.objects.visible_to(user).with_area().get(pk=account_id)


def live_code_of(account):
    """The activation code that would open the account now, or None."""
    live = ActivationCode.objects.filter(user=account, used_at=None, revoked_at=None, expires_at__gt=timezone.now())
    return live.first()


def request_of(account):
    """The request for a new password that waits for an answer, or None."""
    return ResetRequest.objects.filter(user=account, answered_at=None).first()


def deeds_for(account, by, *, waits):
    """What the officer `by` may do to the account now, as a list of names; `waits`: whether it must wait now."""
    claimed, is_lao = account.claimed_at is not None, account.is_clerk
    usable = is_lao and claimed and account.is_active
    possible = {
        "confirm": is_lao and claimed and account.withheld_since is not None,
        "revoke": is_lao and claimed,
        "code": usable and settings.EPLAN_PASSWORD_RESET == "officer",  # noqa: S105  a way, not a password
        "dismiss": request_of(account) is not None,
        "hand-over": usable,
        "letter": is_lao and not claimed and account.is_active and settings.EPLAN_FIRST_ENTRY == "code",
        "unpair": account != by and account.factor is not None,
        "link": not is_lao and account.is_active,
        "unlock": waits,
        "close": account.is_active and account != by,
        "open": not account.is_active,
    }
    return [deed for deed, fits in possible.items() if fits]


def history_of_account(account):
    """What the audit trail knows of the account, the latest first: the account, its secrets, the LAO's profile.

    Signing in is left out.
    """
    entries = AuditEntry.objects.filter(table_name__in=TABLES_OF_ACCOUNT)
    if account.is_clerk:
        entries = entries.filter(lao_id=account.lao_id)
    else:
        entries = entries.filter(table_name__in=["lao_user", "lao_secondfactor"], row_id=str(account.pk))
    signing_in = Q(action="UPDATE", table_name="lao_user", after__has_keys=["last_login"])
    return entries.exclude(signing_in).order_by("-id")[:MOST_ENTRIES]


def provinces_with_unclaimed(user):
    """The provinces of `user`'s area that have unclaimed accounts, with their number `unclaimed` and, `with_code`, of
    those that a printed letter still opens."""
    live = ActivationCode.objects.filter(
        user=OuterRef("districts__laos__account"), used_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    account = "districts__laos__account"
    open_account = Q(**{f"{account}__claimed_at__isnull": True, f"{account}__is_active": True})
    return (
        Province.objects.visible_to(user)
        .annotate(has_code=Exists(live))
        .values("code", "name")
        .annotate(
            unclaimed=Count(account, filter=open_account),
            with_code=Count(account, filter=open_account & Q(has_code=True)),
        )
        .filter(unclaimed__gt=0)
        .order_by("sort_key")
    )


def accounts_for_letters(user, province, *, without_code):
    """The unclaimed accounts of a province (code) in `user`'s area, in the order of the register.

    With `without_code`, those alone that no live code was issued for.
    """
    found = accounts_to_activate(Lao.objects.visible_to(user).filter(district__province=province).order_by())
    if without_code:
        live = ActivationCode.objects.filter(
            user=OuterRef("pk"), used_at=None, revoked_at=None, expires_at__gt=timezone.now()
        )
        found = found.exclude(Exists(live))
    return list(found)
