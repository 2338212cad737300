"""Reports of a round by Excel: the form goes out filled with what is known, and comes back through a preview."""

import pytest

from projects.models import Project
from reporting.models import ProgressReport, ReportUpload
from tests import factories
from tests.filled_form import FilledForm, problems_of

ROUND = "?year=2562&months=6"
PAGE, TEMPLATE = f"/reports/excel/{ROUND}", f"/reports/excel/template/{ROUND}"
NAME = "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"
BUDGET, SPENT = "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "การเบิกจ่ายงบประมาณ"
STATUS, REASON, OTHER = "สถานะการดำเนินงาน", "เหตุผล", "อื่นๆ"
LISTED = "บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน"
MARK = "รหัสแถว (ห้ามแก้)"


@pytest.fixture
def projects(clerk):
    factories.make_round()
    plan = clerk.lao.plans.get()
    made = [
        factories.make_project(plan, name="มีงบ", budget=100000),
        factories.make_project(plan, name="ไม่มีงบ"),
        factories.make_project(plan, name="รายงานแล้ว", budget=5000),
    ]
    factories.make_report(
        made[2], status="IN_PROGRESS", ordinance_budget=5000, disbursed=1000, in_ordinance=True, remark="เดิม"
    )
    return made


@pytest.fixture
def form(clerk_client, projects):
    return FilledForm(clerk_client, TEMPLATE)


def fill(form, row, **cells):
    """Fill cells of a row by the names of the headings above."""
    for name, text in cells.items():
        form.cell(row, globals()[name]).value = text


def confirm(client, answer):
    return client.post(answer.redirect_chain[-1][0], follow=True)


def reported(project, months=6):
    return ProgressReport.objects.get(project_year__project=project, months=months)


def test_the_form_holds_what_is_known_and_offers_choices(form, projects):
    said = [form.said(row) for row in range(3)]
    assert said[0].pop(MARK).startswith(f"{projects[0].years.get().pk}.0.")
    assert said[0] == {NAME: "มีงบ", "งบประมาณตามแผน (บาท)": 100000}
    assert said[1]["งบประมาณตามแผน (บาท)"] == "ไม่ใช้งบประมาณ"
    assert {heading: said[2][heading] for heading in (SPENT, LISTED, STATUS, "หมายเหตุ")} == {
        SPENT: 1000,
        LISTED: "✓",
        STATUS: "อยู่ระหว่างดำเนินการ",
        "หมายเหตุ": "เดิม",
    }
    listed = [[cell.value for cell in column if cell.value] for column in form.book["_choices"].columns]
    assert ProgressReport.Status.labels in listed
    assert ProgressReport.Reason.labels in listed
    assert form.cell(0, NAME).protection.locked
    assert not form.cell(0, STATUS).protection.locked
    assert form.sheet.column_dimensions["A"].hidden


def test_a_form_sent_back_as_it_came_changes_nothing(clerk_client, form):
    upload = form.send(clerk_client, PAGE).context["upload"]
    assert (upload.good, upload.bad, upload.unchanged) == ([], [], 3)


def test_rows_are_shown_and_saved_once_on_the_word(clerk_client, form, projects):
    fill(form, 0, BUDGET="๙๐,๐๐๐", SPENT=45000.5, LISTED="x", STATUS="ดำเนินการแล้วเสร็จ")
    fill(form, 1, STATUS="ไม่สามารถดำเนินการได้", REASON="อื่นๆ", OTHER="น้ำท่วม")
    fill(form, 2, SPENT=2000)
    preview = form.send(clerk_client, PAGE)
    assert ProgressReport.objects.count() == 1
    page = preview.content.decode()
    assert "การเบิกจ่ายงบประมาณ: 1,000 บาท → 2,000 บาท" in page
    assert "การเบิกจ่ายงบประมาณ: 45,000.50 บาท" in page
    for _ in range(2):
        assert "บันทึกรายงานผลจากไฟล์แล้ว 3 รายการ" in confirm(clerk_client, preview).content.decode()
    first, second, third = (reported(project) for project in projects)
    assert (first.ordinance_budget, first.disbursed, first.in_ordinance) == (90000, 45000.5, True)
    assert (second.status, second.reason, second.other_reason) == ("NOT_FEASIBLE", "OTHER", "น้ำท่วม")
    assert (third.disbursed, third.version, third.remark) == (2000, 2, "เดิม")


