"""What is new on the pages for citizens: about one LAO, event by event, and in a province, day by day."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from evaluation.models import ScoreChange
from lao.models.register import lao_title
from projects.models import Plan, Project, ProjectYear, ReviewDecision
from reporting.models import ProgressReport

MOST = 50


class Event(NamedTuple):
    """One entry of a feed: what happened, `at` which moment, and where more is said of it.

    `of` is the key of the project that it is about, None for the LAO as a whole; `mark` tells it from the other entries
    of the same page for good, also when it is changed later.
    """

    at: datetime
    title: str
    summary: str
    of: int | None
    mark: str


def events_of(lao):
    """The latest `MOST` events of a published `lao`, the latest first. Four queries."""
    mine = Q(project__plan__lao=lao, project__deleted_at__isnull=True)
    found = [*_reports(mine), *_decisions(mine), *_projects(lao), *_scores(lao)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _reports(mine):
    years = ProjectYear.objects.published().filter(mine, reports__isnull=False).order_by("-reports__updated_at")
    status = dict(ProgressReport.Status.choices)
    for project, name, year, months, stands, at in years.values_list(
        "project", "project__name", "fiscal_year", "reports__months", "reports__status", "reports__updated_at"
    )[:MOST]:
        title = f"รายงานผลรอบ {months} เดือน ปีงบประมาณ {year}: {name}"
        yield Event(at, title, status[stands], project, f"report-{year}-{months}")


def _decisions(mine):
    published = Project.objects.published().filter(deleted_at__isnull=True)
    taken = ReviewDecision.objects.filter(mine, project__in=published).order_by("-at")
    labels = dict(ReviewDecision.Decision.choices)
    for key, project, name, decision, reason, at in taken.values_list(
        "pk", "project", "project__name", "decision", "reason", "at"
    )[:MOST]:
        yield Event(at, f"สำนักงาน ป.ป.ช. {labels[decision]}: {name}", reason, project, f"decision-{key}")


def _projects(lao):
    recorded = Project.objects.published().live().filter(plan__lao=lao).order_by("-created_at")
    for key, name, at in recorded.values_list("pk", "name", "created_at")[:MOST]:
        yield Event(at, f"บันทึกโครงการ: {name}", "", key, "recorded")


def _scores(lao):
    changes = ScoreChange.objects.filter(plan__lao=lao).exclude(plan__in=Plan.objects.withheld())
    for number, first, last, reason, at in changes.order_by("-at").values_list(
        "number", "plan__period__first_year", "plan__period__last_year", "reason", "at"
    )[:MOST]:
        yield Event(at, f"ผลการประเมินแผน {first}-{last} ฉบับที่ {number}", reason, None, f"scores-{first}-{number}")


class Day(NamedTuple):
    """What an LAO of a province reported on one day: how many project years, the last of them `at` a moment."""

    at: datetime
    day: str
    code: str
    name: str
    number: int


def days_of(province, fiscal_year, months):
    """The latest `MOST` `Day`s of `province` in a round, the latest first. One query."""
    reported = ProjectYear.objects.published().filter(
        fiscal_year=fiscal_year,
        reports__months=months,
        project__deleted_at__isnull=True,
        project__plan__lao__district__province=province,
    )
    lao = ("project__plan__lao__code", "project__plan__lao__kind", "project__plan__lao__name")
    days = reported.annotate(day=TruncDate("reports__updated_at")).order_by().values_list("day", *lao)
    found = days.annotate(number=Count("pk"), at=Max("reports__updated_at")).order_by("-at")[:MOST]
    return [Day(at, str(day), code, lao_title(kind, name), number) for day, code, kind, name, number, at in found]
