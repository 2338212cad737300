"""Reporting rounds as an LAO meets them, its extensions included."""

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from eplan.fiscal import parse_year
from eplan.written import written_once
from projects.queries import years_of
from reporting.models import MONTHS, Extension, ReportingRound
from reporting.rounds import best_year, state_of


def round_states(lao, fiscal_year, today):
    """The state of both rounds of a year for `lao` on `today`: {6: RoundState, 12: RoundState}. One query."""
    known = {months: _state(fiscal_year, months, today) for months, _ in MONTHS}
    rounds = _rounds(lao.pk, lao.district.province_id, fiscal_year=fiscal_year)
    return known | {months: _state(year, months, today, *facts) for year, months, *facts in rounds}


def all_round_states(lao, today):
    """The state for `lao` on `today` of every round that has dates: {(fiscal year, months): RoundState}. One query."""
    rounds = _rounds(lao.pk, lao.district.province_id)
    return {(year, months): _state(year, months, today, *facts) for year, months, *facts in rounds}


@written_once
def _rounds(lao, province, **narrowed):
    found = _with_until(lao, province).filter(**narrowed)
    return found.values_list("fiscal_year", "months", "opens_on", "closes_on", "until", "reason")


def default_year(lao):
    """The fiscal year that the clerk's pages begin with: the latest with a round open today, extensions included; else
    the latest that is not in the future; else the last. None while no plan has passed."""
    today = timezone.localdate()
    in_time = Q(closes_on__gte=today) | Q(until__gte=today)
    rounds = _with_until(lao.pk, lao.district.province_id)
    opened = rounds.filter(in_time, opens_on__lte=today).values_list("fiscal_year", flat=True)
    return best_year(years_of(lao), with_open_round=opened, today=today)


def choose_year(text, lao):
    """`(years, year)`: the years that `lao` may choose, and the one that `text`, a GET parameter, asks for.

    What is not one of them falls back on `default_year`.
    """
    years = years_of(lao)
    wanted = parse_year(text)
    return years, wanted if wanted in years else default_year(lao)


def _with_until(lao, province):
    """Rounds, each with the last day `until` of the longest extension for the LAO or its province, by their keys, and
    its `reason`; both None without one."""
    for_lao = Q(lao=lao) | Q(province=province)
    longest = Extension.objects.filter(for_lao, reporting_round=OuterRef("pk")).order_by("-until", "-pk")
    return ReportingRound.objects.annotate(
        until=Subquery(longest.values("until")[:1]), reason=Subquery(longest.values("reason")[:1])
    )


def _state(fiscal_year, months, today, opens_on=None, closes_on=None, until=None, reason=None):
    dates = {"opens_on": opens_on, "closes_on": closes_on, "until": until}
    return state_of(fiscal_year, months, today=today, **dates, reason=reason or "")
