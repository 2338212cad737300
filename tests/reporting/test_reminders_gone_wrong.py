"""What may go wrong on a reminder's way: whatever dies in between, nobody is forgotten and nobody reminded twice."""

import threading
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from reporting import reminders
from reporting.actions.reminders import begin, claim, queue_calendar
from reporting.models import ReminderLog
from reporting.queries.reminders import due_by_calendar
from tests.reporting.reminded import closing_in, later, outcomes, owing, run, sent_to


class Failing(EmailBackend):
    """Fails on the addresses of `errors`, once each; one connection for each batch is counted in `opened`."""

    errors, opened = {}, 0

    def open(self):
        type(self).opened += 1

    def send_messages(self, letters):
        error = self.errors.pop(letters[0].to[0], None)
        if error:
            raise error
        return super().send_messages(letters)


@pytest.fixture
def post(monkeypatch):
    """The post, which fails as told: a dict of an address to an error."""
    monkeypatch.setattr(reminders, "get_connection", Failing)
    Failing.errors, Failing.opened = {}, 0
    return Failing


def test_all_letters_of_a_batch_go_over_one_connection(db, post):
    closing_in(7)
    for number in range(4):
        owing(email=f"{number}@example.go.th")
    run()
    assert (len(mail.outbox), post.opened) == (4, 1)


def test_a_refused_address_is_marked_and_stops_nobody_else(db, post):
    closing_in(7)
    owing(email="bad@example.go.th")
    owing(email="good@example.go.th")
    post.errors = {"bad@example.go.th": SMTPRecipientsRefused({"bad@example.go.th": (550, b"no such user")})}
    run()
    later()
    run()
    assert sent_to() == ["good@example.go.th"]
    assert outcomes() == ["BOUNCED", "SENT"]
    assert ReminderLog.objects.get(outcome="BOUNCED").problem == "SMTPRecipientsRefused 550"


@pytest.mark.parametrize(
    "error",
    [SMTPRecipientsRefused({"busy@example.go.th": (451, b"later")}), SMTPDataError(452, b"full")],
)
def test_a_passing_refusal_is_tried_again(db, post, error):
    closing_in(7)
    owing(email="busy@example.go.th")
    owing(email="good@example.go.th")
    post.errors = {"busy@example.go.th": error}
    run()
    assert outcomes() == ["FAILED", "SENT"]
    run()
    assert len(mail.outbox) == 1  # not at once
    later()
    run()
    assert outcomes() == ["SENT", "SENT"]
    assert sent_to() == ["busy@example.go.th", "good@example.go.th"]


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(), TimeoutError()])
def test_a_mail_server_that_fails_loses_nobody(db, post, error):
    closing_in(7)
    for number in range(3):
        owing(email=f"{number}@example.go.th")
    post.errors = {"1@example.go.th": error}
    with pytest.raises(CommandError, match=type(error).__name__):
        run()
    assert outcomes() == ["FAILED", "SENT", "WAITING"]
    run()
    later()
    run()
    assert sent_to() == [f"{number}@example.go.th" for number in range(3)]


def test_what_keeps_failing_is_given_up(db, post):
    closing_in(7)
    owing(email="busy@example.go.th")
    for _ in range(7):
        post.errors = {"busy@example.go.th": SMTPDataError(452, b"full")}
        run()
        later()
    assert ReminderLog.objects.get().attempts == 5


def test_a_sender_that_dies_before_a_letter_s_turn_loses_nothing(db, monkeypatch):
    closing_in(7)
    owing()

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "begin", die)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert outcomes() == ["WAITING"]
    run()
    assert not mail.outbox  # the claim may still be alive
    later()
    run()
    run()
    assert sent_to() == ["a@example.go.th"]


def test_a_sender_that_dies_over_a_letter_leaves_that_one_unsure(db, post):
    closing_in(7)
    for number in range(3):
        owing(email=f"{number}@example.go.th")
    post.errors = {"1@example.go.th": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        run()
    assert outcomes() == ["SENT", "UNSURE", "WAITING"]
    later()
    run()
    assert outcomes() == ["SENT", "SENT", "UNSURE"]
    assert sent_to() == ["0@example.go.th", "2@example.go.th"]


def test_what_was_sent_and_not_marked_is_unsure_and_not_sent_again(db, monkeypatch):
    """Between the mail server's yes and the mark nothing can be made sure; the log says so."""
    closing_in(7)
    owing()

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "mark", die)
        with pytest.raises(KeyboardInterrupt):
            run()
    later()
    run()
    assert len(mail.outbox) == 1
    assert outcomes() == ["UNSURE"]


def test_a_slow_sender_does_not_send_what_another_took(db):
    closing_in(7)
    owing()
    owing(email="b@example.go.th")
    queue_calendar(due_by_calendar(timezone.localdate()))
    slow = claim(50)
    later()
    quick = claim(50)
    assert len(slow) == len(quick) == 2
    assert not begin(slow[0])
    assert begin(quick[0])
    assert not begin(quick[0])


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_send_each_letter_once(monkeypatch):
    closing_in(7)
    for number in range(12):
        owing(email=f"{number}@example.go.th")
    monkeypatch.setattr(reminders, "BATCH", 2)
    failures = []

    def one():
        try:
            run()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert sent_to() == sorted(f"{number}@example.go.th" for number in range(12))
    assert outcomes() == ["SENT"] * 12
