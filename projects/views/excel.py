"""Projects by Excel: the form to fill in, sending it back, what it would add and change, and the word to save."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eplan.forms import UploadForm
from eplan.workbooks import WorkbookError
from lao.access import for_roles
from lao.excel_forms import confirm_upload, keep_upload, one_by_one, rows_to_mend, shown_upload
from projects import queries
from projects.excel_form import project_form_workbook, rows_to_mend_workbook
from projects.imports import read_projects, save_project
from projects.models import ProjectUpload
from projects.rules import may_change
from projects.views.choices import into_plan, plans_and_plan, trail, with_plan

# The page on which each kind was sent.
SENT_ON = {"EXCEL": "project-excel", "PASTE": "project-paste", "COPY": "project-copy"}
LIST, PAGE = "แก้ไขโครงการ/กิจกรรม", "กรอกโครงการด้วย Excel"


@for_roles("LAO")
@require_safe
def project_excel_template(request):
    """The Excel form of a plan, filled with the projects that may be changed."""
    _, plan = plans_and_plan(request)
    if not plan or not plan.years:
        raise Http404
    projects = [p for p in queries.projects_of(plan) if may_change(p.review_state, deleted=False)]
    dimensions = queries.dimensions_of(plan.period)
    return project_form_workbook(lao=request.user.lao, plan=plan, dimensions=dimensions, projects=projects)


@for_roles("LAO")
@into_plan(LIST, name=PAGE)
def project_excel(request, plan, context):
    """Send a filled form back; it is read and kept, and nothing is saved yet."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = read_projects(
                file, lao=request.user.lao, plan=plan, dimensions=queries.dimensions_of(plan.period)
            )
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            kept = keep_upload(ProjectUpload, by=request.user, file_name=file.name, reading=reading, plan=plan)
            return redirect("project-excel-preview", kept.pk)
    context |= {"form": form, "template_url": with_plan("project-excel-template", plan)}
    return render(request, "projects/excel.html", context)


@for_roles("LAO")
def project_excel_preview(request, upload_id):
    """What a sent file would add and change, and what stops the other rows; POST saves the good ones, once."""
    kept = _upload(request, upload_id)
    what = kept.get_source_display()
    if request.method == "POST":
        save_row = partial(save_project, by=request.user, dimensions=queries.dimensions_of(kept.plan.period))
        save = one_by_one(save_row)
        try:
            ticked = request.POST.getlist("also")
            done = confirm_upload(ProjectUpload, by=request.user, upload_id=kept.pk, save=save, ticked=ticked)
        except ProjectUpload.DoesNotExist:  # dropped since it was found
            raise Http404 from None
        messages.success(request, f"บันทึกโครงการจาก{what}แล้ว {done.outcome['saved']} รายการ")
        return redirect("project-excel-preview", kept.pk)
    shown = shown_upload(
        kept,
        what=what,
        about=f"{request.user.lao} แผน พ.ศ. {kept.plan.period}",
        upload_url=with_plan(SENT_ON[kept.source], kept.plan),
        list_url=with_plan("project-list", kept.plan),
        problems_url=reverse("project-excel-problems", args=[kept.pk]),
    )
    context = {"trail": trail(LIST, name=f"ตรวจ{what}ก่อนบันทึก"), **shown}
    return render(request, "uploads/preview.html", context)


@for_roles("LAO")
@require_safe
def project_excel_problems(request, upload_id):
    """The rows that could not be taken as a form of their own, with the messages in it."""
    kept = _upload(request, upload_id)
    if not kept.bad:
        raise Http404
    dimensions = queries.dimensions_of(kept.plan.period)
    return rows_to_mend_workbook(lao=request.user.lao, plan=kept.plan, dimensions=dimensions, rows=rows_to_mend(kept))


def _upload(request, upload_id):
    return get_object_or_404(ProjectUpload.objects.select_related("plan__period"), pk=upload_id, by=request.user)
