"""Central officers set the dates of rounds and give more time; others read of it."""

import re
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eplan.fiscal import thai_date, thai_date_short
from lao.models import AuditEntry
from reporting.actions.rounds import RoundExistsError, create_round
from reporting.models import Extension, ReportingRound
from reporting.rounds import effects_of_dates, extension_words, state_of
from tests import factories
from tests.reporting.results import DONE, SILENT, with_results

ROUNDS, NEW, EXTENSIONS, EXTEND = (
    "/manage/rounds/",
    "/manage/rounds/new/",
    "/manage/extensions/",
    "/manage/extensions/new/",
)
TODAY = date(2019, 5, 10)


def typed(day):
    return f"{day.day}/{day.month}/{day.year + 543}"


def hidden(response, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.content.decode())[1]


def started(response):
    return response.context["form"]["started"].value()


@pytest.fixture
def central(db, as_user):
    """A client signed in as a central officer."""
    return as_user(factories.make_officer("CENTRAL"))


def days(*numbers):
    return [timezone.localdate() + timedelta(days=number) for number in numbers]


# What dates do, in words


def state(opens_on, closes_on):
    return state_of(2562, 6, today=TODAY, opens_on=opens_on, closes_on=closes_on, until=None)


OPEN, CLOSED = state(date(2019, 4, 1), TODAY), state(date(2019, 4, 1), date(2019, 5, 9))


def effects(before, after, *, owing=3, reports=0, extensions=()):
    return effects_of_dates(before, after, owing=owing, reports=reports, extensions=extensions)


def test_dates_say_where_the_round_will_stand():
    assert effects(None, OPEN)[0] == "เมื่อบันทึกแล้ว: เปิดรับรายงานถึง 10 พ.ค. 2562 (วันนี้เป็นวันสุดท้าย)"


@pytest.mark.parametrize(
    ("before", "after", "closes", "opens"),
    [
        (OPEN, CLOSED, True, False),
        (CLOSED, OPEN, False, True),
        (None, OPEN, False, True),
        (OPEN, OPEN, False, False),
        (None, CLOSED, False, False),
    ],
)
def test_a_round_that_opens_or_closes_at_once_says_so(before, after, closes, opens):
    told = " ".join(effects(before, after))
    assert ("หยุดรับรายงานทันที อปท. 3 แห่ง" in told) is closes
    assert ("จะรับรายงานทันที" in told) is opens


def test_extensions_that_lose_their_effect_are_counted():
    told = " ".join(effects(OPEN, OPEN, extensions=[TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=1)]))
    assert "การขยายเวลา 2 รายการจะไม่มีผล" in told
    assert "จะไม่มีผล" not in " ".join(effects(OPEN, OPEN, extensions=[TODAY + timedelta(days=1)]))


def test_reports_are_said_to_stay():
    assert any("บันทึกแล้ว 1,200 รายการยังอยู่ครบ" in line for line in effects(OPEN, CLOSED, reports=1200))


@pytest.mark.parametrize(
    ("until", "closes_on", "words"),
    [
        (TODAY, TODAY, "ไม่มีผล เพราะรอบปิด 10 พ.ค. 2562"),
        (TODAY + timedelta(days=1), TODAY, "จะมีผลหลังรอบปิด 10 พ.ค. 2562"),
        (TODAY + timedelta(days=1), TODAY - timedelta(days=1), "มีผลอยู่ เหลืออีก 1 วัน"),
        (TODAY, TODAY - timedelta(days=1), "มีผลอยู่ วันนี้เป็นวันสุดท้าย"),
        (TODAY - timedelta(days=1), TODAY - timedelta(days=2), "สิ้นสุดแล้ว"),
    ],
)
def test_an_extension_says_what_it_is_worth(until, closes_on, words):
    assert extension_words(until, closes_on=closes_on, today=TODAY) == words


# Rounds


def test_a_round_is_shown_with_its_effect_and_then_set(central):
    factories.make_period()
    opens_on, closes_on = days(-1, 30)
    said = {"fiscal_year": "2563", "months": "6", "opens_on": typed(opens_on), "closes_on": typed(closes_on)}
    shown = central.post(NEW, said)
    assert "จะรับรายงานทันที" in shown.content.decode()
    assert not ReportingRound.objects.exists()
    answer = central.post(NEW, {**said, "shown": hidden(shown, "shown")})
    assert answer.status_code == 302
    assert ReportingRound.objects.values_list("fiscal_year", "months", "opens_on", "closes_on").get() == (
        2563,
        6,
        opens_on,
        closes_on,
    )
    assert "รอบ 6 เดือน ปีงบประมาณ 2563" in central.get(ROUNDS).content.decode()


