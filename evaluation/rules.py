"""How scores are added up (SPEC S13)."""

from collections.abc import Sequence
from decimal import Decimal


def total(parts: Sequence[Decimal | None], entered: Decimal | None) -> Decimal | None:
    """The total of the points in the dimensions; None is a score that is not known, which is not 0.

    A total may be known without its parts. It then stands as `entered`, also beside parts that say nothing but 0,
    as in the manual's own picture: 0 0 0 0 and 188.
    """
    known = [part for part in parts if part is not None]
    if entered is not None and not any(known):
        return entered
    return sum(known, Decimal(0)) if known else None
