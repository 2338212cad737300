import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from projects.models import Project
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results

URL = "/summary/own/"
SIX, TWELVE = {"year": "2562", "months": "6"}, {"year": "2562", "months": "12"}
PLAN, ORDINANCE, COMPARED, STATUS = range(4)


@pytest.fixture
def year_of_work(clerk):
    """Four projects in two dimensions, one of them without a budget, one not reported."""
    plan = clerk.lao.plans.get()
    taught = factories.make_project(plan, budget=Decimal("250000.50"), dimension=1)
    factories.make_report(
        taught, status=DONE, in_ordinance=True, ordinance_budget=200000, disbursed=Decimal("199999.25")
    )
    walked = factories.make_project(plan, budget=10000, dimension=1)
    factories.make_report(walked, status=CANNOT, ordinance_budget=10000, disbursed=0)
    vowed = factories.make_project(plan, budget=None, dimension=3)
    factories.make_report(vowed, status=ONGOING)
    factories.make_project(plan, budget=5000, dimension=4)
    return clerk.lao


def figures(response, block):
    """The figures of one of the four tables: a list for each dimension, and last the total."""
    shown = response.context["blocks"][block]
    return [row[1] for row in shown["rows"]] + [shown["total"][1]]


def test_projects_and_budget_by_plan(year_of_work, clerk_client):
    assert figures(clerk_client.get(URL, SIX), PLAN) == [
        ["2", "260,000.50"],
        ["0", "0"],
        ["1", "0"],
        ["1", "5,000"],
        ["4", "265,000.50"],
    ]


def test_projects_and_budget_by_ordinance(year_of_work, clerk_client):
    assert figures(clerk_client.get(URL, SIX), ORDINANCE) == [
        ["1", "210,000"],
        ["0", "-"],
        ["0", "0"],
        ["0", "-"],
        ["1", "210,000"],
    ]


def test_plan_against_ordinance_against_disbursed(year_of_work, clerk_client):
    assert figures(clerk_client.get(URL, SIX), COMPARED) == [
        ["260,000.50", "210,000", "199,999.25"],
        ["0", "-", "-"],
        ["0", "0", "0"],
        ["5,000", "-", "-"],
        ["265,000.50", "210,000", "199,999.25"],
    ]


def test_status_tells_what_is_reported_and_what_is_waited_for(year_of_work, clerk_client):
    response = clerk_client.get(URL, SIX)
    assert response.context["blocks"][STATUS]["headings"] == [
        "มิติ",
        "บรรจุในข้อบัญญัติ/เทศบัญญัติ/แผนดำเนินงาน",
        "อยู่ระหว่างดำเนินการ",
        "ดำเนินการแล้วเสร็จ",
        "ไม่สามารถดำเนินการได้",
        "รวมทั้งสิ้น",
        "รอรายงานผล",
    ]
    assert figures(response, STATUS) == [
        ["1", "0", "1", "1", "2", "0"],
        ["0", "0", "0", "0", "0", "0"],
        ["0", "1", "0", "0", "1", "0"],
        ["0", "0", "0", "0", "0", "1"],
        ["1", "1", "1", "1", "3", "1"],
    ]


def test_dimensions_stand_under_their_full_names(year_of_work, clerk_client):
    page = clerk_client.get(URL, SIX).content.decode()
    assert "มิติที่ 3 การส่งเสริมบทบาทและการมีส่วนร่วมของภาคประชาชน" in page


def test_rejected_and_deleted_projects_leave_every_figure(year_of_work, clerk_client):
    Project.objects.filter(dimension__number=1).update(review_state=Project.ReviewState.REJECTED)
    Project.objects.filter(dimension__number=4).update(deleted_at="2019-01-05T10:00+07:00")
    response = clerk_client.get(URL, SIX)
    assert figures(response, PLAN)[-1] == ["1", "0"]
    assert figures(response, STATUS)[-1] == ["0", "1", "0", "0", "1", "0"]


def test_the_year_begins_with_its_latest_reports(year_of_work, clerk_client):
    factories.make_report(Project.objects.get(dimension__number=3), months=12, status=DONE)
    assert figures(clerk_client.get(URL, {"year": "2562"}), STATUS)[-1] == ["1", "0", "2", "1", "3", "1"]
    assert figures(clerk_client.get(URL, SIX), STATUS)[-1] == ["1", "1", "1", "1", "3", "1"]


def test_another_year_stands_by_itself(year_of_work, clerk_client):
    assert figures(clerk_client.get(URL, {"year": "2563"}), PLAN)[-1] == ["0", "0"]


def test_another_lao_is_never_in_it(year_of_work, clerk_client, stranger_client):
    assert figures(stranger_client.get(URL, SIX), PLAN)[-1] == ["0", "0"]
    with_results(factories.make_lao(), DONE, SILENT)
    assert figures(clerk_client.get(URL, SIX), PLAN)[-1] == ["4", "265,000.50"]


def test_an_lao_whose_plan_has_not_passed_is_told_so(as_user, db):
    client = as_user(factories.make_clerk())
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in client.get(URL).content.decode()
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in client.get("/summary/").content.decode()
    assert client.get(URL + "export/").status_code == 404


@pytest.mark.parametrize("junk", [{"year": "x"}, {"year": "\x00", "months": "\x00"}, {"year": "2599", "months": "0"}])
def test_junk_in_the_address_falls_back(clerk_client, junk):
    for address in (URL, URL + "export/"):
        assert clerk_client.get(address, junk).status_code == 200


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_officers_have_no_summary_of_their_own(db, as_user, role):
    client = as_user(factories.make_officer(role))
    for address in (URL, URL + "export/"):
        assert client.get(address).status_code == 404


def test_nobody_signed_out_gets_in(client, db):
    for address in (URL, URL + "export/"):
        assert client.get(address).status_code == 302


def test_fifty_projects_take_no_more_queries_than_one(clerk, clerk_client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            clerk_client.get(URL, SIX)
        return len(captured)

    with_results(clerk.lao, DONE)
    before = queries()
    with_results(clerk.lao, *[ONGOING] * 49)
    assert queries() == before


def test_the_excel_file_has_the_four_tables(year_of_work, clerk_client):
    response = clerk_client.get(URL + "export/", SIX)
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["ตามแผน", "ตามข้อบัญญัติ", "เปรียบเทียบงบประมาณ", "สถานะ", "ความคืบหน้า"]
    compared = [[cell.value for cell in row] for row in book["เปรียบเทียบงบประมาณ"].iter_rows(min_row=5, max_col=4)]
    assert compared[0] == [
        "มิติ",
        "งบประมาณตามแผนฯ (บาท)",
        "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ (บาท)",
        "งบประมาณที่เบิกจ่ายจริง (บาท)",
    ]
    assert compared[1][1:] == [260000.5, 210000, 199999.25]
    assert compared[2][1:] == [0, None, None]
    assert compared[5] == ["รวม", 265000.5, 210000, 199999.25]
    status = [[cell.value for cell in row] for row in book["สถานะ"].iter_rows(min_row=5, max_col=7)]
    assert status[5] == ["รวม", 1, 1, 1, 1, 3, 1]
    assert book["ตามแผน"]["C6"].number_format == "#,##0.00"
