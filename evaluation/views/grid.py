"""The grid in which officers enter the scores of a province, fifty LAOs a page, one save for the page."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from eplan.forms import kept_as, tell_saved, version_of
from eplan.numbers import with_commas
from evaluation import rules
from evaluation.actions import ReasonMissing, Submission, publish_entries
from evaluation.forms import REASON_MISSING, TOTAL, EntryForm, ReasonForm, points_name
from evaluation.models import Score
from evaluation.queries.entries import laos_of, standard_of, standings_of
from evaluation.views.choices import OFFICERS, address, period_or_404, province_or_404, trail
from evaluation.views.meeting import publish_or_ask
from evaluation.wording import years_taken_away
from lao.access import for_roles
from projects.queries import dimensions_of

PAGE = 50


class Cell(NamedTuple):
    """One field of the grid, ready for the template."""

    name: str
    label: str
    value: str
    hint: str
    errors: list[str]


class Line(NamedTuple):
    """One LAO of the grid: its key, code, name and district, its cells, hidden version, and what is to be chosen where
    somebody else published meanwhile."""

    key: int
    code: str
    name: str
    place: str
    passed_in: str
    cells: list[Cell]
    version: Cell
    conflict: dict | None


@for_roles(*OFFICERS)
def grid(request):
    """Rows of LAOs by columns of scores; what can't be saved comes back as typed, with the reason at its cell."""
    provinces, province = province_or_404(request)
    periods, period = period_or_404(request)
    page = Paginator(laos_of(request.user, province), PAGE).get_page(request.GET.get("page"))
    makes = _form_maker(request, period)
    reason, conflicts, status = ReasonForm(), {}, 200
    if request.method == "POST":
        forms = makes(_posted(request, province), data=request.POST)
        reason = ReasonForm(request.POST)
        # Every form is asked, so that every mistake is shown at once.
        if all([reason.is_valid(), *(form.is_valid() for form in forms)]):
            outcome, conflicts = _publish(request.user, period, forms, reason)
            status = 409
            if outcome:
                saved = len(outcome.saved)
                told = f"บันทึกผลการประเมินแล้ว {saved} อปท." if saved else "ไม่มีแถวใดเปลี่ยนแปลงจากที่บันทึกไว้แล้ว"
                tell_saved(request, told, reason.cleaned_data["form_token"])
                return redirect(f"{address('score-grid', province, period)}&page={page.number}")
    else:
        forms = makes(page.object_list)
    dimensions = dimensions_of(period)
    lines = [_line(form, dimensions, conflicts) for form in forms]
    context = {
        "trail": trail(),
        "provinces": provinces,
        "province": province,
        "periods": periods,
        "period": period,
        "page": page,
        "query": f"province={province.code}&first_year={period.first_year}&",
        "sources": [(source.label, len(dimensions) + 1) for source in Score.Source],
        "dimensions": dimensions,
        "with_passed_in": rules.may_set_passed(request.user.role),
        "lines": lines,
        "asked": [line for line in lines if line.conflict],
        "mistakes": [(form, bound) for form in forms for bound in form if bound.errors],
        "reason": reason,
        "kept": kept_as(
            reason, f"score-grid:{province.code}:{period.first_year}p{page.number}", version=_version(forms)
        ),
    }
    return render(request, "evaluation/grid.html", context, status=status)


def _posted(request, province):
    """The LAOs that the sent page holds, in its order."""
    keys = [int(key) for key in request.POST.getlist("lao")[:PAGE] if key.isascii() and key.isdigit() and len(key) < 19]
    found = {lao.pk: lao for lao in laos_of(request.user, province).filter(pk__in=keys)}
    if not keys or len(found) != len(keys):
        raise Http404
    return [found[key] for key in keys]


def _form_maker(request, period):
    """A function that makes the forms of LAOs, bound to `data` if there is any."""
    shared = {
        "period": period,
        "dimensions": dimensions_of(period),
        "standard": standard_of(period),
        "may_set_passed": rules.may_set_passed(request.user.role),
    }

    def make(laos, data=None):
        standings = standings_of(laos, period)
        return [EntryForm(data, prefix=str(s.lao.pk), standing=s, **shared) for s in standings]

    return make


def _version(forms):
    """A number that is another one as soon as a row of the page was published anew."""
    return version_of(" ".join(f"{form.standing.lao.pk}:{form.standing.version}" for form in forms))


def _publish(user, period, forms, reason):
    """`(outcome, conflicts)`: what was published, or what is to be chosen by the key of the LAO; None and nothing to
    choose when the forms say why not."""
    said = reason.cleaned_data

    def publish():
        submissions = [Submission(f.standing.lao.pk, f.cleaned_data["version"], f.entry) for f in forms]
        return publish_entries(
            by=user, period=period, submissions=submissions, reason=said["reason"], token=said["form_token"]
        )

    outcome, conflicts, refused = publish_or_ask(forms, publish)
    for form in forms:
        refusal = refused.get(form.standing.lao.pk)
        if isinstance(refusal, ReasonMissing):
            if not reason.errors:
                reason.add_error("reason", REASON_MISSING)
        elif refusal:
            form.add_error("passed_in", years_taken_away(refusal.years))
    return outcome, conflicts


def _line(form, dimensions, conflicts):
    standing = form.standing
    lao = standing.lao
    cells = [_cell(form, "passed_in", "")] if "passed_in" in form.fields else []
    for source in Score.Source:
        cells += [_cell(form, points_name(source, dimension.number), "") for dimension in dimensions]
        summed = rules.total(standing.entry.points[source].parts, None)
        cells.append(_cell(form, points_name(source, TOTAL), "" if summed is None else with_commas(summed)))
    passed_in = str(standing.entry.passed_in or "-")
    version = _cell(form, "version", "")
    return Line(lao.pk, lao.code, str(lao), lao.district.name, passed_in, cells, version, conflicts.get(lao.pk))


def _cell(form, name, hint):
    bound = form[name]
    value = bound.value()
    return Cell(bound.html_name, bound.label, "" if value is None else str(value), hint, bound.errors)
