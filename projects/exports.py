"""The list of projects (SPEC S7) as an Excel file."""

from eplan.fiscal import thai_datetime
from eplan.spreadsheets import Column, Sheet, workbook_response
from projects.queries import budgets_of
from projects.rules import NO_BUDGET


def projects_workbook(*, lao, plan, projects, made_at):
    """An .xlsx download of `projects` (as `queries.projects_of` gives them) of `plan`; `made_at` an aware moment."""
    rows = [(number, project, budgets_of(project)) for number, project in enumerate(projects, start=1)]
    place = f"อำเภอ{lao.district} จังหวัด{lao.district.province}"
    sheet = Sheet(
        name=f"โครงการ {plan.period}",
        title_lines=[
            f"โครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติของ {lao}",
            f"{place} · รหัส อปท. {lao.code} · แผนปฏิบัติการป้องกันการทุจริต พ.ศ. {plan.period}",
        ],
        columns=_columns(plan.period.years),
        rows=rows,
        notes=[f"ข้อมูล ณ {thai_datetime(made_at)}"],
    )
    return workbook_response(file_name=f"โครงการตามแผน {plan.period} {lao}", sheets=[sheet])


def _columns(years):
    return [
        Column("ลำดับที่", lambda row: row[0], "number"),
        Column("ประเภทงาน", lambda row: row[1].get_kind_display()),
        Column("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ", lambda row: row[1].name),
        *(Column(f"ปี {year}", _budget_in(year), "money", group="งบประมาณตามแผนพัฒนาท้องถิ่น (บาท)") for year in years),
        Column("สอดคล้อง", lambda row: row[1].dimension.short_name),
        *(Column(str(year), _mark_in(year), group="ดำเนินการ ปีงบประมาณ พ.ศ.") for year in years),
        Column("สถานะการตรวจ", lambda row: row[1].get_review_state_display()),
        Column("เหตุผลของเจ้าหน้าที่", lambda row: row[1].officer_reason or None),
    ]


def _budget_in(year):
    """An amount; the words for no budget; an empty cell where the project has no such year."""

    def value(row):
        budgets = row[2]
        return NO_BUDGET if year in budgets and budgets[year] is None else budgets.get(year)

    return value


def _mark_in(year):
    return lambda row: "✓" if year in row[2] else None
