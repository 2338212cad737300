"""The worker of gunicorn, answering over real connections."""

import contextlib
import os
import selectors
import socket
import threading
from unittest import mock

import pytest
from gunicorn.config import Config

from eplan import workers

BLOCK = b"x" * (1 << 16)


class Answer:
    """An answer without an end, that knows when it has been closed."""

    def __init__(self):
        self.closed = threading.Event()
        self.given = 0

    def __iter__(self):
        while True:
            self.given += 1
            yield BLOCK

    def close(self):
        self.closed.set()


@pytest.fixture
def download(monkeypatch):
    """`(answer, browser, thread)`: an endless answer on its way, the socket of its reader, and who writes it."""
    monkeypatch.setattr(workers, "STALLED_AFTER", 1)
    answer = Answer()
    worker = workers.RankedWorker(1, os.getpid(), [], None, 30, Config(), mock.Mock())

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/csv")])
        return answer

    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener, contextlib.ExitStack() as stack:
        worker.wsgi, worker.poller = application, stack.enter_context(selectors.DefaultSelector())
        browser = stack.enter_context(socket.socket())
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # or the kernel takes megabytes for it
        browser.connect(listener.getsockname())
        browser.sendall(b"GET /public/data/reports.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        worker.accept(listener)
        conn = worker.pending_conns.popleft()
        thread = threading.Thread(target=worker.take_up, args=(conn, False), daemon=True)
        thread.start()
        yield answer, browser, thread
        browser.close()
        thread.join(10)
        conn.close()
    worker.tmp.close()
    assert not worker.log.exception.called


def test_a_reader_who_has_stalled_is_let_go(download):
    answer, browser, thread = download
    assert browser.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert answer.closed.wait(10), "the answer is still waiting for its reader"
    thread.join(10)
    assert not thread.is_alive()


def test_a_reader_who_is_slow_but_takes_something_is_not(download):
    answer, browser, _ = download
    for _ in range(4):  # two seconds, of which none passes without a byte
        assert not answer.closed.wait(0.5)
        before = answer.given
        while answer.given == before:
            assert browser.recv(1 << 16)
    browser.close()
    assert answer.closed.wait(10)
