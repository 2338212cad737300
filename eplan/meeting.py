"""A save that meets what somebody else has saved since its form was filled: put together, else asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eplan.conflicts import choices_in, conflict_page, merge
from eplan.forms import fill_in, version_of

# A save that is overtaken again and again is shown rather than tried for ever.
TRIES = 3


@dataclass(frozen=True)
class Parts:
    """A record by part, as a form has it: the values `typed`, and what each part is called.

    `words(part, value)` is a value as people read it, `fields(part, value)` what the form's fields hold for it.
    """

    typed: Mapping[str, Any]
    labels: Mapping[str, str]
    words: Callable[[str, Any], str]
    fields: Callable[[str, Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Met:
    """What stands instead: its `version`, its values by part, and `base`, those that the form was filled from; None
    where nobody knows them any more.

    `carried` are the hidden fields of a form that is filled from it; `by` whose office saved it, `at` what time.
    """

    version: int
    stored: Mapping[str, Any]
    base: Mapping[str, Any] | None
    carried: Mapping[str, Any]
    by: str
    at: str


def save_or_ask(form, save, *, refusal, meet, parts):
    """`(saved, conflict)`: what `save()` returned and None, or None and what is to be chosen or mended.

    `save` saves what the bound, valid `form` says and raises a `refusal` where the record has moved on; `meet(refusal)`
    is the `Met` and `parts()` the `Parts` of the form. Raises what `save` raises otherwise.
    """
    for _ in range(TRIES):
        try:
            return save(), None
        except refusal as moved:
            settled, conflict = put_together(form, meet(moved), parts())
        if not settled:
            break
    return None, conflict


def put_together(form, met, parts):
    """Let the bound `form` hold what it says and what was `met`, put together, as if it were filled from the latter.

    Returns `(settled, conflict)`: whether it may be saved, nothing being left to choose and the whole standing by the
    form's own rules, and what `partials/conflict.html` shows otherwise.
    """
    prefix = f"{form.prefix}-" if form.prefix else ""
    chosen, asked_before = choices_in(form.data, met.version, prefix=prefix)
    merged = merge(base=met.base, typed=parts.typed, stored=met.stored, chosen=chosen)
    held = merged.taken if merged.asked else merged.values
    values = {}
    for part in held:
        values |= parts.fields(part, met.stored[part] if merged.asked else merged.values[part])
    fill_in(form, values if merged.asked else {**values, **met.carried})
    form.full_clean()
    seen = {"prefix": prefix, "version": met.version, "by": met.by, "at": met.at}
    page = conflict_page(merged, parts.typed, met.stored, parts.words, parts.labels, asked_before=asked_before, **seen)
    return form.is_valid() and not merged.asked, page


def parts_of_fields(form, names, words, labels=None):
    """The `Parts` of a form whose parts are the fields `names`, by part: a value is a tuple of theirs.

    A part is called as its first field, where `labels` says nothing else. Rows of the database stand for their keys.
    """
    there = {part: [name for name in fields if name in form.fields] for part, fields in names.items()}
    called = {part: form.fields[fields[0]].label for part, fields in there.items() if fields}
    return Parts(
        typed=in_parts({name: form.cleaned_data.get(name) for each in names.values() for name in each}, names),
        labels={**called, **(labels or {})},
        words=words,
        fields=lambda part, value: {
            name: each for name, each in zip(names[part], value, strict=True) if name in form.fields
        },
    )


def in_parts(values, names):
    """The dict of `values` as parts, tuples of those under the `names` of each; None for no values, or for too few."""
    if values is None or not all(name in values for fields in names.values() for name in fields):
        return None
    return {part: tuple(getattr(values[name], "pk", values[name]) for name in fields) for part, fields in names.items()}


def met_by_start(form, values, names, by, at):
    """The `Met` of a `StartedForm`: `values` (by field) stand, whose parts are the fields `names`."""
    started = form.started_text(values)
    version, base = version_of(started), in_parts(form.started_from, names)
    return Met(version, in_parts(values, names), base, {"started": started}, by, at)
