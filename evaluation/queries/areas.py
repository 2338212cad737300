"""The scores of a period by province, for the nation or a region: sums that the database makes."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from evaluation import rules
from evaluation.models import Score
from evaluation.queries.entries import standard_of
from evaluation.queries.tables import BUDGET, PROJECTS, AreaTable, ScoreGroup, ScoreRow
from lao.models import Province
from projects.queries import dimensions_of
from reporting.models import Tally

PLANS = """
WITH area AS MATERIALIZED (
    SELECT plan.id AS plan_id, district.province_id
      FROM projects_plan AS plan
      JOIN lao_lao AS lao ON lao.id = plan.lao_id
      JOIN lao_district AS district ON district.id = lao.district_id
     WHERE plan.period_id = %(period)s AND district.province_id = ANY(%(provinces)s)
       AND plan.lao_id NOT IN (SELECT lao_id FROM lao_user WHERE withheld_since IS NOT NULL)
)
"""
# The total is that of rules.total: points are never negative, so a sum of 0 says that all parts say nothing but 0.
POINTS = """, by_plan AS (
    SELECT plan_id, source, sum(points) FILTER (WHERE dimension_id IS NOT NULL) AS summed,
           max(points) FILTER (WHERE dimension_id IS NULL) AS entered
      FROM evaluation_score GROUP BY plan_id, source
)
SELECT province_id, source, NULL AS dimension_id, count(*),
       sum(CASE WHEN summed > 0 THEN summed ELSE coalesce(entered, summed) END)
  FROM by_plan JOIN area USING (plan_id) GROUP BY province_id, source
 UNION ALL
SELECT province_id, source, dimension_id, count(*), sum(points)
  FROM evaluation_score JOIN area USING (plan_id)
 WHERE dimension_id IS NOT NULL GROUP BY province_id, source, dimension_id
"""
HELD = """
SELECT province_id, dimension_id, sum(held.projects)::bigint
  FROM (
    SELECT plan_id, dimension_id, count(*) AS projects FROM projects_project
     WHERE deleted_at IS NULL AND NOT (review_state = 'REJECTED') GROUP BY plan_id, dimension_id
  ) AS held JOIN area USING (plan_id)
 GROUP BY province_id, dimension_id
"""
NO_POINTS = (0, Decimal(0))


def nation_scores(user, period, name):
    """The `AreaTable` of the provinces that the officer `user` sees, together under `name`.

    Scores are averages over the LAOs that have one; budgets of all years and projects are added up.
    """
    provinces = list(Province.objects.visible_to(user).order_by("sort_key"))
    codes = [province.code for province in provinces]
    dimensions = dimensions_of(period)
    wanted = {"period": period.pk, "provinces": codes}
    points, projects, budgets = _Sums(), _Sums(), _Sums()
    for province, source, dimension, count, total in _fetched(POINTS, wanted):
        points.add(province, (source, dimension), (count, total))
    for province, dimension, count in _fetched(HELD, wanted):
        projects.add(province, dimension, (count,))
    tallies = Tally.objects.filter(months=12, fiscal_year__in=period.years, lao__district__province__in=codes)
    for province, dimension, budget in tallies.values_list("lao__district__province", "dimension").annotate(
        budget=Sum("plan_budget")
    ):
        budgets.add(province, dimension, (budget,))

    nothing = {dimension.pk: (0,) for dimension in dimensions}

    def rows(code):
        return [
            *(_averages(source, dimensions, points.of[code]) for source in Score.Source),
            _added(BUDGET, "money", dimensions, budgets.of[code]),
            _added(PROJECTS, "number", dimensions, nothing | projects.of[code]),
        ]

    groups = [
        ScoreGroup(p.code, p.name, f"ป.ป.ช. ภาค {p.region_id}" if p.region_id else "", rows(p.code)) for p in provinces
    ]
    return AreaTable(period, dimensions, standard_of(period, dimensions), groups, ScoreGroup("", name, "", rows(None)))


class _Sums:
    """Tuples of numbers by province and place, and under the province None those of all provinces together."""

    def __init__(self):
        self.of = defaultdict(dict)

    def add(self, province, place, numbers):
        self.of[province][place] = numbers
        so_far = self.of[None].get(place, (0,) * len(numbers))
        self.of[None][place] = tuple(map(sum, zip(so_far, numbers, strict=True)))


def _averages(source, dimensions, points):
    def average(dimension):
        count, total = points.get((source, dimension), NO_POINTS)
        return rules.share(total, count)

    known, _ = points.get((source, None), NO_POINTS)
    return ScoreRow(f"{source.label} (เฉลี่ย)", "points", [average(d.pk) for d in dimensions], average(None), known)


def _added(name, kind, dimensions, numbers):
    parts = [numbers.get(dimension.pk, (None,))[0] for dimension in dimensions]
    return ScoreRow(name, kind, parts, rules.total(parts, None))


def _fetched(of_plans, values):
    with connection.cursor() as cursor:
        cursor.execute(PLANS + of_plans, values)
        return cursor.fetchall()
