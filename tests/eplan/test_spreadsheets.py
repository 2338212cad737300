import csv
import io
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from operator import itemgetter
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from eplan.spreadsheets import CONTENT_TYPE, Column, Sheet, display_width, workbook_response

COLUMNS = [
    Column("ลำดับที่", itemgetter("n"), "number"),
    Column("รหัส", itemgetter("code"), "code"),
    Column("ชื่อโครงการ", itemgetter("name")),
    Column("ตามแผนฯ", itemgetter("plan"), "money", group="จำนวนงบประมาณ"),
    Column("ตามข้อบัญญัติ/เทศบัญญัติ", itemgetter("ordinance"), "money", group="จำนวนงบประมาณ"),
    Column("ร้อยละ", itemgetter("percent"), "percent"),
    Column("วันที่", itemgetter("day"), "date"),
    Column("บันทึกเมื่อ", itemgetter("moment"), "datetime"),
]
ROW = {
    "n": 1234,
    "code": "0810501",
    "name": "โครงการน้ำใสใจสะอาด",
    "plan": Decimal("250000.50"),
    "ordinance": Decimal(0),
    "percent": Decimal("87.50"),
    "day": date(2019, 1, 5),
    "moment": datetime(2019, 1, 5, 18, 30, tzinfo=UTC),
}
EMPTY = dict.fromkeys(ROW) | {"n": 2, "code": "5810501", "name": "ไม่มีข้อมูล"}


def made(*rows, **options):
    """The response with one sheet of `rows`."""
    sheet = Sheet(
        name="สถานะโครงการ",
        title_lines=["รายงานสรุปสถานะโครงการ", "ปีงบประมาณ 2562"],
        columns=options.pop("columns", COLUMNS),
        rows=rows,
        notes=["ร้อยละ = คะแนน ÷ จำนวนโครงการ × 100"],
        **options,
    )
    return workbook_response(file_name="รายงานสรุปสถานะโครงการ 2562", sheets=[sheet])


def reopened(response):
    """The first sheet of the response, read again."""
    return load_workbook(io.BytesIO(response.content)).worksheets[0]


def test_the_file_has_a_thai_name_and_a_plain_one_for_old_programs():
    response = made(ROW)
    assert response["Content-Type"] == CONTENT_TYPE
    plain, thai = response["Content-Disposition"].removeprefix("attachment; ").split("; ")
    assert plain == 'filename="e-plannacc.xlsx"'
    assert unquote(thai) == "filename*=UTF-8''รายงานสรุปสถานะโครงการ 2562.xlsx"
    assert thai.isascii()


def test_a_file_name_can_neither_leave_its_folder_nor_its_header():
    response = workbook_response(file_name='ก/../ข"\r\nSet-Cookie: x', sheets=[Sheet("ก", [], COLUMNS, [])])
    assert unquote(response["Content-Disposition"]).endswith("ก-..-ข- Set-Cookie- x.xlsx")


def test_values_keep_their_kind():
    n, code, name, plan, ordinance, percent, day, moment = reopened(made(ROW))[5]
    assert (n.value, n.number_format) == (1234, "#,##0")
    assert (code.value, code.data_type, code.number_format) == ("0810501", "s", "@")
    assert name.value == "โครงการน้ำใสใจสะอาด"
    assert (plan.value, plan.number_format) == (250000.5, "#,##0.00")
    assert (ordinance.value, ordinance.data_type) == (0, "n")
    assert (percent.value, percent.number_format) == (87.5, "0.00")
    assert (day.is_date, day.value.isoformat()) == (True, "2019-01-05T00:00:00")
    assert moment.value.isoformat() == "2019-01-06T01:30:00", "as clocks in Bangkok show it"


