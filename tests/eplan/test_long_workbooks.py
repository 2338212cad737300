import csv
import io
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook

from eplan import long_workbooks
from eplan.long_workbooks import EMPTY_CELL, cell, long_workbook_response, stream_workbook
from eplan.spreadsheets import Column, Sheet

COLUMNS = [
    ("รหัส อปท.", "code"),
    ("ชื่อ", "text"),
    ("งบประมาณ (บาท)", "money"),
    ("รายงานเมื่อ", "datetime"),
    ("นับ", "boolean"),
]
NOTES = [["ข้อมูล ณ 5 ม.ค. 2562"], ["คอลัมน์", "ชื่อ", "ความหมาย"]]


def row(*values):
    """A row's XML as bytes; None is an empty cell."""
    cells = "".join(
        EMPTY_CELL if value is None else escape(str(value)).replace("\n", "&#10;").join(cell(kind))
        for value, (_, kind) in zip(values, COLUMNS, strict=True)
    )
    return f"<row>{cells}</row>\n".encode()


FULL = ("0810501", "โครงการ & <น้ำใสใจสะอาด>\nระยะที่ 2", "250000.50", "43471.0625", 1)


def made(*blocks):
    return b"".join(stream_workbook("โครงการ", COLUMNS, blocks, NOTES))


def opened(content):
    return load_workbook(io.BytesIO(content))


def test_codes_texts_amounts_moments_and_truths_come_back_as_they_are():
    book = opened(made(row(*FULL), row(*[None] * 5)))
    sheet = book["โครงการ"]
    assert [heading.value for heading in sheet[1]] == [heading for heading, _ in COLUMNS]
    assert [value.value for value in sheet[2]] == [
        "0810501", "โครงการ & <น้ำใสใจสะอาด>\nระยะที่ 2", 250000.5, datetime(2019, 1, 6, 1, 30), True,  # noqa: DTZ001  spreadsheets know no zones
    ]  # fmt: skip
    assert [value.value for value in sheet[3]] == [None] * 5
    assert [sheet.cell(2, number).number_format for number in (1, 3, 4)] == [
        "@", "#,##0.00", "[$-107041E]d mmm yyyy hh:mm;@",
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E3")
    assert [line[0].value for line in book["คำอธิบาย"]] == ["ข้อมูล ณ 5 ม.ค. 2562", "คอลัมน์"]


@pytest.mark.parametrize("text", ["=1+1", "+66", "-", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "00123", "TRUE"])
def test_a_text_stays_a_text_whatever_it_begins_with(text):
    found = opened(made(row("1", text, None, None, None)))["โครงการ"].cell(2, 2)
    assert (found.value, found.data_type) == (text, "s")


def test_a_table_without_rows_is_a_sheet_with_headings():
    book = opened(made())
    assert book.sheetnames == ["โครงการ", "คำอธิบาย"]
    assert book["โครงการ"].max_row == 1


def test_what_xml_cannot_hold_is_left_out():
    found = opened(made(row("1", "ก\x01\x0b\ufffeข\uffff", None, None, None)))
    assert found["โครงการ"].cell(2, 2).value == "กข"


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
def test_rows_go_on_in_a_further_sheet_where_one_is_full(monkeypatch, size):
    """Blocks may end anywhere in a row."""
    monkeypatch.setattr(long_workbooks, "MOST_ROWS", 4)
    content = b"".join(row(number, None, None, None, None) for number in range(8))
    book = opened(made(*(content[at : at + size] for at in range(0, len(content), size))))
    assert book.sheetnames == ["โครงการ", "โครงการ (2)", "โครงการ (3)", "คำอธิบาย"]
    rows = [[line[0] for line in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book.worksheets[:-1]]
    assert rows == [["0", "1", "2"], ["3", "4", "5"], ["6", "7"]]
    assert [sheet.auto_filter.ref for sheet in book.worksheets[:-1]] == ["A1:E4", "A1:E4", "A1:E3"]


def test_a_full_sheet_is_the_last_where_nothing_follows(monkeypatch):
    monkeypatch.setattr(long_workbooks, "MOST_ROWS", 3)
    assert opened(made(row(*FULL) * 2)).sheetnames == ["โครงการ", "คำอธิบาย"]


def test_a_sheet_never_grows_beyond_what_old_programs_read(monkeypatch):
    monkeypatch.setattr(long_workbooks, "MOST_BYTES", 1000)
    book = opened(made(*[row(*FULL)] * 9))
    assert len(book.worksheets) > 3
    assert sum(sheet.max_row - 1 for sheet in book.worksheets[:-1]) == 9


def test_bytes_leave_long_before_the_last_row_is_there():
    taken = []

    def rows():
        for number in range(40_000):
            taken.append(number)
            yield row(str(number * 7919 % 10_000_019), str(number), None, None, None)

    parts = stream_workbook("โครงการ", COLUMNS, rows(), NOTES)
    next(parts)
    assert len(taken) < 20_000


def test_no_part_needs_more_than_the_oldest_zip_format():
    with zipfile.ZipFile(io.BytesIO(made(row(*FULL)))) as archive:
        assert archive.testzip() is None
        assert {part.extract_version for part in archive.infolist()} == {20}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_reads_the_file_and_shows_buddhist_years(tmp_path):
    (tmp_path / "long.xlsx").write_bytes(made(row(*FULL), row("1", "=1+1", "0", None, 0)))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", tmp_path, tmp_path / "long.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    rows = list(csv.reader(io.StringIO((tmp_path / "long.csv").read_text(encoding="utf-8"))))
    assert rows[1] == ["0810501", "โครงการ & <น้ำใสใจสะอาด>\nระยะที่ 2", "250,000.50", "6 ม.ค. 2562 01:30", "TRUE"]
    assert rows[2] == ["1", "=1+1", "0.00", "", "FALSE"]


def test_a_sheet_of_a_screen_becomes_a_long_one_with_the_same_values():
    rows = [("0810501", "=1+1\nสอง", date(2019, 3, 31), None, Decimal("12.5")), (None,) * 5]
    kinds = ("code", "text", "date", "percent", "money")
    columns = [Column(kind, lambda row, place=place: row[place], kind) for place, kind in enumerate(kinds)]
    sheet = Sheet(name="2562", title_lines=["ติดตาม"], columns=columns, rows=rows, notes=["สูตร"])
    response = long_workbook_response(file_name="ติดตาม 2562", sheet=sheet)
    book = opened(response.content)
    assert [value.value for value in book["2562"][2]] == ["0810501", "=1+1\nสอง", datetime(2019, 3, 31), "-", 12.5]  # noqa: DTZ001
    assert [value.value for value in book["2562"][3]] == [None, None, None, "-", None]
    assert book["2562"].cell(2, 2).data_type == "s"
    assert [line[2].value for line in book["คำอธิบาย"]] == ["ติดตาม", "สูตร"]
    assert "e-plannacc.xlsx" in response["Content-Disposition"]
