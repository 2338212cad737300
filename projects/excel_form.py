"""The Excel form of a plan's projects: its columns, what they hold of a project, and the download."""

from dataclasses import dataclass

from eplan.spreadsheets import Column, Sheet, workbook_response
from lao.excel_forms import MARK, PROBLEMS, TICK, Mark, cell, fingerprint, stamp_for
from projects.forms.project import own_amount
from projects.models import Project
from projects.queries import content_of
from projects.rules import NO_BUDGET

WHAT = "projects"
# Raised when the columns of the form change, so that older files are told apart.
EDITION = "1"
BLANK_ROWS = 60
TYPE_AMOUNT = "กรอกจำนวนเงิน"  # stands where an amount is still to be typed, and is refused until it is
GUIDE = [
    "แก้ไขหรือเติมเฉพาะช่องสีเหลือง โครงการใหม่ให้พิมพ์ในแถวว่างท้ายตาราง แถวที่ไม่แก้ไขหรือลบออกจะคงอยู่ในระบบตามเดิม",
    f"ช่องงบประมาณ: กรอกจำนวนเงินในปีที่ดำเนินการ หรือเลือก “{NO_BUDGET}” ปีที่ไม่ดำเนินการให้เว้นว่าง",
    "บันทึกไฟล์เป็นชนิด .xlsx แล้วส่งที่หน้าเดิม ระบบแสดงสิ่งที่จะเพิ่มและแก้ไขให้ตรวจก่อนบันทึก",
]
HINT_OF_YEAR = f"พิมพ์จำนวนเงิน เช่น 50,000 หรือเลือก “{NO_BUDGET}” ถ้าไม่ดำเนินการในปีนี้ให้เว้นว่าง"
HINT_OF_TICK = f"เลือก {TICK} ถ้าใช่ ถ้าไม่ใช่ให้เว้นว่าง"


@dataclass(frozen=True)
class Ticks:
    """Columns to be ticked for one field: the value of the field by the key of the column."""

    field: str
    values: dict


class Shape:
    """The columns of the form of one plan, by the field of the `ProjectForm` that reads them."""

    def __init__(self, plan, dimensions):
        self.plan, self.dimensions = plan, dimensions
        self.years = list(plan.years)
        self.ticks = [
            Ticks("further_dimensions", {f"further_{d.number}": d.pk for d in dimensions}),
            Ticks("quarters", {f"quarter_{number}": number for number in range(1, 5)}),
            Ticks("target_groups", {f"group_{group}": group for group in Project.TargetGroup.values}),
        ]
        self.headings = {
            "mark": MARK,
            "name": "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน",
            "kind": "ประเภทงาน",
            "dimension": "มิติหลัก",
            **{own_amount(year): f"งบประมาณ ปี {year} (บาท)" for year in self.years},
            **{f"further_{d.number}": f"เพิ่มเติม มิติที่ {d.number}" for d in dimensions},
            **{f"quarter_{number}": f"ไตรมาส {number}" for number in range(1, 5)},
            **{f"group_{group}": f"กลุ่มเป้าหมาย {label}" for group, label in Project.TargetGroup.choices},
            "objective": "วัตถุประสงค์",
            "remark": "หมายเหตุ",
        }

    def column_of(self, field):
        """The key of the column at which a refusal of `field` stands."""
        if field in self.headings:
            return field
        ticks = {ticks.field: next(iter(ticks.values)) for ticks in self.ticks}
        return ticks.get(field) or own_amount(self.years[0])

    def cells_of(self, content):
        """What the cells say of a `Content`, by key; nothing for an empty one."""
        names = {dimension.pk: str(dimension) for dimension in self.dimensions}
        ticked = {
            key: TICK
            for ticks in self.ticks
            for key, value in ticks.values.items()
            if value in getattr(content, ticks.field)
        }
        cells = {
            "name": content.name,
            "kind": Project.Kind(content.kind).label,
            "dimension": names[content.dimension_id],
            **{
                own_amount(year): NO_BUDGET if budget is None else budget
                for year, budget in content.budgets.items()
                if year in self.years
            },
            **ticked,
            "objective": content.objective,
            "remark": content.remark,
        }
        return {key: value for key, value in cells.items() if value != ""}

    @property
    def choices(self):
        """What is chosen from a list, by key."""
        return {"kind": Project.Kind.labels, "dimension": [str(dimension) for dimension in self.dimensions]}

    def columns(self):
        """The columns to write, for rows that are dicts by key."""
        offers = {
            "kind": (self.choices["kind"], "เลือกจากรายการ"),
            "dimension": (self.choices["dimension"], "เลือกมิติที่สอดคล้องมากที่สุดหนึ่งมิติ"),
            **{own_amount(year): ([NO_BUDGET], HINT_OF_YEAR) for year in self.years},
            **{key: ([TICK], HINT_OF_TICK) for ticks in self.ticks for key in ticks.values},
        }
        kinds = {"mark": "code", "objective": "long", "remark": "long"}
        kinds |= {own_amount(year): "money" for year in self.years}
        for key, heading in self.headings.items():
            choices, hint = offers.get(key, ((), ""))
            yield Column(
                heading,
                cell(key),
                kinds.get(key, "text"),
                typed=key != "mark",
                choices=choices,
                hint=hint,
                hidden=key == "mark",
            )


def row_of(project, shape):
    """The row of a `project` (its years prefetched): its cells, and the mark by which it is known again."""
    cells = shape.cells_of(content_of(project))
    return {"mark": str(Mark(project.pk, project.version, fingerprint(cells))), **cells}


def project_form_workbook(*, lao, plan, dimensions, projects):
    """The form as a download, a row for each of `projects` and empty ones below."""
    shape = Shape(plan, dimensions)
    rows = [row_of(project, shape) for project in projects] + [{}] * BLANK_ROWS
    return _download(lao, plan, list(shape.columns()), rows, f"แบบฟอร์มโครงการ แผน {plan.period} {lao}")


def rows_to_mend_workbook(*, lao, plan, dimensions, rows):
    """The same form with nothing but the `rows` that could not be taken (`lao.excel_forms.rows_to_mend`)."""
    columns = [*Shape(plan, dimensions).columns(), Column(PROBLEMS, cell("problems"), "long")]
    return _download(lao, plan, columns, rows, f"แถวที่ต้องแก้ไข โครงการ แผน {plan.period} {lao}")


def _download(lao, plan, columns, rows, file_name):
    sheet = Sheet("โครงการ", [f"โครงการตามแผน พ.ศ. {plan.period} ของ {lao}", *GUIDE], columns, rows)
    return workbook_response(file_name=file_name, sheets=[sheet], stamp=stamp_of_plan(lao, plan))


def stamp_of_plan(lao, plan):
    """What tells the form of a plan from others."""
    years = f"{plan.years[0]}-{plan.years[-1]}"
    return stamp_for(what=WHAT, edition=EDITION, lao=lao, period=str(plan.period), years=years)
