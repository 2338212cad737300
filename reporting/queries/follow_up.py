"""Who has reported in a round, who is late and who has not begun: LAO by LAO, or pooled by area.

The nation is 7,850 LAOs, so their facts are fetched as plain tuples and judged in Python: the rules stand in one place
(`reporting.standing`), and the number of queries does not grow.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Sum

from lao.models import District, Lao, Province, Region, User
from projects.models import Plan
from reporting import rules
from reporting.models import Extension, ReportingRound, Tally
from reporting.queries.tables import ResultRow, result_maker
from reporting.rounds import RoundState, state_of
from reporting.standing import MISSING, Progress, is_late, progress_of, urgency

REGION, PROVINCE, DISTRICT, LAO = "region", "province", "district", "lao"
LEVELS = {REGION: "ป.ป.ช. ภาค", PROVINCE: "จังหวัด", DISTRICT: "อำเภอ", LAO: "อปท."}
NO_REGION = "ไม่สังกัด ป.ป.ช. ภาค"

# What a list can be narrowed to, beside the values of Progress.
OWING, LATE, EXTENDED = "OWING", "LATE", "EXTENDED"
STATES = {
    OWING: "ยังรายงานไม่ครบ",
    LATE: "เกินกำหนด",
    Progress.NOT_BEGUN: "ยังไม่เริ่มรายงาน",
    Progress.BEGUN: "เริ่มรายงานแล้ว",
    Progress.FINISHED: "รายงานครบแล้ว",
    Progress.NO_PROJECTS: "ยังไม่มีโครงการ",
    Progress.WITHHELD: "รอยืนยันการลงทะเบียน",
    EXTENDED: "ได้ขยายเวลา",
}


@dataclass(frozen=True)
class Scope:
    """Whose reports are followed: a round, a place inside the officer's area, and how closely.

    `region`, `province` and `district` are those asked for or the only ones there are, None for all; `by` is a key of
    `LEVELS`, one of `levels`; `state` is a key of `STATES` or "" for all.
    """

    fiscal_year: int
    months: int
    region: Region | None
    province: Province | None
    district: District | None
    state: str
    by: str
    levels: list[str]
    regions: list[Region]
    provinces: list[Province]
    districts: list[District]

    @property
    def place(self) -> str:
        """The place in words."""
        if self.district:
            return f"อำเภอ{self.district} จังหวัด{self.province}"
        if self.province:
            return f"จังหวัด{self.province}"
        return str(self.region) if self.region else "ทั่วประเทศ"

    def inside(self, laos):
        """Those of the queryset `laos` that lie in the place."""
        if self.district:
            return laos.filter(district=self.district)
        if self.province:
            return laos.filter(district__province=self.province)
        return laos.filter(district__province__region=self.region) if self.region else laos


def choose_scope(user, fiscal_year, months, asked) -> Scope:
    """The `Scope` that the GET parameters `asked` mean for the officer `user`; junk counts as not asked for.

    A district alone is enough to tell its province. Three queries at most.
    """
    provinces = list(Province.objects.visible_to(user).select_related("region"))
    regions = _regions(user, provinces)
    if user.role == User.Role.PROVINCE:
        province = provinces[0]
    else:
        province = _find(provinces, asked.get("province")) or _find(provinces, _province_of(asked.get("district")))
    region = province.region if province else _find(regions, asked.get("region"))
    if user.role == User.Role.REGION:
        region = user.region
    districts = list(District.objects.filter(province=province)) if province else []
    district = _find(districts, asked.get("district"))
    state = asked.get("state") if asked.get("state") in STATES else ""
    levels = list(LEVELS)[3 if district else 2 if province else 1 if region else 0 :]
    usual = LAO if province or state else PROVINCE
    by = asked.get("by") if asked.get("by") in levels and not state else usual
    if region:
        provinces = [place for place in provinces if place.region_id == region.pk]
    return Scope(fiscal_year, months, region, province, district, state, by, levels, regions, provinces, districts)


def _regions(user, provinces):
    if user.role != User.Role.CENTRAL:
        return []
    found = {place.region_id: place.region for place in provinces if place.region_id}
    return [found[number] for number in sorted(found)]


def _province_of(district):
    """The code of the province of a district, whose key is text from an address; None for what is none."""
    if not district or not re.fullmatch("[0-9]{1,9}", district):
        return None
    return District.objects.filter(pk=int(district)).values_list("province", flat=True).first()


def _find(places, key):
    return next((place for place in places if str(place.pk) == key), None)


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

    def fits(self, wanted: str) -> bool:
        """Whether this LAO belongs to a list narrowed to `wanted`, a key of `STATES` or ""."""
        special = {"": True, OWING: self.progress in MISSING, LATE: self.late, EXTENDED: self.state.extended}
        return special.get(wanted, self.progress == wanted)


def standings(user, scope: Scope, today: date) -> Iterator[Standing]:
    """A `Standing` for each LAO of the scope, in Thai order where LAOs are listed. Five queries."""
    laos = scope.inside(Lao.objects.visible_to(user)).order_by(*(["sort_key", "code"] if scope.by == LAO else []))
    found = standings_of(laos, scope.fiscal_year, scope.months, today)
    return (standing for standing in found if standing.fits(scope.state)) if scope.state else found


def standings_of(laos, fiscal_year, months, today: date) -> Iterator[Standing]:
    """A `Standing` for each of the queryset `laos`, in its order. Five queries."""
    passed = Plan.objects.filter(
        lao=OuterRef("pk"),
        period__first_year__lte=fiscal_year,
        period__last_year__gte=fiscal_year,
        passed_in__lte=fiscal_year,
    )
    facts = laos.annotate(may_record=Exists(passed)).values_list(
        "pk", "district_id", "district__province_id", "district__province__region_id", "may_record"
    )
    withheld = set(Lao.objects.withheld().values_list("pk", flat=True))
    counts = _counts(laos, fiscal_year, months)
    state_for = states_by_lao(fiscal_year, months, today)
    for lao, district, province, region, may_record in facts:
        figures = counts.get(lao, _NOTHING)
        state = state_for(lao, province)
        progress = progress_of(figures[0], figures[1], may_record=may_record, withheld=lao in withheld)
        late = is_late(progress, state.phase)
        yield Standing(lao, district, province, region, *figures, progress, state, late)


def by_attention(found: Iterable[Standing]) -> list[Standing]:
    """Those first that need attention: by state, then who is due first, then who has most to report."""
    return sorted(found, key=_attention)


def _attention(standing):
    return urgency(standing.progress, late=standing.late), standing.state.closes_on or date.max, -standing.missing


_NOTHING = (0, 0, 0, 0)


def _counts(laos, fiscal_year, months):
    tallies = Tally.objects.filter(fiscal_year=fiscal_year, months=months, lao__in=laos.order_by().values("pk"))
    summed = tallies.values_list("lao").annotate(Sum("projects"), Sum("settled"), Sum("completed"), Sum("in_progress"))
    return {lao: tuple(figures) for lao, *figures in summed}


def states_by_lao(fiscal_year, months, today):
    """A function from an LAO and the code of its province to the state of the round there."""
    known = ReportingRound.objects.filter(fiscal_year=fiscal_year, months=months).first()
    longest = {}
    if known:
        extended = Extension.objects.filter(reporting_round=known).order_by("until", "pk")
        for lao, province, until, reason in extended.values_list("lao", "province", "until", "reason"):
            longest[lao or province] = (until, reason)
    made = {}

    def state_for(lao, province):
        extensions = [extension for extension in (longest.get(lao), longest.get(province)) if extension]
        extension = max(extensions, default=(None, ""))
        if extension not in made:
            made[extension] = state_of(
                fiscal_year,
                months,
                today=today,
                opens_on=known and known.opens_on,
                closes_on=known and known.closes_on,
                until=extension[0],
                reason=extension[1],
            )
        return made[extension]

    return state_for


@dataclass
class AreaStanding:
    """The LAOs of one area in the round; `key` is what the address calls it, "" for no area of its own."""

    key: str
    name: str
    laos: int = 0
    late: int = 0
    extended: int = 0
    projects: int = 0
    settled: int = 0
    completed: int = 0
    in_progress: int = 0
    progress: Counter = field(default_factory=Counter)

    @property
    def owing(self) -> int:
        """How many LAOs have something left to report."""
        return sum(self.progress[progress] for progress in MISSING)

    @property
    def percent_settled(self) -> Decimal | None:
        """Of how many projects nothing is left to report, in per cent; None without any."""
        return rules.percent(Decimal(self.settled), self.projects)


_SUMS = ("laos", "late", "extended", "projects", "settled", "completed", "in_progress")


def areas(found: Iterable[Standing], scope: Scope) -> tuple[list[AreaStanding], AreaStanding]:
    """`(areas, total)`: the standings pooled by the level of `scope`, the most late first, then the most that owe, then
    in Thai order; and all together. One query at most."""
    pooled = {key: AreaStanding("" if key is None else str(key), name) for key, name in _names(scope).items()}
    area_of = attrgetter(scope.by)
    for standing in found:
        area = pooled[area_of(standing)]
        area.laos += 1
        area.late += standing.late
        area.extended += standing.state.extended
        area.projects += standing.projects
        area.settled += standing.settled
        area.completed += standing.completed
        area.in_progress += standing.in_progress
        area.progress[standing.progress] += 1
    rows = [area for area in pooled.values() if area.laos]
    rows.sort(key=lambda area: (-area.late, -area.owing, -area.progress[Progress.NO_PROJECTS]))
    total = AreaStanding("", scope.place, **{name: sum(getattr(area, name) for area in rows) for name in _SUMS})
    total.progress = sum((area.progress for area in rows), Counter())
    return rows, total


def _names(scope):
    """The areas of the level, by key, in their order."""
    if scope.by == REGION:
        return {region.pk: str(region) for region in scope.regions} | {None: NO_REGION}
    if scope.by == PROVINCE:
        return {place.pk: place.name for place in scope.provinces}
    if scope.province:
        return {place.pk: place.name for place in scope.districts}
    inside = District.objects.filter(province__in=scope.provinces).values_list("pk", "name", "province__name")
    return {pk: f"{name} จังหวัด{province}" for pk, name, province in inside}


def results_of(found, fiscal_year, months) -> list[ResultRow]:
    """The percentage implemented and the level of each `AreaStanding` or `Standing`. One query."""
    make = result_maker(fiscal_year, months)
    return [make("", "", "", each.projects, each.completed, each.in_progress) for each in found]


def laos_by_id(ids):
    """The LAOs under `ids` with their place and profile, by id. One query."""
    return Lao.objects.with_place().select_related("profile").in_bulk(ids)
