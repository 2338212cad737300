"""What officers change of the accounts in their care. Every function is one transaction and names who acts."""

from datetime import timedelta

from django.utils import timezone

from lao.audit import acting, note_deed
from lao.codes import code_hash, new_code
from lao.models import ActivationCode, LaoProfile, ResetCode, ResetRequest, TemporaryPassword, User
from lao.notices import write_to
from lao.queries import email_of
from lao.throttling import PURPOSES, forget_name
from lao.tokens import keep_answer, sent_before, was_sent

LETTER_LIFETIME = timedelta(days=90)
RESET_LIFETIME = timedelta(minutes=30)
ALL_SECRETS = (ActivationCode, TemporaryPassword, ResetCode)
# The person of the profile: gone with whoever it was.
COORDINATOR = [field.name for field in LaoProfile._meta.fields if field.name.startswith("coordinator_")]


class OfficerMovedError(Exception):
    """An officer's account was saved elsewhere since the form was opened; `current` is how it stands."""

    def __init__(self, current):
        super().__init__(current.version)
        self.current = current


class NameTakenError(Exception):
    """Another account bears the name."""


class AccountMovedError(Exception):
    """The account is no longer what the officer saw: claimed, confirmed, revoked or closed by somebody meanwhile."""


def confirm_claim(*, by, account_id, claimed_at):
    """Vouch for whoever claimed the account at `claimed_at`: from now on what the LAO enters is public and counted.

    Raises `AccountMovedError`.
    """
    with acting(by):
        account = _locked(account_id, claimed_at=claimed_at, withheld_since__isnull=False)
        account.withheld_since = None
        account.save(update_fields=["withheld_since"])


def revoke_claim(*, by, account_id, claimed_at):
    """Undo the claim of `claimed_at`: its sessions, secrets and coordinator end, and the account can be claimed anew.

    What was entered is kept, and withheld until the next claim is confirmed. Raises `AccountMovedError`.
    """
    with acting(by):
        account = _locked(account_id, role=User.Role.LAO, claimed_at=claimed_at)
        _lock_out(account)
        account.claimed_at, account.claimed_from = None, ""
        account.withheld_since = account.withheld_since or timezone.now()
        account.save(update_fields=["claimed_at", "claimed_from", "withheld_since"])


def hand_over(*, by, account_id):
    """Take the account from its coordinator and return the one-time code with which the next one sets a password.

    Sessions and secrets end, the coordinator's details leave the profile, the old address is told; what the LAO
    entered stays as it is. Raises `AccountMovedError`.
    """
    with acting(by):
        account = _locked(account_id, role=User.Role.LAO, claimed_at__isnull=False, is_active=True)
        write_to([email_of(account)], "account_changed", account=account, changed=["ผู้ประสานงาน"], at=timezone.now())
        _lock_out(account)
        return _new_reset_code(account)


def issue_reset_code(*, by, account_id):
    """A one-time code for an owner who forgot the password, ending older ones; it answers a waiting request.

    Returned as text; only its hash is kept. Raises `AccountMovedError`.
    """
    with acting(by):
        account = _locked(account_id, role=User.Role.LAO, claimed_at__isnull=False, is_active=True)
        _end(account, ResetCode)
        _answer(account)
        return _new_reset_code(account)


def close_request(*, by, account_id):
    """Let a request for a new password go unanswered. Raises `AccountMovedError` where none waits."""
    with acting(by):
        if not _answer(_locked(account_id)):
            raise AccountMovedError


def set_active(*, by, account_id, active):
    """Close an account, which ends its sessions at once, or open it again. Raises `AccountMovedError`."""
    with acting(by):
        account = _locked(account_id, is_active=not active)
        account.is_active = active
        account.save(update_fields=["is_active"])


def unlock(*, by, account_id):
    """Let somebody who tried too often try again at once."""
    with acting(by):
        account = _locked(account_id)
        for purpose in PURPOSES:
            forget_name(purpose, account.username)
        note_deed(by, account, "UNLOCK")


