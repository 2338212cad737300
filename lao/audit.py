"""Names the person behind a change, so that the database's trail can record it."""

from contextlib import contextmanager

from django.db import connection, transaction
from psycopg2.extras import Json

from eplan.logs import request_id


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
    _note(what, by, user, Json({"reason": reason}) if reason else None)


def note_request(user, what):
    """Write into the trail that somebody, not signed in, asked for `what` (at most 6 letters) on behalf of `user`.

    `user` is None when nobody fits what was typed, which itself is not kept.
    """
    _note(what, None, user, None)


def _note(what, by, user, said):
    """Let the database write it, as it writes everything in the trail."""
    who = [by.pk, by.username] if by else [None, ""]
    whose = [user.pk, user.lao_id] if user else [None, None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_note(%s, %s, %s, %s, %s, %s, %s)", [what, *who, request_id.get(), *whose, said])
