"""The folders below `.eplan` that hold what a demonstration and the tests leave behind, and who may use them."""

import contextlib
import fcntl
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

from eplan.postgres import EmbeddedPostgres, PostgresError, create_database, installed_version, write_secret

STATE = Path(__file__).resolve().parent.parent / ".eplan"
DATABASE = "eplan"
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver"}


def default_home():
    """The demonstration's home folder: EPLAN_HOME, else `.eplan/demo`."""
    return Path(os.environ.get("EPLAN_HOME") or STATE / "demo")


def signs_of_production(environ):
    """What in the environment says that this is a real deployment, as the subject of a sentence; "" where nothing."""
    if environ.get("EPLAN_MODE") == "production":
        return "EPLAN_MODE is production"
    if environ.get("SECRET_KEY"):
        return "SECRET_KEY is set"
    hosts = {name.strip() for name in environ.get("ALLOWED_HOSTS", "").split(",") if name.strip()}
    return f"ALLOWED_HOSTS names {', '.join(sorted(hosts - LOCAL_HOSTS))}" if hosts - LOCAL_HOSTS else ""


def secret_key(home):
    """The key of this home, made at the first call: kept, so that people stay signed in over a restart."""
    file = home / "secret_key"
    if not file.exists():
        write_secret(file, secrets.token_urlsafe(50))
    return file.read_text().strip()


@contextlib.contextmanager
def demonstration_database(home):
    """Run the home's own server for the length of the block, and name its database and roles in the environment."""
    with EmbeddedPostgres(home) as server:
        os.environ.setdefault("SECRET_KEY", secret_key(home))
        os.environ |= roles_of(server)
        yield server


def roles_of(server):
    """What names the database of an embedded `server` in the environment: for the application, and for its owner."""
    create_database(server.url(DATABASE))
    return {"DATABASE_URL": server.application_url(DATABASE), "DATABASE_OWNER_URL": server.url(DATABASE)}


@contextlib.contextmanager
def test_database():
    """Run the tests' own server for the length of the block, for one test run at a time; it is kept for the next."""
    home = STATE / f"test-{installed_version()}"
    with EmbeddedPostgres(home, durable=False) as server, open(home / "tests.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Another test run uses the test database; waiting for it ...\n")
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.environ["DATABASE_URL"] = server.url(DATABASE)
        yield server


@contextlib.contextmanager
def alone_in(home):
    """Hold the home for one demonstration. Raises PostgresError when another one runs there."""
    with open(home / "demo.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise PostgresError(
                f"The demonstration in {home} already runs ({lock.read().strip() or 'starting'}): "
                "stop it first, or give this one its own --home and --port."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def end_with_launcher():
    """End this process when the one that started it, and holds the other end of its standard input, is gone.

    It works after kill -9 of the launcher too, since the system closes the pipe.
    """

    def wait():
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
