"""ติดตามการรายงาน: who has reported, who is late, who has not begun, and whom to call."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from lao.models import User
from reporting import follow_up_exports
from reporting.queries import follow_up as queries
from reporting.queries.rounds import round_of
from reporting.queries.tables import choose_result, when
from reporting.views.shown_follow_up import shown_areas, shown_laos

OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
TITLE = follow_up_exports.TITLE
PAGE_SIZE = 50
MOST_AT_ONCE = 1000  # rows that ?page=all shows, for print: more than any province has


@require_safe
@for_roles(*OFFICERS)
def follow_up(request):
    """How far reporting has come, by area or LAO by LAO, what needs attention first."""
    years, scope = chosen(request)
    found = queries.standings(request.user, scope, timezone.localdate())
    state = round_of(scope.fiscal_year, scope.months, timezone.localdate())
    context = {
        "title": TITLE,
        "lead": f"{scope.place} {when(scope.fiscal_year, scope.months)} · {state.words}",
        "trail": trail(),
        "years": years,
        "scope": scope,
        "states": queries.STATES.items(),
        "levels": [(level, queries.LEVELS[level]) for level in scope.levels],
        "query": urlencode(asked(scope)),
        "notes": follow_up_exports.NOTES,
        "computed_at": thai_datetime(timezone.now()),
    }
    show = _laos if scope.by == queries.LAO else _areas
    return render(request, "reporting/follow_up.html", context | show(request, scope, found))


@require_safe
@for_roles(*OFFICERS)
def follow_up_export(request):
    """The same rows, all of them, as an Excel file. It names no person."""
    _, scope = chosen(request)
    found = queries.standings(request.user, scope, timezone.localdate())
    if scope.by == queries.LAO:
        found = queries.by_attention(found)
        laos = queries.laos_by_id([standing.lao for standing in found])
        return follow_up_exports.laos_export(scope, found, laos, _results(scope, found))
    areas, total = queries.areas(found, scope)
    return follow_up_exports.areas_export(scope, [*areas, total], _results(scope, [*areas, total]))


def chosen(request):
    """`(years, scope)`: the fiscal years there are, and the `Scope` that the address asks for."""
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    return years, queries.choose_scope(request.user, year, months, request.GET)


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


def _areas(request, scope, found):
    areas, total = queries.areas(found, scope)
    page = _page(request, areas)
    rows = [*page.object_list, total]
    shown = shown_areas(rows, _results(scope, rows), lambda **changes: urlencode(asked(scope, **changes)), scope.by)
    return _paged(scope, page) | {"unit": queries.LEVELS[scope.by], "rows": shown[:-1], "total": shown[-1]}


def _laos(request, scope, found):
    found = queries.by_attention(found)
    page = _page(request, found)
    laos = queries.laos_by_id([standing.lao for standing in page.object_list])
    shown = shown_laos(page.object_list, laos, _results(scope, page.object_list), start=page.start_index())
    return _paged(scope, page) | {"rows": shown}


def _page(request, rows):
    everything = request.GET.get("page") == "all"
    return Paginator(rows, MOST_AT_ONCE if everything else PAGE_SIZE).get_page(request.GET.get("page"))


def _paged(scope, page):
    query = urlencode(asked(scope))
    return {"page": page, "pager_query": f"{query}&", "may_show_all": PAGE_SIZE < page.paginator.count <= MOST_AT_ONCE}


def _results(scope, rows):
    return queries.results_of(rows, scope.fiscal_year, scope.months)
