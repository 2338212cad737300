"""Builds the folders pass/ and fail/ anew: `EPLAN_MODE=test python -m tests.workbooks.build`.

Needs LibreOffice, no database: the forms are those that the system makes, filled as clerks fill them, for the LAO
6810507 and its plan 2561-2564. What they must be answered with stands beside them in expected.json.
fail/projects-password.xlsx, which was locked by another program, is left as it is.
"""

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import django
from openpyxl import Workbook, load_workbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
django.setup()

from lao.models import Lao  # noqa: E402  models need the set-up above
from projects.excel_form import project_form_workbook  # noqa: E402
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear  # noqa: E402
from reporting.excel_form import report_form_workbook  # noqa: E402
from reporting.queries.reports import ReportRow  # noqa: E402
from tests.workbooks import writers  # noqa: E402

HERE = Path(__file__).parent
# The projects that are reported on: the key of their year and its budget.
YEARS = {"ก": (900_001, None), "ข": (900_002, None), "ค": (900_003, 1000)}
NAME = "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"
PROJECTS = [
    {NAME: "อบรมคุณธรรม", "ประเภทงาน": "โครงการ", "มิติหลัก": "1", "งบประมาณ ปี 2561 (บาท)": 25000, "ไตรมาส 1": "✓"},
    {NAME: "จิตอาสา", "ประเภทงาน": "กิจกรรม", "มิติหลัก": "มิติที่ 3", "งบประมาณ ปี 2562 (บาท)": "ไม่ใช้งบประมาณ"},
    {NAME: "สภาโปร่งใส", "ประเภทงาน": "มาตรการ", "มิติหลัก": "4", "งบประมาณ ปี 2562 (บาท)": 1250.5, "หมายเหตุ": "<ก> & ข"},
]
ORDINANCE, SPENT = "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "การเบิกจ่ายงบประมาณ"
IN_ORDINANCE = "บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน"


def lao_and_plan(code="6810507", name="เขาใหญ่", first=2561, last=2564, passed=2561):
    lao = Lao(code=code, kind="SUBDISTRICT_ORGANIZATION", name=name)
    return lao, Plan(lao=lao, period=PlanPeriod(first_year=first, last_year=last), passed_in=passed)


def projects_form(rows=PROJECTS, **of):
    """The form of projects, its `rows` typed in."""
    lao, plan = lao_and_plan(**of)
    dimensions = [Dimension(pk=number, number=number, name=f"ชื่อมิติ {number}") for number in range(1, 5)]
    return filled(project_form_workbook(lao=lao, plan=plan, dimensions=dimensions, projects=[]).content, rows)


def reports_form(rows, *, fiscal_year=2562, months=6, **of):
    """The form of a round over the projects of `YEARS`, its `rows` typed in."""
    lao, plan = lao_and_plan(**of)
    years = [
        ProjectYear(pk=key, project=Project(plan=plan, name=name), fiscal_year=fiscal_year, plan_budget=budget)
        for name, (key, budget) in YEARS.items()
    ]
    for year in years:
        year._prefetched_objects_cache = {"reports": []}
    listed = [ReportRow(number, year) for number, year in enumerate(years, start=1)]
    content = report_form_workbook(lao=lao, fiscal_year=fiscal_year, months=months, rows=listed).content
    return filled(content, rows)


