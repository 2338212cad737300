"""Makes LAOs that owe reports, and runs the command that reminds them."""

from datetime import timedelta
from io import StringIO

from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from lao.models import LaoProfile
from reporting.models import ReminderLog
from tests import factories
from tests.reporting.results import SILENT, with_results


def closing_in(days, months=6):
    """A round whose last day is in so many `days`."""
    today = timezone.localdate()
    return factories.make_round(
        months=months, opens_on=today - timedelta(days=60), closes_on=today + timedelta(days=days)
    )


def owing(*statuses, email="a@example.go.th", **fields):
    """An LAO with a project for each status, and a coordinator."""
    lao = with_results(factories.make_lao(**fields), *(statuses or [SILENT]))
    LaoProfile.objects.create(lao=lao, coordinator_email=email)
    return lao


def run(*arguments):
    """What the command says."""
    said = StringIO()
    call_command("send_reminders", *arguments, "-v0", stdout=said)
    return said.getvalue()


def sent_to():
    """The addresses of all letters sent."""
    return sorted(address for letter in mail.outbox for address in letter.to)


def outcomes():
    """What became of the reminders."""
    return sorted(ReminderLog.objects.values_list("outcome", flat=True))


def later():
    """Let every claim grow stale."""
    ReminderLog.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
