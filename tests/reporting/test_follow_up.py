"""The officers' page that says who has reported, who is late, who has not begun, and whom to call."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lao.models import LaoProfile
from projects.models import Project
from reporting import follow_up_exports
from reporting.models import Extension
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results

URL, EXPORT = "/follow-up/", "/follow-up/export/"
SIX, TWELVE = {"year": "2562", "months": "6"}, {"year": "2562", "months": "12"}


def text(response):
    """What a reader sees of the page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def named(response):
    """The names of the page's rows, in order."""
    return [row.name for row in response.context["rows"]]


def row(response, lao):
    return next(row for row in response.context["rows"] if row.code == lao.code)


def extend(known, days, **whom):
    until = timezone.localdate() + timedelta(days=days)
    return Extension.objects.create(reporting_round=known, until=until, reason="น้ำท่วม", **whom)


@pytest.fixture
def client_of_officer(officer, as_user):
    return as_user(officer)


@pytest.fixture
def central(db, as_user):
    """A client signed in as a central officer."""
    return as_user(factories.make_officer("CENTRAL"))


@pytest.fixture
def korat(db):
    return factories.make_province("30", "นครราชสีมา", 3)


def test_an_officer_sees_who_has_finished_begun_and_not_begun(client_of_officer):
    factories.make_round()
    done = with_results(factories.make_lao(name="หนองทะเล"), DONE, CANNOT)
    begun = with_results(factories.make_lao(name="เขาพนม"), ONGOING, SILENT, SILENT)
    silent = with_results(factories.make_lao(name="กระบี่น้อย"), SILENT)
    empty = factories.make_plan(factories.make_lao(name="คลองยา")).lao
    waiting = factories.make_plan(factories.make_lao(name="คลองหิน"), passed_in=2563).lao

    response = client_of_officer.get(URL, SIX)

    assert named(response) == [str(lao) for lao in (empty, silent, begun, done, waiting)]
    assert "เริ่มแล้ว" in row(response, begun).progress
    assert "ยังไม่มีโครงการ" in row(response, empty).progress
    assert "แผนยังไม่ผ่าน" in row(response, waiting).progress
    shown = row(response, begun)
    assert (shown.reported, shown.percent_reported, shown.percent_implemented) == ("1 จาก 3", "33.33", "16.67")
    assert "น้อย" in shown.level
    assert (row(response, empty).reported, row(response, empty).percent_reported) == ("-", "-")
    assert (row(response, done).percent_reported, row(response, done).percent_implemented) == ("100.00", "50.00")


def test_after_the_last_day_what_is_missing_is_late_and_comes_first(client_of_officer):
    factories.closed()
    begun = with_results(factories.make_lao(), DONE, SILENT)
    silent = with_results(factories.make_lao(), SILENT)
    done = with_results(factories.make_lao(), DONE)
    factories.make_plan()

    response = client_of_officer.get(URL, SIX)
    assert named(response)[:2] == [str(silent), str(begun)]
    assert [bool(row(response, lao).late) for lao in (silent, begun, done)] == [True, True, False]
    assert set(named(client_of_officer.get(URL, {**SIX, "state": "LATE"}))) == {str(silent), str(begun)}


def test_an_extension_makes_an_lao_not_late_and_says_why(client_of_officer):
    known = factories.closed()
    helped = with_results(factories.make_lao(), SILENT)
    late = with_results(factories.make_lao(), SILENT)
    extend(known, 3, lao=helped)

    response = client_of_officer.get(URL, SIX)
    assert [bool(row(response, lao).late) for lao in (helped, late)] == [False, True]
    assert row(response, helped).extension == "ขยายเวลา เพราะ น้ำท่วม"
    assert named(client_of_officer.get(URL, {**SIX, "state": "EXTENDED"})) == [str(helped)]
    extend(known, 3, province=late.district.province)
    assert not row(client_of_officer.get(URL, SIX), late).late


