"""How results are computed (SPEC 4): pure functions over counts of project years.

A percentage is kept unrounded, as a Decimal of 28 digits; that is exact enough to tell any two different results of
up to a thousand million projects apart, and to compare with a cut-off of two decimals without error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HALF = Decimal("0.5")
HUNDREDTH = Decimal("0.01")


class Level(StrEnum):
    """ระดับ of a result; the words for it belong to the period and round."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True)
class Cutoff:
    """From which percentage on a result is high or medium; whatever is below is low."""

    high: Decimal
    medium: Decimal


def score(completed: int, in_progress: int) -> Decimal:
    """Points: 1 for a project year done, half for one in progress, none for the rest."""
    return completed + HALF * in_progress


def percent(points: Decimal, projects: int) -> Decimal | None:
    """`points` of `projects` in per cent, unrounded. No project has no percentage, which is not 0."""
    return points * 100 / projects if projects else None


def rounded(value: Decimal) -> Decimal:
    """A percentage with two decimals, as it is shown; halves go up."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def level(value: Decimal | None, cutoff: Cutoff | None) -> Level | None:
    """The level of an unrounded percentage. None where there is no percentage or no cut-off is set."""
    if value is None or cutoff is None:
        return None
    if value >= cutoff.high:
        return Level.HIGH
    return Level.MEDIUM if value >= cutoff.medium else Level.LOW


def missed_by_rounding(value: Decimal | None, cutoff: Cutoff | None) -> Decimal | None:
    """The cut-off that a percentage reaches as shown but not in truth: 49.995 is shown as 50.00 and misses 50.

    None in every other case. A table says so beside the figure, because figure and level would seem to disagree.
    """
    if value is None or cutoff is None:
        return None
    for limit in (cutoff.high, cutoff.medium):
        if value < limit <= rounded(value):
            return limit
    return None


def ranks(values: Sequence[Decimal | None]) -> list[int | None]:
    """The rank of each unrounded percentage in a list that runs from best to worst, those without any at the end.

    Equal percentages share a rank, and the next rank counts them all: 1, 1, 3. Without a percentage there is no rank.
    """
    given: list[int | None] = []
    for place, value in enumerate(values, start=1):
        if value is None:
            given.append(None)
        elif given and value == values[place - 2]:
            given.append(given[-1])
        else:
            given.append(place)
    return given
