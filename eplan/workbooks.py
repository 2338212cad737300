"""Reads the Excel files that people send back: .xlsx of any make, never more than a form's worth, refused in Thai.

`read_workbook` gives the sheets as plain texts, whatever program wrote them; `stamp_of` and `table_of` find in them
what `eplan.spreadsheets` put there. Every refusal is a `WorkbookError` whose text is the sentence to show.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from eplan.fiscal import BUDDHIST_ERA
from eplan.spreadsheets import STAMP_SHEET
from eplan.thai import arabic_digits, clean_line, clean_text

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 500
# Sheets and shared strings are read as a stream, anything else as a whole.
MOST_ELEMENTS, MOST_ELEMENTS_AT_ONCE = 400_000, 50_000
MOST_CELLS_IN_ROW = 16_384  # Excel's own limit
LAST_ROW, LAST_COLUMN = 20_000, 100
HEADING_WITHIN = 30

NOT_EXCEL = "ไฟล์นี้ไม่ใช่ไฟล์ Excel (.xlsx) กรุณาเปิดแบบฟอร์มด้วยโปรแกรมตารางคำนวณ แล้วบันทึกเป็นชนิด .xlsx"
OPEN_DOCUMENT = "ไฟล์นี้เป็นชนิด .ods กรุณาเปิดไฟล์แล้วเลือก “บันทึกเป็น” ชนิด Excel (.xlsx) แล้วส่งอีกครั้ง"
TEXT = "ไฟล์นี้เป็นข้อความ (.csv หรือ .txt) ที่เปลี่ยนชื่อเป็น .xlsx กรุณากรอกในแบบฟอร์ม Excel ที่ดาวน์โหลดจากระบบ"
WORD = "ไฟล์นี้เป็นเอกสาร Word กรุณาส่งแบบฟอร์ม Excel (.xlsx) ที่ดาวน์โหลดจากระบบ"
OLD_EXCEL = "ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) กรุณาเปิดไฟล์แล้วเลือก “บันทึกเป็น” ชนิด .xlsx แล้วส่งอีกครั้ง"
LOCKED = "ไฟล์นี้มีรหัสผ่านสำหรับเปิดไฟล์ กรุณาเอารหัสผ่านออก บันทึก แล้วส่งอีกครั้ง"
PICTURE = "ไฟล์นี้เป็นรูปภาพที่เปลี่ยนชื่อเป็น .xlsx กรุณาส่งแบบฟอร์ม Excel ที่ดาวน์โหลดจากระบบ"
PDF = "ไฟล์นี้เป็น PDF กรุณาส่งแบบฟอร์ม Excel (.xlsx) ที่ดาวน์โหลดจากระบบ"
MACROS = "ไฟล์นี้มีมาโคร (.xlsm) กรุณาเปิดไฟล์แล้วเลือก “บันทึกเป็น” ชนิด .xlsx แล้วส่งอีกครั้ง"
EMPTY = "ไฟล์นี้ว่างเปล่า กรุณาเลือกไฟล์ใหม่"
TOO_LARGE = "ไฟล์ใหญ่เกินไป (เกิน 5 MB) กรุณาลบรูปภาพหรือแผ่นงานที่ไม่เกี่ยวข้องออก แล้วส่งอีกครั้ง"
TOO_MUCH_INSIDE = "ข้อมูลภายในไฟล์ใหญ่ผิดปกติเมื่อคลายออก จึงไม่เปิดไฟล์นี้ กรุณาคัดลอกข้อมูลลงในแบบฟอร์มที่ดาวน์โหลดใหม่"
TOO_MANY_ROWS = "ตารางยาวเกินไป: อ่านได้ถึงแถวที่ 20,000 กรุณาลบแถวที่ไม่ใช้ออก แล้วส่งอีกครั้ง"
DAMAGED = "ไฟล์นี้เสียหายหรือไม่สมบูรณ์ กรุณาเปิดด้วยโปรแกรมตารางคำนวณ บันทึกใหม่ แล้วส่งอีกครั้ง"
UNSAFE = "ไฟล์นี้มีส่วนที่ไม่ปลอดภัย (DOCTYPE) จึงไม่เปิดไฟล์นี้ กรุณาใช้แบบฟอร์มที่ดาวน์โหลดจากระบบ"
NOT_OURS = "ไฟล์นี้ไม่ใช่แบบฟอร์มที่ดาวน์โหลดจากระบบ กรุณาดาวน์โหลดแบบฟอร์ม แล้วกรอกในไฟล์นั้น"

# What zipfile and expat raise at archives that are cut off, encrypted, packed in an unknown way, or not XML inside.
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
)
STRICT = b"http://purl.oclc.org/ooxml/"
OLDER_NAMES = [
    (STRICT + b"spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (STRICT + b"officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
]
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


class WorkbookError(Exception):
    """A file that can't be taken; the text says why, in Thai, and what to do."""


