"""The summaries as columns: what stands on the page stands in the Excel file."""

from dataclasses import dataclass

from eplan.fiscal import thai_datetime
from eplan.spreadsheets import Column, Sheet, workbook_response
from reporting.queries.tables import when

TABLE_TITLE = "ตารางสรุปผลการนำแผนไปปฏิบัติระดับ"
PROVINCE_TITLE = f"{TABLE_TITLE}จังหวัด"
OWN_TITLE = "สรุปผลการดำเนินงานตามแผนปฏิบัติการป้องกันการทุจริต"


def table_columns(unit, place_unit):
    """The columns of a result table whose rows are each a `unit`; what they lie in is a `place_unit`, "" for none."""
    place = [Column(place_unit, lambda row: row.place)] if place_unit else []
    return [
        Column("ลำดับ", lambda row: row.rank or "-", "number"),
        Column(unit, lambda row: row.name),
        *place,
        Column("ร้อยละ", lambda row: row.shown_percent, "percent"),
        Column("ระดับ", lambda row: row.level_name or "-"),
        Column("คะแนน", lambda row: row.points, "points"),
        Column("N (จำนวนโครงการ)", lambda row: row.projects, "number"),
    ]


def level_export(table, *, title, place, columns, dimensions=(), progress=None):
    """A result table as an Excel download; further sheets for its `DimensionRow`s and its `Progress`, where given."""
    notes = [*own_notes(table.months), computed(table.computed_at)]
    sheets = [
        Sheet(
            name=f"{table.fiscal_year} รอบ {table.months} เดือน",
            title_lines=[title, place, table.when],
            columns=columns,
            rows=[*table.rows, table.total],
            notes=[*table.notes, computed(table.computed_at)],
            landscape=False,
        )
    ]
    if dimensions:
        sheets += _block_sheets(AREA_BLOCKS, [title, place, table.when], dimensions, notes)
    if progress:
        sheets.append(_progress_sheet(progress, [title, place, table.when], table.computed_at))
    return workbook_response(file_name=f"{title} {place} {table.fiscal_year} รอบ {table.months} เดือน", sheets=sheets)


def computed(moment):
    """The line under a table that says when it was computed."""
    return f"ประมวลผลเมื่อ {thai_datetime(moment)}"


@dataclass(frozen=True)
class Block:
    """One of the four tables of a summary by dimension: `columns` take their values from a `DimensionRow`.

    `chart` is the drawing that stands with it on the page, "budget", "status" or none.
    """

    name: str
    title: str
    columns: list[Column]
    note: str = ""
    chart: str = ""


def _once_reported(getter):
    """Nothing reported is no amount at all, which is not 0."""
    return lambda row: getter(row) if row.reported else None


MAIN = Column("มิติ", lambda row: row.name)
PROJECTS = Column("จำนวนโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ", lambda row: row.projects, "number")
IN_ORDINANCE = Column("บรรจุในข้อบัญญัติ/เทศบัญญัติ/แผนดำเนินงาน", lambda row: row.in_ordinance, "number")
PLANNED = Column("งบประมาณตามแผนฯ (บาท)", lambda row: row.plan_budget, "money")
GRANTED = Column("งบประมาณตามข้อบัญญัติ/เทศบัญญัติ (บาท)", _once_reported(lambda row: row.ordinance_budget), "money")
SPENT = Column("งบประมาณที่เบิกจ่ายจริง (บาท)", _once_reported(lambda row: row.disbursed), "money")
NONE_REPORTED = "“-” หมายถึงยังไม่มีการรายงาน ซึ่งไม่ใช่ 0 บาท"

