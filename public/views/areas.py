"""Results for everyone, without signing in: the nation, a province, an LAO. Nothing here is about a person."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from eplan.fiscal import thai_datetime
from lao.models import FormerCode, Lao, Province
from public.caching import published
from reporting.models import MONTHS
from reporting.queries import choose_year
from reporting.queries.reports import public_rows, totals_of
from reporting.queries.tables import (
    FORMULA,
    USED_REPORTS,
    choose_result,
    nation_table,
    own_summary,
    province_table,
    result_of,
)
from reporting.views.shown import shown_result, shown_table


@published("nation")
def nation(request):
    """All provinces, each with the pooled result of its LAOs."""
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    table = nation_table(year, months)
    context = {
        "trail": trail(),
        "lines": [table.when],
        "years": years,
        "year": year,
        "months": months,
        "table": shown_table(table, address=f"{reverse('public')}provinces/{{}}/".format),
    }
    return render(request, "public/nation.html", context)


@published("province")
def province(request, code):
    """The league table of a province, as its LAOs see it."""
    found = get_object_or_404(Province, code=code)
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    table = province_table(found, year, months)
    context = {
        "trail": [*trail(), (f"จังหวัด{found}", "")],
        "province": found,
        "lines": [f"จังหวัด{found}", table.when],
        "years": years,
        "year": year,
        "months": months,
        "table": shown_table(table, address=f"{reverse('public')}lao/{{}}/".format),
    }
    return render(request, "public/province.html", context)


@published("lao")
def lao(request, code):
    """The projects of an LAO in a year: their budgets, status and reports. A former code leads to the present one."""
    found = Lao.objects.with_place().filter(code=code).first()
    if found is None:
        former = get_object_or_404(FormerCode.objects.select_related("lao").order_by("-replaced_at"), code=code)
        return redirect("public-lao", former.lao.code)
    years, year = choose_year(request.GET.get("year"), found)
    place = found.district.province
    context = {
        "trail": [*trail(), (f"จังหวัด{place}", reverse("public-province", args=[place.code])), (str(found), "")],
        "lao": found,
        "years": years,
        "year": year,
    }
    if year:
        rows = public_rows(found, year)
        counts = {months: own_summary(found, year, months)[-1] for months, _ in MONTHS}
        context |= {
            "rows": rows,
            "totals": totals_of(rows),
            "results": [(months, shown_result(result_of(counts[months], year, months))) for months in counts],
            "notes": [FORMULA, *USED_REPORTS.values()],
            "computed_at": thai_datetime(timezone.now()),
        }
    return render(request, "public/lao.html", context)


def trail():
    """The breadcrumbs of the pages for citizens."""
    return [("หน้าแรก", reverse("landing")), ("ข้อมูลสำหรับประชาชน", reverse("public"))]
