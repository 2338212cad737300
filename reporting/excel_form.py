"""The Excel form of the reports of a round: its columns, what they hold of a project year, and the download."""

from eplan.spreadsheets import Column, Sheet, workbook_response
from lao.excel_forms import MARK, PROBLEMS, TICK, Mark, cell, fingerprint, stamp_for
from projects.rules import NO_BUDGET
from reporting.models import ProgressReport
from reporting.wording import ANSWERS, label_of

WHAT = "reports"
# Raised when the columns of the form change, so that older files are told apart.
EDITION = "1"
CHOICES = {"status": ProgressReport.Status.choices, "reason": ProgressReport.Reason.choices}
LABELS = {name: [label for _, label in choices] for name, choices in CHOICES.items()}
MONEY = ("ordinance_budget", "disbursed")
GUIDE = [
    "กรอกเฉพาะช่องสีเหลือง แถวที่ไม่แก้ไขจะไม่เปลี่ยนแปลง แถวที่ยังไม่พร้อมรายงานให้เว้นไว้",
    "ทุกแถวที่รายงานต้องเลือกสถานะการดำเนินงาน และกรอกจำนวนเงินถ้าใช้งบประมาณ (ไม่มีการเบิกจ่ายให้พิมพ์ 0)",
    "ถ้าไม่สามารถดำเนินการได้ ต้องเลือกเหตุผลด้วย",
    "บันทึกไฟล์เป็นชนิด .xlsx แล้วส่งที่หน้าเดิม ระบบแสดงสิ่งที่จะบันทึกให้ตรวจก่อน",
]
HINTS = {
    "ordinance_budget": "พิมพ์จำนวนเงินเป็นบาท เช่น 50,000 โครงการที่ไม่ใช้งบประมาณให้เว้นว่าง",
    "disbursed": "พิมพ์จำนวนเงินเป็นบาท ยอดสะสมตั้งแต่ต้นปีงบประมาณ โครงการที่ไม่ใช้งบประมาณให้เว้นว่าง",
    "in_ordinance": f"เลือก {TICK} ถ้าบรรจุไว้แล้ว ถ้ายังให้เว้นว่าง",
    "status": "เลือกจากรายการ",
    "reason": "เลือกเฉพาะเมื่อสถานะเป็น ไม่สามารถดำเนินการได้",
    "other_reason": "กรอกเฉพาะเมื่อเหตุผลเป็น อื่นๆ",
}
SHOWN = {"name": "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน", "plan": "งบประมาณตามแผน (บาท)"}


def headings_of(months):
    """The headings by key: the mark, what is shown, and the answers."""
    at_six = {"at_six": "สถานะที่รายงานรอบ 6 เดือน"} if months == 12 else {}
    return {"mark": MARK, **SHOWN, **at_six, **{name: label_of(name) for name in ANSWERS}}


def row_of(row, months):
    """The cells of a `ReportRow`, and the mark by which it is known again.

    At 12 months it starts from what was said at 6, save for the status: without one a row says nothing yet.
    """
    report, at_six = row.reports.get(months), row.reports.get(6)
    cells = {"name": row.project.name, "plan": NO_BUDGET if row.plan_budget is None else row.plan_budget}
    if months == 12 and at_six:
        cells["at_six"] = at_six.get_status_display()
        cells |= _answers(at_six, ("ordinance_budget", "disbursed", "in_ordinance", "remark"))
    if report:
        cells |= dict.fromkeys(ANSWERS, "") | _answers(report, ANSWERS)
    cells = {key: value for key, value in cells.items() if value not in ("", None)}
    mark = Mark(row.project_year.pk, report.version if report else 0, fingerprint(cells))
    return {"mark": str(mark), **cells}


def _answers(report, names):
    said = {name: getattr(report, name) for name in names}
    words = {name: dict(CHOICES[name]).get(value, "") for name, value in said.items() if name in CHOICES}
    ticked = {"in_ordinance": TICK if report.in_ordinance else ""}
    return {**said, **words, **ticked}


def _columns(months):
    offered = {"in_ordinance": [TICK], **LABELS}
    kinds = {"mark": "code", "plan": "money", "other_reason": "long", "remark": "long", **dict.fromkeys(MONEY, "money")}
    for key, heading in headings_of(months).items():
        yield Column(
            heading,
            cell(key),
            kinds.get(key, "text"),
            typed=key in ANSWERS,
            choices=offered.get(key, ()),
            hint=HINTS.get(key, ""),
            hidden=key == "mark",
        )


def report_form_workbook(*, lao, fiscal_year, months, rows):
    """The form of a round as a download: a row for each of `rows`, `ReportRow`s."""
    said = [row_of(row, months) for row in rows]
    return _download(lao, fiscal_year, months, list(_columns(months)), said, "แบบฟอร์มรายงานผล")


def rows_to_mend_workbook(*, lao, fiscal_year, months, rows):
    """The same form with nothing but the `rows` that could not be taken (`lao.excel_forms.rows_to_mend`)."""
    columns = [*_columns(months), Column(PROBLEMS, cell("problems"), "long")]
    return _download(lao, fiscal_year, months, columns, rows, "แถวที่ต้องแก้ไข รายงานผล")


def _download(lao, fiscal_year, months, columns, rows, what):
    of_round = f"ปีงบประมาณ {fiscal_year} รอบ {months} เดือน"
    sheet = Sheet("รายงานผล", [f"รายงานผลการดำเนินงาน {of_round} ของ {lao}", *GUIDE], columns, rows)
    stamp = stamp_for(what=WHAT, edition=EDITION, lao=lao, year=fiscal_year, months=months)
    return workbook_response(file_name=f"{what} {of_round} {lao}", sheets=[sheet], stamp=stamp)
