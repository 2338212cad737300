"""Two people changed the same record: what merges by itself, and what the second of them chooses. Plain values only.

A record is a dict of parts; a part is what only makes sense together, such as a status and its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MINE, STORED = "mine", "stored"


@dataclass(frozen=True)
class Merged:
    """`values` of every part; the parts `asked` about, which both sides changed and nobody has chosen between (their
    value is the typed one); those `taken` from what is stored, because only the other side had changed them; and those
    that were `chosen`, with the choice."""

    values: dict[str, Any]
    asked: tuple[str, ...]
    taken: tuple[str, ...]
    chosen: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A part to choose: its label, both values in words, whether an earlier page asked in vain, and what is chosen."""

    name: str
    label: str
    stored: str
    typed: str
    unanswered: bool
    chosen: str


def merge(
    *, base: Mapping[str, Any] | None, typed: Mapping[str, Any], stored: Mapping[str, Any], chosen: Mapping[str, str]
) -> Merged:
    """What a record says once `typed` and `stored`, which both began as `base`, are put together.

    `base` is None where nobody knows it any more: then every part that differs is asked about. `chosen` has `MINE` or
    `STORED` by part; a choice counts only where there is one to make.
    """
    values: dict[str, Any] = {}
    asked, taken, made = [], [], {}
    for part, mine in typed.items():
        theirs = stored[part]
        values[part] = mine
        if mine == theirs or (base is not None and theirs == base[part]):
            continue
        if base is not None and mine == base[part]:
            values[part] = theirs
            taken.append(part)
        elif chosen.get(part) in (MINE, STORED):
            made[part] = chosen[part]
            values[part] = theirs if chosen[part] == STORED else mine
        else:
            asked.append(part)
    return Merged(values, tuple(asked), tuple(taken), made)


def choices_in(data: Mapping[str, str], version: int, *, prefix: str = "") -> tuple[dict[str, str], bool]:
    """What was chosen on the page of a conflict with the row's `version`, by part, and whether that page was sent.

    Where the row has moved on once more, the choices were between other values and don't count.
    """
    if data.get(f"{prefix}conflict") != str(version):
        return {}, False
    begins = f"{prefix}choose-"
    return {name.removeprefix(begins): data[name] for name in data if name.startswith(begins)}, True


def conflict_page(
    merged: Merged,
    typed: Mapping[str, Any],
    stored: Mapping[str, Any],
    words: Any,
    labels: Mapping[str, str],
    *,
    asked_before: bool,
    **seen: Any,
) -> dict[str, Any]:
    """What `partials/conflict.html` shows: a `Question` for each part asked about, the labels of what was taken.

    While anything is asked, what was chosen already stays there to see, with its choice. `words(part, value)` says a
    value as people read it; `seen` are the `prefix` of the form's fields, the `version` that is stored, and `by` whose
    office and `at` what time.
    """
    questions = [
        Question(
            name=part,
            label=labels[part],
            stored=words(part, stored[part]),
            typed=words(part, typed[part]),
            unanswered=asked_before and part in merged.asked,
            chosen=merged.chosen.get(part, ""),
        )
        for part in typed
        if merged.asked and (part in merged.asked or part in merged.chosen)
    ]
    return {"questions": questions, "taken": [labels[part] for part in merged.taken], **seen}
