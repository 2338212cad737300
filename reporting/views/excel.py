"""Reports of a round by Excel: the form to fill in, sending it back, what it would save, and the word to save."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from eplan.forms import UploadForm
from eplan.workbooks import WorkbookError
from lao.access import for_roles
from lao.excel_forms import confirm_upload, keep_upload, one_by_one, rows_to_mend, shown_upload
from lao.models import User
from reporting.excel_form import report_form_workbook, rows_to_mend_workbook
from reporting.imports import read_reports, save_row
from reporting.models import MONTHS, ReportUpload
from reporting.queries import choose_year, round_states
from reporting.queries.reports import report_rows
from reporting.views.clerk import trail

PAGE = "กรอกรายงานผลด้วย Excel"


@for_roles(User.Role.LAO)
@require_safe
def report_excel_template(request):
    """The Excel form of a round, filled with what is known."""
    lao = request.user.lao
    _, year, months, _, rows = _round(request)
    if not any(row.counted for row in rows):
        raise Http404
    counted = [row for row in rows if row.counted]
    return report_form_workbook(lao=lao, fiscal_year=year, months=months, rows=counted)


@for_roles(User.Role.LAO)
def report_excel(request):
    """Send a filled form back; it is read and kept, and nothing is saved yet."""
    years, year, months, state, rows = _round(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if state and state.is_open and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = read_reports(file, lao=request.user.lao, fiscal_year=year, months=months, rows=rows)
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            of_round = {"fiscal_year": year, "months": months}
            kept = keep_upload(ReportUpload, by=request.user, file_name=file.name, reading=reading, **of_round)
            return redirect("report-excel-preview", kept.pk)
    context = {
        "trail": trail((PAGE, "")),
        "years": years,
        "year": year,
        "months": months,
        "rounds": MONTHS,
        "state": state,
        "any_rows": any(row.counted for row in rows),
        "form": form,
        "template_url": _address("report-excel-template", year, months),
    }
    return render(request, "reporting/excel.html", context)


@for_roles(User.Role.LAO)
def report_excel_preview(request, upload_id):
    """What a sent file would save, and what stops the other rows; POST saves the good ones, once."""
    kept = _upload(request, upload_id)
    if request.method == "POST":
        rows = report_rows(request.user, request.user.lao, kept.fiscal_year)
        by_key = {row.project_year.pk: row for row in rows}
        save = one_by_one(partial(save_row, by=request.user, rows=by_key, today=timezone.localdate()))
        try:
            done = confirm_upload(ReportUpload, by=request.user, upload_id=kept.pk, save=save)
        except ReportUpload.DoesNotExist:  # dropped since it was found
            raise Http404 from None
        messages.success(request, f"บันทึกรายงานผลจากไฟล์แล้ว {done.outcome['saved']} รายการ")
        return redirect("report-excel-preview", kept.pk)
    upload_url = _address("report-excel", kept.fiscal_year, kept.months)
    shown = shown_upload(
        kept,
        about=f"{request.user.lao} ปีงบประมาณ {kept.fiscal_year} รอบ {kept.months} เดือน",
        upload_url=upload_url,
        list_url=f"{reverse('report-list')}?year={kept.fiscal_year}",
        problems_url=reverse("report-excel-problems", args=[kept.pk]),
    )
    context = {"trail": trail((PAGE, upload_url), ("ตรวจไฟล์ก่อนบันทึก", "")), **shown}
    return render(request, "uploads/preview.html", context)


@for_roles(User.Role.LAO)
@require_safe
def report_excel_problems(request, upload_id):
    """The rows that could not be taken as a form of their own, with the messages in it."""
    kept = _upload(request, upload_id)
    if not kept.bad:
        raise Http404
    of_round = {"fiscal_year": kept.fiscal_year, "months": kept.months}
    return rows_to_mend_workbook(lao=request.user.lao, **of_round, rows=rows_to_mend(kept))


def _round(request):
    """`(years, year, months, state, rows)` of the round that the page is about: ?year= and ?months=, else the open one.

    `year` and `state` are None and there are no rows where no plan has passed.
    """
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        return years, None, 6, None, []
    states = round_states(lao, year, timezone.localdate())
    asked = next((months for months in states if str(months) == request.GET.get("months")), None)
    months = asked or next((months for months, state in states.items() if state.is_open), 6)
    return years, year, months, states[months], report_rows(request.user, lao, year)


def _address(view, year, months):
    return f"{reverse(view)}?{urlencode({'year': year or '', 'months': months})}"


def _upload(request, upload_id):
    return get_object_or_404(ReportUpload, pk=upload_id, by=request.user)
