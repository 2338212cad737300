"""Excel files of any length, written as a stream: a table of inline strings, numbers and dates, and a sheet of notes.

`eplan.spreadsheets` makes sheets of a screen's size, to be printed and filled in. Here nothing is kept in memory: rows
come as XML (`cell` says how a value of a kind is laid down, so that the database itself can write them), go through
the compressor and out. Text is text whatever it begins with, so nothing can become a formula.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

from django.http import HttpResponse

from eplan.spreadsheets import KINDS, Sheet, as_download, display_width

MOST_ROWS = 1_048_576  # Excel's own limit, the heading among them
# What a sheet may unpack to. From 2 GiB on a ZIP file needs fields that older spreadsheet programs refuse.
MOST_BYTES = 1_800_000_000
LONGEST_TEXT = 32_767  # letters in a cell, Excel's own limit
EMPTY_CELL = "<c/>"
# What XML cannot hold: control characters, the line breaks between rows (those in a text are "&#10;") among them, and
# the last two code points of the first plane.
_CONTROLS, _NO_LETTERS = bytes(range(32)), ("\ufffe".encode(), "\uffff".encode())
_OUT = 1 << 15  # bytes handed on at once
_NARROWEST, _TEXT, _LONG = 9, 34, 60  # widths in characters
_TEXTS = ("text", "long", "code")
_BREAKS = {"\n": "&#10;"}
_FIRST_DAY = date(1899, 12, 30)  # from which Excel counts days

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_STYLES = {kind: number for number, kind in enumerate(KINDS, start=1)}
_HEADING = len(KINDS) + 1


def cell(kind: str) -> tuple[str, str]:
    """What stands before and after a value of that kind (of `eplan.spreadsheets.KINDS`, or "boolean") in its cell.

    Texts in between must be escaped, their line breaks as "&#10;"; moments are days since 30 December 1899 in Thai
    time; a boolean is 0 or 1. A value that is not there is `EMPTY_CELL`.
    """
    if kind == "boolean":
        return '<c t="b"><v>', "</v></c>"
    return _text_cell(_STYLES[kind]) if kind in _TEXTS else (f'<c s="{_STYLES[kind]}"><v>', "</v></c>")


def stream_workbook(
    name: str, columns: Sequence[tuple[str, str]], rows: Iterable[bytes], notes: Sequence[Sequence[str]]
) -> Iterator[bytes]:
    r"""The bytes of an .xlsx: sheets called `name`, as many as the rows take, and one of `notes`, lines of texts.

    `columns` are (heading, kind); `rows` is UTF-8 in blocks of any size, each row `<row>…</row>` and a line
    break.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _content_types())
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/styles.xml", _styles())
        yield sink.take()  # the browser begins its download now, not when the first rows are packed
        sheets = 0
        rest = _Rows(rows)
        while sheets == 0 or rest.more():
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as part:
                part.write(_beginning(columns).encode())
                for block in rest.of_one_sheet():
                    part.write(block)
                    if sink.size >= _OUT:
                        yield sink.take()
                last = f"{_letters(len(columns))}{rest.rows + 1}"
                part.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
        archive.writestr(f"xl/worksheets/sheet{sheets + 1}.xml", _notes(notes))
        names = [name if number == 0 else f"{name} ({number + 1})" for number in range(sheets)] + ["คำอธิบาย"]
        archive.writestr("xl/workbook.xml", _workbook(names))
        parts = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 2)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
    yield sink.take()


def long_workbook_response(*, file_name: str, sheet: Sheet) -> HttpResponse:
    """A `Sheet` of thousands of rows as a download: its table, and what stands around it on the sheet of notes.

    Eight times as fast as `eplan.spreadsheets.workbook_response`, and not made to be printed or filled in.
    """
    columns = [(f"{column.group} {column.heading}".strip(), column.kind) for column in sheet.columns]
    notes = [["เรื่อง", "", line] for line in sheet.title_lines] + [["หมายเหตุ", "", line] for line in sheet.notes]
    return as_download(b"".join(stream_workbook(sheet.name, columns, _rows_of(sheet), notes)), file_name)


def _rows_of(sheet):
    """The rows of a `Sheet` as XML, one by one."""
    cells = [(column.getter, _cell_maker(column.kind)) for column in sheet.columns]
    for row in sheet.rows:
        yield f"<row>{''.join(make(getter(row)) for getter, make in cells)}</row>\n".encode()


