"""The Excel form in which a province's scores are filled in, with what is known already; `imports` reads it."""

from openpyxl.utils import get_column_letter

from eplan.spreadsheets import Column, Formula, Sheet, workbook_response
from evaluation.models import Score
from evaluation.wording import PASSED_IN, points_label

WHAT = "scores"
# Raised when the columns of the form change, so that older files are told apart.
EDITION = "1"
CODE = "รหัส อปท."
GUIDE = [
    "กรอกเฉพาะช่องสีเหลือง ช่องที่ยังไม่มีคะแนนให้เว้นว่าง (ไม่ใช่ 0) แถวที่เว้นว่างทั้งแถวจะไม่เปลี่ยนแปลง",
    "ช่องรวมบวกให้เอง พิมพ์ทับได้เมื่อทราบเพียงคะแนนรวม แล้วบันทึกไฟล์เป็นชนิด .xlsx ส่งกลับที่หน้าเดิม",
]


def headings_of(dimensions):
    """The headings that are read back, by the field of the form that reads their column."""
    headings = {"code": CODE, "passed_in": PASSED_IN}
    for source in Score.Source:
        headings |= {f"{source}_{dimension.number}": points_label(source, dimension) for dimension in dimensions}
        headings[f"{source}_total"] = points_label(source)
    return headings


def version_key(code):
    """Under what the stamp keeps the version of an LAO's scores."""
    return f"version {code}"


def template(province, period, dimensions, standings):
    """The form of `province` and `period` as a download, a row for each of `standings`."""
    columns = [
        Column(CODE, lambda standing: standing.lao.code, "code"),
        Column("อปท.", lambda standing: str(standing.lao)),
        Column("อำเภอ", lambda standing: standing.lao.district.name),
        Column(PASSED_IN, lambda standing: standing.entry.passed_in, "year", typed=True),
    ]
    for source in Score.Source:
        first = len(columns) + 1
        columns += [_part(source, place, dimension) for place, dimension in enumerate(dimensions)]
        columns.append(_total(source, first, len(columns)))
    stamp = {"what": WHAT, "edition": EDITION, "province": province.pk, "province_name": province.name}
    stamp |= {"period": str(period)} | {version_key(s.lao.code): s.version for s in standings}
    sheet = Sheet("คะแนน", [f"แบบกรอกผลการประเมิน จังหวัด{province} แผน พ.ศ. {period}", *GUIDE], columns, standings)
    name = f"แบบกรอกผลการประเมิน {province} แผน {period}"
    return workbook_response(file_name=name, sheets=[sheet], stamp=stamp)


def _part(source, place, dimension):
    def value(standing):
        return standing.entry.points[source].parts[place]

    return Column(points_label(source, dimension), value, "points", typed=True)


def _total(source, first, last):
    """The sum of the columns `first` to `last`, or the total that is known by itself."""
    cells = f"{get_column_letter(first)}{{row}}:{get_column_letter(last)}{{row}}"
    summed = Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))')

    def value(standing):
        entered = standing.entry.points[source].entered
        return summed if entered is None else entered

    return Column(points_label(source), value, "points", typed=True)
