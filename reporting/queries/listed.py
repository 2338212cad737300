"""The project years of a plan in a fiscal year as a list shows them, to citizens and clerks, without models' instances.

What is named here is public: a list for citizens is made of it.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from eplan.written import written_once
from projects.models import Dimension, Project, ProjectYear
from reporting.models import MONTHS
from reporting.queries.reports import ReportRow, rejection_reason


class ListedProject(NamedTuple):
    """What the list of a year shows of a project."""

    pk: int
    name: str
    dimension: Dimension
    is_rejected: bool


class ListedReport(NamedTuple):
    """What it shows of a report; amounts in baht."""

    months: int
    status: str
    ordinance_budget: Decimal | None
    disbursed: Decimal | None


class ListedYear(NamedTuple):
    """What it shows of a project's year; the budget in baht."""

    pk: int
    project: ListedProject
    plan_budget: Decimal | None
    rejection_reason: str | None
    reports: Sequence[ListedReport]


class ListedRow(ReportRow):
    """A `ReportRow` of a `ListedYear`."""

    @cached_property
    def reports(self):
        """The `ListedReport`s by months."""
        return {report.months: report for report in self.project_year.reports}


def listed_rows(plan, dimensions, fiscal_year):
    """A `ListedRow` for each project of a `plan` in a year, in the order of recording, rejected ones among
    them, deleted ones not. `dimensions` are those of its period. One query."""
    named = {dimension.pk: dimension for dimension in dimensions}
    rows = []
    for key, project, name, dimension, state, budget, reason, *facts in _rows(plan.pk, fiscal_year):
        known = ListedProject(project, name, named[dimension], state == Project.ReviewState.REJECTED)
        reports = [ListedReport(*report) for report in (facts[:4], facts[4:]) if report[0]]
        rows.append(ListedRow(len(rows) + 1, ListedYear(key, known, budget, reason, reports)))
    return rows


@written_once
def _rows(plan, fiscal_year):
    years = ProjectYear.objects.filter(project__plan=plan, fiscal_year=fiscal_year, project__deleted_at__isnull=True)
    rounds = {f"at_{months}": FilteredRelation("reports", condition=Q(reports__months=months)) for months, _ in MONTHS}
    reports = [f"{found}__{field}" for found in rounds for field in ListedReport._fields]
    facts = ("pk", "project", "project__name", "project__dimension", "project__review_state", "plan_budget")
    found = years.annotate(reason=rejection_reason(), **rounds)
    return found.order_by("project").values_list(*facts, "reason", *reports)