def test_three_bad_rows_are_explained_and_come_back_as_a_form(clerk_client, form, projects):
    fill(form, 0, BUDGET=1, SPENT="ครึ่งหนึ่ง", STATUS="เสร็จ")
    fill(form, 1, SPENT=100, STATUS="ดำเนินการแล้วเสร็จ")
    fill(form, 2, REASON="ไม่ได้รับงบประมาณ")
    preview = form.send(clerk_client, PAGE)
    letters = {heading: form.cell(0, heading).column_letter for heading in form.columns}
    assert problems_of(preview) == [
        (form.first, f"{letters[SPENT]} {SPENT}", "ครึ่งหนึ่ง", "อ่านเป็นจำนวนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 250,000"),
        (
            form.first,
            f"{letters[STATUS]} {STATUS}",
            "เสร็จ",
            f"กรุณาเลือกสถานะการดำเนินงาน (เลือกได้: {', '.join(ProgressReport.Status.labels)})",
        ),
        (form.first + 1, f"{letters[SPENT]} {SPENT}", "100", "โครงการนี้ไม่ใช้งบประมาณ กรุณาเว้นช่องนี้ว่าง"),
        (form.first + 2, f"{letters[REASON]} {REASON}", "ไม่ได้รับงบประมาณ", "ระบุเหตุผลได้เฉพาะสถานะ ไม่สามารถดำเนินการได้"),
    ]
    again = FilledForm(clerk_client, preview.context["problems_url"])
    assert [again.said(row)[NAME] for row in range(3)] == ["มีงบ", "ไม่มีงบ", "รายงานแล้ว"]
    assert again.said(0)["ข้อที่ต้องแก้ไข"].count("\n") == 1
    fill(again, 0, BUDGET=0, SPENT=50000, STATUS="อยู่ระหว่างดำเนินการ")
    fill(again, 1, SPENT=None)
    fill(again, 2, REASON=None, SPENT=1500)
    confirm(clerk_client, again.send(clerk_client, PAGE))
    assert [reported(project).disbursed for project in projects] == [50000, None, 1500]


def test_twelve_months_start_from_six_and_say_nothing_without_a_status(clerk_client, projects):
    factories.make_round(months=12)
    at_twelve = "?year=2562&months=12"
    form = FilledForm(clerk_client, f"/reports/excel/template/{at_twelve}")
    said = form.said(2)
    assert (said["สถานะที่รายงานรอบ 6 เดือน"], said[SPENT], said["หมายเหตุ"]) == ("อยู่ระหว่างดำเนินการ", 1000, "เดิม")
    assert STATUS not in said
    page = f"/reports/excel/{at_twelve}"
    assert form.send(clerk_client, page).context["upload"].unchanged == 3
    fill(form, 2, STATUS="ดำเนินการแล้วเสร็จ")
    confirm(clerk_client, form.send(clerk_client, page))
    assert (reported(projects[2], 12).status, reported(projects[2], 12).disbursed) == ("COMPLETED", 1000)
    assert reported(projects[2]).status == "IN_PROGRESS"


def test_what_others_saved_since_is_shown_and_overwritten_knowingly_alone(clerk_client, form, projects):
    ProgressReport.objects.update(remark="ของคนอื่น", version=2)
    factories.make_report(projects[0], status="IN_PROGRESS")
    fill(form, 2, SPENT=2000)
    answer = form.send(clerk_client, PAGE)
    assert answer.context["upload"].unchanged == 2
    [(_, column, _, reason)] = problems_of(answer)
    assert column == "ทั้งแถว"
    assert "หมายเหตุ: ในระบบขณะนี้ “ของคนอื่น” / ในไฟล์ “เดิม”" in reason
    again = FilledForm(clerk_client, answer.context["problems_url"])
    confirm(clerk_client, again.send(clerk_client, PAGE))
    assert (reported(projects[2]).remark, reported(projects[2]).version) == ("เดิม", 3)


def test_what_can_no_longer_be_saved_at_the_word_is_left_out_and_said(clerk_client, form, projects):
    fill(form, 0, BUDGET=1, SPENT=1)
    for row in range(3):
        fill(form, row, STATUS="ดำเนินการแล้วเสร็จ")
    answer = form.send(clerk_client, PAGE)
    Project.objects.filter(pk=projects[0].pk).update(deleted_at="2019-01-01T00:00Z")
    ProgressReport.objects.update(version=2, remark="ของคนอื่น")
    done = confirm(clerk_client, answer)
    assert done.context["upload"].outcome["saved"] == 1
    assert done.content.decode().count("ไม่ได้บันทึก เพราะมีผู้แก้ไขข้อมูลนี้ระหว่างรอยืนยัน") == 2
    assert not ProgressReport.objects.filter(project_year__project=projects[0]).exists()


