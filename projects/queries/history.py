"""The history of a project: what was changed, and what was decided, when and by whom."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F, Q

from lao.models import AuditEntry, User
from projects import changes
from projects.models import Project, ProjectYear, ReviewDecision
from projects.queries.projects import content_of
from projects.rules import Content

PROJECTS, YEARS, DECISIONS = (model._meta.db_table for model in (Project, ProjectYear, ReviewDecision))


@dataclass(frozen=True)
class Event:
    """One entry of a history: exactly one of `decision`, `before` with `after`, and `marked` is set.

    `marked` is "recorded", "deleted", "restored" or "kept"; `by` is None where nobody of the system did it. `note` is
    what was kept: a doubt about a report, and why the LAO says that the report is right.
    """

    at: datetime
    by: User | None
    decision: ReviewDecision | None = None
    before: Content | None = None
    after: Content | None = None
    marked: str = ""
    note: str = ""


def content_when(decision, project):
    """What `project` said when `decision` was taken on it, as a `Content`.

    The decision's own entry in the trail marks the moment: entries on one project are in the order of its changes,
    which clocks need not be. A decision without an entry was loaded before anything of the project was recorded.
    """
    own = AuditEntry.objects.filter(table_name=DECISIONS, row_id=str(decision.pk)).values_list("pk", flat=True)
    snapshot = _now(project)
    for entry in _trail(project).filter(pk__gt=own.first() or 0):
        snapshot = changes.before(snapshot, _change(entry))
    return snapshot.content


def content_at(project, version):
    """What `project` said as its `version`, a `Content`; None where the trail doesn't reach back so far."""
    snapshot, present = _now(project), project.version
    entries = list(_trail(project))
    made = next((entry for entry in entries if entry.table_name == PROJECTS and entry.before is None), None)
    for entry in entries:
        # The years that were made with the project stand behind it in the trail; those of a later save before it.
        if made and (entry.request_id, entry.actor_id) == (made.request_id, made.actor_id) and entry is not made:
            continue
        of_project = entry.table_name == PROJECTS
        if of_project and (entry.before is None or present == version):
            break
        snapshot = changes.before(snapshot, _change(entry))
        if of_project:
            present = entry.before.get("version", present)
    return snapshot.content if present == version else None


def history_of(project):
    """The `Event`s of `project`, the latest first, down to the recording; a constant number of queries."""
    entries = list(_trail(project))
    decisions = list(project.decisions.select_related("by__province", "by__region"))
    people = User.objects.with_area().in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    events = [Event(decision.at, decision.by, decision=decision) for decision in decisions]
    snapshot = _now(project)
    recorded_by = None
    for (_, actor), found in groupby(entries, key=lambda entry: (entry.request_id, entry.actor_id)):
        group, by, after = list(found), people.get(actor), snapshot
        for entry in group:
            snapshot = changes.before(snapshot, _change(entry))
        if any(entry.table_name == PROJECTS and entry.before is None for entry in group):
            recorded_by = by
        elif snapshot.content != after.content:
            events.append(Event(group[0].at, by, before=snapshot.content, after=after.content))
        events += [Event(entry.at, by, marked=_marked(entry)) for entry in group if _marked(entry)]
    events.append(Event(project.created_at, recorded_by, marked="recorded"))
    events += _kept(project)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _kept(project):
    """What the LAO kept about the project's reports."""
    # `reports__kept` is the way back from a later app's models; nothing of that app is imported here.
    told = ("fiscal_year", "reports__months", "words", "note", "at", "who")
    kept = {name: F(f"reports__kept__{name}") for name in ("words", "note")}
    years = ProjectYear.objects.filter(project=project, reports__kept__isnull=False)
    found = list(years.annotate(**kept, at=F("reports__kept__kept_at"), who=F("reports__kept__by")).values_list(*told))
    people = User.objects.with_area().in_bulk({who for *_, who in found}) if found else {}
    return [
        Event(at, people.get(who), marked="kept", note=f"รอบ {months} เดือน ปี {year}: {words} เพราะ {note}")
        for year, months, words, note, at, who in found
    ]


def _marked(entry):
    """What happened to the project as a whole, "" when nothing did."""
    if entry.table_name != PROJECTS or not entry.after or "deleted_at" not in (entry.before or {}):
        return ""
    return "deleted" if entry.after["deleted_at"] else "restored"


def _now(project):
    years = {str(year.pk): (year.fiscal_year, year.plan_budget) for year in project.years.all()}
    return changes.Snapshot(content_of(project), years)


def _trail(project):
    """The entries of the audit trail on `project` and its years, the latest first; also on years taken out since."""
    named = Q(before__project_id=project.pk) | Q(after__project_id=project.pk)
    told = AuditEntry.objects.filter(named, table_name=YEARS, lao_id=project.plan.lao_id)
    years = {*told.values_list("row_id", flat=True), *(str(year.pk) for year in project.years.all())}
    of_project = Q(table_name=PROJECTS, row_id=str(project.pk))
    return AuditEntry.objects.filter(of_project | Q(table_name=YEARS, row_id__in=years)).order_by("-id")


def _change(entry):
    return changes.Change(entry.table_name == YEARS, entry.row_id, entry.before, entry.after)
