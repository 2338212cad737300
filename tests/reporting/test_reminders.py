"""Who gets a reminder, when and what it says: those with something missing, and only those, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from eplan.fiscal import thai_date
from lao.models import LaoProfile
from projects.models import Project
from reporting.actions.reminders import queue_by_officer
from reporting.models import Extension, ReminderLog
from tests import factories
from tests.reporting.reminded import closing_in, outcomes, owing, run, sent_to
from tests.reporting.results import DONE, ONGOING, SILENT, with_results


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
