"""S7 and S10: the clerk's list of projects, and its Excel file."""

import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from projects.models import ProjectYear, ReviewDecision
from tests import factories

LIST = "/projects/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def text_of(answer):
    """The words of a page, tags and runs of space taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_list_has_the_columns_of_the_manual(clerk, clerk_client, plan):
    factories.make_project(plan)
    answer = clerk_client.get(LIST)
    text = text_of(answer)
    assert f"โครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติของ {clerk.lao}" in text
    assert "บันทึกข้อมูลแล้วจำนวน 1 รายการ" in text
    headings = re.findall(r"<th scope=\"col(?:group)?\"[^>]*>([^<]+)</th>", answer.content.decode())
    assert headings == [
        "ลำดับที่",
        "ประเภทงาน",
        "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ",
        "งบประมาณตามแผนพัฒนาท้องถิ่น",
        "สอดคล้อง",
        "ดำเนินการ ปีงบประมาณ พ.ศ.",
        "ประสงค์ดำเนินการ",
        "2561",
        "2562",
        "2563",
        "2564",
    ]


def test_a_row_says_kind_dimension_budget_and_years_and_leads_to_edit_and_delete(clerk_client, plan):
    project = factories.make_project(plan, kind="MEASURE", dimension=2, years=(2561, 2563), budget=Decimal(1234567))
    answer = clerk_client.get(LIST)
    row = answer.context["rows"][0]
    assert row["kind"] == "มาตรการ"
    assert row["budget"] == ["1,234,567 บาท"]
    assert row["years"] == [(2561, True), (2562, False), (2563, True), (2564, False)]
    page = answer.content.decode()
    assert "มิติที่ 2" in page
    assert f"/projects/{project.pk}/edit/" in page
    assert f"/projects/{project.pk}/delete/" in page


def test_no_budget_a_budget_of_0_and_budgets_that_differ_read_differently(clerk_client, plan):
    factories.make_project(plan)
    factories.make_project(plan, budget=0)
    varied = factories.make_project(plan, budget=100, years=(2561, 2562))
    ProjectYear.objects.filter(project=varied, fiscal_year=2562).update(plan_budget=200)
    budgets = [row["budget"] for row in clerk_client.get(LIST).context["rows"]]
    assert budgets == [["ไม่ใช้งบประมาณ"], ["0 บาท"], ["ปี 2561: 100 บาท", "ปี 2562: 200 บาท"]]


def test_a_rejected_project_is_marked_with_the_reason_and_not_counted(clerk_client, plan, officer):
    project = factories.make_project(plan, review_state="REJECTED")
    ReviewDecision.objects.create(project=project, decision="REJECT", reason="เป็นงานก่อสร้างถนน", by=officer)
    page = clerk_client.get(LIST)
    text = text_of(page)
    assert "บันทึกข้อมูลแล้วจำนวน 0 รายการ" in text
    assert "ปฏิเสธโครงการ โครงการนี้ไม่สอดคล้องกับมิติของการป้องกันการทุจริต ไม่ต้องทำการรายงานผลการดำเนินการ" in text
    assert "เป็นงานก่อสร้างถนน" in text
    assert f"/projects/{project.pk}/delete/" not in page.content.decode()


def test_a_returned_project_shows_what_the_officer_asks_for(clerk_client, plan, officer):
    project = factories.make_project(plan, review_state="RETURNED")
    ReviewDecision.objects.create(project=project, decision="RETURN", reason="ระบุวัตถุประสงค์ให้ชัด", by=officer)
    assert "ส่งกลับแก้ไข เหตุผลของเจ้าหน้าที่: ระบุวัตถุประสงค์ให้ชัด" in text_of(clerk_client.get(LIST))
    assert "ระบุวัตถุประสงค์ให้ชัด" in text_of(clerk_client.get(f"/projects/{project.pk}/edit/"))


def test_deleted_projects_and_those_of_others_are_not_listed(clerk_client, stranger_client, plan):
    factories.make_project(plan, name="ของเรา")
    text = text_of(clerk_client.get(LIST))
    assert "ของเรา" in text
    assert "ของเรา" not in text_of(stranger_client.get(LIST))


def test_an_lao_without_any_plan_gets_an_empty_list_and_no_file(as_user):
    client = as_user(factories.make_clerk())
    for address in (LIST, "/projects/deleted/"):
        assert client.get(address).status_code == 200
    assert client.get("/projects/export/").status_code == 404


@pytest.mark.parametrize("address", [LIST, "/projects/deleted/", "/projects/export/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(clerk_client, plan, address):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert clerk_client.get(address).status_code == 200
        return len(captured)

    deleted_at = "2019-01-01T00:00:00Z" if "deleted" in address else None
    factories.make_project(plan, years=(2561, 2562), deleted_at=deleted_at)
    alone = queries()
    for _ in range(49):
        factories.make_project(plan, years=(2561, 2562), deleted_at=deleted_at)
    assert queries() == alone
    assert alone <= 10


def sheet_of(answer):
    return load_workbook(io.BytesIO(answer.content)).active


def test_the_excel_file_has_the_whole_list_with_money_as_numbers(clerk, clerk_client, plan, officer):
    factories.make_project(plan, name="=1+1", kind="ACTIVITY", years=(2561, 2562), budget=Decimal("1500.50"))
    rejected = factories.make_project(plan, years=(2562,), review_state="REJECTED")
    ReviewDecision.objects.create(project=rejected, decision="REJECT", reason="ไม่สอดคล้อง", by=officer)
    answer = clerk_client.get("/projects/export/")
    assert "%E0%B9%82%E0%B8%84%E0%B8%A3%E0%B8%87%E0%B8%81%E0%B8%B2%E0%B8%A3" in answer["Content-Disposition"]
    rows = [list(row) for row in sheet_of(answer).iter_rows(min_row=5, max_row=6)]
    assert [cell.value for cell in rows[0]] == [
        1, "กิจกรรม", "=1+1", 1500.5, 1500.5, None, None, "มิติที่ 1", "✓", "✓", None, None, "รอตรวจสอบ", None,
    ]  # fmt: skip
    assert rows[0][2].data_type == "s"
    assert rows[0][3].number_format == "#,##0.00"
    assert [cell.value for cell in rows[1]][3:7] == [None, "ไม่ใช้งบประมาณ", None, None]
    assert [cell.value for cell in rows[1]][12:] == ["ปฏิเสธโครงการ", "ไม่สอดคล้อง"]
    assert str(clerk.lao) in sheet_of(answer)["A1"].value
