"""Plan periods as they are set up: years, names of the dimensions, and from where on a result is called what."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, Subquery

from lao.models import Lao
from lao.versions import of_rows
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear
from reporting.models import LevelCutoff, ReportingRound


@dataclass(frozen=True)
class Levels:
    """The levels of one round: cut-offs in per cent, and the words for what is above, between and below them."""

    high: Decimal
    medium: Decimal
    high_name: str
    medium_name: str
    low_name: str


@dataclass(frozen=True)
class Setting:
    """All that is decided about a period; `dimensions` are names in the order of their numbers, `levels` by months."""

    first_year: int
    last_year: int
    dimensions: tuple[str, ...]
    levels: Mapping[int, Levels]

    def as_json(self):
        """All of it in lists and texts."""
        levels = [[months, *map(str, vars(level).values())] for months, level in sorted(self.levels.items())]
        return [self.first_year, self.last_year, *self.dimensions, *levels]


def setting_of(period):
    """The `Setting` of `period` as the database has it."""
    found = period.cutoffs.order_by("months").values_list("months", *Levels.__dataclass_fields__)
    levels = {months: Levels(*values) for months, *values in found}
    dimensions = tuple(period.dimensions.order_by("number").values_list("name", flat=True))
    return Setting(period.first_year, period.last_year, dimensions, levels)


def rows_of_setting(period):
    """The entries of the trail on the rows that the `Setting` of `period` stands in, besides its own, as a `Q`."""
    found = Q(before__period_id=period.pk) | Q(after__period_id=period.pk)
    rows = {
        model: model.objects.filter(period=period).values_list("pk", flat=True) for model in (Dimension, LevelCutoff)
    }
    gone = Q(table_name__in=[model._meta.db_table for model in rows]) & found
    return gone | of_rows(Dimension, rows[Dimension]) | of_rows(LevelCutoff, rows[LevelCutoff])


def usual_setting():
    """What the form of a new period starts with: dimensions and levels of the latest one; None without any."""
    latest = PlanPeriod.objects.order_by("first_year").last()
    return setting_of(latest) if latest else None


def periods_in_use():
    """All periods, the latest first, with how much stands on each: `made`, `passed` (plans), `recorded` (projects not
    deleted) and `rounds` (of two a year, those with dates); their dimensions and cut-offs are prefetched."""
    recorded = Project.objects.live().filter(plan__period=OuterRef("pk")).order_by()
    rounds = ReportingRound.objects.filter(
        fiscal_year__range=(OuterRef("first_year"), OuterRef("last_year"))
    ).order_by()
    return (
        PlanPeriod.objects.annotate(
            made=Count("plans"),
            passed=Count("plans", filter=Q(plans__passed_in__isnull=False)),
            recorded=_counted(recorded, "plan__period"),
            rounds=_counted(rounds.annotate(period=OuterRef("pk")), "period"),
        )
        .prefetch_related("dimensions", "cutoffs")
        .order_by("-first_year")
    )


def _counted(queryset, by):
    return Subquery(queryset.values(by).annotate(n=Count("pk")).values("n"))


def laos_without_plan(period):
    """The LAOs that have no plan of `period` yet."""
    return Lao.objects.exclude(pk__in=Plan.objects.filter(period=period).values("lao"))


def years_in_use(period):
    """`(first, last)`: the fiscal years between which plans of `period` passed or have projects; None where none do."""
    passed = Plan.objects.filter(period=period, passed_in__isnull=False).values_list("passed_in", flat=True)
    years = ProjectYear.objects.filter(project__plan__period=period).order_by().values_list("fiscal_year", flat=True)
    used = {*passed.order_by().distinct(), *years.distinct()}
    return (min(used), max(used)) if used else None


def dimensions_in_use(period):
    """The numbers of the dimensions of `period` that projects name, deleted projects among them, or scores."""
    projects = Project.objects.filter(plan__period=period)
    used = {*projects.order_by().values_list("dimension", flat=True).distinct()}
    for further in projects.exclude(further_dimensions=[]).values_list("further_dimensions", flat=True).distinct():
        used |= set(further)
    # `scores` is the way back from a later app's model; nothing of that app is imported here.
    named = Dimension.objects.filter(period=period).filter(Q(pk__in=used) | Q(scores__isnull=False))
    return set(named.values_list("number", flat=True))
