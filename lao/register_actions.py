"""What a central officer does to the register. Every action is one transaction and names the person behind it."""

from dataclasses import asdict
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from eplan.thai import clean_line
from lao.audit import acting
from lao.imports import import_register
from lao.models import District, FormerCode, Lao, RegisterUpload, User
from lao.register_wording import summed_up, told
from lao.tokens import keep_answer, sent_before, was_sent

WAITS = timedelta(days=1)


class CodeTakenError(Exception):
    """Another organisation bears the code, or another account the name."""


class LaoMovedOnError(Exception):
    """Someone changed the organisation since the form was opened; `lao` is how it stands."""

    def __init__(self, lao):
        super().__init__(lao.pk)
        self.lao = lao


def keep_upload(*, by, file_name, data):
    """Keep a file of the register until `by` confirms it, and return the `RegisterUpload`.

    Those that nobody confirmed within a day are dropped.
    """
    with acting(by):
        RegisterUpload.objects.filter(outcome__isnull=True, made_at__lt=timezone.now() - WAITS).delete()
        return RegisterUpload.objects.create(by=by, file_name=clean_line(file_name)[:255], data=data)


def confirm_upload(*, by, upload_id, expected):
    """Take in a kept file and return its `RegisterUpload` with the `outcome`; once more changes nothing.

    `expected` is the fingerprint of the changes that `by` looked at. Raises `RegisterUpload.DoesNotExist`, and
    `imports.RegisterMovedError` when the file would do something else now: then nothing is saved.
    """
    with acting(by):
        upload = RegisterUpload.objects.select_for_update(of=("self",)).get(pk=upload_id, by=by)
        if upload.outcome is None:
            outcome = import_register(by=by, data=bytes(upload.data), apply=True, expected=expected)
            upload.outcome = {"summed_up": summed_up(outcome), "groups": [asdict(group) for group in told(outcome)]}
            upload.data = b""
            upload.save(update_fields=["outcome", "data"])
        return upload


def add_lao(*, by, token, code, kind, name, province, district):
    """Add one organisation with an account that waits to be claimed, and return it.

    `province` is a code and `district` a name; a district not known yet is put in. The form's one-time `token` makes a
    second sending give the first one's organisation. Raises `CodeTakenError`.
    """
    with acting(by):
        record, again = sent_before(token, by, ["lao", code, kind, name, province, district])
        if again:
            return Lao.objects.get(pk=record.made_id)
        _check_free(code)
        place = District.objects.get_or_create(province_id=province, name=district)[0]
        lao = Lao.objects.create(code=code, kind=kind, name=name, district=place)
        User.objects.create(username=code, role=User.Role.LAO, lao=lao, password=make_password(None))
        keep_answer(record, lao)
        return lao


def change_code(*, by, lao_id, opened, code, kind, name, token=None):
    """Let an organisation go on under another code, kind and name, as after an upgrade, and return it.

    It keeps everything it has; its account's name follows, and the old code still finds it. `opened` is the (code,
    kind, name) that the form was filled from, None where nobody knows; its one-time `token` gives a second sending the
    first one's result. Raises `Lao.DoesNotExist`, `CodeTakenError` and `LaoMovedOnError`.
    """
    with acting(by):
        lao = Lao.objects.select_for_update(of=("self",)).with_place().get(pk=lao_id)
        if was_sent(token, by, ["lao", lao_id, code, kind, name]):
            return lao
        before = (lao.code, lao.kind, lao.name)
        if before == (code, kind, name):
            return lao
        if before != opened:
            raise LaoMovedOnError(lao)
        if lao.code != code:
            _check_free(code)
            FormerCode.objects.get_or_create(lao=lao, code=lao.code)
            FormerCode.objects.filter(lao=lao, code=code).delete()
            account = User.objects.select_for_update(of=("self",)).get(lao=lao)
            account.username = code
            account.save(update_fields=["username"])
        lao.code, lao.kind, lao.name = code, kind, name
        lao.save(update_fields=["code", "kind", "name"])
        return lao


def _check_free(code):
    """Refuse a code that is in use; two officers who take the same one at once are stopped by the database."""
    if Lao.objects.filter(code=code).exists() or User.objects.filter(username=code).exists():
        raise CodeTakenError
