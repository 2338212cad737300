"""What is pointed out in a report, and what is not."""

from decimal import Decimal

import pytest

from reporting.cautions import cautions

SLIP, ABOVE, BELOW, UNSPENT = "พันบาท", "มากกว่างบประมาณ", "น้อยกว่าที่รายงานไว้", "ไม่มีการเบิกจ่าย"


def said(plan, ordinance, disbursed, *, status="COMPLETED", at_six=None):
    amounts = {"plan_budget": plan, "ordinance_budget": ordinance, "disbursed": disbursed, "disbursed_at_six": at_six}
    return cautions(status=status, **{name: v if v is None else Decimal(v) for name, v in amounts.items()})


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((1000, 1000, "1000.01"), [ABOVE]),
        ((1000, 1000, 1000), []),
        ((1000, 1000, 0), [UNSPENT]),
        ((1000, 0, 0), []),
        ((None, None, None), []),
        ((250_000, 250, 250), [SLIP, SLIP]),
        ((250_000, 250_000, 500), [SLIP]),
        ((250_000, 250_000, "500.01"), []),
        ((250, 250_000, 200), [SLIP]),
        ((0, 250_000, 200_000), []),
    ],
)
def test_what_is_unlikely_is_pointed_out(figures, words):
    told = said(*figures)
    assert len(told) == len(words)
    assert all(word in sentence for word, sentence in zip(words, told, strict=True))


def test_only_what_is_done_must_have_been_paid():
    assert said(1000, 1000, 0, status="IN_PROGRESS") == []


def test_spending_does_not_shrink_from_one_round_to_the_next():
    assert BELOW in said(1000, 1000, 800, at_six=Decimal("800.01"))[0]
    assert said(1000, 1000, 800, at_six=800) == []


def test_only_the_gravest_are_said():
    told = said(1_000_000, 1_000, 1_500, at_six=9_000)
    assert len(told) == 2
    assert SLIP in told[0]
