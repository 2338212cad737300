"""What PostgreSQL copies out, as it comes: constant memory, a few at a time, and ended when the reader goes.

A thread of its own runs COPY over a connection of its own and waits while the reader is slow, so that never more than
a megabyte is held. The transaction only reads, holds one of few places for as long as it lasts (advisory locks, hence
counted over all processes and let go whatever happens) and ends by itself after a while.
"""

import contextlib
import io
import logging
import queue
import threading

import psycopg2
from django.conf import settings
from django.db import connection

from public.data.statements import Statement

logger = logging.getLogger(__name__)

BLOCK = 1 << 17  # bytes
HELD = 8  # blocks
# A reader that takes nothing for so long is gone, or as good as gone. Seconds.
PATIENCE = 60
LONGEST = 20 * 60  # seconds that a download may take in all
RETRY_AFTER = 30  # seconds until it is worth trying again for one who found no place

# A download stays on one core: the other ones are for clerks.
_GENTLY = "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off;"
# A process that was killed asks for nothing any more; PostgreSQL looks for it even while it has nothing to send.
_FOR_SOMEONE = "SET LOCAL client_connection_check_interval = '5s';"
_AT_ONCE = "SET LOCAL enable_sort = off;"
_WIDE, _NARROW = 0x65504E01, 0x65504E02  # the names of the places, among all advisory locks of the database
_PLACE = (
    "SELECT place FROM generate_series(1, %(places)s) AS place WHERE pg_try_advisory_xact_lock(%(name)s, place) LIMIT 1"
)


class BusyError(Exception):
    """As many downloads are on their way as there may be."""


class CopyStream:
    """The blocks of bytes that a COPY statement gives. To be closed, however far it was read.

    Made only when it has found a place and its query has begun; raises `BusyError` when all places are taken, and
    whatever PostgreSQL refuses. `wide`: the whole nation, which has few places; smaller parts have twice as many.
    `at_once`: rows are read in the order of indexes from the first moment on, instead of being gathered and sorted
    first. That costs a large part a little, and would cost a small one much.
    """

    def __init__(self, statement: Statement, *, wide: bool, at_once: bool):
        self.statement = statement
        self.blocks: queue.Queue[bytes | None] = queue.Queue(HELD)
        self.gone = threading.Event()
        self.ended, self.failure = False, None
        self.raw = connection.get_new_connection(connection.get_connection_params())
        try:
            self._begin(wide, at_once)
        except BaseException:
            self.raw.close()
            raise
        self.thread = threading.Thread(target=self._run, name="download", daemon=True)
        self.thread.start()

    def __iter__(self):
        return self

    def __next__(self):
        while not self.ended:
            running = self.thread.is_alive()
            try:
                block = self.blocks.get(timeout=0.5)
            except queue.Empty:
                if running:
                    continue
                block = None
            if block is not None:
                return block
            self.ended = True
        if self.failure:
            raise self.failure
        raise StopIteration

    def close(self):
        """End the query, if it is still running, and wait until it has."""
        self.ended, self.failure = True, None
        self.gone.set()
        while self.thread.is_alive():
            with contextlib.suppress(psycopg2.Error):  # the thread may have closed it just now
                self.raw.cancel()
            while not self.blocks.empty():
                self.blocks.get_nowait()
            self.thread.join(0.1)

    def put(self, block):
        """Hand a block on as soon as there is room. Raises `BrokenPipeError` when the reader is gone."""
        waited = 0.0
        while not self.gone.is_set() and waited < PATIENCE:
            try:
                return self.blocks.put(block, timeout=0.5)
            except queue.Full:
                waited += 0.5
        raise BrokenPipeError("The reader of a download is gone.")

    def _begin(self, wide, at_once):
        self.raw.set_session(readonly=True, autocommit=False)
        with self.raw.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL statement_timeout = '{LONGEST}s'; {_FOR_SOMEONE}{_GENTLY}{_AT_ONCE if at_once else ''}"
            )
            places = settings.EPLAN_DOWNLOADS_AT_ONCE * (1 if wide else 2)
            cursor.execute(_PLACE, {"places": places, "name": _WIDE if wide else _NARROW})
            if cursor.fetchone() is None:
                raise BusyError

    def _run(self):
        """The thread: copy all of it, then say that it is all, or keep why it is not."""
        try:
            with self.raw.cursor() as cursor:
                out = io.BufferedWriter(_Blocks(self), BLOCK)
                cursor.copy_expert(cursor.mogrify(*self.statement), out)
                out.flush()
            self.put(None)
        except Exception as error:
            if not self.gone.is_set():
                logger.exception("A download broke off")
                self.failure = error
        finally:
            self.raw.close()


class _Blocks(io.RawIOBase):
    """Where COPY writes, behind a buffer: psycopg2 gives it row by row."""

    def __init__(self, stream):
        self.stream = stream

    def writable(self):
        return True

    def write(self, block):
        self.stream.put(bytes(block))
        return len(block)
