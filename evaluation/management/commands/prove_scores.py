"""Proves that every table of scores an officer can open says what the scores and projects themselves say."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import floor

from eplan.proving import ProvingCommand
from evaluation.models import Score
from evaluation.queries.areas import nation_scores
from evaluation.queries.tables import province_scores
from lao.models import Lao, Province, User
from projects.models import Plan, PlanPeriod, Project


class Command(ProvingCommand):
    """Compute every table of scores in two ways; exit with 1 where they differ."""

    help = "พิสูจน์ว่าตารางผลการประเมินทุกจังหวัดและทั่วประเทศตรงกับการคำนวณใหม่จากคะแนนและโครงการทุกแถว"

    def differences(self):
        """Go through all periods."""
        compared = 0
        for period in PlanPeriod.objects.all():
            for found, expected, said in _tables(period):
                compared += 1
                if found != expected:
                    yield f"แผน {period} {said}: ตาราง {found} คำนวณใหม่ {expected}"
        self.compared = f"ผลการประเมิน {compared:,} แถว"


def _tables(period) -> Iterator[tuple]:
    """`(found, expected, words)` for each LAO, province, and the nation."""
    central = User(role=User.Role.CENTRAL)
    dimensions = [dimension.pk for dimension in period.dimensions.order_by("number")]
    lines = _lines(period, dimensions)
    by_province = defaultdict(list)
    laos = {lao.code: lao for lao in Lao.objects.select_related("account", "district")}
    for lao in laos.values():
        withheld = any(account.withheld_since for account in [getattr(lao, "account", None)] if account)
        by_province[lao.district.province_id].append(_nothing(len(dimensions)) if withheld else lines[lao.pk])
    for province in Province.objects.all():
        table = province_scores(central, province, period)
        for group, expected in zip(table.groups, [laos[group.key] for group in table.groups], strict=True):
            withheld = expected.is_withheld
            yield _shown(group), _nothing(len(dimensions)) if withheld else lines[expected.pk], group.key
        yield len(table.groups), len(by_province[province.pk]), str(province)
        if table.groups:
            yield _shown(table.total), _together(by_province[province.pk], len(dimensions)), str(province)
    nation = nation_scores(central, period, "ทั่วประเทศ")
    for group in nation.groups:
        expected = _together(by_province[group.key], len(dimensions))
        yield _without_none(_shown(group)), _without_none(expected), group.name
    everyone = [line for found in by_province.values() for line in found]
    yield _without_none(_shown(nation.total)), _without_none(_together(everyone, len(dimensions))), "ทั่วประเทศ"


def _nothing(dimensions):
    """What an LAO without anything has: no points, no budget, no project."""
    none = [None] * (dimensions + 1)
    return [none, none, none, [0] * (dimensions + 1)]


def _lines(period, dimensions):
    """The four lines of each LAO from the rows themselves: points by source, budget, projects; each with its total."""
    points, budgets, projects = defaultdict(dict), defaultdict(list), defaultdict(int)
    for score in Score.objects.filter(plan__period=period).select_related("plan"):
        points[score.plan.lao_id, score.source][score.dimension_id] = Fraction(score.points)
    counted = Project.objects.filter(plan__period=period, deleted_at=None).exclude(review_state="REJECTED")
    for lao, dimension, _ in counted.values_list("plan__lao", "dimension", "pk"):
        projects[lao, dimension] += 1
    years = counted.filter(years__plan_budget__isnull=False).values_list("plan__lao", "dimension", "years__plan_budget")
    for lao, dimension, budget in years:
        budgets[lao, dimension].append(Fraction(budget))
    made = defaultdict(lambda: _nothing(len(dimensions)))
    for lao in Plan.objects.filter(period=period).values_list("lao", flat=True):
        of_sources = [_scored(points[lao, source], dimensions) for source in ("SAR", "NACC")]
        planned = [sum(budgets[lao, each]) if budgets[lao, each] else None for each in dimensions]
        told = [amount for amount in planned if amount is not None]
        held = [projects[lao, each] for each in dimensions]
        made[lao] = [*of_sources, [*planned, sum(told) if told else None], [*held, sum(held)]]
    return made


def _scored(points, dimensions):
    parts = [points.get(dimension) for dimension in dimensions]
    known = [part for part in parts if part is not None]
    entered = points.get(None)
    summed = sum(known) if known else None
    return [*parts, entered if entered is not None and not summed else summed]


def _together(lines, dimensions):
    """LAOs pooled: points on average over those that have them, two decimals with halves going up; the rest added."""
    columns = range(dimensions + 1)
    pooled = []
    for place in range(4):
        values = [[line[place][column] for line in lines if line[place][column] is not None] for column in columns]
        if place < 2:
            pooled.append([_rounded(sum(known) / len(known)) if known else None for known in values])
        else:
            pooled.append([sum(known) if known else None for known in values])
    return pooled


def _rounded(value):
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def _shown(group):
    rows = ([*row.parts, row.total] for row in group.rows)
    return [[None if value is None else Fraction(value) for value in row] for row in rows]


def _without_none(lines):
    """The tallies of areas don't tell a budget of nothing from none."""
    return [*lines[:2], *([value or 0 for value in line] for line in lines[2:])]
