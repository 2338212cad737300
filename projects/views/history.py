"""The history of a project, for its clerk on a page of its own and for officers beside the project."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from projects import queries
from projects.forms import differences
from projects.models import Project
from projects.queries.history import history_of

MARKED = {"recorded": "บันทึกโครงการ", "deleted": "ลบโครงการ", "restored": "กู้คืนโครงการที่ลบ", "kept": "ยืนยันว่ารายงานถูกต้อง"}


@for_roles("LAO")
def project_history(request, project_id):
    """What became of a project of the clerk's own, deleted or not."""
    related = ("dimension", "plan__period", "plan__lao")
    projects = Project.objects.visible_to(request.user).select_related(*related).prefetch_related("years")
    project = projects.filter(pk=project_id).first()
    if not project:
        raise Http404
    trail = [
        ("หน้าแรก", reverse("home")),
        ("การบันทึก/รายงาน", ""),
        ("แก้ไขโครงการ/กิจกรรม", f"{reverse('project-list')}?plan={project.plan_id}"),
        (project.name, reverse("project-edit", args=[project.pk])),
        ("ประวัติ", ""),
    ]
    context = {"trail": trail, "project": project, "history": history_in_words(project, request.user)}
    return render(request, "projects/project_history.html", context)


def history_in_words(project, reader):
    """The history of `project` for templates: dicts of `at`, `who`, `what`, `reason` and `changes`, latest first.

    A clerk reads the office behind a decision, an officer also the person.
    """
    dimensions = queries.dimensions_of(project.plan.period)
    return [
        {
            "at": thai_datetime(event.at),
            "who": who(event.by, reader),
            "what": event.decision.get_decision_display() if event.decision else MARKED.get(event.marked, "แก้ไขข้อมูล"),
            "reason": event.decision.reason if event.decision else event.note,
            "changes": differences(event.before, event.after, dimensions) if event.before else [],
        }
        for event in history_of(project)
    ]


def who(person, reader):
    """Whom `reader` is told of: the office, and for officers the name of an officer too; "" for nobody."""
    if person is None:
        return ""
    if reader.is_clerk or person.is_clerk or not person.name:
        return person.office
    return f"{person.name} ({person.office})"