def test_at_12_months_only_what_was_done_at_6_counts_as_reported(client_of_officer):
    factories.make_round(months=12)
    lao = with_results(factories.make_lao(), DONE, ONGOING, CANNOT)
    shown = row(client_of_officer.get(URL, TWELVE), lao)
    # The percentage implemented lets the 6-month reports stand in; that of what is reported does not.
    assert (shown.reported, shown.percent_reported, shown.percent_implemented) == ("1 จาก 3", "33.33", "50.00")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("OWING", {"begun", "silent"}),
        ("NOT_BEGUN", {"silent"}),
        ("BEGUN", {"begun"}),
        ("FINISHED", {"done"}),
        ("NO_PROJECTS", {"empty"}),
        ("LATE", set()),
        ("EXTENDED", set()),
        ("junk", {"begun", "silent", "done", "empty"}),
    ],
)
def test_the_list_narrows_to_a_state(client_of_officer, state, expected):
    factories.make_round()
    with_results(factories.make_lao(name="done"), DONE)
    with_results(factories.make_lao(name="begun"), DONE, SILENT)
    with_results(factories.make_lao(name="silent"), SILENT)
    factories.make_plan(factories.make_lao(name="empty"))
    response = client_of_officer.get(URL, {**SIX, "state": state})
    assert {name.removeprefix("อบต.") for name in named(response)} == expected


def test_rejected_and_deleted_projects_are_not_followed(client_of_officer):
    factories.make_round()
    lao = with_results(factories.make_lao(), DONE, SILENT, SILENT)
    silent = Project.objects.filter(years__reports=None)
    silent.filter(pk=silent.first().pk).update(review_state="REJECTED")
    Project.objects.filter(years__reports=None, review_state="SUBMITTED").update(deleted_at=timezone.now())
    assert "ครบแล้ว" in row(client_of_officer.get(URL, SIX), lao).progress


def test_areas_pool_their_laos_and_lead_down_to_them(central, korat):
    factories.closed()
    with_results(factories.make_lao(), DONE, SILENT)
    with_results(factories.make_lao(), DONE)
    far = factories.make_lao(district=factories.make_district("ปากช่อง", korat))
    with_results(far, SILENT)

    response = central.get(URL, SIX)
    krabi = next(area for area in response.context["rows"] if area.name == "กระบี่")
    assert (krabi.laos, krabi.finished, krabi.begun, krabi.late, krabi.projects) == ("2", "1", "1", "1", "3")
    assert (krabi.percent_reported, krabi.percent_implemented) == ("66.67", "66.67")
    assert response.context["total"].laos == "3"
    assert response.context["total"].percent_reported == "50.00"

    districts = central.get(f"{URL}?{krabi.address}")
    assert named(districts) == ["อ่าวลึก"]
    laos = central.get(f"{URL}?{districts.context['rows'][0].address}")
    assert laos.context["scope"].place == "อำเภออ่าวลึก จังหวัดกระบี่"
    assert len(named(laos)) == 2
    assert len(named(central.get(f"{URL}?{krabi.late_address}"))) == 1

    regions = central.get(URL, {**SIX, "by": "region"})
    assert named(regions)[:2] == ["ป.ป.ช. ภาค 3", "ป.ป.ช. ภาค 8"]
    nation = central.get(URL, {**SIX, "by": "district"})
    below = next(area for area in nation.context["rows"] if area.name == "ปากช่อง จังหวัดนครราชสีมา")
    assert named(central.get(f"{URL}?{below.address}")) == [str(far)]


def test_areas_with_most_that_is_late_come_first(central, korat):
    factories.closed()
    with_results(factories.make_lao(), SILENT)
    for _ in range(2):
        with_results(factories.make_lao(district=factories.make_district("ปากช่อง", korat)), SILENT)
    assert named(central.get(URL, SIX))[:2] == ["นครราชสีมา", "กระบี่"]


@pytest.mark.parametrize("role", ["PROVINCE", "REGION"])
def test_an_officer_follows_the_own_area_alone(as_user, korat, role):
    factories.make_round()
    own = with_results(factories.make_lao(), DONE)
    far = with_results(factories.make_lao(district=factories.make_district("ปากช่อง", korat)), DONE)
    visitor = as_user(factories.make_officer(role))
    for asked in ({}, {"province": "30"}, {"region": "3"}, {"district": str(far.district_id)}, {"state": "FINISHED"}):
        for url in (URL, EXPORT):
            response = visitor.get(url, {**SIX, "by": "lao", **asked})
            assert response.status_code == 200
            if url == URL:
                assert named(response) == [str(own)]
            else:
                assert far.code not in cells(response)


