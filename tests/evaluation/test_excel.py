"""Scores by Excel: the form goes out filled with what is known, and comes back through a preview."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from evaluation import imports
from evaluation.models import Score, ScoreChange, ScoreUpload
from lao.excel_forms import Reading, keep_upload
from projects.models import Plan
from tests import factories
from tests.evaluation.scoring import give, stored, typed

TEMPLATE, UPLOAD = "/scores/entry/template/", "/scores/entry/upload/"
MEND = "/scores/entry/upload/{}/problems/"
FIRST = 5  # the first row under title, guide and headings
CODE, YEAR, SAR, SAR_TOTAL, NACC, NACC_TOTAL, PROBLEMS = 1, 4, 5, 9, 10, 14, 15


@pytest.fixture
def laos(db):
    return [factories.make_plan(lao=factories.make_lao(name=f"ลำดับ{n}")).lao for n in range(1, 5)]


@pytest.fixture
def officer_client(officer, as_user):
    return as_user(officer)


class Form:
    """The downloaded form, as a spreadsheet program holds it."""

    def __init__(self, client, *, mend=None, **address):
        response = client.get(MEND.format(mend.pk) if mend else TEMPLATE, address)
        self.book = load_workbook(io.BytesIO(response.content))
        self.sheet = self.book["คะแนน"]

    def row(self, lao):
        """The number of the row of `lao`."""
        return next(n for n in range(FIRST, self.sheet.max_row + 1) if self.sheet.cell(n, CODE).value == lao.code)

    def type(self, lao, column, *values):
        """Fill cells of the row of `lao` from `column` on."""
        for offset, value in enumerate(values):
            self.sheet.cell(self.row(lao), column + offset).value = value

    def stamp(self, key, value):
        """Forge a line of the hidden sheet."""
        for line in self.book["_eplan"].iter_rows():
            if line[0].value == key:
                line[1].value = value

    def file(self):
        """The form as an upload."""
        content = io.BytesIO()
        self.book.save(content)
        return SimpleUploadedFile("คะแนน.xlsx", content.getvalue())

    def send(self, client, **address):
        """Send it and follow to the preview."""
        return client.post(f"{UPLOAD}?{urlencode(address)}", {"file": self.file()}, follow=True)


def test_the_form_holds_what_is_known_and_locks_the_rest(officer_client, laos):
    give(laos[0].plans.get(), "SAR", 40, 30, 20)
    give(laos[0].plans.get(), "NACC", 0, 0, 0, 0, total=188)
    form = Form(officer_client)
    row = form.row(laos[0])
    values = [form.sheet.cell(row, column).value for column in range(1, 15)]
    assert values[:4] == [laos[0].code, str(laos[0]), "อ่าวลึก", 2561]
    assert values[4:9] == [40, 30, 20, None, f'=IF(COUNT(E{row}:H{row})=0,"",SUM(E{row}:H{row}))']
    assert values[9:] == [0, 0, 0, 0, 188]
    assert form.sheet.protection.sheet
    assert form.sheet.cell(row, CODE).protection.locked
    assert form.sheet.cell(row, CODE).number_format == "@"
    assert not form.sheet.cell(row, SAR).protection.locked
    assert form.book["_eplan"].sheet_state == "hidden"


def test_a_form_sent_back_as_it_came_changes_nothing(officer_client, laos):
    give(laos[0].plans.get(), "NACC", 0, 0, 0, 0, total=188)
    upload = Form(officer_client).send(officer_client).context["upload"]
    assert (upload.good, upload.problems, upload.unchanged) == ([], [], 4)


def test_good_rows_are_saved_on_the_word_and_bad_ones_are_listed(officer_client, laos):
    form = Form(officer_client)
    form.type(laos[0], SAR, "๔๐", "1,000", 20.5, 0)
    form.type(laos[1], NACC, 40, "สี่สิบ")
    form.type(laos[2], SAR, 40, 30, 20, 10, 188)
    form.type(laos[3], YEAR, 2570)
    preview = form.send(officer_client)
    assert not Score.objects.exists()
    rows = {lao: form.row(lao) for lao in laos}
    assert [
        tuple(problem[key] for key in ("row", "name", "column", "value", "reason"))
        for problem in preview.context["upload"].problems
    ] == sorted(
        [
            (rows[laos[1]], str(laos[1]), "K ผลประเมิน มิติที่ 2", "สี่สิบ", "อ่านเป็นคะแนนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 42.5"),
            (
                rows[laos[2]],
                str(laos[2]),
                "I คะแนน SAR รวม",
                "188",
                "ผลรวมของมิติคือ 100 ไม่ใช่ 188: แก้คะแนนรายมิติ หรือเว้นช่องรวมว่างให้ระบบรวมเอง",
            ),
            (rows[laos[3]], str(laos[3]), "D ผ่านเกณฑ์มาตรฐานปีงบประมาณ", "2570", "ต้องเป็นปีของแผนนี้: 2561 ถึง 2564"),
        ]
    )
    page = preview.content.decode()
    assert "บันทึกได้ 1 แถว · ต้องแก้ไข 3 แถว" in page
    assert "คะแนน SAR มิติที่ 2: - → 1,000" in page
    address = preview.redirect_chain[-1][0]
    for _ in range(2):  # the second word acts no more
        done = officer_client.post(address, follow=True)
        assert "บันทึกผลการประเมินจากไฟล์แล้ว 1 อปท." in done.content.decode()
    assert stored(laos[0].plans.get(), "SAR") == {1: 40, 2: 1000, 3: 20.5, 4: 0}
    assert ScoreChange.objects.count() == 1


def test_a_change_of_what_was_published_asks_for_a_reason_before_anything_is_saved(officer_client, laos):
    give(laos[0].plans.get(), "SAR", 40)
    form = Form(officer_client)
    form.type(laos[0], SAR, 41)
    form.type(laos[1], SAR, 7)
    address = form.send(officer_client).redirect_chain[-1][0]
    assert officer_client.post(address).status_code == 409
    assert stored(laos[1].plans.get(), "SAR") == {}
    officer_client.post(address, {"reason": "ตามหนังสือที่ 12"})
    assert stored(laos[0].plans.get(), "SAR") == {1: 41}
    assert {change.reason for change in ScoreChange.objects.all()} == {"ตามหนังสือที่ 12"}


def test_what_others_saved_since_the_form_was_made_is_not_overwritten(officer_client, laos, as_user):
    form = Form(officer_client)
    other = as_user(factories.make_officer("CENTRAL"))
    for lao in laos[:2]:
        other.post(f"/scores/entry/{lao.code}/", typed(nacc="50 - - - -"))
    form.type(laos[0], NACC, 45)
    upload = form.send(officer_client).context["upload"]
    assert upload.good == []
    [problem] = upload.problems
    assert problem["name"] == str(laos[0])
    assert "ผลประเมิน มิติที่ 1: ในระบบขณะนี้ “50” / ในไฟล์ “45”" in problem["reason"]
    assert upload.unchanged == 3  # among them the one that nobody touched here
    again = Form(officer_client, mend=upload)
    address = again.send(officer_client).redirect_chain[-1][0]
    officer_client.post(address, {"reason": "ตรวจแล้ว"})
    assert stored(laos[0].plans.get(), "NACC") == {1: 45}
    assert stored(laos[1].plans.get(), "NACC") == {1: 50}


def test_bad_rows_come_back_as_a_form_that_says_what_to_mend(officer_client, laos):
    form = Form(officer_client)
    form.type(laos[0], SAR, 40)
    form.type(laos[1], SAR, "สี่สิบ", "๓๐", None, None, 30)  # the last is what Excel had summed up
    form.type(laos[2], NACC, 1, 2, 3, 4, 188)
    code = form.sheet.cell(form.row(laos[3]), CODE)
    form.type(laos[3], YEAR, 2570)
    code.value = "๑๒"
    preview = form.send(officer_client)
    again = Form(officer_client, mend=preview.context["upload"])
    assert again.sheet.max_row == FIRST + 2
    rows = {lao: again.row(lao) for lao in laos[1:3]}
    said = again.sheet.cell(rows[laos[1]], PROBLEMS).value
    assert said == "E คะแนน SAR มิติที่ 1: อ่านเป็นคะแนนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 42.5"
    values = [again.sheet.cell(rows[laos[1]], column).value for column in range(1, SAR_TOTAL)]
    assert values == [laos[1].code, str(laos[1]), "อ่าวลึก", 2561, "สี่สิบ", 30, None, None]
    assert again.sheet.cell(rows[laos[1]], SAR_TOTAL).value.startswith("=IF(COUNT(")
    assert again.sheet.cell(rows[laos[2]], NACC_TOTAL).value == 188
    lost = again.sheet.cell(FIRST + 2, CODE)
    assert (lost.value, lost.protection.locked) == ("๑๒", False)
    assert again.sheet.cell(FIRST + 2, SAR_TOTAL).data_type == "f"
    again.type(laos[1], SAR, 20)
    again.type(laos[2], NACC_TOTAL, None)
    lost.value = laos[3].code
    again.type(laos[3], YEAR, 2562)
    officer_client.post(again.send(officer_client).redirect_chain[-1][0], {"reason": "ผ่านภายหลัง"})
    assert stored(laos[1].plans.get(), "SAR") == {1: 20, 2: 30}
    assert stored(laos[2].plans.get(), "NACC") == {1: 1, 2: 2, 3: 3, 4: 4}
    assert laos[3].plans.get().passed_in == 2562
    assert not stored(laos[0].plans.get(), "SAR")  # its word was never said


def test_a_row_whose_code_was_mended_is_still_held_against_what_others_saved(officer_client, laos, as_user):
    form = Form(officer_client)
    form.type(laos[0], SAR, 40)
    form.sheet.cell(form.row(laos[0]), CODE).value = "9999999"
    as_user(factories.make_officer("CENTRAL")).post(f"/scores/entry/{laos[0].code}/", typed(sar="50 - - - -"))
    again = Form(officer_client, mend=form.send(officer_client).context["upload"])
    again.sheet.cell(FIRST, CODE).value = laos[0].code
    upload = again.send(officer_client).context["upload"]
    assert upload.good == []
    assert "ในระบบขณะนี้ “50” / ในไฟล์ “40”" in upload.problems[0]["reason"]


def test_there_is_no_form_to_mend_where_nothing_is_wrong_nor_for_others(officer_client, laos, as_user):
    form = Form(officer_client)
    form.type(laos[0], SAR, 40)
    good = form.send(officer_client).context["upload"]
    assert officer_client.get(MEND.format(good.pk)).status_code == 404
    form.type(laos[1], SAR, "สี่สิบ")
    mixed = form.send(officer_client).context["upload"]
    assert officer_client.get(MEND.format(mixed.pk)).status_code == 200
    for stranger in (factories.make_officer(), factories.make_officer("CENTRAL")):
        assert as_user(stranger).get(MEND.format(mixed.pk)).status_code == 404


def test_what_others_save_while_the_preview_waits_is_left_out_and_said(officer_client, laos, as_user):
    form = Form(officer_client)
    form.type(laos[0], NACC, 45)
    form.type(laos[1], NACC, 46)
    address = form.send(officer_client).redirect_chain[-1][0]
    as_user(factories.make_officer("CENTRAL")).post(f"/scores/entry/{laos[0].code}/", typed(nacc="50 - - - -"))
    done = officer_client.post(address, follow=True)
    assert f"แถวที่ {form.row(laos[0])} {laos[0]}: ไม่ได้บันทึก" in done.content.decode()
    assert stored(laos[0].plans.get(), "NACC") == {1: 50}
    assert stored(laos[1].plans.get(), "NACC") == {1: 46}


def test_plans_pass_by_excel_and_years_in_use_are_explained(officer_client, laos):
    new = factories.make_lao(name="ยังไม่มีแผน")
    factories.make_project(laos[0].plans.get(), years=[2561, 2563])
    form = Form(officer_client)
    form.type(new, YEAR, 2562)
    form.type(laos[0], YEAR, 2563)
    preview = form.send(officer_client)
    [problem] = preview.context["upload"].problems
    assert problem["name"] == str(laos[0])
    assert "ปีงบประมาณ 2561 แล้ว" in problem["reason"]
    officer_client.post(preview.redirect_chain[-1][0])
    assert new.plans.get().passed_in == 2562


def test_the_region_does_not_change_the_year_of_passing(as_user, laos):
    client = as_user(factories.make_officer("REGION"))
    form = Form(client, province="81")
    form.type(laos[0], YEAR, 2562)
    form.type(laos[1], SAR, 1)
    preview = form.send(client, province="81")
    [problem] = preview.context["upload"].problems
    assert problem["reason"] == imports.NOT_YOURS
    client.post(preview.redirect_chain[-1][0])
    assert Plan.objects.get(lao=laos[0]).passed_in == 2561
    assert stored(laos[1].plans.get(), "SAR") == {1: 1}


def test_codes_are_found_as_numbers_and_strange_ones_are_listed(officer_client, laos):
    form = Form(officer_client)
    rows = [form.row(lao) for lao in laos]
    form.sheet.cell(rows[0], CODE).value = int(laos[0].code)
    form.sheet.cell(rows[0], SAR).value = 5
    form.sheet.cell(rows[1], CODE).value = "9999999"
    form.sheet.cell(rows[2], CODE).value = "๑๒"
    form.sheet.cell(rows[3], CODE).value = laos[0].code
    upload = form.send(officer_client).context["upload"]
    assert [row["pk"] for row in upload.good] == [laos[0].pk]
    assert [(p["row"], p["value"]) for p in upload.problems] == [
        (rows[1], "9999999"),
        (rows[2], "๑๒"),
        (rows[3], laos[0].code),
    ]
    assert f"ซ้ำกับแถวที่ {rows[0]}" in upload.problems[2]["reason"]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("what", "x", "ไม่ใช่แบบฟอร์มที่ดาวน์โหลดจากระบบ"),
        ("what", "projects", "ไฟล์นี้เป็นแบบฟอร์มโครงการ ไม่ใช่แบบฟอร์มผลการประเมิน"),
        ("edition", "0", "แบบฟอร์มนี้เป็นรุ่นเก่า"),
        ("province", "30", "แบบฟอร์มนี้เป็นของจังหวัดกระบี่ ไม่ใช่"),
        ("period", "2566-2570", "แบบฟอร์มนี้เป็นของแผน พ.ศ. 2566-2570 ไม่ใช่แผน พ.ศ. 2561-2564"),
    ],
)
def test_a_form_of_something_else_is_refused_with_its_own_sentence(officer_client, laos, key, value, sentence):
    form = Form(officer_client)
    form.stamp(key, value)
    answer = form.send(officer_client)
    assert sentence in answer.context["form"].errors["file"][0]
    assert not ScoreUpload.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "ไฟล์นี้ว่างเปล่า"), (b"\x89PNG\r\n", "เป็นรูปภาพ"), (b"PK\x03\x04", "ไฟล์นี้เสียหาย"), (b"x", "เป็นข้อความ")],
)
def test_what_is_no_form_is_refused_at_the_field(officer_client, laos, content, sentence):
    answer = officer_client.post(UPLOAD, {"file": SimpleUploadedFile("คะแนน.xlsx", content)})
    assert sentence in answer.context["form"].errors["file"][0]


def test_sending_no_file_is_answered_at_the_field(officer_client, laos):
    assert officer_client.post(UPLOAD).context["form"].errors["file"] == ["กรุณาเลือกไฟล์"]


def test_a_preview_is_its_senders_alone(officer_client, laos, as_user, clerk_client):
    form = Form(officer_client)
    form.type(laos[0], SAR, 5)
    address = form.send(officer_client).redirect_chain[-1][0]
    for client in (as_user(factories.make_officer()), as_user(factories.make_officer("CENTRAL")), clerk_client):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert not Score.objects.exists()


def test_provinces_outside_the_area_and_clerks_get_no_form(officer_client, laos, clerk_client):
    factories.make_province("30", "นครราชสีมา", 3)
    for address in (TEMPLATE, UPLOAD):
        assert officer_client.get(address, {"province": "30"}).status_code == 404
        assert clerk_client.get(address).status_code == 404


def test_an_upload_left_unconfirmed_for_a_day_is_dropped_by_the_next(officer):
    period = factories.make_period()
    reading = Reading("", {}, {}, {})
    where = {"by": officer, "province": officer.province, "period": period, "reading": reading}
    old, done, fresh = (
        keep_upload(ScoreUpload, file_name=f"{name}.xlsx", **where) for name in ("old", "done", "fresh")
    )
    long_ago = timezone.now() - timedelta(days=2)
    ScoreUpload.objects.filter(pk__in=[old.pk, done.pk]).update(made_at=long_ago)
    ScoreUpload.objects.filter(pk=done.pk).update(outcome={"saved": 0, "left_out": []})
    newest = keep_upload(ScoreUpload, file_name="newest.xlsx", **where)
    assert set(ScoreUpload.objects.values_list("pk", flat=True)) == {done.pk, fresh.pk, newest.pk}
