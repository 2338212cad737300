"""When the calendar reminds, at every edge."""

from datetime import date, timedelta

import pytest

from reporting.models import ReminderLog
from reporting.reminding import EARLIEST, LATEST, reminder_due
from reporting.rounds import state_of

OPENS, CLOSES = date(2019, 4, 1), date(2019, 6, 30)


def due(left, *, opens_on=OPENS, until=None):
    """What is due on the day when `left` days are left to the last day."""
    today = (until or CLOSES) - timedelta(days=left)
    return reminder_due(state_of(2562, 6, today=today, opens_on=opens_on, closes_on=CLOSES, until=until), today)


@pytest.mark.parametrize("until", [None, CLOSES + timedelta(days=60)])
@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (31, None),
        (30, "BEFORE_30"),
        (28, "BEFORE_30"),
        (27, None),
        (8, None),
        (7, "BEFORE_7"),
        (5, "BEFORE_7"),
        (4, None),
        (2, None),
        (1, "BEFORE_1"),
        (0, "LAST_DAY"),
        (-1, None),
        (-6, None),
        (-7, "AFTER_7"),
        (-9, "AFTER_7"),
        (-10, None),
    ],
)
def test_the_calendar_reminds_around_the_last_day_extensions_included(left, kind, until):
    assert due(left, until=until) == kind


def test_a_round_that_has_not_opened_is_not_reminded_of():
    opens_on = CLOSES - timedelta(days=20)
    assert due(30, opens_on=opens_on) is None
    assert due(7, opens_on=opens_on) == "BEFORE_7"
    today = date(2019, 6, 1)
    assert reminder_due(state_of(2562, 6, today=today, opens_on=None, closes_on=None, until=None), today) is None


def test_every_kind_but_the_officers_comes_inside_the_limits():
    kinds = {due(left) for left in range(LATEST, EARLIEST + 1)} - {None}
    assert kinds == set(ReminderLog.Kind.values) - {"BY_OFFICER"}
    assert due(LATEST) is not None
    assert due(EARLIEST) is not None
