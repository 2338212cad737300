"""ออกรายงาน: the LAO's own summary, and the table of the province, on screen, on paper and in Excel."""

import re

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from lao.models import Province, User
from reporting import summary_exports
from reporting.queries import choose_year
from reporting.queries.tables import choose_result, own_summary, parse_months, province_table, when
from reporting.views.shown import shown_blocks, shown_table


@require_safe
def summary(request):
    """Choose which summary, of which year and round."""
    years, year, months = choose_result(None, None)
    context = {"trail": trail(), "years": years, "year": year, "months": months, "provinces": other_provinces(request)}
    if request.user.is_clerk:
        context["own_years"], context["own_year"] = choose_year(None, request.user.lao)
    return render(request, "reporting/summary.html", context)


@require_safe
@for_roles(User.Role.LAO)
def own(request):
    """The four tables of the LAO itself, for a year and round."""
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    months = parse_months(request.GET.get("months")) or 12
    context = {
        "trail": trail("สรุปผลการดำเนินงานของ อปท."),
        "title": summary_exports.OWN_TITLE,
        "lao": lao,
        "years": years,
        "year": year,
        "months": months,
    }
    if year:
        context |= {
            "lines": [summary_exports.place_of(lao), when(year, months)],
            "blocks": shown_blocks(summary_exports.OWN_BLOCKS, own_summary(lao, year, months)),
            "notes": summary_exports.own_notes(months),
            "computed_at": thai_datetime(timezone.now()),
        }
    return render(request, "reporting/summary_own.html", context)


@require_safe
@for_roles(User.Role.LAO)
def own_export(request):
    """The same four tables as an Excel file."""
    lao = request.user.lao
    _, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        raise Http404
    months = parse_months(request.GET.get("months")) or 12
    return summary_exports.own_export(own_summary(lao, year, months), lao, year, months, timezone.now())


@require_safe
def province(request):
    """The league table of a province, for a year and round."""
    chosen = find_province(request)
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    table = province_table(chosen, year, months)
    own_code = request.user.lao.code if request.user.is_clerk else None
    context = {
        "trail": trail(summary_exports.PROVINCE_TITLE),
        "title": summary_exports.PROVINCE_TITLE,
        "lines": [f"จังหวัด{chosen}", table.when],
        "province": chosen,
        "provinces": other_provinces(request),
        "years": years,
        "year": year,
        "months": months,
        "table": shown_table(table, below=f"{reverse('public')}lao/", own=own_code),
    }
    return render(request, "reporting/summary_province.html", context)


@require_safe
def province_export(request):
    """The same league table as an Excel file."""
    chosen = find_province(request)
    _, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    return summary_exports.province_export(province_table(chosen, year, months), chosen)


def find_province(request):
    """The province that the address names, in the user's area; unnamed, the user's own or the first."""
    visible = Province.objects.visible_to(request.user).order_by("sort_key")
    code = request.GET.get("province")
    if code is None:
        found = visible.first()
        if found is None:
            raise Http404
        return found
    if not re.fullmatch("[0-9]{2}", code):
        raise Http404
    return get_object_or_404(visible, code=code)


def other_provinces(request):
    """The provinces an officer may choose among; none where there is no choice."""
    if request.user.role in (User.Role.LAO, User.Role.PROVINCE):
        return []
    return list(Province.objects.visible_to(request.user).order_by("sort_key"))


def trail(here=None):
    """The breadcrumbs of the summaries."""
    home, summaries = ("หน้าแรก", reverse("home")), ("ออกรายงาน", reverse("summary"))
    return [home, summaries, (here, "")] if here else [home, summaries]
