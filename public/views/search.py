"""The search for citizens. All that is asked for is in the address, so that a search can be passed on."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eplan.fiscal import parse_year
from eplan.thai import arabic_digits, clean_line
from lao.models import Lao, Province
from lao.queries import MOST_FOUND
from projects.queries.review import dimension_numbers
from public.queries.search import (
    LONGEST,
    MOST,
    NOT_REPORTED,
    Search,
    found_laos,
    found_projects,
    names_like,
    projects_by_key,
    provinces_with,
)
from public.views.frame import page_of, trail
from public.views.projects import STATES
from reporting.models import ProgressReport
from reporting.queries.tables import result_years

PAGE = 20
FEW = 8  # LAOs shown above the projects; the rest on their own page
STATUSES = [*ProgressReport.Status.choices, (NOT_REPORTED, "ยังไม่รายงานผล")]
TITLE = "ค้นหา อปท. และโครงการ"


@login_not_required
@require_safe
def search(request):
    """LAOs, then projects, that have the words asked for."""
    provinces = list(Province.objects.all())
    years, numbers = result_years(), dimension_numbers()
    asked = _asked(request.GET, provinces, years, numbers)
    laos = found_laos(asked)
    only_laos = request.GET.get("show") == "laos"
    keys = [] if only_laos else found_projects(asked)
    pages = Paginator(keys[:MOST], PAGE)
    page = pages.get_page(arabic_digits(request.GET.get("page", "")))
    query = _query(asked)
    title = f"{TITLE}: {asked.text}" if asked.text else TITLE
    context = {
        "trail": trail((TITLE, "")),
        "page": page_of(request, title, "ค้นหาองค์กรปกครองส่วนท้องถิ่นและโครงการป้องกันการทุจริตทั่วประเทศ"),
        "search": asked,
        "narrowed": bool(asked.province or asked.kind or asked.narrows_projects),
        "choices": _choices(provinces, years, numbers),
        "places": provinces_with(asked, provinces),
        "laos": laos[: MOST_FOUND if only_laos else FEW] if page.number == 1 else [],
        "all_laos": "" if only_laos or len(laos) <= FEW else f"?{query}show=laos",
        "more_laos": only_laos and len(laos) > MOST_FOUND,
        "most_laos": MOST_FOUND,
        "only_laos": only_laos,
        "projects": [_shown(found) for found in projects_by_key(page.object_list)],
        "count": f"มากกว่า {MOST:,}" if len(keys) > MOST else f"{len(keys):,}",
        "more": len(keys) > MOST,
        "most": MOST,
        "pages": page,
        "query": query,
        "alike": []
        if laos or keys or not asked.words
        else [(name, f"?{urlencode({'q': name})}") for name in names_like(asked.text)],
    }
    return render(request, "public/search.html", context)


def _asked(given, provinces, years, numbers):
    """The `Search` that the GET parameters mean; junk counts as not asked for."""
    dimension = arabic_digits(given.get("dimension", ""))
    year = parse_year(given.get("year"))
    return Search(
        text=clean_line(given.get("q", ""))[:LONGEST],
        province=_one_of(given.get("province"), [place.pk for place in provinces]),
        kind=_one_of(given.get("kind"), Lao.Kind.values),
        year=year if year in years else None,
        dimension=next((number for number in numbers if str(number) == dimension), None),
        status=_one_of(given.get("status"), [value for value, _ in STATUSES]),
    )


def _one_of(value, allowed):
    return value if value in allowed else ""


def _query(asked):
    """The address of the search without its page, ready for more parameters."""
    told = {
        "q": asked.text,
        "province": asked.province,
        "kind": asked.kind,
        "year": asked.year,
        "dimension": asked.dimension,
        "status": asked.status,
    }
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{query}&" if query else ""


def _choices(provinces, years, numbers):
    """What a search can be narrowed to: (parameter, label, [(value, word)])."""
    return [
        ("province", "จังหวัด", [(place.pk, place.name) for place in provinces]),
        ("kind", "ประเภท อปท.", Lao.Kind.choices),
        ("year", "ปีงบประมาณ พ.ศ.", [(year, str(year)) for year in reversed(years)]),
        ("dimension", "มิติ", [(number, f"มิติที่ {number}") for number in numbers]),
        ("status", "สถานะการดำเนินงาน", STATUSES),
    ]


def _shown(project):
    """A project in strings."""
    lao = project.plan.lao
    return {
        "address": reverse("public-project", args=[project.pk]),
        "name": project.name,
        "lao": str(lao),
        "lao_address": reverse("public-lao", args=[lao.code]),
        "place": f"อำเภอ{lao.district} จังหวัด{lao.district.province}",
        "dimension": project.dimension.short_name,
        "years": ", ".join(str(year.fiscal_year) for year in project.years.all()),
        "state": STATES[project.review_state],
    }
