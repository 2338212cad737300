"""What a save of a report meets that somebody else has saved since: merged where it can be, else asked about."""

from eplan.conflicts import choices_in, conflict_page, merge
from eplan.forms import fill_in
from lao.versions import last_saved, values_when
from reporting.actions import MovedOnError
from reporting.wording import ANSWERS, PARTS, answers_in, label_of, part_in_words, parts_of

# A save that is overtaken again and again is shown rather than tried for ever.
TRIES = 3
BLANK = {name: None if name in ("ordinance_budget", "disbursed") else "" for name in ANSWERS} | {"in_ordinance": False}


def save_or_ask(save, form):
    """`(saved, conflict)`: what `save(version, answers)` returned and None, or None and what is to be chosen.

    Raises what `save` raises otherwise.
    """
    begun_at = form.cleaned_data["version"]
    prefix = f"{form.prefix}-" if form.prefix else ""
    version, answers = begun_at, form.answers
    for _ in range(TRIES):
        try:
            return save(version, answers), None
        except MovedOnError as refusal:
            report = refusal.report
        base = (
            values_when(report, ANSWERS, begun_at)
            if begun_at
            else {**BLANK, **_started_from_six(form.row, form.months)}
        )
        chosen, asked_before = choices_in(form.data, report.version, prefix=prefix)
        stored = parts_of({name: getattr(report, name) for name in ANSWERS})
        merged = merge(base=base and parts_of(base), typed=parts_of(form.answers), stored=stored, chosen=chosen)
        version, answers = report.version, answers_in(merged.values)
        if merged.asked:
            break
    # What merges by itself stands in the fields from now on.
    fill_in(form, {name: answers[name] for part in merged.taken for name in PARTS[part] if name in form.fields})
    by, at = last_saved(report)
    labels = {part: label_of(names[0]) for part, names in PARTS.items()}
    seen = {"prefix": prefix, "version": report.version, "by": by, "at": at}
    return None, conflict_page(merged, stored, part_in_words, labels, asked_before=asked_before, **seen)


def _started_from_six(row, months):
    """The answers that a new report of the round began with: at 12 months those of 6, else none."""
    six = row.reports.get(6) if months == 12 else None
    return {name: getattr(six, name) for name in ANSWERS} if six else {}
