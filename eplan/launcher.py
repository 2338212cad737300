"""The processes of the demonstration: started in order, watched, and stopped together."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from eplan.home import roles_of, secret_key
from eplan.postgres import EmbeddedPostgres, create_database

HOST = "127.0.0.1"
PROJECT = Path(__file__).resolve().parent.parent
READY_TIMEOUT = 60
STOP_TIMEOUT = 15


class LaunchError(RuntimeError):
    """The demonstration cannot start or go on; the text is the sentence to show, without a traceback."""


@contextlib.contextmanager
def stopping_on_signals():
    """Let the first Ctrl-C, SIGTERM or SIGHUP end the block as KeyboardInterrupt; more of them do not disturb it."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number, frame):
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def check_port(port):
    """See that `port` is free; a server that was killed just now gets two seconds to go. Raises LaunchError."""
    deadline = time.monotonic() + 2
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return
            except OverflowError:
                raise LaunchError(f"There is no port {port}: choose one between 1024 and 65535 with --port.") from None
            except OSError as problem:
                if time.monotonic() > deadline:
                    raise LaunchError(
                        f"Port {port} cannot be used ({problem.strerror}): choose another with --port."
                    ) from None
        time.sleep(0.1)


@contextlib.contextmanager
def database(home, *, reset):
    """Run the home's PostgreSQL for the length of the block, or take that of DATABASE_URL.

    Gives the server (None for a foreign one) and the environment that the other processes need.
    """
    url = os.environ.get("DATABASE_URL")
    if url and reset:
        raise LaunchError(
            "--reset erases only a database of the demonstration's own; empty that of DATABASE_URL yourself."
        )
    server = None if url else EmbeddedPostgres(home)
    if reset:
        server.erase()
    with server or contextlib.nullcontext():
        if not server:
            create_database(os.environ.get("DATABASE_OWNER_URL") or url)
        yield (
            server,
            os.environ
            | {
                "EPLAN_MODE": "demonstration",
                "EPLAN_LAUNCHED": "1",
                "EPLAN_STATIC_ROOT": str(home / "static"),
                "SECRET_KEY": secret_key(home),
            }
            | (roles_of(server) if server else {}),
        )


@contextlib.contextmanager
def process(words, environment):
    """Run `python words...` in a session of its own for the length of the block; all of it is gone afterwards.

    It holds our pipe as its standard input, by which it learns of our own end (`end_with_launcher`).
    """
    child = subprocess.Popen(
        [sys.executable, *words], cwd=PROJECT, env=environment, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield child
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_TIMEOUT)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdin.close()


def prepare(home, environment, *, nation):
    """Bring tables, static files and data up to date, in a process of its own. Raises LaunchError, or SystemExit."""
    words = ["manage.py", "prepare_demo", str(home), *(["--nation"] if nation else [])]
    with process(words, environment) as child:
        code = child.wait()
    if code < 0:
        raise LaunchError(f"The preparation was ended by signal {-code}; the next start takes it up again.")
    if code:
        sys.exit(code)  # it has said why


def web_server(port, environment):
    """The context of the production server on `port`, which is not told how the owner of the tables signs in."""
    environment = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    words = ["-m", "gunicorn", "--config", "python:eplan.serving", "--bind", f"{HOST}:{port}", "eplan.wsgi:application"]
    return process(words, environment)


def await_answer(port, child):
    """Wait until the server says that it is ready. Raises LaunchError with its words when it does not."""
    deadline = time.monotonic() + READY_TIMEOUT
    words = "it does not answer"
    while time.monotonic() < deadline and child.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            if answer.status == 200:
                return
            words = answer.read(200).decode(errors="replace").strip()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise LaunchError(f"The web server did not get ready: {'it ended' if child.poll() is not None else words}.")


def watch(child, server):
    """Wait for as long as the web server and PostgreSQL live. Raises LaunchError when one is gone."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.5)
            raise LaunchError("The web server ended unasked; all is stopped. The data is kept: start again.")
        if server and not server.alive():
            raise LaunchError(
                f"PostgreSQL ended unasked; all is stopped. The data is kept: start again. "
                f"Its log: {server.home / 'postgres.log'}"
            )
