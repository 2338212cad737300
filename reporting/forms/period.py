"""The forms of plan periods: what is decided about one, and the making of plans."""

from decimal import Decimal

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms

from eplan.fields import DecimalNumberField, LineField, YearField
from eplan.forms import CONFLICT, OF_ACCOUNT, StartedForm, kept_as
from eplan.numbers import with_commas
from projects.models import Dimension
from reporting.models import MONTHS, LevelCutoff
from reporting.queries.periods import Levels, Setting

MOST_DIMENSIONS = 6
MOST_YEARS = 10
NOT_PASSED = "ยังไม่ผ่านเกณฑ์มาตรฐาน"
WORDS = ("high_name", "medium_name", "low_name")
WORD_LENGTH = LevelCutoff._meta.get_field("high_name").max_length
NAME_LENGTH = Dimension._meta.get_field("name").max_length


def dimension_name(number):
    """The name of the field for one dimension."""
    return f"dimension_{number}"


class PeriodForm(StartedForm):
    """Years, dimensions and levels of a period. Empty boxes after the last dimension are dimensions that it hasn't."""

    first_year = YearField(label="ปีที่เริ่มแผน (พ.ศ.)")
    last_year = YearField(label="ปีสุดท้ายของแผน (พ.ศ.)")

    def __init__(self, data=None, *, setting, period=None, back_url):
        """`setting` fills the form: that of the `period` that stands, or what a new one starts with (may be None)."""
        super().__init__(data)
        for number in range(1, MOST_DIMENSIONS + 1):
            self.fields[dimension_name(number)] = LineField(
                label=f"มิติที่ {number}", max_length=NAME_LENGTH, required=number == 1
            )
        for months, _ in MONTHS:
            self.fields[f"high_{months}"] = _percent_field("ระดับสูง ตั้งแต่ร้อยละ")
            self.fields[f"medium_{months}"] = _percent_field("ระดับกลาง ตั้งแต่ร้อยละ")
            for word, label in zip(WORDS, ("สูง", "กลาง", "ต่ำ"), strict=True):
                self.fields[f"{word}_{months}"] = LineField(label=f"คำของระดับ{label}", max_length=WORD_LENGTH)
        if period:
            self.start_from(values_of(setting))
        elif setting:
            self.initial |= {**values_of(setting), "first_year": None, "last_year": None}
        self.record = f"period:{period.pk}" if period else "period-new"
        self.back_url = back_url

    @property
    def helper(self):
        """How crispy lays the form out."""
        helper = FormHelper()
        helper.attrs = {"novalidate": "", **kept_as(self, self.record, version=self.version)}
        helper.layout = _layout(self.back_url)
        return helper

    def clean(self):
        """Check what concerns several fields; each refusal stands at the field that is to be mended."""
        cleaned = super().clean()
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", "ปีสุดท้ายของแผนต้องไม่ก่อนปีที่เริ่มแผน")
        elif first and last and last - first >= MOST_YEARS:
            self.add_error("last_year", f"แผนหนึ่งยาวได้ไม่เกิน {MOST_YEARS} ปี กรุณาตรวจสอบปี")
        self._check_dimensions(cleaned)
        for months, _ in MONTHS:
            self._check_levels(cleaned.get(f"high_{months}"), cleaned.get(f"medium_{months}"), months)
        return cleaned

    def _check_dimensions(self, cleaned):
        names = [cleaned.get(dimension_name(number)) for number in range(1, MOST_DIMENSIONS + 1)]
        last = max((number for number, name in enumerate(names, start=1) if name), default=0)
        for number, name in enumerate(names[:last], start=1):
            if name == "" and number > 1:
                self.add_error(dimension_name(number), f"กรุณากรอกชื่อมิติที่ {number} ก่อนมิติที่ {last}")

    def _check_levels(self, high, medium, months):
        if medium is not None and medium <= 0:
            self.add_error(f"medium_{months}", "ต้องมากกว่า 0")
        elif high is not None and medium is not None and high <= medium:
            self.add_error(f"high_{months}", "เกณฑ์ระดับสูงต้องมากกว่าระดับกลาง")

    def setting(self):
        """What the valid form says, as a `Setting`."""
        return _setting_in(self.cleaned_data)

    @property
    def started_setting(self):
        """The `Setting` that the form was filled from; None where that is not known."""
        try:
            return _setting_in(self.started_from)
        except (KeyError, TypeError):
            return None


