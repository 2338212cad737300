"""An officer's button that reminds, and where clerks and officers read of reminders."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting import reminders
from reporting.models import ReminderLog
from tests import factories
from tests.reporting.reminded import closing_in, owing, run, sent_to
from tests.reporting.results import DONE, SILENT, with_results

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
    ReminderLog.objects.update(outcome="UNSURE", sent_at=None)
    assert "แต่อีเมลอาจส่งไม่ถึง" in clerk_client.get("/home/?year=2562").content.decode()


def test_the_list_says_who_was_reminded_last(client_of_officer):
    closing_in(7)
    lao = owing(SILENT)
    run()
    rows = client_of_officer.get("/follow-up/", SIX).context["rows"]
    assert "ส่งแล้ว" in next(row for row in rows if row.code == lao.code).reminded
