"""What the officers' score pages are about: a plan period and a province, named in the address."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from eplan.fiscal import fiscal_year_of, parse_year
from evaluation.queries.entries import choose_period
from lao.models import Province, User

OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
ENTER = "กรอกผลการประเมิน"


def period_or_404(request):
    """`(periods, period)`: all plan periods, and the one whose first year the address names, else the present one."""
    first_year = parse_year(request.GET.get("first_year"))
    periods, period = choose_period(first_year, fiscal_year_of(timezone.now()))
    if period is None:
        raise Http404
    return periods, period


def province_or_404(request):
    """`(provinces, province)`: those of the officer's area by name, and the one that the address names, else the first.

    There is nothing to choose among, and no list, where there is only one.
    """
    provinces = list(Province.objects.visible_to(request.user).order_by("sort_key"))
    code = request.GET.get("province")
    named = provinces if code is None else [province for province in provinces if province.code == code]
    if not named:
        raise Http404
    return provinces if len(provinces) > 1 else [], named[0]


def address(name, province, period):
    """The address of a page about a province and period."""
    return f"{reverse(name)}?province={province.code}&first_year={period.first_year}"


def trail():
    """The breadcrumbs of the pages on which officers enter scores."""
    return [("หน้าแรก", reverse("home")), ("ผลการประเมิน", reverse("scores")), (ENTER, reverse("score-grid"))]
