"""The Excel form in which a province's scores are filled in, with what is known already; `imports` reads it."""

from openpyxl.utils import get_column_letter

from eplan.spreadsheets import Column, Formula, Sheet, workbook_response
from evaluation.models import Score
from evaluation.wording import PASSED_IN, points_label
from lao.excel_forms import PROBLEMS, cell

WHAT = "scores"
WHAT_IT_IS = "แบบกรอกผลการประเมิน"
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
    rows = [row_of(standing.lao) | _known(standing, dimensions) for standing in standings]
    versions = {standing.lao.code: standing.version for standing in standings}
    return _download(province, period, _columns(dimensions), rows, versions, WHAT_IT_IS)


def rows_to_mend_workbook(*, province, period, dimensions, rows, versions):
    """The same form with nothing but the `rows` that could not be taken: dicts by the keys of `headings_of`.

    A total of None sums itself; "problems" says what to mend, also in a code. `versions` are those that the rows were
    filled from, by code.
    """
    columns = [*_columns(dimensions, code_typed=True), Column(PROBLEMS, cell("problems"), "long")]
    return _download(province, period, columns, rows, versions, f"แถวที่ต้องแก้ไข {WHAT_IT_IS}")


def row_of(lao):
    """The cells of a row that say which LAO it is of."""
    return {"code": lao.code, "lao": str(lao), "district": lao.district.name}


def _known(standing, dimensions):
    cells = {"passed_in": standing.entry.passed_in}
    for source, points in standing.entry.points.items():
        cells |= {f"{source}_{d.number}": part for d, part in zip(dimensions, points.parts, strict=True)}
        cells[f"{source}_total"] = points.entered
    return cells


def _columns(dimensions, *, code_typed=False):
    columns = [
        Column(CODE, cell("code"), "code", typed=code_typed),
        Column("อปท.", cell("lao")),
        Column("อำเภอ", cell("district")),
        Column(PASSED_IN, cell("passed_in"), "year", typed=True),
    ]
    for source in Score.Source:
        first = len(columns) + 1
        columns += [
            Column(points_label(source, d), cell(f"{source}_{d.number}"), "points", typed=True) for d in dimensions
        ]
        columns.append(_total(source, first, len(columns)))
    return columns


def _total(source, first, last):
    """The sum of the columns `first` to `last`, or the total that is known by itself."""
    cells = f"{get_column_letter(first)}{{row}}:{get_column_letter(last)}{{row}}"
    summed = Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))')

    def value(row):
        entered = row.get(f"{source}_total")
        return summed if entered is None else entered

    return Column(points_label(source), value, "points", typed=True)


def _download(province, period, columns, rows, versions, what):
    stamp = {"what": WHAT, "edition": EDITION, "province": province.pk, "province_name": province.name}
    stamp |= {"period": str(period)} | {version_key(code): version for code, version in versions.items()}
    sheet = Sheet("คะแนน", [f"แบบกรอกผลการประเมิน จังหวัด{province} แผน พ.ศ. {period}", *GUIDE], columns, rows)
    return workbook_response(file_name=f"{what} {province} แผน {period}", sheets=[sheet], stamp=stamp)
