"""What central officers do to rounds and to extensions."""

from django.db import IntegrityError, transaction

from lao.audit import acting
from lao.tokens import keep_answer, sent_before, was_sent
from reporting.models import Extension, ReportingRound


class RoundExistsError(Exception):
    """There is a round of that year and those months already."""


class RoundMovedOnError(Exception):
    """Someone else changed the dates since the form was filled; `reporting_round` is what stands now."""

    def __init__(self, reporting_round):
        super().__init__("วันของรอบนี้ถูกแก้ไขไปแล้ว")
        self.reporting_round = reporting_round


def create_round(*, by, token, fiscal_year, months, opens_on, closes_on):
    """Set the dates of a round that had none, and return it; the form's one-time `token` gives a second sending the
    first one's round. Raises `RoundExistsError`."""
    dates = {"opens_on": opens_on, "closes_on": closes_on}
    with acting(by):
        record, again = sent_before(token, by, ["round", fiscal_year, months, dates])
        if again:
            return ReportingRound.objects.get(pk=record.made_id)
        try:
            with transaction.atomic():
                made = ReportingRound.objects.create(fiscal_year=fiscal_year, months=months, **dates)
        except IntegrityError as error:
            if error.__cause__.diag.constraint_name != "round_once_per_year":
                raise
            raise RoundExistsError from error
        keep_answer(record, made)
        return made


def change_round(*, by, round_id, opens_on, closes_on, known, token=None):
    """Change the dates of a round, and return it; those that stand already change nothing.

    `known` are the dates that the form was filled from, None where nobody knows; its one-time `token` gives a second
    sending the first one's result. Raises `ReportingRound.DoesNotExist`, and `RoundMovedOnError` where the dates are no
    longer those.
    """
    with acting(by):
        found = ReportingRound.objects.select_for_update().get(pk=round_id)
        if was_sent(token, by, ["round", round_id, opens_on, closes_on]):
            return found
        if (found.opens_on, found.closes_on) == (opens_on, closes_on):
            return found
        if known != (found.opens_on, found.closes_on):
            raise RoundMovedOnError(found)
        found.opens_on, found.closes_on = opens_on, closes_on
        found.save()
        return found


def extend(*, by, token, reporting_round, lao, province, until, reason):
    """Give `lao` or `province`, the other being None, until a later day; the same sent twice does so once."""
    said = {"reporting_round": reporting_round, "lao": lao, "province": province, "until": until, "reason": reason}
    with acting(by):
        if not was_sent(token, by, {name: getattr(value, "pk", value) for name, value in said.items()}):
            Extension.objects.create(**said)


def end_extension(*, by, extension_id, today):
    """Let an extension end with `today`, and return it; one that has ended already stays as it is.

    Raises `Extension.DoesNotExist`.
    """
    with acting(by):
        found = Extension.objects.select_for_update().get(pk=extension_id)
        if found.until > today:
            found.until = today
            found.save()
        return found
