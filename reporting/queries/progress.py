"""How the reports of a round came in, week by week."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from projects.models import Project
from reporting import rules
from reporting.models import ProgressReport, Week

WEEK = timedelta(days=7)
MOST_WEEKS = 53  # of more, only the last are told one by one


class Point(NamedTuple):
    """Up to and with the day `until`: how many more of the `projects` were reported since the point before, how many
    in all, and that in per cent (unrounded; None without projects)."""

    until: date
    added: int
    total: int
    percent: Decimal | None
    projects: int


def progress_of(fiscal_year: int, months: int, projects: int, *, withheld: bool = False, **within) -> Sequence[Point]:
    """A `Point` for each week from the first report to the last, the days of each running to Sunday; the last stands
    for today where its Sunday is still to come. Empty while nothing is reported.

    `within` narrows it as it narrows tallies, such as `lao__district__province=...`; nothing means the nation.
    `projects` is N, `withheld` as in `own_summary`. One query.
    """
    counted = _count_withheld(fiscal_year, months, **within) if withheld else _kept(fiscal_year, months, **within)
    return _points(counted, projects, timezone.localdate()) if counted else []


def _kept(fiscal_year, months, **within):
    """How many were settled in each week that began on a Monday, as the database keeps it."""
    weeks = Week.objects.filter(fiscal_year=fiscal_year, months=months, **within)
    return dict(weeks.values_list("week").annotate(Sum("settled")))


def _count_withheld(fiscal_year, months, lao):
    """The same of an LAO of which nothing is kept, counted from its reports."""
    reports = ProgressReport.objects.filter(
        _settling(months),
        project_year__fiscal_year=fiscal_year,
        project_year__project__plan__lao=lao,
        project_year__project__deleted_at__isnull=True,
    ).exclude(project_year__project__review_state=Project.ReviewState.REJECTED)
    weeks = reports.annotate(week=TruncWeek("reported_at")).order_by().values_list("week").annotate(Count("pk"))
    return {timezone.localtime(week).date(): number for week, number in weeks}


def _settling(months):
    """The reports after which nothing is left to report in the round: what was done at 6 months is so at 12."""
    if months == 6:
        return Q(months=6)
    done = ProgressReport.objects.filter(project_year=OuterRef("project_year"), months=6, status="COMPLETED")
    return Q(months=6, status="COMPLETED") | Q(months=12) & ~Exists(done)


def _points(added, projects, today):
    """The points of `added`, numbers by the Monday of their week."""
    monday, last = min(added), max(added)
    monday = max(monday, last - (MOST_WEEKS - 1) * WEEK)
    total = sum(number for week, number in added.items() if week < monday)
    points = []
    while monday <= last:
        number = added.get(monday, 0)
        total += number
        until = min(monday + timedelta(days=6), max(today, monday))
        points.append(Point(until, number, total, rules.percent(Decimal(total), projects), projects))
        monday += WEEK
    return points
