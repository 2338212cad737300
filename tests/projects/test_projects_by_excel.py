"""Projects by Excel: the form goes out filled with what is known, and comes back through a preview."""

import shutil
import subprocess

import pytest

from projects.models import Project, ProjectUpload
from projects.queries import content_of
from tests import factories
from tests.filled_form import FilledForm, problems_of, send

PAGE, TEMPLATE = "/projects/excel/", "/projects/excel/template/"
MARK = "รหัสแถว (ห้ามแก้)"
NAME = "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"
NEW = {
    NAME: "อบรมคุณธรรม",
    "ประเภทงาน": "กิจกรรม",
    "มิติหลัก": "มิติที่ 2",
    "งบประมาณ ปี 2562 (บาท)": "๕๐,๐๐๐ บาท",
    "งบประมาณ ปี 2563 (บาท)": "ไม่ใช้งบประมาณ",
    "เพิ่มเติม มิติที่ 1": "✓",
    "ไตรมาส 3": "x",
    "กลุ่มเป้าหมาย เด็กและเยาวชน": "1",
    "วัตถุประสงค์": "ให้รู้\nและทำได้",
}


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


@pytest.fixture
def projects(plan):
    return [
        factories.make_project(plan, name="โครงการหนึ่ง", years=(2561, 2562), budget=1000.5, quarters=[1, 4]),
        factories.make_project(plan, name="โครงการสอง", remark="หมายเหตุเดิม"),
        factories.make_project(plan, name="โครงการสาม", years=(2564,), budget=2000),
    ]


@pytest.fixture
def form(clerk_client, projects):
    return FilledForm(clerk_client, TEMPLATE)


def confirm(client, answer):
    return client.post(answer.redirect_chain[-1][0], follow=True)


def test_the_form_holds_what_is_known_offers_choices_and_locks_the_rest(form, projects):
    said = form.said(0)
    assert said.pop(MARK).startswith(f"{projects[0].pk}.1.")
    assert said == {
        NAME: "โครงการหนึ่ง",
        "ประเภทงาน": "โครงการ",
        "มิติหลัก": str(projects[0].dimension),
        "งบประมาณ ปี 2561 (บาท)": 1000.5,
        "งบประมาณ ปี 2562 (บาท)": 1000.5,
        "ไตรมาส 1": "✓",
        "ไตรมาส 4": "✓",
    }
    assert form.said(1)["งบประมาณ ปี 2562 (บาท)"] == "ไม่ใช้งบประมาณ"
    assert form.said(3) == {}
    assert form.sheet.protection.sheet
    assert form.cell(0, MARK).protection.locked
    assert not form.cell(10, NAME).protection.locked
    assert form.sheet.column_dimensions["A"].hidden
    offered = {str(help_.sqref).partition(":")[0]: help_ for help_ in form.sheet.data_validations.dataValidation}
    listed = offered[form.cell(0, "มิติหลัก").coordinate].formula1
    assert listed.startswith("'_choices'!")
    dimensions = form.book["_choices"][listed.partition("!")[2].replace("$", "")]
    assert [row[0].value for row in dimensions] == [str(d) for d in projects[0].plan.period.dimensions.all()]
    assert "เว้นว่าง" in offered[form.cell(0, "ไตรมาส 1").coordinate].prompt
    assert form.book["_eplan"].sheet_state == form.book["_choices"].sheet_state == "hidden"


def test_a_form_sent_back_as_it_came_changes_nothing(clerk_client, form):
    upload = form.send(clerk_client, PAGE).context["upload"]
    assert (upload.good, upload.bad, upload.unchanged) == ([], [], 3)


def test_new_and_changed_rows_are_shown_and_saved_once_on_the_word(clerk_client, form, projects):
    form.type(1, หมายเหตุ="หมายเหตุใหม่")
    for heading, text in NEW.items():
        form.cell(9, heading).value = text  # blank rows may stand between
    preview = form.send(clerk_client, PAGE)
    assert Project.objects.count() == 3
    page = preview.content.decode()
    assert "บันทึกได้ 2 แถว · ต้องแก้ไข 0 แถว · ไม่เปลี่ยนแปลง 2 แถว" in page
    assert "หมายเหตุ: หมายเหตุเดิม → หมายเหตุใหม่" in page
    assert "ประเภทงาน: กิจกรรม" in page
    for _ in range(2):
        done = confirm(clerk_client, preview)
        assert "บันทึกโครงการจากไฟล์แล้ว 2 รายการ" in done.content.decode()
    assert Project.objects.count() == 4
    assert Project.objects.get(pk=projects[1].pk).remark == "หมายเหตุใหม่"
    made = content_of(Project.objects.latest("id"))
    numbers = dict(form_numbers(projects[0].plan))
    assert (made.name, made.kind, made.objective) == ("อบรมคุณธรรม", "ACTIVITY", "ให้รู้\nและทำได้")
    assert (made.dimension_id, set(made.further_dimensions)) == (numbers[2], {numbers[1]})
    assert (set(made.quarters), set(made.target_groups)) == ({3}, {"YOUTH"})
    assert made.budgets == {2562: 50000, 2563: None}


