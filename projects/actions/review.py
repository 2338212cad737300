"""What an officer decides about projects. One transaction, and the person behind it is named."""

from django.db.models import F

from lao.audit import acting
from lao.tokens import take_token
from projects.models import Project, ReviewDecision
from projects.queries.review import latest_decisions
from projects.rules import decisions_from, state_after


def decide(*, by, decision, reason, seen, token=None):
    """Take the same `decision`, with its `reason`, on several projects; returns two lists, `(decided, left)`.

    `seen` is a dict of the projects' ids to the versions that the officer `by` looked at. Left alone are projects that
    someone changed, decided on or deleted since, and those in a state that the decision doesn't follow on; they are
    given back as they stand. Sending the same decision again changes nothing; the form's `token` ends its draft.
    Raises `Project.DoesNotExist` when one isn't of the officer's area.
    """
    with acting(by):
        if token:
            take_token(token, by)
        found = Project.objects.for_review_by(by).filter(pk__in=seen).order_by("pk")
        projects = list(found.select_for_update(of=("self",)))  # in one order, so that two officers never deadlock
        if len(projects) != len(seen):
            raise Project.DoesNotExist
        latest = latest_decisions(projects)
        decided, left, again = [], [], []
        for project in projects:
            if _open_to(project, decision, seen[project.pk]):
                decided.append(project)
            elif _said(latest.get(project.pk), by, decision, reason) and project.version == seen[project.pk] + 1:
                again.append(project)
            else:
                left.append(project)
        if decided:
            ids = [project.pk for project in decided]
            Project.objects.filter(pk__in=ids).update(review_state=state_after(decision), version=F("version") + 1)
            ReviewDecision.objects.bulk_create(
                ReviewDecision(project=project, decision=decision, reason=reason, by=by) for project in decided
            )
        return decided + again, left


def _open_to(project, decision, version):
    allowed = decisions_from(project.review_state, deleted=project.deleted_at is not None)
    return project.version == version and decision in allowed


def _said(latest, by, decision, reason):
    """Whether the latest decision is the very one that is sent again."""
    return latest is not None and (latest.by_id, latest.decision, latest.reason) == (by.pk, decision, reason)
