"""An LAO as citizens see it: what it says of itself, its plan, its results over the years, the projects of a year."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from eplan.fiscal import parse_year
from eplan.written import written_once
from evaluation.models import ScoreChange
from lao.models import District, FormerCode, Lao, Province
from projects.models import Dimension, Plan
from projects.queries import dimensions_of, plans_of
from reporting.models import MONTHS, Tally
from reporting.queries.rounds import all_round_states
from reporting.queries.tables import FIGURES, DimensionRow, ResultRow, all_cutoffs, row_maker, rows_with_total
from reporting.rounds import RoundState, best_year
from reporting.standing import Progress, is_late, progress_of

# All that is public of a profile. What is not named here is not shown: a field added later must be asked for.
PROFILE = ("size", "office_address", "service_area_km2", "population", "own_revenue", "grant_revenue", "website")


# Of the register.
LAO = (
    "id", "code", "kind", "name", "subdistricts", "address_number", "address_moo", "postal_code", "area_km2", "website",
)  # fmt: skip
PLACE = ("district__name", "district__province", "district__province__name", "district__province__region")


def find_lao(code):
    """The LAO that bears `code` now, with its place; raises `Lao.DoesNotExist`.

    `is_published` says whether what it entered is public; if not, nothing else may be asked about it. `former` are the
    codes that it bore before, `said` is what it says of itself and is public: a value for each of `PROFILE`.
    """
    for former, *facts in _lao_by_code(code):
        lao, profile = _lao_of(facts)
        lao.former = former
        lao.said = dict(zip(PROFILE, profile, strict=True)) if lao.is_published else dict.fromkeys(PROFILE)
        return lao
    raise Lao.DoesNotExist


def place_of_plan(plan):
    """The LAO of the plan under that key, with its place and `is_published`."""
    return _lao_of(*_lao_of_plan(plan))[0]


@written_once
def _lao_by_code(code):
    former = FormerCode.objects.filter(lao=OuterRef("pk")).order_by("replaced_at").values("code")
    profile = [f"profile__{field}" for field in PROFILE]
    found = _with_place(Lao.objects.filter(code=code))
    return found.annotate(former=ArraySubquery(former)).values_list("former", "published", *PLACE, *LAO, *profile)


@written_once
def _lao_of_plan(plan):
    return _with_place(Lao.objects.filter(plans=plan)).values_list("published", *PLACE, *LAO)


def _with_place(laos):
    return laos.order_by().annotate(published=~Exists(Lao.objects.withheld().filter(pk=OuterRef("pk"))))


def _lao_of(facts):
    """The LAO out of `published`, PLACE and LAO, and what follows them."""
    published, district, code, province, region, *facts = facts
    lao = Lao.from_db(None, LAO, facts[: len(LAO)])
    lao.district = District(name=district, province=Province(code=code, name=province, region_id=region))
    lao.is_published = published
    return lao, facts[len(LAO) :]


def present_code(code):
    """The code now of the LAO that bore `code` last; None where none did."""
    return FormerCode.objects.filter(code=code).order_by("-replaced_at").values_list("lao__code", flat=True).first()


@dataclass(frozen=True)
class RoundResult:
    """What came of a round: its `ResultRow`, how many of its projects are `settled`, and when it was to be reported.

    `state` is None where the round has no dates.
    """

    months: int
    row: ResultRow
    settled: int
    state: RoundState | None

    @property
    def progress(self) -> Progress:
        """How much of what was owed is reported."""
        return progress_of(self.row.projects, self.settled, may_record=True)

    @property
    def late(self) -> bool:
        """Whether something is still missing although the round has closed."""
        return self.state is not None and is_late(self.progress, self.state.phase)


@dataclass(frozen=True)
class YearResult:
    """What came of one fiscal year of an LAO: its figures by the key of the dimension, and the result of each round.

    The figures are those of the latest reports of the year.
    """

    fiscal_year: int
    figures: Mapping[int, Sequence]
    rounds: Sequence[RoundResult]

    @property
    def total(self) -> DimensionRow:
        """All dimensions together."""
        return DimensionRow("รวม", "รวม", *_added(self.figures.values()))

    def by_dimension(self, dimensions: Sequence[Dimension]) -> list[DimensionRow]:
        """A row for each of `dimensions`, and last their total."""
        return rows_with_total(dimensions, self.figures)


@dataclass(frozen=True)
class Followed:
    """The plans of an LAO, oldest first, and the years in which they may have projects, each with what came of it.

    `year` is the one that is looked at, `plan` its plan and `dimensions` those of its period; None and empty while no
    plan has passed.
    """

    plans: Sequence[Plan]
    years: Sequence[YearResult]
    year: YearResult | None
    plan: Plan | None
    dimensions: Sequence[Dimension]

    @property
    def years_of_plan(self) -> list[YearResult]:
        """The years of the plan that is looked at."""
        return [year for year in self.years if self.plan and year.fiscal_year in self.plan.years]


def follow(lao, asked):
    """The `Followed` of `lao`, looked at in the fiscal year that the text `asked` names, else in the usual one.

    Five queries.
    """
    today = timezone.localdate()
    plans = plans_of(lao)
    states = all_round_states(lao, today)
    tallies = _tallies(lao)
    cutoff = all_cutoffs()
    years = [_year(year, tallies, states, cutoff) for plan in plans for year in plan.years]
    choices = [year.fiscal_year for year in years]
    opened = [year for (year, _), state in states.items() if state.is_open]
    wanted = parse_year(asked)
    chosen = wanted if wanted in choices else best_year(choices, with_open_round=opened, today=today)
    plan = next((plan for plan in plans if chosen in plan.years), None)
    return Followed(
        plans,
        years,
        next((year for year in years if year.fiscal_year == chosen), None),
        plan,
        dimensions_of(plan.period) if plan else [],
    )


def _tallies(lao):
    """{(fiscal year, months): {dimension: (settled, figures)}}: all that is counted of `lao`."""
    tallies = defaultdict(dict)
    for year, months, dimension, settled, *figures in _all_tallies(lao.pk):
        tallies[year, months][dimension] = settled, figures
    return tallies


@written_once
def _all_tallies(lao):
    return Tally.objects.filter(lao=lao).values_list("fiscal_year", "months", "dimension", "settled", *FIGURES)


def _year(fiscal_year, tallies, states, cutoff):
    rounds = []
    for months, _ in MONTHS:
        found = tallies[fiscal_year, months].values()
        total = DimensionRow("", "", *_added(figures for _, figures in found))
        row = row_maker(cutoff(fiscal_year, months))("", "", "", total.projects, total.completed, total.in_progress)
        settled = sum(settled for settled, _ in found)
        rounds.append(RoundResult(months, row, settled, states.get((fiscal_year, months))))
    latest = {dimension: figures for dimension, (_, figures) in tallies[fiscal_year, 12].items()}
    return YearResult(fiscal_year, latest, rounds)


def _added(figures):
    """The sums of rows of FIGURES, also of no row at all."""
    return [sum(column) for column in zip([0] * len(FIGURES), *figures, strict=True)]


def score_versions(plan):
    """The `ScoreChange`s of a published `plan` without who made them, the latest first. One query."""
    return [
        ScoreChange(number=number, at=at, reason=reason, before=json.loads(before), after=json.loads(after))
        for number, at, reason, before, after in _score_versions(plan.pk)
    ]


@written_once
def _score_versions(plan):
    changes = ScoreChange.objects.filter(plan=plan).order_by("-number")
    return changes.values_list("number", "at", "reason", "before", "after")
