"""Reads a province's scores from the Excel form that `exports.template` makes. Nothing is saved here."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError

from eplan.fields import CodeField
from eplan.workbooks import NOT_OURS, WorkbookError, read_workbook, stamp_of, table_of
from evaluation import rules
from evaluation.actions import Submission, still_wanted
from evaluation.exports.template import EDITION, WHAT, headings_of, version_key
from evaluation.forms import TOTAL, EntryForm
from evaluation.queries.entries import laos_of, standard_of, standings_of, years_in_use
from evaluation.wording import differences, years_taken_away
from projects.queries import dimensions_of

OLD_EDITION = "แบบฟอร์มนี้เป็นรุ่นเก่า กรุณาดาวน์โหลดแบบฟอร์มใหม่ แล้วคัดลอกคะแนนลงในไฟล์ใหม่"
WRONG_PROVINCE = "แบบฟอร์มนี้เป็นของจังหวัด{theirs} ไม่ใช่จังหวัด{ours} กรุณาเลือกจังหวัดให้ตรงกับไฟล์"
WRONG_PERIOD = "แบบฟอร์มนี้เป็นของแผน พ.ศ. {theirs} ไม่ใช่แผน พ.ศ. {ours} กรุณาเลือกแผนให้ตรงกับไฟล์"
NO_ROWS = "แบบฟอร์มนี้ยังไม่มีแถวของ อปท. กรุณาดาวน์โหลดแบบฟอร์มใหม่"
OVERTAKEN = "มีผู้แก้ไขข้อมูลของ อปท. นี้หลังจากดาวน์โหลดแบบฟอร์ม กรุณากรอกในหน้าจอ หรือดาวน์โหลดแบบฟอร์มใหม่"
NOT_YOURS = "บัญชี ป.ป.ช. ภาค แก้ไขปีที่ผ่านเกณฑ์ไม่ได้ กรุณาใส่ค่าเดิม"


@dataclass(frozen=True)
class Problem:
    """What stops one row: its number in the sheet, the LAO, the column and what stands there, and the reason."""

    row: int
    lao: str
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Good:
    """A row that can be published: its number, the LAO, what goes from what to what, and the submission in JSON."""

    row: int
    lao: str
    code: str
    changes: list[tuple[str, str, str]]
    explain: bool
    lao_id: int
    version: int
    entry: dict


@dataclass(frozen=True)
class Reading:
    """What a file says: rows that can be published, problems, and how many rows say nothing new."""

    good: list[Good]
    problems: list[Problem]
    unchanged: int

    def as_json(self):
        """The columns of a `ScoreUpload`."""
        return {
            "good": [asdict(row) for row in self.good],
            "problems": [asdict(problem) for problem in self.problems],
            "unchanged": self.unchanged,
        }


def read_scores(file, *, by, province, period):
    """The `Reading` of an uploaded form of `province` and `period`; a `WorkbookError` says why it can't be taken."""
    sheets = read_workbook(file)
    stamp = stamp_of(sheets)
    _check_stamp(stamp, province, period)
    dimensions = dimensions_of(period)
    headings = headings_of(dimensions)
    table = table_of(sheets, headings)
    if not table.rows:
        raise WorkbookError(NO_ROWS)
    reader = _Reader(by, province, period, dimensions, stamp)
    for row in table.rows:
        reader.take(row)
    named = {key: f"{table.letters[key]} {heading}" for key, heading in headings.items()}
    return reader.finish(named)


def _check_stamp(stamp, province, period):
    if stamp.get("what") != WHAT:
        raise WorkbookError(NOT_OURS)
    if stamp.get("edition") != EDITION:
        raise WorkbookError(OLD_EDITION)
    if stamp.get("province") != province.pk:
        raise WorkbookError(WRONG_PROVINCE.format(theirs=stamp.get("province_name", "อื่น"), ours=province))
    if stamp.get("period") != str(period):
        raise WorkbookError(WRONG_PERIOD.format(theirs=stamp.get("period"), ours=period))


