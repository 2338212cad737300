"""Scores by Excel: the form to fill in, sending it back, what it would change, and the word to save."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eplan.forms import UploadForm, tell_saved
from eplan.workbooks import WorkbookError
from evaluation.actions import RefusedError, publish_rows
from evaluation.exports.template import rows_to_mend_workbook, template
from evaluation.forms import REASON_MISSING, ReasonForm
from evaluation.imports import read_scores, rows_to_mend_of
from evaluation.models import ScoreUpload
from evaluation.queries.entries import laos_of, standings_of
from evaluation.views.choices import OFFICERS, address, period_or_404, province_or_404, trail
from lao.access import for_roles
from lao.excel_forms import confirm_upload, keep_upload, shown_upload
from projects.queries import dimensions_of


@require_safe
@for_roles(*OFFICERS)
def score_template(request):
    """The Excel form of a province, filled with what is known."""
    _, province = province_or_404(request)
    _, period = period_or_404(request)
    standings = standings_of(laos_of(request.user, province), period)
    return template(province, period, dimensions_of(period), standings)


@for_roles(*OFFICERS)
def upload(request):
    """Send a filled form back; it is read and kept, and nothing is saved yet."""
    provinces, province = province_or_404(request)
    periods, period = period_or_404(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading, versions = read_scores(file, by=request.user, province=province, period=period)
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            of = {"province": province, "period": period, "versions": versions}
            kept = keep_upload(ScoreUpload, by=request.user, file_name=file.name, reading=reading, **of)
            return redirect("score-preview", kept.pk)
    context = {
        "trail": [*trail(), ("กรอกด้วย Excel", "")],
        "provinces": provinces,
        "province": province,
        "periods": periods,
        "period": period,
        "form": form,
        "template_url": address("score-template", province, period),
    }
    return render(request, "evaluation/upload.html", context)


@for_roles(*OFFICERS)
def preview(request, upload_id):
    """What a sent file would change and what stops the other rows; POST saves the good ones, once."""
    kept = _upload(request, upload_id)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            token = form.cleaned_data["form_token"]
            save = partial(publish_rows, by=request.user, reason=form.cleaned_data["reason"], token=token)
            done = confirm_upload(ScoreUpload, by=request.user, upload_id=kept.pk, save=save)
        except ScoreUpload.DoesNotExist:  # dropped since it was found
            raise Http404 from None
        except RefusedError:
            form.add_error("reason", REASON_MISSING)
            status = 409
        else:
            tell_saved(request, f"บันทึกผลการประเมินจากไฟล์แล้ว {done.outcome['saved']} อปท.", token)
            return redirect("score-preview", kept.pk)
    shown = shown_upload(
        kept,
        about=f"จังหวัด{kept.province} แผน พ.ศ. {kept.period}",
        upload_url=address("score-upload", kept.province, kept.period),
        list_url=address("score-grid", kept.province, kept.period),
        problems_url=reverse("score-problems", args=[kept.pk]),
        reason_form=form,
    )
    context = {"trail": [*trail(), ("ตรวจไฟล์ก่อนบันทึก", "")], **shown}
    return render(request, "uploads/preview.html", context, status=status)


@require_safe
@for_roles(*OFFICERS)
def problems(request, upload_id):
    """The rows that could not be taken as a form of their own, with the messages in it."""
    kept = _upload(request, upload_id)
    if not kept.bad:
        raise Http404
    dimensions = dimensions_of(kept.period)
    rows = rows_to_mend_of(kept, laos=laos_of(request.user, kept.province), dimensions=dimensions)
    of = {"province": kept.province, "period": kept.period, "dimensions": dimensions}
    return rows_to_mend_workbook(**of, rows=rows, versions=kept.versions)


def _upload(request, upload_id):
    found = ScoreUpload.objects.select_related("province", "period")
    return get_object_or_404(found, pk=upload_id, by=request.user)
