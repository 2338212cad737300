"""The forms of scores. One form reads a plan's scores wherever they come from: a page, a row of the grid, or Excel."""

from decimal import Decimal

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError

from eplan.fields import DecimalNumberField, ParagraphField
from eplan.fiscal import parse_year
from eplan.forms import CONFLICT, OF_ACCOUNT, StartedForm, TokenField, VersionField, kept_as
from eplan.numbers import with_commas
from evaluation import rules
from evaluation.models import Score, ScoreChange
from evaluation.rules import Entry, Points
from evaluation.wording import NOT_PASSED, PASSED_IN, points_label

HIGHEST_POINTS = Decimal("99999.99")
TOTAL = "total"
PASSED_IN_FIELD = "passed_in"
REASON = "เหตุผลที่แก้ไขข้อมูลที่ประกาศแล้ว"
REASON_MISSING = "มีการแก้ไขคะแนนหรือปีที่ผ่านเกณฑ์ที่ประกาศแล้ว กรุณาระบุเหตุผล"


class PointsField(DecimalNumberField):
    """A score as a Decimal with two places; None when left empty or "-", which is not 0."""

    default_error_messages = {
        "invalid": "อ่านเป็นคะแนนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 42.5",
        "min_value": "คะแนนต้องไม่ติดลบ",
        "max_value": "คะแนนมากเกินไป: ต้องไม่เกิน %(limit)s",
    }

    def __init__(self, **kwargs):
        super().__init__(max_value=HIGHEST_POINTS, unit="คะแนน", required=False, **kwargs)

    def to_python(self, value):
        """The points with exactly two places, None when nothing was typed."""
        points = super().to_python(None if value == "-" else value)
        return points if points is None else points.quantize(Decimal("0.01"))


class PassedInField(forms.Field):
    """The fiscal year in which a plan passed, one of `years`, as an int; None when left empty or "-"."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "invalid": "กรุณาพิมพ์ปีงบประมาณ พ.ศ. 4 หลัก หรือเว้นว่างถ้ายังไม่ผ่าน",
        "outside": "ต้องเป็นปีของแผนนี้: %(first)s ถึง %(last)s",
    }

    def __init__(self, *, years, **kwargs):
        super().__init__(required=False, **kwargs)
        self.years = years

    def to_python(self, value):
        """The year as an int, None for a plan that has not passed."""
        text = str("" if value is None else value).strip()
        if text in ("", "-"):
            return None
        year = parse_year(text)
        if year is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if year not in self.years:
            params = {"first": self.years[0], "last": self.years[-1]}
            raise ValidationError(self.error_messages["outside"], code="outside", params=params)
        return year


def points_name(source, place):
    """The name of the field for a source and a place: a dimension's number, or `TOTAL`."""
    return f"{source}_{place}"


class EntryForm(forms.Form):
    """What is published about one plan. `dimensions` and `standard` are those of its `period`, in the same order.

    Without `may_set_passed` the year of passing stays as it is in `standing`.
    """

    version = VersionField()

    def __init__(self, *args, standing, period, dimensions, standard, may_set_passed, **kwargs):
        kwargs.setdefault("initial", initial_of(standing, dimensions))
        super().__init__(*args, **kwargs)
        self.standing, self.dimensions, self.standard = standing, dimensions, standard
        self.first_year = period.first_year
        if may_set_passed:
            self.fields[PASSED_IN_FIELD] = PassedInField(label=PASSED_IN, years=period.years)
        for source in Score.Source:
            for dimension in dimensions:
                field = PointsField(label=points_label(source, dimension))
                self.fields[points_name(source, dimension.number)] = field
            self.fields[points_name(source, TOTAL)] = PointsField(label=points_label(source))

    @property
    def published(self):
        """The names of the fields that say what is published."""
        return [name for name, field in self.fields.items() if isinstance(field, PointsField | PassedInField)]

    def clean(self):
        """Hold the total against its parts, and both against the highest possible."""
        for source in Score.Source:
            names = self._names(source)
            if any(name in self.errors for name in names):
                continue
            points = self._points(source)
            if points.contradicts:
                summed, entered = with_commas(points.total), with_commas(points.entered)
                self.add_error(
                    names[-1], f"ผลรวมของมิติคือ {summed} ไม่ใช่ {entered}: แก้คะแนนรายมิติ หรือเว้นช่องรวมว่างให้ระบบรวมเอง"
                )
            for place, highest in rules.too_high(points, self.standard):
                name = names[-1 if place is None else place]
                self.add_error(name, f"เกินคะแนนเต็ม {with_commas(highest)}")

    def _names(self, source):
        return [points_name(source, place) for place in (*(d.number for d in self.dimensions), TOTAL)]

    def _points(self, source):
        *parts, entered = (self.cleaned_data[name] for name in self._names(source))
        return Points(tuple(parts), entered)

    @property
    def entry(self):
        """What the valid form says, as a `rules.Entry`."""
        passed_in = self.cleaned_data.get("passed_in", self.standing.entry.passed_in)
        return Entry(passed_in, {source: self._points(source).settled() for source in Score.Source})


def initial_of(standing, dimensions):
    """What the form shows of a `Standing`."""
    return {"version": standing.version, **values_of(standing.entry, dimensions)}


def values_of(entry, dimensions):
    """An `Entry` by the fields of the form. A total that sums itself is left empty."""
    values = {PASSED_IN_FIELD: entry.passed_in}
    for source, points in entry.points.items():
        values |= {
            points_name(source, dimension.number): part
            for dimension, part in zip(dimensions, points.parts, strict=True)
        }
        values[points_name(source, TOTAL)] = points.entered
    return values


