"""The summaries of the officers: nation > region > province > district > LAO > project, each level one table that
leads to the next, with its charts, on screen, on paper and in Excel."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eplan.thai import joined
from lao.access import for_roles
from lao.models import District, Province, Region, User
from reporting import summary_exports
from reporting.queries.progress import progress_of
from reporting.queries.tables import (
    ResultTable,
    choose_result,
    dimension_rows,
    district_table,
    districts_table,
    nation_table,
    province_table,
    region_table,
    regions_table,
)
from reporting.summary_exports import TABLE_TITLE
from reporting.views.shown import shown_blocks, shown_progress, shown_table
from reporting.views.shown_charts import comparison_chart

OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
LAO = "ชื่อ อปท."


@dataclass(frozen=True)
class Level:
    """One table of the drill-down.

    `places` are the levels above and this one, as (name, address); `unit` is what its rows are, `place_unit` what they
    lie in and `place_word` how that is said before its name; `row_address` makes the address of a row out of its key.
    `within` narrows tallies to the area. `ways` are the ways to group the rows, (value of ?by=, label), the usual one
    first, and `by` the chosen one.
    """

    title: str
    place: str
    places: list[tuple[str, str]]
    table: Callable[[int, int], ResultTable]
    unit: str
    row_address: Callable[[str | int], str]
    within: dict = field(default_factory=dict)
    place_unit: str = ""
    place_word: str = ""
    ways: Sequence[tuple[str, str]] = ()
    by: str = ""
    provinces: Sequence[Province] = ()
    province: Province | None = None


@for_roles(User.Role.CENTRAL)
@require_safe
def nation(request, excel=False):
    """The nation by region, or by province."""
    by = chosen(request, NATION_WAYS)
    level = Level(
        title=f"{TABLE_TITLE}ประเทศ",
        place="ทั่วประเทศ",
        places=places_above(request.user),
        table=nation_table if by == "province" else regions_table,
        unit="จังหวัด" if by == "province" else "ป.ป.ช. ภาค",
        place_unit="สังกัด",
        row_address=lambda key: region_address(key) if isinstance(key, int) else province_address(key),
        ways=NATION_WAYS,
        by=by,
    )
    return answer(request, level, excel)


@for_roles(User.Role.CENTRAL, User.Role.REGION)
@require_safe
def region(request, number, excel=False):
    """The provinces of a region."""
    if request.user.role == User.Role.REGION and request.user.region_id != number:
        raise Http404
    found = get_object_or_404(Region, number=number)
    level = Level(
        title=f"{TABLE_TITLE}ภาค",
        place=str(found),
        places=places_above(request.user, region=found),
        table=partial(region_table, found),
        unit="จังหวัด",
        row_address=province_address,
        within={"lao__district__province__region": found},
    )
    return answer(request, level, excel)


@require_safe
def province(request, excel=False):
    """A province by LAO, as its clerks see it too; for officers also by district."""
    found = find_province(request)
    is_clerk = request.user.is_clerk
    by = "lao" if is_clerk else chosen(request, PROVINCE_WAYS)
    by_district = by == "district"
    level = Level(
        title=summary_exports.PROVINCE_TITLE,
        place=f"จังหวัด{found}",
        places=places_above(request.user, region=found.region, province=found),
        table=partial(districts_table if by_district else province_table, found),
        unit="อำเภอ" if by_district else LAO,
        place_unit="" if by_district else "อำเภอ",
        place_word="อำเภอ",
        row_address=district_address if by_district else (public_address if is_clerk else lao_address)("{}").format,
        within={"lao__district__province": found},
        ways=() if is_clerk else PROVINCE_WAYS,
        by=by,
        provinces=other_provinces(request.user),
        province=found,
    )
    return answer(request, level, excel)


@for_roles(*OFFICERS)
@require_safe
def district(request, district_id, excel=False):
    """The LAOs of a district."""
    visible = District.objects.visible_to(request.user).select_related("province__region")
    found = get_object_or_404(visible, pk=district_id)
    level = Level(
        title=f"{TABLE_TITLE}อำเภอ",
        place=f"อำเภอ{found} จังหวัด{found.province}",
        places=places_above(request.user, region=found.province.region, province=found.province, district=found),
        table=partial(district_table, found),
        unit=LAO,
        row_address=lao_address("{}").format,
        within={"lao__district": found},
    )
    return answer(request, level, excel)


NATION_WAYS = [("region", "แยกตาม ป.ป.ช. ภาค"), ("province", "แยกตามจังหวัด")]
PROVINCE_WAYS = [("lao", "แยกตาม อปท."), ("district", "แยกตามอำเภอ")]


def chosen(request, ways):
    """The way of grouping that the address asks for; the usual one for anything else."""
    wanted = request.GET.get("by")
    return wanted if wanted in [value for value, _ in ways] else ways[0][0]


def region_address(number):
    """The table of a region."""
    return reverse("summary-region", args=[number])


def province_address(code):
    """The table of a province."""
    return f"{reverse('summary-province')}?province={code}"


def district_address(district_id):
    """The table of a district."""
    return reverse("summary-district", args=[district_id])


def lao_address(code):
    """The summary of an LAO."""
    return f"{reverse('summary')}laos/{code}/"


def public_address(code):
    """What citizens see of an LAO, and clerks of their neighbours."""
    return f"{reverse('public')}lao/{code}/"


def places_above(user, *, region=None, province=None, district=None, lao=None):
    """The drill path down to an area, from where the officer's own area begins: (name, address) of each level."""
    places = [("ทั่วประเทศ", reverse("summary-nation"))] if user.role == User.Role.CENTRAL else []
    if region and user.role in (User.Role.CENTRAL, User.Role.REGION):
        places.append((str(region), region_address(region.pk)))
    if province:
        places.append((f"จังหวัด{province}", province_address(province.pk)))
    if district:
        places.append((f"อำเภอ{district}", district_address(district.pk)))
    if lao:
        places.append((str(lao), lao_address(lao.code)))
    return places


