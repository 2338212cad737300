"""The rules of a project, without a database."""

from decimal import Decimal

import pytest

from projects import rules


@pytest.mark.parametrize("state", ["SUBMITTED", "ACCEPTED", "RETURNED"])
def test_a_project_that_stands_may_be_changed_and_goes_back_to_the_officers(state):
    assert rules.may_change(state, deleted=False)
    assert rules.state_after_edit(state) == "SUBMITTED"


@pytest.mark.parametrize("state", ["SUBMITTED", "ACCEPTED", "RETURNED", "REJECTED"])
def test_a_deleted_project_may_not_be_changed(state):
    assert not rules.may_change(state, deleted=True)


def test_a_rejected_project_may_not_be_changed():
    assert not rules.may_change("REJECTED", deleted=False)
    with pytest.raises(ValueError, match="rejected"):
        rules.state_after_edit("REJECTED")


def test_a_year_takes_its_own_amount_before_the_shared_one():
    budgets = rules.budgets_of_years([2561, 2562], Decimal(100), {2562: Decimal(0), 2563: Decimal(5)})
    assert budgets == {2561: Decimal(100), 2562: Decimal(0)}


def test_no_amount_at_all_is_no_budget_and_not_0():
    assert rules.budgets_of_years([2561], None, {2561: None}) == {2561: None}


def test_a_year_without_a_budget_stays_without_beside_years_that_have_one():
    assert rules.budgets_of_years([2561, 2562], Decimal(7), {}, {2562}) == {2561: Decimal(7), 2562: None}


def test_a_shared_budget_may_be_no_budget():
    assert rules.shared_budget({2561: None, 2562: None}) == (True, None)


def test_0_and_no_budget_are_not_the_same():
    assert rules.shared_budget({2561: None, 2562: Decimal(0)}) == (False, None)


def test_the_same_amount_in_every_year_is_shared():
    assert rules.shared_budget({2561: Decimal("5.00"), 2562: Decimal(5)}) == (True, Decimal(5))
    assert rules.shared_budget({2561: Decimal(5), 2562: Decimal(6)}) == (False, None)
