"""What may be done with a project, and how its budgets over the years read. Pure functions of plain values.

A `review_state` is the value of a `Project.ReviewState`; budgets are a dict of fiscal year (Buddhist era) to an amount
of baht, or to None where no budget is used, which is not 0.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

SUBMITTED, ACCEPTED, RETURNED, REJECTED = "SUBMITTED", "ACCEPTED", "RETURNED", "REJECTED"
NO_BUDGET = "ไม่ใช้งบประมาณ"


# What an officer may decide, by the value of a `ReviewDecision.Decision`: from which states, and what follows. To
# restore a project is to say that it does fit its dimension, so it is not asked about a second time.
DECISIONS = {
    "ACCEPT": ((SUBMITTED, RETURNED), ACCEPTED),
    "RETURN": ((SUBMITTED, ACCEPTED), RETURNED),
    "REJECT": ((SUBMITTED, ACCEPTED, RETURNED), REJECTED),
    "RESTORE": ((REJECTED,), ACCEPTED),
}
NEEDS_REASON = ("RETURN", "REJECT")
REASON_TO_REJECT = "โครงการนี้ไม่สอดคล้องกับมิติของการป้องกันการทุจริต ไม่ต้องทำการรายงานผลการดำเนินการ"
LATE_AFTER_DAYS = 30  # a project that has waited longer for its officer is late


@dataclass(frozen=True)
class Content:
    """All that a clerk decides about a project; two equal contents are the same project on paper.

    `further_dimensions` are ids like `dimension_id`; `quarters` are 1 to 4; `target_groups` are the values of
    `Project.TargetGroup`; `budgets` has a fiscal year of the plan for each year of the project, at least one.
    """

    name: str
    kind: str
    dimension_id: int
    further_dimensions: frozenset[int]
    quarters: frozenset[int]
    target_groups: frozenset[str]
    objective: str
    remark: str
    budgets: Mapping[int, Decimal | None]


def may_change(review_state: str, *, deleted: bool) -> bool:
    """Whether the clerk may edit or delete a project: neither a rejected one nor one that was deleted."""
    return not deleted and review_state != REJECTED


def state_after_edit(review_state: str) -> str:
    """The review state of a project whose content was changed: an officer has to look at it again.

    Raises ValueError for a rejected project, which can't be edited at all.
    """
    if review_state == REJECTED:
        raise ValueError("A rejected project can't be edited.")
    return SUBMITTED


def must_save(review_state: str, *, changed: bool) -> bool:
    """Whether saving the form does anything: it does when the content changed, or when the officer waits for an answer.

    A clerk who finds a returned project right as it is sends it back by saving it.
    """
    return changed or review_state == RETURNED


def decisions_from(review_state: str, *, deleted: bool) -> list[str]:
    """What an officer may decide about a project, in the order of `DECISIONS`; nothing once it was deleted."""
    return [] if deleted else [decision for decision, (states, _) in DECISIONS.items() if review_state in states]


def state_after(decision: str) -> str:
    """The review state that follows `decision`, a key of `DECISIONS`."""
    return DECISIONS[decision][1]


def budgets_of_years(
    years: Iterable[int],
    shared: Decimal | None,
    own: Mapping[int, Decimal | None],
    without: Collection[int] = (),
) -> dict[int, Decimal | None]:
    """The budget of each of `years`: its own amount, else the shared one; None for the years `without` a budget."""
    return {year: None if year in without else shared if own.get(year) is None else own[year] for year in years}


def shared_budget(budgets: Mapping[int, Decimal | None]) -> tuple[bool, Decimal | None]:
    """`(True, amount)` when every year has the same budget (None: no budget), otherwise `(False, None)`."""
    amounts = set(budgets.values())
    return (True, next(iter(amounts))) if len(amounts) == 1 else (False, None)
