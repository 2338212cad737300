"""ผลการประเมิน as an Excel file."""

from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.numbers import with_commas
from eplan.spreadsheets import Column, Sheet, workbook_response

TITLE = "ผลการประเมินแผนปฏิบัติการป้องกันการทุจริต"
NOTES = [
    "คะแนน SAR คือคะแนนที่ อปท. ประเมินตนเอง ผลประเมินคือคะแนนจากสำนักงาน ป.ป.ช.",
    "“-” หมายถึงยังไม่มีข้อมูล ซึ่งไม่ใช่ 0 คะแนนรวมคือผลบวกของทุกมิติ เว้นแต่ทราบเฉพาะคะแนนรวม จึงแสดงคะแนนรวมตามที่บันทึกไว้",
    "งบประมาณคือผลรวมงบประมาณตามแผนทุกปีของแผน (“-” คือไม่มีรายการที่ใช้งบประมาณ)"
    " จำนวนรวมนับแต่ละรายการครั้งเดียวแม้ดำเนินการหลายปี ทั้งสองแถวแยกตามมิติหลัก ไม่นับรายการที่ถูกปฏิเสธหรือลบ",
]

KNOWN = "จำนวน อปท. ที่มีคะแนน"
AVERAGE = "คะแนนเฉลี่ยคิดเฉพาะ อปท. ที่มีคะแนนนั้นแล้ว งบประมาณและจำนวนโครงการเป็นผลรวมของทุก อปท."
AREA_BUDGET = (
    "งบประมาณคือผลรวมงบประมาณตามแผนทุกปีของแผน จำนวนรวมนับแต่ละรายการครั้งเดียวแม้ดำเนินการหลายปี"
    " ทั้งสองแถวแยกตามมิติหลัก ไม่นับรายการที่ถูกปฏิเสธหรือลบ"
)


def score_export(table):
    """The `ScoreTable` as an Excel download, with the columns of the page."""
    lao, period = table.plan.lao, table.plan.period
    sheet = Sheet(
        name=f"แผน {period}",
        title_lines=[TITLE, f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province}", f"แผน พ.ศ. {period}"],
        columns=[
            Column("ลำดับ", lambda row: 1 if row is table.rows[0] else None, "number"),
            Column("อปท.", lambda row: str(lao) if row is table.rows[0] else None),
            Column("หน่วยงาน", lambda row: row.name),
            *(_part(number, dimension) for number, dimension in enumerate(table.dimensions)),
            Column("รวม", lambda row: row.total, "points"),
        ],
        rows=table.rows,
        notes=[*NOTES, f"ประมวลผลเมื่อ {thai_datetime(timezone.now())}"],
    )
    return workbook_response(file_name=f"ผลการประเมิน {lao} แผน {period}", sheets=[sheet])


def area_notes(table, *, by_lao):
    """What stands under an `AreaTable`: of LAOs (`by_lao`) or of provinces."""
    notes = NOTES if by_lao else [*NOTES[:2], AREA_BUDGET]
    notes = [*notes, AVERAGE]
    if table.standard.pass_mark is not None:
        notes.append(f"ผ่านเกณฑ์คะแนน: ผลประเมินรวมตั้งแต่ {with_commas(table.standard.pass_mark)} คะแนน")
    return notes


def area_export(table, title, *, by_lao):
    """An `AreaTable` called `title` as an Excel download, with the columns of the page."""
    groups = [*table.groups, table.total]
    lines = [(number, group, row) for number, group in enumerate(groups, start=1) for row in group.rows]
    first = {id(group.rows[0]) for group in groups if group.rows}

    def of_first(getter):
        return lambda line: getter(line) if id(line[2]) in first else None

    sheet = Sheet(
        name=f"แผน {table.period}",
        title_lines=[TITLE, title, f"แผน พ.ศ. {table.period}"],
        columns=[
            Column("ลำดับ", of_first(lambda line: None if line[1] is table.total else line[0]), "number"),
            *([Column("รหัส อปท.", of_first(lambda line: line[1].key), "code")] if by_lao else []),
            Column("อปท." if by_lao else "จังหวัด", of_first(lambda line: line[1].name)),
            Column("อำเภอ" if by_lao else "ป.ป.ช. ภาค", of_first(lambda line: line[1].place)),
            Column("หน่วยงาน", lambda line: line[2].name),
            Column(KNOWN, lambda line: line[2].known, "number"),
            *(_part(number, dimension, lambda line: line[2]) for number, dimension in enumerate(table.dimensions)),
            Column("รวม", lambda line: line[2].total, "points"),
        ],
        rows=lines,
        notes=[*area_notes(table, by_lao=by_lao), f"ประมวลผลเมื่อ {thai_datetime(timezone.now())}"],
    )
    return workbook_response(file_name=f"ผลการประเมิน {title} แผน {table.period}", sheets=[sheet])


def _part(number, dimension, row_of=lambda row: row):
    return Column(dimension.short_name, lambda line: row_of(line).parts[number], "points", group="คะแนน")
