"""What the score pages read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from evaluation import rules
from evaluation.models import Score
from projects.models import Dimension, Plan, Project
from projects.queries import dimensions_of


@dataclass(frozen=True)
class ScoreRow:
    """One line: its `name`, a value for each dimension and their `total`; None is what is not known.

    `kind` says what the values are, in the words of `eplan.spreadsheets.KINDS`: points, money (baht) or number.
    """

    name: str
    kind: str
    parts: Sequence[Decimal | int | None]
    total: Decimal | int | None


@dataclass(frozen=True)
class ScoreTable:
    """The scores of a plan beside what it holds, by the dimensions of its period."""

    plan: Plan
    dimensions: Sequence[Dimension]
    rows: Sequence[ScoreRow]


def score_table(plan):
    """The `ScoreTable` of `plan`. Budgets are those planned for all its years; a project of several years is one.

    Projects that were rejected or deleted are left out.
    """
    dimensions = dimensions_of(plan.period)
    points = {(score.source, score.dimension_id): score.points for score in Score.objects.filter(plan=plan)}
    rows = [_points_row(source, dimensions, points) for source in Score.Source]
    held = {
        dimension: (projects, budget)
        for dimension, projects, budget in Project.objects.counted()
        .filter(plan=plan)
        .order_by()
        .values_list("dimension")
        .annotate(projects=Count("id", distinct=True), budget=Sum("years__plan_budget"))
    }
    projects = [held.get(dimension.pk, (0, None))[0] for dimension in dimensions]
    budgets = [held.get(dimension.pk, (0, None))[1] for dimension in dimensions]
    rows.append(ScoreRow("งบประมาณ (บาท)", "money", budgets, rules.total(budgets, None)))
    rows.append(ScoreRow("จำนวนรวมโครงการ/กิจกรรม/มาตรการ", "number", projects, sum(projects)))
    return ScoreTable(plan, dimensions, rows)


def _points_row(source, dimensions, points):
    parts = [points.get((source, dimension.pk)) for dimension in dimensions]
    return ScoreRow(source.label, "points", parts, rules.total(parts, points.get((source, None))))
