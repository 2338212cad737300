"""Results of areas as citizens see them: the nation and its provinces over the years, a province by LAO."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.aggregates import BitXor
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Concat
from django.utils import timezone

from eplan.written import written_once
from lao.models import Lao, Province
from lao.models.register import lao_title
from public.models import Version
from reporting.models import MONTHS, LevelCutoff, Tally
from reporting.queries.standings import RoundStates
from reporting.queries.tables import ResultRow, ResultTable, all_cutoffs, region_name, result_table, row_maker
from reporting.standing import Progress, is_late, progress_of

SUMS = (
    "projects",
    "completed",
    "in_progress",
    "not_feasible",
    "settled",
    "plan_budget",
    "ordinance_budget",
    "disbursed",
)


class Sums(NamedTuple):
    """What the tallies of an area add up to in one fiscal year and round; budgets in baht."""

    projects: int = 0
    completed: int = 0
    in_progress: int = 0
    not_feasible: int = 0
    settled: int = 0
    plan_budget: Decimal = Decimal(0)
    ordinance_budget: Decimal = Decimal(0)
    disbursed: Decimal = Decimal(0)

    @property
    def is_reported(self) -> bool:
        """Whether anything has been reported: if not, what the reports would say of budgets is not 0 but unknown."""
        return bool(self.completed or self.in_progress or self.not_feasible)


NOTHING = Sums()


def together(sums: Iterable[Sums]) -> Sums:
    """The sums of several areas."""
    return Sums(*map(sum, zip(NOTHING, *sums, strict=True)))


# What this process has added up before: by province, under the mark that its figures bore then.
_kept: dict[str, tuple[tuple[int | None, ...], Mapping[tuple[int, int], Sums]]] = {}


class MarkedProvince(NamedTuple):
    """A province, the number of its region (None for none), and the marks of its figures and of the reference data
    that all rest on (ADR 0015)."""

    code: str
    name: str
    region: int | None
    stamp: int | None
    reference_stamp: int | None


def sums_by_province(
    provinces: Sequence[MarkedProvince], years: Sequence[int]
) -> dict[str, Mapping[tuple[int, int], Sums]]:
    """The `Sums` of each of `provinces` in `years`, by its code and (fiscal year, months); what is not there has none.

    Adding up a quarter of a million tallies takes longer than all the rest of the nation's page, so only provinces
    in which something has changed since are added up again. `provinces_with_marks` was asked first: what is saved
    meanwhile finds the mark old. One query, or none.
    """
    marks = {province.code: (*years, province.reference_stamp, province.stamp) for province in provinces}
    # Looked up once: another thread may keep the figures of another moment meanwhile.
    known = {code: _kept.get(code) for code in marks}
    sums = {code: kept[1] for code, kept in known.items() if kept is not None and kept[0] == marks[code]}
    stale = [code for code in marks if code not in sums]
    if stale:
        found: dict[str, dict[tuple[int, int], Sums]] = {code: {} for code in stale}
        tallies = Tally.objects.filter(lao__district__province__in=stale, fiscal_year__in=years).order_by()
        grouped = tallies.values_list("lao__district__province", "fiscal_year", "months")
        for code, year, months, *added in grouped.annotate(*map(Sum, SUMS)):
            found[code][year, months] = Sums(*added)
        _kept.update({code: (marks[code], found[code]) for code in stale})
        sums |= found
    return sums


def provinces_with_marks(**narrowed) -> list[MarkedProvince]:
    """All provinces, or those that `narrowed` leaves, in Thai order, with the marks for `sums_by_province`."""
    return [MarkedProvince(*facts) for facts in _provinces_with_marks(**narrowed)]


@written_once
def _provinces_with_marks(**narrowed):
    provinces = Province.objects.filter(**narrowed).order_by("sort_key")
    marks = {"stamp": _stamp(Concat(Value("province:"), OuterRef("code"))), "reference": _stamp(Value("reference"))}
    return provinces.annotate(**marks).values_list("code", "name", "region", *marks)


def _stamp(scope):
    versions = Version.objects.filter(scope=scope).order_by().values("scope")
    return Subquery(versions.annotate(mark=BitXor("stamp")).values("mark"))


@written_once
def _province(code):
    return Province.objects.filter(code=code).values_list("name", "region")


def find_province(code) -> Province:
    """The province of that code; raises `Province.DoesNotExist`."""
    for name, region in _province(code):
        return Province(code=code, name=name, region_id=region)
    raise Province.DoesNotExist


def cutoffs() -> list[LevelCutoff]:
    """All cut-offs, by period and round."""
    return list(LevelCutoff.objects.select_related("period").order_by("period__first_year", "months"))


@dataclass(frozen=True)
class AreaResults:
    """The rows of an area in one fiscal year and round: their `table`, and the `Sums` of each by its key, of all
    together under "".

    `history` is, for each fiscal year, its `Sums` and a `ResultRow` for each round; empty where none was asked for.
    """

    table: ResultTable
    sums: Mapping[str, Sums]
    history: Sequence[tuple[int, Sums, Sequence[ResultRow]]] = ()


def provinces_results(name, provinces, chosen) -> AreaResults:
    """The `AreaResults` of `provinces`, a list with their marks, together under `name`. Two queries at most.

    `chosen` is (all years, fiscal year, months).
    """
    years, fiscal_year, months = chosen
    of_province = sums_by_province(provinces, years)
    cutoff = all_cutoffs()
    rounds = [(year, part) for year in years for part, _ in MONTHS]
    pooled = {known: together([found[known] for found in of_province.values() if known in found]) for known in rounds}
    history = [
        (
            year,
            pooled[year, 12],
            [row_maker(cutoff(year, part))("", "", "", *pooled[year, part][:3]) for part, _ in MONTHS],
        )
        for year in years
    ]
    sums = {code: found.get((fiscal_year, months), NOTHING) for code, found in of_province.items()}
    facts = [(place.code, place.name, region_name(place.region), *sums[place.code][:3]) for place in provinces]
    table = result_table(facts, name, fiscal_year, months, cutoff(fiscal_year, months))
    return AreaResults(table, sums | {"": pooled[fiscal_year, months]}, history)


@dataclass(frozen=True)
class LaoStanding:
    """How an LAO of a province stands in the round."""

    progress: Progress
    late: bool


def province_results(province, fiscal_year, months) -> tuple[AreaResults, dict[str, LaoStanding]]:
    """The `AreaResults` of the LAOs of `province`, and by their codes how each stands in the round. Six queries."""
    found = {key: Sums(*sums) for key, *sums in _sums_of_laos(province.pk, fiscal_year, months)}
    withheld = {key for (key,) in _withheld_laos(province.pk)}
    state_for = RoundStates(fiscal_year, months, timezone.localdate())
    facts, sums, standings = [], {}, {}
    for key, code, kind, name, place in _laos(province.pk):
        sums[code] = of_lao = found.get(key, NOTHING)
        facts.append((code, lao_title(kind, name), place, *of_lao[:3]))
        progress = progress_of(of_lao.projects, of_lao.settled, may_record=True, withheld=key in withheld)
        standings[code] = LaoStanding(progress, is_late(progress, state_for(key, province.pk).phase))
    cutoff = all_cutoffs()(fiscal_year, months)
    table = result_table(facts, f"จังหวัด{province}", fiscal_year, months, cutoff)
    return AreaResults(table, sums | {"": together(sums.values())}), standings


@written_once
def _laos(province):
    laos = Lao.objects.filter(district__province=province).order_by("sort_key", "district__sort_key", "code")
    return laos.values_list("pk", "code", "kind", "name", "district__name")


@written_once
def _sums_of_laos(province, fiscal_year, months):
    tallies = Tally.objects.filter(fiscal_year=fiscal_year, months=months, lao__district__province=province)
    return tallies.order_by().values_list("lao").annotate(*map(Sum, SUMS))


@written_once
def _withheld_laos(province):
    return Lao.objects.withheld().filter(district__province=province).order_by().values_list("pk")
