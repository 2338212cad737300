"""ผลการประเมิน as officers read it: the nation or region by province, a province by LAO, one LAO."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import baht
from eplan.templatetags.looks import WITHHELD, badge
from evaluation.exports import tables as exports
from evaluation.queries.areas import nation_scores
from evaluation.queries.tables import province_scores
from evaluation.views import clerk
from evaluation.views.choices import OFFICERS, address, period_or_404, province_or_404
from lao.access import for_roles
from lao.models import Lao, User

PASSED, FAILED = badge("good", "check", "ผ่านเกณฑ์คะแนน"), badge("bad", "cross", "ไม่ผ่านเกณฑ์คะแนน")
VERDICTS = {True: PASSED, False: FAILED, None: ""}


@require_safe
def scores(request):
    """S13 for whoever asks: a clerk's own, an officer's area."""
    return clerk.scores(request) if request.user.is_clerk else area(request)


@require_safe
def scores_export(request):
    """The same table as an Excel file."""
    return clerk.scores_export(request) if request.user.is_clerk else area_export(request)


@for_roles(*OFFICERS)
def area(request):
    """The table of a province by LAO, or of the officer's area by province."""
    provinces, province, periods, table = _table(request)
    period = table.period
    if province:
        below, query, title = "scores-lao", f"province={province.code}&", f"จังหวัด{province}"
    else:
        below, query, title = "", "", request.user.area_name
    mark = _marks(table.standard) if province else lambda group: ""
    shown = [_shown(group, _link(below, group.key, period), mark(group)) for group in table.groups]
    context = {
        "trail": _trail([(title, "")] if province and provinces else []),
        "title": exports.TITLE,
        "lines": [title, f"แผน พ.ศ. {period}"],
        "provinces": provinces,
        "province": province,
        "periods": periods,
        "period": period,
        "query": f"{query}first_year={period.first_year}",
        "grid_url": address("score-grid", province, period) if province else "",
        "dimensions": table.dimensions,
        "groups": shown,
        "total": _shown(table.total),
        "notes": exports.area_notes(table, by_lao=bool(province)),
        "computed_at": thai_datetime(timezone.now()),
    }
    return render(request, "evaluation/scores_area.html", context)


@for_roles(*OFFICERS)
def area_export(request):
    """The same table as an Excel file."""
    _, province, _, table = _table(request)
    title = f"จังหวัด{province}" if province else request.user.area_name
    return exports.area_export(table, title, by_lao=bool(province))


@require_safe
@for_roles(*OFFICERS)
def lao_scores(request, code):
    """S13 of one LAO, with every version of what was published."""
    lao = _lao_or_404(request, code)
    province = lao.district.province
    trail = [*_trail([(f"จังหวัด{province}", f"{reverse('scores')}?province={province.code}")]), (str(lao), "")]
    plans, plan = clerk.choose_plan(request, lao)
    return render(
        request,
        "evaluation/scores.html",
        {
            **clerk.context_of(lao, plans, plan),
            "trail": trail,
            "export_url": reverse("scores-lao-export", args=[code]),
            "entry_url": reverse("score-entry", args=[code]),
        },
    )


@require_safe
@for_roles(*OFFICERS)
def lao_scores_export(request, code):
    """The same table as an Excel file; without a plan there is none."""
    return clerk.export_of(request, _lao_or_404(request, code))


def _lao_or_404(request, code):
    found = Lao.objects.visible_to(request.user).select_related("account", "district__province")
    return get_object_or_404(found, code=code)


def _table(request):
    """`(provinces, province, periods, table)`: of the province that the address names, else of the officer's area."""
    periods, period = period_or_404(request)
    if request.user.role == User.Role.PROVINCE or request.GET.get("province"):
        provinces, province = province_or_404(request)
        return provinces, province, periods, province_scores(request.user, province, period)
    return [], None, periods, nation_scores(request.user, period, request.user.area_name)


def _link(name, key, period):
    first_year = f"first_year={period.first_year}"
    if name:
        return f"{reverse(name, args=[key])}?{first_year}"
    return f"{reverse('scores')}?province={key}&{first_year}"


def _marks(standard):
    """A function that says of the `ScoreGroup` of an LAO whether it passes, or that it is withheld."""
    return lambda group: WITHHELD if group.withheld else VERDICTS[standard.passes(group.nacc_total)]


def _shown(group, link="", mark=""):
    """A `ScoreGroup` in strings: link, name, place, mark and its lines of (name, cells, known)."""
    lines = []
    for row in group.rows:
        line, parts, total = clerk.shown(row)
        lines.append((line, _cells([*parts, total]), "" if row.known is None else baht(row.known)))
    return link, group.name, group.place, mark, lines


def _cells(figures):
    """Cells of figures, which are digits, commas and dashes: one by one they would take the template twice as long."""
    return mark_safe("".join([f'<td class="num">{figure}</td>' for figure in figures]))  # noqa: S308


def _trail(more):
    """The breadcrumbs of the officers' score tables."""
    home, here = ("หน้าแรก", reverse("home")), ("ผลการประเมิน", reverse("scores"))
    return [home, here, *more] if more else [home, ("ผลการประเมิน", "")]
