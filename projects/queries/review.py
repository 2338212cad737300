"""What an officer reviews: the queue, and what a project said when it was last decided on."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lao.models import District, Province
from lao.queries import laos_with
from lao.rules import search_words
from projects.models import Dimension, Project, ReviewDecision
from projects.queries.history import content_when
from projects.queries.projects import content_of
from projects.rules import LATE_AFTER_DAYS

State = Project.ReviewState
WAITING, NEW, CHANGED, ALL = "WAITING", "NEW", "CHANGED", "ALL"
MOST_WORDS = 6  # of a search; a further word hardly narrows, and each is looked up by itself
ORDERS = {
    "oldest": ("updated_at", "pk"),
    "newest": ("-updated_at", "-pk"),
    "lao": (
        "plan__lao__district__province__sort_key",
        "plan__lao__district__sort_key",
        "plan__lao__sort_key",
        "plan__lao__code",
        "pk",
    ),
}


@dataclass(frozen=True)
class Narrowing:
    """What the queue is narrowed to; the empty value of a field lets everything through.

    `state` is WAITING, NEW, CHANGED (waiting for the first time, or after a decision), ALL, or a `ReviewState`.
    `lao_kind` and `kind` are values of `Lao.Kind` and `Project.Kind`; `late` leaves what has waited too long; `text` is
    looked for in the names of projects and of LAOs, places and codes; `order` is a key of `ORDERS`.
    """

    state: str = WAITING
    province: str = ""
    district: int | None = None
    lao_kind: str = ""
    dimension: int | None = None
    kind: str = ""
    late: bool = False
    text: str = ""
    order: str = "oldest"


def waiting_for(user):
    """All projects of `user`'s area that wait for a decision, in no order."""
    return Project.objects.for_review_by(user).live().filter(review_state=State.SUBMITTED)


def queue(user, narrowing):
    """The projects of `user`'s area inside `narrowing`, in its order; `rows_of` gives what a list shows of them."""
    found = Project.objects.for_review_by(user).live().filter(_in_state(narrowing.state))
    wanted = {
        "plan__lao__district__province": narrowing.province,
        "plan__lao__district": narrowing.district,
        "plan__lao__kind": narrowing.lao_kind,
        "dimension__number": narrowing.dimension,
        "kind": narrowing.kind,
    }
    found = found.filter(**{path: value for path, value in wanted.items() if value})
    if narrowing.late:
        found = found.filter(review_state=State.SUBMITTED, updated_at__lt=late_before())
    for word in search_words(narrowing.text)[:MOST_WORDS]:
        # Only Latin letters have a case, and folding Thai text costs four times the search.
        in_name = Q(name__icontains=word) if any(map(str.isascii, word)) else Q(name__contains=word)
        # Looked up first: inside the query, PostgreSQL may look the LAOs up again for every project.
        laos = list(laos_with([word]).visible_to(user).values_list("pk", flat=True))
        found = found.filter(in_name | Q(plan__lao__in=laos))
    return found.order_by(*ORDERS[narrowing.order])


def rows_of(project_ids):
    """The projects of those ids, in that order, with LAO and place, and whether ever `decided` on.

    A list sorts and cuts ids alone: sorting whole projects of the nation took three times as long.
    """
    related = ("dimension", "plan__lao__district__province")
    found = Project.objects.filter(pk__in=project_ids).select_related(*related).annotate(decided=_DECIDED)
    projects = {project.pk: project for project in found}
    return [projects[project_id] for project_id in project_ids if project_id in projects]


_DECIDED = Exists(ReviewDecision.objects.filter(project=OuterRef("pk")))


def _in_state(state):
    if state == ALL:
        return Q()
    if state in (NEW, CHANGED):
        return Q(_DECIDED if state == CHANGED else ~_DECIDED, review_state=State.SUBMITTED)
    return Q(review_state=State.SUBMITTED if state == WAITING else state)


def late_before():
    """The moment before which a project that still waits was submitted too long ago."""
    return timezone.now() - timedelta(days=LATE_AFTER_DAYS)


def places_of(user, province):
    """The provinces that `user` may choose from, and the districts of the one chosen (a code) or of the only one."""
    provinces = list(Province.objects.visible_to(user))
    chosen = provinces[0].pk if len(provinces) == 1 else province
    districts = list(District.objects.visible_to(user).filter(province=chosen)) if chosen else []
    return provinces, districts


def dimension_numbers():
    """The numbers of dimensions over all periods, ascending."""
    return sorted(set(Dimension.objects.values_list("number", flat=True)))


def find_to_review(user, project_id):
    """The project `project_id` of `user`'s area with all that its review shows. Raises `Project.DoesNotExist`."""
    related = ("dimension", "plan__period", "plan__lao__district__province")
    return Project.objects.for_review_by(user).select_related(*related).prefetch_related("years").get(pk=project_id)


def latest_decisions(projects):
    """The latest `ReviewDecision` on each of `projects`, with who took it, by the project's id."""
    decisions = ReviewDecision.objects.filter(project__in=projects).order_by("project_id", "-at", "-id")
    found = decisions.distinct("project_id").select_related("by__province", "by__region")
    return {decision.project_id: decision for decision in found}


def content_when_decided(project, decision):
    """What `project` said at its latest `decision`, as a `Content`; None when it says the same now, or without one."""
    if decision is None:
        return None
    then = content_when(decision, project)
    return None if then == content_of(project) else then
