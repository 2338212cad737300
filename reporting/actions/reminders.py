"""What is written into the log of reminders: what is to be sent, who is sending it, and what became of it.

A reminder is first written down, then claimed by one sender, then begun, then marked. What is written down is never
lost; what is claimed is sent by nobody else until the claim is stale; what was begun is never sent again unless it
surely did not arrive.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from lao.audit import acting
from reporting.models import ReminderLog

Kind, Outcome = ReminderLog.Kind, ReminderLog.Outcome
STALE = timedelta(minutes=15)  # far longer than any mail server is waited for
MOST_ATTEMPTS = 5


def queue_calendar(due):
    """Write down the `Due`s of the calendar; what is there already stays as it is."""
    with acting(None):
        _queue(ReminderLog(**each._asdict() | {"lao": None, "lao_id": each.lao}) for each in due)


def queue_by_officer(*, by, reporting_round, laos, day):
    """Write down that the officer `by` reminds `laos` (ids) of `reporting_round`; once a `day` for each LAO."""
    with acting(by):
        _queue(
            ReminderLog(reporting_round=reporting_round, lao_id=lao, kind=Kind.BY_OFFICER, day=day, asked_by=by)
            for lao in laos
        )


def _queue(reminders):
    ReminderLog.objects.bulk_create(reminders, ignore_conflicts=True, batch_size=1000)


def claim(most):
    """Take up to `most` reminders to send. Returns them; each bears the moment of the claim, which is its proof.

    Two senders at once never get the same one; one whose sender died is given out again when its claim is stale.
    """
    now = timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - STALE)
    waiting = ReminderLog.objects.filter(
        free, outcome__in=[Outcome.WAITING, Outcome.FAILED], attempts__lt=MOST_ATTEMPTS
    )
    with transaction.atomic():
        taken = waiting.order_by("pk").select_for_update(skip_locked=True)[:most].values_list("pk", flat=True)
        ids = list(taken)
        ReminderLog.objects.filter(pk__in=ids).update(claimed_at=now, attempts=F("attempts") + 1)
    return list(
        ReminderLog.objects.filter(pk__in=ids)
        .select_related("reporting_round", "lao__district__province", "lao__profile")
        .order_by("pk")
    )


def begin(reminder):
    """Write down, just before `reminder` is sent, that it may arrive; False where another sender has it meanwhile.

    What becomes of it is marked afterwards. Where nobody is left to mark it, it stays as unsure as it is.
    """
    mine = ReminderLog.objects.filter(
        pk=reminder.pk, claimed_at=reminder.claimed_at, outcome__in=[Outcome.WAITING, Outcome.FAILED]
    )
    return bool(mine.update(outcome=Outcome.UNSURE))


def mark(reminder, outcome, problem=""):
    """Write down what became of `reminder`."""
    sent_at = timezone.now() if outcome == Outcome.SENT else None
    ReminderLog.objects.filter(pk=reminder.pk).update(outcome=outcome, sent_at=sent_at, problem=problem)


def release(reminders):
    """Give back `reminders` that were claimed and never tried."""
    ids = [reminder.pk for reminder in reminders]
    ReminderLog.objects.filter(pk__in=ids).update(claimed_at=None, attempts=F("attempts") - 1)


def mark_bounced(reminder_id, problem):
    """Write down that the letter of a reminder came back; True where it may have been sent."""
    sent = ReminderLog.objects.filter(pk=reminder_id, outcome__in=[Outcome.SENT, Outcome.UNSURE])
    return bool(sent.update(outcome=Outcome.BOUNCED, problem=problem))
