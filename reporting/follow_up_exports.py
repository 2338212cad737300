"""The follow-up as columns of an Excel file. It is passed on from hand to hand, so it names no person."""

from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.long_workbooks import long_workbook_response
from eplan.spreadsheets import Column, Sheet, workbook_response
from reporting.queries.follow_up import LEVELS, STATES
from reporting.queries.tables import FORMULA, when
from reporting.standing import Progress

TITLE = "ติดตามการรายงาน"
LONG = 1000  # rows: more than any province has, and than anyone prints
WORDS = {**STATES, Progress.NOT_ASKED: "แผนยังไม่ผ่านเกณฑ์ในปีนี้"}
NOTES = [
    "รายงานแล้ว = โครงการที่ไม่ต้องรายงานในรอบนี้อีก: มีรายงานของรอบนี้ หรือดำเนินการแล้วเสร็จตั้งแต่รอบ 6 เดือน",
    "เกินกำหนด = ยังรายงานไม่ครบ และรอบปิดรับรายงานแล้ว (รวมการขยายเวลา)",
    f"ร้อยละการนำแผนไปปฏิบัติ: {FORMULA}",
]


def _standing(heading, name, kind="number"):
    return Column(heading, lambda row: getattr(row[0], name), kind)


def _progress(heading, progress):
    return Column(heading, lambda row: row[0].progress[progress], "number", "จำนวน อปท.")


RESULT_COLUMNS = [
    _standing("จำนวนโครงการ (N)", "projects"),
    _standing("รายงานแล้ว", "settled"),
    _standing("ร้อยละที่รายงาน", "percent_settled", "percent"),
    Column("ร้อยละการนำแผนไปปฏิบัติ", lambda row: row[1].shown_percent, "percent"),
    Column("ระดับ", lambda row: row[1].level_name or "-"),
]
LAO_COLUMNS = [
    Column("รหัส อปท.", lambda row: row[2].code, "code"),
    Column("อปท.", lambda row: row[2].title),
    Column("อำเภอ", lambda row: row[2].district),
    Column("จังหวัด", lambda row: row[2].province),
    Column("การรายงาน", lambda row: WORDS[row[0].progress]),
    Column("เกินกำหนด", lambda row: "เกินกำหนด" if row[0].late else ""),
    *RESULT_COLUMNS,
    Column("รายงานได้ถึง", lambda row: row[0].state.closes_on, "date"),
    Column("เหตุที่ขยายเวลา", lambda row: row[0].state.reason if row[0].state.extended else ""),
]


def laos_export(scope, standings, laos, results):
    """The list of LAOs: `standings` with their `laos` by id and their `results`."""
    rows = [(standing, result, laos[standing.lao]) for standing, result in zip(standings, results, strict=True)]
    return _export(scope, LAO_COLUMNS, rows, STATES.get(scope.state, ""))


def areas_export(scope, areas, results):
    """The table of areas, the last being the total."""
    columns = [
        Column(LEVELS[scope.by], lambda row: row[0].name),
        Column("ทั้งหมด", lambda row: row[0].laos, "number", "จำนวน อปท."),
        _progress("ครบแล้ว", Progress.FINISHED),
        _progress("เริ่มแล้ว", Progress.BEGUN),
        _progress("ยังไม่เริ่ม", Progress.NOT_BEGUN),
        _progress("ยังไม่มีโครงการ", Progress.NO_PROJECTS),
        Column("เกินกำหนด", lambda row: row[0].late, "number", "จำนวน อปท."),
        Column("ขยายเวลา", lambda row: row[0].extended, "number", "จำนวน อปท."),
        *RESULT_COLUMNS,
    ]
    return _export(scope, columns, list(zip(areas, results, strict=True)), "")


def _export(scope, columns, rows, state):
    sheet = Sheet(
        name=f"{scope.fiscal_year} รอบ {scope.months} เดือน",
        title_lines=[TITLE, *filter(None, [scope.place, state]), when(scope.fiscal_year, scope.months)],
        columns=columns,
        rows=rows,
        notes=[*NOTES, f"ประมวลผลเมื่อ {thai_datetime(timezone.now())}"],
    )
    file_name = f"{TITLE} {scope.place} {scope.fiscal_year} รอบ {scope.months} เดือน"
    if len(rows) > LONG:
        return long_workbook_response(file_name=file_name, sheet=sheet)
    return workbook_response(file_name=file_name, sheets=[sheet])
