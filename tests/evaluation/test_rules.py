from decimal import Decimal

import pytest

from evaluation.rules import Entry, Points, Standard, changes_published, may_set_passed, too_high, total


def points(*values):
    return [None if value is None else Decimal(value) for value in values]


def test_parts_are_added_up():
    assert total(points("40.5", "30", "20", "10"), None) == Decimal("100.5")


def test_a_total_without_parts_stands_as_entered():
    assert total(points(None, None, None, None), Decimal(188)) == 188


def test_a_total_beside_parts_of_0_stands_as_entered():
    assert total(points(0, 0, 0, 0), Decimal(188)) == 188


def test_parts_come_before_an_entered_total():
    assert total(points(40, 30, 20, 10), Decimal(188)) == 100


def test_the_known_parts_make_a_running_total():
    assert total(points(40, None, 20, None), None) == 60


def test_points_of_0_are_not_unknown_points():
    assert total(points(0, 0, 0, 0), None) == 0
    assert total(points(None, None, None, None), None) is None


def of(*values, total=None):
    return Points(tuple(points(*values)), None if total is None else Decimal(total))


def entry(sar=None, nacc=None, passed_in=2561):
    unknown = of(None, None, None, None)
    return Entry(passed_in, {"SAR": sar or unknown, "NACC": nacc or unknown})


def test_a_total_contradicts_only_parts_that_say_something_else():
    assert of(40, 30, 20, 10, total=188).contradicts
    assert not of(40, 30, 20, 10, total=100).contradicts
    assert not of(0, 0, 0, 0, total=188).contradicts
    assert not of(None, None, None, None, total=188).contradicts


def test_a_total_that_says_what_the_parts_say_is_not_kept():
    assert of(40, 30, 20, 10, total=100).settled() == of(40, 30, 20, 10)
    assert of(0, 0, 0, 0, total=0).settled() == of(0, 0, 0, 0)
    assert of(0, 0, 0, 0, total=188).settled() == of(0, 0, 0, 0, total=188)
    assert of(None, None, None, None, total=0).settled() == of(None, None, None, None, total=0)


def test_an_entry_survives_being_written_down():
    kept = entry(of(0, 0, 0, 0, total=188), of("40.25", None, 0, 1), None)
    assert Entry.from_json(kept.as_json()) == kept


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (entry(), entry(of(40, 30, 20, 10)), False),
        (entry(of(40, None, None, None)), entry(of(40, 30, None, None)), False),
        (entry(of(40, 30, 20, 10)), entry(of(41, 30, 20, 10)), True),
        (entry(of(40, 30, 20, 10)), entry(of(None, 30, 20, 10)), True),
        (entry(of(0, 0, 0, 0)), entry(of(0, 0, 0, 0, total=188)), True),
        (entry(of(0, 0, 0, 0, total=188)), entry(of(0, 0, 0, 0, total=188), of(1, 1, 1, 1)), False),
        (entry(of(None, None, None, None, total=100)), entry(of(40, 30, 20, 10)), False),
        (entry(of(None, None, None, None, total=188)), entry(of(40, 30, 20, 10)), True),
        (entry(passed_in=None), entry(passed_in=2561), False),
        (entry(passed_in=2561), entry(passed_in=2562), True),
        (entry(passed_in=2561), entry(passed_in=None), True),
    ],
)
def test_only_a_change_of_what_was_known_must_be_explained(before, after, expected):
    assert changes_published(before, after) is expected


def test_no_limit_holds_until_it_is_set():
    assert too_high(of(40, 30, 20, 10), Standard((None,) * 4)) == []


def test_points_above_the_highest_possible_are_named_with_their_limit():
    standard = Standard(tuple(points(50, 25, None, 10)), Decimal(90))
    assert too_high(of(50, 30, 20, 10), standard) == [(1, 25), (None, 90)]
    assert too_high(of(None, None, None, None, total=91), standard) == [(None, 90)]


def test_the_pass_mark_is_reached_or_not_or_not_known():
    assert Standard((), pass_mark=Decimal(80)).passes(Decimal(80)) is True
    assert Standard((), pass_mark=Decimal(80)).passes(Decimal("79.99")) is False
    assert Standard((), pass_mark=Decimal(80)).passes(None) is None
    assert Standard(()).passes(Decimal(80)) is None


def test_the_region_reads_in_which_year_a_plan_passed():
    assert [role for role in ("LAO", "PROVINCE", "REGION", "CENTRAL") if may_set_passed(role)] == [
        "PROVINCE",
        "CENTRAL",
    ]
