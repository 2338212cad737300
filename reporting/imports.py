"""Reads the reports of a round from the Excel form that `excel_form` makes, and saves them once confirmed.

Each row fills the very `ReportForm` of the screens and is saved by the very action of the screens.
"""

from django.core.exceptions import ObjectDoesNotExist

from eplan.workbooks import WorkbookError, read_workbook, stamp_of, table_of
from lao.excel_forms import (
    NO_ROWS,
    NOT_A_TICK,
    Good,
    Reading,
    check_stamp,
    is_ticked,
    overtaken,
    read_marks,
)
from projects.rules import NO_BUDGET
from projects.wording import CHANGED_MEANWHILE, NOT_CHANGEABLE
from reporting.actions import MovedOnError, RefusedError, save_report
from reporting.excel_form import CHOICES, EDITION, LABELS, MONEY, WHAT, headings_of
from reporting.forms import ReportForm
from reporting.wording import ANSWERS, NOTHING, differences, in_words, label_of

UNKNOWN_ROW = "ไม่พบโครงการของแถวนี้ในปีงบประมาณนี้ โครงการใหม่ให้บันทึกที่หน้าบันทึกโครงการก่อน แล้วดาวน์โหลดแบบฟอร์มใหม่"
USES_NO_BUDGET = f"โครงการนี้{NO_BUDGET} กรุณาเว้นช่องนี้ว่าง"


def read_reports(file, *, lao, fiscal_year, months, rows):
    """The `Reading` of an uploaded form of a round; `rows` are all `ReportRow`s of `lao` in the year.

    A `WorkbookError` says why the file can't be taken.
    """
    sheets = read_workbook(file)
    stamp = stamp_of(sheets)
    check_stamp(stamp, what=WHAT, edition=EDITION, lao=lao)
    if stamp.get("year") != str(fiscal_year):
        raise WorkbookError(f"แบบฟอร์มนี้เป็นของปีงบประมาณ {stamp.get('year')} ไม่ใช่ปี {fiscal_year} กรุณาเลือกปีให้ตรงกับไฟล์")
    if stamp.get("months") != str(months):
        raise WorkbookError(f"แบบฟอร์มนี้เป็นของรอบ {stamp.get('months')} เดือน ไม่ใช่รอบ {months} เดือน กรุณาเลือกรอบให้ตรงกับไฟล์")
    headings = headings_of(months)
    table = table_of(sheets, headings)
    if not table.rows:
        raise WorkbookError(NO_ROWS)
    reader = _Reader(months, rows, Reading(table.sheet, headings, table.letters, LABELS))
    for row, mark in read_marks(table, reader.reading):
        reader.take(row, mark)
    return reader.reading


class _Reader:
    """Reads row after row of the form of a round."""

    def __init__(self, months, rows, reading):
        self.months, self.reading = months, reading
        self.rows = {row.project_year.pk: row for row in rows}

    def take(self, row, mark):
        """Read a row that was filled in or changed."""
        known = mark and self.rows.get(mark.pk)
        if known is None:
            self._refuse(row, "mark", UNKNOWN_ROW)
        elif not known.counted:
            self._refuse(row, "mark", NOT_CHANGEABLE)
        else:
            self._read(row, mark, known)

    def _read(self, row, mark, known):
        unread = [] if is_ticked(row.texts["in_ordinance"]) is not None else ["in_ordinance"]
        amounts = [] if known.plan_budget is not None else [name for name in MONEY if row.texts[name] not in ("", "-")]
        for key in unread:
            self._refuse(row, key, NOT_A_TICK)
        for key in amounts:
            self._refuse(row, key, USES_NO_BUDGET)
        data = data_of(row.texts)
        form = ReportForm(data, row=known, months=self.months)
        for field, messages in form.errors.items():
            self._refuse(row, field, " ".join(messages))
        if form.is_valid() and not unread and not amounts:
            self._settle(row, mark, known, data, form.answers)

    def _settle(self, row, mark, known, data, answers):
        """Put a sound row where it belongs."""
        stored = known.reports.get(self.months)
        told = (row.number, known.project.name)
        if stored is None:
            said = [(label_of(name), NOTHING, in_words(name, answers[name])) for name in ANSWERS]
            said = [line for line in said if line[2] != NOTHING]
            self.reading.good.append(Good(*told, True, said, data, known.project_year.pk, 0))
            return
        changes = [(of["label"], of["stored"], of["typed"]) for of in differences(stored, answers)]
        if not changes:
            self.reading.unchanged += 1
        elif stored.version != mark.version:
            self._refuse(row, "mark", overtaken(changes), version=stored.version)
        else:
            self.reading.good.append(Good(*told, False, changes, data, known.project_year.pk, stored.version))

    def _refuse(self, row, key, reason, **more):
        self.reading.refuse(row, key, reason, name=row.texts["name"], **more)


def data_of(texts):
    """What a browser would send for the row."""
    labels = {name: {label: value for value, label in choices} for name, choices in CHOICES.items()}
    chosen = {name: labels[name].get(texts[name], texts[name]) for name in CHOICES}
    amounts = {name: "" if texts[name] == "-" else texts[name] for name in MONEY}
    return (
        {name: texts[name] for name in ANSWERS} | chosen | amounts | {"in_ordinance": is_ticked(texts["in_ordinance"])}
    )


def save_row(upload, row, *, by, rows, today):
    """Save one `lao.excel_forms.Good` row of an upload; "" when done, else why not. `rows`: `ReportRow`s by key."""
    form = ReportForm(row.data, row=rows[row.pk], months=upload.months) if row.pk in rows else None
    if form is None or not form.is_valid():
        return CHANGED_MEANWHILE
    try:
        save_report(
            by=by,
            project_year_id=row.pk,
            months=upload.months,
            version=row.version,
            today=today,
            answers=form.answers,
        )
    except RefusedError as refusal:
        return str(refusal)
    except (MovedOnError, ObjectDoesNotExist):
        return CHANGED_MEANWHILE
    return ""