class ReasonForm(forms.Form):
    """Why something that was published changes."""

    reason = ParagraphField(
        label=REASON,
        max_length=ScoreChange.REASON_LENGTH,
        required=False,
        help_text="ต้องระบุเฉพาะเมื่อแก้ไขหรือลบสิ่งที่เคยประกาศแล้ว การเติมคะแนนที่ยังไม่มีไม่ต้องระบุ",
        widget=forms.Textarea(attrs={"rows": 2, "data-max": ScoreChange.REASON_LENGTH}),
    )
    form_token = TokenField()


class OneEntryForm(EntryForm):
    """The page of one plan: `EntryForm` and the reason."""

    reason = ReasonForm.base_fields["reason"]
    form_token = TokenField()

    def __init__(self, *args, back_url, may_set_passed, **kwargs):
        super().__init__(*args, may_set_passed=may_set_passed, **kwargs)
        if may_set_passed:
            years = self.fields["passed_in"].years
            choices = [("", NOT_PASSED), *((year, str(year)) for year in years)]
            self.fields["passed_in"].widget = forms.Select(choices=choices)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", **self._kept()}
        self.helper.layout = Layout(
            CONFLICT,
            OF_ACCOUNT,
            "form_token",
            "version",
            *(["passed_in"] if may_set_passed else []),
            *(self._fieldset(source) for source in Score.Source),
            "reason",
            FormActions(
                Submit("save", "บันทึก"), HTML(f'<a class="btn btn-secondary" href="{back_url}">กลับไปตารางกรอกคะแนน</a>')
            ),
        )

    def _kept(self):
        record = f"score:{self.standing.lao.code}:{self.first_year}"
        return kept_as(self, record, version=self["version"].value())

    def _fieldset(self, source):
        for name in self._names(source):
            self.fields[name].widget.attrs["class"] = "num"
        summed = rules.total(self.standing.entry.points[source].parts, None)
        total = self.fields[points_name(source, TOTAL)]
        total.help_text = "เว้นว่างให้ระบบรวมเอง กรอกเฉพาะเมื่อทราบเพียงคะแนนรวม"
        if summed is not None:
            total.widget.attrs["placeholder"] = with_commas(summed)
        return Fieldset(source.label, Row(*(Column(name, css_class="col-md") for name in self._names(source))))


class StandardForm(StartedForm):
    """The highest possible scores of a period and its pass mark; an empty field is not enforced."""

    def __init__(self, *args, dimensions, standard, back_url, record, **kwargs):
        """`record` names what stands, the `standard`, to the keeping of what is typed."""
        super().__init__(*args, **kwargs)
        for dimension in dimensions:
            self.fields[f"highest_{dimension.number}"] = PointsField(label=f"คะแนนเต็ม {dimension}")
        self.fields["highest_total"] = PointsField(label="คะแนนรวมเต็ม")
        self.fields["pass_mark"] = PointsField(label="คะแนนรวมที่ถือว่าผ่าน")
        self.limits = [*(f"highest_{dimension.number}" for dimension in dimensions), "highest_total", "pass_mark"]
        for name in self.limits:
            self.fields[name].widget.attrs["class"] = "num"
        self.start_from(self.values_of(standard))
        self.record, self.back_url = record, back_url

    @property
    def helper(self):
        """How crispy lays the form out."""
        helper = FormHelper()
        helper.attrs = {"novalidate": "", **kept_as(self, self.record, version=self.version)}
        back = HTML(f'<a class="btn btn-secondary" href="{self.back_url}">กลับ</a>')
        buttons = FormActions(Submit("save", "บันทึก"), back)
        helper.layout = Layout(CONFLICT, OF_ACCOUNT, "form_token", "started", *self.limits, buttons)
        return helper

    def clean(self):
        """Refuse 0, which nobody could stay within, and a pass mark that nobody could reach."""
        for name in self.limits:
            if self.cleaned_data.get(name) == 0:
                self.add_error(name, "ต้องมากกว่า 0 (เว้นว่างถ้ายังไม่กำหนด)")
        highest, mark = self.cleaned_data.get("highest_total"), self.cleaned_data.get("pass_mark")
        if highest and mark and mark > highest:
            self.add_error("pass_mark", f"ต้องไม่เกินคะแนนรวมเต็ม {with_commas(highest)}")

    @property
    def standard(self):
        """What the valid form says, as a `rules.Standard`."""
        return self._standard_in(self.cleaned_data)

    @property
    def started_standard(self):
        """The `rules.Standard` that the form was filled from; None where that is not known."""
        started = self.started_from or {}
        return self._standard_in(started) if set(self.limits) <= started.keys() else None

    def values_of(self, standard):
        """A `rules.Standard` by the fields of the form."""
        return dict(zip(self.limits, [*standard.parts, standard.highest_total, standard.pass_mark], strict=True))

    def _standard_in(self, values):
        *parts, highest_total, pass_mark = (values[name] for name in self.limits)
        return rules.Standard(tuple(parts), highest_total, pass_mark)

    def refuse_published(self, above):
        """Say at the fields that more was published already; `above` are places as `rules.too_high` gives them."""
        for place, points in above.items():
            name = "highest_total" if place is None else self.limits[place]
            self.add_error(name, f"มีคะแนนที่ประกาศแล้วถึง {with_commas(points)} จึงกำหนดต่ำกว่านั้นไม่ได้")
