"""Excel files of the size of a screen: a heading, a table, notes, ready to print on A4.

A table is data: columns that know their heading, how to take their value from a row, and its kind. Values that
people typed can't become formulas, codes keep their zeros, money and dates stay numbers and dates.
"""

import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from eplan.fiscal import BANGKOK
from eplan.thai import clean_line, clean_text

STAMP_SHEET, CHOICES_SHEET = "_eplan", "_choices"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# 107041E: Arabic digits (1), Thai solar calendar (07), Thai names of months (041E).
_THAI_CALENDAR = "[$-107041E]"

_PLAIN = Font(name="TH Sarabun New", size=14)
_BOLD = Font(name="TH Sarabun New", size=14, bold=True)
_LINE_HEIGHT = 21  # points, for 14-point Thai with marks above and below
_HIGHEST = 409  # points, Excel's own limit
_SPARE = 1.1  # lines break between words, before they are quite full
_THIN = Side(style="thin", color="808080")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADING_FILL = PatternFill("solid", fgColor="E8ECF2")
_TYPED_FILL = PatternFill("solid", fgColor="FFF8E7")
_NARROWEST, _WIDEST = 7, 60  # in characters


@dataclass(frozen=True)
class Kind:
    """How values of one kind are laid down in cells."""

    number_format: str
    horizontal: str
    width: int | None = None  # None: as wide as what stands in the column
    none: str | None = None


KINDS = {
    "text": Kind("General", "left"),
    "long": Kind("General", "left", 40),
    "code": Kind("@", "center"),
    "year": Kind("0", "center", 10),
    "number": Kind("#,##0", "right", 10),
    "money": Kind("#,##0.00", "right", 18),
    "points": Kind("#,##0.00", "right", 10, none="-"),
    "percent": Kind("0.00", "right", 10, none="-"),
    "degrees": Kind("0.000000", "right", 12),
    "date": Kind(f"{_THAI_CALENDAR}d mmm yyyy;@", "center", 14),
    "datetime": Kind(f"{_THAI_CALENDAR}d mmm yyyy hh:mm;@", "center", 20),
}


@dataclass(frozen=True)
class Column:
    """One column: its `heading`, `getter(row)` for its value, and its `kind`, one of `KINDS`.

    Neighbours with the same `group` stand under that common heading, such as จำนวนงบประมาณ over three amounts.
    None is an empty cell, except a per cent or points that do not exist, which are "-". Moments must be aware.
    A `typed` column is to be filled in by people: it stays open on a locked sheet, and what is not known is empty.
    Its cells offer `choices`, without refusing anything else, and show the `hint` while they are filled in. A `hidden`
    column says which row of the database a row is.
    """

    heading: str
    getter: Callable[[Any], Any]
    kind: str = "text"
    group: str = ""
    typed: bool = False
    choices: Sequence[str] = ()
    hint: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Formula:
    """A value that the spreadsheet computes, such as "SUM(A{row}:D{row})"; {row} is the number of its own row."""

    text: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: `name` on its tab, `title_lines` on top, the table, `notes` (formula, time of making) below it.

    With a typed column all else is locked, without a password: it guards against slips.
    """

    name: str
    title_lines: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Any]
    notes: Sequence[str] = ()
    landscape: bool = True


def workbook_response(
    *, file_name: str, sheets: Sequence[Sheet], stamp: Mapping[str, str | int] | None = None
) -> HttpResponse:
    """The `sheets` as a download called `file_name`, Thai letters welcome, without the ending .xlsx.

    A `stamp`, which says what the file is, goes into a hidden sheet, where `eplan.workbooks.stamp_of` finds it again.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in sheets:
        _Writer(workbook.create_sheet(_sheet_name(sheet.name)), sheet).write()
    if stamp:
        _put_stamp(workbook.create_sheet(STAMP_SHEET), stamp)
    content = io.BytesIO()
    workbook.save(content)
    return as_download(content.getvalue(), file_name)


