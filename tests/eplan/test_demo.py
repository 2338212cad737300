"""`manage.py demo` as its user meets it: started, started twice, killed, started again."""

import errno
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from eplan.management.commands import prepare_demo
from eplan.management.commands.demo import columns, table_of
from eplan.postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120

# One home and one port for all of them, so one after the other.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def home():
    """The home of one demonstration, which every test of this file finds as the one before left it."""
    folder = Path(tempfile.mkdtemp(prefix="eplan-demo-"))
    folder.chmod(0o755)
    yield folder / "home"
    EmbeddedPostgres(folder / "home").erase()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def port():
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demonstration:
    """A running `manage.py demo`; `words` grows with what it prints."""

    def __init__(self, home, port, *options, **variables):
        known = ("EPLAN", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PYTEST")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(known)}
        self.port = port
        self.words = ""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--home", home, "--port", str(port), *options],
            cwd=PROJECT,
            env=environ | {"PYTHONUTF8": "1"} | variables,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self):
        for line in self.process.stdout:
            self.words += line
            if "ready in" in line:
                return self
        raise AssertionError(self.words)

    def __exit__(self, *exception):
        self.process.send_signal(signal.SIGINT)
        self.end()

    def end(self):
        """Wait for its end; returns the exit code."""
        self.words += self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(PATIENCE)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def server(self):
        """The process number of gunicorn's master."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next(int(pid) for pid in children if "gunicorn" in Path(f"/proc/{pid}/cmdline").read_text())


def refused(home, port, *options, **variables):
    """What a start says that must not succeed; its exit code is 1 and there is no traceback."""
    start = Demonstration(home, port, *options, **variables)
    assert start.end() == 1
    assert "Traceback" not in start.words
    return start.words.strip().splitlines()[-1]


def test_it_starts_from_nothing_serves_and_stops(home, port):
    with Demonstration(home, port) as demo:
        assert demo.get("/readyz")[0] == 200
        assert demo.get("/login/")[0] == 200
        accounts = json.loads((home / "accounts.json").read_text())
        assert {account["role"] for account in accounts} == {"LAO", "PROVINCE", "REGION", "CENTRAL"}
        assert set(accounts[0]) == {"role", "username", "password", "area", "note"}
        assert "" in [account["password"] for account in accounts]
        assert accounts[0]["username"] in demo.words
    assert demo.process.returncode == 0
    assert not EmbeddedPostgres(home).alive()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert (home / "secret_key").stat().st_mode & 0o077 == 0


def test_a_second_start_and_a_taken_port_are_named(home, port, tmp_path):
    with Demonstration(home, port):
        assert "already runs" in refused(home, port + 1)
        assert "choose another with --port" in refused(tmp_path / "other", port)


def test_after_kill_9_of_the_launcher_nothing_serves_on_and_the_next_start_works(home, port):
    demo = Demonstration(home, port).__enter__()
    key = (home / "secret_key").read_text()
    demo.process.kill()
    demo.end()
    with Demonstration(home, port) as again:
        assert again.get("/readyz")[0] == 200
        assert "Loading" not in again.words
        assert (home / "secret_key").read_text() == key
    assert not EmbeddedPostgres(home).alive()


def test_kill_9_of_postgresql_stops_the_rest_and_the_data_stays(home, port):
    demo = Demonstration(home, port).__enter__()
    pid = int((EmbeddedPostgres(home).data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    assert demo.end() == 1
    assert "PostgreSQL ended unasked" in demo.words
    with Demonstration(home, port) as again:
        assert "Loading" not in again.words


def test_kill_9_of_the_web_server_stops_the_rest(home, port):
    demo = Demonstration(home, port).__enter__()
    os.kill(demo.server(), signal.SIGKILL)
    assert demo.end() == 1
    assert "The web server ended unasked" in demo.words
    assert not EmbeddedPostgres(home).alive()


def test_sigterm_stops_it_too(home, port):
    demo = Demonstration(home, port).__enter__()
    demo.process.terminate()
    assert demo.end() == 0
    assert not EmbeddedPostgres(home).alive()


def test_the_nation_does_not_replace_the_small_set_unasked(home, port):
    assert "add --reset" in refused(home, port, "--nation")


def test_a_foreign_database_is_used_but_never_erased(home, port):
    with EmbeddedPostgres(home) as server:
        url = server.url("foreign")
        assert "--reset erases only" in refused(home.parent / "other", port, "--reset", DATABASE_URL=url)
        with Demonstration(home.parent / "other", port, DATABASE_URL=url) as demo:
            assert demo.get("/readyz")[0] == 200
        assert not (home.parent / "other" / "data").exists()
        assert server.alive()


def test_a_reset_begins_anew(home, port):
    with Demonstration(home, port, "--reset") as demo:
        assert "Loading" in demo.words


@pytest.mark.parametrize("variable", ["EPLAN_MODE=production", "SECRET_KEY=abc", "ALLOWED_HOSTS=plan.nacc.go.th"])
def test_production_settings_are_refused(variable, tmp_path, port):
    assert "production" in refused(tmp_path, port, **dict([variable.split("=")]))


@pytest.mark.parametrize("number", ["70000", "1" if os.geteuid() else "-1"])
def test_an_impossible_port_is_named(number, tmp_path):
    assert "with --port" in refused(tmp_path, number)


def test_a_folder_that_is_a_file_is_named(tmp_path, port):
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file", port).endswith("File exists.")


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "x"), psycopg2.errors.DiskFull("No space left on device")])
def test_a_disk_that_fills_up_is_named(problem, tmp_path, monkeypatch):
    def fill_up(*arguments, **options):
        raise problem

    monkeypatch.setattr(prepare_demo.Command, "prepare", fill_up)
    if isinstance(problem, OSError):
        monkeypatch.setattr(prepare_demo, "free", lambda place: 0)
    with pytest.raises(CommandError, match="is full: free some space"):
        call_command("prepare_demo", str(tmp_path))


def test_other_failures_are_not_taken_for_a_full_disk(tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise psycopg2.OperationalError("server closed the connection")

    monkeypatch.setattr(prepare_demo.Command, "prepare", fail)
    with pytest.raises(psycopg2.OperationalError):
        call_command("prepare_demo", str(tmp_path))


def test_the_table_of_accounts_is_aligned_whatever_the_vowels():
    accounts = [
        {"role": "LAO", "username": "5810501", "password": "", "area": "อบต.ที่นี่", "note": "หนึ่ง"},
        {"role": "CENTRAL", "username": "nacc", "password": "x", "area": "กระบี่", "note": "สอง"},
    ]
    lines = table_of(accounts).splitlines()
    starts = {columns(line[: line.index(note)]) for line, note in zip(lines, ("หมายเหตุ", "หนึ่ง", "สอง"), strict=True)}
    assert len(starts) == 1
    assert "(ไม่ต้องกรอก)" in lines[1]


def test_it_starts_again_within_seconds(home, port):
    began = time.monotonic()
    with Demonstration(home, port):
        seconds = time.monotonic() - began
    assert seconds < 20  # 3 s on a quiet machine; the bound only catches what became far slower
