"""Keeping on the server what is being typed, so that it is offered back on another machine too."""

from datetime import timedelta

from django.utils import timezone

from lao.models import Draft
from lao.tokens import is_taken

KEPT_FOR = timedelta(days=30)
MOST_PER_ACCOUNT = 40
LONGEST = 100_000  # characters of all fields of one form


def keep_draft(*, by, record, token, version, fields):
    """Keep the `fields` (pairs of name and value) of the form `token` as the draft of `record`; the last one stands.

    A form that was saved meanwhile has no draft any more. Over `MOST_PER_ACCOUNT` the oldest goes.
    """
    if is_taken(token, by):
        return
    others = Draft.objects.filter(user=by).exclude(record=record).order_by("-updated_at")
    too_many = list(others.values_list("pk", flat=True)[MOST_PER_ACCOUNT - 1 :])
    if too_many:
        Draft.objects.filter(pk__in=too_many).delete()
    fields = [[name, value] for name, value in fields if "password" not in name.lower()]
    draft = Draft(user=by, record=record, token=token, version=version, fields=fields, updated_at=timezone.now())
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["user", "record"],
        update_fields=["token", "version", "fields", "updated_at"],
    )


def draft_of(user, record):
    """The draft that `user` has of `record`, or None; what is older than `KEPT_FOR` is not offered."""
    fresh = Draft.objects.filter(updated_at__gt=timezone.now() - KEPT_FOR)
    return fresh.filter(user=user, record=record).first()


def discard_draft(*, by, token):
    """Throw away what `by` typed into the form `token`."""
    Draft.objects.filter(user=by, token=token).delete()