@dataclass(frozen=True)
class TableRow:
    """One row of a table: its `number` as the spreadsheet shows it, and its texts by the key of the column.

    "" is an empty cell. A formula stands with its result, one without a result with itself ("=SUM(A1:A4)").
    """

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table under its headings: the sheet's name, the letter of each column by its key, and the rows not blank."""

    sheet: str
    letters: Mapping[str, str]
    rows: Sequence[TableRow]


@dataclass(frozen=True)
class Sheet:
    """A sheet's name, and its rows that are not blank: number and texts from column A on."""

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]


def read_workbook(file) -> list[Sheet]:
    """The sheets of an .xlsx, hidden ones among them, in their order. `file` is binary, with `size` like an upload."""
    if file.size > LARGEST_FILE:
        raise WorkbookError(TOO_LARGE)
    content = file.read()
    _check_kind(content)
    last_row, has_formulas = _check_inside(content)
    content = _transitional(content)
    try:
        values = _open(content, data_only=True)
        formulas = _open(content, data_only=False) if has_formulas else values
        return [Sheet(sheet.title, list(_rows(sheet, formulas[sheet.title], last_row))) for sheet in values.worksheets]
    except Exception as error:  # whatever openpyxl stumbles over, the file is not as a spreadsheet program writes it
        raise WorkbookError(DAMAGED) from error


def stamp_of(sheets: Sequence[Sheet]) -> dict[str, str]:
    """What the hidden sheet says that `workbook_response` stamped the file with, as texts."""
    for sheet in sheets:
        if sheet.name == STAMP_SHEET:
            return {texts[0]: texts[1] for _, texts in sheet.rows if len(texts) > 1}
    raise WorkbookError(NOT_OURS)


def table_of(sheets: Sequence[Sheet], headings: Mapping[str, str]) -> Table:
    """The table with these `headings` (by the key of the column), in whatever sheet, order and row it stands."""
    missing = None
    for sheet in sheets:
        for place, (_, texts) in enumerate(sheet.rows[:HEADING_WITHIN]):
            found = {_plain(text): number for number, text in enumerate(texts) if text}
            absent = [heading for heading in headings.values() if _plain(heading) not in found]
            if not absent:
                columns = {key: found[_plain(heading)] for key, heading in headings.items()}
                return Table(
                    sheet.name,
                    {key: get_column_letter(number + 1) for key, number in columns.items()},
                    [row for row in (_table_row(*row, columns) for row in sheet.rows[place + 1 :]) if row],
                )
            if len(absent) < len(headings) and (missing is None or len(absent) < len(missing)):
                missing = absent
    if missing:
        raise WorkbookError(f"ไม่พบหัวตาราง “{missing[0]}” กรุณาอย่าแก้หัวตาราง หรือดาวน์โหลดแบบฟอร์มใหม่")
    raise WorkbookError(NOT_OURS)


def _table_row(number, texts, columns):
    found = {key: texts[place] if place < len(texts) else "" for key, place in columns.items()}
    return TableRow(number, found) if any(found.values()) else None


def _plain(text):
    return re.sub(r"\s", "", arabic_digits(text)).removesuffix("*")


