"""Where LAOs stand in a round: one by one, or as many together as stand alike in one area.

The rules are those of `reporting.standing` alone. What they ask about an LAO has few answers, so they are applied to
each `Kind` of LAO beforehand; the database finds out of which kind an LAO is, and so counts and sorts the nation
without knowing the rules.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import product
from typing import NamedTuple

from django.db.models import Sum

from eplan.written import written_once
from lao.models import Lao
from projects.models import Plan
from reporting import rules
from reporting.models import ReportingRound, Tally
from reporting.queries.statements import fetched
from reporting.rounds import RoundState, state_of
from reporting.standing import Progress, is_late, progress_of, urgency

# (projects, settled) as far as the rules tell them apart, in the order of the CASE below.
_STAGES = ((0, 0), (2, 0), (2, 1), (2, 2))
# Subqueries: {laos} that are asked about with their places, {tallies} of theirs in the round, and the keys of those,
# of all LAOs, whose plan has {passed} by the year and who are {withheld}. OFFSET 0 keeps it apart from what stands
# around it: else the kind is found out again wherever it is mentioned.
_FACTS = """
SELECT lao.*, coalesce(projects, 0) AS projects, coalesce(settled, 0) AS settled, coalesce(completed, 0) AS completed,
       coalesce(in_progress, 0) AS in_progress,
       16 * coalesce(own.state, whole.state, 0)
         + 8 * EXISTS (SELECT 1 FROM ({passed}) AS passed (lao) WHERE passed.lao = lao.lao)::int
         + 4 * (lao.lao IN ({withheld}))::int
         + CASE WHEN coalesce(projects, 0) = 0 THEN 0 WHEN settled = 0 THEN 1 WHEN settled < projects THEN 2 ELSE 3 END
         AS kind
  FROM ({laos}) AS lao (lao, district, province, region, sort_key, code)
  LEFT JOIN ({tallies}) AS tally (lao, projects, settled, completed, in_progress) ON tally.lao = lao.lao
  LEFT JOIN unnest(%s::bigint[], %s::int[]) AS own (lao, state) ON own.lao = lao.lao
  LEFT JOIN unnest(%s::text[], %s::int[]) AS whole (province, state) ON whole.province = lao.province
OFFSET 0
"""
# The first value says by kind where an LAO belongs in the order, NULL for nowhere.
_EACH = f"""
SELECT count(*) OVER (), kind, lao, district, province, region, projects, settled, completed, in_progress
  FROM (SELECT (%s::int[])[kind + 1] AS place, facts.* FROM ({_FACTS}) AS facts) AS facts
 WHERE place IS NOT NULL
 ORDER BY place, settled - projects, sort_key, code LIMIT %s OFFSET %s
"""  # noqa: S608  made of the constant above alone
_ALIKE = f"""
SELECT kind, {{district}}, province, region, count(*), sum(projects)::bigint, sum(settled)::bigint,
       sum(completed)::bigint, sum(in_progress)::bigint
  FROM ({_FACTS}) AS facts GROUP BY kind, {{district}}, province, region
