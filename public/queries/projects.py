"""A project as citizens see it: what is planned, both rounds of every year, and what the officers decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.models import Dimension, Project, ProjectYear, ReviewDecision
from projects.queries import dimensions_of
from reporting.models import ProgressReport


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
    related = ("dimension", "plan__period", "plan__lao__district__province__region")
    project = Project.objects.published().live().select_related(*related).get(pk=project_id)
    years = project.years.prefetch_related("reports").order_by("fiscal_year")
    further = set(project.further_dimensions)
    return FollowedProject(
        project,
        [(year, {report.months: report for report in year.reports.all()}) for year in years],
        list(project.decisions.select_related("by__province", "by__region")),
        [known for known in dimensions_of(project.plan.period) if known.pk in further] if further else [],
    )
