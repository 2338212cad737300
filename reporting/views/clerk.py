"""Reports as a clerk meets them: the list of a year, and the form of one project year in one round."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from eplan.forms import tell_saved
from lao.access import for_roles
from lao.models import User
from projects.models import ProjectYear
from projects.queries import dimensions_of, plan_for_year
from reporting import exports
from reporting.actions import RefusedError, save_report
from reporting.forms import ReportForm, starting_answers
from reporting.models import MONTHS
from reporting.queries import choose_year, round_states
from reporting.queries.listed import listed_rows
from reporting.queries.reports import find_row, report_rows, totals_of
from reporting.views.meeting import save_or_ask
from reporting.views.shown_report import shown_report

LIST = "รายงานผลการดำเนินงาน"


@require_safe
@for_roles(User.Role.LAO)
def report_list(request):
    """S11: the project years of a fiscal year, with what was reported on each."""
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    plan = plan_for_year(lao, year)
    rows = listed_rows(plan, dimensions_of(plan.period), year) if plan else []
    totals = totals_of(rows)
    states = round_states(lao, year, timezone.localdate())
    rounds = [{"months": months, "state": states[months], "reported": totals.reported[months]} for months, _ in MONTHS]
    context = {"lao": lao, "years": years, "year": year, "rows": rows, "totals": totals, "rounds": rounds}
    context |= {"trail": trail(), "new_url": f"{reverse('project-new')}?year={year}"}
    return render(request, "reporting/report_list.html", context)


@require_safe
@for_roles(User.Role.LAO)
def report_export(request):
    """The list of S11 as an Excel file; without a year to choose there is none."""
    lao = request.user.lao
    _, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        raise Http404
    rows = report_rows(request.user, lao, year)
    return exports.report_list(lao, year, rows, totals_of(rows))


@for_roles(User.Role.LAO)
def report_edit(request, project_year_id, months):
    """S12: report on a project year in a round, amend it, or read why that can't be done now."""
    row = _row_or_404(request.user, project_year_id, months)
    year = row.project_year.fiscal_year
    # What only a page says is asked for when there is one: a save leads away, and looks again for itself.
    state = SimpleLazyObject(lambda: round_states(request.user.lao, year, timezone.localdate())[months])
    back_url = f"{reverse('report-list')}?year={year}#project-year-{project_year_id}"
    of_form = {"row": row, "months": months, "back_url": back_url}
    conflict, status = None, 200
    if request.method == "POST":
        form = ReportForm(request.POST, **of_form)
        if form.is_valid():
            try:
                saved, conflict = _save(request.user, row, months, form)
            except RefusedError as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                if saved:
                    tell_saved(request, _told(row, months, saved), form.cleaned_data["form_token"])
                    for caution in saved.cautions:
                        messages.warning(request, _told_caution(request.path, row, caution))
                    return redirect(back_url)
                status = 409
    else:
        form = ReportForm(initial=starting_answers(row, months), **of_form) if state.is_open and row.counted else None
    context = _context(row, months, state) | {"form": form, "conflict": conflict, "back_url": back_url}
    return render(request, "reporting/report_form.html", context, status=status)


def _row_or_404(user, project_year_id, months):
    try:
        row = find_row(user, project_year_id)
    except ProjectYear.DoesNotExist:
        raise Http404 from None
    if months not in dict(MONTHS):
        raise Http404
    return row


def _save(user, row, months, form):
    def save(version, answers):
        return save_report(
            by=user,
            project_year_id=row.project_year.pk,
            months=months,
            version=version,
            today=timezone.localdate(),
            answers=answers,
            notes=form.notes,
            token=form.cleaned_data["form_token"],
        )

    try:
        return save_or_ask(save, form)
    except ObjectDoesNotExist:  # deleted since it was found
        raise Http404 from None


def _told(row, months, saved):
    what = f"รายงานรอบ {months} เดือน ปีงบประมาณ {row.project_year.fiscal_year} ของ “{row.project.name}”"
    return f"บันทึก{what} เรียบร้อยแล้ว" if saved.changed else f"{what} ตรงกับที่บันทึกไว้แล้ว"


def _told_caution(address, row, caution):
    words = "“{}” ควรตรวจสอบ: {} <a href='{}'>แก้ไข หรือยืนยันว่าถูกต้อง</a>"
    return format_html(words, row.project.name, caution.words, address)


def _context(row, months, state):
    """All that the page of S12 says around its form."""
    shown = shown_report(row, months)
    return shown | {
        "state": state,
        "from_six": row.reports.get(6) if months == 12 and not shown["report"] else None,
        "trail": trail(("บันทึกรายงานผล", "")),
    }


def trail(*further):
    """The breadcrumbs of the list of reports; `further` pages, each a title and an address, stand behind it."""
    here = (LIST, reverse("report-list"))
    return [("หน้าแรก", reverse("home")), ("การบันทึก/รายงาน", ""), here, *further]