def test_nothing_is_an_empty_cell_but_a_missing_percent_is_a_dash():
    values = [cell.value for cell in reopened(made(EMPTY))[5]]
    assert values == [2, "5810501", "ไม่มีข้อมูล", None, None, "-", None, None]


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://example.com")', "+66", "-", "@SUM(A1)", "#N/A", " =2"])
def test_typed_text_never_becomes_a_formula(text):
    cell = reopened(made(ROW | {"name": text}))["C5"]
    assert (cell.value, cell.data_type) == (text.strip(), "s")
    assert cell.quotePrefix == (text[0] != "#")


def test_characters_that_xml_forbids_are_left_out():
    assert reopened(made(ROW | {"name": "ก\x00\x0b\x1b\ufffe\ud800ข"}))["C5"].value == "ก\nข"


def test_headings_stand_in_two_levels():
    sheet = reopened(made(ROW))
    assert [cell.value for cell in sheet[3]][:5] == ["ลำดับที่", "รหัส", "ชื่อโครงการ", "จำนวนงบประมาณ", None]
    assert [cell.value for cell in sheet[4]][3:5] == ["ตามแผนฯ", "ตามข้อบัญญัติ/เทศบัญญัติ"]
    assert {"D3:E3", "A3:A4", "H3:H4"} <= {str(merged) for merged in sheet.merged_cells.ranges}


def test_headings_without_groups_stand_in_one_level():
    sheet = reopened(made(ROW, columns=COLUMNS[:3]))
    assert sheet["A4"].value == 1234
    assert sheet.freeze_panes == "A4"


def test_headings_stay_in_view_and_on_every_printed_page():
    sheet = reopened(made(ROW))
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$3:$4"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert reopened(made(ROW, landscape=False)).page_setup.orientation == "portrait"


def test_titles_stand_above_and_notes_below_the_table():
    sheet = reopened(made(ROW, EMPTY))
    assert (sheet["A1"].value, sheet["A2"].value) == ("รายงานสรุปสถานะโครงการ", "ปีงบประมาณ 2562")
    assert sheet["A8"].value == "ร้อยละ = คะแนน ÷ จำนวนโครงการ × 100"


def test_columns_are_as_wide_as_thai_text_looks():
    assert display_width("น้ำใสที่กี่") == 6
    sheet = reopened(made(ROW | {"name": "ที่" * 30}))
    assert 32 <= sheet.column_dimensions["C"].width <= 34
    assert reopened(made(ROW | {"name": "ก" * 5000})).column_dimensions["C"].width <= 62


def test_rows_are_as_high_as_their_text_needs():
    sheet = reopened(made(ROW, ROW | {"name": "ก" * 150}, ROW | {"name": "ก\nข"}))
    one, three, two = (sheet.row_dimensions[number].height for number in (5, 6, 7))
    assert (three, two) == (3 * one, 2 * one)
    assert reopened(made(ROW | {"name": "ก\n" * 99})).row_dimensions[5].height <= 409
    narrow = reopened(made(ROW, columns=[Column("หัวตารางที่ ยาวกว่า คอลัมน์", itemgetter("n"), "number")]))
    assert narrow.row_dimensions[3].height == 3 * one


def test_every_sheet_is_written_under_a_name_that_excel_takes():
    names = count(1)
    sheets = [Sheet(f"แผน/ข้อบัญญัติ [{next(names)}] " + "ก" * 40, [], COLUMNS, [ROW]) for _ in range(2)]
    workbook = load_workbook(io.BytesIO(workbook_response(file_name="x", sheets=sheets).content))
    assert workbook.sheetnames == ["แผน-ข้อบัญญัติ -1- " + "ก" * 12, "แผน-ข้อบัญญัติ -2- " + "ก" * 12]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_reads_the_file_and_shows_buddhist_years(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(made(ROW, ROW | {"name": "=1+1"}).content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", tmp_path, tmp_path / "report.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    rows = list(csv.reader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[4] == [
        "1,234", "0810501", "โครงการน้ำใสใจสะอาด", "250,000.50", "0.00", "87.50", "5 ม.ค. 2562", "6 ม.ค. 2562 01:30",
    ]  # fmt: skip
    assert rows[5][2] == "=1+1"
