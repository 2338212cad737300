"""Two application processes over one database, with everything beyond one machine that is found here.

One asks PostgreSQL itself, the other goes through PgBouncer in transaction mode, both as the role of the application;
both read public pages from a streaming replica and share pages over a Redis server. Each of these is the real program;
what is missing is left out, and the tests that need it say so.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg2
import pytest

from eplan.launcher import await_answer, web_server
from eplan.postgres import EmbeddedPostgres, create_database
from eplan.postgres.binaries import as_account, run_as, server_account
from eplan.postgres.files import give
from tests.scale.visitor import Visitor

DATABASE = "scale"
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items):
    """Keep these tests on one worker, behind one set of servers."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("scale"))


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Replica(EmbeddedPostgres):
    """A streaming replica of `primary`."""

    def __init__(self, home, primary):
        super().__init__(home, durable=False)
        self.primary = primary

    def _initialise(self, binaries, account):
        """Copy the primary as it runs, in place of making a database."""
        target = Path(tempfile.mkdtemp(prefix="eplan-replica-", dir="/var/tmp"))
        give(target, account)
        (self.home / "data").symlink_to(target)
        password = (self.primary.home / "database_password").read_text()
        (self.home / "database_password").write_text(password)
        shutil.copy(self.primary.home / "application_password", self.home)
        words = ["-D", target, "-R", "-X", "stream", "-c", "fast", "-d", self.primary.url("postgres")]
        done = run_as(account, [binaries / "pg_basebackup", *words])
        assert done.returncode == 0, done.stderr


@dataclass
class Cluster:
    """What was started: `ports` of the applications, and what they stand on; None for what is not found here."""

    primary: EmbeddedPostgres
    replica: Replica
    ports: list = field(default_factory=list)
    bouncer_url: str = ""
    redis_url: str = ""
    made: dict = field(default_factory=dict)

    def on_primary(self, statement, *values):
        """The rows that a statement gives on the primary."""
        return asked(self.primary.url(DATABASE), statement, *values)

    def on_replica(self, statement, *values):
        """The rows that a statement gives on the replica."""
        return asked(self.replica.url(DATABASE), statement, *values)

    def await_replica(self):
        """Wait until the replica has all that the primary has by now.

        This primary writes down what was committed only a moment later, so it is made to write first.
        """
        self.on_primary("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'tests', '')")
        [(wanted,)] = self.on_primary("SELECT pg_current_wal_lsn()")
        for _ in range(500):
            if self.on_replica("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", wanted) == [(True,)]:
                return
            time.sleep(0.02)
        raise AssertionError("the replica does not follow")

    def stop_redis(self):
        """End the Redis server, where there is one."""
        if self.redis_url:
            import redis

            redis.Redis.from_url(self.redis_url).shutdown(nosave=True)

    def visitor(self, account=None, **kwargs):
        """Somebody whose requests go to the processes in turn, as a proxy in front would send them."""
        return Visitor(self.ports, account, **kwargs)


def asked(url, statement, *values):
    """The rows that a statement gives in the database of `url`."""
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def pgbouncer(primary):
    """Run PgBouncer in transaction mode, with two connections to PostgreSQL for all; gives its URL, "" without it."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield ""
        return
    account = server_account(primary.data)
    home, port = Path(tempfile.mkdtemp(prefix="eplan-bouncer-", dir="/tmp")), free_port()
    url = urlsplit(primary.application_url(DATABASE))
    (home / "users").write_text(f'"{url.username}" "{url.password}"\n')
    (home / "ini").write_text(
        f"[databases]\n* = host={read_socket_folder(primary)} port={url.port or 5432}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\n"
        f"auth_file = {home}/users\npool_mode = transaction\ndefault_pool_size = 2\nadmin_users = {url.username}\n"
        f"ignore_startup_parameters = extra_float_digits\nlogfile = {home}/log\n"
    )
    for path in (home, *home.iterdir()):
        give(path, account)
    child = subprocess.Popen([program, "-q", home / "ini"], stdin=subprocess.DEVNULL, **as_account(account))
    try:
        yield f"postgres://{url.username}:{quote(url.password)}@127.0.0.1:{port}/{DATABASE}"
    finally:
        child.terminate()
        child.wait(10)
        shutil.rmtree(home)


def read_socket_folder(server):
    """The folder of the server's socket."""
    return asked(server.url("postgres"), "SHOW unix_socket_directories")[0][0]


@contextlib.contextmanager
def redis_server():
    """Run a Redis server that keeps nothing on disk; gives its URL, "" where there is none."""
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        yield ""
        return
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/tmp")
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """All of it, running, with two LAOs of กระบี่ and their clerks (`made`)."""
    home = tmp_path_factory.mktemp("scale")
    with contextlib.ExitStack() as stack:
        primary = stack.enter_context(EmbeddedPostgres(home / "primary", durable=False))
        create_database(primary.url(DATABASE))
        settings = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER")
        }
        settings |= {
            "EPLAN_MODE": "test",
            "EPLAN_PAGE_CACHE_MB": "8",
            "SECRET_KEY": "the same for both" * 3,
            "DATABASE_URL": primary.application_url(DATABASE),
            "WEB_CONCURRENCY": "1",
            "DJANGO_SETTINGS_MODULE": "eplan.settings",
        }
        words = [sys.executable, "-m", "tests.scale.set_up"]
        owner = {"DATABASE_OWNER_URL": primary.url(DATABASE), "EPLAN_AS_OWNER": "1"}
        told = subprocess.run(words, cwd=ROOT, env=settings | owner, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        replica = Replica(home / "replica", primary)
        stack.callback(lambda: shutil.rmtree(replica.data, ignore_errors=True))
        stack.enter_context(replica)
        # Each server's log then tells which statements came to it.
        asked(primary.url("postgres"), f"ALTER DATABASE {DATABASE} SET log_statement = 'all'")
        found = Cluster(primary, replica, made=json.loads(told.stdout.splitlines()[-1]))
        found.await_replica()
        found.bouncer_url = stack.enter_context(pgbouncer(primary))
        found.redis_url = stack.enter_context(redis_server())
        settings |= {"DATABASE_REPLICA_URL": replica.application_url(DATABASE), "EPLAN_CACHE_URL": found.redis_url}
        ways = [{}, {"DATABASE_URL": found.bouncer_url, "EPLAN_PGBOUNCER": "1"} if found.bouncer_url else {}]
        children = []
        for way in ways:
            port = free_port()
            children.append((port, stack.enter_context(web_server(port, settings | way))))
        for port, child in children:
            await_answer(port, child)
            found.ports.append(port)
        yield found