"""  # noqa: S608


class RoundStates:
    """The states of a round on a day, extensions included: call it with an LAO and the code of its province for the
    LAO's. One query.

    `known` are all of them, first that of an LAO without any extension.
    """

    def __init__(self, fiscal_year: int, months: int, today: date):
        self.fiscal_year, self.months = fiscal_year, months
        dates = {"opens_on": None, "closes_on": None}
        longest, places = {}, {}
        for opens_on, closes_on, lao, province, place, *until in _dates(fiscal_year, months):
            dates = {"opens_on": opens_on, "closes_on": closes_on}
            if lao or province:
                longest[lao or province] = tuple(until)
            if lao:
                places[lao] = place
        none = (None, "")
        own = {lao: max(longest[lao], longest.get(place, longest[lao])) for lao, place in places.items()}
        whole = {province: until for province, until in longest.items() if province not in places}
        numbers = {until: number for number, until in enumerate(dict.fromkeys([none, *own.values(), *whole.values()]))}
        self.known = [
            state_of(fiscal_year, months, today=today, **dates, until=until, reason=reason) for until, reason in numbers
        ]
        self._of_laos = {lao: numbers[until] for lao, until in own.items()}
        self._of_provinces = {province: numbers[until] for province, until in whole.items()}

    def __call__(self, lao: int | None, province: str) -> RoundState:
        """The state for an LAO; None is one without an extension of its own."""
        return self.known[self._of_laos.get(lao, self._of_provinces.get(province, 0))]

    def numbered(self) -> list[list]:
        """Which of `known` it is: LAOs and their numbers, then provinces and theirs; any other is the first."""
        return [[*found()] for of in (self._of_laos, self._of_provinces) for found in (of.keys, of.values)]


@written_once
def _dates(fiscal_year, months):
    """Of a round, a row for each extension, the longest last: (opens on, closes on, lao, province, province of the LAO,
    until, reason). A single one without, and none where the round has no dates."""
    rounds = ReportingRound.objects.filter(fiscal_year=fiscal_year, months=months)
    extended = [f"extensions__{name}" for name in ("lao", "province", "lao__district__province", "until", "reason")]
    return rounds.order_by("extensions__until", "extensions__pk").values_list("opens_on", "closes_on", *extended)


class Kind(NamedTuple):
    """What the rules say of LAOs between which they see no difference; `state` is the round as it meets them."""

    progress: Progress
    state: RoundState
    late: bool


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


class ByAttention:
    """The `Standing`s of the queryset `laos` in a round, of the kinds that are `wanted`. One query.

    Those come first that need attention: by state, then who is due first, then who has most left to report. Counted and
    cut as a Paginator asks for it. To count takes the database as long as to list, so it does both at once: `likely` is
    the slice that will be asked for, all without one.
    """

    def __init__(
        self,
        laos,
        states: RoundStates,
        *,
        wanted: Callable[[Kind], bool] = lambda kind: True,
        likely: slice = slice(0, None),
    ):
        self._kinds = _kinds(states)
        places = _places({kind for kind in self._kinds if wanted(kind)})
        self._ask = partial(fetched, _EACH, _asked(laos, states), first=[[places.get(kind) for kind in self._kinds]])
        self._states = states.numbered()
        self._fetch(likely)
        if not self._rows and self._start:  # beyond the end, where there is nothing to read the number from
            self._fetch(slice(0, likely.stop - likely.start))

    def count(self) -> int:
        """How many there are."""
        return self._count

    def __getitem__(self, piece: slice) -> list[Standing]:
        """Those of a slice of the order."""
        if piece.start != self._start:
            self._fetch(piece)
        return self._rows[: piece.stop - piece.start]

    def __iter__(self) -> Iterator[Standing]:
        """Those that were fetched beforehand: all of them, unless a slice was likely."""
        return iter(self._rows)

    def _fetch(self, piece):
        length = None if piece.stop is None else piece.stop - piece.start
        found = self._ask(last=[*self._states, length, piece.start])
        self._start, self._count = piece.start, found[0][0] if found else 0
        self._rows = [Standing(*facts, *self._kinds[kind]) for _, kind, *facts in found]


def alike(laos, states: RoundStates, *, by_district: bool) -> Iterator[Alike]:
    """The queryset `laos` in a round, as groups of those that stand alike. One query."""
    kinds = _kinds(states)
    district = "district" if by_district else "NULL::bigint"
    found = fetched(_ALIKE, _asked(laos, states), last=states.numbered(), district=district)
    for kind, *place, laos_alike, projects, settled, completed, in_progress in found:
        yield Alike(*place, *kinds[kind], laos_alike, projects, settled, completed, in_progress)


def _kinds(states):
    """Every `Kind` of LAO there can be, each under the number that the database gives it."""
    kinds = []
    for state, may_record, withheld, stage in product(states.known, (False, True), (False, True), _STAGES):
        progress = progress_of(*stage, may_record=may_record, withheld=withheld)
        kinds.append(Kind(progress, state, is_late(progress, state.phase)))
    return kinds


def _places(kinds):
    """Where LAOs of each kind belong in the order of attention, as {kind: place}."""

    def attention(kind):
        return urgency(kind.progress, late=kind.late), kind.state.closes_on or date.max

    order = {key: place for place, key in enumerate(sorted(set(map(attention, kinds))))}
    return {kind: order[attention(kind)] for kind in kinds}


def _asked(laos, states):
    """The subqueries of `_FACTS` about the queryset `laos`, in its order."""
    year = states.fiscal_year
    passed = Plan.objects.filter(period__first_year__lte=year, period__last_year__gte=year, passed_in__lte=year)
    tallies = Tally.objects.filter(fiscal_year=year, months=states.months)
    if laos.query.where:  # those of all LAOs are not looked up one by one
        tallies = tallies.filter(lao__in=laos.values("pk"))
    return {
        "passed": passed.values("lao"),
        "withheld": Lao.objects.withheld().values("pk"),
        "laos": laos.values("pk", "district", "district__province", "district__province__region", "sort_key", "code"),
        "tallies": tallies.values("lao").annotate(*map(Sum, ("projects", "settled", "completed", "in_progress"))),
    }