class _Reader:
    """Reads row after row; what goes wrong is kept as (row, LAO, key of the column, value, reason)."""

    def __init__(self, by, province, period, dimensions, stamp):
        self.province, self.period, self.stamp = province, period, stamp
        self.dimensions, self.standard = dimensions, standard_of(period)
        self.may_set_passed = rules.may_set_passed(by.role)
        self.standings = {s.lao.code: s for s in standings_of(laos_of(by, province), period)}
        self.rows, self.submissions, self.problems, self.untouched = {}, [], [], 0

    def take(self, row):
        """Read one row of the table."""
        standing = self._standing_of(row)
        if standing is None:
            return
        texts = {key: text for key, text in row.texts.items() if key != "code"}
        for key, text in texts.items():
            if key.endswith(TOTAL) and text.startswith("="):
                texts[key] = ""  # the form's own sum, never computed
        if not any(texts.values()):
            self.untouched += 1
            return
        texts["version"] = self.stamp.get(version_key(standing.lao.code), "0")
        form = EntryForm(
            texts,
            standing=standing,
            period=self.period,
            dimensions=self.dimensions,
            standard=self.standard,
            may_set_passed=self.may_set_passed,
        )
        for key, messages in form.errors.items():
            self._refuse(row.number, standing, key, texts[key], " ".join(messages))
        if form.is_valid() and self._passed_is_left(row.number, standing, texts["passed_in"]):
            self.submissions.append(Submission(standing.lao.pk, form.cleaned_data["version"], form.entry))

    def _standing_of(self, row):
        """The `Standing` of the LAO that the row is of, None where that is a problem."""
        typed = row.texts["code"]
        try:
            code = CodeField().clean(typed)
        except ValidationError as error:
            self._refuse(row.number, None, "code", typed, error.message)
            return None
        standing = self.standings.get(code)
        if standing is None:
            self._refuse(row.number, None, "code", typed, f"ไม่มีรหัส อปท. นี้ในจังหวัด{self.province}")
            return None
        if code in self.rows:
            self._refuse(row.number, standing, "code", typed, f"รหัสนี้ซ้ำกับแถวที่ {self.rows[code]}")
            return None
        self.rows[code] = row.number
        return standing

    def _passed_is_left(self, number, standing, text):
        stands = str(standing.entry.passed_in or "")
        if self.may_set_passed or text == stands:
            return True
        self._refuse(number, standing, "passed_in", text, NOT_YOURS)
        return False

    def _refuse(self, number, standing, key, value, reason):
        self.problems.append((number, str(standing.lao) if standing else "", key, value, reason))

    def finish(self, named):
        """The `Reading` of all rows taken; `named` is what the columns are called, by key."""
        standings = {standing.lao.pk: standing for standing in self.standings.values()}
        wanted = still_wanted(self.submissions, standings)
        in_use = years_in_use([standings[s.lao_id].plan for s in wanted if standings[s.lao_id].plan])
        good = []
        for submission in wanted:
            standing = standings[submission.lao_id]
            number = self.rows[standing.lao.code]
            entry = submission.entry
            taken = rules.years_taken_away(entry.passed_in, in_use.get(standing.plan and standing.plan.pk, []))
            if submission.version != standing.version:
                self._refuse(number, standing, "code", standing.lao.code, OVERTAKEN)
            elif taken and entry.passed_in != standing.entry.passed_in:
                self._refuse(number, standing, "passed_in", str(entry.passed_in or ""), years_taken_away(taken))
            else:
                changes = [tuple(change) for change in differences(standing.entry, entry, self.dimensions)]
                explain = rules.changes_published(standing.entry, entry)
                of_lao = (str(standing.lao), standing.lao.code, changes, explain)
                good.append(Good(number, *of_lao, submission.lao_id, submission.version, entry.as_json()))
        problems = [Problem(row, lao, named[key], value, why) for row, lao, key, value, why in sorted(self.problems)]
        return Reading(good, problems, self.untouched + len(self.submissions) - len(wanted))
