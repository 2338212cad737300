"""Reads the register that the Department of Local Administration publishes, and says what it would change.

Plain values in, plain values out; `lao.imports` writes. The file is a CSV of 13 columns with one row per area that an
organisation covers, so that codes repeat (docs/data.md). A row that can't be believed is a `Problem` and stays out; the
others go in. A value that can't be believed, in a row that can, is a `Problem` among the notes and is left empty.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from eplan.thai import arabic_digits, clean_line

# Field: the heading of its column.
COLUMNS = {
    "province": "จังหวัด",
    "district": "อำเภอ",
    "subdistricts": "ตำบล",
    "code": "รหัส อปท.",
    "kind": "ประเภท อปท.",
    "name": "อปท.",
    "address_number": "ที่ตั้งสำนักงานเลขที่",
    "address_moo": "หมู่ที่",
    "postal_code": "รหัสไปรษณีย์",
    "area_km2": "ขนาดพื้นที่",
    "latitude": "LAT",
    "longitude": "LONG",
    "website": "เว็ปไซต์ของอปท",
}
KINDS = {
    "อบจ.": "PROVINCIAL",
    "เทศบาลนคร": "CITY",
    "เทศบาลเมือง": "TOWN",
    "เทศบาลตำบล": "SUBDISTRICT_MUNICIPALITY",
    "อบต.": "SUBDISTRICT_ORGANIZATION",
}
SPECIAL_KIND = "ท้องถิ่นรูปแบบพิเศษ"
SPECIAL_KINDS = {"เมืองพัทยา": "PATTAYA", "กรุงเทพมหานคร": "BANGKOK"}
# All rows of one code must agree on these; of the rest the first known value counts.
IDENTITY = ("kind", "name", "province", "district")
LONGEST = {"name": 150, "district": 100, "subdistricts": 100, "address_number": 100, "address_moo": 50, "website": 500}
# Larger than any province, or outside Thailand: a slip of the pen (square metres, a lost decimal point).
LARGEST_AREA = Decimal(25_000)
INSIDE_THAILAND = {"latitude": (Decimal("5.5"), Decimal("20.6")), "longitude": (Decimal("97.3"), Decimal("105.7"))}
MOST_LINES_OF_A_ROW = 5  # an address may hold line breaks; a quotation mark that never closes must not eat the file


class UnreadableError(ValueError):
    """The file is not the register at all; the message says why, in Thai."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row stayed out, or a value was left empty. `row` counts as a spreadsheet does: the heading is row 1."""

    row: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of the file: its code, the first of its rows, and its other fields (province as a code)."""

    code: str
    row: int
    values: dict


@dataclass
class Reading:
    """What a file says."""

    rows: int = 0
    entries: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """One organisation as the system holds it, in the same terms as an `Entry`."""

    pk: int
    code: str
    values: dict


@dataclass(frozen=True, slots=True)
class Change:
    """What the file changes in one organisation: `fields` as `{field: (before, after)}`, and perhaps its code."""

    standing: Standing
    entry: Entry
    fields: dict

    @property
    def is_upgrade(self):
        """Whether the organisation goes on under another code."""
        return self.standing.code != self.entry.code


@dataclass
class Changes:
    """What taking in a file does; `missing` are organisations that the file no longer holds, and they stay."""

    inserted: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: int = 0
    missing: list = field(default_factory=list)
    problems: list = field(default_factory=list)


def read_register(data, provinces):
    """The organisations in `data`, the bytes of the file (UTF-8 with or without BOM, or the Thai code page 874).

    `provinces` gives the code of each province name. Raises `UnreadableError` where no row could be read at all.
    """
    lines = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    positions = _positions(lines[0])
    reading = Reading()
    rows = defaultdict(list)
    for number, cells in _records(lines):
        reading.rows += 1
        if cells is None or len(cells) < len(positions):
            reading.problems.append(Problem(number, "", "จำนวนช่องไม่ครบ หรือเครื่องหมายคำพูดไม่ครบคู่"))
            continue
        row = {name: _cell(cells[position]) for name, position in positions.items()}
        values, reasons, notes = _checked(row, provinces)
        if reasons:
            reading.problems.append(Problem(number, row["code"], " · ".join(reasons)))
            continue
        reading.notes += [Problem(number, values["code"], note) for note in notes]
        rows[values.pop("code")].append((number, values))
    for code, found in rows.items():
        _merge(reading, code, found)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def compare(entries, standing):
    """What taking in `entries` does to the `standing` organisations, as `Changes`.

    An organisation that is upgraded changes the first digit of its code alone: same remaining digits, same name, same
    district, and the old code gone from the file. Where name or district differ too, someone has to look: a problem.
    """
    changes = Changes()
    by_code = {one.code: one for one in standing}
    in_file = {entry.code for entry in entries}
    gone = {one.code[1:]: one for one in standing if one.code not in in_file}
    for entry in entries:
        before = by_code.get(entry.code) or gone.get(entry.code[1:])
        if before is None:
            changes.inserted.append(entry)
            continue
        if before.code != entry.code:
            if any(before.values[name] != entry.values[name] for name in ("name", "province", "district")):
                reason = f"รหัสต่างจาก {before.code} เฉพาะหลักแรก แต่ชื่อหรืออำเภอไม่ตรงกัน ต้องตรวจสอบก่อน"
                changes.problems.append(Problem(entry.row, entry.code, reason))
                continue
            del gone[entry.code[1:]]
        fields = {
            name: (value, entry.values[name]) for name, value in before.values.items() if value != entry.values[name]
        }
        if fields or before.code != entry.code:
            changes.changed.append(Change(before, entry, fields))
        else:
            changes.unchanged += 1
    # Bangkok is in no edition of the register.
    changes.missing = [one for one in gone.values() if one.values["kind"] != "BANGKOK"]
    return changes


def _decoded(data):
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("อ่านไฟล์ไม่ได้ ต้องเป็น CSV แบบ UTF-8 หรือ TIS-620")


def _positions(heading):
    """Where each field stands in a row."""
    headings = [_cell(cell) for cell in next(csv.reader([heading]), [])]
    absent = [column for column in COLUMNS.values() if column not in headings]
    if absent:
        raise UnreadableError(f"ไม่ใช่ไฟล์ทะเบียน อปท. ของกรมส่งเสริมการปกครองท้องถิ่น ไม่พบคอลัมน์ {', '.join(absent)}")
    return {name: headings.index(column) for name, column in COLUMNS.items()}


def _records(lines):
    """Each row below the heading as `(row number, cells)`; cells are None where quotation marks don't pair."""
    position = 1
    while position < len(lines):
        start, text = position, lines[position]
        position += 1
        while text.count('"') % 2 and position < min(start + MOST_LINES_OF_A_ROW, len(lines)):
            text += "\n" + lines[position]
            position += 1
        if text.count('"') % 2:
            position = start + 1
            yield start + 1, None
        elif text.strip(" ,\t"):
            yield start + 1, _split(text)


