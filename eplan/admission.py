"""Whom a crowded server answers first, and whom it asks to come again (ADR 0017).

Of all that waits for a thread, clerks' saves go first, then whoever is signed in or signing in, then visitors, then
downloads. Who has waited too long gets a page that says so, at once, and comes again by itself.
"""

import collections
import logging
import random
import threading
import time
from concurrent.futures import Future
from contextvars import ContextVar
from enum import IntEnum

from django.middleware.csrf import CsrfViewMiddleware

from eplan import errors

logger = logging.getLogger(__name__)


class Rank(IntEnum):
    """The order in which requests are taken up."""

    SAVE = 0
    ACCOUNT = 1
    VISITOR = 2
    DOWNLOAD = 3


# Seconds that a request of a rank may have waited for a thread before it is asked to come again. A browser's script
# waits for 30 (static/js/sending.js), so that even a save is answered in time.
PATIENCE = {Rank.SAVE: 8, Rank.ACCOUNT: 5, Rank.VISITOR: 2, Rank.DOWNLOAD: 5}
SAID_EVERY = 10  # seconds; one line of the log tells how many were sent away since the one before
COME_AGAIN = (4, 12)  # after how many seconds, drawn anew each time so that a crowd comes back scattered

# Whether the request that this thread answers has waited too long; set by the server's worker.
waited_too_long = ContextVar("waited_too_long", default=False)


def rank_of(head):
    """The `Rank` of a request, by the first bytes of it (request line and headers, as far as they have come).

    A cookie is believed without a look at the session: who forges one gains a place in the queue and nothing else.
    """
    line, _, headers = head.partition(b"\r\n")
    method, _, target = line.partition(b" ")
    if target.startswith((b"/healthz", b"/readyz", b"/metrics")):  # or a busy process would be taken for a dead one
        return Rank.SAVE
    if target.startswith(b"/public/data/") and target.partition(b"?")[0].endswith((b".csv", b".xlsx", b".json")):
        return Rank.DOWNLOAD
    signed_in = b"sessionid=" in headers
    if method == b"POST":
        # A draft that isn't kept is kept at the next pause, and the browser has it anyway.
        return Rank.SAVE if signed_in and not target.startswith(b"/drafts/ ") else Rank.ACCOUNT
    return Rank.ACCOUNT if signed_in else Rank.VISITOR


class RankedPool:
    """Threads that take up the highest rank first, in each the longest waiting; lower ranks never hold all of them.

    Offers `submit` and `shutdown` as `concurrent.futures` pools do. Of `threads` at most a quarter work for visitors,
    another for downloads, and all but two for anything that is no save, so that slow readers and long files leave room:
    threads that draw pages share a processor, and a save waits for its turn after each answer of the database. And one
    for each rank that waits, so that saves never shut out those who come to sign in. What has waited until its time is
    up goes before everything, for it is only to be told so.
    """

    def __init__(self, threads):
        quarter = max(1, threads // 4)
        self.room = {
            Rank.SAVE: threads, Rank.ACCOUNT: max(1, threads - 2), Rank.VISITOR: quarter, Rank.DOWNLOAD: quarter,
        }  # fmt: skip
        self.waiting = {rank: collections.deque() for rank in Rank}
        self.running = dict.fromkeys(Rank, 0)
        self.closed = False
        self.changed = threading.Condition()
        for _ in range(threads):
            threading.Thread(target=self._work, daemon=True).start()

    def submit(self, act, *, rank, until):
        """The future of `act(late)`; `late` tells whether it was taken up after `until`, by `time.monotonic()`."""
        future = Future()
        with self.changed:
            if self.closed:
                raise RuntimeError("the pool is closed")
            self.waiting[rank].append((until, future, act))
            self.changed.notify()
        return future

    def shutdown(self, wait=True):
        """Take up nothing more. The threads are daemons: a process that ends does not wait for them."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def _work(self):
        while True:
            with self.changed:
                while (rank := self._next_rank()) is None:
                    if self.closed:
                        return
                    self.changed.wait(self._until_next_is_late())
                until, future, act = self.waiting[rank].popleft()
                self.running[rank] += 1
            try:
                if future.set_running_or_notify_cancel():
                    future.set_result(act(time.monotonic() > until))
            except BaseException as problem:
                future.set_exception(problem)
            finally:
                with self.changed:
                    self.running[rank] -= 1
                    self.changed.notify()

    def _next_rank(self):
        """Whose turn it is: what is late, else the highest rank that waits and has room; None where there is none."""
        now = time.monotonic()
        for rank in reversed(Rank):
            if self.waiting[rank] and self.waiting[rank][0][0] < now:
                return rank
        for rank in Rank:
            if self.waiting[rank] and not self.running[rank]:
                return rank
        for rank in Rank:
            if self.waiting[rank] and self._working(rank) < self.room[rank]:
                return rank
        return None

    def _working(self, rank):
        """How many threads work for what the room of `rank` is for: saves and accounts share it with all below."""
        if rank >= Rank.VISITOR:
            return self.running[rank]
        return sum(self.running[lower] for lower in Rank if lower >= rank)

    def _until_next_is_late(self):
        """Seconds until something that waits for room will have waited too long; None where nothing waits."""
        heads = [waiting[0][0] for waiting in self.waiting.values() if waiting]
        return max(0.001, min(heads) - time.monotonic()) if heads else None


class BusyMiddleware:
    """Answers 503 with "come again" to a request that has waited too long, without session, account or database."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.sent_away = 0
        self.said_at = 0.0

    def __call__(self, request):
        """The busy page, which reloads itself; a form that came without a script comes back with all that was typed."""
        if not waited_too_long.get():
            return self.get_response(request)
        seconds = random.randint(*COME_AGAIN)  # noqa: S311  no secret
        if request.method == "POST" and "X-Keep" not in request.headers:
            CsrfViewMiddleware(self.get_response).process_request(
                request
            )  # the form is to bear the browser's own token
        response = errors.busy(request, seconds)
        response["Retry-After"] = str(seconds)
        response._has_been_logged = True  # Django would write an error for each
        self.note()
        return response

    def note(self):
        """Count one that was sent away, and say so from time to time."""
        self.sent_away += 1
        if time.monotonic() - self.said_at > SAID_EVERY:
            logger.warning("Busy: %d requests were asked to come again", self.sent_away)
            self.sent_away, self.said_at = 0, time.monotonic()
