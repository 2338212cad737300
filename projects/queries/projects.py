"""Plans, their projects and what a project says."""

from django.db.models import OuterRef, Subquery

from eplan.written import written_once
from projects.likeness import Names
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear, ReviewDecision
from projects.rules import Content


def plans_of(lao):
    """The `Plan`s of `lao` with their periods, oldest first, whether they have passed or not."""
    plans = []
    for key, passed_in, *period in _plans(lao.pk):
        plan = Plan.from_db("default", ["id", "lao_id", "period_id", "passed_in"], [key, lao.pk, period[0], passed_in])
        plan.lao, plan.period = lao, PlanPeriod.from_db("default", ["id", "first_year", "last_year"], period)
        plans.append(plan)
    return plans


@written_once
def _plans(lao):
    plans = Plan.objects.filter(lao=lao).order_by("period__first_year")
    return plans.values_list("pk", "passed_in", "period", "period__first_year", "period__last_year")


def plan_for_year(lao, fiscal_year):
    """The plan of `lao` whose period holds `fiscal_year`, passed or not; None when there is none."""
    return next((plan for plan in plans_of(lao) if fiscal_year in plan.period.years), None)


def years_of(lao):
    """All fiscal years that a clerk of `lao` may choose, over all plans that have passed, ascending."""
    return [year for plan in plans_of(lao) for year in plan.years]


def dimensions_of(period):
    """The `Dimension`s of `period` by number."""
    columns = ["id", "period_id", "number", "name"]
    return [
        Dimension.from_db("default", columns, [key, period.pk, number, name])
        for key, number, name in _dimensions(period.pk)
    ]


@written_once
def _dimensions(period):
    return Dimension.objects.filter(period=period).order_by("number").values_list("pk", "number", "name")


def usual_plan(plans, this_year):
    """The one of `plans` (oldest first) that a page shows unasked; None when there is none.

    That is the plan that may be worked on in the fiscal year `this_year`, else the latest that has passed, else the
    latest.
    """
    passed = [plan for plan in plans if plan.passed_in]
    current = [plan for plan in passed if this_year in plan.period.years]
    return next(reversed(current or passed or plans), None)


def projects_of(plan):
    """The projects of `plan` that were not deleted, in the order of recording, each with all that a table shows.

    `years` are prefetched, `dimension` is joined, `officer_reason` is the reason of the latest decision or None.
    """
    return _for_tables(plan).live().order_by("id")


def names_of(plan):
    """The `Names` of the projects of `plan` that were not deleted, each under its key."""
    return Names(Project.objects.filter(plan=plan).live().order_by("id").values_list("pk", "name"))


def copiable_projects_of(plan):
    """The projects of `plan` that may be copied: those that stand and were not rejected."""
    return _for_tables(plan).counted().order_by("id")


def deleted_projects_of(plan):
    """The deleted projects of `plan` as `projects_of` gives the others, the latest deletion first."""
    return _for_tables(plan).deleted().order_by("-deleted_at", "-id")


def _for_tables(plan):
    return _with_reason(Project.objects.filter(plan=plan)).select_related("dimension").prefetch_related("years")


def _with_reason(projects):
    latest = ReviewDecision.objects.filter(project=OuterRef("pk")).order_by("-at", "-id")
    return projects.annotate(officer_reason=Subquery(latest.values("reason")[:1]))


def returned_projects_of(lao):
    """The projects of `lao`, over all plans, that officers returned, each with its `officer_reason`."""
    returned = _with_reason(Project.objects.filter(plan__lao=lao, review_state=Project.ReviewState.RETURNED))
    return returned.live().order_by("id")


def officer_reason(project):
    """The reason of the latest decision on `project`, "" when there is none."""
    return project.decisions.values_list("reason", flat=True).first() or ""


def budgets_of(project):
    """The planned budget of each fiscal year of `project`, ascending: an amount of baht or None for no budget."""
    return {year.fiscal_year: year.plan_budget for year in project.years.all()}


def content_of(project):
    """What the clerk has decided about `project`, as the database has it now."""
    return Content(
        name=project.name,
        kind=project.kind,
        dimension_id=project.dimension_id,
        further_dimensions=frozenset(project.further_dimensions),
        quarters=frozenset(project.quarters),
        target_groups=frozenset(project.target_groups),
        objective=project.objective,
        remark=project.remark,
        budgets=budgets_of(project),
    )


def reported_rounds(project):
    """The rounds in which years of `project` have reports: a dict of fiscal year to its months, both ascending."""
    rounds = {}
    # `reports` is the way back from a later app's model; nothing of that app is imported here.
    found = ProjectYear.objects.filter(project=project, reports__isnull=False)
    for year, months in found.order_by("fiscal_year", "reports__months").values_list("fiscal_year", "reports__months"):
        rounds.setdefault(year, []).append(months)
    return rounds
