"""Who has reported in a round, who is late and who has not begun: LAO by LAO, or pooled by area."""

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F

from eplan.written import written_once
from lao.models import District, Lao, Province, Region, User
from lao.models.register import lao_title
from projects.models import AnyOf
from reporting import rules
from reporting.queries.standings import Alike, ByAttention, Kind, RoundStates, alike
from reporting.queries.tables import ResultRow, result_maker
from reporting.standing import MISSING, Progress

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

    A district alone is enough to tell its province. Two queries at most.
    """
    provinces = list(Province.objects.visible_to(user))
    regions = _regions(user, provinces)
    province = provinces[0] if user.role == User.Role.PROVINCE else _find(provinces, asked.get("province"))
    districts = list(District.objects.filter(province=province)) if province else _around(asked.get("district"))
    if districts and not province:
        province = _find(provinces, districts[0].province_id)
    districts = districts if province else []
    region = _region_of(province) if province else _find(regions, asked.get("region"))
    if user.role == User.Role.REGION:
        region = user.region
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
    return [Region(number) for number in sorted({place.region_id for place in provinces if place.region_id})]


def _region_of(province):
    """Its region, of which the number is all there is to know; None for none."""
    return Region(province.region_id) if province.region_id else None


def _around(district):
    """The districts of the province of a district, whose key is text from an address; none of what is none."""
    if not district or not re.fullmatch("[0-9]{1,9}", district):
        return []
    return list(District.objects.filter(province__districts=int(district)))


def _find(places, key):
    return next((place for place in places if str(place.pk) == key), None)


def standings(user, scope: Scope, states: RoundStates, likely: slice = slice(0, None)) -> ByAttention:
    """The LAOs of the scope and its state, those first that need attention; `likely` as in `ByAttention`."""
    wanted = partial(fits, wanted=scope.state)
    return ByAttention(scope.inside(Lao.objects.visible_to(user)), states, wanted=wanted, likely=likely)


def fits(kind: Kind, wanted: str) -> bool:
    """Whether LAOs of a kind belong to a list narrowed to `wanted`, a key of `STATES` or ""."""
    if wanted == OWING:
        return kind.progress in MISSING
    if wanted == LATE:
        return kind.late
    return kind.state.extended if wanted == EXTENDED else wanted in ("", kind.progress)


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

    def add(self, group: Alike) -> None:
        """Let LAOs that stand alike be among those of the area."""
        self.laos += group.laos
        self.late += group.laos if group.late else 0
        self.extended += group.laos if group.state.extended else 0
        self.projects += group.projects
        self.settled += group.settled
        self.completed += group.completed
        self.in_progress += group.in_progress
        self.progress[group.progress] += group.laos

    @property
    def owing(self) -> int:
        """How many LAOs have something left to report."""
        return sum(self.progress[progress] for progress in MISSING)

    @property
    def percent_settled(self) -> Decimal | None:
        """Of how many projects nothing is left to report, in per cent; None without any."""
        return rules.percent(Decimal(self.settled), self.projects)


def areas(user, scope: Scope, states: RoundStates) -> tuple[list[AreaStanding], AreaStanding]:
    """`(areas, total)`: the LAOs of the scope by its level, those areas first where the most are late, then where the
    most owe, then in Thai order; and all together. Two queries at most."""
    pooled = {key: AreaStanding("" if key is None else str(key), name) for key, name in _names(scope).items()}
    total = AreaStanding("", scope.place)
    area_of = attrgetter(scope.by)
    laos = scope.inside(Lao.objects.visible_to(user))
    for group in alike(laos, states, by_district=scope.by == DISTRICT):
        pooled[area_of(group)].add(group)
        total.add(group)
    rows = [area for area in pooled.values() if area.laos]
    rows.sort(key=lambda area: (-area.late, -area.owing, -area.progress[Progress.NO_PROJECTS]))
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


class Coordinator(NamedTuple):
    """Whom to call, as the LAO's profile has it."""

    coordinator_name: str
    coordinator_phone: str
    coordinator_email: str


class LaoFacts(NamedTuple):
    """What a list says of an LAO; without a profile there is no `coordinator`."""

    code: str
    title: str
    district: str
    province: str
    coordinator: Coordinator | None


def laos_by_id(ids: list[int]) -> dict[int, LaoFacts]:
    """The `LaoFacts` of the LAOs under `ids`, by id. One query."""
    return {
        pk: LaoFacts(code, lao_title(kind, name), district, province, Coordinator(*contact) if has_profile else None)
        for pk, code, kind, name, district, province, has_profile, *contact in _facts_of(ids)
    }


@written_once
def _facts_of(ids):
    columns = ["pk", "code", "kind", "name", "district__name", "district__province__name", "profile"]
    columns += [f"profile__{name}" for name in Coordinator._fields]
    return Lao.objects.filter(AnyOf(F("pk"), ids)).order_by().values_list(*columns)
