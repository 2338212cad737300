"""Results for everyone, without signing in: the nation, a province. Nothing here is about a person."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lao.models import Province
from reporting.queries.tables import choose_result, nation_table, province_table
from reporting.views.shown import shown_table


@login_not_required
@require_safe
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
        "table": shown_table(table, below=f"{reverse('public')}provinces/"),
    }
    return render(request, "public/nation.html", context)


@login_not_required
@require_safe
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
        "table": shown_table(table, below=f"{reverse('public')}lao/"),
    }
    return render(request, "public/province.html", context)


def trail():
    """The breadcrumbs of the pages for citizens."""
    return [("หน้าแรก", reverse("landing")), ("ข้อมูลสำหรับประชาชน", reverse("public"))]
