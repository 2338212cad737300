"""How scores are added up, what of them may stand, and which change of them must be explained (SPEC S13).

Pure functions of plain values. Points are Decimals; None is a score that is not known, which is not 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

PASSED_SET_BY = ("CENTRAL", "PROVINCE")


def total(parts: Sequence[Decimal | None], entered: Decimal | None) -> Decimal | None:
    """The total of the points in the dimensions; None is a score that is not known, which is not 0.

    A total may be known without its parts. It then stands as `entered`, also beside parts that say nothing but 0,
    as in the manual's own picture: 0 0 0 0 and 188.
    """
    known = [part for part in parts if part is not None]
    if entered is not None and not any(known):
        return entered
    return sum(known, Decimal(0)) if known else None


def average(points: Sequence[Decimal | None]) -> Decimal | None:
    """The average, with two decimals, over the points that are known; None where none is."""
    known = [value for value in points if value is not None]
    return share(sum(known, Decimal(0)), len(known))


def share(points: Decimal, number: int) -> Decimal | None:
    """`points` divided by the `number` of plans they come from, with two decimals; None without any."""
    return (points / number).quantize(Decimal("0.01"), ROUND_HALF_UP) if number else None


@dataclass(frozen=True)
class Points:
    """What one source says of a plan: points by dimension, in order, and a total that is known by itself."""

    parts: tuple[Decimal | None, ...]
    entered: Decimal | None = None

    @property
    def total(self) -> Decimal | None:
        """The total as it is shown."""
        return total(self.parts, self.entered)

    @property
    def contradicts(self) -> bool:
        """Whether a total was entered beside parts that add up to something else, and are not all 0."""
        return any(self.parts) and self.entered is not None and self.entered != self.total

    def settled(self) -> "Points":
        """The same, without an entered total that says no more than the parts do."""
        adds_nothing = self.entered is not None and self.entered == total(self.parts, None)
        return Points(self.parts, None) if adds_nothing else self


@dataclass(frozen=True)
class Entry:
    """All that is published about a plan: the fiscal year in which it passed, and the `Points` of each source."""

    passed_in: int | None
    points: Mapping[str, Points]

    def as_json(self) -> dict[str, Any]:
        """This entry in JSON's types, points as strings, so that no cent is lost."""
        return {
            "passed_in": self.passed_in,
            "points": {
                source: {"parts": [_text(part) for part in points.parts], "entered": _text(points.entered)}
                for source, points in self.points.items()
            },
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Entry":
        """The entry that `as_json` wrote down."""
        return cls(
            kept["passed_in"],
            {
                source: Points(tuple(_number(part) for part in points["parts"]), _number(points["entered"]))
                for source, points in kept["points"].items()
            },
        )


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class Standard:
    """The highest possible points by dimension, in order, and in all, and the pass mark; None where none is set."""

    parts: tuple[Decimal | None, ...]
    highest_total: Decimal | None = None
    pass_mark: Decimal | None = None

    def passes(self, points: Decimal | None) -> bool | None:
        """Whether a total reaches the pass mark; None where either is not known."""
        return None if points is None or self.pass_mark is None else points >= self.pass_mark


def too_high(points: Points, standard: Standard) -> list[tuple[int | None, Decimal]]:
    """Where `points` go beyond the highest possible: the place of the dimension, None for the total, and that limit."""
    above: list[tuple[int | None, Decimal]] = [
        (place, highest)
        for place, (part, highest) in enumerate(zip(points.parts, standard.parts, strict=True))
        if part is not None and highest is not None and part > highest
    ]
    shown = points.total
    if shown is not None and standard.highest_total is not None and shown > standard.highest_total:
        above.append((None, standard.highest_total))
    return above


def changes_published(before: Entry, after: Entry) -> bool:
    """Whether something that was known becomes something else, so that the change must be explained.

    Filling in what was not known yet needs no explanation; a running total may grow as its parts come in.
    """
    if before.passed_in is not None and before.passed_in != after.passed_in:
        return True
    return any(_changes_known(known, after.points[source]) for source, known in before.points.items())


def _changes_known(before: Points, after: Points) -> bool:
    if any(old is not None and old != new for old, new in zip(before.parts, after.parts, strict=True)):
        return True
    complete = before.entered is not None or None not in before.parts
    return complete and before.total != after.total


def may_set_passed(role: str) -> bool:
    """Whether an officer of this role enters in which year a plan passed."""
    return role in PASSED_SET_BY


def years_taken_away(passed_in: int | None, in_use: Sequence[int]) -> list[int]:
    """Which of the fiscal years `in_use` would no longer be the plan's if it passed in `passed_in` (None: never)."""
    return [year for year in in_use if passed_in is None or year < passed_in]
