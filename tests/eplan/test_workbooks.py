"""The reader of what people send back: forgiving about how it was made, strict about what it is."""

import io
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from eplan import workbooks
from eplan.spreadsheets import Column, Formula, Sheet, workbook_response
from eplan.workbooks import WorkbookError, read_workbook, stamp_of, table_of

HEADINGS = {"code": "รหัส อปท.", "points": "คะแนน", "total": "รวม"}
COLUMNS = [
    Column("รหัส อปท.", lambda row: row[0], "code"),
    Column("คะแนน", lambda row: row[1], "points", typed=True),
    Column("รวม", lambda row: row[2], "points", typed=True),
]


def upload(content, name="แบบฟอร์ม.xlsx"):
    return SimpleUploadedFile(name, content)


def form(*rows, stamp=None):
    sheet = Sheet("คะแนน", ["แบบฟอร์ม", "จังหวัดกระบี่"], COLUMNS, rows)
    return workbook_response(file_name="x", sheets=[sheet], stamp=stamp or {"what": "scores"}).content


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(*rows, title=None):
    """A workbook of plain rows, as another program would write it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def read(content):
    return table_of(read_workbook(upload(content)), HEADINGS)


def texts(table):
    return [(row.number, *row.texts.values()) for row in table.rows]


def repacked(content, **parts):
    """The archive with parts (their names spelt with __ for / and _dot_ for .) put in or replaced."""
    fresh = io.BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in [*(set(old.namelist()) - set(new)), *new]:
            archive.writestr(name, new.get(name) or old.read(name))
    return fresh.getvalue()


def test_what_was_written_is_read_back_with_the_rows_of_the_sheet():
    table = read(form(("0810501", 40, None), ("6810507", None, 188)))
    assert table.sheet == "คะแนน"
    assert table.letters == {"code": "A", "points": "B", "total": "C"}
    assert texts(table) == [(4, "0810501", "40", ""), (5, "6810507", "", "188")]


def test_the_stamp_is_read_back_as_text():
    assert stamp_of(read_workbook(upload(form(stamp={"what": "scores", "edition": 1})))) == {
        "what": "scores",
        "edition": "1",
    }


def test_the_sheet_is_locked_but_for_what_is_typed():
    sheet = load_workbook(io.BytesIO(form(("0810501", 40, None)))).worksheets[0]
    assert sheet.protection.sheet
    assert [sheet.cell(4, column).protection.locked for column in (1, 2, 3)] == [True, False, False]
    assert load_workbook(io.BytesIO(form())).worksheets[1].sheet_state == "hidden"


def test_columns_and_sheets_may_stand_in_another_order():
    book = Workbook()
    book.active.append(["อื่นๆ"])
    sheet = book.create_sheet("สำเนา")
    for row in (["หัวเรื่อง"], [], ["รวม", "หมายเหตุ", "คะแนน *", "รหัส  อปท."], [1, "x", 2, "5810501"], [], [3]):
        sheet.append(row)
    table = read(saved(book))
    assert table.sheet == "สำเนา"
    assert texts(table) == [(4, "5810501", "2", "1"), (6, "", "", "3")]


def test_numbers_read_as_one_would_type_them():
    rows = [5810501, 30.1, 0.1 + 0.2], [5810502.0, True, 1e15], ["๕๘๑๐๕๐๓", "๑,๐๐๐", date(2019, 1, 5)]
    assert texts(read(cells(list(HEADINGS.values()), *rows))) == [
        (2, "5810501", "30.1", "0.3"),
        (3, "5810502", "TRUE", "1000000000000000"),
        (4, "๕๘๑๐๕๐๓", "๑,๐๐๐", "5/1/2562"),
    ]


def test_merged_titles_and_blank_formatted_rows_are_passed_over():
    book = load_workbook(io.BytesIO(form(("0810501", 40, None))))
    sheet = book.worksheets[0]
    sheet.insert_rows(1)
    sheet.merge_cells("A1:C1")
    sheet["A1"] = "หนังสือส่ง"
    for row in range(40, 60):
        sheet.cell(row, 2).number_format = "0.00"
    assert texts(read(saved(book))) == [(5, "0810501", "40", "")]


def test_a_formula_stands_with_its_value_and_else_with_itself():
    content = form(("0810501", 40, Formula("SUM(B{row}:B{row})")))
    assert texts(read(content)) == [(4, "0810501", "40", "=SUM(B4:B4)")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    computed = sheet.replace("<f>SUM(B4:B4)</f><v />", "<f>SUM(B4:B4)</f><v>40</v>")
    computed = computed.replace("<f>SUM(B4:B4)</f><v></v>", "<f>SUM(B4:B4)</f><v>40</v>")
    assert computed != sheet
    assert texts(read(repacked(content, xl__worksheets__sheet1_dot_xml=computed))) == [(4, "0810501", "40", "40")]


def test_a_wrong_dimension_hides_nothing():
    content = cells(list(HEADINGS.values()), ["5810501", 1, 2])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ref="A1:C2"' in sheet
    lying = sheet.replace('ref="A1:C2"', 'ref="A1"')
    assert texts(read(repacked(content, xl__worksheets__sheet1_dot_xml=lying))) == [(2, "5810501", "1", "2")]


def test_a_missing_heading_is_named():
    with pytest.raises(WorkbookError, match="ไม่พบหัวตาราง “รวม”"):
        read(cells(["รหัส อปท.", "คะแนน"], ["5810501", 1]))


def sheet_of(body):
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{body}</sheetData></worksheet>"
    )


def entity_bomb():
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{lines}]><sst>&a8;</sst>'


def cut_off():
    content = form(("0810501", 40, None))
    return content[: len(content) // 2]


def broken_inside():
    return repacked(form(("0810501", 40, None)), xl__workbook_dot_xml="<workbook><sheets>")


STRANGE = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId99"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></sheets></workbook>'
)


def strange_inside():
    return repacked(form(("0810501", 40, None)), xl__workbook_dot_xml=STRANGE)


def word():
    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return fresh.getvalue()


def far_down():
    book = Workbook()
    book.active.cell(1_000_000, 1, "x")
    return saved(book)


MUST_FAIL = {
    "empty.xlsx": (lambda: b"", workbooks.EMPTY),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, workbooks.OLD_EXCEL),
    "password.xlsx": (
        lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
        workbooks.LOCKED,
    ),
    "picture.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, workbooks.PICTURE),
    "photo.xlsx": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 99, workbooks.PICTURE),
    "paper.xlsx": (lambda: b"%PDF-1.7\n", workbooks.PDF),
    "text.xlsx": (lambda: "รหัส,คะแนน\n".encode(), workbooks.TEXT),
    "word.xlsx": (word, workbooks.WORD),
    "macros.xlsx": (lambda: repacked(cells(["x"]), xl__vbaProject_dot_bin="x"), workbooks.MACROS),
    "large.xlsx": (lambda: b"PK" + b"\0" * workbooks.LARGEST_FILE, workbooks.TOO_LARGE),
    "cut_off.xlsx": (cut_off, workbooks.DAMAGED),
    "broken.xlsx": (broken_inside, workbooks.DAMAGED),
    "strange.xlsx": (strange_inside, workbooks.DAMAGED),
    "zip_bomb.xlsx": (
        lambda: repacked(cells(["x"]), xl__worksheets__sheet1_dot_xml=" " * 100 * 1024 * 1024),
        workbooks.TOO_MUCH_INSIDE,
    ),
    "entity_bomb.xlsx": (
        lambda: repacked(cells(["x"]), xl__sharedStrings_dot_xml=entity_bomb()),
        workbooks.UNSAFE,
    ),
    "endless_row.xlsx": (
        lambda: repacked(
            cells(["x"]), xl__worksheets__sheet1_dot_xml=sheet_of(f"<row>{'<c><v>1</v></c>' * 400_000}</row>")
        ),
        workbooks.TOO_MUCH_INSIDE,
    ),
    "many_cells.xlsx": (
        lambda: repacked(cells(["x"]), xl__worksheets__sheet1_dot_xml=sheet_of("<row><c><v>1</v></c></row>" * 200_000)),
        workbooks.TOO_MUCH_INSIDE,
    ),
    "styles_bomb.xlsx": (
        lambda: repacked(cells(["x"]), xl__styles_dot_xml=f"<styleSheet>{'<a/>' * 200_000}</styleSheet>"),
        workbooks.TOO_MUCH_INSIDE,
    ),
    "far_down.xlsx": (far_down, workbooks.TOO_MANY_ROWS),
}


@pytest.mark.parametrize("name", MUST_FAIL)
def test_each_file_that_must_fail_says_why(name, tmp_path):
    """Made as a file, read as an upload: refused with its own sentence, within 5 seconds and 100 MB."""
    make, sentence = MUST_FAIL[name]
    path = tmp_path / name
    path.write_bytes(make())
    file = upload(path.read_bytes(), name)
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookError) as refusal:
            read_workbook(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(refusal.value) == sentence
    assert peak < 100 * 1024 * 1024


def test_a_workbook_of_someone_else_is_not_ours():
    for step in (stamp_of, lambda sheets: table_of(sheets, HEADINGS)):
        with pytest.raises(WorkbookError, match="ไม่ใช่แบบฟอร์มที่ดาวน์โหลดจากระบบ"):
            step(read_workbook(upload(cells(["ชื่อ", "ที่อยู่"]))))


def test_the_largest_table_that_is_taken_stays_within_its_bounds():
    content = cells(list(HEADINGS.values()), *([f"58{n:05}", n, n] for n in range(19_999)))
    tracemalloc.start()
    rows = read(content).rows
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows) == 19_999
    assert peak < 100 * 1024 * 1024


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_what_libreoffice_saved_again_is_read_with_its_sums(tmp_path):
    (tmp_path / "form.xlsx").write_bytes(form(("0810501", 40, Formula("SUM(B{row}:B{row})")), ("6810507", None, 188)))
    (tmp_path / "saved").mkdir()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", tmp_path / "saved", tmp_path / "form.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    content = (tmp_path / "saved" / "form.xlsx").read_bytes()
    assert texts(read(content)) == [(4, "0810501", "40", "40"), (5, "6810507", "", "188")]
    assert stamp_of(read_workbook(upload(content))) == {"what": "scores"}