def _split(text):
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return None


def _cell(text):
    """A cell without stray spaces; the register writes `-` where it knows nothing."""
    tidy = clean_line(text)
    return "" if tidy == "-" else tidy


def _checked(row, provinces):
    """The values of a row, the reasons why it can't go in, and notes on values that were left empty."""
    reasons, notes = [], []
    values = dict(row)
    values["code"] = arabic_digits(row["code"])
    if not re.fullmatch("[0-9]{7}", values["code"]):
        reasons.append(f"รหัส อปท. ต้องเป็นตัวเลข 7 หลัก ({row['code'] or 'ว่าง'})")
    values["province"] = provinces.get(row["province"])
    if values["province"] is None:
        reasons.append(f"ไม่รู้จักจังหวัด ({row['province'] or 'ว่าง'})")
    values["kind"] = KINDS.get(row["kind"]) or (SPECIAL_KINDS.get(row["name"]) if row["kind"] == SPECIAL_KIND else None)
    if values["kind"] is None:
        reasons.append(f"ไม่รู้จักประเภท อปท. ({row['kind'] or 'ว่าง'})")
    reasons += [f"ไม่มี{label}" for name, label in (("name", "ชื่อ อปท."), ("district", "อำเภอ")) if not row[name]]
    reasons += [
        f"{COLUMNS[name]}ยาวเกิน {longest} ตัวอักษร" for name, longest in LONGEST.items() if len(row[name]) > longest
    ]
    values["postal_code"] = arabic_digits(row["postal_code"])
    if not re.fullmatch("([0-9]{5})?", values["postal_code"]):
        reasons.append(f"รหัสไปรษณีย์ต้องเป็นตัวเลข 5 หลัก ({row['postal_code']})")
    for name, places in (("area_km2", 2), ("latitude", 7), ("longitude", 7)):
        try:
            values[name] = _number(row[name], places)
        except ValueError:
            reasons.append(f"{COLUMNS[name]}ไม่ใช่ตัวเลข ({row[name]})")
            values[name] = None
    _leave_out_the_unbelievable(values, notes)
    return values, reasons, notes


def _number(text, places):
    """A number as the register writes it ("1,004", "๑๒.๕", empty), to `places` decimals; None when empty."""
    plain = arabic_digits(text).replace(",", "").replace(" ", "")
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]*)?|\.[0-9]+", plain):
        raise ValueError(text)
    return round(Decimal(plain), places)


def _leave_out_the_unbelievable(values, notes):
    """Empty an area larger than any province, and a position that is not in Thailand or only half known."""
    area = values["area_km2"]
    if area is not None and area > LARGEST_AREA:
        notes.append(f"ขนาดพื้นที่ {area:,} ตร.กม. ใหญ่เกินจริง จึงเว้นว่างไว้")
        values["area_km2"] = None
    position = {name: values[name] for name in INSIDE_THAILAND}
    if all(value is None for value in position.values()):
        return
    if all(
        value is not None and lowest <= value <= highest
        for value, (lowest, highest) in zip(position.values(), INSIDE_THAILAND.values(), strict=True)
    ):
        return
    shown = ", ".join("-" if value is None else f"{value.normalize():f}" for value in position.values())
    notes.append(f"พิกัด {shown} ไม่ครบหรืออยู่นอกประเทศไทย จึงเว้นว่างไว้")
    values |= dict.fromkeys(position)


def _merge(reading, code, rows):
    """Add the organisation that the `rows` of one code describe, or a problem for each where they contradict."""
    if len({tuple(values[name] for name in IDENTITY) for _, values in rows}) > 1:
        numbers = ", ".join(str(number) for number, _ in rows)
        reason = f"แถว {numbers} ใช้รหัสเดียวกัน แต่ประเภท ชื่อ อำเภอ หรือจังหวัดไม่ตรงกัน"
        reading.problems += [Problem(number, code, reason) for number, _ in rows]
        return
    merged = {
        name: next((values[name] for _, values in rows if values[name] not in ("", None)), rows[0][1][name])
        for name in rows[0][1]
    }
    merged["subdistricts"] = ", ".join(dict.fromkeys(v["subdistricts"] for _, v in rows if v["subdistricts"]))
    reading.entries.append(Entry(code, rows[0][0], merged))
