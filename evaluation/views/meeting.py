"""What a save of scores meets that somebody else has published since: merged where it can be, else asked about."""

from dataclasses import replace

from eplan import meeting
from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import baht
from evaluation.actions import MovedOn, RefusedError
from evaluation.forms import PASSED_IN_FIELD, values_of
from evaluation.queries.entries import changes_of, entries_at
from evaluation.wording import NOT_PASSED


def publish_or_ask(forms, publish):
    """`(outcome, conflicts, refused)`: the `Outcome` of `publish()`, which publishes what all `forms` say, or None.

    `conflicts` is what is to be chosen and `refused` why else nothing was published, each by the key of the LAO.
    """
    for _ in range(meeting.TRIES):
        try:
            return publish(), {}, {}
        except RefusedError as error:
            overtaken = {key: refusal for key, refusal in error.refused.items() if isinstance(refusal, MovedOn)}
            refused = {key: refusal for key, refusal in error.refused.items() if key not in overtaken}
        met = {form: overtaken[form.standing.lao.pk] for form in forms if form.standing.lao.pk in overtaken}
        put = {form.standing.lao.pk: _put_together(form, moved.standing) for form, moved in met.items()}
        unsettled = {key: page for key, (settled, page) in put.items() if not settled}
        if unsettled or refused:
            return None, unsettled, refused
    return None, {key: page for key, (_, page) in put.items()}, {}


def _put_together(form, standing):
    names = {name: (name,) for name in form.published}
    version = form.cleaned_data["version"]
    plan = standing.plan
    # Neither is there for a version that no page of ours has sent.
    began = entries_at({plan.pk: version}).get(plan.pk) if plan else None
    change = next(iter(changes_of(plan)), None) if plan else None
    met = meeting.Met(
        version=standing.version,
        stored=meeting.in_parts(values_of(standing.entry, form.dimensions), names),
        base=meeting.in_parts(began and values_of(began, form.dimensions), names),
        carried={"version": standing.version},
        by=change.by.office if change else "",
        at=thai_datetime(change.at) if change else "",
    )
    parts = meeting.parts_of_fields(form, names, _in_words)
    typed = meeting.in_parts(values_of(form.entry, form.dimensions), names)
    return meeting.put_together(form, met, replace(parts, typed=typed))


def _in_words(part, values):
    [value] = values
    return str(value or NOT_PASSED) if part == PASSED_IN_FIELD else baht(value)
