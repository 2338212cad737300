"""The form of a project (SPEC S6 and S8), and the same content in words."""

from decimal import Decimal
from typing import NamedTuple

from crispy_forms.bootstrap import AppendedText, FormActions, InlineCheckboxes, InlineRadios, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Layout, Row
from django import forms

from eplan.fields import BahtField, LineField, ParagraphField
from eplan.forms import CONFLICT, OF_ACCOUNT, TokenField, VersionField, kept_as
from eplan.numbers import with_commas
from projects.models import Project
from projects.rules import NO_BUDGET, Content, budgets_of_years, shared_budget

WITH_BUDGET = "งบประมาณตามแผนปฏิบัติการป้องกันการทุจริต"
QUARTERS = [(quarter, f"ไตรมาส {quarter}") for quarter in range(1, 5)]
UNKNOWN_CHOICE = "ตัวเลือกที่ส่งมาไม่มีในรายการ กรุณาเลือกใหม่"


def choice(label, choices, *, coerce=str, required="กรุณาเลือก", widget=forms.RadioSelect):
    """A field that takes one of `choices`, as `coerce` makes it."""
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=coerce,
        widget=widget,
        error_messages={"required": required, "invalid_choice": UNKNOWN_CHOICE},
    )


def choices_of(label, choices, *, coerce=str, required=""):
    """A field that takes any number of `choices`; at least one where `required` says what to answer otherwise."""
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=coerce,
        required=bool(required),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": required, "invalid_choice": UNKNOWN_CHOICE, "invalid_list": UNKNOWN_CHOICE},
    )


