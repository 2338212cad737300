"""Questions to the database that Django writes into SQL once, and not again at every request (ADR 0024).

Writing the SQL of a queryset takes Django longer than PostgreSQL takes to answer most questions of a page.
"""

import functools
import inspect

from django.db import connections, router
from django.db.models.expressions import Expression


class Given(Expression):
    """Holds the place of a value that is given whenever the question is asked."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        """A parameter, which `written_once` knows again among the others."""
        return "%s", [self]


def written_once(question):
    """Let `question`, a function that returns a QuerySet of `values_list`, be called for its rows, a list of tuples.

    The function itself runs only once, with places for its arguments. So whatever may differ from one asking to the
    next, today's date as well, has to be one of them: a plain value that PostgreSQL knows (a key, not an instance), of
    which the QuerySet makes nothing but a value in its conditions. Keywords narrow the QuerySet, as `filter` takes
    them; it is written once for each set of them.
    """
    names = [name for name, known in inspect.signature(question).parameters.items() if known.kind != known.VAR_KEYWORD]

    @functools.cache
    def written(*narrowed):
        rows = question(*map(Given, names), **{name: Given(name) for name in narrowed})
        return rows.model, *rows.query.sql_with_params()

    @functools.wraps(question)
    def ask(*values, **narrowed):
        model, sql, places = written(*narrowed)
        given = dict(zip(names, values, strict=True)) | narrowed
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(sql, [given[place.name] if isinstance(place, Given) else place for place in places])
            return cursor.fetchall()

    return ask