OWN_BLOCKS = [
    Block("ตามแผน", "จำนวนโครงการและงบประมาณตามแผนปฏิบัติการป้องกันการทุจริต", [MAIN, PROJECTS, PLANNED]),
    Block("ตามข้อบัญญัติ", "จำนวนโครงการและงบประมาณตามข้อบัญญัติ/เทศบัญญัติ", [MAIN, IN_ORDINANCE, GRANTED], NONE_REPORTED),
    Block(
        "เปรียบเทียบงบประมาณ",
        "งบประมาณตามแผนฯ เทียบกับงบประมาณตามข้อบัญญัติ/เทศบัญญัติ และที่เบิกจ่ายจริง",
        [MAIN, PLANNED, GRANTED, SPENT],
        NONE_REPORTED,
        chart="budget",
    ),
    Block(
        "สถานะ",
        "สถานะการดำเนินงาน",
        [
            MAIN,
            IN_ORDINANCE,
            Column("อยู่ระหว่างดำเนินการ", lambda row: row.in_progress, "number"),
            Column("ดำเนินการแล้วเสร็จ", lambda row: row.completed, "number"),
            Column("ไม่สามารถดำเนินการได้", lambda row: row.not_feasible, "number"),
            Column("รวมทั้งสิ้น", lambda row: row.reported, "number"),
            Column("รอรายงานผล", lambda row: row.waiting, "number"),
        ],
        "รวมทั้งสิ้น = อยู่ระหว่างดำเนินการ + ดำเนินการแล้วเสร็จ + ไม่สามารถดำเนินการได้",
        chart="status",
    ),
]
AREA_BLOCKS = OWN_BLOCKS[2:]
OWN_NOTES = {
    6: "ใช้รายงานรอบ 6 เดือน",
    12: "ใช้รายงานล่าสุดของปีงบประมาณ รายงานรอบ 6 เดือนใช้แทนจนกว่าจะมีรายงานรอบ 12 เดือน",
}
COUNTED = "ไม่นับโครงการที่ถูกปฏิเสธหรือลบ นับแต่ละโครงการในมิติหลักเพียงมิติเดียว"


def place_of(lao):
    """The LAO with its district and province, in one line."""
    return f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province}"


def own_notes(months):
    """What stands under the four tables: which reports were used, and what is counted."""
    return [f"{OWN_NOTES[months]} {COUNTED}"]


def own_export(rows, lao, fiscal_year, months, computed_at, progress=None, further=()):
    """An LAO's own summary as an Excel download, each of its four tables on a sheet, then its `Progress` and `further`
    sheets."""
    lines = [OWN_TITLE, place_of(lao), when(fiscal_year, months)]
    sheets = _block_sheets(OWN_BLOCKS, lines, rows, [*own_notes(months), computed(computed_at)])
    if progress:
        sheets.append(_progress_sheet(progress, lines, computed_at))
    file_name = f"สรุปผลการดำเนินงาน {lao} {fiscal_year} รอบ {months} เดือน"
    return workbook_response(file_name=file_name, sheets=[*sheets, *further])


def _block_sheets(blocks, lines, rows, notes):
    return [
        Sheet(
            name=block.name,
            title_lines=[*lines, block.title],
            columns=block.columns,
            rows=rows,
            notes=[*filter(None, [block.note]), *notes],
        )
        for block in blocks
    ]


PROGRESS_TITLE = "ความคืบหน้าของการรายงานระหว่างปี"
PROGRESS_COLUMNS = [
    Column("ถึงวันที่", lambda point: point.until, "date"),
    Column("รายงานเพิ่ม", lambda point: point.added, "number"),
    Column("รายงานแล้วสะสม", lambda point: point.total, "number"),
    Column("ร้อยละของ N", lambda point: point.percent, "percent"),
    Column("N (จำนวนโครงการ)", lambda point: point.projects, "number"),
]
PROGRESS_NOTE = (
    "แสดงเฉพาะสัปดาห์ที่มีรายงานเพิ่ม นับโครงการที่ไม่เหลือสิ่งที่ต้องรายงานในรอบนั้น ตามวันที่รายงานครั้งแรก"
    " โครงการที่แล้วเสร็จในรอบ 6 เดือนนับเป็นรายงานแล้วในรอบ 12 เดือน"
)


def progress_rows(progress):
    """The points of a round's progress at which something came in; the weeks between are in the chart alone."""
    return [point for point in progress if point.added]


def _progress_sheet(progress, lines, computed_at):
    return Sheet(
        name="ความคืบหน้า",
        title_lines=[*lines, PROGRESS_TITLE],
        columns=PROGRESS_COLUMNS,
        rows=progress_rows(progress),
        notes=[PROGRESS_NOTE, computed(computed_at)],
        landscape=False,
    )
