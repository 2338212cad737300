"""The forms of central officers: the dates of a round, and more time for an LAO or a province."""

from datetime import date

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from eplan.fields import CodeField, LineField, ThaiDateField
from eplan.fiscal import thai_date_short
from eplan.forms import CONFLICT, OF_ACCOUNT, StartedForm, TokenField, fill_in, kept_as
from lao.models import Lao, Province
from reporting.models import MONTHS, ReportingRound

CHOOSE = [("", "กรุณาเลือก")]
REASON_LENGTH = 300


class DatesField(forms.CharField):
    """The hidden dates of a round, as a tuple of two days; None when what came is none."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        """The two days in one word."""
        return "/".join(day.isoformat() for day in value) if isinstance(value, tuple) else value

    def clean(self, value):
        """The two days, None when what came is none."""
        try:
            opens_on, closes_on = (date.fromisoformat(day) for day in (value or "").split("/"))
        except ValueError:
            return None
        return opens_on, closes_on


class RoundForm(StartedForm):
    """The dates of a round; `shown` are those whose effect was shown."""

    fiscal_year = forms.TypedChoiceField(label="ปีงบประมาณ พ.ศ.", coerce=int, error_messages={"required": "กรุณาเลือกปี"})
    months = forms.TypedChoiceField(
        label="รอบ", coerce=int, choices=[*CHOOSE, *MONTHS], error_messages={"required": "กรุณาเลือกรอบ"}
    )
    opens_on = ThaiDateField(label="เปิดรับรายงานวันที่")
    closes_on = ThaiDateField(label="ปิดรับรายงานวันที่ (รับถึงสิ้นวัน)")
    shown = DatesField()

    def __init__(self, *args, years, of=None, back_url, **kwargs):
        super().__init__(*args, **kwargs)
        if of:
            self.start_from({"opens_on": of.opens_on, "closes_on": of.closes_on})
            del self.fields["fiscal_year"], self.fields["months"]
        else:
            self.fields["fiscal_year"].choices = [*CHOOSE, *((year, year) for year in years)]
        self.hidden = ("form_token", "started", "shown")
        for name, field in self.fields.items():
            if name not in self.hidden:
                field.widget.attrs["class"] = "field-short"
        self.record = f"round:{of.pk}" if of else "round-new"
        self.back_url, self.button = back_url, "ตรวจสอบผลก่อนบันทึก"

    def clean(self):
        """Refuse dates out of order."""
        opens_on, closes_on = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", ValidationError("วันปิดต้องไม่ก่อนวันเปิด", code="order"))

    @property
    def dates(self):
        """The two days of a valid form."""
        return self.cleaned_data["opens_on"], self.cleaned_data["closes_on"]

    @property
    def started_dates(self):
        """The two days that the form was filled from; None where that is not known."""
        started = self.started_from or {}
        return (started["opens_on"], started["closes_on"]) if started.keys() >= {"opens_on", "closes_on"} else None

    def show_effects(self):
        """Let the bound form, shown again with what its dates do, save them when it is sent unchanged."""
        fill_in(self, {"shown": self.dates})
        self.button = "ยืนยันและบันทึก"

    @property
    def helper(self):
        """How crispy lays the form out."""
        helper = FormHelper()
        helper.attrs = {"novalidate": "", **kept_as(self, self.record, version=self.version)}
        asked = (name for name in self.fields if name not in self.hidden)
        helper.layout = Layout(CONFLICT, OF_ACCOUNT, *asked, *self.hidden, _actions(self.button, self.back_url))
        return helper


# Both days of a round are chosen together: what they do was shown of both.
PARTS = {"dates": ("opens_on", "closes_on")}
LABELS = {"dates": "วันเปิดและวันปิดรับรายงาน"}


def dates_in_words(part, days):
    """The two `days` of a round as people read them."""
    return " ถึง ".join(map(thai_date_short, days))


class ExtensionForm(forms.Form):
    """More time in a round, for one LAO or a whole province, until when and why."""

    reporting_round = forms.ModelChoiceField(
        label="รอบการรายงาน",
        queryset=ReportingRound.objects.order_by("-fiscal_year", "-months"),
        empty_label="กรุณาเลือก",
        error_messages={"required": "กรุณาเลือกรอบ", "invalid_choice": "กรุณาเลือกรอบจากรายการ"},
    )
    lao = CodeField(label="รหัส อปท. (ขยายเวลาให้แห่งเดียว)", required=False)
    province = forms.ModelChoiceField(
        label="หรือจังหวัด (ขยายเวลาให้ทุก อปท. ในจังหวัด)",
        queryset=Province.objects.order_by("sort_key"),
        required=False,
        empty_label="ไม่เลือก",
        error_messages={"invalid_choice": "กรุณาเลือกจังหวัดจากรายการ"},
    )
    until = ThaiDateField(label="รับรายงานถึงวันที่ (ถึงสิ้นวัน)")
    reason = LineField(label="เหตุผล (อปท. เห็นข้อความนี้)", max_length=REASON_LENGTH)
    form_token = TokenField()

    def __init__(self, *args, today, back_url, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["reporting_round"].label_from_instance = lambda known: (
            f"{known} (ปิด {thai_date_short(known.closes_on)})"
        )
        for name in ("lao", "until"):
            self.fields[name].widget.attrs["class"] = "field-short"
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", **kept_as(self, "extension-new")}
        self.helper.layout = Layout(OF_ACCOUNT, *self.fields, _actions("ขยายเวลา", back_url))

    def clean_lao(self):
        """The `Lao` of the code, None when none was typed."""
        code = self.cleaned_data["lao"]
        if not code:
            return None
        found = Lao.objects.with_place().filter(code=code).first()
        if found is None:
            raise ValidationError("ไม่พบ อปท. รหัสนี้", code="unknown")
        return found

    def clean(self):
        """Want an LAO or a province, and a day that is later than the round's own and not past."""
        said = self.cleaned_data
        if not self.errors and bool(said["lao"]) == bool(said["province"]):
            self.add_error("lao", ValidationError("กรอกรหัส อปท. หรือเลือกจังหวัดอย่างใดอย่างหนึ่ง", code="one_of_two"))
        known, until = said.get("reporting_round"), said.get("until")
        if known and until and until <= known.closes_on:
            message = f"ต้องหลังวันปิดรอบ ({thai_date_short(known.closes_on)})"
            self.add_error("until", ValidationError(message, code="no_effect"))
        elif until and until < self.today:
            self.add_error("until", ValidationError("วันนี้ผ่านไปแล้ว", code="past"))


def _actions(label, back_url):
    return FormActions(Submit("send", label), HTML(f'<a class="btn btn-secondary" href="{back_url}">ยกเลิก</a>'))
