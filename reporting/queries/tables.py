"""The tables made of tallies: how much of their plans the LAOs have put into practice.

Nothing here asks who is looking: results of LAOs and provinces are public (SPEC 6).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from operator import add
from typing import NamedTuple

from django.db import connection
from django.db.models import FilteredRelation, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone

from eplan.fiscal import fiscal_year_of, parse_year
from eplan.thai import arabic_digits, joined
from eplan.written import written_once
from lao.models import District, Lao, Province, Region
from lao.models.register import lao_title
from projects.models import Dimension, PlanPeriod
from reporting import rules
from reporting.models import LevelCutoff, ReportingRound, Tally

FORMULA = (
    "ร้อยละ = คะแนน ÷ N × 100 โดยคะแนน = (1 × ดำเนินการแล้วเสร็จ) + (0.5 × อยู่ระหว่างดำเนินการ) + (0 × ไม่สามารถดำเนินการได้)"
    " + (0 × ยังไม่รายงานผล)"
)
COUNTED = "N = จำนวนโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติของปีงบประมาณนั้น ไม่นับรายการที่ถูกปฏิเสธหรือลบ ไม่มีโครงการแสดงเป็น “-”"
USED_REPORTS = {
    6: "รอบ 6 เดือน ใช้รายงานรอบ 6 เดือน",
    12: "รอบ 12 เดือน ใช้รายงานล่าสุดของปีงบประมาณเดียวกัน รายงานรอบ 6 เดือนใช้แทนจนกว่าจะมีรายงานรอบ 12 เดือน",
}
CUTOFF = ("months", "high", "medium", "high_name", "medium_name", "low_name")
NO_REGION, NO_REGION_LAST = "ไม่สังกัด ป.ป.ช. ภาค", 99


class ResultRow(NamedTuple):
    """One line of a result table. `percent` is unrounded; rank, percent and level are None without projects.

    `key` is what an address calls the LAO or area, `place` the name of what it lies in.
    """

    key: str | int
    name: str
    place: str
    projects: int
    points: Decimal
    percent: Decimal | None
    level: rules.Level | None
    level_name: str | None
    missed: Decimal | None
    rank: int | None = None

    @property
    def shown_percent(self) -> Decimal | None:
        """The percentage with two decimals."""
        return None if self.percent is None else rules.rounded(self.percent)


@dataclass(frozen=True)
class ResultTable:
    """Results of one fiscal year and round, best first, and under them their pooled counts as `total`."""

    fiscal_year: int
    months: int
    rows: Sequence[ResultRow]
    total: ResultRow
    cutoff: LevelCutoff | None
    computed_at: datetime

    @property
    def when(self) -> str:
        """The fiscal year and round in words."""
        return when(self.fiscal_year, self.months)

    @property
    def notes(self) -> list[str]:
        """What stands under the table: how it was computed."""
        return [
            FORMULA,
            COUNTED,
            USED_REPORTS[self.months],
            self._levels,
            f"{joined('รวม', self.total.name)}: คะแนน {self.total.points:,.1f} จาก N = {self.total.projects:,}"
            " คิดร้อยละจากจำนวนรวม ไม่ใช่เฉลี่ยร้อยละ",
        ]

    @property
    def _levels(self) -> str:
        if self.cutoff is None:
            return "ยังไม่ได้กำหนดเกณฑ์ระดับของปีและรอบนี้"
        high, medium = f"{self.cutoff.high.normalize():f}", f"{self.cutoff.medium.normalize():f}"
        return (
            f"ระดับ: {self.cutoff.high_name} ตั้งแต่ร้อยละ {high} · {self.cutoff.medium_name} ตั้งแต่ร้อยละ {medium}"
            f" · {self.cutoff.low_name} ต่ำกว่าร้อยละ {medium} (เทียบค่าก่อนปัดเศษ) ร้อยละเท่ากันได้ลำดับเดียวกัน"
        )


def when(fiscal_year: int, months: int) -> str:
    """A fiscal year and round in words."""
    return f"ประจำปีงบประมาณ พ.ศ. {fiscal_year} รอบ {months} เดือน"


def result_years() -> list[int]:
    """The fiscal years of all plan periods up to the present one, in order; the present one where there is none."""
    present = fiscal_year_of(timezone.now())
    return [year for first, last in _periods() for year in range(first, last + 1) if year <= present] or [present]


@written_once
def _periods():
    return PlanPeriod.objects.order_by("first_year").values_list("first_year", "last_year")


def latest_result(**within) -> tuple[int, int] | None:
    """Fiscal year and months of the newest round that has opened and has something reported in its tables.

    `within` narrows the tallies to an area, as a filter takes it with a key; without it all are looked at. Of the
    rounds that have opened the newest, where nothing is reported at all; None where none has opened.
    """
    return next(iter(_latest_first(timezone.localdate(), **within)), None)


@written_once
def _latest_first(today, **within):
    tallies = Tally.objects.filter(fiscal_year=OuterRef("fiscal_year"), months=OuterRef("months"), **within)
    reported = tallies.exclude(completed=0, in_progress=0, not_feasible=0)
    # The first one found, not Exists: for that PostgreSQL reads the tallies of all years.
    nothing = IsNull(Subquery(reported.values("pk")[:1]), True)
    opened = ReportingRound.objects.filter(opens_on__lte=today)
    return opened.order_by(nothing, "-fiscal_year", "-months").values_list("fiscal_year", "months")[:1]


def choose_result(year_text: str | None, months_text: str | None, **within) -> tuple[list[int], int, int]:
    """`(years, year, months)`: the years there are, and those that GET parameters ask for; junk falls back on the
    latest result `within` an area, and on 12 months in another year than that."""
    years = result_years()
    year, months = parse_year(year_text), parse_months(months_text)
    if year in years and months:
        return years, year, months
    latest_year, latest_months = latest_result(**within) or (years[-1], 12)
    if year not in years:
        year = latest_year if latest_year in years else years[-1]
    return years, year, months or (latest_months if year == latest_year else 12)


def parse_months(text: str | None) -> int | None:
    """The round, 6 or 12, that is written in `text`; None for anything else."""
    return {"6": 6, "12": 12}.get(arabic_digits(text or "").strip())


def province_table(province: Province, fiscal_year: int, months: int) -> ResultTable:
    """All LAOs of `province`; `key` is the code of the LAO and `place` its district."""
    return _lao_table(Lao.objects.filter(district__province=province), f"จังหวัด{province}", fiscal_year, months)


def district_table(district: District, fiscal_year: int, months: int) -> ResultTable:
    """All LAOs of `district`, as in the table of its province."""
    return _lao_table(Lao.objects.filter(district=district), f"อำเภอ{district}", fiscal_year, months)


def _lao_table(laos, total_name, fiscal_year, months):
    laos = laos.order_by("sort_key", "district__sort_key", "code")
    counted = _with_counts(laos, "tallies", fiscal_year, months)
    facts = counted.values_list("code", "kind", "name", "district__name", "n", "done", "ongoing")
    named = ((code, lao_title(kind, name), place, *counts) for code, kind, name, place, *counts in facts)
    return _result_table(named, total_name, fiscal_year, months)


def districts_table(province: Province, fiscal_year: int, months: int) -> ResultTable:
    """The districts of `province`, each with the pooled counts of its LAOs; `key` is the id of the district."""
    districts = District.objects.filter(province=province).order_by("sort_key")
    counted = _with_counts(districts, "laos__tallies", fiscal_year, months)
    named = (
        (key, name, "", *counts) for key, name, *counts in counted.values_list("pk", "name", "n", "done", "ongoing")
    )
    return _result_table(named, f"จังหวัด{province}", fiscal_year, months)


def nation_table(fiscal_year: int, months: int) -> ResultTable:
    """All provinces, each with the pooled counts of its LAOs; `key` is the code of the province, `place` its region."""
    facts = _province_facts(Province.objects.all(), fiscal_year, months)
    named = ((code, name, region_name(region), *counts) for code, name, region, *counts in facts)
    return _result_table(named, "ทั่วประเทศ", fiscal_year, months)


def region_table(region: Region, fiscal_year: int, months: int) -> ResultTable:
    """The provinces of `region`; `key` is the code of the province."""
    facts = _province_facts(Province.objects.filter(region=region), fiscal_year, months)
    named = ((code, name, "", *counts) for code, name, _, *counts in facts)
    return _result_table(named, str(region), fiscal_year, months)


def regions_table(fiscal_year: int, months: int) -> ResultTable:
    """The nation by region. `key` is the number of a region; a province under none, Bangkok, stands for itself under
    its code."""
    pooled: dict[int | str, list] = {}
    facts = _province_facts(Province.objects.all(), fiscal_year, months)
    for code, name, region, *counts in sorted(facts, key=lambda fact: fact[2] or NO_REGION_LAST):
        row = pooled.setdefault(region or code, [region_name(region) if region else name, 0, 0, 0])
        row[1:] = map(add, row[1:], counts)
    named = ((key, name, "" if isinstance(key, int) else NO_REGION, *counts) for key, (name, *counts) in pooled.items())
    return _result_table(named, "ทั่วประเทศ", fiscal_year, months)


@cache
def region_name(number: int | None) -> str:
    """The region of that number in words; "" for none."""
    return str(Region(number=number)) if number else ""


def _province_facts(provinces, fiscal_year, months):
    counted = _with_counts(provinces.order_by("sort_key"), "districts__laos__tallies", fiscal_year, months)
    return counted.values_list("code", "name", "region", "n", "done", "ongoing")


def _with_counts(queryset, path, fiscal_year, months):
    """`queryset` with the pooled counts of the tallies at the end of `path`: n, done, ongoing."""
    tallies = FilteredRelation(path, condition=Q(**{f"{path}__fiscal_year": fiscal_year, f"{path}__months": months}))
    return queryset.annotate(tally=tallies).annotate(
        n=Coalesce(Sum("tally__projects"), 0),
        done=Coalesce(Sum("tally__completed"), 0),
        ongoing=Coalesce(Sum("tally__in_progress"), 0),
    )


def _result_table(facts: Iterable, total_name: str, fiscal_year: int, months: int) -> ResultTable:
    return result_table(facts, total_name, fiscal_year, months, _cutoff(fiscal_year, months))


def result_table(
    facts: Iterable, total_name: str, fiscal_year: int, months: int, cutoff: LevelCutoff | None
) -> ResultTable:
    """The table of `facts`, tuples (key, name, place, projects, completed, in progress) in the order of their names."""
    row = row_maker(cutoff)
    facts = list(facts)
    # The sort is stable: equal results stay in the order of their names.
    rows = sorted((row(*fact) for fact in facts), key=lambda row: (row.percent is None, -(row.percent or 0)))
    ranks = rules.ranks([row.percent for row in rows])
    return ResultTable(
        fiscal_year=fiscal_year,
        months=months,
        rows=[row._replace(rank=rank) for row, rank in zip(rows, ranks, strict=True)],
        total=row("", total_name, "", *(sum(fact[place] for fact in facts) for place in (3, 4, 5))),
        cutoff=cutoff,
        computed_at=timezone.now(),
    )


def result_maker(fiscal_year: int, months: int) -> Callable[..., ResultRow]:
    """A function that makes a `ResultRow` of (key, name, place, projects, completed, in progress). One query."""
    return row_maker(_cutoff(fiscal_year, months))


def all_cutoffs() -> Callable[[int, int], LevelCutoff | None]:
    """A function that gives the cut-offs of a fiscal year and round, None where none are set. One query in all."""
    cutoffs = [
        (first, last, LevelCutoff(**dict(zip(CUTOFF, facts, strict=True)))) for first, last, *facts in _all_cutoffs()
    ]

    def cutoff(fiscal_year, months):
        fitting = (known for first, last, known in cutoffs if known.months == months and first <= fiscal_year <= last)
        return next(fitting, None)

    return cutoff


@written_once
def _all_cutoffs():
    return LevelCutoff.objects.values_list("period__first_year", "period__last_year", *CUTOFF)


def _cutoff(fiscal_year, months):
    period = {"period__first_year__lte": fiscal_year, "period__last_year__gte": fiscal_year}
    return LevelCutoff.objects.filter(**period, months=months).first()


def row_maker(cutoff: LevelCutoff | None) -> Callable[..., ResultRow]:
    """A function that makes a `ResultRow` of (key, name, place, projects, completed, in progress)."""
    limits = rules.Cutoff(cutoff.high, cutoff.medium) if cutoff else None
    names = {
        rules.Level.HIGH: cutoff and cutoff.high_name,
        rules.Level.MEDIUM: cutoff and cutoff.medium_name,
        rules.Level.LOW: cutoff and cutoff.low_name,
    }

    def row(key, name, place, projects, completed, in_progress):
        points = rules.score(completed, in_progress)
        percent = rules.percent(points, projects)
        level = rules.level(percent, limits)
        missed = rules.missed_by_rounding(percent, limits)
        return ResultRow(key, name, place, projects, points, percent, level, names.get(level), missed)

    return row


class DimensionRow(NamedTuple):
    """What the tallies of an LAO or area say about one dimension, or about all of them; budgets in baht."""

    name: str
    short_name: str
    projects: int
    completed: int
    in_progress: int
    not_feasible: int
    in_ordinance: int
    plan_budget: Decimal
    ordinance_budget: Decimal
    disbursed: Decimal

    @property
    def reported(self) -> int:
        """How many have been reported."""
        return self.completed + self.in_progress + self.not_feasible

    @property
    def waiting(self) -> int:
        """How many have not."""
        return self.projects - self.reported


FIGURES = DimensionRow._fields[2:]


def own_summary(lao: Lao, fiscal_year: int, months: int, *, withheld: bool = False) -> list[DimensionRow]:
    """The `dimension_rows` of one LAO.

    An LAO whose claim nobody has confirmed yet has no tallies; with `withheld`, for its own clerk alone, its rows are
    counted then and there.
    """
    if withheld:
        return _with_total(fiscal_year, _count_withheld(lao, fiscal_year, months))
    return dimension_rows(fiscal_year, months, lao=lao)


def dimension_rows(fiscal_year: int, months: int, **within) -> list[DimensionRow]:
    """A row for each dimension of the year's plan period, in order, and last their total. Two queries.

    `within` narrows the tallies, such as `lao__district__province=...`; nothing means the nation.
    """
    tallies = Tally.objects.filter(fiscal_year=fiscal_year, months=months, **within)
    sums = tallies.order_by().values_list("dimension").annotate(*map(Sum, FIGURES))
    return _with_total(fiscal_year, {dimension: values for dimension, *values in sums})


def _with_total(fiscal_year, found):
    """A `DimensionRow` for each dimension of the year's period out of `found`, {dimension: figures}, and the total."""
    dimensions = Dimension.objects.filter(period__first_year__lte=fiscal_year, period__last_year__gte=fiscal_year)
    return rows_with_total(dimensions, found)


