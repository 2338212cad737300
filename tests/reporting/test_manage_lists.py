"""Every list of the administration asks the database as often for fifty rows as for two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.models import ReminderLog
from tests import factories


def grow(known, number):
    """So many LAOs more, each with an account that nobody has used, an extension and a reminder; so many accounts and
    projects of clerks, too."""
    for _ in range(number):
        lao = factories.make_clerk(claimed=False).lao
        factories.make_extension(known, lao=lao)
        ReminderLog.objects.create(
            reporting_round=known, lao=lao, kind="BEFORE_7", day=known.closes_on, outcome="SENT", sent_at=timezone.now()
        )
        factories.make_project(factories.make_plan(factories.make_clerk().lao))


@pytest.mark.parametrize(
    "address",
    [
        "/manage/accounts/",
        "/manage/accounts/?state=UNCLAIMED",
        "/manage/audit/",
        "/manage/audit/?table=lao_user",
        "/manage/extensions/",
        "/manage/letters/",
        "/manage/register/?q=อบต.",
        "/manage/rounds/",
        "/follow-up/reminders/?year=2562&months=6",
        "/scores/entry/?province=81&first_year=2561",
    ],
)
def test_fifty_rows_cost_the_queries_of_two(db, as_user, settings, address):
    settings.EPLAN_FIRST_ENTRY = "code"
    known = factories.make_round()
    central = as_user(factories.make_officer("CENTRAL"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert central.get(address).status_code == 200
        return len(captured)

    grow(known, 2)
    few = queries()
    grow(known, 48)
    assert queries() <= few  # the trail asks once for each kind of record that a page speaks of
