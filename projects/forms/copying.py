"""The form by which projects are copied to another period, or to further years of the same one."""

from crispy_forms.bootstrap import FormActions, InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from eplan.forms import OF_ACCOUNT, TokenField, kept_as
from projects.forms.project import budget_in_words, choice, choices_of
from projects.queries import budgets_of

SAME, EMPTY = "same", "empty"
BUDGETS = [
    (SAME, "ใช้งบประมาณของปีล่าสุดในโครงการเดิม"),
    (EMPTY, "เว้นว่าง แล้วกรอกจำนวนเงินในไฟล์ Excel ที่ระบบเตรียมให้"),
]


class CopyForm(forms.Form):
    """Which of `projects` of the plan `source` go to which years of the plan `target`."""

    years = choices_of("คัดลอกไปดำเนินการในปีงบประมาณ", [], coerce=int, required="กรุณาเลือกปีที่จะดำเนินการ")
    budget = choice("งบประมาณ", BUDGETS, required="กรุณาเลือกว่าใช้งบประมาณเดิมหรือไม่")
    projects = choices_of("โครงการที่จะคัดลอก", [], coerce=int, required="กรุณาเลือกโครงการอย่างน้อยหนึ่งรายการ")
    form_token = TokenField()

    def __init__(self, *args, source, target, projects, address, **kwargs):
        super().__init__(*args, **kwargs)
        self.source, self.target, self.address = source, target, address
        self.known = {project.pk: project for project in projects}
        self.fields["years"].choices = [(year, str(year)) for year in target.years]
        self.fields["projects"].choices = [(pk, _label(project)) for pk, project in self.known.items()]
        self.initial |= {"projects": list(self.known), "budget": SAME}
        if source != target:
            self.initial["years"] = list(target.years)

    @property
    def helper(self):
        """How crispy lays the form out."""
        helper = FormHelper()
        helper.attrs = {
            "novalidate": "",
            **kept_as(self, f"project-copy:{self.source.pk}:{self.target.pk}", on_server=False),
        }
        helper.form_action = self.address
        helper.layout = Layout(
            OF_ACCOUNT,
            "form_token",
            InlineCheckboxes("years"),
            "budget",
            "projects",
            FormActions(Submit("send", "ตรวจก่อนคัดลอก")),
        )
        return helper

    def chosen(self):
        """The projects that were chosen, in the order of the list."""
        return [project for pk, project in self.known.items() if pk in self.cleaned_data["projects"]]


def _label(project):
    budgets = budgets_of(project)
    about = [project.dimension.short_name, f"ปี {', '.join(map(str, budgets))}", *budget_in_words(budgets)]
    return f"{project.name} ({' · '.join(about)})"
