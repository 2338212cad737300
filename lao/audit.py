"""Names the person behind a change, so that the database's trail can record it."""

from contextlib import contextmanager

from django.db import connection, transaction

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
