"""The summaries as columns: what stands on the page stands in the Excel file."""

from dataclasses import dataclass

from eplan.fiscal import thai_datetime
from eplan.spreadsheets import Column, Sheet, workbook_response
from reporting.queries.tables import when

PROVINCE_TITLE = "ตารางสรุปผลการนำแผนไปปฏิบัติระดับจังหวัด"
OWN_TITLE = "สรุปผลการดำเนินงานตามแผนปฏิบัติการป้องกันการทุจริต"

PROVINCE_COLUMNS = [
    Column("ลำดับ", lambda row: row.rank or "-", "number"),
    Column("ชื่อ อปท.", lambda row: row.name),
    Column("อำเภอ", lambda row: row.place),
    Column("ร้อยละ", lambda row: row.shown_percent, "percent"),
    Column("ระดับ", lambda row: row.level_name or "-"),
    Column("คะแนน", lambda row: row.points, "points"),
    Column("N (จำนวนโครงการ)", lambda row: row.projects, "number"),
]


def province_export(table, province):
    """The province table as an Excel download."""
    sheet = Sheet(
        name=f"{table.fiscal_year} รอบ {table.months} เดือน",
        title_lines=[PROVINCE_TITLE, f"จังหวัด{province}", table.when],
        columns=PROVINCE_COLUMNS,
        rows=[*table.rows, table.total],
        notes=[*table.notes, computed(table.computed_at)],
        landscape=False,
    )
    file_name = f"{PROVINCE_TITLE} {province} {table.fiscal_year} รอบ {table.months} เดือน"
    return workbook_response(file_name=file_name, sheets=[sheet])


def computed(moment):
    """The line under a table that says when it was computed."""
    return f"ประมวลผลเมื่อ {thai_datetime(moment)}"


@dataclass(frozen=True)
class Block:
    """One of the four tables of an LAO's own summary: `columns` take their values from a `DimensionRow`."""

    name: str
    title: str
    columns: list[Column]
    note: str = ""


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
    Block("ตามแผน", "1. จำนวนโครงการและงบประมาณตามแผนปฏิบัติการป้องกันการทุจริต", [MAIN, PROJECTS, PLANNED]),
    Block("ตามข้อบัญญัติ", "2. จำนวนโครงการและงบประมาณตามข้อบัญญัติ/เทศบัญญัติ", [MAIN, IN_ORDINANCE, GRANTED], NONE_REPORTED),
    Block(
        "เปรียบเทียบงบประมาณ",
        "3. งบประมาณตามแผนฯ เทียบกับงบประมาณตามข้อบัญญัติ/เทศบัญญัติ และที่เบิกจ่ายจริง",
        [MAIN, PLANNED, GRANTED, SPENT],
        NONE_REPORTED,
    ),
    Block(
        "สถานะ",
        "4. สถานะการดำเนินงาน",
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
    ),
]
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


def own_export(rows, lao, fiscal_year, months, computed_at):
    """An LAO's own summary as an Excel download, each of its four tables on a sheet."""
    sheets = [
        Sheet(
            name=block.name,
            title_lines=[OWN_TITLE, place_of(lao), when(fiscal_year, months), block.title],
            columns=block.columns,
            rows=rows,
            notes=[*filter(None, [block.note]), *own_notes(months), computed(computed_at)],
        )
        for block in OWN_BLOCKS
    ]
    return workbook_response(file_name=f"สรุปผลการดำเนินงาน {lao} {fiscal_year} รอบ {months} เดือน", sheets=sheets)