@pytest.mark.parametrize(
    "asked", [{"district": "x"}, {"district": "9" * 30}, {"province": "๘๑"}, {"by": "x", "page": "-1"}]
)
def test_junk_in_the_address_counts_as_not_asked(central, asked):
    factories.make_round()
    with_results(factories.make_lao(), DONE)
    assert central.get(URL, {**SIX, **asked}).status_code == 200


def test_a_clerk_and_a_stranger_do_not_find_the_pages(clerk_client, client):
    for url in (URL, EXPORT):
        assert clerk_client.get(url).status_code == 404
        assert client.get(url).status_code == 302


def test_the_coordinator_stands_on_the_page_and_never_in_the_file(client_of_officer):
    factories.make_round()
    lao = with_results(factories.make_lao(), SILENT)
    LaoProfile.objects.create(
        lao=lao, coordinator_name="สมศรี ใจดี", coordinator_phone="0 7561 1111", coordinator_email="somsri@example.go.th"
    )
    page = text(client_of_officer.get(URL, SIX))
    for word in ("สมศรี ใจดี", "0 7561 1111", "somsri@example.go.th"):
        assert word in page
    held = cells(client_of_officer.get(EXPORT, SIX))
    assert lao.code in held
    assert not any("สมศรี" in str(value) or "7561" in str(value) or "somsri" in str(value) for value in held)


def cells(response):
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [cell.value for line in sheet.iter_rows() for cell in line if cell.value is not None]


def test_the_file_holds_the_rows_of_every_page(client_of_officer):
    factories.make_round()
    laos = [with_results(factories.make_lao(), DONE, SILENT) for _ in range(51)]
    page = client_of_officer.get(URL, SIX)
    assert len(named(page)) == 50
    assert "แผ่นนี้มีเฉพาะรายการที่ 1 ถึง 50 จาก 51 รายการ" in page.content.decode()
    assert len(named(client_of_officer.get(URL, {**SIX, "page": "2"}))) == 1
    assert len(named(client_of_officer.get(URL, {**SIX, "page": "3"}))) == 1  # beyond the end is the last
    everything = client_of_officer.get(URL, {**SIX, "page": "all"})
    assert len(named(everything)) == 51
    assert "แผ่นนี้มีเฉพาะ" not in everything.content.decode()
    held = cells(client_of_officer.get(EXPORT, SIX))
    assert {lao.code for lao in laos} <= set(held)


def test_a_file_of_very_many_holds_the_same_values(client_of_officer, monkeypatch):
    factories.make_round()
    for _ in range(3):
        with_results(factories.make_lao(), DONE, SILENT)

    def table():
        book = load_workbook(io.BytesIO(client_of_officer.get(EXPORT, SIX).content))
        lines = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
        return [line for line in lines if line[0] and str(line[0]).isdigit()]

    short = table()
    monkeypatch.setattr(follow_up_exports, "LONG", 2)
    assert len(short) == 3
    assert table() == short


def test_a_page_beyond_the_end_of_a_short_list_is_all_of_it(client_of_officer):
    factories.make_round()
    laos = [with_results(factories.make_lao(), DONE, SILENT) for _ in range(3)]
    assert len(named(client_of_officer.get(URL, {**SIX, "page": "2"}))) == len(laos)
    assert named(client_of_officer.get(URL, {**SIX, "page": "2", "state": "LATE"})) == []


def test_the_file_of_areas_ends_with_the_total(central):
    factories.make_round()
    with_results(factories.make_lao(), DONE, SILENT)
    held = cells(central.get(EXPORT, SIX))
    place = held.index("ทั่วประเทศ", 5)
    assert held[place + 1 : place + 13] == [1, 0, 1, 0, 0, 0, 0, 2, 1, 50, 50, "มาก"]


@pytest.mark.parametrize("asked", [{}, {"by": "district"}, {"by": "lao"}])
def test_fifty_laos_cost_the_queries_of_one(central, asked):
    factories.make_round()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert central.get(URL, {**SIX, **asked}).status_code == 200
        return len(captured)

    with_results(factories.make_lao(), DONE)
    one = queries()
    for _ in range(49):
        with_results(factories.make_lao(), DONE, SILENT)
    assert queries() == one
