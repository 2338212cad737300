"""A plan that was pasted as a table: which column is what, and its rows as rows of the Excel form.

The texts that come out go through the very form of the screens (`projects.imports`), as those of an Excel file do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eplan.pasted import table_of_text
from eplan.thai import clean_line
from eplan.workbooks import TableRow
from lao.excel_forms import TICK
from projects.excel_form import TYPE_AMOUNT, Shape
from projects.forms.project import own_amount
from projects.models import Project
from projects.pasted_words import (
    SKIP,
    amount_in,
    dimension_number,
    groups_in,
    heading_of,
    is_tick,
    is_topic,
    is_total,
    kind_in,
    plain,
    quarters_in,
    without_numbering,
    years_in,
)
from projects.rules import NO_BUDGET

HEADINGS_WITHIN, MOST_HEADING_ROWS = 8, 3
EXAMPLES = 3
# Fields that have a column of their own in pasted plans and several, or none, in the form.
ONLY_PASTED = {
    "years": "ปีที่ดำเนินการ",
    "budget": "งบประมาณ (บาท)",
    "quarters": "ไตรมาส",
    "groups": "กลุ่มเป้าหมาย",
    "further": "มิติที่สอดคล้องเพิ่มเติม",
}
UNREAD_YEARS = "อ่านปีไม่ได้ กรุณาพิมพ์ เช่น 2561-2564 หรือ 2561, 2563"
UNREAD_QUARTERS = "อ่านไตรมาสไม่ได้ กรุณาพิมพ์ เช่น 1-4 หรือ 1, 3"
UNREAD_FURTHER = "อ่านมิติเพิ่มเติมไม่ได้ กรุณาพิมพ์เลขมิติ เช่น 2, 3"


class PastedShape(Shape):
    """The columns of the Excel form of a plan, and those that pasted plans have instead of them."""

    def __init__(self, plan, dimensions):
        super().__init__(plan, dimensions)
        self.headings = self.headings | ONLY_PASTED
        self.used = set()

    def column_of(self, field):
        """The key of the column at which a refusal of `field` stands."""
        if field in ("uses_budget", "amount", "years_without_budget") or (field not in self.used and "amount" in field):
            return "budget"
        instead = {"quarters": "quarters", "further_dimensions": "further", "target_groups": "groups"}
        return instead.get(field) or super().column_of(field)

    @property
    def offered(self):
        """What a column may be, as choices: everything but the mark, in the order in which plans are written."""
        singles = ["name", "kind", "dimension", "years", "budget", *map(own_amount, self.years)]
        rest = ["quarters", "further", "groups", "objective", "remark"]
        own = [key for ticks in self.ticks for key in ticks.values]
        return [("", "ไม่ใช้คอลัมน์นี้"), *((key, self.headings[key]) for key in [*singles, *rest, *own])]


@dataclass
class Columns:
    """Which column is what, by its place ("" or `SKIP`: not used), and how many rows on top are no projects.

    `headings` are those of the columns as they were pasted; `sure` says that nothing is left to ask.
    """

    keys: list[str]
    first: int
    headings: list[str]
    sure: bool = False


@dataclass(frozen=True)
class Defaults:
    """What holds for the rows that say nothing themselves, in the words of the form; "" and none: nothing holds."""

    kind: str = ""
    dimension: str = ""
    years: tuple[int, ...] = ()
    budget: str = ""


@dataclass
class PastedPlan:
    """The rows of a pasted text, and what they say under `Columns`."""

    rows: list[list[str]]
    shape: PastedShape
    passed_over: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, text, shape):
        """The plan in a pasted `text`."""
        years = shape.years

        def is_heading(cell):
            return heading_of(cell, years) is not None

        def is_alone(cell):
            return dimension_number(cell) is not None or is_topic(cell) or is_total(cell)

        return cls(table_of_text(text, is_heading, is_alone), shape)

    @property
    def width(self):
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def examples(self, place, first):
        """The first texts of a column below its headings."""
        return [row[place] for row in self.rows[first:] if row[place]][:EXAMPLES]

    def columns(self):
        """What the columns seem to be, by their headings, else by what stands in them."""
        start = next((n for n in range(min(HEADINGS_WITHIN, len(self.rows))) if self._is_heading_row(n)), None)
        if start is None:
            return Columns(self._by_content(), 0, [""] * self.width)
        keys, headings, first = [""] * self.width, [""] * self.width, start
        while first < len(self.rows) and first < start + MOST_HEADING_ROWS and self._goes_on_as_heading(first, start):
            for place, text in enumerate(self.rows[first]):
                key = self._key(first, place)
                keys[place] = keys[place] if keys[place] == "name" else key or keys[place]
                headings[place] = clean_line(f"{headings[place]} {text}")
            first += 1
        for place, key in enumerate(keys):
            if key != SKIP and key in keys[:place]:
                keys[place] = ""
        return Columns(keys, first, headings, self._is_sure(keys, headings, first))

    def _key(self, number, place):
        """What the cell says as a heading; None where it says so again further down, as only data does."""
        text = self.rows[number][place]
        own = {plain(heading).replace(" ", ""): key for key, heading in self.shape.headings.items()}
        key = own.get(plain(text).replace(" ", "").removesuffix("*")) or heading_of(text, self.shape.years)
        own_year = key is not None and key.startswith("amount_")
        if key is None or (not own_year and any(row[place] == text for row in self.rows[number + 1 :])):
            return None
        return SKIP if key == "mark" else key

    def _is_heading_row(self, number):
        filled = [place for place, text in enumerate(self.rows[number]) if text]
        keys = [self._key(number, place) for place in filled]
        known = [key for key in keys if key]
        return "name" in known and (len(known) >= 2 or self.width == 1) and len(known) >= 0.6 * len(filled)

    def _goes_on_as_heading(self, number, start):
        return number == start or all(self._key(number, place) for place, text in enumerate(self.rows[number]) if text)

    def _is_sure(self, keys, headings, first):
        """Whether every column is known and, between them, they say all that a project needs."""
        names = [row[keys.index("name")] for row in self._projects(keys, first)]
        told_kind = "kind" in keys or all(kind_in(name, Project.Kind.labels) for name in names)
        told_dimension = "dimension" in keys or any(self._section(row) for row in self.rows[first:])
        of_years = [key for key in keys if key.startswith("amount_")]
        told_budget = "budget" in keys or (of_years and not self._ticked(keys, first))
        told_years = of_years or "years" in keys
        unknown = [heading for key, heading in zip(keys, headings, strict=True) if heading and not key]
        return bool(told_kind and told_dimension and told_budget and told_years and not unknown)

    def _projects(self, keys, first):
        return [row for row in self.rows[first:] if not self._why_passed_over(row, keys)]

    def _by_content(self):
        keys = [self._content_key([row[place] for row in self.rows if row[place]][:20]) for place in range(self.width)]
        for place, key in enumerate(keys):
            if key not in ("", SKIP) and key in keys[:place]:
                keys[place] = ""
        free = [place for place, key in enumerate(keys) if not key]
        if free:
            keys[max(free, key=lambda place: sum(len(row[place]) for row in self.rows))] = "name"
        return keys

    def _content_key(self, texts):
        """What a column without a heading seems to hold, "" where it may be anything."""
        tests = {
            SKIP: lambda text: plain(text).rstrip(".)").isdecimal() and len(text) <= 3,
            "years": lambda text: years_in(text, self.shape.years) is not None and len(text) >= 4,
            "dimension": lambda text: len(text) > 2 and dimension_number(text) is not None,
            "kind": lambda text: text in Project.Kind.labels,
            "budget": lambda text: amount_in(text) == NO_BUDGET or plain(amount_in(text)).replace(",", "").isdecimal(),
        }
        sure = [key for key, test in tests.items() if texts and sum(map(test, texts)) >= 0.6 * len(texts)]
        return sure[0] if sure else ""

    def _section(self, row):
        """The dimension whose title the row is; None for any other row."""
        filled = [text for text in row if text]
        number = dimension_number(filled[0]) if len(filled) == 1 and "มิติ" in filled[0] else None
        return next((str(d) for d in self.shape.dimensions if d.number == number), None)

    def _why_passed_over(self, row, keys):
        """Why a row is no project, "" for one that is."""
        filled = [text for text in row if text]
        if self._section(row):
            return "ชื่อมิติ"
        name = row[keys.index("name")] if "name" in keys else ""
        if is_total(name or filled[0]):
            return "แถวรวม"
        alone = len(filled) == 1 and self.width > 2
        return "หัวข้อ" if alone and (not name or is_topic(name)) else ""

    def _ticked(self, keys, first):
        """The columns of years in which ticks stand, so that a dash there means no."""
        places = [place for place, key in enumerate(keys) if key.startswith("amount_")]
        return {keys[p] for p in places if any(self._is_year_tick(row[p], keys[p]) for row in self.rows[first:])}

    @staticmethod
    def _is_year_tick(text, key):
        return is_tick(text) or plain(text) == key.removeprefix("amount_")

    def read(self, columns, defaults: Defaults):
        """`(TableRow, refusals by key)` for each project; `passed_over` then says which rows are none, and why."""
        keys = columns.keys
        self.passed_over = {"หัวตาราง": list(range(1, columns.first + 1))} if columns.first else {}
        self.shape.used = set(keys)
        ticked, dimension = self._ticked(keys, columns.first), ""
        for number, row in enumerate(self.rows[columns.first :], start=columns.first + 1):
            reason = self._why_passed_over(row, keys)
            if reason:
                dimension = self._section(row) or dimension
                self.passed_over.setdefault(reason, []).append(number)
                continue
            said = {key: text for key, text in zip(keys, row, strict=True) if key not in ("", SKIP)}
            dimension = said.get("dimension") or dimension  # of cells that were merged only the first has the text
            refusals = {}
            texts = self._texts(said, dimension or defaults.dimension, defaults, ticked, refusals)
            yield TableRow(number, texts), refusals

    def _texts(self, said, dimension, defaults, ticked, refusals):
        """The texts of a row of the Excel form; what is refused here already goes into `refusals`."""
        name = without_numbering(said.get("name", ""))
        number = dimension_number(dimension)
        kind = said.get("kind", "")
        texts = dict.fromkeys(self.shape.headings, "") | said
        texts |= {
            "name": name,
            "kind": kind_in(kind, Project.Kind.labels) or kind or kind_in(name, Project.Kind.labels) or defaults.kind,
            "dimension": next((str(d) for d in self.shape.dimensions if d.number == number), dimension),
            **self._budgets(said, defaults, ticked, refusals),
        }
        self._tick(texts, said, "quarters", UNREAD_QUARTERS, quarters_in, refusals)
        self._tick(texts, said, "further", UNREAD_FURTHER, _numbers_in, refusals)
        groups = groups_in(said.get("groups", ""))
        texts |= {f"group_{group}": TICK for group in groups}
        if said.get("groups") and not groups:  # nothing of what was written is lost
            texts["remark"] = "\n".join(filter(None, [texts["remark"], f"กลุ่มเป้าหมาย: {said['groups']}"]))
        own = [key for ticks in self.shape.ticks for key in ticks.values if key in said]
        return texts | {key: TICK for key in own if is_tick(said[key])}

    def _budgets(self, said, defaults, ticked, refusals):
        """The texts of the columns of years, from one of their own or from years and a budget said apart."""
        shared = amount_in(said["budget"]) if said.get("budget") else defaults.budget
        found = {}
        for key in map(own_amount, self.shape.years):
            text = said.get(key, "")
            if text and self._is_year_tick(text, key):
                found[key] = shared
            elif text and not (key in ticked and amount_in(text) == NO_BUDGET):
                found[key] = amount_in(text)
        if not found:
            found = {own_amount(year): shared for year in self._years(said, defaults, refusals)}
        if found and not all(found.values()):
            refusals["budget"] = f"กรุณากรอกจำนวนงบประมาณ หรือ “{NO_BUDGET}”"
            found = {key: text or TYPE_AMOUNT for key, text in found.items()}
        return dict.fromkeys(map(own_amount, self.shape.years), "") | found

    def _years(self, said, defaults, refusals):
        text = said.get("years", "")
        years = years_in(text, self.shape.years) if text else list(defaults.years)
        outside = sorted(set(years or ()) - set(self.shape.years))
        if years is None:
            refusals["years"] = UNREAD_YEARS
        elif outside:
            allowed = f"{self.shape.years[0]}-{self.shape.years[-1]}"
            refusals["years"] = f"แผนของท่านเลือกได้เฉพาะปี {allowed} ไม่มีปี {', '.join(map(str, outside))}"
        return [year for year in years or () if year in self.shape.years]

    def _tick(self, texts, said, key, unread, numbers_in, refusals):
        """Tick the columns of the form that a cell with several numbers stands for."""
        text = said.get(key, "")
        if not text or amount_in(text) == NO_BUDGET:  # a dash is nothing
            return
        found = numbers_in(text)
        known = {one for one in self.shape.headings if one.startswith(f"{key.removesuffix('s')}_")}
        chosen = {f"{key.removesuffix('s')}_{number}" for number in found or ()}
        if found is None or not chosen <= known:
            refusals[key] = unread
        texts |= dict.fromkeys(chosen & known, TICK)


def _numbers_in(text):
    """The numbers in "มิติที่ 2, 3"; None for what names anything else."""
    parts = [part for part in plain(text).replace("และ", ",").replace("มิติที่", " ").replace(" ", ",").split(",") if part]
    return (
        [int(part) for part in parts] if parts and all(part.isdecimal() and len(part) < 4 for part in parts) else None
    )


def where(passed_over: Mapping[str, list[int]]) -> str:
    """Which rows were passed over and why, in words; "" for none."""
    return " · ".join(
        f"{why} {', '.join(map(str, rows[:20]))}{' …' if len(rows) > 20 else ''}" for why, rows in passed_over.items()
    )
