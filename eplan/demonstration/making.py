"""Makes up the plans, projects, reports and scores of one organisation after another.

Everything follows from the seed and the organisation's code, so that the same seed makes the same data.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from eplan.demonstration import places
from eplan.demonstration.accounts import CLAIMED_CODE, UNCLAIMED_CODE, email_of
from eplan.demonstration.wording import ENTRIES, MARK, OTHER_REASONS, REJECT_REASON, RETURN_REASON
from eplan.fiscal import BANGKOK, first_day, round_end
from lao.models import Lao, User
from projects.models import Project

SHOWN_CODES = {code for known in places.TRUE_CODES.values() for code, _, _ in known}

_AMOUNTS = (5, 8, 10, 15, 20, 25, 30, 35, 40, 50, 60, 80, 100, 120, 150, 200, 300)  # thousand baht
_PURSE = {Lao.Kind.PROVINCIAL: 5, Lao.Kind.BANGKOK: 20, Lao.Kind.PATTAYA: 5, Lao.Kind.CITY: 4, Lao.Kind.TOWN: 2}
_USES_BUDGET = {
    Project.Kind.PROJECT: 0.85,
    Project.Kind.ACTIVITY: 0.55,
    Project.Kind.MEASURE: 0.1,
    Project.Kind.PRACTICE: 0.05,
}
_REVIEWED = ("ACCEPTED",) * 60 + ("SUBMITTED",) * 33 + ("REJECTED",) * 4 + ("RETURNED",) * 3
_DECISIONS = {
    "ACCEPTED": ("ACCEPT", ""),
    "REJECTED": ("REJECT", REJECT_REASON),
    "RETURNED": ("RETURN", RETURN_REASON),
}
_STATUSES = {
    6: ("COMPLETED",) * 40 + ("IN_PROGRESS",) * 51 + ("NOT_FEASIBLE",) * 9,
    12: ("COMPLETED",) * 78 + ("IN_PROGRESS",) * 12 + ("NOT_FEASIBLE",) * 10,
}
_REASONS = ("NO_BUDGET",) * 5 + ("POLICY_CHANGED",) * 2 + ("NOT_ENOUGH_STAFF",) * 2 + ("OTHER",)
_QUARTERS = ((1, 2, 3, 4),) * 4 + ((1,), (2,), (3,), (4,), (1, 2), (2, 3), (3, 4), (1, 3))
_SIZES = ("SMALL", "SMALL", "MEDIUM", "MEDIUM", "LARGE")


@dataclass(frozen=True)
class Extent:
    """How much is made: the small set, or a load of national size."""

    counts: dict  # province code: organisations of each kind (see places)
    projects: tuple  # the fewest and the most of one plan
    every_year: bool  # each project in every year of its plan, and each round entered anew
    passed: tuple  # the years in which plans passed (None: not yet), as often as they occur
    reported: dict  # (fiscal year, months): the shares reported by the slowest and by the quickest organisation
    idle: float  # the share of organisations that has reported nothing
    triggers: bool  # loaded under the database's own triggers


SMALL = Extent(
    counts=places.SMALL,
    projects=(6, 18),
    every_year=False,
    passed=(2561,) * 16 + (2562,) * 3 + (None,),
    reported={(2561, 6): (0.9, 1), (2561, 12): (0.85, 1), (2562, 6): (0.45, 1), (2562, 12): (0, 0.4)},
    idle=0.05,
    triggers=True,
)
NATION = Extent(
    counts=places.NATION,
    projects=(25, 25),
    every_year=True,
    passed=(2561,),
    reported={(year, months): (1, 1) for year in range(2561, 2565) for months in (6, 12)},
    idle=0.01,
    triggers=False,
)


@dataclass(frozen=True)
class World:
    """What every organisation of a load shares; keys are those of the database."""

    seed: int
    extent: Extent
    period: object  # PlanPeriod
    dimensions: dict  # number: key
    districts: dict  # four-digit code: key
    reviewers: dict  # province code: key of its officer; None: of the central one
    clerk_password: str  # hash that every claimed account shares
    no_password: str
    now: str
    moments: dict = field(default_factory=dict)

    def moment(self, rng, fiscal_year, months):
        """A moment of the four weeks in which the reports of a round came in; 0 months: when plans were entered."""
        if (fiscal_year, months) not in self.moments:
            day = round_end(fiscal_year, months) + timedelta(days=1) if months else first_day(fiscal_year)
            opening = datetime(day.year, day.month, day.day, 8, 30, tzinfo=BANGKOK)
            self.moments[fiscal_year, months] = [
                (opening + timedelta(days=number // 2, hours=number % 8, minutes=7 * number % 60)).isoformat()
                for number in range(56)
            ]
        return _pick(rng, self.moments[fiscal_year, months])


def make_organisation(world, tables, place):
    """Add the organisation of `place` to `tables`, with its account and all that it has recorded."""
    rng = Random(f"{world.seed}:{place.code}")  # noqa: S311 - made-up data
    area = _baht(rng.randrange(800, 25000))
    lao = tables.laos.add_numbered(
        place.code, place.kind, place.name, world.districts[place.district], place.subdistrict, "", "",
        place.postal_code, area, None, None, "",
    )  # fmt: skip
    claimed = rng.random() < 0.45 or place.code == CLAIMED_CODE
    if place.code == UNCLAIMED_CODE:
        claimed = False
    tables.users.add_numbered(
        place.code, world.clerk_password if claimed else world.no_password, User.Role.LAO.value, lao, "", "", True,
        world.now if claimed else None, False, world.now,
    )  # fmt: skip
    if claimed:
        _make_profile(world, tables, rng, lao, place, area)
    passed_in = 2561 if place.code in SHOWN_CODES else _pick(rng, world.extent.passed)
    plan = tables.plans.add_numbered(lao, world.period.pk, passed_in)
    if passed_in is None or place.code == UNCLAIMED_CODE:
        return
    _make_projects(world, tables, rng, place, plan, passed_in)
    _make_scores(world, tables, rng, plan)


def _make_profile(world, tables, rng, lao, place, area):
    people = rng.randrange(1500, 24000)
    tables.profiles.add(
        lao, _pick(rng, _SIZES), f"{MARK} เลขที่ {rng.randrange(1, 300)} หมู่ที่ {rng.randrange(1, 13)}", area, people,
        people * 2500, people * 5200, f"{MARK} ผู้บริหารท้องถิ่น", f"{MARK} ปลัด", f"{MARK} ผู้ประสานงาน",
        "นักวิเคราะห์นโยบายและแผนชำนาญการ", "สำนักปลัด", "0-0000-0000", "0-0000-0000", email_of(place.code),
        f"https://sathit-{place.code}.example.go.th", 1, world.now,
    )  # fmt: skip


def _make_projects(world, tables, rng, place, plan, passed_in):
    extent = world.extent
    fewest, most = extent.projects
    idle = rng.random() < extent.idle and place.code not in SHOWN_CODES
    quickness = None if idle else rng.random()
    purse = _PURSE.get(place.kind, 1)
    for entry in rng.sample(ENTRIES, rng.randint(fewest, most)):
        years = range(passed_in, world.period.last_year + 1)
        if not extent.every_year and rng.random() < 0.4:
            first = rng.choice(years)
            years = range(first, rng.randint(first, world.period.last_year) + 1)
        state = _pick(rng, _REVIEWED)
        project = _make_project(world, tables, rng, plan, entry, state, passed_in)
        if state in _DECISIONS:
            decision, reason = _DECISIONS[state]
            reviewer = world.reviewers.get(place.code[1:3], world.reviewers[None])
            tables.decisions.add_numbered(project, decision, reason, reviewer, world.moment(rng, passed_in, 6))
        for year, budget in _budgets(rng, entry.kind, purse, years):
            key = tables.years.add_numbered(project, year, None if budget is None else _baht(budget))
            _make_reports(world, tables, rng, key, year, budget, quickness)


def _make_project(world, tables, rng, plan, entry, state, passed_in):
    """Add one project; returns its key."""
    further = ()
    if rng.random() < 0.2:
        further = (world.dimensions[entry.dimension % 4 + 1],)
    groups = {entry.target_group, "LOCAL_STAFF"} if rng.random() < 0.3 else {entry.target_group}
    entered = world.moment(rng, passed_in, 0)
    deleted = entered if rng.random() < 0.01 else None
    return tables.projects.add_numbered(
        plan, entry.name, entry.kind, world.dimensions[entry.dimension], further, _pick(rng, _QUARTERS), sorted(groups),
        _pick(rng, entry.objectives), MARK, state, deleted, 1, entered, entered,
    )  # fmt: skip


def _budgets(rng, kind, purse, years):
    """The planned budget of each year in satang, None where none is used."""
    if rng.random() >= _USES_BUDGET[kind]:
        return [(year, None) for year in years]
    amount = _pick(rng, _AMOUNTS) * purse * 100_000 + (50 if rng.random() < 0.03 else 0)
    if rng.random() < 0.55:
        return [(year, amount) for year in years]
    return [
        (year, None if rng.random() < 0.1 else amount * _pick(rng, (50, 80, 100, 120, 150)) // 100) for year in years
    ]


def _make_reports(world, tables, rng, project_year, fiscal_year, budget, quickness):
    """Add the 6-month and 12-month reports of a project year, where they were made; none without `quickness` (0-1)."""
    before = None
    for months in (6, 12) if quickness is not None else ():
        slowest, quickest = world.extent.reported.get((fiscal_year, months), (0, 0))
        if rng.random() >= slowest + (quickest - slowest) * quickness or (
            before == "COMPLETED" and not world.extent.every_year
        ):
            continue
        status = "COMPLETED" if before == "COMPLETED" else _pick(rng, _STATUSES[months])
        _make_report(world, tables, rng, project_year, fiscal_year, months, status, budget)
        before = status


def _make_report(world, tables, rng, project_year, fiscal_year, months, status, budget):
    ordinance = disbursed = None
    if budget is not None:
        ordinance = budget * _pick(rng, (100, 100, 100, 90, 80, 50)) // 100
        spent = {"COMPLETED": 70 + int(rng.random() * 31), "IN_PROGRESS": int(rng.random() * 60), "NOT_FEASIBLE": 0}
        disbursed = _baht(ordinance * spent[status] // 100)
        ordinance = _baht(ordinance)
    reason = _pick(rng, _REASONS) if status == "NOT_FEASIBLE" else ""
    other = _pick(rng, OTHER_REASONS) if reason == "OTHER" else ""
    at = world.moment(rng, fiscal_year, months)
    tables.reports.add_numbered(
        project_year, months, status, reason, other, ordinance, disbursed, rng.random() < 0.85, MARK, 1, at, at
    )


def _make_scores(world, tables, rng, plan):
    """Add what is known of a plan's scores: by dimension, as a total alone, or nothing yet."""
    for source in ("SAR", "NACC"):
        known = rng.random()
        if known < 0.55:
            for key in world.dimensions.values():
                tables.scores.add_numbered(plan, source, key, rng.randrange(28, 50))
        elif known < 0.85:
            tables.scores.add_numbered(plan, source, None, rng.randrange(120, 198))


def _pick(rng, items):
    """One of `items`; several times faster than `rng.choice`, and millions are made."""
    return items[int(rng.random() * len(items))]


def _baht(satang):
    """An amount in satang (or a hundredth of anything) as the database writes decimals."""
    return f"{satang // 100}.{satang % 100:02d}"
