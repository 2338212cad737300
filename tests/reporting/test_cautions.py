"""What is pointed out in a report, and what is not."""

from decimal import Decimal

import pytest

from reporting.cautions import cautions, unkept

SLIP, ABOVE, BELOW, UNSPENT = "พันบาท", "มากกว่างบประมาณ", "น้อยกว่าที่รายงานไว้", "ไม่มีการเบิกจ่าย"


def said(plan, ordinance, disbursed, *, status="COMPLETED", at_six=None):
    amounts = {"plan_budget": plan, "ordinance_budget": ordinance, "disbursed": disbursed, "disbursed_at_six": at_six}
    return [each.words for each in found(status, amounts)]


def found(status, amounts):
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


def test_only_the_gravest_are_said_and_what_was_kept_makes_room_for_the_next():
    amounts = {"plan_budget": 1_000_000, "ordinance_budget": 1_000, "disbursed": 1_500, "disbursed_at_six": 9_000}
    everything = found("COMPLETED", amounts)
    told = unkept(everything, set())
    assert [each.kind for each in told] == ["SLIP_ORDINANCE_BUDGET", "SLIP_DISBURSED"]
    kept = {(told[0].kind, told[0].figures)}
    assert [each.kind for each in unkept(everything, kept)] == ["SLIP_DISBURSED", "ABOVE_ORDINANCE"]


def test_a_caution_is_known_by_the_figures_it_speaks_of_however_they_are_written():
    once, again = (
        found("COMPLETED", {"plan_budget": None, "ordinance_budget": ordinance, "disbursed": 20})
        for ordinance in ("10", "10.00")
    )
    assert once[0].figures == again[0].figures == "10.00/20.00"
