"""SQL around querysets: for what a queryset can't say, about rows that only querysets may choose."""

from collections.abc import Mapping, Sequence

from django.db import connection


def fetched(
    statement: str, querysets: Mapping, *, first: Sequence = (), last: Sequence = (), **words: str
) -> list[tuple]:
    """The rows of `statement`, in which each `{name}` is the subquery of the one of `querysets` that has the name.

    They stand in the order in which the statement mentions them, each once; the values of its own placeholders come
    before all of them (`first`) or after (`last`). `words` are words of SQL, never what somebody typed.
    """
    told = {name: queryset.order_by().query.sql_with_params() for name, queryset in querysets.items()}
    values = [value for _, of_query in told.values() for value in of_query]
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(**{name: sql for name, (sql, _) in told.items()}, **words), [*first, *values, *last]
        )
        return cursor.fetchall()
