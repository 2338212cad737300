"""Reads of public pages go to a replica, where there is one and it is as new as the primary (ADR 0019)."""

import contextlib
import logging
import time
from contextvars import ContextVar

import psycopg2
from django.conf import settings
from django.db import Error, connections

from public.freshness import mark_of

logger = logging.getLogger(__name__)

REPLICA = "replica"
LEFT_ALONE = 10  # seconds without a try after a replica failed

_reads_from = ContextVar("reads_from", default=None)
_away_until = 0.0


class PublicReads:
    """The database router: what a public page reads comes from where `reading` says, all else from the primary."""

    def db_for_read(self, model, **hints):
        """The replica while a page is made from it."""
        return _reads_from.get()

    def allow_relation(self, one, other, **hints):
        """Rows of the replica are those of the primary."""
        return True

    def allow_migrate(self, alias, app_label, **hints):
        """A replica gets its tables from the primary."""
        return alias != REPLICA


@contextlib.contextmanager
def reading(known, mark):
    """Let the block read from the replica, if there the page of `known` (what `mark_of` is asked) bears the `mark` too.

    Gives whether it does. Mark and page come from one snapshot: the page is the one that the mark belongs to, however
    far the replica is behind or how it moves on meanwhile.
    """
    taken = REPLICA in settings.DATABASES and _begin(known, mark)
    before = _reads_from.set(REPLICA if taken else None)
    try:
        yield taken
    finally:
        _reads_from.reset(before)
        if taken:
            _end()


def _begin(known, mark):
    """Whether a snapshot of the replica was opened that bears the mark."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    replica = connections[REPLICA]
    try:
        replica.set_autocommit(False)
        with replica.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if mark_of(*known, using=REPLICA) == mark:
            return True
    except (Error, psycopg2.Error) as problem:
        logger.warning("The replica does not answer: %s", type(problem).__name__)
        _away_until = time.monotonic() + LEFT_ALONE
        replica.close()
        return False
    _end()
    return False


def _end():
    """Close the snapshot, and the connection with it where that fails."""
    replica = connections[REPLICA]
    try:
        replica.rollback()
        replica.set_autocommit(True)
    except (Error, psycopg2.Error):
        replica.close()
