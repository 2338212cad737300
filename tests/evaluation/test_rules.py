from decimal import Decimal

from evaluation.rules import total


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
