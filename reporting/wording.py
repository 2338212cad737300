"""What a progress report says, in words: for reading, for comparing two versions, and for its history."""

from decimal import Decimal

from eplan.numbers import with_commas
from reporting.models import KeptCaution, ProgressReport

# The answers of the form, in its order.
ANSWERS = ("ordinance_budget", "disbursed", "in_ordinance", "status", "reason", "other_reason", "remark")
# What is chosen together where two people changed a report: the reason says nothing without its status.
PARTS = {
    "ordinance_budget": ("ordinance_budget",),
    "disbursed": ("disbursed",),
    "in_ordinance": ("in_ordinance",),
    "status": ("status", "reason", "other_reason"),
    "remark": ("remark",),
}
_AMOUNTS = ("ordinance_budget", "disbursed")
NOTHING = "-"


def label_of(name):
    """The Thai name of an answer, without the fiscal year that the form puts behind it."""
    return ProgressReport._meta.get_field(name).verbose_name


def in_words(name, value):
    """The `value` of the answer `name` as people read it; "-" where nothing is said.

    Takes what the model holds and what the audit trail, being JSON, made of it.
    """
    if value is None or value == "":
        return NOTHING
    if name in _AMOUNTS:
        return f"{with_commas(Decimal(str(value)))} บาท"
    if name == "in_ordinance":
        return "บรรจุไว้แล้ว" if value else "ไม่ได้บรรจุไว้"
    choices = dict(ProgressReport._meta.get_field(name).flatchoices)
    return choices.get(value, str(value))


def answers_of(report, *, with_budget):
    """`(label, words)` of everything that `report` says; amounts only where the project uses a budget."""
    told = [name for name in ANSWERS if with_budget or name not in _AMOUNTS]
    silent = [name for name in ("reason", "other_reason") if not getattr(report, name)]
    return [(label_of(name), in_words(name, getattr(report, name))) for name in told if name not in silent]


def part_in_words(part, values):
    """The `values` of a part as people read them."""
    said = [in_words(name, value) for name, value in zip(PARTS[part], values, strict=True)]
    return " · ".join(words for words in said if words != NOTHING) or NOTHING


def differences(stored, typed):
    """Where the report `stored` and the dict of answers `typed` differ: dicts of label, stored and typed, in words."""
    return [
        {"label": label_of(name), "stored": in_words(name, getattr(stored, name)), "typed": in_words(name, typed[name])}
        for name in ANSWERS
        if getattr(stored, name) != typed[name]
    ]


def changes_of(entry):
    """`(label, before, after)` of each answer that the `AuditEntry` touched, in words, or of what was kept."""
    before, after = entry.before or {}, entry.after or {}
    if entry.table_name == KeptCaution._meta.db_table:
        told = {"words": "ข้อที่ควรตรวจสอบ", "note": KeptCaution._meta.get_field("note").verbose_name}
        return [(label, before.get(name, NOTHING), after[name]) for name, label in told.items() if name in after]
    rows = [(name, in_words(name, before.get(name)), in_words(name, after.get(name))) for name in ANSWERS]
    return [(label_of(name), was, becomes) for name, was, becomes in rows if was != becomes]
