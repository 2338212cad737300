"""Saving once: a form that is sent twice gets the same answer and acts one time."""

from lao.models import FormToken


def take_token(token, by):
    """Take the form's one-time `token` (a UUID) for `by`, inside the transaction of the save.

    Returns `(record, first)`. When `first` is false the form was saved before, and `record.made_id` names the row it
    made. A second sender waits here until the first has committed, so two clicks never act twice.
    """
    return FormToken.objects.get_or_create(user=by, token=token)


def is_taken(token, by):
    """Whether the form of `token` was saved by `by` before."""
    return FormToken.objects.filter(user=by, token=token).exists()


def keep_answer(record, made):
    """Write down that the save under `record` made the row `made`."""
    record.made_id = made.pk
    record.save(update_fields=["made_id"])
