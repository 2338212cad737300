"""S11: the list of a year's project years and what was reported on each."""

import io
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from projects.models import Project, ReviewDecision
from tests import factories

URL = "/reports/?year=2562"
EXPORT = "/reports/export/?year=2562"


def page(client, url=URL):
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def reject(project, reason="ซ้ำกับโครงการอื่น"):
    Project.objects.filter(pk=project.pk).update(review_state="REJECTED")
    ReviewDecision.objects.create(project=project, decision="REJECT", reason=reason, by=factories.make_officer())
    return project


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def test_the_list_has_the_columns_of_the_manual(clerk_client, plan):
    factories.make_project(plan)
    headings = re.findall(r"<th scope=\"col(?:group)?\"[^>]*>([^<]*)</th>", page(clerk_client))
    assert headings == [
        "ลำดับที่",
        "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ",
        "สอดคล้อง",
        "จำนวนงบประมาณ",
        "สถานะ",
        "รอบการรายงาน",
        "ตามแผนฯ",
        "ตามข้อบัญญัติ/เทศบัญญัติ",
        "ตามที่เบิกจ่ายจริง",
        "6 เดือน",
        "12 เดือน",
    ]


def test_the_legend_says_every_word(clerk_client, plan):
    factories.make_project(plan)
    legend = re.search(r'<ul class="legend".*?</ul>', page(clerk_client))[0]
    for word in (
        "รายงานแล้ว",
        "ยังไม่รายงาน",
        "ยังไม่รายงานผล",
        "อยู่ระหว่างดำเนินการ",
        "ดำเนินการแล้วเสร็จ",
        "ไม่สามารถดำเนินการได้",
    ):
        assert f"{word}</span>" in legend


def test_each_round_leads_to_its_report(clerk_client, plan):
    year = factories.make_project(plan).years.get()
    found = page(clerk_client)
    assert f'href="/reports/{year.pk}/6/"' in found
    assert f'href="/reports/{year.pk}/12/"' in found


def test_the_figures_are_those_of_the_latest_report_of_the_year(clerk_client, plan):
    project = factories.make_project(plan, budget=100000)
    factories.make_report(project, months=6, status="IN_PROGRESS", ordinance_budget=90000, disbursed=Decimal("10.50"))
    row = page(clerk_client).split("<tbody>")[1]
    assert "100,000" in row
    assert "90,000" in row
    assert "10.50" in row
    assert "อยู่ระหว่างดำเนินการ" in row
    factories.make_report(project, months=12, ordinance_budget=80000, disbursed=70000)
    row = page(clerk_client).split("<tbody>")[1]
    assert "90,000" not in row
    assert "80,000" in row
    assert "ดำเนินการแล้วเสร็จ" in row


def test_no_budget_is_not_a_budget_of_0(clerk_client, plan):
    factories.make_project(plan)
    assert "ไม่ใช้งบประมาณ" in page(clerk_client)
    Project.objects.get().years.update(plan_budget=0)
    assert "ไม่ใช้งบประมาณ" not in page(clerk_client)


def test_done_at_6_months_counts_at_12(clerk_client, plan):
    factories.make_report(factories.make_project(plan), months=6, status="COMPLETED")
    factories.make_report(factories.make_project(plan), months=6, status="IN_PROGRESS")
    factories.make_project(plan)
    found = page(clerk_client)
    assert found.count("นับจากรอบ 6 เดือน") == 1
    assert 'data-label="รายงานแล้ว รอบ 6 เดือน">2 จาก 3</td>' in found
    assert 'data-label="รายงานแล้ว รอบ 12 เดือน">1 จาก 3</td>' in found


def test_a_rejected_project_shows_its_reason_and_is_in_no_count(clerk_client, plan):
    factories.make_report(reject(factories.make_project(plan, budget=5000)), ordinance_budget=1, disbursed=1)
    factories.make_project(plan, budget=700)
    found = page(clerk_client)
    assert "ปฏิเสธโครงการ" in found
    assert "เหตุผล: ซ้ำกับโครงการอื่น" in found
    assert found.count("/6/") == 1
    foot = found.split("<tfoot>")[1]
    assert "รวม 1 โครงการ" in foot
    assert "700" in foot
    assert "5,700" not in foot
    assert "0 จาก 1" in foot


