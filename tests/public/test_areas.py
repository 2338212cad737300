import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lao.models import FormerCode, LaoProfile
from projects.models import Project, ReviewDecision
from tests import factories
from tests.reporting.results import DONE, ONGOING, SILENT, figures, with_results

SIX = {"year": "2562", "months": "6"}


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def nation(db):
    """Two provinces: กระบี่ with 1.5 of 3 over two LAOs, นครราชสีมา with 2 of 2."""
    krabi = [with_results(factories.make_lao(), DONE), with_results(factories.make_lao(), ONGOING, SILENT)]
    district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    return krabi, with_results(factories.make_lao(district=district), DONE, DONE)


def test_citizens_see_all_provinces_best_first_with_pooled_counts(nation, client):
    response = client.get("/public/", SIX)
    rows = response.context["table"]["rows"]
    assert len(rows) == 77
    assert [(row.rank, row.name, row.percent, row.projects) for row in rows[:2]] == [
        ("1", "นครราชสีมา", "100.00", "2"),
        ("2", "กระบี่", "50.00", "3"),
    ]
    assert {(row.rank, row.percent) for row in rows[2:]} == {("-", "-")}
    total = response.context["table"]["total"]
    assert (total.name, total.percent, total.points, total.projects) == ("ทั่วประเทศ", "70.00", "3.5", "5")


def test_a_province_leads_to_its_own_page(nation, client):
    address = client.get("/public/", SIX).context["table"]["rows"][0].address
    assert address == "/public/provinces/30/"
    assert client.get(address).status_code == 200


def test_citizens_see_the_same_table_as_the_laos_of_the_province(nation, client, as_user):
    (best, other), _ = nation
    public = client.get("/public/provinces/81/", SIX)
    assert figures(public, best) == ("1", "100.00", "1.0", "1")
    assert figures(public, other) == ("2", "25.00", "0.5", "2")
    own = as_user(factories.make_clerk(best)).get("/summary/province/", SIX)
    assert [row[1:] for row in own.context["table"]["rows"]] == [row[1:] for row in public.context["table"]["rows"]]


def test_an_area_begins_with_the_newest_round_in_which_it_has_reported_itself(nation, client):
    _, elsewhere = nation
    for fiscal_year in (2562, 2563):
        factories.make_round(fiscal_year, 6)
    with_results(elsewhere, DONE, fiscal_year=2563)
    shown = {
        address: client.get(address).context["year"]
        for address in ("/public/provinces/81/", "/public/regions/8/", "/public/provinces/30/", "/public/")
    }
    assert list(shown.values()) == [2562, 2562, 2563, 2563]


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/public/", "year=2562"),
        ("/public/regions/8/", "year=2562"),
        ("/public/provinces/81/", "year=2562&amp;province=81"),
    ],
)
def test_an_area_leads_to_its_part_of_the_open_data(nation, client, address, part):
    assert f'href="/public/data/?{part}"' in client.get(address, SIX).content.decode()


def test_an_lao_leads_to_its_part_of_the_open_data(nation, client):
    lao = nation[1]
    page = client.get(f"/public/lao/{lao.code}/", SIX).content.decode()
    assert f'href="/public/data/?year=2562&amp;lao={lao.code}"' in page


def test_formula_n_and_time_stand_under_the_tables(nation, client):
    for address in ("/public/", "/public/provinces/81/"):
        page = text(client.get(address, SIX))
        for part in ("ร้อยละ = คะแนน ÷ N × 100", "N = จำนวนโครงการ", "ประมวลผลเมื่อ"):
            assert part in page


def test_nothing_about_a_person_is_public(nation, client):
    lao = nation[0][0]
    factories.make_clerk(lao, email="somchai@example.go.th")
    LaoProfile.objects.filter(lao=lao).update(coordinator_name="สมชาย ใจดี", coordinator_phone="075 681 123")
    for address in ("/public/", "/public/provinces/81/", f"/public/lao/{lao.code}/"):
        page = client.get(address, SIX).content.decode()
        for secret in ("somchai", "สมชาย", "075 681 123"):
            assert secret not in page


@pytest.mark.parametrize("code", ["00", "99", "8", "811", "xx", "๘๑"])
def test_what_is_no_province_is_not_found(db, client, code):
    assert client.get(f"/public/provinces/{code}/").status_code == 404