class ProjectForm(forms.Form):
    """A project of `plan`, whose years it offers, with the `dimensions` of the plan's period.

    The budget of a year is its own amount where one is typed, otherwise the amount for all years; single years may
    be without one.
    """

    name = LineField(
        label="ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน",
        max_length=Project.NAME_LENGTH,
        error_messages={"required": "กรุณากรอกชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"},
    )
    years = choices_of("อปท. เลือกปีงบประมาณที่ดำเนินการ", [], coerce=int, required="กรุณาเลือกปีที่จะดำเนินการ")
    kind = choice("ประเภทงาน", Project.Kind.choices, required="กรุณาเลือกประเภทงาน")
    quarters = choices_of("ดำเนินการในไตรมาส", QUARTERS, coerce=int)
    dimension = choice(
        "สาระสำคัญของโครงการ/กิจกรรม/มาตรการสอดคล้องกับกรอบแนวทาง ดังนี้", [], coerce=int, required="กรุณาเลือกมิติ"
    )
    further_dimensions = choices_of("มิติที่สอดคล้องเพิ่มเติม (ถ้ามี)", [], coerce=int)
    uses_budget = choice("งบประมาณ", [("no", NO_BUDGET), ("yes", WITH_BUDGET)], required="กรุณาเลือกว่าใช้งบประมาณหรือไม่")
    amount = BahtField(label="จำนวน", required=False, help_text="จำนวนเดียวนี้ใช้กับทุกปีที่เลือก ปีละเท่ากัน")
    years_without_budget = choices_of("ปีที่ไม่ใช้งบประมาณ (ถ้ามี)", [], coerce=int)
    target_groups = choices_of("กลุ่มเป้าหมาย", Project.TargetGroup.choices)
    objective = ParagraphField(label="วัตถุประสงค์", required=False, max_length=Project.TEXT_LENGTH)
    remark = ParagraphField(label="หมายเหตุ", required=False, max_length=Project.TEXT_LENGTH)
    form_token = TokenField()
    version = VersionField()
    alike_seen = forms.Field(required=False, widget=forms.HiddenInput)  # keys that the clerk was shown; refuses nothing

    def __init__(self, *args, plan, dimensions, address, buttons, project=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan, self.project = plan, project
        self.plan_years = list(plan.years)
        self.fields["years"].choices = [(year, str(year)) for year in self.plan_years]
        self.fields["dimension"].choices = [(dimension.pk, str(dimension)) for dimension in dimensions]
        self.fields["further_dimensions"].choices = self.fields["dimension"].choices
        self.fields["years_without_budget"].choices = self.fields["years"].choices
        for year in self.plan_years:
            self.fields[own_amount(year)] = BahtField(label=f"ปี {year} (บาท)", required=False)
        self.address, self.buttons = address, buttons

    @property
    def helper(self):
        """How crispy lays the form out; what is about single years lies open where something stands in it."""
        helper = FormHelper()
        # The answers to wrong input are ours, in Thai, at the field.
        helper.attrs = {"novalidate": "", **self._kept()}
        helper.form_action = self.address
        of_years = [*map(own_amount, self.plan_years), "years_without_budget"]
        years_differ = any(self[field].value() or self[field].errors for field in of_years)
        helper.layout = _layout(self.plan_years, years_differ=years_differ, buttons=self.buttons)
        return helper

    def _kept(self):
        if self.project is None:
            return kept_as(self, f"project-new:{self.plan.pk}")
        saved_at = self.project.updated_at
        return kept_as(self, f"project:{self.project.pk}", version=self["version"].value(), saved_at=saved_at)

    def clean(self):
        """Check what concerns several fields; each refusal stands at the field that is to be mended."""
        cleaned = super().clean()
        if cleaned.get("dimension") in (cleaned.get("further_dimensions") or []):
            self.add_error("further_dimensions", "มิตินี้เป็นมิติหลักอยู่แล้ว กรุณาเลือกเฉพาะมิติอื่น")
        if cleaned.get("uses_budget") == "no":
            self._refuse_amounts(cleaned)
        elif cleaned.get("uses_budget") == "yes":
            self._check_amounts(cleaned, cleaned.get("years") or [])
        return cleaned

    def _refuse_amounts(self, cleaned):
        for field in ["amount", *map(own_amount, self.plan_years)]:
            if cleaned.get(field) is not None:
                self.add_error(field, f"เลือก “{NO_BUDGET}” ไว้แต่มีจำนวนเงิน กรุณาลบจำนวนเงิน หรือเลือก “{WITH_BUDGET}”")

    def _check_amounts(self, cleaned, years):
        own = {year: cleaned.get(own_amount(year)) for year in self.plan_years}
        without = cleaned.get("years_without_budget") or []
        for year, amount in own.items():
            if amount is not None and year in without:
                self.add_error(own_amount(year), f"ปี {year} เลือกไว้ว่าไม่ใช้งบประมาณ กรุณาลบจำนวนเงิน หรือไม่เลือกข้อนั้น")
            elif amount is not None and years and year not in years:
                self.add_error(own_amount(year), f"ไม่ได้เลือกปี {year} เป็นปีที่ดำเนินการ กรุณาเลือกปี หรือลบจำนวนเงิน")
        if years and set(years) <= set(without):
            self.add_error("years_without_budget", f"ไม่มีปีใดใช้งบประมาณ กรุณาเลือก “{NO_BUDGET}” ข้างต้นแทน")
        elif cleaned.get("amount") is None and "amount" not in self.errors:
            self._check_missing([year for year in years if year not in without], own)

    def _check_missing(self, years, own):
        """Without an amount for all years, each of `years` needs its own."""
        missing = [year for year in years if own[year] is None and own_amount(year) not in self.errors]
        if len(missing) == len(years) and not any(own_amount(year) in self.errors for year in self.plan_years):
            self.add_error("amount", f"กรุณากรอกจำนวนงบประมาณ หรือเลือก “{NO_BUDGET}”")
        else:
            for year in missing:
                self.add_error(own_amount(year), f"กรุณากรอกงบประมาณของปี {year}")

    def content(self):
        """What the valid form says, as a `rules.Content`."""
        cleaned = self.cleaned_data
        own = {year: cleaned[own_amount(year)] for year in self.plan_years}
        return Content(
            name=cleaned["name"],
            kind=cleaned["kind"],
            dimension_id=cleaned["dimension"],
            further_dimensions=frozenset(cleaned["further_dimensions"]),
            quarters=frozenset(cleaned["quarters"]),
            target_groups=frozenset(cleaned["target_groups"]),
            objective=cleaned["objective"],
            remark=cleaned["remark"],
            budgets=budgets_of_years(
                sorted(set(cleaned["years"])), cleaned["amount"], own, cleaned["years_without_budget"]
            ),
        )


def own_amount(year):
    """The name of the field for the amount of one fiscal year."""
    return f"amount_{year}"


def initial_of(content, version):
    """What the form shows of a project that was recorded."""
    amounts = {year: budget for year, budget in content.budgets.items() if budget is not None}
    same, amount = shared_budget(amounts)
    own = {} if same else {own_amount(year): budget for year, budget in amounts.items()}
    return {
        "name": content.name,
        "years": list(content.budgets),
        "kind": content.kind,
        "quarters": list(content.quarters),
        "dimension": content.dimension_id,
        "further_dimensions": list(content.further_dimensions),
        "uses_budget": "yes" if amounts else "no",
        "amount": amount,
        **own,
        "years_without_budget": [year for year in content.budgets if year not in amounts] if amounts else [],
        "target_groups": list(content.target_groups),
        "objective": content.objective,
        "remark": content.remark,
        "version": version,
    }


def recording_buttons(clear_url):
    """The buttons of a new project, as the manual has them."""
    return [
        StrictButton("บันทึก", type="submit", name="then", value="home", css_class="btn-primary"),
        StrictButton("บันทึกข้อมูลถัดไป", type="submit", name="then", value="next", css_class="btn-secondary"),
        _clear_link(clear_url),
    ]


def amending_buttons(clear_url, back_url):
    """The buttons of a project that was recorded."""
    return [
        StrictButton("บันทึก", type="submit", css_class="btn-primary"),
        _clear_link(clear_url),
        HTML(f'<a class="btn btn-link" href="{back_url}">ยกเลิก</a>'),
    ]


def _clear_link(url):
    # Without scripts the link opens the form anew; with them it empties the fields on the spot.
    question = "ล้างข้อมูลที่กรอกไว้ทั้งหมดในแบบฟอร์มนี้หรือไม่ (ไม่มีการบันทึก)"
    return HTML(f'<a class="btn btn-secondary" href="{url}" data-clear="{question}">ล้างข้อมูล</a>')


def _layout(years, *, years_differ, buttons):
    return Layout(
        CONFLICT,
        OF_ACCOUNT,
        "form_token",
        "version",
        "alike_seen",
        Field("name", data_max=Project.NAME_LENGTH),
        InlineCheckboxes("years"),
        InlineRadios("kind"),
        InlineCheckboxes("quarters"),
        "dimension",
        "further_dimensions",
        "uses_budget",
        Div(
            AppendedText("amount", "บาท", data_money=""),
            HTML(f"<details{' open' if years_differ else ''}>"),
            HTML('<summary class="btn btn-link">แต่ละปีไม่เท่ากัน</summary>'),
            HTML('<p class="form-text">กรอกเฉพาะปีที่ต่าง ปีที่เว้นว่างใช้จำนวนข้างต้น</p>'),
            Row(*(Column(Field(own_amount(year), data_money=""), css_class="col-6 col-md-3") for year in years)),
            InlineCheckboxes("years_without_budget"),
            HTML("</details>"),
            data_shows_when="uses_budget=yes",
        ),
        Field("target_groups", wrapper_class="choices-columns"),
        Field("objective", data_max=Project.TEXT_LENGTH),
        Field("remark", data_max=Project.TEXT_LENGTH),
        FormActions(*buttons),
    )


class Difference(NamedTuple):
    """One thing that someone else saved otherwise than it is typed here, in words."""

    label: str
    stored: str
    typed: str


def differences(stored, typed, dimensions):
    """In what the `Content`s `stored` and `typed` differ, as a list of `Difference`."""
    before, after = in_words(stored, dimensions), in_words(typed, dimensions)
    return [Difference(label, before[label], after[label]) for label in before if before[label] != after[label]]


# What is chosen together where two people changed a project, by the field that names it: the columns of a `Content`,
# and the fields of the form they come from.
PARTS = {
    "name": (("name",), ("name",)),
    "years": (("budgets",), ("years", "uses_budget", "amount", "years_without_budget")),
    "kind": (("kind",), ("kind",)),
    "quarters": (("quarters",), ("quarters",)),
    "dimension": (("dimension_id", "further_dimensions"), ("dimension", "further_dimensions")),
    "target_groups": (("target_groups",), ("target_groups",)),
    "objective": (("objective",), ("objective",)),
    "remark": (("remark",), ("remark",)),
}


def parts_of(content):
    """The `content` as parts: the values of the columns of each of `PARTS`."""
    return {part: tuple(getattr(content, column) for column in columns) for part, (columns, _) in PARTS.items()}


def content_in(parts):
    """The `Content` that `parts` hold, as `parts_of` made them."""
    return Content(
        **{
            column: value
            for part, (columns, _) in PARTS.items()
            for column, value in zip(columns, parts[part], strict=True)
        }
    )


def label_of_part(part):
    """What a part is called."""
    return "ปีงบประมาณที่ดำเนินการและงบประมาณ" if part == "years" else ProjectForm.base_fields[part].label


def part_in_words(content, part, dimensions):
    """What a part of `content` says, as people read it."""
    words = in_words(content, dimensions)
    said = [words.get(ProjectForm.base_fields[field].label, "-") for field in PARTS[part][1]]
    return " · ".join(text for text in said if text != "-") or "-"


def fields_of_parts(form, parts, content):
    """The values of the fields of `form` that `parts` of `content` stand in, as `eplan.forms.fill_in` takes them."""
    initial = initial_of(content, 0)
    names = [field for part in parts for field in PARTS[part][1]]
    names += [own_amount(year) for year in form.plan_years if "years" in parts]
    return {name: initial.get(name) for name in names}


def in_words(content, dimensions):
    """The `content` of a project as people read it: a dict of label to text, "-" for what is empty."""
    names = {dimension.pk: str(dimension) for dimension in dimensions}
    words = {
        "name": content.name,
        "years": ", ".join(map(str, sorted(content.budgets))),
        "kind": Project.Kind(content.kind).label,
        "quarters": ", ".join(map(str, sorted(content.quarters))),
        "dimension": names[content.dimension_id],
        "further_dimensions": ", ".join(name for pk, name in names.items() if pk in content.further_dimensions),
        "uses_budget": ", ".join(budget_in_words(content.budgets)),
        "target_groups": ", ".join(
            label for value, label in Project.TargetGroup.choices if value in content.target_groups
        ),
        "objective": content.objective,
        "remark": content.remark,
    }
    return {ProjectForm.base_fields[field].label: text or "-" for field, text in words.items()}


def budget_in_words(budgets):
    """The budgets of a project's years as lines: one when they are the same in every year, else one a year."""
    same, amount = shared_budget(budgets)
    if same:
        return [amount_in_words(amount)]
    return [f"ปี {year}: {amount_in_words(amount)}" for year, amount in sorted(budgets.items())]


def amount_in_words(amount: Decimal | None):
    """One budget in words: no budget is not a budget of 0."""
    return NO_BUDGET if amount is None else f"{with_commas(amount)} บาท"
