"""Reads a province's scores from the Excel form that `exports.template` makes. Nothing is saved here.

A row that can't be taken goes back in such a form, with what was typed and what is to be mended.
"""

from django.core.exceptions import ValidationError

from eplan.fields import CodeField
from eplan.fiscal import parse_year
from eplan.workbooks import TableRow, WorkbookError, read_workbook, stamp_of, table_of
from evaluation import rules
from evaluation.actions import Submission, still_wanted
from evaluation.exports.template import EDITION, WHAT, headings_of, row_of, version_key
from evaluation.forms import TOTAL, EntryForm, PointsField, points_name
from evaluation.models import Score
from evaluation.queries.entries import laos_of, standard_of, standings_of, years_in_use
from evaluation.rules import Points
from evaluation.wording import differences, years_taken_away
from lao.excel_forms import Good, Reading, check_kind, overtaken, rows_to_mend
from projects.queries import dimensions_of

WRONG_PROVINCE = "แบบฟอร์มนี้เป็นของจังหวัด{theirs} ไม่ใช่จังหวัด{ours} กรุณาเลือกจังหวัดให้ตรงกับไฟล์"
WRONG_PERIOD = "แบบฟอร์มนี้เป็นของแผน พ.ศ. {theirs} ไม่ใช่แผน พ.ศ. {ours} กรุณาเลือกแผนให้ตรงกับไฟล์"
NO_ROWS = "แบบฟอร์มนี้ยังไม่มีแถวของ อปท. กรุณาดาวน์โหลดแบบฟอร์มใหม่"
NOT_YOURS = "บัญชี ป.ป.ช. ภาค แก้ไขปีที่ผ่านเกณฑ์ไม่ได้ กรุณาใส่ค่าเดิม"


def read_scores(file, *, by, province, period):
    """`(reading, versions)` of an uploaded form of `province` and `period`; a `WorkbookError` says why it can't go.

    `versions` are those that the form was filled from, by code; where others saved since, the one that the `Reading`
    tells of.
    """
    sheets = read_workbook(file)
    stamp = stamp_of(sheets)
    _check_stamp(stamp, province, period)
    dimensions = dimensions_of(period)
    headings = headings_of(dimensions)
    table = table_of(sheets, headings)
    if not table.rows:
        raise WorkbookError(NO_ROWS)
    reader = _Reader(by, province, period, dimensions, stamp, Reading(table.sheet, headings, table.letters, {}))
    for row in table.rows:
        reader.take(row)
    return reader.finish(), reader.versions


def _check_stamp(stamp, province, period):
    check_kind(stamp, what=WHAT, edition=EDITION)
    if stamp.get("province") != province.pk:
        raise WorkbookError(WRONG_PROVINCE.format(theirs=stamp.get("province_name", "อื่น"), ours=province))
    if stamp.get("period") != str(period):
        raise WorkbookError(WRONG_PERIOD.format(theirs=stamp.get("period"), ours=period))


