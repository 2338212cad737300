"""What looks wrong in a report though it may be right: pure functions of plain values.

A caution never blocks. Few are given, the gravest first, because a page full of them is not read. One that the LAO has
kept, with a note why it is right, is silent until the figures it speaks of change.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from eplan.numbers import with_commas

MOST = 2
# Thousands of baht written as baht, or baht as thousands: what was granted is seldom a 500th of what was planned.
SLIP = 500
COMPLETED = "COMPLETED"
AMOUNTS = {"ordinance_budget": "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "disbursed": "การเบิกจ่าย"}


class Caution(NamedTuple):
    """One of them: its kind, the sentence, and the figures it speaks of, by which it is known again."""

    kind: str
    words: str
    figures: str


def cautions(
    *,
    status: str,
    plan_budget: Decimal | None,
    ordinance_budget: Decimal | None,
    disbursed: Decimal | None,
    disbursed_at_six: Decimal | None = None,
) -> list[Caution]:
    """All that is to be said of one report, the gravest first. Amounts in baht, None where there is none.

    `disbursed_at_six` is what the report of the 6-month round says, for a report of the 12-month one.
    """
    found = _slips(plan_budget, {"ordinance_budget": ordinance_budget, "disbursed": disbursed})
    return [*found, *_amounts(status, ordinance_budget, disbursed, disbursed_at_six)]


def unkept(found: list[Caution], kept: set[tuple[str, str]]) -> list[Caution]:
    """Those of `found` that are to be said: at most `MOST`, none whose `(kind, figures)` are among `kept`."""
    return [caution for caution in found if (caution.kind, caution.figures) not in kept][:MOST]


def _slips(plan_budget: Decimal | None, amounts: dict[str, Decimal | None]) -> Iterator[Caution]:
    for name, amount in amounts.items():
        if plan_budget and amount and max(plan_budget, amount) >= SLIP * min(plan_budget, amount):
            yield _caution(
                f"SLIP_{name}".upper(),
                f"{AMOUNTS[name]} {with_commas(amount)} บาท ต่างจากแผน {with_commas(plan_budget)} บาท "
                f"ตั้งแต่ {SLIP} เท่าขึ้นไป กรุณาตรวจสอบหน่วย (บาท ไม่ใช่พันบาท)",
                plan_budget,
                amount,
            )


def _amounts(
    status: str, ordinance_budget: Decimal | None, disbursed: Decimal | None, disbursed_at_six: Decimal | None
) -> Iterator[Caution]:
    if disbursed is None:
        return
    if ordinance_budget is not None and disbursed > ordinance_budget:
        yield _caution(
            "ABOVE_ORDINANCE",
            f"เบิกจ่าย {with_commas(disbursed)} บาท มากกว่างบประมาณตามข้อบัญญัติ/เทศบัญญัติ {with_commas(ordinance_budget)} บาท",
            ordinance_budget,
            disbursed,
        )
    if disbursed_at_six is not None and disbursed < disbursed_at_six:
        yield _caution(
            "BELOW_SIX",
            f"เบิกจ่ายรอบ 12 เดือน {with_commas(disbursed)} บาท น้อยกว่าที่รายงานไว้ในรอบ 6 เดือน "
            f"{with_commas(disbursed_at_six)} บาท (ยอดเบิกจ่ายนับสะสมตั้งแต่ต้นปีงบประมาณ)",
            disbursed_at_six,
            disbursed,
        )
    if status == COMPLETED and ordinance_budget and not disbursed:
        yield _caution(
            "UNSPENT",
            f"ดำเนินการแล้วเสร็จโดยไม่มีการเบิกจ่าย ทั้งที่มีงบประมาณ {with_commas(ordinance_budget)} บาท",
            ordinance_budget,
            disbursed,
        )


def _caution(kind: str, words: str, *figures: Decimal) -> Caution:
    return Caution(kind, words, "/".join(f"{amount:.2f}" for amount in figures))
