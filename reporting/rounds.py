"""When a round takes reports, and what counts as reported: pure functions of plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from eplan.fiscal import fiscal_year_of, thai_date_short

Report = TypeVar("Report")


class Phase(StrEnum):
    """Where a round stands on a day."""

    NOT_SET = "NOT_SET"
    NOT_YET = "NOT_YET"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class RoundState:
    """A round as one LAO meets it on one day.

    `closes_on` has the extensions in it, `reason` says why there is one; `days_left` is 0 on the last day.
    """

    fiscal_year: int
    months: int
    phase: Phase
    opens_on: date | None = None
    closes_on: date | None = None
    extended: bool = False
    days_left: int = 0
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether reports are taken."""
        return self.phase == Phase.OPEN

    @property
    def words(self) -> str:
        """Where the round stands, in words that say until when or why not."""
        if self.opens_on is None or self.closes_on is None:
            return "ยังไม่กำหนดวันเปิดรอบ"
        if self.phase == Phase.NOT_YET:
            return f"จะเปิดวันที่ {thai_date_short(self.opens_on)}"
        if self.phase == Phase.CLOSED:
            return f"ปิดรับรายงานแล้วเมื่อ {thai_date_short(self.closes_on)}"
        left = f"เหลืออีก {self.days_left} วัน" if self.days_left else "วันนี้เป็นวันสุดท้าย"
        extended = "ขยายเวลาถึง" if self.extended else "ถึง"
        because = f" เพราะ {self.reason}" if self.extended and self.reason else ""
        return f"เปิดรับรายงาน{extended} {thai_date_short(self.closes_on)}{because} ({left})"


def state_of(
    fiscal_year: int,
    months: int,
    *,
    today: date,
    opens_on: date | None,
    closes_on: date | None,
    until: date | None,
    reason: str = "",
) -> RoundState:
    """The state of a round on `today`; its dates are None where it is not set.

    `until` and `reason` are those of the longest extension.
    """
    if opens_on is None or closes_on is None:
        return RoundState(fiscal_year, months, Phase.NOT_SET)
    last = max(closes_on, until or closes_on)
    phase = Phase.NOT_YET if today < opens_on else Phase.CLOSED if today > last else Phase.OPEN
    days_left = (last - today).days if phase == Phase.OPEN else 0
    return RoundState(fiscal_year, months, phase, opens_on, last, last > closes_on, days_left, reason)


def effects_of_dates(
    before: RoundState | None, after: RoundState, *, owing: int, reports: int, extensions: Iterable[date]
) -> list[str]:
    """What setting other dates does, a sentence each: a round that stood at `before` (None: had no dates) will stand at
    `after`. `owing` LAOs have something left to report, `reports` are saved, `extensions` are their last days.
    """
    told = [f"เมื่อบันทึกแล้ว: {after.words}"]
    was_open = before is not None and before.is_open
    if was_open and not after.is_open:
        told.append(f"รอบที่เปิดอยู่จะหยุดรับรายงานทันที อปท. {owing:,} แห่งที่ยังรายงานไม่ครบจะบันทึกไม่ได้ เว้นแต่ได้ขยายเวลา")
    if after.is_open and not was_open:
        told.append(f"จะรับรายงานทันที มี อปท. {owing:,} แห่งที่ยังรายงานไม่ครบ")
    if reports:
        told.append(f"รายงานของรอบนี้ที่บันทึกแล้ว {reports:,} รายการยังอยู่ครบ")
    void = sum(1 for until in extensions if after.closes_on and until <= after.closes_on)
    if void:
        told.append(f"การขยายเวลา {void:,} รายการจะไม่มีผล เพราะรอบปิดไม่ก่อนวันที่ขยายให้")
    told.append("อีเมลเตือนตามปฏิทินนับจากวันปิดใหม่")
    return told


def extension_words(until: date, *, closes_on: date, today: date) -> str:
    """What an extension `until` a day is worth `today`, in a round that closes on `closes_on` for others."""
    if until <= closes_on:
        return f"ไม่มีผล เพราะรอบปิด {thai_date_short(closes_on)}"
    if today > until:
        return "สิ้นสุดแล้ว"
    if today <= closes_on:
        return f"จะมีผลหลังรอบปิด {thai_date_short(closes_on)}"
    left = (until - today).days
    return f"มีผลอยู่ เหลืออีก {left} วัน" if left else "มีผลอยู่ วันนี้เป็นวันสุดท้าย"


def current_round(states: Iterable[RoundState]) -> RoundState:
    """The one of a year's `states` that a home page speaks of.

    The open one that closes first; else the one that closed last; else the first. No states are a ValueError.
    """
    states = sorted(states, key=lambda state: state.months)
    opened = [state for state in states if state.closes_on and state.is_open]
    if opened:
        return min(opened, key=lambda state: state.closes_on or date.max)
    closed = [state for state in states if state.phase == Phase.CLOSED]
    if closed:
        return max(closed, key=lambda state: state.closes_on or date.min)
    if not states:
        raise ValueError("A year has rounds.")
    return states[0]


def best_year(years: Iterable[int], *, with_open_round: Iterable[int], today: date) -> int | None:
    """The fiscal year to begin with, out of `years`: the latest that has a round open; else the latest not in the
    future; else the last; None when there is none."""
    choices = sorted(years)
    opened = set(with_open_round)
    for fits in (lambda year: year in opened, lambda year: year <= fiscal_year_of(today), lambda year: True):
        fitting = [year for year in choices if fits(year)]
        if fitting:
            return fitting[-1]
    return None


def latest(reports: Mapping[int, Report]) -> Report | None:
    """The report of a project year whose figures stand, out of `reports` by months: 12 replaces 6."""
    return reports.get(12) or reports.get(6)


def is_settled(months: int, statuses: Mapping[int, str]) -> bool:
    """Whether nothing is left to report in the round; `statuses` by months.

    A project done at 6 months counts as done at 12 and need not be entered again.
    """
    return months in statuses or (months == 12 and statuses.get(6) == "COMPLETED")
