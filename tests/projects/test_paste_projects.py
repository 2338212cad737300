"""A plan is pasted from Word or Excel and goes through the very preview of the Excel form."""

import pytest

from projects.models import Project, ProjectUpload
from projects.queries import content_of
from tests import factories
from tests.filled_form import FilledForm
from tests.projects.test_any_input import NASTY

PAGE = "/projects/paste/"
WORD = """แผนปฏิบัติการป้องกันการทุจริต
ที่\tโครงการ/กิจกรรม/มาตรการ\tปีงบประมาณ\tงบประมาณ (บาท)\tหมายเหตุ
มิติที่ 1 การสร้างสังคมที่ไม่ทนต่อการทุจริต
๑.\tโครงการอบรมคุณธรรม
จริยธรรม\t2561-2564\t๒๕,๐๐๐ บาท\t
2.\tกิจกรรมจิตอาสา\t2561, 2562\tไม่ใช้งบประมาณ\tทำทุกเดือน
\tรวม\t\t25,000\t
มิติที่ 2 การบริหารราชการ
1.\t• มาตรการจัดซื้อจัดจ้างโปร่งใส\t๒๕๖๓\t-\t
2.\tโครงการเผยแพร่ข้อมูล\tบางปี\t25,000.-\t
"""
EXCEL = """\t\t\tงบประมาณ (บาท)\t\t\t
มิติ\tประเภท\tชื่อโครงการ\t2561\t2562\t2563\t2564
1\tโครงการ\t"อบรมคุณธรรม
รุ่นที่ ๑"\t25,000.-\t๓๐,๐๐๐\t\tไม่ใช้งบประมาณ
\tมาตรการ\tใช้ทรัพย์สินราชการ\t-\t-\t-\t-
"""
TICKS = "ชื่อโครงการ\tประเภทงาน\tมิติ\t2561\t2562\tงบประมาณ\nก\tโครงการ\t1\t✓\t-\t500\nข\tกิจกรรม\tมิติที่ 3\tx\t/\tไม่ใช้งบ\n"
LINES = "ชื่อโครงการ\nประเภทงาน\nมิติหลัก\nปีงบประมาณ\nงบประมาณ\nก\nโครงการ\n1\n2562\n500\nข\nกิจกรรม\n2\n2563\n-\n"


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def paste(client, text, **more):
    return client.post(PAGE, {"text": text, **more}, follow=True)


def confirm(client, answer):
    return client.post(answer.redirect_chain[-1][0], follow=True)


def confirm_all(client, answer):
    """Confirm with every row ticked that was pointed out."""
    also = [row["row"] for row in answer.context["upload"].good]
    return client.post(answer.redirect_chain[-1][0], {"also": also}, follow=True)


def saved(plan):
    return {p.name: (p.kind, p.dimension.number, content_of(p).budgets, p.remark) for p in plan.projects.all()}


def test_a_plan_out_of_word_is_read_through_its_headings_and_titles(clerk_client, plan):
    preview = paste(clerk_client, WORD)
    page = preview.content.decode()
    assert "ตรวจข้อความที่วางก่อนบันทึก" in page
    assert "ไม่นับเป็นโครงการ: หัวตาราง 1, 2 · ชื่อมิติ 3, 7 · แถวรวม 6" in page
    assert "บันทึกได้ 3 แถว · ต้องแก้ไข 1 แถว" in page
    [problem] = preview.context["upload"].problems
    assert (problem["row"], problem["name"], problem["column"], problem["value"]) == (
        9,
        "โครงการเผยแพร่ข้อมูล",
        "คอลัมน์ที่ 3 ปีที่ดำเนินการ",
        "บางปี",
    )
    assert not Project.objects.exists()
    done = confirm(clerk_client, preview)
    assert "บันทึกโครงการจากข้อความที่วางแล้ว 3 รายการ" in done.content.decode()
    assert saved(plan) == {
        "โครงการอบรมคุณธรรม จริยธรรม": ("PROJECT", 1, dict.fromkeys(range(2561, 2565), 25000), ""),
        "กิจกรรมจิตอาสา": ("ACTIVITY", 1, {2561: None, 2562: None}, "ทำทุกเดือน"),
        "มาตรการจัดซื้อจัดจ้างโปร่งใส": ("MEASURE", 2, {2563: None}, ""),
    }


def test_a_block_out_of_excel_with_headings_in_two_rows_and_merged_cells(clerk_client, plan):
    confirm(clerk_client, paste(clerk_client, EXCEL))
    assert saved(plan) == {
        "อบรมคุณธรรม รุ่นที่ ๑": ("PROJECT", 1, {2561: 25000, 2562: 30000, 2564: None}, ""),
        "ใช้ทรัพย์สินราชการ": ("MEASURE", 1, dict.fromkeys(range(2561, 2565)), ""),
    }


