"""How new the public pages are: what a page rests on, and the mark that changes with it (ADR 0015)."""

import psycopg2
from django.db import connections

# What a page is about, and how the one argument of its address leads to the scopes that it rests on.
SCOPES = {
    "reference": "SELECT NULL",
    "nation": "SELECT 'nation'",
    "region": "SELECT 'province:' || code FROM lao_province WHERE region_id = %(argument)s",
    "province": "SELECT 'province:' || %(argument)s",
    "lao": "SELECT 'lao:' || %(argument)s",
    # Three look-ups instead of a join, which takes longer to plan than to run.
    "project": """SELECT 'lao:' || code FROM lao_lao WHERE id =
                  (SELECT lao_id FROM projects_plan WHERE id =
                  (SELECT plan_id FROM projects_project WHERE id = %(argument)s))""",
}
MARK = "SELECT bit_xor(stamp) FROM public_version WHERE scope = ANY (ARRAY({scopes}) || '{{reference}}'::text[])"
QUESTIONS = {of: MARK.format(scopes=scopes) for of, scopes in SCOPES.items()}


def mark_of(of, argument=None, using="default"):
    """The mark of all that a page about `of` (a key of `SCOPES`) and `argument` shows; one small query.

    Two equal marks mean that nothing has changed in between, in any process. Asked before the page is made, so that
    what is saved meanwhile finds the page old. `using` is the database asked: past Django's cursor, whose wrapping
    costs more than the question.
    """
    connection, question = connections[using], (QUESTIONS[of], {"argument": argument})
    if connection.connection is not None:
        try:
            return _ask(connection.connection, question)
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
