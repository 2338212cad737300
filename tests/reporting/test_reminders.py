"""Who gets a reminder: those with something missing, and only those, once, whatever dies in between."""

import threading
from datetime import timedelta
from io import BytesIO, StringIO
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from eplan.fiscal import thai_date
from lao.models import LaoProfile
from projects.models import Project
from reporting import reminders
from reporting.actions.reminders import claim, mark, queue_by_officer, queue_calendar, renew
from reporting.models import Extension, ReminderLog
from reporting.queries.reminders import due_by_calendar
from tests import factories
from tests.reporting.results import DONE, ONGOING, SILENT, with_results

Outcome = ReminderLog.Outcome


@pytest.fixture(autouse=True)
def nothing_else_is_posted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def closing_in(days, months=6):
    today = timezone.localdate()
    return factories.make_round(
        months=months, opens_on=today - timedelta(days=60), closes_on=today + timedelta(days=days)
    )


def owing(*statuses, email="a@example.go.th", **fields):
    """An LAO with a project for each status, and a coordinator."""
    lao = with_results(factories.make_lao(**fields), *(statuses or [SILENT]))
    LaoProfile.objects.create(lao=lao, coordinator_email=email)
    return lao


def run(*arguments):
    said = StringIO()
    call_command("send_reminders", *arguments, "-v0", stdout=said)
    return said.getvalue()


def sent_to():
    return sorted(address for letter in mail.outbox for address in letter.to)


def outcomes():
    return sorted(ReminderLog.objects.values_list("outcome", flat=True))


def test_only_those_with_something_missing_are_reminded(db):
    closing_in(7)
    owing(SILENT, email="silent@example.go.th")
    owing(DONE, SILENT, email="begun@example.go.th")
    owing(DONE, email="done@example.go.th")
    empty = factories.make_plan().lao
    LaoProfile.objects.create(lao=empty, coordinator_email="empty@example.go.th")
    rejected = owing(SILENT, email="rejected@example.go.th")
    Project.objects.filter(plan__lao=rejected).update(review_state="REJECTED")
    run()
    assert sent_to() == ["begun@example.go.th", "silent@example.go.th"]


def test_a_letter_lists_what_is_missing_by_when_and_where(db, settings):
    settings.EPLAN_SITE_URL = "https://eplan.example.go.th"
    known = closing_in(7)
    lao = owing(DONE, SILENT, SILENT)
    done, *missing = Project.objects.order_by("pk")
    run()
    letter = mail.outbox[0]
    assert letter.subject == "e-PlanNACC: ยังไม่ได้รายงานผลรอบ 6 เดือน ปีงบประมาณ 2562 จำนวน 2 โครงการ"
    for words in (str(lao), "อำเภออ่าวลึก", *(project.name for project in missing), "เหลืออีก 7 วัน"):
        assert words in letter.body
    assert done.name not in letter.body
    assert "https://eplan.example.go.th/reports/?year=2562" in letter.body
    assert f"กรุณารายงานภายในวันที่ {thai_date(known.closes_on)}" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_at_12_months_what_was_done_at_6_is_not_asked_for_again(db):
    closing_in(1, months=12)
    owing(DONE, ONGOING)
    done, ongoing = Project.objects.order_by("pk")
    run()
    assert ongoing.name in mail.outbox[0].body
    assert done.name not in mail.outbox[0].body


def test_a_letter_after_the_last_day_says_that_the_round_is_closed(db):
    closing_in(-7)
    owing()
    run()
    assert "ปิดรับรายงานแล้ว" in mail.outbox[0].body
    assert ReminderLog.objects.get().kind == "AFTER_7"


@pytest.mark.parametrize("days", [90, 20, 3, -3, -30])
def test_on_other_days_nobody_is_reminded(db, days):
    closing_in(days)
    owing()
    assert "ไม่มีการเตือน" in run()
    assert not mail.outbox


def test_running_again_sends_nothing_twice(db):
    closing_in(7)
    owing()
    run()
    run()
    assert len(mail.outbox) == 1
    assert outcomes() == ["SENT"]
    assert ReminderLog.objects.get().sent_at