def form_numbers(plan):
    return plan.period.dimensions.values_list("number", "pk")


def test_each_problem_is_shown_with_its_place_and_the_bad_rows_come_back_with_it(clerk_client, form, projects):
    form.type(0, หมายเหตุ="ดี")
    form.cell(1, "งบประมาณ ปี 2562 (บาท)").value = "ห้าหมื่น"
    form.cell(2, "มิติหลัก").value = "มิติที่ 9"
    form.cell(2, "ไตรมาส 2").value = ""
    form.cell(5, NAME).value = "มีแต่ชื่อ"
    form.cell(5, "ไตรมาส 2").value = "บางที"
    preview = form.send(clerk_client, PAGE)
    letter = {heading: form.cell(0, heading).column_letter for heading in form.columns}
    assert [(row, column, value) for row, column, value, _ in problems_of(preview)] == [
        (form.first + 1, f"{letter['งบประมาณ ปี 2562 (บาท)']} งบประมาณ ปี 2562 (บาท)", "ห้าหมื่น"),
        (form.first + 2, f"{letter['มิติหลัก']} มิติหลัก", "มิติที่ 9"),
        (form.first + 5, f"{letter['ไตรมาส 2']} ไตรมาส 2", "บางที"),
    ]
    assert "(เลือกได้: มิติที่ 1 " in problems_of(preview)[1][3]
    assert problems_of(preview)[0][3] == "อ่านเป็นจำนวนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 250,000"
    done = confirm(clerk_client, preview)
    assert "บันทึกโครงการจากไฟล์แล้ว 1 รายการ" in done.content.decode()
    again = FilledForm(clerk_client, done.context["problems_url"])
    assert [again.said(n)[NAME] for n in range(3)] == ["โครงการสอง", "โครงการสาม", "มีแต่ชื่อ"]
    assert "กรุณาพิมพ์เป็นตัวเลข" in again.said(0)["ข้อที่ต้องแก้ไข"]
    again.cell(0, "งบประมาณ ปี 2562 (บาท)").value = 50000
    again.cell(1, "มิติหลัก").value = "3"
    answer = again.send(clerk_client, PAGE)
    confirm(clerk_client, answer)
    assert content_of(Project.objects.get(pk=projects[1].pk)).budgets == {2562: 50000}
    assert Project.objects.get(pk=projects[2].pk).dimension.number == 3
    assert [row for row, *_ in problems_of(answer)] == [again.first + 2]


def test_empty_required_cells_are_named(clerk_client, form):
    form.cell(4, "หมายเหตุ").value = "ไม่มีอะไรอื่น"
    answer = form.send(clerk_client, PAGE)
    named = {column.partition(" ")[2]: reason for _, column, _, reason in problems_of(answer)}
    assert named == {
        NAME: "กรุณากรอกชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน",
        "ประเภทงาน": "กรุณาเลือกประเภทงาน",
        "มิติหลัก": "กรุณาเลือกมิติ",
        "งบประมาณ ปี 2561 (บาท)": "กรุณาเลือกปีที่จะดำเนินการ",
    }


def test_what_others_saved_since_is_shown_and_overwritten_knowingly_alone(clerk_client, form, projects):
    Project.objects.filter(pk=projects[1].pk).update(remark="ของคนอื่น", version=2)
    Project.objects.filter(pk=projects[2].pk).update(remark="ของคนอื่น", version=2)
    form.type(1, หมายเหตุ="ของฉัน")
    answer = form.send(clerk_client, PAGE)
    [(row, _, _, reason)] = problems_of(answer)  # the third, untouched here, is left as it is
    assert row == form.first + 1
    assert "หมายเหตุ: ในระบบขณะนี้ “ของคนอื่น” / ในไฟล์ “ของฉัน”" in reason
    again = FilledForm(clerk_client, answer.context["problems_url"])
    confirm(clerk_client, again.send(clerk_client, PAGE))
    remarks = {project.pk: project.remark for project in Project.objects.all()}
    assert (remarks[projects[1].pk], remarks[projects[2].pk]) == ("ของฉัน", "ของคนอื่น")