def filled(content, rows, first=0):
    """A form with `rows` (heading to value) typed in from row `first` on, as a spreadsheet program keeps it."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    top = next(n for n in range(1, 20) if sheet.cell(n, 1).value == "รหัสแถว (ห้ามแก้)")
    columns = {cell.value: cell.column for cell in sheet[top]}
    for number, row in enumerate(rows, start=top + 1 + first):
        for heading, value in row.items():
            cell = sheet.cell(number, columns[heading])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s" if not value.startswith("=") else cell.data_type
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def by_hand(content):
    """As clerks leave a form: other sheets before it, a letter's heading merged on top, blank rows in between."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    top = next(n for n in range(1, 20) if sheet.cell(n, 1).value == "รหัสแถว (ห้ามแก้)")
    columns = {cell.value: cell.column for cell in sheet[top]}
    rows = [[sheet.cell(top + 1 + n, column).value for column in columns.values()] for n in range(len(PROJECTS))]
    for number, values in enumerate(rows):
        for column, value in zip(columns.values(), values, strict=True):
            sheet.cell(top + 1 + number, column).value = None
            sheet.cell(top + 10 + 3 * number, column).value = value
    amounts = {"งบประมาณ ปี 2561 (บาท)": "๒๕,๐๐๐ บาท", "ไตรมาส 1": "/"}
    for heading, text in amounts.items():
        sheet.cell(top + 10, columns[heading]).value = text
    formula = sheet.cell(top + 16, columns["งบประมาณ ปี 2562 (บาท)"])
    formula.value = "=2501/2"
    sheet.insert_rows(1, 2)
    sheet["A1"] = "ที่ กบ 1234/2562"
    sheet.merge_cells("A1:F2")
    book.create_sheet("บันทึกของฉัน", 0).append(["รอถามปลัด"])
    book.move_sheet("_eplan", -2)
    parts = writers.parts_of(saved(book))
    for name, part in parts.items():
        parts[name] = part.replace(b"<f>2501/2</f><v />", b"<f>2501/2</f><v>1250.5</v>")
    return writers.packed(parts)


def stamped(content, key, value):
    """A form whose stamp says something else."""
    book = load_workbook(io.BytesIO(content))
    for line in book["_eplan"].iter_rows():
        if line[0].value == key:
            line[1].value = value
    return saved(book)


