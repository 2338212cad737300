"""Reads a plan's projects from the Excel form that `excel_form` makes, and saves them row by row once confirmed.

Each row fills the very `ProjectForm` of the screens and is saved by the very actions of the screens.
"""

import uuid
from dataclasses import replace

from eplan.workbooks import TableRow, WorkbookError, read_workbook, stamp_of, table_of
from lao.excel_forms import (
    NO_ROWS,
    NOT_A_TICK,
    Good,
    Mark,
    Reading,
    check_stamp,
    fingerprint,
    is_ticked,
    overtaken,
    read_marks,
)
from projects.actions import (
    AlreadyRecordedError,
    MovedOnError,
    NotChangeableError,
    YearsOutsidePlanError,
    YearsReportedError,
    amend_project,
    record_project,
)
from projects.excel_form import EDITION, TYPE_AMOUNT, WHAT, Shape, stamp_of_plan
from projects.forms import ProjectForm, differences, in_words
from projects.forms.project import own_amount
from projects.likeness import Names, essence
from projects.models import Project
from projects.pasted_words import amount_in, dimension_number, kind_in
from projects.queries import content_of, dimensions_of, projects_of, reported_rounds
from projects.rules import NO_BUDGET, may_change
from projects.wording import CHANGED_MEANWHILE, NOT_CHANGEABLE, why_years_are_refused, why_years_stay

PASTED, COPIED = "ข้อความที่วาง", "โครงการที่คัดลอก"
GONE = "ไม่มีโครงการของแถวนี้ในระบบแล้ว (อาจถูกลบ) กรุณากู้คืนจากรายการที่ลบก่อน หรือลบแถวนี้"


def read_projects(file, *, lao, plan, dimensions):
    """The `Reading` of an uploaded form of `plan`; a `WorkbookError` says why it can't be taken."""
    sheets = read_workbook(file)
    stamp, expected = stamp_of(sheets), stamp_of_plan(lao, plan)
    check_stamp(stamp, what=WHAT, edition=EDITION, lao=lao)
    if stamp.get("period") != expected["period"]:
        raise WorkbookError(
            f"แบบฟอร์มนี้เป็นของแผน พ.ศ. {stamp.get('period')} ไม่ใช่แผน พ.ศ. {plan.period} กรุณาเลือกแผนให้ตรงกับไฟล์"
        )
    if stamp.get("years") != expected["years"]:
        raise WorkbookError("ปีของแผนในระบบเปลี่ยนไปแล้วหลังจากดาวน์โหลดแบบฟอร์ม กรุณาดาวน์โหลดแบบฟอร์มใหม่")
    shape = Shape(plan, dimensions)
    table = table_of(sheets, shape.headings)
    if not table.rows:
        raise WorkbookError(NO_ROWS)
    reader = _Reader(shape, Reading(table.sheet, shape.headings, table.letters, shape.choices))
    for row, mark in read_marks(table, reader.reading):
        reader.take(row, mark)
    return reader.reading


def read_pasted(plan, columns, defaults):
    """The `Reading` of a `pasting.PastedPlan` under its `Columns`; every row is a new project."""
    shape = plan.shape
    letters = dict.fromkeys(shape.headings, "") | {
        key: f"คอลัมน์ที่ {place}" for place, key in enumerate(columns.keys, start=1) if key
    }
    reader = _Reader(shape, Reading(PASTED, shape.headings, letters, shape.choices))
    for row, refusals in plan.read(columns, defaults):
        for key, reason in refusals.items():
            reader.reading.refuse(row, key, reason, name=row.texts["name"])
        if not refusals:
            reader.take(row, None)
    return reader.reading


def read_copies(projects, *, source, target, dimensions, years, with_budget):
    """The `Reading` of `projects` of the plan `source`, copied to `years` of the plan `target`.

    In another plan they become new projects, in the same plan they are given the years that they lack. A year takes the
    budget of the project's latest one, or waits for an amount. `dimensions` are those of the target: the same number.
    """
    shape = Shape(target, dimensions)
    reader = _Reader(shape, Reading(COPIED, shape.headings, dict.fromkeys(shape.headings, ""), shape.choices))
    older = {dimension.pk: dimension for dimension in dimensions_of(source.period)}
    for number, project in enumerate(projects, start=1):
        stored = content_of(project)
        latest = stored.budgets[max(stored.budgets)]
        new = latest if latest is None or with_budget else TYPE_AMOUNT
        kept = stored.budgets if source == target else {}
        cells, notes = _mapped(replace(stored, budgets=dict.fromkeys(years, new) | kept), older, shape)
        mark = Mark(project.pk, project.version, fingerprint({})) if source == target else None
        texts = {key: str(cells.get(key, "")) for key in shape.headings} | {"mark": str(mark or "")}
        reader.take(TableRow(number, texts), mark)
        good = reader.reading.good
        if good and good[-1].row == number:
            good[-1].changes.extend(notes)
    return reader.reading


def _mapped(content, older, shape):
    """`(cells, notes)`: what the row of a copy says, its dimensions those of the plan of `shape` with the same numbers.

    The notes say, like changes, which dimensions are called otherwise there, or are not there.
    """
    newer = {dimension.number: dimension for dimension in shape.dimensions}
    main, *further = [older[pk] for pk in (content.dimension_id, *sorted(content.further_dimensions))]
    there = [newer[dimension.number].pk for dimension in further if dimension.number in newer]
    stands_for = newer.get(main.number, shape.dimensions[0])
    cells = shape.cells_of(replace(content, dimension_id=stands_for.pk, further_dimensions=frozenset(there)))
    if main.number not in newer:
        cells["dimension"] = str(main)  # which the form refuses, with those to choose from
    differing = [d for d in (main, *further) if d.number not in newer or newer[d.number].name != d.name]
    return cells, [["ในแผนเดิมคือ", "-", str(dimension)] for dimension in differing]


