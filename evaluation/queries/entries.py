"""What is published about plans, as officers enter it: scores, the year of passing, standards and versions."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Q, Sum

from evaluation.models import DimensionStandard, PeriodStandard, Score, ScoreChange
from evaluation.rules import Entry, Points, Standard
from lao.models import Lao
from projects.models import Plan, PlanPeriod, ProjectYear
from projects.queries import dimensions_of


@dataclass(frozen=True)
class Standing:
    """What is published about the plan of `lao` in a period. Without a plan, `plan` is None and nothing is known.

    `version` counts the changes; 0 before the first.
    """

    lao: Lao
    plan: Plan | None
    version: int
    entry: Entry


def standings_of(laos, period):
    """A `Standing` for each of `laos`, in their order. Four queries, however many there are."""
    laos = list(laos)
    dimensions = dimensions_of(period)
    plans = {plan.lao_id: plan for plan in Plan.objects.filter(lao__in=laos, period=period)}
    mine = [plan.pk for plan in plans.values()]
    points = defaultdict(dict)
    for plan, source, dimension, value in Score.objects.filter(plan__in=mine).values_list(
        "plan", "source", "dimension", "points"
    ):
        points[plan][source, dimension] = value
    versions = dict(
        ScoreChange.objects.filter(plan__in=mine).order_by().values_list("plan").annotate(version=Max("number"))
    )
    standings = []
    for lao in laos:
        plan = plans.get(lao.pk)
        known = points[plan.pk] if plan else {}
        entry = Entry(plan and plan.passed_in, {source: _points(source, dimensions, known) for source in Score.Source})
        standings.append(Standing(lao, plan, versions.get(plan and plan.pk, 0), entry))
    return standings


def _points(source, dimensions, known):
    parts = tuple(known.get((source, dimension.pk)) for dimension in dimensions)
    # Beside parts that say something an entered total says nothing (rules.total).
    return Points(parts, None if any(parts) else known.get((source, None)))


def entries_at(versions):
    """The `Entry` that stood at a version, as `{plan key: Entry}`; `versions` is `{plan key: version}`.

    A plan is left out where nothing was written down at that version.
    """
    wanted = Q(pk__in=[])
    for plan, version in versions.items():
        wanted |= Q(plan=plan, number=version + 1)
    return {change.plan_id: Entry.from_json(change.before) for change in ScoreChange.objects.filter(wanted)}


def standard_of(period, dimensions=None):
    """The `rules.Standard` of `period`, in the order of its `dimensions`, looked up where they are not given."""
    highest = dict(DimensionStandard.objects.filter(dimension__period=period).values_list("dimension", "highest"))
    of_total = PeriodStandard.objects.filter(period=period).first()
    return Standard(
        tuple(highest.get(dimension.pk) for dimension in dimensions or dimensions_of(period)),
        of_total and of_total.highest_total,
        of_total and of_total.pass_mark,
    )


def highest_published(period):
    """The highest points published in `period` by the place of the dimension, None for the total as it is shown."""
    places = {dimension.pk: place for place, dimension in enumerate(dimensions_of(period))}
    scores = Score.objects.filter(plan__period=period).order_by()
    highest = {
        places[dimension]: points
        for dimension, points in scores.exclude(dimension=None).values_list("dimension").annotate(points=Max("points"))
    }
    entered, summed = Max("points", filter=Q(dimension=None)), Sum("points", filter=Q(dimension__isnull=False))
    totals = scores.values("plan", "source").annotate(entered=entered, summed=summed)
    shown = [(row["summed"] or row["entered"] or Decimal(0)) for row in totals]
    return highest | ({None: max(shown)} if shown else {})


def changes_of(plan):
    """The versions of what is published about `plan`, the latest first, each with the person behind it."""
    return list(ScoreChange.objects.filter(plan=plan).select_related("by"))


def years_in_use(plans):
    """The fiscal years in which projects of `plans` stand, deleted ones too, as `{plan key: ascending years}`."""
    years = defaultdict(list)
    rows = ProjectYear.objects.filter(project__plan__in=plans).order_by("fiscal_year")
    for plan, year in rows.values_list("project__plan", "fiscal_year").distinct():
        years[plan].append(year)
    return dict(years)


def laos_of(user, province):
    """The LAOs of `province` in `user`'s area with their places, by district and name."""
    laos = Lao.objects.visible_to(user).filter(district__province=province).with_place()
    return laos.order_by("district__sort_key", "sort_key", "code")


def choose_period(first_year, this_year):
    """`(periods, period)`: all plan periods, oldest first, and the one that begins in `first_year`, else the one of
    the fiscal year `this_year`, else the latest; None where there is none."""
    periods = list(PlanPeriod.objects.order_by("first_year"))
    named = next((period for period in periods if period.first_year == first_year), None)
    begun = [period for period in periods if period.first_year <= this_year]
    return periods, named or next(reversed(begun or periods), None)