def _check_kind(content):
    if not content:
        raise WorkbookError(EMPTY)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD_EXCEL)
    if content.startswith(PICTURES):
        raise WorkbookError(PICTURE)
    if content.startswith(b"%PDF"):
        raise WorkbookError(PDF)
    if not content.startswith(b"PK"):
        raise WorkbookError(TEXT if _is_text(content) else NOT_EXCEL)


def _is_text(content):
    """Whether the bytes are lines of text, in Unicode or the Thai code page, and no markup."""
    start = content[:10_000]
    visible = sum(byte >= 0x20 or byte in b"\t\r\n" for byte in start)
    return visible == len(start) and not start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _check_inside(content):
    """`(last row that holds anything, whether there are formulas)`, over all sheets, after every limit was kept.

    What a part unpacks to is never more than the archive declares: zipfile stops there.
    """
    last_row, has_formulas = 0, False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise WorkbookError(_other_archive(names))
            if any(name.endswith("vbaProject.bin") for name in names):
                raise WorkbookError(MACROS)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise WorkbookError(TOO_MUCH_INSIDE)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    scan = _Scan(part.filename)
                    with archive.open(part) as stream:
                        scan.read(stream)
                    last_row, has_formulas = max(last_row, scan.last_row), has_formulas or scan.has_formulas
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise WorkbookError(DAMAGED) from error
    if last_row > LAST_ROW:
        raise WorkbookError(TOO_MANY_ROWS)
    return last_row, has_formulas


def _other_archive(names):
    """What to say of an archive that is no workbook."""
    if "META-INF/manifest.xml" in names:
        return OPEN_DOCUMENT
    return WORD if "word/document.xml" in names else NOT_EXCEL


class _Scan:
    """Walks one XML part without building anything, and stops at what a form never holds."""

    def __init__(self, name):
        streamed = name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
        self.left = MOST_ELEMENTS if streamed else MOST_ELEMENTS_AT_ONCE
        self.row = self.cells = self.last_row = 0
        self.has_formulas = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, stream):
        self.parser.ParseFile(stream)

    def _doctype(self, *_):
        raise WorkbookError(UNSAFE)

    def _element(self, name, attributes):
        self.left -= 1
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.cells = 0
        elif tag == "c":
            self.cells += 1
        elif tag in ("v", "is", "f"):
            self.last_row = self.row
            self.has_formulas = self.has_formulas or tag == "f"
        if self.left < 0 or self.cells > MOST_CELLS_IN_ROW:
            raise WorkbookError(TOO_MUCH_INSIDE)


def _transitional(content):
    """The same workbook under the older names of things, where Excel saved it as "Strict Open XML"."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if STRICT not in archive.read("xl/workbook.xml"):
            return content
        fresh = io.BytesIO()
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as older:
            for part in archive.infolist():
                said = archive.read(part)
                if part.filename.endswith((".xml", ".rels")):
                    for name, instead in OLDER_NAMES:
                        said = said.replace(name, instead)
                older.writestr(part.filename, said)
        return fresh.getvalue()


def _open(content, *, data_only):
    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _rows(values, formulas, last_row):
    if last_row == 0:
        return
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # some programs write a wrong one
    bounds = {"max_row": last_row, "max_col": LAST_COLUMN, "values_only": True}
    pairs = zip(values.iter_rows(**bounds), formulas.iter_rows(**bounds), strict=True)
    for number, (row, written) in enumerate(pairs, start=1):
        texts = [_text(formula if value is None else value) for value, formula in zip(row, written, strict=True)]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _text(value: Any) -> str:
    """What stands in a cell, as one would type it: whole numbers without a point, dates in the Buddhist era."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel itself shows 15 digits; more are an accident of binary fractions.
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, date):
        # A year typed in the Buddhist era is stored as if it were of the common era.
        year = value.year if value.year > 2400 else value.year + BUDDHIST_ERA
        return f"{value.day}/{value.month}/{year}"
    text = str(value)
    return clean_text(text) if "\n" in text else clean_line(text)
