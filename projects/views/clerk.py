"""The pages on which a clerk records, amends, deletes and restores projects (SPEC S6 to S10)."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from eplan.forms import tell_saved
from eplan.thai import arabic_digits
from lao.access import for_roles
from lao.drafts import discard_draft
from lao.tokens import is_taken
from projects import queries
from projects.actions import (
    AlreadyRecordedError,
    NotChangeableError,
    YearsOutsidePlanError,
    YearsReportedError,
    amend_project,
    delete_project,
    record_project,
    restore_project,
)
from projects.exports import projects_workbook
from projects.forms import (
    ProjectForm,
    amending_buttons,
    budget_in_words,
    in_words,
    initial_of,
    recording_buttons,
)
from projects.models import Project
from projects.rules import may_change
from projects.views.choices import into_plan, plans_and_plan, trail, with_plan
from projects.views.meeting import save_or_ask
from projects.wording import why_years_are_refused, why_years_stay


@for_roles("LAO")
def project_list(request):
    """S7: the projects of a plan, each with its pencil and its bin."""
    plans, plan = plans_and_plan(request)
    projects = list(queries.projects_of(plan)) if plan else []
    return render(
        request,
        "projects/project_list.html",
        {
            "trail": trail("แก้ไขโครงการ/กิจกรรม"),
            "plans": plans,
            "plan": plan,
            "new_url": with_plan("project-new", plan) if plan else "",
            "rows": [_row(project, plan) for project in projects],
            "recorded": sum(not project.is_rejected for project in projects),
            "rejected": sum(project.is_rejected for project in projects),
            "just_deleted": _just_deleted(request),
            "deleted_count": queries.deleted_projects_of(plan).count() if plan else 0,
        },
    )


@for_roles("LAO")
def project_export(request):
    """The whole list as an Excel file."""
    _, plan = plans_and_plan(request)
    if not plan:
        raise Http404
    return projects_workbook(
        lao=request.user.lao, plan=plan, projects=queries.projects_of(plan), made_at=timezone.now()
    )


@for_roles("LAO")
@into_plan("บันทึกโครงการ/กิจกรรม")
def project_new(request, plan, context):
    """S6: record a project; it goes on to the home page or to the next blank form."""
    here = with_plan("project-new", plan)
    form = _form(request, plan, address=here, buttons=recording_buttons(clear_url=here))
    if request.method == "POST" and form.is_valid() and not _shown_alike(request, form, plan, context):
        try:
            project = record_project(
                by=request.user, token=form.cleaned_data["form_token"], plan=plan, content=form.content()
            )
        except AlreadyRecordedError as refusal:
            form.data = form.data.copy()
            form.data["form_token"] = uuid.uuid4()
            form.data["alike_seen"] = f"{form.data.get('alike_seen', '')},{refusal.project.pk}"
            context["recorded_before"] = refusal.project
        except YearsOutsidePlanError as refusal:
            form.add_error("years", why_years_are_refused(refusal.years))
        else:
            tell_saved(request, f"บันทึก “{project.name}” เรียบร้อยแล้ว", form.cleaned_data["form_token"])
            return redirect(here if request.POST.get("then") == "next" else "home")
    return render(request, "projects/project_form.html", {**context, "form": form})


@for_roles("LAO")
def project_edit(request, project_id):
    """S8: amend a project; a rejected or deleted one is only shown."""
    project = _project(request, project_id)
    plan = project.plan
    dimensions = queries.dimensions_of(plan.period)
    context = {"trail": trail("แก้ไขโครงการ/กิจกรรม", name=project.name), "plan": plan, "project": project}
    if request.method != "POST" and not may_change(project.review_state, deleted=project.deleted_at is not None):
        facts = in_words(queries.content_of(project), dimensions)
        return render(
            request,
            "projects/project_locked.html",
            {**context, "facts": facts, "officer_reason": queries.officer_reason(project)},
        )
    here = reverse("project-edit", args=[project.pk])
    stored = {} if "blank" in request.GET else initial_of(queries.content_of(project), project.version)
    buttons = amending_buttons(clear_url=f"{here}?blank=1", back_url=with_plan("project-list", plan))
    form = _form(
        request, plan, initial={"version": project.version, **stored}, address=here, buttons=buttons, project=project
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        told, further = _amend(request.user, project, form, dimensions)
        if told:
            tell_saved(request, told, form.cleaned_data["form_token"])
            return redirect(with_plan("project-list", plan))
        context |= further
        status = 409 if further else 200
    context["officer_reason"] = queries.officer_reason(project) if project.review_state == "RETURNED" else ""
    return render(request, "projects/project_form.html", {**context, "form": form}, status=status)


@for_roles("LAO")
def project_delete(request, project_id):
    """S9: ask, then delete; the list offers the way back."""
    project = _project(request, project_id)
    back = with_plan("project-list", project.plan)
    if request.method == "POST":
        try:
            delete_project(by=request.user, project_id=project.pk)
        except NotChangeableError:
            messages.error(request, f"“{project.name}” ถูกปฏิเสธโดยเจ้าหน้าที่ จึงลบไม่ได้")
            return redirect(back)
        return redirect(with_plan("project-list", project.plan, deleted=project.pk))
    if not may_change(project.review_state, deleted=project.deleted_at is not None):
        return redirect("project-edit", project.pk)
    kept = sum(len(months) for months in queries.reported_rounds(project).values())
    return render(
        request,
        "projects/project_delete.html",
        {
            "trail": trail("แก้ไขโครงการ/กิจกรรม", name=project.name),
            "project": project,
            "detail": _what_deleting_keeps(project, kept),
            "back": back,
        },
    )


@for_roles("LAO")
def project_restore(request, project_id):
    """Bring a deleted project back; an address that is only looked at leads to the deleted ones."""
    project = _project(request, project_id)
    if request.method == "POST":
        restore_project(by=request.user, project_id=project.pk)
        messages.success(request, f"กู้คืน “{project.name}” เรียบร้อยแล้ว พร้อมข้อมูลและรายงานผลทั้งหมด")
        return redirect(with_plan("project-list", project.plan))
    return redirect(with_plan("project-deleted", project.plan))


@for_roles("LAO")
def project_deleted(request):
    """The deleted projects of a plan, each with its way back."""
    plans, plan = plans_and_plan(request)
    return render(
        request,
        "projects/project_deleted.html",
        {
            "trail": trail("แก้ไขโครงการ/กิจกรรม", name="รายการที่ลบ"),
            "plans": plans,
            "plan": plan,
            "projects": queries.deleted_projects_of(plan) if plan else [],
        },
    )


def _shown_alike(request, form, plan, context):
    """Whether projects of a like name are to be shown first: those that this form has not been shown with before.

    A form that was saved already is not asked about what it made itself.
    """
    if is_taken(form.cleaned_data["form_token"], request.user):
        return False
    alike = queries.names_of(plan).alike(form.cleaned_data["name"])
    keys = {str(one.key) for one in alike}
    if keys <= set((form.cleaned_data["alike_seen"] or "").split(",")):
        return False
    context["alike"] = alike
    form.data = form.data.copy()
    form.data["alike_seen"] = ",".join(sorted(keys))
    return True


def _amend(user, project, form, dimensions):
    """`(told, further)`: what to say of a save that is settled, or "" and what the page shows besides its errors."""

    def save(version, content):
        return amend_project(
            by=user, project_id=project.pk, version=version, content=content, token=form.cleaned_data["form_token"]
        )

    try:
        saved, conflict = save_or_ask(save, form, dimensions)
    except YearsReportedError as refusal:
        form.add_error("years", why_years_stay(refusal.rounds))
        return "", {}
    except YearsOutsidePlanError as refusal:
        form.add_error("years", why_years_are_refused(refusal.years))
        return "", {}
    except NotChangeableError as refusal:
        return "", {"locked_by_now": refusal.project}
    if conflict:
        return "", {"conflict": conflict}
    if saved:
        return f"บันทึกการแก้ไข “{saved.name}” เรียบร้อยแล้ว", {}
    discard_draft(by=user, token=form.cleaned_data["form_token"])
    return f"ไม่ได้บันทึกการแก้ไข “{project.name}” ผลการตรวจของเจ้าหน้าที่คงเดิม", {}


def _project(request, project_id):
    projects = Project.objects.visible_to(request.user).select_related("plan__period", "dimension")
    return get_object_or_404(projects, pk=project_id)


def _just_deleted(request):
    """The deleted project that ?deleted= names, so that the list can offer to bring it back; None for anything else."""
    asked = arabic_digits(request.GET.get("deleted", "")).strip()
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return Project.objects.visible_to(request.user).deleted().filter(pk=int(asked)).first()


def _form(request, plan, **kwargs):
    data = request.POST if request.method == "POST" else None
    return ProjectForm(data, plan=plan, dimensions=queries.dimensions_of(plan.period), **kwargs)


def _row(project, plan):
    """What the list shows of one project."""
    budgets = queries.budgets_of(project)
    return {
        "project": project,
        "kind": project.get_kind_display(),
        "budget": budget_in_words(budgets),
        "years": [(year, year in budgets) for year in plan.period.years],
        "may_change": may_change(project.review_state, deleted=False),
        "returned": project.review_state == Project.ReviewState.RETURNED,
    }


def _what_deleting_keeps(project, reports):
    kept = f"โดยเก็บรายงานผลการดำเนินงาน {reports} รายงานไว้ครบ และ" if reports else "และ"
    return f"“{project.name}” จะย้ายไปอยู่ในรายการที่ลบ {kept}กู้คืนได้ภายหลัง"
