"""Reminders that the mail server gives back hours later."""

from io import BytesIO, StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from reporting.models import ReminderLog
from tests.reporting.reminded import closing_in, outcomes, owing, run

REPORT = """\
From: MAILER-DAEMON@example.go.th
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: message/delivery-status

Final-Recipient: rfc822; a@example.go.th
Action: {action}
Status: 5.1.1

--x
Content-Type: text/rfc822-headers

Message-ID: {letter}
--x--
"""


def give_back(monkeypatch, action="failed", letter=None):
    letter = letter or mail.outbox[0].extra_headers["Message-ID"]
    said = StringIO()

    class Stdin:
        buffer = BytesIO(REPORT.format(action=action, letter=letter).encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    call_command("record_bounce", stdout=said)
    return said.getvalue()


def test_a_letter_that_comes_back_is_marked(db, monkeypatch):
    closing_in(7)
    owing()
    run()
    assert "ถูกตีกลับแล้ว" in give_back(monkeypatch)
    reminder = ReminderLog.objects.get()
    assert (reminder.outcome, reminder.problem) == ("BOUNCED", "สถานะ 5.1.1")
    assert reminder.sent_at


@pytest.mark.parametrize(
    "given",
    [{"action": "delayed"}, {"letter": "<reminder.1.0123456789abcdef@localhost>"}, {"letter": "<x@example.go.th>"}],
)
def test_what_is_no_report_of_ours_changes_nothing(db, monkeypatch, given):
    closing_in(7)
    owing()
    run()
    assert "ไม่ใช่" in give_back(monkeypatch, **given)
    assert outcomes() == ["SENT"]


def test_an_unsure_letter_that_comes_back_is_marked_too(db, monkeypatch):
    closing_in(7)
    owing()
    run()
    ReminderLog.objects.update(outcome="UNSURE", sent_at=None)
    give_back(monkeypatch)
    assert outcomes() == ["BOUNCED"]
