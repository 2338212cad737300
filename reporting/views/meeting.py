"""What a save of a report meets that somebody else has saved since: merged where it can be, else asked about."""

from eplan import meeting
from lao.versions import last_saved, values_when
from reporting.actions import MovedOnError
from reporting.wording import ANSWERS, PARTS, label_of, part_in_words

BLANK = {name: None if name in ("ordinance_budget", "disbursed") else "" for name in ANSWERS} | {"in_ordinance": False}
LABELS = {part: label_of(names[0]) for part, names in PARTS.items()}


def save_or_ask(save, form):
    """`(saved, conflict)`: what `save(version, answers)` returned and None, or None and what is to be chosen.

    Raises what `save` raises otherwise.
    """

    def meet(refusal):
        report, begun_at = refusal.report, form.cleaned_data["version"]
        started = {**BLANK, **_started_from_six(form.row, form.months)}
        base = values_when(report, ANSWERS, begun_at) if begun_at else started
        by, at = last_saved(report)
        stored = meeting.in_parts({name: getattr(report, name) for name in ANSWERS}, PARTS)
        carried = {"version": report.version}
        return meeting.Met(report.version, stored, meeting.in_parts(base, PARTS), carried, by, at)

    return meeting.save_or_ask(
        form,
        lambda: save(form.cleaned_data["version"], form.answers),
        refusal=MovedOnError,
        meet=meet,
        parts=lambda: meeting.parts_of_fields(form, PARTS, part_in_words, LABELS),
    )


def _started_from_six(row, months):
    """The answers that a new report of the round began with: at 12 months those of 6, else none."""
    six = row.reports.get(6) if months == 12 else None
    return {name: getattr(six, name) for name in ANSWERS} if six else {}