def _cell_maker(kind):
    """A function that lays down a value of that kind (no moment), as `eplan.spreadsheets.Column` takes it."""
    (before, after), (before_text, after_text), none = cell(kind), _text_cell(_STYLES[kind]), KINDS[kind].none

    def make(value):
        value = none if value is None else value
        if value in (None, ""):
            return EMPTY_CELL
        if isinstance(value, str):
            return f"{before_text}{escape(value, _BREAKS)}{after_text}"
        return f"{before}{(value - _FIRST_DAY).days if isinstance(value, date) else value}{after}"

    return make


class _Sink(io.RawIOBase):
    """Takes what the archive writes until it is handed on. It can't be sought in, so sizes follow each part."""

    def __init__(self):
        self.blocks, self.size = [], 0

    def writable(self):
        return True

    def write(self, block):
        self.blocks.append(bytes(block))
        self.size += len(block)
        return len(block)

    def take(self):
        """All bytes since the last time."""
        taken = b"".join(self.blocks)
        self.blocks, self.size = [], 0
        return taken


class _Rows:
    """Deals the rows out to sheets, none of them too long; `rows` is how many the present one holds."""

    def __init__(self, blocks):
        self.blocks, self.held, self.rows = iter(blocks), b"", 0

    def more(self):
        """Whether there is anything left."""
        while not self.held:
            block = next(self.blocks, None)
            if block is None:
                return False
            self.held = block
        return True

    def of_one_sheet(self):
        """The blocks of the next sheet, ready to be written."""
        self.rows = size = 0
        while self.more():
            block, self.held = self.held, b""
            found, left = block.count(b"\n"), MOST_ROWS - 1 - self.rows
            full = found >= left or size + len(block) > MOST_BYTES
            if full and found:
                # The rows that still fit, to the end of the last; where it is the bytes that are many, one row.
                *fit, self.held = block.split(b"\n", left if found >= left else 1)
                block, found = b"".join(fit), len(fit)
            self.rows += found
            size += len(block)
            yield _allowed(block)
            if full and found:
                return


def _allowed(block):
    """The block without what XML cannot hold. Blocks come in whole rows, so that no letter is cut in two."""
    for letter in _NO_LETTERS:
        block = block.replace(letter, b"")
    return block.translate(None, _CONTROLS)


def _letters(number):
    """The name of the column with that number, from 1."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _text_cell(style):
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"


def _row(texts, style):
    before, after = _text_cell(style)
    return f"<row>{''.join(f'{before}{escape(text)}{after}' for text in texts)}</row>"


def _beginning(columns):
    """A sheet up to its first row: the heading stays in sight."""
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{_width(heading, kind)}" customWidth="1"/>'
        for number, (heading, kind) in enumerate(columns, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{_row([heading for heading, _ in columns], _HEADING)}"
    )


def _width(heading, kind):
    usual = {"text": _TEXT, "long": _LONG, "boolean": _NARROWEST}.get(kind) or KINDS[kind].width or _NARROWEST
    return max(usual, display_width(heading)) + 2


def _notes(lines):
    rows = "".join(_row(line, _STYLES["long"]) for line in lines)
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><cols><col min="1" max="2" width="30" customWidth="1"/>'
        f'<col min="3" max="3" width="90" customWidth="1"/></cols><sheetData>{rows}</sheetData></worksheet>'
    )


def _content_types():
    # Whatever is not named here is a sheet: how many there will be is not known yet.
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    )


def _relations(parts):
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _workbook(names):
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _styles():
    """One format of a cell for each kind, in their order, between a bare one and that of headings."""
    quote = {'"': "&quot;"}
    wrapped = {"long": ' wrapText="1"'}
    formats = "".join(
        f'<numFmt numFmtId="{163 + number}" formatCode="{escape(KINDS[kind].number_format, quote)}"/>'
        for kind, number in _STYLES.items()
    )
    cells = "".join(
        f'<xf numFmtId="{163 + number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        f' applyAlignment="1"><alignment vertical="top"{wrapped.get(kind, "")}/></xf>'
        for kind, number in _STYLES.items()
    )
    plain, bare = '<name val="TH Sarabun New"/>', '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(_STYLES)}">{formats}</numFmts>'
        f'<fonts count="2"><font><sz val="14"/>{plain}</font><font><b/><sz val="14"/>{plain}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF2"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_STYLES) + 2}">{bare}{cells}'
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
        '<alignment vertical="center" wrapText="1"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
