"""Copying projects from another period, or giving those of the same plan further years, with a preview first."""

from django.contrib import messages
from django.shortcuts import redirect, render

from eplan.forms import tell_saved
from eplan.thai import arabic_digits
from lao.access import for_roles
from lao.excel_forms import keep_upload
from projects import queries
from projects.forms.copying import SAME, CopyForm
from projects.imports import COPIED, read_copies
from projects.models import ProjectUpload
from projects.views.choices import into_plan, with_plan

LIST, PAGE = "แก้ไขโครงการ/กิจกรรม", "คัดลอกโครงการจากปีหรือแผนอื่น"


@for_roles("LAO")
@into_plan(LIST, name=PAGE)
def project_copy(request, plan, context):
    """Choose a source, projects, years; what would be copied is shown, and nothing is saved yet."""
    source = _source(request, context["plans"], plan)
    projects = queries.copiable_projects_of(source)
    address = with_plan("project-copy", plan, **{"from": source.pk})
    form = CopyForm(request.POST or None, source=source, target=plan, projects=projects, address=address)
    if form.is_valid():
        reading = read_copies(
            form.chosen(),
            source=source,
            target=plan,
            dimensions=queries.dimensions_of(plan.period),
            years=form.cleaned_data["years"],
            with_budget=form.cleaned_data["budget"] == SAME,
        )
        about = {"file_name": f"แผน พ.ศ. {source.period}", "plan": plan, "source": ProjectUpload.Source.COPY}
        kept = keep_upload(ProjectUpload, by=request.user, reading=reading, **about)
        told = f"เตรียม{COPIED}แล้ว ยังไม่ได้บันทึก กรุณาตรวจแล้วกดยืนยัน"
        tell_saved(request, told, form.cleaned_data["form_token"], level=messages.INFO)
        return redirect("project-excel-preview", kept.pk)
    return render(request, "projects/copy.html", {**context, "source": source, "form": form})


def _source(request, plans, plan):
    """The plan that ?from= names, else the latest before `plan`, else `plan` itself: it may be given further years."""
    asked = arabic_digits(request.GET.get("from", "")).strip()
    chosen = next((one for one in plans if str(one.pk) == asked), None)
    earlier = [one for one in plans if one.period.first_year < plan.period.first_year]
    return chosen or next(reversed(earlier), plan)