class _Reader:
    """Reads row after row of the form of a plan."""

    def __init__(self, shape, reading):
        self.shape, self.reading = shape, reading
        self.projects = {project.pk: project for project in projects_of(shape.plan)}
        self.names = Names((project.pk, project.name) for project in self.projects.values())
        self.read = {}  # of the rows that add: the essence of the name to the number and name of the first one

    def take(self, row, mark):
        """Read a row that was filled in or changed; `mark` is None for a new one."""
        project = mark and self.projects.get(mark.pk)
        if mark and project is None:
            self._refuse(row, "mark", GONE)
        elif project and not may_change(project.review_state, deleted=False):
            self._refuse(row, "mark", NOT_CHANGEABLE)
        else:
            data = self._data(row)
            form = form_of(data, self.shape.plan, self.shape.dimensions) if data else None
            for field, messages in form.errors.items() if form else ():
                self._refuse(row, self.shape.column_of(field), " ".join(messages))
            if form and form.is_valid():
                self._settle(row, mark, project, data, form.content())

    def _data(self, row):
        """What the form of a project is filled with; None where a tick can't be read."""
        unread = [key for ticks in self.shape.ticks for key in ticks.values if is_ticked(row.texts[key]) is None]
        for key in unread:
            self._refuse(row, key, NOT_A_TICK)
        return None if unread else data_of(row.texts, self.shape)

    def _settle(self, row, mark, project, data, content):
        """Put a sound row where it belongs."""
        dimensions = self.shape.dimensions
        if project is None:
            said = [[label, "-", words] for label, words in in_words(content, dimensions).items() if words != "-"]
            token = str(uuid.uuid4())
            alike = self._alike(row.number, content.name)
            self.reading.good.append(Good(row.number, content.name, True, said, data, 0, 0, token, alike))
            return
        stored = content_of(project)
        changes = [list(change) for change in differences(stored, content, dimensions)]
        leaving = stored.budgets.keys() - content.budgets.keys()
        reported = reported_rounds(project) if leaving else {}
        stuck = {year: months for year, months in reported.items() if year in leaving}
        if not changes:
            self.reading.unchanged += 1
        elif project.version != mark.version:
            self._refuse(row, "mark", overtaken(changes), version=project.version)
        elif stuck:
            self._refuse(row, own_amount(min(stuck)), why_years_stay(stuck))
        else:
            good = Good(row.number, content.name, False, changes, data, project.pk, project.version)
            self.reading.good.append(good)

    def _alike(self, number, name):
        """The projects of the plan and the first row above that a new row may be the same as."""
        first_row, first_name = self.read.setdefault(essence(name), (number, name))
        known = [{"name": one.name, "pk": one.key, "row": None, "same": one.same} for one in self.names.alike(name)]
        above = [{"name": first_name, "pk": None, "row": first_row, "same": True}] if first_row != number else []
        return known + above

    def _refuse(self, row, key, reason, **more):
        self.reading.refuse(row, key, reason, name=row.texts["name"], **more)


def form_of(data, plan, dimensions):
    """The form of a project, bound to what a row says."""
    return ProjectForm(data, plan=plan, dimensions=dimensions, address="", buttons=[])


def data_of(texts, shape):
    """What a browser would send for the row: one field for each, lists for what can be ticked."""
    of_years = {year: amount_in(texts[own_amount(year)]) for year in shape.years}
    without = [year for year, text in of_years.items() if text == NO_BUDGET]
    amounts = {year: text for year, text in of_years.items() if text and year not in without}
    return {
        "name": texts["name"],
        "kind": _chosen_kind(texts["kind"]),
        "dimension": _chosen_dimension(texts["dimension"], shape.dimensions),
        "years": [year for year, text in of_years.items() if text],
        "uses_budget": "yes" if amounts else "no",
        **{own_amount(year): text for year, text in amounts.items()},
        "years_without_budget": without if amounts else [],
        **{ticks.field: [v for key, v in ticks.values.items() if is_ticked(texts[key])] for ticks in shape.ticks},
        "objective": texts["objective"],
        "remark": texts["remark"],
    }


def _chosen_kind(text):
    """The value of the kind whose label begins the text; what is none goes on as it is, for the form to refuse."""
    label = kind_in(text, Project.Kind.labels)
    return next((value for value, known in Project.Kind.choices if known == label), text)


def _chosen_dimension(text, dimensions):
    """The key of a dimension that is called by its name, by มิติที่ and its number, or by its number."""
    number = dimension_number(text)
    found = next((d.pk for d in dimensions if d.number == number or text in (str(d), d.name)), None)
    return found or (text and f"“{text}”")  # never taken for a key


def save_project(upload, row, *, by, dimensions):
    """Save one `lao.excel_forms.Good` row of an upload; "" when done, else why not."""
    form = form_of(row.data, upload.plan, dimensions)
    if not form.is_valid():
        return CHANGED_MEANWHILE
    content = form.content()
    try:
        if row.adds:
            record_project(by=by, token=uuid.UUID(row.token), plan=upload.plan, content=content)
        else:
            amend_project(by=by, project_id=row.pk, version=row.version, content=content)
    except YearsOutsidePlanError as refusal:
        return why_years_are_refused(refusal.years)
    except YearsReportedError as refusal:
        return why_years_stay(refusal.rounds)
    except NotChangeableError:
        return NOT_CHANGEABLE
    except (AlreadyRecordedError, MovedOnError, Project.DoesNotExist):
        return CHANGED_MEANWHILE
    return ""