def test_dates_changed_after_the_effect_was_shown_are_shown_anew(central):
    known = factories.make_round()
    page = central.get(f"{ROUNDS}{known.pk}/")
    opens_on, closes_on, other = days(-3, 10, -1)
    said = {"opens_on": typed(opens_on), "closes_on": typed(closes_on), "started": started(page)}
    shown = hidden(central.post(f"{ROUNDS}{known.pk}/", said), "shown")
    answer = central.post(f"{ROUNDS}{known.pk}/", {**said, "closes_on": typed(other), "shown": shown})
    assert answer.status_code == 200
    assert "หยุดรับรายงานทันที" in answer.content.decode()
    known.refresh_from_db()
    assert known.closes_on != other


def test_changed_dates_are_saved_and_stand_in_the_trail(central):
    known = factories.make_round()
    with_results(factories.make_lao(), DONE, SILENT)
    with_results(factories.make_lao(), DONE)
    page = central.get(f"{ROUNDS}{known.pk}/")
    assert "2 แห่ง ยังรายงานไม่ครบ 1 แห่ง" in page.content.decode()
    opens_on, closes_on = days(-3, 10)
    said = {"opens_on": typed(opens_on), "closes_on": typed(closes_on), "started": started(page)}
    shown = hidden(central.post(f"{ROUNDS}{known.pk}/", said), "shown")
    assert central.post(f"{ROUNDS}{known.pk}/", {**said, "shown": shown}).status_code == 302
    known.refresh_from_db()
    assert (known.opens_on, known.closes_on) == (opens_on, closes_on)
    entry = AuditEntry.objects.filter(table_name="reporting_reportinground", action="UPDATE").get()
    assert entry.after["closes_on"] == closes_on.isoformat()
    assert entry.actor_name.startswith("officer")


@pytest.mark.parametrize("choice", ["mine", "stored"])
def test_the_second_of_two_officers_sees_both_dates_and_chooses(central, choice):
    known = factories.make_round()
    page = central.get(f"{ROUNDS}{known.pk}/")
    opens_on, closes_on, other = days(-3, 10, 20)
    said = {"opens_on": typed(opens_on), "closes_on": typed(closes_on), "started": started(page)}
    shown = hidden(central.post(f"{ROUNDS}{known.pk}/", said), "shown")
    ReportingRound.objects.update(closes_on=other)
    answer = central.post(f"{ROUNDS}{known.pk}/", {**said, "shown": shown})
    assert answer.status_code == 409
    [asked] = answer.context["conflict"]["questions"]
    assert (thai_date_short(other) in asked.stored, thai_date_short(closes_on) in asked.typed) == (True, True)
    assert typed(closes_on) in answer.content.decode()
    assert ReportingRound.objects.get().closes_on == other
    chosen = {**said, "shown": shown, "conflict": answer.context["conflict"]["version"]}
    assert central.post(f"{ROUNDS}{known.pk}/", {**chosen, "choose-dates": choice}).status_code == 302
    assert ReportingRound.objects.get().closes_on == (closes_on if choice == "mine" else other)


