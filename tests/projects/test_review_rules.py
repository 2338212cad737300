"""The rules of the review, without a database."""

from decimal import Decimal

import pytest

from projects import changes, rules

STATES = ["SUBMITTED", "ACCEPTED", "RETURNED", "REJECTED"]
ALLOWED = {
    ("SUBMITTED", "ACCEPT"): "ACCEPTED",
    ("SUBMITTED", "RETURN"): "RETURNED",
    ("SUBMITTED", "REJECT"): "REJECTED",
    ("ACCEPTED", "RETURN"): "RETURNED",
    ("ACCEPTED", "REJECT"): "REJECTED",
    ("RETURNED", "ACCEPT"): "ACCEPTED",
    ("RETURNED", "REJECT"): "REJECTED",
    ("REJECTED", "RESTORE"): "ACCEPTED",
}
CONTENT = rules.Content(
    name="เดิม",
    kind="PROJECT",
    dimension_id=1,
    further_dimensions=frozenset({2}),
    quarters=frozenset({1}),
    target_groups=frozenset(),
    objective="",
    remark="",
    budgets={2562: None},
)
NOW = changes.Snapshot(CONTENT, {"7": (2562, None)})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("decision", ["ACCEPT", "RETURN", "REJECT", "RESTORE"])
def test_every_decision_from_every_state(state, decision):
    allowed = decision in rules.decisions_from(state, deleted=False)
    assert allowed == ((state, decision) in ALLOWED)
    if allowed:
        assert rules.state_after(decision) == ALLOWED[state, decision]


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_decided_about_a_deleted_project(state):
    assert rules.decisions_from(state, deleted=True) == []


@pytest.mark.parametrize("state", ["SUBMITTED", "ACCEPTED"])
def test_the_same_content_is_not_saved_again(state):
    assert not rules.must_save(state, changed=False)
    assert rules.must_save(state, changed=True)


def test_a_returned_project_is_sent_back_by_saving_it_unchanged():
    assert rules.must_save("RETURNED", changed=False)


def of_project(before, after):
    return changes.Change(of_year=False, row_id="1", before=before, after=after)


def of_year(before, after, row_id="7"):
    return changes.Change(of_year=True, row_id=row_id, before=before, after=after)


def test_columns_are_put_back_and_others_left_out():
    was, now = {"name": "ก่อน", "quarters": [4, 2], "version": 1}, {"name": "เดิม", "quarters": [1], "version": 2}
    content = changes.before(NOW, of_project(was, now)).content
    assert (content.name, content.quarters, content.kind) == ("ก่อน", frozenset({2, 4}), "PROJECT")


def test_a_budget_is_put_back_without_becoming_0():
    with_budget = changes.Snapshot(CONTENT, {"7": (2562, Decimal(5))})
    was = changes.before(with_budget, of_year({"plan_budget": None}, {"plan_budget": 5}))
    assert was.content.budgets == {2562: None}
    was = changes.before(with_budget, of_year({"plan_budget": 9999999999999.99}, {"plan_budget": 5}))
    assert was.content.budgets == {2562: Decimal("9999999999999.99")}


def test_a_year_that_was_added_goes_and_one_taken_out_comes_back():
    added = changes.before(NOW, of_year(None, {"fiscal_year": 2562, "plan_budget": None}))
    assert added.content.budgets == {}
    taken = changes.before(NOW, of_year({"fiscal_year": 2561, "plan_budget": 10}, None, row_id="6"))
    assert taken.content.budgets == {2561: Decimal(10), 2562: None}


def test_a_year_changed_and_then_taken_out_is_found_as_it_first_was():
    snapshot = changes.before(NOW, of_year({"fiscal_year": 2561, "plan_budget": 10}, None, row_id="6"))
    snapshot = changes.before(snapshot, of_year({"plan_budget": 3}, {"plan_budget": 10}, row_id="6"))
    assert snapshot.content.budgets == {2561: Decimal(3), 2562: None}


def test_the_making_of_the_project_is_not_undone():
    assert changes.before(NOW, of_project(None, {"name": "เดิม"})) == NOW
