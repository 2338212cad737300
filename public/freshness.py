"""How new the public pages are: what a page rests on, and the mark that changes with it (ADR 0015)."""

import psycopg2
from django.db import connections

# What a page is about, and how the one argument of its address leads to the scopes that it rests on.
SCOPES = {
    "reference": "IN ('reference')",
    "nation": "IN ('reference', 'nation')",
    "region": """= ANY (ARRAY(SELECT 'province:' || code FROM lao_province WHERE region_id = %(argument)s)
                        || '{reference}'::text[])""",
    "province": "IN ('reference', 'province:' || %(argument)s)",
    "lao": "IN ('reference', 'lao:' || %(argument)s)",
    # In a list of its own, or planning would ask the function once more.
    "project": "= ANY (ARRAY(SELECT public_scope_of_project(%(argument)s)) || '{reference}'::text[])",
}
QUESTIONS = {of: f"SELECT bit_xor(stamp) FROM public_version WHERE scope {scopes}" for of, scopes in SCOPES.items()}  # noqa: S608


def mark_of(of, argument=None, using="default"):
    """The mark of all that a page about `of` (a key of `SCOPES`) and `argument` shows; one small query.

    Two equal marks mean that nothing has changed in between, in any process. Asked before the page is made, so that
    what is saved meanwhile finds the page old. `using` is the database asked: past Django's cursor, whose wrapping
    costs more than the question.
    """
    connection, question = connections[using], (QUESTIONS[of], {"argument": argument})
    if connection.connection is not None:
        try:
            mark = _ask(connection.connection, question)
            connection.health_check_done = True  # who has just answered need not be asked whether they would
            return mark
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()  # the server was restarted since; once more over a new connection
    connection.ensure_connection()
    return _ask(connection.connection, question)


def _ask(raw, question):
    with raw.cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchone()[0]
