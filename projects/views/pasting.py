"""A plan pasted from Word or Excel: its columns are found or put right, and it goes on to the preview of Excel."""

from django.contrib import messages
from django.shortcuts import redirect, render

from eplan.forms import tell_saved
from lao.access import for_roles
from lao.excel_forms import keep_upload
from projects import queries
from projects.forms.pasting import ColumnsForm, PasteForm
from projects.imports import PASTED, read_pasted
from projects.models import ProjectUpload
from projects.pasting import Defaults, PastedShape, where
from projects.views.choices import into_plan, with_plan

LIST, PAGE = "แก้ไขโครงการ/กิจกรรม", "วางโครงการจาก Word หรือ Excel"


@for_roles("LAO")
@into_plan(LIST, name=PAGE)
def project_paste(request, plan, context):
    """Paste a plan; it is read and kept, and nothing is saved yet."""
    shape = PastedShape(plan, queries.dimensions_of(plan.period))
    form = PasteForm(request.POST or None, shape=shape, address=with_plan("project-paste", plan))
    columns = None
    if form.is_valid():
        guess = form.pasted.columns()
        corrected = request.POST.get("width") == str(form.pasted.width)
        columns = ColumnsForm(request.POST if corrected else None, pasted=form.pasted, guess=guess)
        if corrected and columns.is_valid():
            return _keep(request, form, columns.columns(), columns.defaults())
        if not corrected and guess.sure and not form.cleaned_data["ask"]:
            return _keep(request, form, guess, Defaults())
    return render(request, "projects/paste.html", {**context, "form": form, "columns": columns})


def _keep(request, form, columns, defaults):
    plan = form.shape.plan
    reading = read_pasted(form.pasted, columns, defaults)
    source = ProjectUpload.Source.PASTE
    kept = keep_upload(ProjectUpload, by=request.user, file_name=PASTED, reading=reading, plan=plan, source=source)
    told = "อ่านข้อความที่วางแล้ว ยังไม่ได้บันทึกเป็นโครงการ กรุณาตรวจแล้วกดยืนยัน"
    passed_over = where(form.pasted.passed_over)
    if passed_over:
        told = f"{told} (ไม่นับเป็นโครงการ: {passed_over})"
    tell_saved(request, told, form.cleaned_data["form_token"], level=messages.INFO)
    return redirect("project-excel-preview", kept.pk)
