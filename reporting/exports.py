"""รายงานสรุปสถานะโครงการ: the list of reports as an Excel file."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.spreadsheets import Column, Sheet, workbook_response
from reporting.models import ProgressReport

TITLE = "รายงานสรุปสถานะโครงการ"
NO_BUDGET = "ไม่ใช้งบประมาณ"
NOT_REPORTED = "ยังไม่รายงานผล"


@dataclass(frozen=True)
class Line:
    """A line of the file, every value as it stands in its cell."""

    number: int | None
    name: str
    dimension: str
    plan_budget: Decimal | str | None
    ordinance_budget: Decimal | None
    disbursed: Decimal | None
    status: str
    six: str
    twelve: str


def _column(heading, name, kind="text", group=""):
    return Column(heading, lambda line: getattr(line, name), kind, group)


BUDGETS, ROUNDS = "จำนวนงบประมาณ", "รอบการรายงาน"
COLUMNS = [
    _column("ลำดับที่", "number", "number"),
    _column("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ", "name"),
    _column("สอดคล้อง", "dimension"),
    _column("ตามแผนฯ", "plan_budget", "money", BUDGETS),
    _column("ตามข้อบัญญัติ/เทศบัญญัติ", "ordinance_budget", "money", BUDGETS),
    _column("ตามที่เบิกจ่ายจริง", "disbursed", "money", BUDGETS),
    _column("สถานะ", "status"),
    _column("6 เดือน", "six", group=ROUNDS),
    _column("12 เดือน", "twelve", group=ROUNDS),
]


def report_list(lao, fiscal_year, rows, totals):
    """The download of the `ReportRow`s of a year with their `Totals`; the same columns as on the page."""
    sheet = report_sheet(lao, fiscal_year, rows, totals)
    return workbook_response(file_name=f"{TITLE} {lao.code} ปีงบประมาณ {fiscal_year}", sheets=[sheet])


def report_sheet(lao, fiscal_year, rows, totals):
    """The same as a sheet among others."""
    total = Line(None, "รวม", "", totals.plan_budget, totals.ordinance_budget, totals.disbursed, "", *_counts(totals))
    return Sheet(
        name=f"โครงการ ปีงบประมาณ {fiscal_year}",
        title_lines=[
            TITLE,
            f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province} (รหัส {lao.code})",
            f"ปีงบประมาณ พ.ศ. {fiscal_year}",
        ],
        columns=COLUMNS,
        rows=[*map(_line, rows), total],
        notes=["จำนวนเงินเป็นบาท โครงการที่ถูกปฏิเสธไม่นับรวม", f"ข้อมูล ณ {thai_datetime(timezone.now())}"],
    )


def _counts(totals):
    return [f"รายงานแล้ว {reported} จาก {totals.projects}" for reported in totals.reported.values()]


def _line(row):
    if not row.counted:
        status, cells = f"ปฏิเสธโครงการ: {row.rejection_reason or '-'}", ["ไม่ต้องรายงาน", "ไม่ต้องรายงาน"]
    else:
        status = ProgressReport.Status(row.status).label if row.status else NOT_REPORTED
        cells = [_cell_words(cell) for cell in row.cells]
    return Line(
        row.number,
        row.project.name,
        row.project.dimension.short_name,
        NO_BUDGET if row.plan_budget is None else row.plan_budget,
        row.ordinance_budget,
        row.disbursed,
        status,
        *cells,
    )


def _cell_words(cell):
    if cell.from_six:
        return "รายงานแล้ว (นับจากรอบ 6 เดือน)"
    return "รายงานแล้ว" if cell.reported else "ยังไม่รายงาน"
