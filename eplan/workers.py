"""The worker of gunicorn that serves the system: threads as `gthread` has them, taken in the order of ranks."""

import contextlib
import errno
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import TConn, ThreadWorker

from eplan.admission import PATIENCE, Rank, RankedPool, rank_of, waited_too_long

LOOKED_AT = 4096  # bytes of a request; its line and cookies are among the first
# Seconds that one write may wait without handing on a single byte; who reads nothing more is let go, and would hold a
# thread until TCP gives up otherwise. It takes some of them, since the first ones still fill the system's buffers.
STALLED_AFTER = 20


class RankedWorker(ThreadWorker):
    """Looks at the first bytes of a request before it is given to a thread, and measures how long it waits for one."""

    def get_thread_pool(self):
        """Threads in the order of ranks."""
        return RankedPool(self.cfg.threads)

    def accept(self, listener):
        """Take up a connection, and give it to a thread only when something has come over it."""
        try:
            sock, client = listener.accept()
        except OSError as problem:
            if problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", STALLED_AFTER, 0))
        self.nr_conns += 1
        conn = TConn(self.cfg, sock, client, listener.getsockname())
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def enqueue_req(self, conn):
        """Let a request wait for a thread in its rank."""
        rank = Rank.ACCOUNT
        with contextlib.suppress(OSError):
            head = conn.sock.recv(LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            rank = rank_of(head)
        future = self.tpool.submit(partial(self.take_up, conn), rank=rank, until=time.monotonic() + PATIENCE[rank])
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def take_up(self, conn, late):
        """Answer a request, in a thread; one that is late only gets to hear that we are busy."""
        waited_too_long.set(late)
        return self.handle(conn)

    def handle_request(self, req, conn):
        """Answer a request; one who stopped taking the answer is gone, as if the connection had broken."""
        try:
            return super().handle_request(req, conn)
        except BlockingIOError:
            raise BrokenPipeError(errno.EPIPE, "The reader has stalled") from None
