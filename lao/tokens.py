"""Saving once: a form that is sent twice gets the same answer and acts one time."""

import hashlib
import json

from django.utils import timezone

from lao.models import FormToken

# One statement, since every save pays for it. Where another sender is about to take the token, it waits for that
# transaction: for nothing to return when it commits, for the token when it fails.
TAKE = """
WITH dropped AS (DELETE FROM lao_draft WHERE user_id = %(user)s AND token = %(token)s)
INSERT INTO lao_formtoken (token, user_id, said, used_at) VALUES (%(token)s, %(user)s, %(said)s, %(now)s)
ON CONFLICT ON CONSTRAINT form_token_once_per_user DO NOTHING
RETURNING id, token, user_id, made_id, said, used_at
"""


def take_token(token, by, said=""):
    """Take the form's one-time `token` (a UUID) for `by`, inside the transaction of the save; its draft goes with it.

    Returns `(record, first)`. When `first` is false the form was saved before, and `record.made_id` names the row it
    made. A second sender waits here until the first has committed, so two clicks never act twice.
    """
    values = {"user": by.pk, "token": token, "said": said, "now": timezone.now()}
    taken = list(FormToken.objects.raw(TAKE, values))
    return (taken[0], True) if taken else (FormToken.objects.get(user=by, token=token), False)


def was_sent(token, by, said):
    """Take the `token`, and tell whether the same was saved under it before: then its answer was lost on the way.

    `said` is what the form says, in plain values. Something else under a token that was taken is a new save: somebody
    went back and typed on. None for a token, from what is no form, was never sent.
    """
    return token is not None and sent_before(token, by, said)[1]


def sent_before(token, by, said):
    """`(record, again)` of a form that makes a row: the record of its `token`, and what `was_sent` tells."""
    digest = digest_of(said)
    record, first = take_token(token, by, digest)
    return record, not first and record.said == digest


def digest_of(said):
    """What a token keeps of what its form `said`, in plain values."""
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def said_under(token, by):
    """The digest under which `by` saved the form of `token`, "" where none was kept; None where it was never saved."""
    return FormToken.objects.filter(user=by, token=token).values_list("said", flat=True).first()


def is_taken(token, by):
    """Whether the form of `token` was saved by `by` before."""
    return said_under(token, by) is not None


def keep_answer(record, made):
    """Write down that the save under `record` made the row `made`."""
    record.made_id = made.pk
    record.save(update_fields=["made_id"])
