"""What changes the second factor of an officer's account. Every function is one transaction and names who acts."""

from django.utils import timezone

from lao.audit import acting, note_deed
from lao.codes import code_hash, new_code
from lao.models import SecondFactor, User
from lao.notices import write_to
from lao.second_factor import BACKUP_CODES, matching_step
from lao.tokens import take_token

CALLED = "การยืนยันตัวตนสองขั้นตอน"


class NoSecondFactorError(Exception):
    """The account has no second factor, or none any more."""


def set_up_second_factor(*, by, seed, step):
    """Pair `by` with the app that was told the secret of `seed` (a UUID) and has shown the code of `step`.

    Returns the backup codes, known here only; None when there is a second factor already, and then changes nothing.
    All other sessions end, the owner is told.
    """
    with acting(by):
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if SecondFactor.objects.filter(pk=by.pk).exists():
            return None
        codes, hashes = _backup_codes(by)
        SecondFactor.objects.create(user=by, seed=seed, last_step=step, backup_hashes=hashes)
        _tell(by)
        return codes


def use_second_factor(*, by, code="", backup_code=""):
    """Whether the app's `code` or the `backup_code` is right for `by`; what was right is used up."""
    with acting(by):
        factor = SecondFactor.objects.select_for_update().filter(pk=by.pk).first()
        if factor is None:
            return False
        step = matching_step(code, user_id=by.pk, seed=factor.seed, after=factor.last_step)
        hashed = code_hash(backup_code, by.pk)
        if step is not None:
            factor.last_step = step
            factor.save(update_fields=["last_step"])
        elif hashed in factor.backup_hashes:
            factor.backup_hashes.remove(hashed)
            factor.save(update_fields=["backup_hashes"])
        else:
            return False
        return True


def new_backup_codes(*, by):
    """Other backup codes for `by`, ending the older ones; returned as text. Raises `NoSecondFactorError`."""
    with acting(by):
        codes, hashes = _backup_codes(by)
        if not SecondFactor.objects.filter(pk=by.pk).update(backup_hashes=hashes):
            raise NoSecondFactorError
        write_to([by.email], "backup_codes", account=by, at=timezone.now())
        return codes


def remove_second_factor(*, by):
    """Part `by` from its app; all other sessions end, the owner is told. Raises `NoSecondFactorError`."""
    with acting(by):
        if not SecondFactor.objects.filter(pk=by.pk).delete()[0]:
            raise NoSecondFactorError
        _tell(by)


def reset_second_factor(*, by, account, reason, token=None):
    """Part the officer `account` from an app that is lost, for a `reason` that stays in the trail.

    Its sessions end, its owner is told. The form's one-time `token` ends its draft; who runs the command on the server
    has none, and `by` is None. Raises `NoSecondFactorError`.
    """
    with acting(by):
        if token:
            take_token(token, by)
        if not SecondFactor.objects.filter(pk=account.pk).delete()[0]:
            raise NoSecondFactorError
        note_deed(by, account, "UNPAIR", reason=reason)
        who = by.username if by else "ผู้ดูแลเครื่องแม่ข่าย"
        write_to([account.email], "second_factor_reset", account=account, who=who, reason=reason, at=timezone.now())


def _backup_codes(user):
    """New codes as they are shown, and their hashes."""
    codes = [new_code() for _ in range(BACKUP_CODES)]
    return codes, [code_hash(code, user.pk) for code in codes]


def _tell(user):
    write_to([user.email], "account_changed", account=user, changed=[CALLED], at=timezone.now())