@pytest.mark.parametrize(
    ("text", "budgets"),
    [(TICKS, [{2561: 500}, {2561: None, 2562: None}]), (LINES, [{2562: 500}, {2563: None}])],
    ids=["ticks in years", "a cell a line"],
)
def test_ticked_years_and_cells_one_a_line(clerk_client, plan, text, budgets):
    confirm(clerk_client, paste(clerk_client, text))
    assert [content_of(project).budgets for project in plan.projects.order_by("name")] == budgets


def test_the_lists_own_excel_file_can_be_pasted(clerk_client, plan):
    text = (
        "ลำดับที่\tประเภทงาน\tชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ\tงบประมาณตามแผนพัฒนาท้องถิ่น\tสอดคล้อง\t"
        "ดำเนินการ ปีงบประมาณ พ.ศ.\t\t\t\n\t\t\t\t\t2561\t2562\t2563\t2564\n1\tกิจกรรม\tก\t500\tมิติที่ 2\t2561\t\t2563\t\n"
    )
    confirm(clerk_client, paste(clerk_client, text))
    assert saved(plan) == {"ก": ("ACTIVITY", 2, {2561: 500, 2563: 500}, "")}


def test_rows_of_the_excel_form_can_be_pasted_headings_and_all(clerk_client, plan):
    first = plan.period.dimensions.get(number=1).pk
    ticked = {"quarters": [2, 4], "target_groups": ["YOUTH"], "further_dimensions": [first]}
    words = {"name": "โครงการเดิม", "objective": "บน\nล่าง", "remark": "ทำทุกปี"}
    known = factories.make_project(plan, years=(2561, 2563), budget=700, dimension=3, **ticked, **words)
    form = FilledForm(clerk_client, "/projects/excel/template/")
    rows = form.sheet.iter_rows(min_row=form.first - 1, max_row=form.first, values_only=True)
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    text = "\r\n".join("\t".join(f'"{cell}"' if "\n" in cell else cell for cell in row) for row in cells)
    preview = paste(clerk_client, text)
    confirm_all(clerk_client, preview)
    copied = plan.projects.exclude(pk=known.pk).get()
    assert content_of(copied) == content_of(known)


def test_without_headings_the_clerk_puts_the_columns_right(clerk_client, plan):
    text = "1\tทางสะอาด\t2562\t500\n2\tสภาโปร่งใส\t2563\t-\n"
    asked = paste(clerk_client, text)
    assert not ProjectUpload.objects.exists()
    page = asked.content.decode()
    assert "แต่ละคอลัมน์คืออะไร" in page
    assert "ทางสะอาด" in page
    assert [field.value() for field, *_ in asked.context["columns"].lines()] == ["", "name", "years", "budget"]
    chosen = {"width": "4", "column_0": "", "column_1": "name", "column_2": "years", "column_3": "budget", "first": "0"}
    first = str(asked.context["columns"].pasted.shape.dimensions[0])
    done = confirm(clerk_client, paste(clerk_client, text, **chosen, all_kind="มาตรการ", all_dimension=first))
    assert "2 รายการ" in done.content.decode()
    assert saved(plan) == {"ทางสะอาด": ("MEASURE", 1, {2562: 500}, ""), "สภาโปร่งใส": ("MEASURE", 1, {2563: None}, "")}


def test_a_plain_list_of_names_takes_the_rest_from_what_holds_for_all(clerk_client, plan):
    text = "• โครงการหนึ่งเดียว\n• กิจกรรมสองอย่าง"
    asked = paste(clerk_client, text)
    first = str(asked.context["columns"].pasted.shape.dimensions[0])
    chosen = {"width": "1", "column_0": "name", "first": "0", "all_dimension": first, "all_years": ["2561", "2562"]}
    confirm(clerk_client, paste(clerk_client, text, **chosen, all_budget="ไม่ใช้งบประมาณ"))
    assert saved(plan) == {
        "โครงการหนึ่งเดียว": ("PROJECT", 1, {2561: None, 2562: None}, ""),
        "กิจกรรมสองอย่าง": ("ACTIVITY", 1, {2561: None, 2562: None}, ""),
    }


def test_a_second_row_of_headings_takes_nothing_from_the_name(clerk_client, plan):
    asked = paste(clerk_client, "ชื่อโครงการ\tปี\nกลุ่มเป้าหมาย\tงบประมาณ\nทางสะอาด\t500\n")
    columns = asked.context["columns"].guess
    assert (columns.keys, columns.first) == (["name", "budget"], 2)


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
def test_any_text_is_answered(clerk_client, plan, value):
    if isinstance(value, str):
        for text in (value, f"โครงการ\tมิติ\tปี\tงบประมาณ\n{value}\t{value}\t{value}\t{value}\nก\t1\t2562\t5"):
            assert paste(clerk_client, text).status_code == 200
            assert paste(clerk_client, text, width=value, column_0=value, first=value).status_code == 200


