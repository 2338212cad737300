"""ออกรายงาน: which summaries there are, and the summary of one LAO, on screen, on paper and in Excel."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from lao.models import Lao, Region, User
from reporting import exports, summary_exports
from reporting.queries import choose_year
from reporting.queries.progress import progress_of
from reporting.queries.reports import kept_in, public_rows, totals_of
from reporting.queries.tables import choose_result, own_summary, parse_months, result_of, when
from reporting.views.levels import OFFICERS, other_provinces, places_above, region_address, trail
from reporting.views.shown import shown_blocks, shown_progress, shown_result


@require_safe
def summary(request):
    """Choose which summary, of which year and round."""
    years, year, months = choose_result(None, None)
    user = request.user
    context = {
        "trail": trail([], ""),
        "years": years,
        "year": year,
        "months": months,
        "provinces": other_provinces(user),
        "regions": [(str(region), region_address(region.pk)) for region in regions_of(user)],
    }
    if user.is_clerk:
        context["own_years"], context["own_year"] = choose_year(None, user.lao)
    return render(request, "reporting/summary.html", context)


def regions_of(user):
    """The regions whose tables `user` may open."""
    if user.role == User.Role.REGION:
        return [user.region]
    return list(Region.objects.all()) if user.role == User.Role.CENTRAL else []


@for_roles(User.Role.LAO)
@require_safe
def own(request, excel=False):
    """The summary of the clerk's own LAO."""
    return _one_lao(request, request.user.lao, [("สรุปผลการดำเนินงานของ อปท.", "")], excel)


@for_roles(*OFFICERS)
@require_safe
def lao(request, code, excel=False):
    """The summary of any LAO in the officer's area, and under it the projects of the year."""
    laos = Lao.objects.visible_to(request.user).select_related("account", "district__province__region")
    found = get_object_or_404(laos, code=code)
    district, province = found.district, found.district.province
    places = places_above(request.user, region=province.region, province=province, district=district, lao=found)
    return _one_lao(request, found, places, excel)


def _one_lao(request, found, places, excel):
    """The four tables of one LAO, by dimension, for a year and round, and for officers the projects behind them."""
    is_officer = not request.user.is_clerk
    years, year = choose_year(request.GET.get("year"), found)
    months = parse_months(request.GET.get("months")) or 12
    withheld = request.user.withheld_since is not None  # the clerk sees what nobody else does as yet
    rows = own_summary(found, year, months, withheld=withheld) if year else []
    progress = progress_of(year, months, rows[-1].projects, withheld=withheld, lao=found) if year else []
    projects = public_rows(found, year) if year and is_officer else []
    if excel:
        if year is None:
            raise Http404
        further = [exports.report_sheet(found, year, projects, totals_of(projects))] if is_officer else []
        now = timezone.now()
        return summary_exports.own_export(rows, found, year, months, now, progress=progress, further=further)
    query = urlencode({"year": year, "months": months}) if year else ""
    context = {
        "trail": trail(places, query),
        "title": summary_exports.OWN_TITLE,
        "lao": found,
        "years": years,
        "year": year,
        "months": months,
    }
    if year:
        context |= {
            "lines": [summary_exports.place_of(found), when(year, months)],
            "excel_url": f"{request.path}export/?{query}",
            "result": shown_result(result_of(rows[-1], year, months)),
            "blocks": shown_blocks(summary_exports.OWN_BLOCKS, rows),
            "progress": shown_progress(progress),
            "notes": summary_exports.own_notes(months),
            "projects": projects,
            "totals": totals_of(projects) if projects else None,
            "project_address": f"{reverse('review')}?open=" if is_officer else "",
            "kept": _kept(request.user, found, year) if projects else [],
            "computed_at": thai_datetime(timezone.now()),
        }
    return render(request, "reporting/summary_own.html", context)


def _kept(user, lao, year):
    return [(kept, thai_datetime(kept.kept_at)) for kept in kept_in(user, lao, year)]
