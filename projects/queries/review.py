"""What an officer reviews: the queue, and what a project said when it was last decided on."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property

from eplan.thai import thai_loose
from lao.models import District, Province
from lao.queries import laos_with
from lao.rules import search_words
from projects.models import AnyOf, Dimension, Plan, Project, ReviewDecision
from projects.queries.history import content_when
from projects.queries.projects import content_of
from projects.rules import LATE_AFTER_DAYS

State = Project.ReviewState
WAITING, NEW, CHANGED, ALL = "WAITING", "NEW", "CHANGED", "ALL"
MOST_WORDS = 6  # of a search; a further word hardly narrows, and each is looked up by itself
ORDERS = {"oldest": ("updated_at", "pk"), "newest": ("-updated_at", "-pk")}
BY_PLACE = "lao"
_PLACE = (
    "lao__district__province__sort_key", "lao__district__sort_key", "lao__sort_key", "lao__code", "period__first_year",
)  # fmt: skip


@dataclass(frozen=True)
class Narrowing:
    """What the queue is narrowed to; the empty value of a field lets everything through.

    `state` is WAITING, NEW, CHANGED (waiting for the first time, or after a decision), ALL, or a `ReviewState`.
    `lao_kind` and `kind` are values of `Lao.Kind` and `Project.Kind`; `late` leaves what has waited too long; `text` is
    looked for in the names of projects and of LAOs, places and codes; `order` is a key of `ORDERS` or `BY_PLACE`.
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


def waiting_count(user):
    """How many projects of `user`'s area wait for a decision."""
    return Project.objects.for_review_by(user).live().filter(review_state=State.SUBMITTED).count()


class Queue:
    """The ids of projects in an order, counted and cut as a Paginator asks for it; `rows_of` gives what a list shows.

    What was searched for is counted up to `count_to`: all that bear a common word would take longer than to list them.
    """

    def __init__(self, projects, order, count_to=None):
        self.projects, self.order, self.count_to = projects.order_by(), order, count_to

    def count(self):
        """How many there are, or `count_to` where there are more."""
        if self.order == BY_PLACE:
            return self._ends[-1] if self._ends else 0
        return self.projects[: self.count_to].count() if self.count_to else self.projects.count()

    def __getitem__(self, piece):
        """The ids of a slice of the order, fetched when they are looked at: a Paginator cuts more than is shown."""
        if self.order == BY_PLACE:
            return SimpleLazyObject(lambda: self._by_place(*piece.indices(self.count())[:2]))
        return self.projects.order_by(*ORDERS[self.order]).values_list("pk", flat=True)[piece]

    def _by_place(self, start, stop):
        """The ids of a slice: only the projects of the plans that it touches are put in order."""
        first = bisect_right(self._ends, start)
        plans = self._plans[first : bisect_left(self._ends, stop) + 1]
        before = self._ends[first - 1] if first else 0
        place = {plan: number for number, plan in enumerate(plans)}
        inside = self.projects.filter(plan__in=plans).values_list("plan", "pk")
        ids = [pk for _, pk in sorted((place[plan], pk) for plan, pk in inside)]
        return ids[start - before : stop - before]

    @cached_property
    def _plans(self):
        """The plans of the projects by the place of their LAO."""
        plans = Plan.objects.filter(AnyOf(F("pk"), list(self._counts)))
        return list(plans.order_by(*_PLACE).values_list("pk", flat=True))

    @cached_property
    def _ends(self):
        """Where the projects of each of the plans end in the order."""
        return list(accumulate(self._counts[plan] for plan in self._plans))

    @cached_property
    def _counts(self):
        return dict(self.projects.values_list("plan").annotate(Count("pk")))


def queue(user, narrowing, count_to=None):
    """The `Queue` of the projects of `user`'s area inside `narrowing`."""
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
        # Looked up first: two lists of projects that indexes know are joined, instead of looking at every project.
        laos = laos_with([word]).visible_to(user).order_by().values("pk")
        plans = list(Plan.objects.filter(lao__in=laos).order_by().values_list("pk", flat=True))
        found = found.filter(Q(loose_name__contains=thai_loose(word)) | Q(plan__in=plans))
    return Queue(found, narrowing.order, count_to if narrowing.text else None)


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