def test_wrong_columns_are_answered_at_the_select_and_nothing_is_lost(clerk_client, plan):
    text = "ก\tข\nค\tง"
    wrong = {"width": "2", "column_0": "name", "column_1": "name", "first": "9", "all_years": "x"}
    answer = paste(clerk_client, text, **wrong)
    assert "เลือก “ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน” ไว้แล้วในคอลัมน์ที่ 1" in answer.content.decode()
    assert answer.context["form"]["text"].value() == text
    without_name = paste(clerk_client, text, width="2", column_0="", column_1="", first="0")
    assert "กรุณาเลือกว่าคอลัมน์ใดเป็นชื่อโครงการ" in without_name.content.decode()
    assert not ProjectUpload.objects.exists()


def test_bad_rows_come_back_as_an_excel_form(clerk_client, plan):
    text = "ชื่อโครงการ\tประเภท\tมิติ\tปีงบประมาณ\tงบประมาณ\n" + "\n".join(
        [
            f"{'ก' * 5000}\tโครงการ\t1\t2561\t5",
            "ไม่มีงบ\tโครงการ\t1\t2561\t",
            "มิติไม่มี\tโครงการ\tมิติที่ 9\t2561\t5",
            "นอกแผน\tโครงการ\t1\t2564-2566\t5",
            "เงินอ่านไม่ได้\tโครงการ\t1\t2561-2562\tห้าพัน",
        ]
    )
    preview = paste(clerk_client, text)
    told = {problem["row"]: (problem["column"], problem["reason"]) for problem in preview.context["upload"].problems}
    assert told[2][1].startswith("ยาวเกินไป: พิมพ์ได้ไม่เกิน 500")
    assert told[3] == ("คอลัมน์ที่ 5 งบประมาณ (บาท)", "กรุณากรอกจำนวนงบประมาณ หรือ “ไม่ใช้งบประมาณ”")
    assert told[4][0] == "คอลัมน์ที่ 3 มิติหลัก"
    assert told[5][1] == "แผนของท่านเลือกได้เฉพาะปี 2561-2564 ไม่มีปี 2565, 2566"
    assert told[6] == ("คอลัมน์ที่ 5 งบประมาณ (บาท)", "อ่านเป็นจำนวนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 250,000")
    assert clerk_client.get(preview.context["problems_url"]).status_code == 200


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "กรุณาวางตารางโครงการในช่องนี้"),
        (" \n\t\n\x00", "กรุณาวางตารางโครงการในช่องนี้"),
        ("ก\tข\n" * 60_000, "วางได้ครั้งละไม่เกิน 2,000 แถว (วางมา 60,000 แถว)"),
        ("ก\tข\n" * 2_001, "วางได้ครั้งละไม่เกิน 2,000 แถว (วางมา 2,001 แถว)"),
    ],
)
def test_what_is_no_plan_is_answered_at_the_box(clerk_client, plan, text, sentence):
    answer = paste(clerk_client, text)
    assert answer.status_code == 200
    assert sentence in answer.context["form"].errors["text"][0]


def test_more_than_a_request_may_hold_gets_its_own_sentence(clerk_client, plan):
    answer = clerk_client.post(PAGE, {"text": "ก" * 2_000_000})
    assert answer.status_code == 400
    assert "ข้อมูลที่ส่งมายาวเกินไป" in answer.content.decode()


def test_what_stands_in_the_plan_already_is_pointed_out(clerk_client, plan):
    known = factories.make_project(plan, name="โครงการ ก")
    preview = paste(clerk_client, TICKS)
    assert f'href="/projects/{known.pk}/edit/"' in preview.content.decode()
    confirm(clerk_client, preview)
    assert sorted(plan.projects.values_list("name", flat=True)) == ["ข", "โครงการ ก"]


def test_a_stranger_sees_neither_the_page_of_a_plan_nor_the_preview(clerk_client, stranger_client, plan):
    preview = paste(clerk_client, TICKS)
    assert stranger_client.get(preview.redirect_chain[-1][0]).status_code == 404
    assert stranger_client.post(f"{PAGE}?plan={plan.pk}", {"text": TICKS}).status_code == 404


def test_before_a_plan_has_passed_nothing_can_be_pasted(db, as_user):
    clerk = factories.make_clerk()
    factories.make_plan(clerk.lao, passed_in=None)
    answer = as_user(clerk).post(PAGE, {"text": TICKS})
    assert "projects/not_yet.html" in [template.name for template in answer.templates]
