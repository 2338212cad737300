"""How two versions of a record are put together."""

import pytest

from eplan.conflicts import choices_in, conflict_page, merge

BASE = {"name": "ก", "remark": "เดิม"}


@pytest.mark.parametrize(
    ("typed", "stored", "chosen", "values", "asked", "taken"),
    [
        (("ข", "เดิม"), ("ก", "ใหม่"), {}, ("ข", "ใหม่"), (), ("remark",)),
        (("ข", "เดิม"), ("ข", "เดิม"), {}, ("ข", "เดิม"), (), ()),
        (("ข", "เดิม"), ("ค", "เดิม"), {}, ("ข", "เดิม"), ("name",), ()),
        (("ข", "เดิม"), ("ค", "เดิม"), {"name": "mine"}, ("ข", "เดิม"), (), ()),
        (("ข", "เดิม"), ("ค", "เดิม"), {"name": "stored"}, ("ค", "เดิม"), (), ()),
        (("ข", "เดิม"), ("ค", "เดิม"), {"name": "junk"}, ("ข", "เดิม"), ("name",), ()),
        (("ข", "เดิม"), ("ก", "เดิม"), {"name": "stored"}, ("ข", "เดิม"), (), ()),
    ],
)
def test_what_one_side_changed_merges_and_what_both_changed_is_asked(typed, stored, chosen, values, asked, taken):
    typed, stored, values = (dict(zip(BASE, each, strict=True)) for each in (typed, stored, values))
    merged = merge(base=BASE, typed=typed, stored=stored, chosen=chosen)
    assert (merged.values, merged.asked, merged.taken) == (values, asked, taken)


def test_without_the_version_both_began_with_all_that_differs_is_asked():
    merged = merge(base=None, typed={"name": "ก", "remark": ""}, stored={"name": "ข", "remark": ""}, chosen={})
    assert merged.asked == ("name",)


def test_choices_count_for_the_version_they_were_made_between():
    data = {"conflict": "3", "choose-name": "mine", "name": "ก"}
    assert choices_in(data, 3) == ({"name": "mine"}, True)
    assert choices_in(data, 4) == ({}, False)


@pytest.mark.parametrize("answered", [(), ("name",), ("remark",)])
def test_what_was_chosen_stays_to_see_while_another_part_is_asked(answered):
    typed, stored = {"name": "ข", "remark": "ของฉัน"}, {"name": "ค", "remark": "ใหม่"}
    merged = merge(base=BASE, typed=typed, stored=stored, chosen=dict.fromkeys(answered, "mine"))
    labels = {part: part for part in BASE}
    page = conflict_page(merged, typed, stored, lambda part, value: value, labels, asked_before=True)
    told = {question.name: (question.chosen, question.unanswered) for question in page["questions"]}
    assert told == {part: ("mine", False) if part in answered else ("", True) for part in BASE}