def test_each_day_of_the_calendar_has_its_own_reminder(db):
    closing_in(7)
    owing()
    run()
    closing_in(1)
    run()
    assert sorted(ReminderLog.objects.values_list("kind", flat=True)) == ["BEFORE_1", "BEFORE_7"]


def test_an_extension_moves_the_reminders_and_is_reminded_of_anew(db):
    known = closing_in(7)
    helped, other = owing(email="helped@example.go.th"), owing(email="other@example.go.th")
    run()
    assert len(mail.outbox) == 2
    today = timezone.localdate()
    known, later_day = closing_in(0), today + timedelta(days=6)
    Extension.objects.create(reporting_round=known, lao=helped, until=later_day, reason="น้ำท่วม")
    mail.outbox.clear()
    run()
    assert sent_to() == ["helped@example.go.th", "other@example.go.th"]
    assert ReminderLog.objects.get(lao=helped, day=later_day).kind == "BEFORE_7"
    assert ReminderLog.objects.get(lao=other, kind="LAST_DAY").day == today
    assert "เพราะ น้ำท่วม" in next(letter.body for letter in mail.outbox if letter.to == ["helped@example.go.th"])


def test_without_an_address_the_log_says_so(db):
    closing_in(7)
    owing(email="")
    with_results(factories.make_lao(), SILENT)
    run()
    assert not mail.outbox
    assert outcomes() == ["NO_ADDRESS", "NO_ADDRESS"]


def test_the_log_holds_no_address(db):
    closing_in(7)
    owing(email="secret@example.go.th")
    run()
    assert not any("secret" in str(value) for value in ReminderLog.objects.values().get().values())


def test_a_dry_run_counts_and_writes_nothing(db):
    closing_in(7)
    owing()
    owing()
    assert "2 อปท." in run("--dry-run")
    assert not mail.outbox
    assert not ReminderLog.objects.exists()


def test_one_who_reports_before_the_letter_goes_gets_none(db, officer):
    known = closing_in(7)
    lao = owing()
    queue_by_officer(by=officer, reporting_round=known, laos=[lao.pk], day=timezone.localdate())
    factories.make_report(Project.objects.get())
    run()
    assert not mail.outbox
    assert outcomes() == ["NOT_NEEDED"]


# What may go wrong on the way


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


def later():
    """Let every claim grow stale."""
    ReminderLog.objects.update(claimed_at=timezone.now() - timedelta(hours=1))


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


