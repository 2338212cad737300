"""The reporting rounds of the demonstration."""

from datetime import timedelta

from eplan.fiscal import round_end
from reporting.models import ReportingRound

DAYS_OPEN = 90  # how long the open rounds stay open, counted from the day of loading
DAYS_UNTIL_NEXT = 120


def make_rounds(*, today, all_years):
    """Set the rounds of 2561 to 2564 as seen from `today`.

    2561 closed long ago, a month after each round's end. 2562 is open. Of the later years, with `all_years` every
    round is open too; without it the first opens in the future and the rest have no dates yet.
    """
    closing = today + timedelta(days=DAYS_OPEN)
    dates = {}
    for year in range(2561, 2565 if all_years else 2563):
        for months in (6, 12):
            opening = round_end(year, months) + timedelta(days=1)
            dates[year, months] = opening, opening + timedelta(days=30) if year == 2561 else closing
    if not all_years:
        opening = today + timedelta(days=DAYS_UNTIL_NEXT)
        dates[2563, 6] = opening, opening + timedelta(days=30)
    ReportingRound.objects.bulk_create(
        [
            ReportingRound(fiscal_year=year, months=months, opens_on=opens_on, closes_on=closes_on)
            for (year, months), (opens_on, closes_on) in dates.items()
        ],
        update_conflicts=True,
        unique_fields=["fiscal_year", "months"],
        update_fields=["opens_on", "closes_on"],
    )