def converted(content, kind):
    """What LibreOffice makes of a workbook: "xlsx", "ods" or "xls"."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "form.xlsx"), Path(folder, "out")
        source.write_bytes(content)
        command = [
            shutil.which("soffice"), f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless",
            "--convert-to", kind, "--outdir", target, source,
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (target / f"form.{kind.partition(':')[0]}").read_bytes()


def with_rows(count):
    """A form with `count` rows filled in."""
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>1</v></c></row>' for n in range(100, 100 + count))
    parts = writers.parts_of(projects_form([]))
    sheet = parts["xl/worksheets/sheet1.xml"]
    return writers.packed(
        {**parts, "xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", f"{rows}</sheetData>".encode())}
    )


def bomb(size, declared=None):
    """A form with a sheet of `size` spaces, in an archive that owns up to `declared` of them."""
    content = writers.packed({**writers.parts_of(projects_form()), "xl/worksheets/sheet1.xml": b" " * size})
    if declared:
        content = content.replace(size.to_bytes(4, "little"), declared.to_bytes(4, "little"))
    return content


def renamed(content, before, after):
    """A form with another heading."""
    parts = writers.parts_of(content)
    return writers.packed({name: part.replace(before.encode(), after.encode()) for name, part in parts.items()})


def word():
    return writers.packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def plain():
    book = Workbook()
    book.active.append(["ชื่อโครงการ", "งบประมาณ"])
    return saved(book)


def build():
    """Write every file of both folders."""
    form = writers.packed(writers.parts_of(projects_form()))
    parts = writers.parts_of(form)
    reports = reports_form(
        [
            {"สถานะการดำเนินงาน": "ดำเนินการแล้วเสร็จ", "หมายเหตุ": "ครบ"},
            {"สถานะการดำเนินงาน": "ไม่สามารถดำเนินการได้", "เหตุผล": "ไม่ได้รับงบประมาณ"},
            {"สถานะการดำเนินงาน": "อยู่ระหว่างดำเนินการ", ORDINANCE: "๑,๐๐๐.- บาท", SPENT: 250.5, IN_ORDINANCE: "✓"},
        ]
    )
    report_parts = writers.parts_of(reports)
    ways = ["google_sheets", "wps_office", "inline_strings", "prefixed", "strict", "microsoft_365", "other_places"]
    write(
        "pass",
        {
            "projects-as-downloaded.xlsx": form,
            "projects-libreoffice.xlsx": converted(form, "xlsx:Calc MS Excel 2007 XML"),
            "projects-by-hand.xlsx": by_hand(form),
            **{f"projects-{way.replace('_', '-')}.xlsx": writers.packed(getattr(writers, way)(parts)) for way in ways},
            "reports-as-downloaded.xlsx": reports,
            "reports-libreoffice.xlsx": converted(reports, "xlsx:Calc MS Excel 2007 XML"),
            "reports-google-sheets.xlsx": writers.packed(writers.google_sheets(report_parts)),
            "reports-wps-office.xlsx": writers.packed(writers.wps_office(report_parts)),
        },
    )
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
    bad = [
        {**PROJECTS[0], "งบประมาณ ปี 2561 (บาท)": "สองหมื่น"},
        {**PROJECTS[1], "มิติหลัก": "มิติที่ 9"},
        {**PROJECTS[2], NAME: "ก" * 5000},
        {"หมายเหตุ": "มีแต่หมายเหตุ"},
    ]
    write(
        "fail",
        {
            "projects-bad-rows.xlsx": projects_form(bad),
            "projects-of-another-lao.xlsx": projects_form(code="6810508", name="คลองยา"),
            "projects-of-another-period.xlsx": projects_form([{NAME: "ก"}], first=2566, last=2570, passed=2566),
            "projects-of-other-years.xlsx": projects_form([{NAME: "ก"}], passed=2563),
            "projects-old-template.xlsx": stamped(form, "edition", "0"),
            "projects-nothing-typed.xlsx": projects_form([]),
            "projects-heading-changed.xlsx": renamed(form, "มิติหลัก", "มิติใหม่"),
            "projects-reports-instead.xlsx": reports,
            "projects-60000-rows.xlsx": with_rows(60_000),
            "projects-15000-rows.xlsx": with_rows(15_000),
            "projects-bomb.xlsx": bomb(200 * 2**20),
            "projects-lying-bomb.xlsx": bomb(200 * 2**20, 1000),
            "projects-other-workbook.xlsx": plain(),
            "projects-cut-off.xlsx": form[: len(form) // 2],
            "projects-empty.xlsx": b"",
            "projects-macros.xlsx": writers.packed({**parts, "xl/vbaProject.bin": b"x"}),
            "projects-picture.xlsx": picture,
            "projects-paper.xlsx": b"%PDF-1.7\n%\xe2\xe3\n",
            "projects-list.csv.xlsx": "\ufeffชื่อโครงการ,งบประมาณ\r\nก,5\r\n".encode(),
            "projects-list-cp874.csv.xlsx": "ชื่อโครงการ,งบประมาณ\r\nก,5\r\n".encode("cp874"),
            "projects-word.xlsx": word(),
            "projects-web-page.xlsx": b"<html><table><tr><td>1</td></tr></table></html>",
            "projects-old.xls": converted(form, "xls"),
            "projects-open.ods": converted(form, "ods"),
            "projects-open-renamed.xlsx": converted(form, "ods"),
            "reports-of-another-year.xlsx": reports_form([], fiscal_year=2561),
            "reports-of-another-round.xlsx": reports_form([], months=12),
            "reports-of-another-lao.xlsx": reports_form([], code="6810508", name="คลองยา"),
            "reports-projects-instead.xlsx": form,
            "reports-bad-rows.xlsx": reports_form(
                [
                    {"สถานะการดำเนินงาน": "เสร็จแล้ว"},
                    {"สถานะการดำเนินงาน": "ไม่สามารถดำเนินการได้"},
                    {"สถานะการดำเนินงาน": "อยู่ระหว่างดำเนินการ", ORDINANCE: "หนึ่งพัน", IN_ORDINANCE: "บางส่วน"},
                ]
            ),
        },
    )


def write(folder, files):
    (HERE / folder).mkdir(exist_ok=True)
    for name, content in files.items():
        (HERE / folder / name).write_bytes(content)


if __name__ == "__main__":
    build()