class _Reader:
    """Reads row after row; an LAO's row is known by its code."""

    def __init__(self, by, province, period, dimensions, stamp, reading):
        self.province, self.period, self.stamp = province, period, stamp
        self.dimensions, self.standard = dimensions, standard_of(period)
        self.may_set_passed = rules.may_set_passed(by.role)
        self.standings = {s.lao.code: s for s in standings_of(laos_of(by, province), period)}
        self.versions = {code: self._version(code) for code in self.standings}
        self.rows, self.submissions, self.reading = {}, [], reading

    def take(self, row):
        """Read one row of the table."""
        row = TableRow(row.number, {key: _without_sum(key, text) for key, text in row.texts.items()})
        standing = self._standing_of(row)
        if standing is None:
            return
        self.rows[standing.lao.code] = row
        texts = {key: text for key, text in row.texts.items() if key != "code"}
        if not any(texts.values()):
            self.reading.unchanged += 1
            return
        form = EntryForm(
            {**texts, "version": self._version(standing.lao.code)},
            standing=standing,
            period=self.period,
            dimensions=self.dimensions,
            standard=self.standard,
            may_set_passed=self.may_set_passed,
        )
        for key, messages in form.errors.items():
            self._refuse(row, standing, key, " ".join(messages))
        if form.is_valid() and self._passed_is_left(row, standing):
            self.submissions.append(Submission(standing.lao.pk, form.cleaned_data["version"], form.entry))

    def _version(self, code):
        return self.stamp.get(version_key(code), "0")

    def _standing_of(self, row):
        """The `Standing` of the LAO that the row is of, None where that is a problem."""
        try:
            code = CodeField().clean(row.texts["code"])
        except ValidationError as error:
            self._refuse(row, None, "code", error.message)
            return None
        standing = self.standings.get(code)
        if standing is None:
            self._refuse(row, None, "code", f"ไม่มีรหัส อปท. นี้ในจังหวัด{self.province}")
            return None
        if code in self.rows:
            self._refuse(row, standing, "code", f"รหัสนี้ซ้ำกับแถวที่ {self.rows[code].number}")
            return None
        return standing

    def _passed_is_left(self, row, standing):
        stands = str(standing.entry.passed_in or "")
        if self.may_set_passed or row.texts["passed_in"] == stands:
            return True
        self._refuse(row, standing, "passed_in", NOT_YOURS)
        return False

    def _refuse(self, row, standing, key, reason):
        self.reading.refuse(row, key, reason, name=str(standing.lao) if standing else "")

    def finish(self):
        """The `Reading` of all rows taken."""
        standings = {standing.lao.pk: standing for standing in self.standings.values()}
        wanted = still_wanted(self.submissions, standings)
        in_use = years_in_use([standings[s.lao_id].plan for s in wanted if standings[s.lao_id].plan])
        self.reading.unchanged += len(self.submissions) - len(wanted)
        for submission in wanted:
            standing, entry = standings[submission.lao_id], submission.entry
            row = self.rows[standing.lao.code]
            taken = rules.years_taken_away(entry.passed_in, in_use.get(standing.plan and standing.plan.pk, []))
            if submission.version != standing.version:
                self.versions[standing.lao.code] = str(standing.version)
                changes = differences(standing.entry, entry, self.dimensions)
                self._refuse(row, standing, "code", overtaken(changes))
            elif taken and entry.passed_in != standing.entry.passed_in:
                self._refuse(row, standing, "passed_in", years_taken_away(taken))
            else:
                self.reading.good.append(self._good(row, standing, submission))
        return self.reading

    def _good(self, row, standing, submission):
        entry = submission.entry
        return Good(
            row=row.number,
            name=str(standing.lao),
            adds=False,
            changes=[list(change) for change in differences(standing.entry, entry, self.dimensions)],
            data=entry.as_json(),
            pk=submission.lao_id,
            version=submission.version,
            explain=rules.changes_published(standing.entry, entry),
        )


def rows_to_mend_of(upload, *, laos, dimensions):
    """The bad rows of a `ScoreUpload` as cells of its form, numbers as numbers; `laos` are those of its province."""
    known = {lao.code: lao for lao in laos}
    return [_cells(row, known.get(row["code"]), dimensions) for row in rows_to_mend(upload)]


def _cells(row, lao, dimensions):
    cells = {**row, "passed_in": parse_year(row["passed_in"]) or row["passed_in"]}
    for source in Score.Source:
        *parts, total = (points_name(source, place) for place in (*(d.number for d in dimensions), TOTAL))
        read = {name: _points(row[name]) for name in (*parts, total)}
        cells |= {name: row[name] if points is None else points for name, points in read.items()}
        if read[total] is not None or not row[total]:  # what the form had summed up itself, it sums up again
            cells[total] = Points(tuple(read[name] for name in parts), read[total]).settled().entered
    return cells | (row_of(lao) if lao else {})


def _points(text):
    """The points that a cell says, None where it says none."""
    try:
        return PointsField().clean(text)
    except ValidationError:
        return None


def _without_sum(key, text):
    """What stands in a cell; a total that is the form's own sum, never computed, counts as empty."""
    return "" if key.endswith(TOTAL) and text.startswith("=") else text