def create_officer(*, by, token, values, link):
    """A new officer's account of `values` (field → value), without a password as yet. Returns it.

    The address that `link(officer)` makes, under which a password can be set, is written to it. The form's one-time
    `token` makes a second sending give the first one's account, and no second letter. Raises `NameTakenError`.
    """
    with acting(by):
        record, again = sent_before(token, by, values)
        if again:
            return User.objects.get(pk=record.made_id)
        if User.objects.filter(username__iexact=values["username"]).exists():
            raise NameTakenError
        officer = User(**values, claimed_at=timezone.now())
        officer.set_unusable_password()
        officer.save()
        keep_answer(record, officer)
        invite_officer(by=by, officer=officer, link=link(officer))
        return officer


def change_officer(*, by, account_id, version, values, token=None):
    """Give an officer's account, opened at `version`, other `values` (field → value), and return it.

    Its sessions see its new area at once. What stands already changes nothing; the form's one-time `token` gives a
    second sending the first one's result. Raises `OfficerMovedError`.
    """
    with acting(by):
        officer = _locked(account_id)
        again = was_sent(token, by, ["officer", account_id, values])
        if again or all(getattr(officer, field) == value for field, value in values.items()):
            return officer
        if officer.version != version:
            raise OfficerMovedError(officer)
        for field, value in values.items():
            setattr(officer, field, value)
        officer.version += 1
        officer.save(update_fields=[*values, "version"])
        return officer


def invite_officer(*, by, officer, link):
    """Write the address `link`, under which a password can be set, to the officer."""
    with acting(by):
        note_deed(by, officer, "INVITE")
        write_to([officer.email], "officer_invited", account=officer, link=link)


def issue_activation_codes(*, by, users):
    """New activation codes for those of the accounts `users` that are still unclaimed, ending their older ones.

    A list of (user, code, expiry) in the order of `users`: the codes are known here only. Of two who issue for the same
    accounts at once, the second waits, and all codes are those of the second.
    """
    expires_at = timezone.now() + LETTER_LIFETIME
    with acting(by):
        wanted = User.objects.filter(pk__in=[user.pk for user in users], claimed_at=None, is_active=True)
        unclaimed = set(wanted.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        issued = [(user, new_code(), expires_at) for user in users if user.pk in unclaimed]
        old = ActivationCode.objects.filter(user__in=unclaimed, used_at=None, revoked_at=None)
        old.update(revoked_at=timezone.now())
        ActivationCode.objects.bulk_create(
            ActivationCode(user=user, secret_hash=code_hash(code, user.pk), expires_at=expires_at)
            for user, code, _ in issued
        )
    return issued


def _locked(account_id, **state):
    """The account, locked, if it is in that `state` (lookups). Raises `AccountMovedError`."""
    found = User.objects.with_area().select_for_update(of=("self",)).filter(pk=account_id, **state).first()
    if found is None:
        raise AccountMovedError
    return found


def _lock_out(account):
    """End whatever lets anyone into the account, and forget its coordinator."""
    _end(account, *ALL_SECRETS)
    _answer(account)
    account.set_unusable_password()
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    profile = LaoProfile.objects.select_for_update().filter(pk=account.lao_id).first()
    if profile:
        for field in COORDINATOR:
            setattr(profile, field, "")
        profile.version += 1
        profile.save()


def _end(account, *kinds):
    for kind in kinds:
        kind.objects.filter(user=account, used_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _answer(account):
    return ResetRequest.objects.filter(user=account, answered_at=None).update(answered_at=timezone.now())


def _new_reset_code(account):
    code = new_code()
    ResetCode.objects.create(
        user=account, secret_hash=code_hash(code, account.pk), expires_at=timezone.now() + RESET_LIFETIME
    )
    return code