def rows_with_total(dimensions: Iterable[Dimension], found: Mapping[int, Sequence]) -> list[DimensionRow]:
    """A `DimensionRow` for each of `dimensions` out of `found`, {dimension's key: FIGURES}, and last their total."""
    nothing = [0] * len(FIGURES)
    rows = [DimensionRow(str(known), known.short_name, *found.get(known.pk, nothing)) for known in dimensions]
    totals = (sum(getattr(row, figure) for row in rows) for figure in FIGURES)
    return [*rows, DimensionRow("รวม", "รวม", *totals)]


def _count_withheld(lao, fiscal_year, months):
    """What the tallies of `lao` would say, by the key of the dimension."""
    columns = ", ".join(("dimension_id", *FIGURES))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM reporting_count("  # noqa: S608  the names of our own columns
            "ARRAY(SELECT id FROM projects_plan WHERE lao_id = %s), ARRAY[%s]::smallint[]) WHERE months = %s",
            [lao.pk, fiscal_year, months],
        )
        return {dimension: values for dimension, *values in cursor.fetchall()}


def result_of(counts: DimensionRow, fiscal_year: int, months: int) -> ResultRow:
    """The percentage and level that `counts`, the last row of `own_summary`, come to."""
    facts = [("", counts.name, "", counts.projects, counts.completed, counts.in_progress)]
    return _result_table(facts, counts.name, fiscal_year, months).total
