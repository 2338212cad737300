"""What the score pages read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from eplan.written import written_once
from evaluation import rules
from evaluation.models import Score
from evaluation.queries.entries import laos_of, standard_of
from lao.models.register import lao_title
from projects.models import Dimension, Plan, PlanPeriod, Project
from projects.queries import dimensions_of

BUDGET = "งบประมาณ (บาท)"
PROJECTS = "จำนวนรวมโครงการ/กิจกรรม/มาตรการ"
# Out of the tallies, which takes a third of the time of adding up the years of projects. A tally of nothing doesn't
# say whether a budget of 0 was planned or none: of those alone the years are asked.
PLANNED = """
SELECT lao_id, dimension_id, CASE WHEN planned > 0 THEN planned ELSE (
        SELECT sum(plan_budget)
          FROM projects_plan AS plan
          JOIN projects_project AS project ON project.plan_id = plan.id
          JOIN projects_projectyear AS year ON year.project_id = project.id
         WHERE plan.lao_id = tally.lao_id AND project.dimension_id = tally.dimension_id
           AND deleted_at IS NULL AND NOT (review_state = 'REJECTED')) END
  FROM (
        SELECT lao_id, dimension_id, sum(plan_budget) AS planned
          FROM reporting_tally
          JOIN lao_lao AS lao ON lao.id = lao_id
          JOIN lao_district AS district ON district.id = lao.district_id
         WHERE months = 12 AND fiscal_year = ANY (%(years)s) AND district.province_id = %(province)s
         GROUP BY lao_id, dimension_id
       ) AS tally
"""


class ScoreRow(NamedTuple):
    """One line: its `name`, a value for each dimension and their `total`; None is what is not known.

    `kind` says what the values are, in the words of `eplan.spreadsheets.KINDS`: points, money (baht) or number. Of an
    average `known` says how many LAOs have such a total.
    """

    name: str
    kind: str
    parts: Sequence[Decimal | int | None]
    total: Decimal | int | None
    known: int | None = None


@dataclass(frozen=True)
class ScoreTable:
    """The scores of a plan beside what it holds, by the dimensions of its period."""

    plan: Plan
    dimensions: Sequence[Dimension]
    rows: Sequence[ScoreRow]


class ScoreGroup(NamedTuple):
    """The four lines of one LAO or area. `key` is what an address calls it, `place` the name of what it lies in.

    Of an LAO that is `withheld` nothing is known here.
    """

    key: str
    name: str
    place: str
    rows: Sequence[ScoreRow]
    withheld: bool = False

    @property
    def nacc_total(self) -> Decimal | int | None:
        """The total of ผลประเมิน."""
        return self.rows[1].total


@dataclass(frozen=True)
class AreaTable:
    """The scores of a period in an area: its LAOs or provinces, and all of them together."""

    period: PlanPeriod
    dimensions: Sequence[Dimension]
    standard: rules.Standard
    groups: Sequence[ScoreGroup]
    total: ScoreGroup


def score_table(plan, dimensions=None):
    """The `ScoreTable` of `plan`. Budgets are those planned for all its years; a project of several years is one.

    Projects that were rejected or deleted are left out. `dimensions` are those of its period, where they are known.
    """
    dimensions = dimensions or dimensions_of(plan.period)
    points = {(source, dimension): value for source, dimension, value in _points_of(plan.pk)}
    held = {dimension: counted for dimension, *counted in _held_by(plan.pk)}
    return ScoreTable(plan, dimensions, _rows(dimensions, points, held))


@written_once
def _points_of(plan):
    return Score.objects.filter(plan=plan).order_by().values_list("source", "dimension", "points")


@written_once
def _held_by(plan):
    """What the plan holds of each dimension: its key, projects, planned budget."""
    held = Project.objects.filter(plan=plan).counted().order_by().values_list("dimension")
    return held.annotate(Count("id", distinct=True), Sum("years__plan_budget"))


def province_scores(user, province, period):
    """The `AreaTable` of the LAOs of `province` that `user` sees: a `ScoreGroup` for each, by district and name."""
    dimensions = dimensions_of(period)
    points = defaultdict(dict)
    scores = Score.objects.published().filter(plan__period=period, plan__lao__district__province=province).order_by()
    for lao, source, dimension, value in scores.values_list("plan__lao", "source", "dimension", "points"):
        points[lao][source, dimension] = value
    held = _held(province, period)
    facts = laos_of(user, province).values_list(
        "pk", "code", "kind", "name", "district__name", "account__withheld_since"
    )
    groups = [
        ScoreGroup(
            code,
            lao_title(kind, name),
            district,
            _rows(dimensions, points.get(lao, {}), held.get(lao, {})),
            withheld_since is not None,
        )
        for lao, code, kind, name, district, withheld_since in facts
    ]
    standard = standard_of(period, dimensions)
    return AreaTable(period, dimensions, standard, groups, _pooled(f"รวมจังหวัด{province}", groups))


def _held(province, period):
    """What the LAOs of `province` hold for `period`: `{lao: {dimension: (projects, planned budget or None)}}`."""
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, {"province": province.pk, "years": list(period.years)})
        planned = {(lao, dimension): budget for lao, dimension, budget in cursor.fetchall()}
    held = defaultdict(dict)
    counted = Project.objects.published().counted().filter(plan__period=period, plan__lao__district__province=province)
    for lao, dimension, count in counted.order_by().values_list("plan__lao", "dimension").annotate(Count("id")):
        held[lao][dimension] = count, planned.get((lao, dimension))
    return held


def _rows(dimensions, points, held):
    """The four lines of one LAO, as in the manual."""
    projects = [held.get(dimension.pk, (0, None))[0] for dimension in dimensions]
    budgets = [held.get(dimension.pk, (0, None))[1] for dimension in dimensions]
    return [
        *(_points_row(source, dimensions, points) for source in Score.Source),
        ScoreRow(BUDGET, "money", budgets, rules.total(budgets, None)),
        ScoreRow(PROJECTS, "number", projects, sum(projects)),
    ]


def _points_row(source, dimensions, points):
    parts = [points.get((source, dimension.pk)) for dimension in dimensions]
    return ScoreRow(source.label, "points", parts, rules.total(parts, points.get((source, None))))


def _pooled(name, groups):
    """All `groups` of LAOs together: scores on average over those that have one, budgets and projects added up."""
    rows = []
    for lines in zip(*(group.rows for group in groups), strict=True):
        first = lines[0]
        columns = list(zip(*(line.parts for line in lines), strict=True))
        totals = [line.total for line in lines]
        if first.kind == "points":
            parts = [rules.average(column) for column in columns]
            known = sum(total is not None for total in totals)
            rows.append(ScoreRow(f"{first.name} (เฉลี่ย)", "points", parts, rules.average(totals), known))
        else:
            parts = [rules.total(column, None) for column in columns]
            rows.append(ScoreRow(first.name, first.kind, parts, rules.total(totals, None)))
    return ScoreGroup("", name, "", rows)
