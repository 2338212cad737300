"""Results of areas for everyone: the nation with its map, a region, a province."""

from functools import cache

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from eplan.templatetags.eplan import NONE, baht, count, percent
from eplan.templatetags.looks import level_badge
from lao.models import Province
from public import tile_map
from public.caching import published
from public.queries.areas import find_province, province_results, provinces_results, provinces_with_marks
from public.views.frame import page_of, places_to, trail
from reporting.queries.tables import choose_result, region_name
from reporting.views.shown import shown_table
from reporting.views.shown_charts import years_chart
from reporting.views.shown_follow_up import LATE_BADGE, PROGRESS

TITLE = "ผลการนำแผนปฏิบัติการป้องกันการทุจริตของ อปท. ไปปฏิบัติ"


@published("nation")
def nation(request):
    """All provinces on a map and in a table, and the nation over the years. Five queries."""
    chosen = _chosen(request)
    results = provinces_results("ทั่วประเทศ", provinces_with_marks(), chosen)
    context = _provinces(request, results, chosen)
    context |= {"trail": trail(), "map": _map(results.table, context["table"]), "regions": True}
    return render(request, "public/provinces.html", context)


@published("region")
def region(request, number):
    """The provinces of a region, and the region over the years. Five queries."""
    number = int(number)
    provinces = provinces_with_marks(region=number)
    if not provinces:
        raise Http404
    chosen = _chosen(request, lao__district__province__region=number)
    name = region_name(number)
    results = provinces_results(name, provinces, chosen)
    context = _provinces(request, results, chosen) | {"trail": trail((name, "")), "map": None, "regions": False}
    return render(request, "public/provinces.html", context)


@published("province")
def province(request, code):
    """The league table of a province, as its LAOs see it, with budgets and who is late."""
    try:
        found = find_province(code)
    except Province.DoesNotExist:
        raise Http404 from None
    chosen = _chosen(request, lao__district__province=code)
    results, standings = province_results(found, *chosen[1:])
    late = sum(standing.late for standing in standings.values())
    stands = {key: _stands(known.progress, known.late) for key, known in standings.items()}
    context = _shown(request, results, chosen, f"{reverse('public')}lao/{{}}/".format, stands, code) | {
        "trail": places_to(found),
        "province": found,
        "late": f"{late:,} จาก {len(standings):,} แห่ง",
    }
    return render(request, "public/province.html", context)


def _chosen(request, **within):
    """The year and round asked for; else the latest of this area, which its page rests on."""
    return choose_result(request.GET.get("year"), request.GET.get("months"), **within)


def _shown(request, results, chosen, address, stands=None, code=None):
    """What every page of an area shows: the choice of year and round, the table with budgets, the whole in figures.

    `code` is that of the province, None for the nation and a region.
    """
    years, year, months = chosen
    table = shown_table(results.table, address=address)
    keys = [row.key for row in results.table.rows]
    name = results.table.total.name
    return {
        "page": page_of(
            request,
            f"{TITLE} {name} {results.table.when}",
            _description(results),
            chosen={"year": year, "months": months},
            feed=reverse("public-province-feed", args=[code]) if code else "",
            part={"year": year, **({"province": code} if code else {})},
        ),
        "title": TITLE,
        "lines": [name, results.table.when],
        "years": years,
        "year": year,
        "months": months,
        "table": table,
        # One tuple for each: templates look names up four times as fast as what stands behind a dot.
        "rows": [
            (*shown, *_budgets(results.sums[key]), stands[key] if stands else "")
            for key, shown in zip(keys, table["rows"], strict=True)
        ],
        "budgets": _budgets(results.sums[""]),
    }


def _provinces(request, results, chosen):
    """What the nation and a region show besides: how many provinces have which level, and the whole over the years."""
    title = "ผลการนำแผนไปปฏิบัติแต่ละปี รอบ 12 เดือน"
    return _shown(request, results, chosen, f"{reverse('public')}provinces/{{}}/".format) | {
        "levels": _levels(results.table),
        "history": [
            (year, count(sums.projects), [_result(row) for row in rows], _budgets(sums))
            for year, sums, rows in reversed(results.history)
        ],
        "chart": years_chart(title, [(year, rows[-1]) for year, _, rows in results.history]),
    }


@cache
def _stands(progress, late):
    return format_html("{} {}", PROGRESS[progress], LATE_BADGE) if late else PROGRESS[progress]


def _result(row):
    return percent(row.shown_percent), level_badge(row.level, row.level_name)


def _budgets(sums):
    """Three amounts of baht in words; of what nobody has reported yet there is none."""
    granted = sums.ordinance_budget if sums.is_reported else None
    return baht(sums.plan_budget), baht(granted), baht(sums.disbursed if sums.is_reported else None)


def _levels(table):
    """How many provinces have which level: pairs of (badge, number), best first."""
    found = {}
    for row in table.rows:
        badge = level_badge(row.level, row.level_name) if row.level else "ยังไม่มีโครงการ"
        found[badge] = found.get(badge, 0) + 1
    return list(found.items())


def _map(table, shown):
    """The map of the provinces, with its legend; `shown` is the table in strings."""
    tiles = [
        tile_map.Tile(
            row.key,
            words.address,
            row.level,
            NONE if row.percent is None else f"{row.percent:.0f}",
            f"{row.name} ร้อยละ {words.percent} ระดับ{row.level_name or NONE} N {words.projects}",
        )
        for row, words in zip(table.rows, shown["rows"], strict=True)
    ]
    cutoff = table.cutoff
    names = [("HIGH", cutoff.high_name), ("MEDIUM", cutoff.medium_name), ("LOW", cutoff.low_name)] if cutoff else []
    title = f"แผนที่ 77 จังหวัด ร้อยละและระดับ{table.when}"
    return tile_map.TileMap(title, tiles, [*names, (None, "ไม่มีโครงการ")])


def _description(results):
    """One sentence for search engines and shared links."""
    total = results.table.total
    return (
        f"{total.name}: ร้อยละ {percent(total.shown_percent)} จาก {total.projects:,} โครงการ"
        f" งบประมาณตามแผน {baht(results.sums[''].plan_budget)} บาท {results.table.when}"
    )
