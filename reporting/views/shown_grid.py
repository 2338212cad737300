"""The grid of a round as its template and its script take it."""

from decimal import Decimal
from typing import NamedTuple

from eplan.fiscal import thai_datetime
from eplan.numbers import with_commas
from reporting.forms import KEEPING, keep_name
from reporting.wording import ANSWERS, in_words

AMOUNTS = ("ordinance_budget", "disbursed")
FROM_SIX = "ยังไม่ได้บันทึก · เริ่มจากรอบ 6 เดือน"
DONE_AT_SIX = "แล้วเสร็จตั้งแต่รอบ 6 เดือน ไม่ต้องรายงานซ้ำ"


class Cell(NamedTuple):
    """A field in the grid: the name of its answer, its HTML, the value that stands in it, what is wrong."""

    name: str
    id: str
    label: str
    field: str
    value: object
    errors: list[str]


class Note(NamedTuple):
    """A line under a row: of what kind, the words, and where it asks for an answer, the name, label and text of it."""

    kind: str
    words: str
    name: str = ""
    label: str = ""
    typed: str = ""


class ShownLine(NamedTuple):
    """A row: `state` in words, `notes` under it, `hidden` fields as (name, value).

    `cells` has a `Cell` for each of `ANSWERS`, None for amounts of a project without a budget.
    """

    key: str
    row: object
    cells: list[Cell | None]
    state: str
    reported: bool
    notes: list[Note]
    hidden: list[tuple[str, object]]
    conflict: dict | None


def shown_lines(lines):
    """`ShownLine`s to type in."""
    return [_shown(line, [_cell(line.form, name) for name in ANSWERS]) for line in lines]


def shown_said(lines):
    """`ShownLine`s to read: each cell is what the report of the round says, in words."""
    shown = []
    for line in lines:
        words = [in_words(name, line.report and getattr(line.report, name)) for name in ANSWERS]
        shown.append(_shown(line, words if line.report else ["-"] * len(ANSWERS)))
    return shown


def shown_sums(lines):
    """What stands at the foot: the sums of the amounts in the cells, of the plan, and how many rows are reported."""
    sums = {name: with_commas(sum((_amount(line.form, name) for line in lines), Decimal(0))) for name in AMOUNTS}
    plan = sum((line.row.plan_budget or 0 for line in lines), Decimal(0))
    reported = sum(line.row.is_settled(line.months) for line in lines)
    return {**sums, "plan": with_commas(plan), "reported": reported, "lines": len(lines)}


def _shown(line, cells):
    hidden = [(line.form[name].html_name, line.form[name].value()) for name in ("version", "shown")]
    reported = line.row.is_settled(line.months)
    return ShownLine(line.key, line.row, cells, _state(line), reported, _notes(line), hidden, line.conflict)


def _state(line):
    if line.saved is False:
        return "ยังไม่ได้บันทึก"
    if line.report:
        return f"บันทึกแล้ว {thai_datetime(line.report.updated_at)}"
    if line.from_six:
        return FROM_SIX
    return DONE_AT_SIX if line.row.is_settled(line.months) else "ยังไม่รายงาน"


def _notes(line):
    notes = [Note("danger", str(error)) for error in line.form.non_field_errors()] if line.form.is_bound else []
    for caution in line.row.cautions(line.months):
        field = line.form[keep_name(caution.kind)]
        wrong = f" ({' '.join(field.errors)})" if line.form.is_bound and field.errors else ""
        words = f"ควรตรวจสอบ: {caution.words}{wrong}"
        notes.append(Note("caution", words, field.html_name, KEEPING, field.value() or ""))
    notes += [Note("kept", f"ยืนยันแล้ว: {kept.words} เพราะ {kept.note}") for kept in line.row.kept(line.months)]
    return notes


def _cell(form, name):
    if name not in form.fields:
        return None
    bound = form[name]
    errors = [str(error) for error in bound.errors] if form.is_bound else []
    kind = {"status": "form-select", "reason": "form-select", "in_ordinance": "form-check-input"}
    attrs = {"class": kind.get(name, "form-control")}
    if errors:
        attrs["class"] += " is-invalid"
        attrs |= {"aria-describedby": f"{bound.auto_id}_error"}
    if name in AMOUNTS:
        attrs |= {"class": f"{attrs['class']} num", "data-money": ""}
    return Cell(name, bound.auto_id, bound.label, bound.as_widget(attrs=attrs), bound.value(), errors)


def _amount(form, name):
    """The amount in a cell, 0 where there is none that can be read."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data.get(name) or Decimal(0)
    return form.initial.get(name) or Decimal(0)
