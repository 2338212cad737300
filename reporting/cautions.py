"""What looks wrong in a report though it may be right: pure functions of plain values.

A caution never blocks. Few are given, the gravest first, because a page full of them is not read.
"""

from collections.abc import Iterator
from decimal import Decimal

MOST = 2
# Thousands of baht written as baht, or baht as thousands: what was granted is seldom a 500th of what was planned.
SLIP = 500
COMPLETED = "COMPLETED"
AMOUNTS = {"ordinance_budget": "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "disbursed": "การเบิกจ่าย"}


def cautions(
    *,
    status: str,
    plan_budget: Decimal | None,
    ordinance_budget: Decimal | None,
    disbursed: Decimal | None,
    disbursed_at_six: Decimal | None = None,
) -> list[str]:
    """Sentences about one report, at most `MOST`, the gravest first. Amounts in baht, None where there is none.

    `disbursed_at_six` is what the report of the 6-month round says, for a report of the 12-month one.
    """
    found = _slips(plan_budget, {"ordinance_budget": ordinance_budget, "disbursed": disbursed})
    found += _amounts(status, ordinance_budget, disbursed, disbursed_at_six)
    return found[:MOST]


def _slips(plan_budget: Decimal | None, amounts: dict[str, Decimal | None]) -> list[str]:
    return [
        f"{AMOUNTS[name]}ต่างจากแผนตั้งแต่ {SLIP} เท่าขึ้นไป กรุณาตรวจสอบหน่วย (บาท ไม่ใช่พันบาท)"
        for name, amount in amounts.items()
        if plan_budget and amount and max(plan_budget, amount) >= SLIP * min(plan_budget, amount)
    ]


def _amounts(
    status: str, ordinance_budget: Decimal | None, disbursed: Decimal | None, disbursed_at_six: Decimal | None
) -> Iterator[str]:
    if disbursed is None:
        return
    if ordinance_budget is not None and disbursed > ordinance_budget:
        yield "เบิกจ่ายมากกว่างบประมาณตามข้อบัญญัติ/เทศบัญญัติ"
    if disbursed_at_six is not None and disbursed < disbursed_at_six:
        yield "เบิกจ่ายรอบ 12 เดือนน้อยกว่าที่รายงานไว้ในรอบ 6 เดือน (ยอดเบิกจ่ายนับสะสมตั้งแต่ต้นปีงบประมาณ)"
    if status == COMPLETED and ordinance_budget and not disbursed:
        yield "ดำเนินการแล้วเสร็จโดยไม่มีการเบิกจ่าย ทั้งที่มีงบประมาณ"