def test_a_closed_round_takes_nothing(clerk_client, form, projects):
    fill(form, 0, BUDGET=1, SPENT=1, STATUS="ดำเนินการแล้วเสร็จ")
    waiting = form.send(clerk_client, PAGE)
    factories.closed()
    assert form.send(clerk_client, PAGE).redirect_chain == []
    assert "จึงส่งไฟล์ไม่ได้" in clerk_client.get(PAGE).content.decode()
    done = confirm(clerk_client, waiting)
    assert "ยังไม่ได้บันทึก" in done.content.decode()
    assert ProgressReport.objects.count() == 1


def test_rejected_and_unknown_rows_are_explained(clerk_client, form, projects):
    Project.objects.filter(pk=projects[0].pk).update(review_state="REJECTED")
    fill(form, 0, STATUS="ดำเนินการแล้วเสร็จ")
    fill(form, 3, NAME="โครงการใหม่", STATUS="ดำเนินการแล้วเสร็จ")
    reasons = [reason for *_, reason in problems_of(form.send(clerk_client, PAGE))]
    assert reasons[0].startswith("โครงการนี้ถูกปฏิเสธ")
    assert reasons[1].startswith("ไม่พบโครงการของแถวนี้")
    assert FilledForm(clerk_client, TEMPLATE).said(0)[NAME] == "ไม่มีงบ"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("what", "projects", "ไฟล์นี้เป็นแบบฟอร์มโครงการ ไม่ใช่แบบฟอร์มรายงานผล"),
        ("edition", "0", "แบบฟอร์มนี้เป็นรุ่นเก่า"),
        ("year", "2561", "แบบฟอร์มนี้เป็นของปีงบประมาณ 2561 ไม่ใช่ปี 2562"),
        ("months", "12", "แบบฟอร์มนี้เป็นของรอบ 12 เดือน ไม่ใช่รอบ 6 เดือน"),
    ],
)
def test_a_form_of_something_else_is_refused_with_its_own_sentence(clerk_client, form, key, value, sentence):
    form.stamp(key, value)
    assert sentence in form.send(clerk_client, PAGE).context["form"].errors["file"][0]
    assert not ReportUpload.objects.exists()


def test_a_stranger_finds_neither_the_preview_nor_its_rows_nor_takes_the_file(
    clerk_client, stranger_client, form, as_user
):
    fill(form, 0, STATUS="ดำเนินการแล้วเสร็จ")
    fill(form, 1, STATUS="?")
    answer = form.send(clerk_client, PAGE)
    for client in (stranger_client, as_user(factories.make_officer())):
        for address in (answer.redirect_chain[-1][0], answer.context["problems_url"]):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    assert "แบบฟอร์มนี้เป็นของ" in form.send(stranger_client, PAGE).context["form"].errors["file"][0]
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize("query", ["", "?year=x&months=x", "?year=9999&months=9", "?months=12"])
def test_any_address_leads_to_a_round(clerk_client, projects, query):
    answer = clerk_client.get(f"/reports/excel/{query}")
    assert answer.context["year"] == 2562
    assert answer.context["months"] == (12 if query == "?months=12" else 6)


def test_without_projects_or_a_plan_there_is_no_form(clerk_client, as_user):
    assert clerk_client.get("/reports/excel/").status_code == 200
    assert clerk_client.get("/reports/excel/template/").status_code == 404
    planless = as_user(factories.make_clerk())
    assert planless.get("/reports/excel/").status_code == 200
    assert planless.post("/reports/excel/").status_code == 200
    assert planless.get("/reports/excel/template/").status_code == 404


def test_the_queries_of_reading_do_not_grow_with_the_rows(clerk_client, projects, django_assert_max_num_queries):
    for _ in range(25):
        factories.make_project(projects[0].plan, budget=10)
    form = FilledForm(clerk_client, TEMPLATE)
    for row in range(28):
        amounts = {} if row == 1 else {"BUDGET": 10, "SPENT": 10}
        fill(form, row, STATUS="ดำเนินการแล้วเสร็จ", **amounts)
    with django_assert_max_num_queries(30):
        assert len(form.send(clerk_client, PAGE).context["upload"].good) == 28
