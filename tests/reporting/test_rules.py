from decimal import Decimal

import pytest

from reporting.rules import Cutoff, Level, level, missed_by_rounding, percent, ranks, rounded, score

SIX = Cutoff(high=Decimal(50), medium=Decimal(20))
TWELVE = Cutoff(high=Decimal(80), medium=Decimal(50))


@pytest.mark.parametrize(
    ("completed", "in_progress", "projects", "points", "shown"),
    [
        (3, 1, 4, "3.5", "87.50"),
        (13, 1, 19, "13.5", "71.05"),
        (5, 1, 8, "5.5", "68.75"),
        (3, 1, 6, "3.5", "58.33"),
        (4, 0, 7, "4", "57.14"),
        (10, 1, 19, "10.5", "55.26"),
    ],
)
def test_the_table_of_the_manual_comes_out(completed, in_progress, projects, points, shown):
    value = percent(score(completed, in_progress), projects)
    assert score(completed, in_progress) == Decimal(points)
    assert str(rounded(value)) == shown
    assert level(value, SIX) is Level.HIGH


def test_done_counts_one_in_progress_half_and_the_rest_nothing():
    assert score(2, 3) == Decimal("3.5")
    assert score(0, 0) == 0


def test_no_project_has_no_percentage_and_no_level():
    assert percent(Decimal(0), 0) is None
    assert level(None, SIX) is None


def test_nothing_done_is_a_percentage_of_0():
    assert percent(Decimal(0), 5) == 0
    assert level(Decimal(0), SIX) is Level.LOW


@pytest.mark.parametrize(
    ("value", "cutoff", "expected"),
    [
        ("0", SIX, Level.LOW),
        ("19.99", SIX, Level.LOW),
        ("20", SIX, Level.MEDIUM),
        ("49.99", SIX, Level.MEDIUM),
        ("50", SIX, Level.HIGH),
        ("100", SIX, Level.HIGH),
        ("20", TWELVE, Level.LOW),
        ("49.99", TWELVE, Level.LOW),
        ("50", TWELVE, Level.MEDIUM),
        ("79.99", TWELVE, Level.MEDIUM),
        ("80", TWELVE, Level.HIGH),
    ],
)
def test_a_level_begins_exactly_at_its_cutoff(value, cutoff, expected):
    assert level(Decimal(value), cutoff) is expected


@pytest.mark.parametrize("value", ["19.995", "19.9999999999", "49.995", "79.999"])
def test_levels_have_no_holes_and_compare_unrounded(value):
    limit = rounded(Decimal(value))
    cutoff = Cutoff(high=limit, medium=limit - 1)
    assert level(Decimal(value), cutoff) is Level.MEDIUM
    assert level(limit, cutoff) is Level.HIGH


def test_a_result_exactly_at_a_cutoff_meets_it_whatever_the_number_of_projects():
    assert level(percent(Decimal("3.5"), 7), SIX) is Level.HIGH
    assert level(percent(Decimal("1.5"), 3), SIX) is Level.HIGH
    assert level(percent(Decimal(4), 5), TWELVE) is Level.HIGH


def test_without_cutoffs_there_is_no_level():
    assert level(Decimal(90), None) is None


def test_a_figure_that_rounding_lifts_to_a_cutoff_is_told():
    assert str(rounded(Decimal("49.995"))) == "50.00"
    assert level(Decimal("49.995"), SIX) is Level.MEDIUM
    assert missed_by_rounding(Decimal("49.995"), SIX) == 50
    assert missed_by_rounding(Decimal("19.996"), SIX) == 20
    assert missed_by_rounding(Decimal("79.9999"), TWELVE) == 80


@pytest.mark.parametrize("value", ["49.994", "50", "50.001", "0", "100"])
def test_a_figure_that_agrees_with_its_level_needs_no_word(value):
    assert missed_by_rounding(Decimal(value), SIX) is None


def test_nothing_is_missed_without_a_percentage_or_a_cutoff():
    assert missed_by_rounding(None, SIX) is None
    assert missed_by_rounding(Decimal("49.995"), None) is None


@pytest.mark.parametrize(("value", "shown"), [("12.345", "12.35"), ("12.344999", "12.34"), ("0.005", "0.01")])
def test_halves_are_rounded_up(value, shown):
    assert str(rounded(Decimal(value))) == shown


def test_equal_percentages_share_a_rank_and_the_next_counts_them():
    thirds = [percent(Decimal(2), 3), percent(Decimal(4), 6), Decimal(50), Decimal(50), Decimal(1), None, None]
    assert ranks(thirds) == [1, 1, 3, 3, 5, None, None]


def test_percentages_that_only_look_equal_have_ranks_of_their_own():
    assert ranks([Decimal("33.334"), Decimal("33.333")]) == [1, 2]


def test_an_empty_table_has_no_ranks():
    assert ranks([]) == []
