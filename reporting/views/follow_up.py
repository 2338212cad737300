"""ติดตามการรายงาน: who has reported, who is late, who has not begun, and whom to call."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from lao.models import User
from reporting import follow_up_exports
from reporting.actions.reminders import queue_by_officer
from reporting.models import ReportingRound
from reporting.queries import follow_up as queries
from reporting.queries.reminders import (
    latest_reminders,
    reminded_by_officers,
    reminder_log,
    to_remind,
    without_address,
)
from reporting.queries.standings import RoundStates
from reporting.queries.tables import choose_result, when
from reporting.reminders import start_sending
from reporting.views.shown_follow_up import shown_areas, shown_laos, shown_reminder

OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
TITLE = follow_up_exports.TITLE
LOG = "บันทึกการเตือน"
PAGE_SIZE = 50
AREAS_AT_ONCE = 100  # all provinces
MOST_AT_ONCE = 1000  # rows that ?page=all shows, for print: more than any province has


@require_safe
@never_cache  # it names coordinators
@for_roles(*OFFICERS)
def follow_up(request):
    """How far reporting has come, by area or LAO by LAO, what needs attention first."""
    years, scope = chosen(request)
    states = states_of(scope)
    context = {
        "title": TITLE,
        "lead": f"{scope.place} {when(scope.fiscal_year, scope.months)} · {states.known[0].words}",
        "trail": trail(),
        "years": years,
        "scope": scope,
        "states": queries.STATES.items(),
        "levels": [(level, queries.LEVELS[level]) for level in scope.levels],
        "query": urlencode(asked(scope)),
        "pager_query": f"{urlencode(asked(scope))}&",
        "notes": follow_up_exports.NOTES,
        "computed_at": thai_datetime(timezone.now()),
    }
    show = _laos if scope.by == queries.LAO else _areas
    return render(request, "reporting/follow_up.html", context | show(request, scope, states))


@require_safe
@for_roles(*OFFICERS)
def follow_up_export(request):
    """The same rows, all of them, as an Excel file. It names no person."""
    _, scope = chosen(request)
    if scope.by == queries.LAO:
        found = list(queries.standings(request.user, scope, states_of(scope)))
        laos = queries.laos_by_id([standing.lao for standing in found])
        return follow_up_exports.laos_export(scope, found, laos, _results(scope, found))
    areas, total = queries.areas(request.user, scope, states_of(scope))
    return follow_up_exports.areas_export(scope, [*areas, total], _results(scope, [*areas, total]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICERS)
def follow_up_remind(request):
    """Remind those of the list that have something missing: asks first, and says how many they are."""
    _, scope = chosen(request)
    query = urlencode(asked(scope))
    today = timezone.localdate()
    laos = {each.lao for each in to_remind(queries.standings(request.user, scope, states_of(scope)))}
    known = ReportingRound.objects.filter(fiscal_year=scope.fiscal_year, months=scope.months).first()
    already = reminded_by_officers(known, laos, today) if laos else set()
    wanted = laos - already
    if request.method == "POST" and wanted:
        queue_by_officer(by=request.user, reporting_round=known, laos=sorted(wanted), day=today)
        start_sending()
        messages.success(request, f"กำลังส่งการเตือนถึง {len(wanted):,} อปท. ผลของแต่ละฉบับอยู่ในหน้านี้")
        return redirect(f"{reverse('follow-up-reminders')}?{query}")
    context = {
        "title": "ส่งอีเมลเตือน",
        "lead": f"{scope.place} {when(scope.fiscal_year, scope.months)}",
        "trail": trail("ส่งอีเมลเตือน"),
        "wanted": len(wanted),
        "already": len(already),
        "silent": without_address(wanted),
        "back": f"{reverse('follow-up')}?{query}",
    }
    return render(request, "reporting/follow_up_remind.html", context)


@require_safe
@for_roles(*OFFICERS)
def follow_up_reminders(request):
    """The reminders that went to the LAOs of a place about a round, and what became of each."""
    years, scope = chosen(request)
    page = Paginator(reminder_log(request.user, scope), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": LOG,
        "lead": f"{scope.place} {when(scope.fiscal_year, scope.months)}",
        "trail": trail(LOG),
        "years": years,
        "scope": scope,
        "rows": [shown_reminder(reminder) for reminder in page.object_list],
        "page": page,
        "pager_query": f"{urlencode(asked(scope))}&",
        "back": f"{reverse('follow-up')}?{urlencode(asked(scope))}",
    }
    return render(request, "reporting/follow_up_reminders.html", context)


def chosen(request):
    """`(years, scope)`: the fiscal years there are, and the `Scope` that the address asks for."""
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    return years, queries.choose_scope(request.user, year, months, request.GET)


def states_of(scope):
    """The states of the round of `scope` today."""
    return RoundStates(scope.fiscal_year, scope.months, timezone.localdate())


def asked(scope, **changes):
    """The GET parameters that lead back to `scope`, with `changes`."""
    parameters = {
        "year": scope.fiscal_year,
        "months": scope.months,
        "region": scope.region and scope.region.pk,
        "province": scope.province and scope.province.pk,
        "district": scope.district and scope.district.pk,
        "state": scope.state,
        "by": scope.by,
        **changes,
    }
    return {name: value for name, value in parameters.items() if value}


def trail(*last):
    """The breadcrumbs of these pages, `last` being the word for one below the first."""
    return [("หน้าแรก", reverse("home")), (TITLE, reverse("follow-up")), *((word, "") for word in last)]


def _areas(request, scope, states):
    areas, total = queries.areas(request.user, scope, states)
    page = Paginator(areas, AREAS_AT_ONCE).get_page(request.GET.get("page"))
    rows = [*page.object_list, total]
    shown = shown_areas(rows, _results(scope, rows), lambda **changes: urlencode(asked(scope, **changes)), scope.by)
    unit = queries.LEVELS[scope.by]
    return {"page": page, "rows": shown[:-1], "total": shown[-1], "unit": unit, "may_show_all": False}


def _laos(request, scope, states):
    asked_for = request.GET.get("page", "")
    everything = asked_for == "all"
    size = MOST_AT_ONCE if everything else PAGE_SIZE
    start = size * (int(asked_for) - 1) if re.fullmatch("[1-9][0-9]{0,5}", asked_for) else 0
    found = queries.standings(request.user, scope, states, likely=slice(start, start + size))
    page = Paginator(found, size).get_page(asked_for)
    ids = [standing.lao for standing in page.object_list]
    laos, reminders = queries.laos_by_id(ids), latest_reminders(ids, scope.fiscal_year, scope.months)
    results = _results(scope, page.object_list)
    rows = shown_laos(page.object_list, laos, results, reminders, start=page.start_index())
    may_show_all = not everything and PAGE_SIZE < page.paginator.count <= MOST_AT_ONCE
    return {"page": page, "rows": rows, "may_show_all": may_show_all}


def _results(scope, rows):
    return queries.results_of(rows, scope.fiscal_year, scope.months)