def trail(places, query):
    """The breadcrumbs of a summary: the drill path in the year and round of `query`, which every link keeps."""
    path = [(name, with_query(address, query)) for name, address in places]
    return [("หน้าแรก", reverse("home")), ("ออกรายงาน", reverse("summary")), *path]


def with_query(address, query):
    """`address` with more parameters."""
    return f"{address}{'&' if '?' in address else '?'}{query}"


def answer(request, level, excel):
    """The table of a `level` in the year and round that the address asks for, as a page or an Excel file."""
    years, year, months = choose_result(request.GET.get("year"), request.GET.get("months"))
    table = level.table(year, months)
    is_officer = not request.user.is_clerk
    dimensions = dimension_rows(year, months, **level.within) if is_officer else []
    progress = progress_of(year, months, table.total.projects, **level.within) if is_officer else []
    if excel:
        columns = summary_exports.table_columns(level.unit, level.place_unit)
        return summary_exports.level_export(
            table, title=level.title, place=level.place, columns=columns, dimensions=dimensions, progress=progress
        )
    narrowing = {"province": level.province.pk} if level.province else {}
    narrowing |= {"by": level.by} if level.ways else {}
    kept = {**narrowing, "year": year, "months": months}
    query = urlencode({"year": year, "months": months})
    context = {
        "trail": trail(level.places, query),
        "title": level.title,
        "lines": [level.place, table.when],
        "years": years,
        "year": year,
        "months": months,
        "provinces": level.provinces,
        "province": level.province.pk if level.province else "",
        "hidden": [("by", level.by)] if level.ways else [],
        "ways": [(label, f"?{urlencode({**kept, 'by': way})}", way == level.by) for way, label in level.ways],
        "excel_url": f"{request.path}export/?{urlencode(kept)}",
        "unit": level.unit,
        "place_word": level.place_word,
        "comparison": None,
        "blocks": [],
        "block_notes": summary_exports.own_notes(months),
        "progress": shown_progress(progress),
    }
    if is_officer:
        context |= {
            "table": shown_table(table, address=lambda key: with_query(level.row_address(key), query)),
            "comparison": _comparison(level, table),
            "blocks": shown_blocks(summary_exports.AREA_BLOCKS, dimensions),
        }
    else:
        context["table"] = shown_table(table, address=level.row_address, own=request.user.lao.code)
    return render(request, "reporting/summary_level.html", context)


def _comparison(level, table):
    """The areas of a table against each other; LAOs are too many, and their names too long, for a picture."""
    return None if level.unit == LAO else comparison_chart(joined("เปรียบเทียบร้อยละแยกตาม", level.unit), table)


def find_province(request):
    """The province that the address names, in the user's area; unnamed, the user's own or the first."""
    visible = Province.objects.visible_to(request.user).select_related("region").order_by("sort_key")
    code = request.GET.get("province")
    if code is None:
        found = visible.first()
        if found is None:
            raise Http404
        return found
    if not re.fullmatch("[0-9]{2}", code):
        raise Http404
    return get_object_or_404(visible, code=code)


def other_provinces(user):
    """The provinces an officer may choose among; none where there is no choice."""
    if user.role in (User.Role.LAO, User.Role.PROVINCE):
        return []
    return list(Province.objects.visible_to(user).order_by("sort_key"))