def test_a_resent_round_gives_the_same_result(central):
    factories.make_period()
    opens_on, closes_on, other = days(-1, 30, 20)
    said = {"fiscal_year": "2563", "months": "6", "opens_on": typed(opens_on), "closes_on": typed(closes_on)}
    said["form_token"] = str(uuid4())
    last = {**said, "shown": hidden(central.post(NEW, said), "shown")}
    assert [central.post(NEW, last).status_code for _ in range(2)] == [302, 302]
    known = ReportingRound.objects.get()
    page = central.get(f"{ROUNDS}{known.pk}/")
    said = {
        "opens_on": typed(opens_on),
        "closes_on": typed(other),
        "started": started(page),
        "form_token": str(uuid4()),
    }
    last = {**said, "shown": hidden(central.post(f"{ROUNDS}{known.pk}/", said), "shown")}
    assert central.post(f"{ROUNDS}{known.pk}/", last).status_code == 302
    ReportingRound.objects.update(closes_on=closes_on)
    assert central.post(f"{ROUNDS}{known.pk}/", last).status_code == 302
    assert ReportingRound.objects.get().closes_on == closes_on


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"closes_on": "1/4/2562"}, "วันปิดต้องไม่ก่อนวันเปิด"),
        ({"closes_on": "1/4/2019"}, "กรุณาใช้ปี พ.ศ."),
        ({"opens_on": "31/2/2562"}, "ไม่มีวันที่"),
        ({"opens_on": ""}, "กรุณากรอกข้อมูลช่องนี้"),
        ({"fiscal_year": ""}, "กรุณาเลือกปี"),
        ({"months": ""}, "กรุณาเลือกรอบ"),
    ],
)
def test_dates_that_can_not_be_are_refused_at_the_field_and_kept(central, change, message):
    factories.make_period()
    said = {"fiscal_year": "2562", "months": "6", "opens_on": "5/4/2562", "closes_on": "30/4/2562", **change}
    page = central.post(NEW, said).content.decode()
    assert message in page
    assert all(f'value="{value}"' in page for value in change.values() if "/" in value)
    assert not ReportingRound.objects.exists()


def test_a_round_that_is_there_is_refused(central):
    factories.make_period()
    factories.make_round()
    opens_on, closes_on = days(1, 30)
    said = {"fiscal_year": "2562", "months": "6", "opens_on": typed(opens_on), "closes_on": typed(closes_on)}
    shown = hidden(central.post(NEW, said), "shown")
    answer = central.post(NEW, {**said, "shown": shown})
    assert answer.status_code == 409
    assert "มีรอบการรายงานนี้แล้ว" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_round():
    officer = factories.make_officer("CENTRAL")
    opens_on, closes_on = days(1, 30)
    refused = []

    def make():
        try:
            create_round(by=officer, token=uuid4(), fiscal_year=2562, months=6, opens_on=opens_on, closes_on=closes_on)
        except RoundExistsError:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert refused == [1]
    assert ReportingRound.objects.count() == 1


# Extensions


def closed():
    return factories.make_round(opens_on=days(-60)[0], closes_on=days(-10)[0])


def wish(known, **fields):
    until = days(5)[0]
    return {"reporting_round": known.pk, "until": typed(until), "reason": "น้ำท่วม", "form_token": uuid4(), **fields}


def test_an_lao_gets_more_time_and_reads_why(central, clerk, clerk_client):
    known = closed()
    with_results(clerk.lao, SILENT)
    assert "ปิดรับรายงานแล้ว" in clerk_client.get("/reports/?year=2562").content.decode()
    assert central.post(EXTEND, wish(known, lao=clerk.lao.code)).status_code == 302
    words = f"ขยายเวลาถึง {thai_date_short(days(5)[0])} เพราะ น้ำท่วม"
    for url in ("/reports/?year=2562", "/home/?year=2562"):
        assert words in clerk_client.get(url).content.decode()
    listed = central.get(EXTENSIONS).content.decode()
    assert "มีผลอยู่ เหลืออีก 5 วัน" in listed
    assert str(clerk.lao) in listed


def test_a_province_gets_more_time(central, clerk, clerk_client):
    known = closed()
    with_results(clerk.lao, SILENT)
    central.post(EXTEND, wish(known, province="81"))
    assert Extension.objects.get().province_id == "81"
    assert "ขยายเวลาถึง" in clerk_client.get("/home/?year=2562").content.decode()
    assert "ทุก อปท. ในจังหวัดกระบี่" in central.get(EXTENSIONS).content.decode()