@pytest.mark.parametrize("junk", [{"year": "x", "months": "x"}, {"year": "\x00", "months": "\x00"}])
def test_junk_in_the_address_falls_back(db, client, junk):
    for address in ("/public/", "/public/provinces/81/"):
        assert client.get(address, junk).status_code == 200


def test_the_pages_lead_back_to_the_landing_page(db, client):
    lao = factories.make_plan().lao
    for address in ("/public/", "/public/provinces/81/", f"/public/lao/{lao.code}/"):
        assert '<a href="/">หน้าแรก</a>' in client.get(address).content.decode()


def test_more_laos_take_no_more_queries(nation, client):
    def queries():
        taken = []
        for address in ("/public/", "/public/provinces/81/"):
            with CaptureQueriesContext(connection) as captured:
                client.get(address, SIX)
            taken.append(len(captured))
        return taken

    before = queries()
    for _ in range(49):
        with_results(factories.make_lao(), ONGOING)
    assert queries() == before
    assert max(before) <= 7


def test_an_lao_shows_its_projects_budgets_status_and_rounds(db, client):
    plan = factories.make_plan()
    lao = plan.lao
    project = factories.make_project(plan, name="โครงการต้นกล้าซื่อสัตย์", budget=25000)
    factories.make_report(project, status=DONE, ordinance_budget=20000, disbursed=0)
    factories.make_project(plan, name="มาตรการโปร่งใส", budget=None)
    response = client.get(f"/public/lao/{lao.code}/", {"year": "2562"})
    page = text(response)
    assert f"{lao} อำเภออ่าวลึก จังหวัดกระบี่ · รหัส อปท. {lao.code}" in page
    assert "โครงการต้นกล้าซื่อสัตย์ มิติที่ 1 25,000 20,000 0 ดำเนินการแล้วเสร็จ รายงานแล้ว" in page
    assert "มาตรการโปร่งใส มิติที่ 1 ไม่ใช้งบประมาณ - - ยังไม่รายงานผล" in page
    assert "รอบ 6 เดือน 50.00 มาก คะแนน 1.0 จาก N = 2" in page
    assert "รอบ 12 เดือน 50.00 ปานกลาง คะแนน 1.0 จาก N = 2" in page
    assert "/reports/" not in response.content.decode()


def test_a_rejected_project_is_shown_as_such_and_a_deleted_one_never(db, client):
    plan = factories.make_plan()
    rejected = factories.make_project(plan, name="ซื้อครุภัณฑ์", review_state=Project.ReviewState.REJECTED)
    ReviewDecision.objects.create(
        project=rejected, decision="REJECT", reason="เป็นงานจัดซื้อทั่วไป", by=factories.make_officer()
    )
    factories.make_project(plan, name="โครงการที่ลบ", deleted_at="2019-01-05T10:00+07:00")
    page = text(client.get(f"/public/lao/{plan.lao.code}/", {"year": "2562"}))
    assert "ซื้อครุภัณฑ์ ปฏิเสธโครงการ" in page
    assert "เป็นงานจัดซื้อทั่วไป" in page
    assert "โครงการที่ลบ" not in page


def test_a_former_code_leads_to_the_present_one(db, client):
    lao = factories.make_plan().lao
    FormerCode.objects.create(lao=lao, code="6999999")
    response = client.get("/public/lao/6999999/")
    assert (response.status_code, response["Location"]) == (301, f"/public/lao/{lao.code}/")
    response = client.get("/public/lao/6999999/?year=2562")
    assert response["Location"] == f"/public/lao/{lao.code}/?year=2562"


def test_an_lao_without_a_plan_has_a_page_that_says_so(db, client):
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in text(client.get(f"/public/lao/{factories.make_lao().code}/"))


@pytest.mark.parametrize("code", ["0000000", "1", "58105011", "abcdefg", "๕๘๑๐๕๐๑"])
def test_what_is_no_lao_is_not_found(db, client, code):
    assert client.get(f"/public/lao/{code}/").status_code == 404


def test_more_projects_take_no_more_queries(db, client):
    lao = with_results(factories.make_lao(), DONE)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/public/lao/{lao.code}/", {"year": "2562"}).status_code == 200
        return len(captured)

    before = queries()
    with_results(lao, *[ONGOING] * 49)
    assert queries() == before


@pytest.mark.parametrize("junk", ["x", "\x00", "2599", ""])
def test_junk_in_the_address_of_an_lao_falls_back(db, client, junk):
    lao = with_results(factories.make_lao(), DONE)
    assert client.get(f"/public/lao/{lao.code}/", {"year": junk}).status_code == 200
