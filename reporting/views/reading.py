"""A report as an officer reads it: what it says, what the LAO confirms in it, and its history."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lao.access import for_roles
from lao.models import Lao
from projects.models import ProjectYear
from reporting.queries.reports import find_row
from reporting.views.levels import OFFICERS, lao_address, places_above, trail
from reporting.views.shown_report import shown_report


@require_safe
@for_roles(*OFFICERS)
def report_read(request, project_year_id, months):
    """The report on a project year in a round of an LAO in the officer's area, if there is one."""
    try:
        row = find_row(request.user, project_year_id)
    except ProjectYear.DoesNotExist:
        raise Http404 from None
    lao = Lao.objects.with_place().select_related("account").get(plans=row.project.plan_id)
    if months not in row.reports or lao.is_withheld:
        raise Http404
    year = row.project_year.fiscal_year
    query = f"year={year}&months={months}"
    province = lao.district.province
    places = places_above(request.user, region=province.region, province=province, district=lao.district, lao=lao)
    context = shown_report(row, months) | {"lao": lao, "back_url": f"{lao_address(lao.code)}?{query}"}
    context["trail"] = [*trail(places, query), (f"รายงานรอบ {months} เดือน", "")]
    return render(request, "reporting/report_read.html", context)
