"""ผลการประเมิน as an Excel file."""

from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.spreadsheets import Column, Sheet, workbook_response

TITLE = "ผลการประเมินแผนปฏิบัติการป้องกันการทุจริต"
NOTES = [
    "คะแนน SAR คือคะแนนที่ อปท. ประเมินตนเอง ผลประเมินคือคะแนนจากสำนักงาน ป.ป.ช.",
    "“-” หมายถึงยังไม่มีข้อมูล ซึ่งไม่ใช่ 0 คะแนนรวมคือผลบวกของทุกมิติ เว้นแต่ทราบเฉพาะคะแนนรวม จึงแสดงคะแนนรวมตามที่บันทึกไว้",
    "งบประมาณคือผลรวมงบประมาณตามแผนทุกปีของแผน (“-” คือไม่มีรายการที่ใช้งบประมาณ)"
    " จำนวนรวมนับแต่ละรายการครั้งเดียวแม้ดำเนินการหลายปี ทั้งสองแถวแยกตามมิติหลัก ไม่นับรายการที่ถูกปฏิเสธหรือลบ",
]


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


def _part(number, dimension):
    return Column(dimension.short_name, lambda row: row.parts[number], "points", group="คะแนน")