def test_what_others_save_while_the_preview_waits_is_left_out_and_said(clerk_client, form, projects):
    for row in range(3):
        form.type(row, หมายเหตุ="ใหม่")
    answer = form.send(clerk_client, PAGE)
    Project.objects.filter(pk=projects[0].pk).update(version=2)
    Project.objects.filter(pk=projects[1].pk).update(review_state="REJECTED")
    done = confirm(clerk_client, answer)
    assert done.context["upload"].outcome["saved"] == 1
    page = done.content.decode()
    assert f"แถวที่ {form.first} โครงการหนึ่ง: ไม่ได้บันทึก เพราะมีผู้แก้ไขข้อมูลนี้ระหว่างรอยืนยัน" in page
    assert f"แถวที่ {form.first + 1} โครงการสอง: ไม่ได้บันทึก เพราะโครงการนี้ถูกปฏิเสธ" in page


def test_years_with_reports_stay_and_rejected_deleted_and_copied_rows_are_explained(clerk_client, form, projects):
    factories.make_report(projects[0])
    Project.objects.filter(pk=projects[1].pk).update(review_state="REJECTED")
    Project.objects.filter(pk=projects[2].pk).update(deleted_at="2019-01-01T00:00Z")
    form.cell(0, "งบประมาณ ปี 2562 (บาท)").value = None
    form.type(1, หมายเหตุ="ใหม่")
    form.type(2, หมายเหตุ="ใหม่")
    form.cell(3, MARK).value = form.cell(0, MARK).value
    form.cell(3, NAME).value = "สำเนา"
    answer = form.send(clerk_client, PAGE)
    reasons = [reason for *_, reason in problems_of(answer)]
    assert MARK not in FilledForm(clerk_client, answer.context["problems_url"]).said(3)  # a project of its own
    for reason, part in zip(
        sorted(reasons),
        sorted(["นำออกไม่ได้", "โครงการนี้ถูกปฏิเสธ", "ไม่มีโครงการของแถวนี้", "แถวนี้คัดลอกมาจากแถวที่"]),
        strict=True,
    ):
        assert reason.startswith(part)


def test_rejected_projects_are_not_in_the_form(clerk_client, projects):
    Project.objects.filter(pk=projects[0].pk).update(review_state="REJECTED")
    assert FilledForm(clerk_client, TEMPLATE).said(0)[NAME] == "โครงการสอง"


def test_computed_cells_count_with_their_values(clerk_client, form, projects, tmp_path):
    form.cell(2, "งบประมาณ ปี 2564 (บาท)").value = "=1000*3"
    answer = send(clerk_client, PAGE, through_libreoffice(form.content(), tmp_path))
    [row] = answer.context["upload"].good
    assert ["งบประมาณ", "2,000 บาท", "3,000 บาท"] in row["changes"]
    assert answer.context["upload"].unchanged == 2


def test_a_formula_without_its_value_is_shown_as_it_stands(clerk_client, form):
    form.cell(2, "งบประมาณ ปี 2564 (บาท)").value = "=1000*3"
    [(_, _, value, _)] = problems_of(form.send(clerk_client, PAGE))
    assert value == "=1000*3"


@pytest.mark.parametrize(
    ("heading", "text", "words"),
    [
        ("มิติหลัก", "๒. มิติที่ ๒ การบริหารราชการ", "มิติที่ 2 การบริหารราชการเพื่อป้องกันการทุจริต"),
        ("ประเภทงาน", "แนวทางปฏิบัติ", "แนวปฏิบัติงาน"),
        ("งบประมาณ ปี 2562 (บาท)", "25,000.- บาท", "ปี 2562: 25,000 บาท, ปี 2563: ไม่ใช้งบประมาณ"),
        ("งบประมาณ ปี 2562 (บาท)", "ไม่มีงบประมาณ", "ไม่ใช้งบประมาณ"),
        ("ไตรมาส 2", "\uf0fc", "2, 3"),
    ],
)
def test_cells_are_read_as_people_write_them(clerk_client, form, heading, text, words):
    for known, said in {**NEW, heading: text}.items():
        form.cell(3, known).value = said
    [row] = form.send(clerk_client, PAGE).context["upload"].good
    assert words in [after for _, _, after in row["changes"]]


def test_a_form_saved_by_libreoffice_is_read_like_ours(clerk_client, form, tmp_path):
    form.book.move_sheet("โครงการ", offset=2)
    for heading, text in NEW.items():
        form.cell(7, heading).value = text
    answer = send(clerk_client, PAGE, through_libreoffice(form.content(), tmp_path))
    upload = answer.context["upload"]
    assert (len(upload.good), upload.bad, upload.unchanged) == (1, [], 3)