# What is chosen together where two officers changed a period: the fields of each part.
PARTS = {
    "years": ("first_year", "last_year"),
    **{dimension_name(number): (dimension_name(number),) for number in range(1, MOST_DIMENSIONS + 1)},
    **{f"levels_{months}": tuple(f"{name}_{months}" for name in Levels.__dataclass_fields__) for months, _ in MONTHS},
}
LABELS = {"years": "ปีงบประมาณของแผน", **{f"levels_{months}": f"ระดับ รอบ {label}" for months, label in MONTHS}}


def part_in_words(part, values):
    """The `values` of a part as people read them."""
    if part == "years":
        return "-".join(map(str, values))
    return levels_in_words(Levels(*values)) if part.startswith("levels") else values[0] or "(ไม่มีมิตินี้)"


def _setting_in(values):
    """The `Setting` that the fields' `values` make."""
    names = (values[dimension_name(number)] for number in range(1, MOST_DIMENSIONS + 1))
    levels = {
        months: Levels(**{name: values[f"{name}_{months}"] for name in Levels.__dataclass_fields__})
        for months, _ in MONTHS
    }
    return Setting(values["first_year"], values["last_year"], tuple(filter(None, names)), levels)


def _percent_field(label):
    return DecimalNumberField(label=label, max_value=Decimal(100))


def values_of(setting):
    """A `Setting` by the fields of the form."""
    names = {dimension_name(number): "" for number in range(1, MOST_DIMENSIONS + 1)}
    names |= {dimension_name(number): name for number, name in enumerate(setting.dimensions, start=1)}
    levels = {
        f"{name}_{months}": value for months, level in setting.levels.items() for name, value in vars(level).items()
    }
    return {"first_year": setting.first_year, "last_year": setting.last_year, **names, **levels}


def _layout(back_url):
    return Layout(
        CONFLICT,
        OF_ACCOUNT,
        "form_token",
        "started",
        Fieldset(
            "ปีงบประมาณของแผน",
            Row(Column("first_year", css_class="col-md-4"), Column("last_year", css_class="col-md-4")),
        ),
        Fieldset(
            "ชื่อมิติ",
            HTML('<p class="form-text">เว้นว่างช่องท้ายที่แผนนี้ไม่มี</p>'),
            *(dimension_name(number) for number in range(1, MOST_DIMENSIONS + 1)),
        ),
        *(
            Fieldset(
                f"ระดับของผลการดำเนินงาน รอบ {label}",
                Row(*(Column(f"{name}_{months}", css_class="col-md") for name in Levels.__dataclass_fields__)),
            )
            for months, label in MONTHS
        ),
        FormActions(
            Submit("save", "บันทึก", data_busy="กำลังบันทึก…"),
            HTML(f'<a class="btn btn-secondary" href="{back_url}">กลับไปรายการ</a>'),
        ),
    )


def levels_in_words(level):
    """The levels of a round in one line; `level` has the fields of a `Levels`."""
    high, medium = with_commas(level.high), with_commas(level.medium)
    return f"{level.high_name} ≥ {high} · {level.medium_name} ≥ {medium} · {level.low_name} ต่ำกว่า {medium}"


class MakePlansForm(forms.Form):
    """Whether the plans that are made have met the standard, and in which year of the period."""

    passed_in = forms.TypedChoiceField(
        label="ผ่านเกณฑ์มาตรฐานปีงบประมาณ", coerce=int, required=False, empty_value=None, widget=forms.RadioSelect
    )

    def __init__(self, data=None, *, period, laos, back_url):
        super().__init__(data, initial={"passed_in": ""})
        self.fields["passed_in"].choices = [("", NOT_PASSED), *((year, str(year)) for year in period.years)]
        self.fields["passed_in"].error_messages["invalid_choice"] = "กรุณาเลือกจากรายการ"
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            "passed_in",
            FormActions(
                Submit("make", f"สร้างแผนให้ อปท. {laos:,} แห่ง", data_busy="กำลังสร้างแผน…"),
                HTML(f'<a class="btn btn-secondary" href="{back_url}">ยังไม่สร้าง</a>'),
            ),
        )
