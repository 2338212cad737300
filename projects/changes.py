"""What a project said before it was changed, read backwards from the audit trail. Pure functions of plain values.

The trail keeps for each change of a row only the columns that differ, before and after, so that an earlier state is the
present one with the changes since then undone, the latest first. What was changed and changed back drops out by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from projects.rules import Content

_SETS = ("further_dimensions", "quarters", "target_groups")
_COLUMNS = ("name", "kind", "dimension_id", "objective", "remark", *_SETS)


@dataclass(frozen=True)
class Change:
    """One entry of the trail. `of_year`: it is of a project year and not of the project's own row.

    `before` is None for a row that was made, `after` for one that was taken out; both are as JSON gives them.
    """

    of_year: bool
    row_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Snapshot:
    """A project at one moment. `years`: the id of each project year's row to its fiscal year and planned budget."""

    content: Content
    years: Mapping[str, tuple[int, Decimal | None]]


def before(snapshot: Snapshot, change: Change) -> Snapshot:
    """The `snapshot` as it was before `change`; the very making of the project leaves it as it is."""
    return _year_before(snapshot, change) if change.of_year else _project_before(snapshot, change)


def _project_before(snapshot: Snapshot, change: Change) -> Snapshot:
    if change.before is None:
        return snapshot
    columns: dict[str, Any] = {
        column: frozenset(value) if column in _SETS else value
        for column, value in change.before.items()
        if column in _COLUMNS
    }
    return replace(snapshot, content=replace(snapshot.content, **columns))


def _year_before(snapshot: Snapshot, change: Change) -> Snapshot:
    years = dict(snapshot.years)
    if change.before is None:
        years.pop(change.row_id, None)
    elif change.after is None:
        years[change.row_id] = (change.before["fiscal_year"], _amount(change.before["plan_budget"]))
    elif change.row_id in years and "plan_budget" in change.before:
        years[change.row_id] = (years[change.row_id][0], _amount(change.before["plan_budget"]))
    return Snapshot(replace(snapshot.content, budgets=dict(sorted(years.values()))), years)


def _amount(number: float | None) -> Decimal | None:
    """An amount as the trail's JSON has it; 15 digits, which a float keeps."""
    return None if number is None else Decimal(str(number))