def through_libreoffice(content, folder):
    """The same workbook as LibreOffice saves it."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    (folder / "form.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        f"{folder}/out",
    ]
    subprocess.run([*command, f"{folder}/form.xlsx"], check=True, capture_output=True, timeout=120)
    return (folder / "out" / "form.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("what", "reports", "ไฟล์นี้เป็นแบบฟอร์มรายงานผล ไม่ใช่แบบฟอร์มโครงการ"),
        ("what", "else", "ไม่ใช่แบบฟอร์มที่ดาวน์โหลดจากระบบ"),
        ("edition", "0", "แบบฟอร์มนี้เป็นรุ่นเก่า"),
        ("lao", "9999999", "แบบฟอร์มนี้เป็นของ "),
        ("period", "2566-2570", "แบบฟอร์มนี้เป็นของแผน พ.ศ. 2566-2570 ไม่ใช่แผน พ.ศ. 2561-2564"),
        ("years", "2563-2564", "ปีของแผนในระบบเปลี่ยนไปแล้ว"),
    ],
)
def test_a_form_of_something_else_is_refused_with_its_own_sentence(clerk_client, form, key, value, sentence):
    form.stamp(key, value)
    answer = form.send(clerk_client, PAGE)
    assert sentence in answer.context["form"].errors["file"][0]
    assert not ProjectUpload.objects.exists()


def test_an_empty_form_says_so(clerk_client, plan):
    answer = FilledForm(clerk_client, TEMPLATE).send(clerk_client, PAGE)
    assert "ไม่มีแถวที่กรอกไว้" in answer.context["form"].errors["file"][0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ไฟล์นี้ว่างเปล่า"),
        (b"\x89PNG\r\n", "เป็นรูปภาพ"),
        (b"\xd0\xcf\x11\xe0", "Excel รุ่นเก่า"),
        (b"PK\x03\x04", "ไฟล์นี้เสียหาย"),
    ],
)
def test_what_is_no_form_is_refused_at_the_field(clerk_client, plan, content, sentence):
    assert sentence in send(clerk_client, PAGE, content).context["form"].errors["file"][0]
    assert clerk_client.post(PAGE).context["form"].errors["file"] == ["กรุณาเลือกไฟล์"]


def test_a_stranger_finds_neither_the_preview_nor_its_rows_nor_takes_the_file(
    clerk_client, stranger_client, form, as_user, clerk
):
    form.cell(4, NAME).value = "ไม่ครบ"
    form.type(0, หมายเหตุ="ใหม่")
    answer = form.send(clerk_client, PAGE)
    addresses = [answer.redirect_chain[-1][0], answer.context["problems_url"]]
    for client in (stranger_client, as_user(factories.make_officer())):
        for address in [
            *addresses,
            f"{PAGE}?plan={clerk.lao.plans.get().pk}",
            f"{TEMPLATE}?plan={clerk.lao.plans.get().pk}",
        ]:
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    refused = form.send(stranger_client, PAGE)
    assert "แบบฟอร์มนี้เป็นของ" in refused.context["form"].errors["file"][0]
    assert not Project.objects.exclude(remark__in=["", "หมายเหตุเดิม"]).exists()


def test_before_a_plan_has_passed_there_is_no_form(db, as_user):
    clerk = factories.make_clerk()
    factories.make_plan(clerk.lao, passed_in=None)
    client = as_user(clerk)
    assert client.get(TEMPLATE).status_code == 404
    assert "projects/not_yet.html" in [template.name for template in client.get(PAGE).templates]


def test_the_queries_of_reading_do_not_grow_with_the_rows(clerk_client, form, plan, django_assert_max_num_queries):
    for row in range(3):
        form.type(row, หมายเหตุ="ใหม่")
    for row in range(3, 28):
        for heading, text in NEW.items():
            form.cell(row, heading).value = text
    with django_assert_max_num_queries(30):
        assert len(form.send(clerk_client, PAGE).context["upload"].good) == 28


def test_what_may_be_there_already_is_saved_where_it_is_ticked_alone(clerk_client, form, projects):
    for row, name in ((3, "โครงการหนึ่ง"), (4, "กิจกรรม ใหม่เอี่ยม"), (5, "กิจกรรมใหม่เอี่ยม"), (6, "ไม่เหมือนใครเลย")):
        for heading, text in {**NEW, NAME: name}.items():
            form.cell(row, heading).value = text
    preview = form.send(clerk_client, PAGE)
    page = preview.content.decode()
    assert f'href="/projects/{projects[0].pk}/edit/"' in page
    assert f"แถวที่ {form.first + 4} กิจกรรม ใหม่เอี่ยม (ชื่อเดียวกัน)" in page
    assert page.count('name="also"') == 2
    assert "checked" not in page  # both are the very same name
    address = preview.redirect_chain[-1][0]
    done = clerk_client.post(address, {"also": [str(form.first + 5), "x"]}, follow=True)
    assert done.context["upload"].outcome["saved"] == 3
    assert [(row, name) for row, name, _ in done.context["upload"].outcome["left_out"]] == [
        (form.first + 3, "โครงการหนึ่ง")
    ]
    assert "ไม่ได้เลือกให้บันทึก" in done.content.decode()
    assert Project.objects.filter(name="โครงการหนึ่ง").count() == 1
