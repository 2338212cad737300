"""What central officers read of rounds and extensions."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from projects.models import PlanPeriod
from reporting.models import Extension, ProgressReport, ReportingRound, Tally


@dataclass(frozen=True)
class RoundFacts:
    """What the dates of a round bear on: LAOs with projects in its year and those of them that still owe a report, the
    reports saved, and the extensions by their last day."""

    laos: int
    owing: int
    reports: int
    extensions: list


def all_rounds():
    """Every round, the latest first, with `extended`, the number of its extensions. One query."""
    return ReportingRound.objects.annotate(extended=Count("extensions")).order_by("-fiscal_year", "-months")


def plan_years():
    """The fiscal years of all plan periods, ascending."""
    return sorted({year for period in PlanPeriod.objects.all() for year in period.years})


def facts_of(fiscal_year, months) -> RoundFacts:
    """The `RoundFacts` of a round, whether it has dates or not. Three queries."""
    by_lao = Tally.objects.filter(fiscal_year=fiscal_year, months=months).values("lao")
    pooled = by_lao.annotate(n=Sum("projects"), done=Sum("settled")).aggregate(
        laos=Count("lao"), owing=Count("lao", filter=Q(done__lt=F("n")))
    )
    extensions = Extension.objects.filter(reporting_round__fiscal_year=fiscal_year, reporting_round__months=months)
    reports = ProgressReport.objects.filter(project_year__fiscal_year=fiscal_year, months=months)
    return RoundFacts(**pooled, reports=reports.count(), extensions=list(extensions.values_list("until", flat=True)))


def extensions_for(user):
    """The extensions that `user` may see, with round and place, the latest round and the last to end first."""
    return (
        Extension.objects.visible_to(user)
        .select_related("reporting_round", "lao__district__province", "province")
        .order_by("-reporting_round__fiscal_year", "-reporting_round__months", "-until", "-pk")
    )
