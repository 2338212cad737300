"""Reminders through a real mail server, which refuses, puts off, drops the line, or sees the sender die."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from reporting.models import ReminderLog
from tests.reporting.reminded import closing_in, later, outcomes, owing, run

SERVER = Path(__file__).with_name("mail_server.py")


class Post:
    """The running mail server of `mail_server.py`; `rules` are for it, `taken` is what it took, by recipient."""

    def __init__(self, folder):
        self.folder = folder
        self.rules()
        self.process = subprocess.Popen([sys.executable, "-I", SERVER, folder])
        deadline = time.monotonic() + 30
        while not (folder / "port").exists():
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.port = int((folder / "port").read_text())

    def rules(self, **rules):
        """Let these rules hold from now on, and no others."""
        (self.folder / "rules.new").write_text(json.dumps(rules))
        (self.folder / "rules.new").rename(self.folder / "rules.json")

    @property
    def taken(self):
        """How many letters it took, by recipient."""
        return Counter((self.folder / "taken").read_text().split())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The server, for all tests of this file."""
    running = Post(tmp_path_factory.mktemp("mail"))
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def post(server, settings):
    """The server without rules and letters; the settings lead to it."""
    server.rules()
    (server.folder / "taken").write_text("")
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "eplan.mail.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = server.port
    return server


def five():
    """Five LAOs that owe a report: 0@ to 4@example.go.th."""
    closing_in(7)
    for number in range(5):
        owing(email=f"{number}@example.go.th")


def became():
    """What became of each, by the number in its address."""
    log = ReminderLog.objects.values_list("lao__profile__coordinator_email", "outcome")
    return {int(address[0]): outcome for address, outcome in log}


def test_letters_arrive_and_refused_ones_are_marked_with_the_server_s_answer(db, post):
    post.rules(refuses={"1@example.go.th": "550 no such user", "3@example.go.th": "451 try later"})
    five()
    run()
    assert became() == {0: "SENT", 1: "BOUNCED", 2: "SENT", 3: "FAILED", 4: "SENT"}
    assert ReminderLog.objects.get(outcome="BOUNCED").problem == "SMTPRecipientsRefused 550"
    run()
    assert post.taken.total() == 3
    post.rules(refuses={"1@example.go.th": "550 no such user"})
    later()
    run()
    assert became() == {0: "SENT", 1: "BOUNCED", 2: "SENT", 3: "SENT", 4: "SENT"}
    assert set(post.taken.values()) == {1}


def test_a_line_that_drops_before_a_letter_is_handed_over_loses_nothing(db, post):
    post.rules(drops={"2@example.go.th": "recipient"})
    five()
    with pytest.raises(CommandError):
        run()
    assert became() == {0: "SENT", 1: "SENT", 2: "FAILED", 3: "WAITING", 4: "WAITING"}
    post.rules()
    run()
    later()
    run()
    assert outcomes() == ["SENT"] * 5
    assert post.taken == Counter({f"{number}@example.go.th": 1 for number in range(5)})


def test_a_line_that_drops_before_the_answer_leaves_that_letter_unsure(db, post):
    post.rules(drops={"2@example.go.th": "answer"})
    five()
    with pytest.raises(CommandError):
        run()
    for _ in range(2):
        later()
        run()
    assert became() == {0: "SENT", 1: "SENT", 2: "UNSURE", 3: "SENT", 4: "SENT"}
    assert set(post.taken.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_sends_nothing_twice_and_leaves_one_unsure(post, settings):
    five()
    known = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    command = [sys.executable, "manage.py", "send_reminders", "-v0"]
    environment = os.environ | {
        "EPLAN_MODE": "test",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(known),
        "EMAIL_BACKEND": settings.EMAIL_BACKEND,
        "EMAIL_HOST": settings.EMAIL_HOST,
        "EMAIL_PORT": str(settings.EMAIL_PORT),
    }
    sender = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    post.rules(kills={"2@example.go.th": sender.pid})
    assert sender.wait(60) == -signal.SIGKILL
    assert became() == {0: "SENT", 1: "SENT", 2: "UNSURE", 3: "WAITING", 4: "WAITING"}
    post.rules()
    later()
    run()
    assert became() == {0: "SENT", 1: "SENT", 2: "UNSURE", 3: "SENT", 4: "SENT"}
    assert post.taken == Counter({f"{number}@example.go.th": 1 for number in range(5)})
    assert ReminderLog.objects.filter(sent_at__lte=timezone.now()).count() == 4
