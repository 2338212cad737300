"""Names the person behind a change, so that the database's trail can record it."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from eplan.logs import request_id
from lao.models import AuditEntry, User


@contextmanager
def acting(by):
    """Open a transaction in which every change is recorded as done by `by`, a `User`, or by nobody (None).

    Every action runs inside one. The names are local to the transaction, so a pooled connection forgets them.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('eplan.actor_id', %s, true), set_config('eplan.actor_name', %s, true), "
                "set_config('eplan.request_id', %s, true)",
                [str(by.pk) if by else "", by.username if by else "", request_id.get()],
            )
        yield


def note_deed(by, user, what, *, reason=""):
    """Write into the trail that `by` did `what` (at most 6 letters) to the account `user`, which left no row behind.

    `by` is None for who runs a command on the server.
    """
    AuditEntry.objects.create(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor_name=by.username if by else "",
        after={"reason": reason} if reason else None,
        request_id=request_id.get(),
        action=what,
        table_name=User._meta.db_table,
        row_id=str(user.pk),
        lao_id=user.lao_id,
    )


def note_request(user, what):
    """Write into the trail that somebody, not signed in, asked for `what` (at most 6 letters) on behalf of `user`.

    `user` is None when nobody fits what was typed, which itself is not kept.
    """
    AuditEntry.objects.create(
        at=timezone.now(),
        request_id=request_id.get(),
        action=what,
        table_name=User._meta.db_table,
        row_id=str(user.pk) if user else "",
        lao_id=user.lao_id if user else None,
    )
