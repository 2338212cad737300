"""What people change of their own accounts and profiles. Every function is one transaction and names who acts."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lao.audit import acting, note_request
from lao.codes import code_hash, fits, new_code
from lao.models import ActivationCode, LaoProfile, ResetCode, ResetRequest, TemporaryPassword, User
from lao.notices import write_to
from lao.queries import claims_of_last_day, email_of
from lao.rules import is_unusual
from lao.tokens import take_token, was_sent

logger = logging.getLogger(__name__)

TEMPORARY_LIFETIME = timedelta(minutes=30)


class AlreadyClaimedError(Exception):
    """Somebody else saved the first entry of this account a moment before."""


class CodeGoneError(Exception):
    """The code under which this first entry began has expired or was replaced meanwhile."""


class ProfileMovedError(Exception):
    """The profile was saved elsewhere since the form was opened; `current` is how it stands."""

    def __init__(self, current):
        super().__init__(current.version)
        self.current = current


def claim_account(*, by, token, values, password, address, code_id=None):
    """End the first entry of `by`: its profile (field → value), its own password, the account claimed.

    Where the deployment asks for a letter's code, `code_id` names the one this first entry began with. It is used up
    here and not before: a clerk whose line drops half-way types the code again. `token` is the form's: sent twice, it
    acts once. `address` is where the claim comes from. Where the deployment has claims confirmed, what the LAO enters
    from here on is withheld until an officer has. Raises `AlreadyClaimedError` or `CodeGoneError`, and then changes
    nothing.
    """
    with acting(by):
        if not take_token(token, by)[1]:
            return
        account = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if account.claimed_at is not None:
            raise AlreadyClaimedError
        if code_id is not None or settings.EPLAN_FIRST_ENTRY == "code":
            live = ActivationCode.objects.filter(pk=code_id, user=by, used_at=None, revoked_at=None)
            if not live.filter(expires_at__gt=timezone.now()).update(used_at=timezone.now()):
                raise CodeGoneError
        _write(_locked_profile(by.lao), values)
        by.claimed_at = timezone.now()
        by.claimed_from = address
        by.withheld_since = by.claimed_at if settings.EPLAN_FIRST_ENTRY == "confirm" else None
        by.set_password(password)
        by.save(update_fields=["claimed_at", "claimed_from", "withheld_since", "password"])
        if by.withheld_since:
            _raise_alarm(address)


def _raise_alarm(address):
    of_address, of_all = claims_of_last_day(address)
    if is_unusual(of_address=of_address, of_all=of_all):
        logger.warning("unusual number of claims in 24 hours: %s from one address, %s in all", of_address, of_all)


def save_profile(*, by, token, version, values, new_password="", present_password=""):
    """Save the profile of `by`'s LAO (field → value), opened at `version` (0: there was none).

    A new password, or another e-mail (for which the present password must be given), ends all other sessions and is
    told to the owner at the old address and the new. The same sent again under the form's `token` acts once. Raises
    `ProfileMovedError`.
    """
    with acting(by):
        if was_sent(token, by, values) and has_password(by, new_password):
            return
        profile = _locked_profile(by.lao)
        if profile.version != version:
            raise ProfileMovedError(profile)
        before = profile.coordinator_email
        _write(profile, values)
        changed = ["รหัสผ่าน"] if new_password else []
        if before != profile.coordinator_email:
            changed.append("อีเมล")
        if changed:
            # Hashed anew, the present password too belongs to no other session any more.
            by.set_password(new_password or present_password)
            by.save(update_fields=["password"])
            addresses = [before, profile.coordinator_email]
            write_to(addresses, "account_changed", account=by, changed=changed, at=timezone.now())


def has_password(account, password):
    """Whether `password` is what the account has by now; "" asks for none, and every account has that."""
    return not password or User.objects.get(pk=account.pk).check_password(password)


def _locked_profile(lao):
    return LaoProfile.objects.select_for_update().filter(pk=lao.pk).first() or LaoProfile(lao=lao, version=0)


def _write(profile, values):
    for field, value in values.items():
        setattr(profile, field, value)
    profile.version += 1
    profile.save()


def set_password(*, by, password):
    """Give `by` a new password of its own choice: every session and every passing password ends, the owner is told."""
    with acting(by):
        _replace_password(by, password)


def set_password_by_code(*, code_id, password):
    """Give the owner of the reset code `code_id`, now used up, a new password. Raises `CodeGoneError`."""
    code = ResetCode.objects.select_related("user__lao").get(pk=code_id)
    with acting(code.user):
        live = ResetCode.objects.filter(pk=code_id, used_at=None, revoked_at=None, expires_at__gt=timezone.now())
        if not live.update(used_at=timezone.now()):
            raise CodeGoneError
        _replace_password(code.user, password)


def _replace_password(user, password):
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _end_temporary_passwords(user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    write_to([email_of(user)], "account_changed", account=user, changed=["รหัสผ่าน"], at=timezone.now())


def save_own_account(*, by, token, email, new_password="", present_password):
    """Change the e-mail and, unless it is "", the password of the officer `by`; all other sessions end.

    The owner is told at the old address and the new. The form's one-time `token` lets a second sending do nothing.
    """
    with acting(by):
        if not take_token(token, by)[1]:
            return
        stored = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        before = stored.email
        changed = (["รหัสผ่าน"] if new_password else []) + (["อีเมล"] if email != before else [])
        by.email, by.version = email, stored.version + 1
        by.set_password(new_password or present_password)
        by.save(update_fields=["email", "version", "password"])
        write_to([before, email], "account_changed", account=by, changed=changed, at=timezone.now())


def make_temporary_password(*, user):
    """A password shown to somebody who named `user` and its e-mail: works once, for half an hour. Returned as text.

    The old one stands until this one is used; a second request ends the first. The owner is told.
    """
    password = new_code()
    with acting(None):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _end_temporary_passwords(user)
        TemporaryPassword.objects.create(
            user=user, secret_hash=code_hash(password, user.pk), expires_at=timezone.now() + TEMPORARY_LIFETIME
        )
        write_to([email_of(user)], "temporary_password", account=user, at=timezone.now())
    return password


def _end_temporary_passwords(user):
    live = TemporaryPassword.objects.filter(user=user, used_at=None, revoked_at=None)
    live.update(revoked_at=timezone.now())


def use_temporary_password(*, username, password):
    """The account that this passing password opens, now used up, or None.

    From here on the old password is void and a new one must be set before anything else.
    """
    live = TemporaryPassword.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())
    found = live.filter(user__username=username, user__is_active=True).first()
    if not fits(password, found):
        return None
    user = User.objects.with_area().get(pk=found.user_id)
    with acting(user):
        if not live.filter(pk=found.pk).update(used_at=timezone.now()):
            return None
        user.set_unusable_password()
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
    return user


def send_reset_link(*, user, link):
    """Write the address `link`, under which a new password can be set, to the owner of `user`; None: to nobody.

    The request enters the trail in either case, so that both take the same time.
    """
    with transaction.atomic():
        note_request(user, "RESET")
        if user:
            write_to([email_of(user)], "reset_link", account=user, link=link)


def ask_officer(*, user, address):
    """Let the officers of the province know that the owner of `user` waits for their call; None: nobody fits.

    Either way the request enters the trail, so that both take the same time.
    """
    with acting(None):
        if user is None:
            note_request(None, "RESET")
        elif not ResetRequest.objects.filter(user=user, answered_at=None).exists():
            ResetRequest.objects.create(user=user, asked_from=address)
