"""Search by any part of a name, place, project or code, forgiving of tone marks, and never slow.

At most `MOST` projects are found for one search: the first that fit, by an index, and only these are ranked. A word
without three letters in a row is in no index of parts, so it is looked for where names begin.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef, Q, Subquery

from eplan.thai import clean_line, thai_key, thai_loose
from lao.models import District, Lao, Province
from lao.queries import find_laos, laos_by_word
from lao.rules import search_words
from projects.models import Plan, Project, ProjectYear
from reporting.models import ProgressReport

MOST = 500
MOST_WORDS = 5
LONGEST = 200  # letters of a search; nobody types more
NOT_REPORTED = "NONE"
_IN_THE_INDEX = re.compile(r"(?:(?!_)[\w\u0e31\u0e34-\u0e39]){3}")


@dataclass(frozen=True)
class Search:
    """What is looked for: `text` as typed, and what it is narrowed to; the empty value of a field lets all through.

    `kind` is a value of `Lao.Kind`, `dimension` a number; `status` a `ProgressReport.Status` or `NOT_REPORTED`, of the
    latest report of `year` or of any year.
    """

    text: str = ""
    province: str = ""
    kind: str = ""
    year: int | None = None
    dimension: int | None = None
    status: str = ""

    @property
    def words(self) -> list[str]:
        """The words as the register writes them."""
        return search_words(self.text)[:MOST_WORDS]

    @property
    def narrows_projects(self) -> bool:
        """Whether it is narrowed to something that only a project has."""
        return bool(self.year or self.dimension or self.status)

    @property
    def asks(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.words or self.province or self.kind or self.narrows_projects)


def found_laos(search):
    """The LAOs that fit, best first, one more than `MOST_FOUND` where there are more; none where projects are asked."""
    if search.narrows_projects or not search.words:
        return []
    places = {"district__province": search.province, "kind": search.kind}
    return find_laos(" ".join(search.words), **{path: value for path, value in places.items() if value})


def found_projects(search):
    """The keys of the published projects that fit, best first, at most `MOST` + 1.

    First those whose name begins as the text does, then those that have the words side by side, then the others; in
    Thai order within.
    """
    if not search.asks:
        return []
    projects = _narrowed(search)
    words = [thai_loose(word) for word in search.words]
    phrase = thai_loose(" ".join(clean_line(search.text).split()))
    found = {}
    if words:
        found |= _first(projects.filter(loose_name__startswith=phrase))
    if not words:
        found = _first(projects)
    elif len(found) <= MOST and any(map(_IN_THE_INDEX.search, words)):
        found |= _first(projects.filter(_with_words(search.words)))

    def rank(key):
        loose = thai_loose(found[key])
        return 0 if loose.startswith(phrase) else 1 if phrase in loose else 2

    return sorted(found, key=lambda key: (rank(key), thai_key(found[key]), key))[: MOST + 1]


def _first(projects):
    """Name by key of the first of `projects` that the database comes upon, at most `MOST` + 1."""
    return dict(projects.order_by().values_list("pk", "name")[: MOST + 1])


def _with_words(words):
    """Each of several words is in the project's name or in what its LAO is called, and one at least in the name."""
    in_name = [Q(loose_name__contains=thai_loose(word)) for word in words]
    if len(words) == 1:
        return in_name[0]
    places = laos_by_word(words)
    plans = _plans_by_lao(set().union(*places))
    wanted = [
        (name, Q(plan__in=[plan for lao in laos for plan in plans.get(lao, ())]) if laos else None)
        for name, laos in zip(in_name, places, strict=True)
    ]
    only_names = [name for name, place in wanted if place is None]
    # Said apart from the rest, because it is what an index can find.
    by_name = reduce(and_, only_names) if only_names else reduce(or_, in_name)
    return reduce(and_, [name | place for name, place in wanted if place is not None], by_name)


def _plans_by_lao(laos: Collection[int]):
    """The keys of the plans of each LAO."""
    plans: dict[int, list[int]] = {}
    for lao, plan in Plan.objects.filter(lao__in=laos).order_by().values_list("lao", "pk"):
        plans.setdefault(lao, []).append(plan)
    return plans


def _narrowed(search):
    """The published projects inside what the search is narrowed to."""
    wanted = {
        "plan__lao__district__province": search.province,
        "plan__lao__kind": search.kind,
        "dimension__number": search.dimension,
    }
    projects = Project.objects.published().live()
    projects = projects.filter(**{path: value for path, value in wanted.items() if value})
    if search.year or search.status:
        projects = projects.filter(Exists(_years(search)))
    return projects


def _years(search):
    """The years of a project that are asked for."""
    years = ProjectYear.objects.filter(project=OuterRef("pk"))
    if search.year:
        years = years.filter(fiscal_year=search.year)
    if not search.status:
        return years
    latest = ProgressReport.objects.filter(project_year=OuterRef("pk")).order_by("-months").values("status")[:1]
    years = years.annotate(latest=Subquery(latest))
    if search.status == NOT_REPORTED:
        return years.filter(latest__isnull=True)
    return years.filter(latest=search.status)


def projects_by_key(keys):
    """The published projects under `keys`, in that order, with years, dimension, LAO and place. Two queries."""
    related = ("dimension", "plan__lao__district__province")
    projects = Project.objects.published().live().select_related(*related).prefetch_related("years").in_bulk(keys)
    return [projects[key] for key in keys if key in projects]


def provinces_with(search, provinces):
    """Those of `provinces` that have a word of the text in their name."""
    words = [thai_loose(word.removeprefix("จังหวัด")) for word in search.words]
    return [place for place in provinces if any(word and word in place.loose_name for word in words)]


def names_like(text):
    """Up to five names of LAOs, districts and provinces that look like `text`, the likest first. Three queries."""
    loose = thai_loose(clean_line(text))[:LONGEST]
    found = {}
    for model in (Lao, District, Province):
        alike = model.objects.filter(loose_name__trigram_similar=loose).order_by()
        alike = alike.annotate(alike=TrigramSimilarity("loose_name", loose))
        for name, degree in alike.order_by("-alike").values_list("name", "alike")[:5]:
            found[name] = max(degree, found.get(name, 0))
    return sorted(found, key=lambda name: (-found[name], thai_key(name)))[:5]
