"""Columns of open data, and how a value of each kind is written in SQL for CSV, JSON and Excel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eplan.long_workbooks import EMPTY_CELL, LONGEST_TEXT, cell

# What a spreadsheet program takes for the beginning of a formula.
FORMULA_LETTERS = "=+-@＝＋－＠"
BETWEEN = "; "  # the values of a list in one cell
LOCAL = "({} AT TIME ZONE 'Asia/Bangkok')"


@dataclass(frozen=True)
class Kind:
    """How values of one kind are described and written.

    `thai` is the word for it in the dictionary, `table` its type in a Table Schema, `json` its JSON Schema, `excel`
    the kind of its cell. `csv`, `value` (JSON) and `cell` make SQL of a column's own; "{}" alone is that very SQL.
    """

    thai: str
    table: str
    json: dict
    excel: str
    csv: str | Callable[[str], str] = "{}"
    value: str = "{}"
    cell: str = "{}"
    quoted: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a dataset: its `name` for programs and its `label` in Thai.

    `sql` is all that it is made of: "table.column" of the tables in the dataset, and nothing else reaches the outside.
    `words` are all the values there can be. `note` says what the label does not, `unit` what is counted.
    """

    name: str
    label: str
    kind: str
    sql: str
    note: str = ""
    unit: str = ""
    nullable: bool = False
    words: Sequence[str] = ()

    @property
    def is_(self) -> Kind:
        """Its kind."""
        return KINDS[self.kind]

    @property
    def meaning(self) -> str:
        """What the label does not say, in one line of Thai."""
        parts = [self.note, self.unit and f"หน่วย: {self.unit}", self.words and f"ค่าที่เป็นไปได้: {' · '.join(self.words)}"]
        return " | ".join(part for part in parts if part)

    def for_csv(self) -> str:
        """The SQL of a field in CSV."""
        csv = self.is_.csv
        return csv(self.sql) if callable(csv) else csv.format(self.sql)

    def for_json(self) -> str:
        """The SQL of a value in JSON."""
        return self.is_.value.format(self.sql)

    def for_excel(self) -> str:
        """The SQL of a cell in Excel."""
        before, after = cell(self.is_.excel)
        return f"coalesce('{before}' || {self.is_.cell.format(self.sql)} || '{after}', '{EMPTY_CELL}')"


def _harmless(sql):
    """A text that no spreadsheet program takes for a formula: an apostrophe stands before what would begin one."""
    letters = ", ".join(f"'{letter}'" for letter in FORMULA_LETTERS)
    return f"CASE WHEN left(ltrim({sql}, E' \\t\\n'), 1) IN ({letters}) THEN '''' || {sql} ELSE nullif({sql}, '') END"


_XML = (
    f"replace(replace(replace(replace(nullif(left({{}}, {LONGEST_TEXT}), ''), '&', '&amp;'), '<', '&lt;'),"
    " '>', '&gt;'), E'\\n', '&#10;')"
)
_MOMENT = f'to_char({LOCAL}, \'YYYY-MM-DD"T"HH24:MI:SS"+07:00"\')'
_TYPED = {"csv": _harmless, "value": "nullif({}, '')", "cell": _XML, "quoted": True}
# Our own words and names out of the register, which begin with the word for their kind.
_OURS = {"csv": "nullif({}, '')", "value": "nullif({}, '')", "cell": _XML, "quoted": True}
_JOINED = f"nullif(array_to_string({{}}, '{BETWEEN}'), '')"

KINDS = {
    "id": Kind("รหัสของระบบ", "integer", {"type": "integer"}, "year"),
    "text": Kind("ข้อความ", "string", {"type": "string"}, "text", **_TYPED),
    "long": Kind("ข้อความ", "string", {"type": "string"}, "long", **_TYPED),
    "word": Kind("ข้อความ", "string", {"type": "string"}, "text", **_OURS),
    "code": Kind("รหัส (ข้อความ)", "string", {"type": "string"}, "code", **_OURS),
    "year": Kind("ปี พ.ศ.", "integer", {"type": "integer"}, "year"),
    "number": Kind("จำนวนเต็ม", "integer", {"type": "integer"}, "number"),
    "measure": Kind("จำนวน", "number", {"type": "number"}, "points"),
    "degrees": Kind("องศาทศนิยม", "number", {"type": "number"}, "degrees"),
    "points": Kind("คะแนน", "number", {"type": "number"}, "points"),
    "percent": Kind("ร้อยละ", "number", {"type": "number"}, "percent"),
    "money": Kind("จำนวนเงิน", "number", {"type": "number"}, "money"),
    "truth": Kind("ใช่/ไม่ใช่", "boolean", {"type": "boolean"}, "boolean", csv="({})::text", cell="({})::int"),
    "moment": Kind(
        "วันเวลา",
        "datetime",
        {"type": "string", "format": "date-time"},
        "datetime",
        csv=_MOMENT,
        value=_MOMENT,
        # Days since 30 December 1899, as spreadsheets count them: whole seconds, as in the other files.
        cell=f"round(extract(epoch FROM date_trunc('second', {LOCAL})) / 86400 + 25569, 8)",
    ),
    "words": Kind(
        "รายการข้อความ",
        "string",
        {"type": "array", "items": {"type": "string"}},
        "text",
        csv=_JOINED,
        cell=_JOINED,
        quoted=True,
    ),
    "numbers": Kind(
        "รายการจำนวนเต็ม",
        "string",
        {"type": "array", "items": {"type": "integer"}},
        "text",
        csv=_JOINED,
        cell=_JOINED,
        quoted=True,
    ),
}