def test_deleted_projects_and_other_years_and_other_laos_are_left_out(clerk_client, plan):
    factories.make_project(plan, name="อยู่", years=(2562, 2563))
    deleted = factories.make_project(plan, name="ลบแล้ว")
    Project.objects.filter(pk=deleted.pk).update(deleted_at="2019-01-01T00:00:00Z")
    factories.make_project(plan, name="ปีอื่น", years=(2563,))
    factories.make_project(name="ของเพื่อนบ้าน")
    found = page(clerk_client)
    assert "อยู่" in found
    for name in ("ลบแล้ว", "ปีอื่น", "ของเพื่อนบ้าน"):
        assert name not in found


def test_a_round_says_until_when_it_is_open(clerk_client, plan):
    factories.make_project(plan)
    factories.make_round(months=6)
    factories.closed(months=12)
    found = page(clerk_client)
    assert "เปิดรับรายงานถึง" in found
    assert "ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562" in found


def test_a_year_without_projects_leads_to_recording_one(clerk_client):
    found = page(clerk_client)
    assert "ยังไม่มีโครงการในปีงบประมาณนี้" in found
    assert "/projects/new/" in found


def test_an_lao_whose_plan_has_not_passed_is_told_why(as_user, db):
    user = factories.make_clerk()
    factories.make_plan(user.lao, passed_in=None)
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in page(as_user(user))
    assert as_user(user).get(EXPORT).status_code == 404


@pytest.mark.parametrize(
    "year", ["", "junk", "2562x", "99999999999999999999", "-1", "๒๕๖๒", "２５６２", "%00", "2562&year=x"]
)
def test_any_year_in_the_address_is_answered(clerk_client, plan, year):
    factories.make_project(plan)
    assert clerk_client.get(f"/reports/?year={year}").status_code == 200
    assert clerk_client.get(f"/reports/export/?year={year}").status_code == 200


def test_officers_have_no_such_list(as_user, officer):
    assert as_user(officer).get(URL).status_code == 404
    assert as_user(officer).get(EXPORT).status_code == 404


def test_a_stranger_sees_nothing_of_it(stranger_client, plan):
    factories.make_project(plan, name="ของเราเท่านั้น")
    assert "ของเราเท่านั้น" not in page(stranger_client)
    assert stranger_client.get(EXPORT).status_code == 200


@pytest.mark.parametrize("url", [URL, EXPORT])
def test_fifty_projects_cost_no_more_queries_than_one(clerk_client, plan, url, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(30) as counted:
            assert clerk_client.get(url).status_code == 200
        return len(counted)

    factories.make_report(factories.make_project(plan))
    one = queries()
    for number in range(49):
        project = factories.make_project(plan, years=(2562, 2563), budget=number)
        if number % 2:
            factories.make_report(project)
        if number % 5 == 0:
            reject(project)
    assert queries() == one


def test_the_excel_file_says_what_the_page_says(clerk_client, clerk, plan):
    first = factories.make_project(plan, name="=1+1", budget=Decimal("1000.50"))
    factories.make_report(first, ordinance_budget=900, disbursed=0)
    factories.make_report(factories.make_project(plan), status="NOT_FEASIBLE")
    factories.make_project(plan, budget=0)
    reject(factories.make_project(plan, budget=70))
    response = clerk_client.get(EXPORT)
    name = unquote(response["Content-Disposition"])
    assert f"รายงานสรุปสถานะโครงการ {clerk.lao.code} ปีงบประมาณ 2562.xlsx" in name
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows[0][3] == "จำนวนงบประมาณ"
    assert rows[0][7] == "รอบการรายงาน"
    assert rows[1][3:6] == ["ตามแผนฯ", "ตามข้อบัญญัติ/เทศบัญญัติ", "ตามที่เบิกจ่ายจริง"]
    lines = [row[1:] for row in rows[2:7]]
    assert lines[0] == ["=1+1", "มิติที่ 1", 1000.5, 900, 0, "ดำเนินการแล้วเสร็จ", "รายงานแล้ว", "รายงานแล้ว (นับจากรอบ 6 เดือน)"]
    assert lines[1][2:] == ["ไม่ใช้งบประมาณ", None, None, "ไม่สามารถดำเนินการได้", "รายงานแล้ว", "ยังไม่รายงาน"]
    assert lines[2][2:] == [0, None, None, "ยังไม่รายงานผล", "ยังไม่รายงาน", "ยังไม่รายงาน"]
    assert lines[3][5:] == ["ปฏิเสธโครงการ: ซ้ำกับโครงการอื่น", "ไม่ต้องรายงาน", "ไม่ต้องรายงาน"]
    assert lines[4] == ["รวม", None, 1000.5, 900, 0, None, "รายงานแล้ว 2 จาก 3", "รายงานแล้ว 1 จาก 3"]
    assert sheet["B6"].data_type == "s"