def as_download(content: bytes, file_name: str) -> HttpResponse:
    """The workbook `content` as a download called `file_name`, Thai letters welcome, without the ending .xlsx."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    thai_name = quote(re.sub(r'[\\/:*?"<>|]', "-", clean_line(file_name)) + ".xlsx", safe="")
    # Programs that do not know RFC 5987 take the plain name.
    response["Content-Disposition"] = f"attachment; filename=\"e-plannacc.xlsx\"; filename*=UTF-8''{thai_name}"
    return response


def _put_stamp(worksheet, stamp):
    worksheet.sheet_state = "hidden"
    for entry in stamp.items():
        worksheet.append([str(text) for text in entry])


@lru_cache(maxsize=5000)  # a long table says the same words again and again
def display_width(text: str) -> int:
    """Columns that `text` takes on screen; Thai vowels and tone marks above and below take none."""
    return sum(unicodedata.category(letter) not in ("Mn", "Me") for letter in text)


def _lines(text, width):
    """How many lines `text` takes in a cell `width` characters wide."""
    return sum(max(1, math.ceil(display_width(line) * _SPARE / width)) for line in text.split("\n"))


def _sheet_name(name):
    return re.sub(r"[\\/:*?\[\]]", "-", name)[:31]


class _Writer:
    """Writes one Sheet from top to bottom; `self.row` is the row last written."""

    def __init__(self, worksheet, sheet):
        self.worksheet, self.sheet = worksheet, sheet
        self.row = 0
        self.looks = {}
        self.widths = [max(_NARROWEST, KINDS[column.kind].width or 0) for column in sheet.columns]

    def write(self):
        first_table_row = len(self.sheet.title_lines) + 1
        self.row = first_table_row - 1
        last_heading_row = self._headings()
        for row in self.sheet.rows:
            self._values(row)
        for number, width in enumerate(self.widths, start=1):
            self.worksheet.column_dimensions[get_column_letter(number)].width = width + 2
        self._help_typing(last_heading_row + 1)
        self._give_height(last_heading_row, max(map(_lines, (c.heading for c in self.sheet.columns), self.widths)))
        for number, line in enumerate(self.sheet.title_lines, start=1):
            self._line(number, line, bold=True, horizontal="center")
        for number, line in enumerate(self.sheet.notes, start=self.row + 2):
            self._line(number, line)
        self._page(first_table_row, last_heading_row)

    def _help_typing(self, first_row):
        """Drop-down lists and hints on the cells of the table, and columns out of sight."""
        for number, column in enumerate(self.sheet.columns, start=1):
            letter = get_column_letter(number)
            self.worksheet.column_dimensions[letter].hidden = column.hidden
            if (column.choices or column.hint) and self.row >= first_row:
                listed = self._put_choices(column.choices) if column.choices else None
                help_ = DataValidation(type="list" if listed else None, formula1=listed, allow_blank=True)
                help_.showErrorMessage = False  # what can't be read is explained when the file comes back
                help_.showInputMessage, help_.prompt = bool(column.hint), column.hint or None
                help_.add(f"{letter}{first_row}:{letter}{self.row}")
                self.worksheet.add_data_validation(help_)

    def _put_choices(self, choices):
        """Write the choices into a hidden sheet, since Excel takes few letters in the cells' own list; its range."""
        book = self.worksheet.parent
        if CHOICES_SHEET in book:
            listed = book[CHOICES_SHEET]
            number = listed.max_column + 1
        else:
            listed, number = book.create_sheet(CHOICES_SHEET), 1
            listed.sheet_state = "hidden"
        for row, choice in enumerate(choices, start=1):
            _put_text(listed.cell(row, number), choice)
        letter = get_column_letter(number)
        return f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def _headings(self):
        grouped = any(column.group for column in self.sheet.columns)
        top = self.row + 1
        bottom = top + grouped
        number = 1
        for group, members in groupby(self.sheet.columns, key=lambda column: column.group):
            columns = list(members)
            if group:
                self._heading(top, number, group)
                self.worksheet.merge_cells(
                    start_row=top, end_row=top, start_column=number, end_column=number + len(columns) - 1
                )
            for column in columns:
                self._heading(bottom if group else top, number, column.heading)
                if grouped and not group:
                    self.worksheet.merge_cells(start_row=top, end_row=bottom, start_column=number, end_column=number)
                words = [*column.heading.split(), *column.choices]
                self._widen(number, max(map(display_width, words), default=0))
                number += 1
        for row in self.worksheet.iter_rows(min_row=top, max_row=bottom, max_col=len(self.sheet.columns)):
            for cell in row:
                cell.border, cell.fill = _GRID, _HEADING_FILL
            self._give_height(row[0].row, 1)
        self.row = bottom
        return bottom

    def _heading(self, row, number, text):
        cell = self.worksheet.cell(row, number)
        _put_text(cell, text)
        cell.font = _BOLD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)

    def _values(self, row):
        self.row += 1
        lines = 1
        for number, column in enumerate(self.sheet.columns, start=1):
            kind = KINDS[column.kind]
            value = column.getter(row)
            value = kind.none if value is None and not column.typed else value
            cell = self.worksheet.cell(self.row, number)
            self._dress(cell, number, column)
            if isinstance(value, Formula):
                cell.value = "=" + value.text.format(row=self.row)
            elif isinstance(value, str):
                _put_text(cell, value)
                self._widen(number, max(map(display_width, value.split("\n"))))
                lines = max(lines, _lines(value, _WIDEST))
            elif column.kind == "datetime" and value is not None:
                cell.value = value.astimezone(BANGKOK).replace(tzinfo=None)
            else:
                cell.value = value
        self._give_height(self.row, lines)

    def _dress(self, cell, number, column):
        """Give a cell the look of its column: made for the first row, which takes long, and copied for the others."""
        if number in self.looks:
            cell._style = copy(self.looks[number])
            return
        kind = KINDS[column.kind]
        cell.number_format, cell.border, cell.font = kind.number_format, _GRID, _PLAIN
        cell.alignment = Alignment(
            horizontal=kind.horizontal, vertical="top", wrap_text=column.kind in ("text", "long")
        )
        if column.typed:
            cell.protection, cell.fill = Protection(locked=False), _TYPED_FILL
        self.looks[number] = copy(cell._style)

    def _give_height(self, row, lines):
        """Set the height, which not every program works out by itself, and none for merged cells."""
        self.worksheet.row_dimensions[row].height = min(lines * _LINE_HEIGHT, _HIGHEST)

    def _widen(self, number, width):
        self.widths[number - 1] = min(_WIDEST, max(self.widths[number - 1], width))

    def _line(self, row, text, *, bold=False, horizontal="left"):
        """A line across the whole table."""
        cell = self.worksheet.cell(row, 1)
        _put_text(cell, text)
        cell.font = _BOLD if bold else _PLAIN
        cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
        self.worksheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(self.widths))
        self._give_height(row, _lines(text, sum(self.widths)))

    def _page(self, first_table_row, last_heading_row):
        page = self.worksheet
        page.freeze_panes = page.cell(last_heading_row + 1, 1)
        page.print_title_rows = f"{first_table_row}:{last_heading_row}"
        page.page_setup.orientation = "landscape" if self.sheet.landscape else "portrait"
        page.page_setup.paperSize = page.PAPERSIZE_A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.oddFooter.center.text = "หน้า &P จาก &N"
        if any(column.typed for column in self.sheet.columns):
            page.protection.sheet = True
            page.protection.formatColumns = page.protection.formatRows = False  # False allows it


def _put_text(cell, text):
    """Lay down `text` as text, whatever it begins with."""
    cell.value = clean_text(text)
    cell.data_type = "s"  # openpyxl took a leading = for a formula and #N/A for an error
    cell.quotePrefix = text.lstrip()[:1] in ("=", "+", "-", "@")
