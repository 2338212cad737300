"""A project as citizens see it: what is planned, both rounds of every year, and what the officers decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eplan.written import written_once
from lao.models import Province, Region, User
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear, ReviewDecision
from projects.queries import dimensions_of
from public.queries.laos import place_of_plan
from reporting.models import ProgressReport

# All that is public of a project and of a report.
PROJECT = (
    "id", "name", "kind", "further_dimensions", "quarters", "target_groups", "objective", "remark", "review_state",
    "created_at",
)  # fmt: skip
REPORT = (
    "months", "status", "reason", "other_reason", "ordinance_budget", "disbursed", "in_ordinance", "remark",
    "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class FollowedProject:
    """A published project with its years, each with its reports by months; its `decisions` run from the latest."""

    project: Project
    years: Sequence[tuple[ProjectYear, Mapping[int, ProgressReport]]]
    decisions: Sequence[ReviewDecision]
    further: Sequence[Dimension]


def find_project(project_id):
    """The `FollowedProject` under that key; raises `Project.DoesNotExist` for what is deleted or not published.

    Five queries at most.
    """
    project = _project(int(project_id))
    further = set(project.further_dimensions)
    return FollowedProject(
        project,
        _years_of(project.pk),
        _decisions_of(project.pk),
        [known for known in dimensions_of(project.plan.period) if known.pk in further] if further else [],
    )


def _project(project_id):
    for number, dimension, plan, period, first_year, last_year, *facts in _found(project_id):
        lao = place_of_plan(plan)
        if lao.is_published:
            project = Project.from_db(None, PROJECT, facts)
            project.dimension = Dimension(number=number, name=dimension)
            project.plan = Plan(
                pk=plan, lao=lao, period=PlanPeriod(pk=period, first_year=first_year, last_year=last_year)
            )
            return project
    raise Project.DoesNotExist


@written_once
def _found(project_id):
    period = ("plan__period", "plan__period__first_year", "plan__period__last_year")
    found = Project.objects.live().filter(pk=project_id).order_by()
    return found.values_list("dimension__number", "dimension__name", "plan", *period, *PROJECT)


def _years_of(project_id):
    years = {}
    for key, fiscal_year, budget, *facts in _reported_years(project_id):
        year = ProjectYear(pk=key, fiscal_year=fiscal_year, plan_budget=budget)
        _, reports = years.setdefault(fiscal_year, (year, {}))
        if facts[0]:
            reports[facts[0]] = ProgressReport.from_db(None, REPORT, facts)
    return list(years.values())


@written_once
def _reported_years(project_id):
    """The years in order, each once for each of its reports, or once without any."""
    years = ProjectYear.objects.filter(project=project_id).order_by("fiscal_year")
    return years.values_list("pk", "fiscal_year", "plan_budget", *(f"reports__{field}" for field in REPORT))


def _decisions_of(project_id):
    decisions = []
    for decision, reason, at, role, province, region in _decisions(project_id):
        office = User(role=role, province=Province(name=province), region=Region(number=region))
        decisions.append(ReviewDecision(decision=decision, reason=reason, at=at, by=office))
    return decisions


@written_once
def _decisions(project_id):
    decisions = ReviewDecision.objects.filter(project=project_id).order_by("-at", "-id")
    return decisions.values_list("decision", "reason", "at", "by__role", "by__province__name", "by__region")