def test_a_sender_that_dies_after_the_claim_loses_nothing(db, post):
    closing_in(7)
    owing()
    post.errors = {"a@example.go.th": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        run()
    assert outcomes() == ["WAITING"]
    run()
    assert not mail.outbox  # the claim may still be alive
    later()
    run()
    run()
    assert sent_to() == ["a@example.go.th"]


def test_a_letter_that_goes_out_again_bears_the_same_id(db, monkeypatch):
    """Between the mail server's yes and the mark nothing can be made sure; the copy can be told."""
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
    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second


def test_a_slow_sender_does_not_send_what_another_took(db):
    closing_in(7)
    owing()
    owing(email="b@example.go.th")
    queue_calendar(due_by_calendar(timezone.localdate()))
    slow = claim(50)
    later()
    quick = claim(50)
    assert len(slow) == len(quick) == 2
    assert not renew(slow[0])
    assert renew(quick[0])
    mark(quick[0], Outcome.SENT)
    assert not renew(quick[0])


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


# Letters that come back

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


# An officer's button

URL, LOG = "/follow-up/remind/", "/follow-up/reminders/"
SIX = {"year": "2562", "months": "6"}


@pytest.fixture
def client_of_officer(officer, as_user):
    return as_user(officer)


def test_an_officer_is_asked_first_and_told_how_many(client_of_officer):
    closing_in(20)
    owing(SILENT)
    owing(SILENT, email="")
    owing(DONE)
    page = client_of_officer.get(URL, SIX).content.decode()
    assert "ส่งอีเมลเตือนถึง 2 อปท." in page
    assert "ในจำนวนนี้ 1 แห่งยังไม่มีอีเมล" in page
    assert not ReminderLog.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_officers_reminder_goes_out_at_once(as_user):
    client = as_user(factories.make_officer())
    closing_in(20)
    owing(SILENT)
    owing(DONE, email="done@example.go.th")
    answer = client.post(f"{URL}?year=2562&months=6")
    assert answer.status_code == 302
    assert answer.url.startswith(LOG)
    reminders._post_room.submit(lambda: None).result(20)
    assert sent_to() == ["a@example.go.th"]
    assert "ส่งแล้ว" in client.get(answer.url).content.decode()


def test_a_second_click_reminds_nobody_twice_that_day(client_of_officer):
    closing_in(20)
    owing(SILENT)
    client_of_officer.post(f"{URL}?year=2562&months=6")
    page = client_of_officer.post(f"{URL}?year=2562&months=6").content.decode()
    assert "แล้ววันนี้" in page
    assert ReminderLog.objects.get().kind == "BY_OFFICER"
    ReminderLog.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert "ส่งอีเมลเตือนถึง 1 อปท." in client_of_officer.get(URL, SIX).content.decode()


def test_an_officer_reminds_the_list_and_the_own_area_alone(client_of_officer, as_user):
    closing_in(20)
    begun, silent = owing(DONE, SILENT), owing(SILENT)
    korat = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    owing(SILENT, district=korat)
    client_of_officer.post(f"{URL}?year=2562&months=6&state=BEGUN")
    assert set(ReminderLog.objects.values_list("lao", flat=True)) == {begun.pk}
    client_of_officer.post(f"{URL}?year=2562&months=6&province=30")
    assert set(ReminderLog.objects.values_list("lao", flat=True)) == {begun.pk, silent.pk}
    other = as_user(factories.make_officer(province=korat.province))
    assert str(begun) not in other.get(LOG, SIX).content.decode()
    assert str(begun) in client_of_officer.get(LOG, SIX).content.decode()


def test_nobody_is_reminded_of_a_round_that_has_not_opened(client_of_officer):
    today = timezone.localdate()
    factories.make_round(opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9))
    owing(SILENT)
    client_of_officer.post(f"{URL}?year=2562&months=6")
    assert not ReminderLog.objects.exists()


def test_the_clerk_reads_of_the_reminder_on_the_home_page(clerk, clerk_client):
    closing_in(7)
    with_results(clerk.lao, SILENT)
    run()
    page = clerk_client.get("/home/?year=2562").content.decode()
    assert "มีการเตือนเมื่อ" in page
    assert "ถูกตีกลับ" not in page
    ReminderLog.objects.update(outcome="BOUNCED")
    assert "แต่อีเมลถูกตีกลับ" in clerk_client.get("/home/?year=2562").content.decode()


def test_the_list_says_who_was_reminded_last(client_of_officer):
    closing_in(7)
    lao = owing(SILENT)
    run()
    rows = client_of_officer.get("/follow-up/", SIX).context["rows"]
    assert "ส่งแล้ว" in next(row for row in rows if row.code == lao.code).reminded


# What the database itself refuses


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reminder_once", {}),
        ("reminder_sent_has_time", {"kind": "BEFORE_1", "outcome": "SENT"}),
        ("reminder_sent_has_time", {"kind": "BEFORE_1", "outcome": "FAILED", "sent_at": timezone.now()}),
        ("reminder_by_officer_is_named", {"kind": "BY_OFFICER"}),
    ],
)
def test_a_reminder_that_can_not_be_is_refused(db, name, fields):
    whole = {"reporting_round": closing_in(7), "lao": factories.make_lao(), "day": timezone.localdate()}
    ReminderLog.objects.create(**whole, kind="BEFORE_7")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ReminderLog.objects.create(**{**whole, "kind": "BEFORE_7", **fields})
    assert refusal.value.__cause__.diag.constraint_name == name


def test_only_an_officers_reminder_names_an_officer(db, officer):
    whole = {"reporting_round": closing_in(7), "lao": factories.make_lao(), "day": timezone.localdate()}
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ReminderLog.objects.create(**whole, kind="BEFORE_7", asked_by=officer)
    assert refusal.value.__cause__.diag.constraint_name == "reminder_by_officer_is_named"