def test_a_double_click_extends_once(central, clerk):
    said = wish(closed(), lao=clerk.lao.code)
    for _ in range(2):
        assert central.post(EXTEND, said).status_code == 302
    assert Extension.objects.count() == 1
    # Going back and typing on is another one.
    assert central.post(EXTEND, {**said, "reason": "ไฟไหม้"}).status_code == 302
    assert Extension.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "กรอกรหัส อปท. หรือเลือกจังหวัดอย่างใดอย่างหนึ่ง"),
        ({"lao": "6810507", "province": "81"}, "กรอกรหัส อปท. หรือเลือกจังหวัดอย่างใดอย่างหนึ่ง"),
        ({"lao": "1234567"}, "ไม่พบ อปท. รหัสนี้"),
        ({"lao": "12"}, "7 หลัก"),
        ({"province": "99"}, "กรุณาเลือกจังหวัดจากรายการ"),
        ({"province": "81", "reason": "  "}, "กรุณากรอกข้อมูลช่องนี้"),
        ({"province": "81", "until": "1/1/2562"}, "ต้องหลังวันปิดรอบ"),
        ({"province": "81", "until": "yesterday"}, "วันนี้ผ่านไปแล้ว"),
        ({"province": "81", "reporting_round": "junk"}, "กรุณาเลือกรอบจากรายการ"),
        ({"province": "81", "reporting_round": ""}, "กรุณาเลือกรอบ"),
    ],
)
def test_an_extension_that_can_not_be_is_refused_at_the_field(central, fields, message):
    factories.make_lao(code="6810507")
    if fields.get("until") == "yesterday":
        fields = {**fields, "until": typed(days(-1)[0])}
    page = central.post(EXTEND, wish(closed(), **fields)).content.decode()
    assert message in page
    assert not Extension.objects.exists()


def test_an_extension_ends_with_the_day(central, clerk, clerk_client):
    known = closed()
    with_results(clerk.lao, SILENT)
    given = Extension.objects.create(reporting_round=known, lao=clerk.lao, until=days(5)[0], reason="น้ำท่วม")
    url = f"{EXTENSIONS}{given.pk}/end/"
    assert "สิ้นสุดสิ้นวันนี้?" in central.get(url).content.decode()
    given.refresh_from_db()
    assert given.until == days(5)[0]
    assert central.post(url).status_code == 302
    given.refresh_from_db()
    assert given.until == timezone.localdate()
    assert "วันนี้เป็นวันสุดท้าย" in clerk_client.get("/home/?year=2562").content.decode()
    listed = central.get(EXTENSIONS).content.decode()
    assert f"สิ้นสุด {thai_date(given.until)}" in listed
    assert url not in listed


def test_ending_what_has_ended_changes_nothing(central, clerk):
    given = Extension.objects.create(reporting_round=closed(), lao=clerk.lao, until=days(-2)[0], reason="น้ำท่วม")
    central.post(f"{EXTENSIONS}{given.pk}/end/")
    given.refresh_from_db()
    assert given.until == days(-2)[0]
    assert central.post(f"{EXTENSIONS}0/end/").status_code == 404


@pytest.mark.parametrize("role", ["PROVINCE", "REGION"])
def test_officers_of_an_area_read_its_extensions_alone_and_change_none(db, as_user, role):
    known = closed()
    here = factories.make_lao(name="กระบี่น้อย")
    korat = factories.make_province("30", "นครราชสีมา", 3)
    there = factories.make_lao(name="ปากช่อง", district=factories.make_district("ปากช่อง", korat))
    whole = {"reporting_round": known, "until": days(5)[0], "reason": "น้ำท่วม"}
    own = Extension.objects.create(**whole, lao=here)
    for whom in ({"lao": there}, {"province": korat}, {"province": here.district.province}):
        Extension.objects.create(**whole, **whom)
    client = as_user(factories.make_officer(role))
    page = client.get(EXTENSIONS).content.decode()
    assert "กระบี่น้อย" in page
    assert "ทุก อปท. ในจังหวัดกระบี่" in page
    assert "ปากช่อง" not in page
    assert "นครราชสีมา" not in page
    for url in (EXTEND, f"{EXTENSIONS}{own.pk}/end/", ROUNDS, NEW, f"{ROUNDS}{known.pk}/"):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in (404, 405)
        assert url not in page


def test_fifty_extensions_cost_the_queries_of_one(central):
    known = closed()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            central.get(EXTENSIONS)
        return len(captured)

    Extension.objects.create(reporting_round=known, lao=factories.make_lao(), until=days(5)[0], reason="น้ำท่วม")
    one = queries()
    for _ in range(49):
        Extension.objects.create(reporting_round=known, lao=factories.make_lao(), until=days(5)[0], reason="น้ำท่วม")
    assert queries() == one
