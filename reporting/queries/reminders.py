"""Whom to remind of what, and what has been sent."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from lao.models import Lao
from projects.models import ProjectYear
from reporting.models import ProgressReport, ReminderLog, ReportingRound
from reporting.queries.standings import ByAttention, RoundStates
from reporting.reminding import EARLIEST, LATEST, reminder_due
from reporting.rounds import Phase
from reporting.standing import MISSING

Outcome = ReminderLog.Outcome


class Due(NamedTuple):
    """A reminder that is to be sent; `day` as in `ReminderLog`."""

    reporting_round: ReportingRound
    lao: int
    kind: str
    day: object


def due_by_calendar(today):
    """The `Due`s of the whole nation that the calendar asks for on `today` and that are not in the log yet."""
    near = (today + timedelta(days=LATEST), today + timedelta(days=EARLIEST))
    closing = Q(closes_on__range=near) | Q(extensions__until__range=near)
    found = []
    for known in ReportingRound.objects.filter(closing, opens_on__lte=today).distinct():
        logged = set(known.reminders.values_list("lao", "kind", "day"))
        for standing in ByAttention(Lao.objects.all(), RoundStates(known.fiscal_year, known.months, today)):
            if standing.progress in MISSING:
                kind = reminder_due(standing.state, today)
                if kind and (standing.lao, kind, standing.state.closes_on) not in logged:
                    found.append(Due(known, standing.lao, kind, standing.state.closes_on))
    return found


def waiting_count():
    """How many reminders wait to be sent."""
    return ReminderLog.objects.filter(outcome__in=[Outcome.WAITING, Outcome.FAILED]).count()


def to_remind(standings):
    """Those of `standings` that an officer may remind: something is missing in a round that has opened."""
    return [each for each in standings if each.progress in MISSING and each.state.phase in (Phase.OPEN, Phase.CLOSED)]


def reminded_by_officers(reporting_round, laos, day):
    """Which of `laos` (ids) an officer reminds of the round on `day` already."""
    known = ReminderLog.objects.filter(reporting_round=reporting_round, lao__in=laos, kind="BY_OFFICER", day=day)
    return set(known.values_list("lao", flat=True))


def without_address(laos):
    """How many of `laos` (ids) have no e-mail address to write to."""
    return (
        len(laos) - Lao.objects.filter(pk__in=laos).exclude(profile=None).exclude(profile__coordinator_email="").count()
    )


def missing_projects(laos, fiscal_year, months):
    """The names of the projects on which something is left to report in the round, by the id of the LAO. One query."""
    reports = ProgressReport.objects.filter(project_year=OuterRef("pk"))
    settled = Q(months=months) | Q(status="COMPLETED") if months == 12 else Q(months=months)
    owed = (
        ProjectYear.objects.counted()
        .published()
        .filter(~Exists(reports.filter(settled)), fiscal_year=fiscal_year, project__plan__lao__in=laos)
        .order_by("project_id")
        .values_list("project__plan__lao", "project__name")
    )
    names = defaultdict(list)
    for lao, name in owed:
        names[lao].append(name)
    return names


def latest_reminders(laos, fiscal_year, months):
    """The latest reminder of the round to each of `laos` (ids), by the id of the LAO. One query."""
    of_round = ReminderLog.objects.filter(
        lao__in=laos, reporting_round__fiscal_year=fiscal_year, reporting_round__months=months
    )
    return {each.lao_id: each for each in of_round.order_by("lao_id", "-id").distinct("lao_id")}


def reminders_to(lao, fiscal_year):
    """The reminders of a year that went to `lao`, those that came back or may be lost among them, the latest first."""
    sent = ReminderLog.objects.filter(lao=lao, reporting_round__fiscal_year=fiscal_year)
    return sent.filter(outcome__in=[Outcome.SENT, Outcome.UNSURE, Outcome.BOUNCED]).select_related("reporting_round")


def reminder_log(user, scope):
    """The reminders of the round and place of `scope` that `user` may see, the latest first."""
    of_round = ReminderLog.objects.filter(
        reporting_round__fiscal_year=scope.fiscal_year, reporting_round__months=scope.months
    )
    laos = scope.inside(Lao.objects.visible_to(user))
    if laos.query.where:  # those to all LAOs are not looked up one by one
        of_round = of_round.filter(lao__in=laos.order_by().values("pk"))
    return of_round.select_related("lao__district__province", "asked_by__province", "asked_by__region")
