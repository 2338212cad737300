"""Where LAOs stand in a round: one by one, or as many together as stand alike in one area.

The rules are those of `reporting.standing` alone. The database only brings together what they ask about, and for areas
counts the LAOs for which all their questions have the same answer, so that the nation is a few rows per province.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from lao.models import Lao
from projects.models import Plan
from reporting import rules
from reporting.models import Extension, ReportingRound
from reporting.rounds import RoundState, state_of
from reporting.standing import Progress, is_late, progress_of

# {laos}, {passed} and {withheld} are subqueries of keys of LAOs: those that are asked about, and of all there are those
# whose plan has passed by the year, and those that are withheld.
FACTS = """
SELECT lao.id AS lao, lao.district_id, district.province_id, province.region_id, lao.sort_key, lao.code,
       lao.id IN ({passed}) AS may_record, lao.id IN ({withheld}) AS withheld,
       coalesce(projects, 0) AS projects, coalesce(settled, 0) AS settled, coalesce(completed, 0) AS completed,
       coalesce(in_progress, 0) AS in_progress
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
  LEFT JOIN (
        SELECT lao_id, sum(projects) AS projects, sum(settled) AS settled, sum(completed) AS completed,
               sum(in_progress) AS in_progress
          FROM reporting_tally
         WHERE fiscal_year = %s AND months = %s AND lao_id IN ({laos})
         GROUP BY lao_id
       ) AS tally ON tally.lao_id = lao.id
 WHERE lao.id IN ({laos})
"""
EACH = """
SELECT lao, district_id, province_id, region_id, may_record, withheld, projects, settled, completed, in_progress
  FROM ({facts}) AS facts ORDER BY {order}
"""
# Of LAOs that stand alike, the fewest projects and settled ones stand as any of them does. The first value is an array
# of the LAOs with an extension of their own, each of which stands for itself.
ALIKE = """
SELECT {district}, province_id, region_id, extended, may_record, withheld, min(projects), min(settled),
       count(*), sum(projects)::bigint, sum(settled)::bigint, sum(completed)::bigint, sum(in_progress)::bigint
  FROM (SELECT facts.*, CASE WHEN lao = ANY (%s) THEN lao END AS extended FROM ({facts}) AS facts) AS facts
 GROUP BY {district}, province_id, region_id, extended, may_record, withheld, projects > 0, settled > 0,
          settled >= projects
"""


class Standing(NamedTuple):
    """One LAO in the round; `state` is the round as it meets this LAO."""

    lao: int
    district: int
    province: str
    region: int | None
    projects: int
    settled: int
    completed: int
    in_progress: int
    progress: Progress
    state: RoundState
    late: bool

    @property
    def missing(self) -> int:
        """On how many something is left to report."""
        return self.projects - self.settled

    @property
    def percent_settled(self) -> Decimal | None:
        """Of how many projects nothing is left to report, in per cent; None without any."""
        return rules.percent(Decimal(self.settled), self.projects)


class Alike(NamedTuple):
    """LAOs of one province, or of one `district` where districts were asked for, that stand alike: how many `laos`, and
    what their projects add up to."""

    district: int | None
    province: str
    region: int | None
    progress: Progress
    state: RoundState
    late: bool
    laos: int
    projects: int
    settled: int
    completed: int
    in_progress: int


def standings_of(laos, fiscal_year: int, months: int, today: date) -> Iterator[Standing]:
    """A `Standing` for each of the queryset `laos`, in Thai order. Three queries."""
    state_for = RoundStates(fiscal_year, months, today)
    for lao, district, province, region, may_record, withheld, *figures in _fetched(
        EACH, laos, fiscal_year, months, order="sort_key, code"
    ):
        state = state_for(lao, province)
        progress = progress_of(figures[0], figures[1], may_record=may_record, withheld=withheld)
        yield Standing(lao, district, province, region, *figures, progress, state, is_late(progress, state.phase))


def alike(laos, fiscal_year: int, months: int, today: date, *, by_district: bool) -> Iterator[Alike]:
    """The queryset `laos` as groups of those that stand alike. Three queries."""
    state_for = RoundStates(fiscal_year, months, today)
    district = "district_id" if by_district else "NULL::bigint"
    for place, province, region, extended, may_record, withheld, projects, settled, *sums in _fetched(
        ALIKE, laos, fiscal_year, months, [state_for.extended_laos], district=district
    ):
        state = state_for(extended, province)
        progress = progress_of(projects, settled, may_record=may_record, withheld=withheld)
        yield Alike(place, province, region, progress, state, is_late(progress, state.phase), *sums)


def _fetched(statement, laos, fiscal_year, months, first=(), **words):
    """The rows of `statement` about the queryset `laos`; `first` are its own values, `words` its own words."""
    passed = Plan.objects.filter(
        period__first_year__lte=fiscal_year, period__last_year__gte=fiscal_year, passed_in__lte=fiscal_year
    )
    keys = {"passed": passed.values("lao"), "withheld": Lao.objects.withheld().values("pk"), "laos": laos.values("pk")}
    told = {name: asked.order_by().query.sql_with_params() for name, asked in keys.items()}
    facts = FACTS.format(**{name: sql for name, (sql, _) in told.items()})
    values = [*told["passed"][1], *told["withheld"][1], fiscal_year, months, *told["laos"][1], *told["laos"][1]]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(facts=facts, **words), [*first, *values])
        return cursor.fetchall()


class RoundStates:
    """The state of a round for each LAO, its extensions included: call it with the LAO and the code of its province.

    `extended_laos` are those with an extension of their own; for any other LAO the province alone decides.
    """

    def __init__(self, fiscal_year: int, months: int, today: date):
        known = ReportingRound.objects.filter(fiscal_year=fiscal_year, months=months).first()
        self._of_laos: dict = {}
        self._of_provinces: dict = {}
        if known:
            extended = Extension.objects.filter(reporting_round=known).order_by("until", "pk")
            for lao, province, *longest in extended.values_list("lao", "province", "until", "reason"):
                if lao:
                    self._of_laos[lao] = tuple(longest)
                else:
                    self._of_provinces[province] = tuple(longest)
        self._dates = {
            "fiscal_year": fiscal_year,
            "months": months,
            "today": today,
            "opens_on": known and known.opens_on,
            "closes_on": known and known.closes_on,
        }
        self._made: dict = {}

    @property
    def extended_laos(self) -> list[int]:
        """The keys of the LAOs with an extension of their own."""
        return list(self._of_laos)

    def __call__(self, lao: int | None, province: str) -> RoundState:
        """The state for an LAO; None is one without an extension of its own."""
        longest = self._of_provinces.get(province)
        own = self._of_laos.get(lao)
        if own and (longest is None or own > longest):
            longest = own
        if longest not in self._made:
            until, reason = longest or (None, "")
            self._made[longest] = state_of(**self._dates, until=until, reason=reason)
        return self._made[longest]
