"""The forms of the officers' review: what to look for, and what to decide."""

from dataclasses import asdict

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms

from eplan.fields import LineField, ParagraphField
from eplan.forms import OF_ACCOUNT, TokenField, kept_as
from lao.models import Lao
from projects.models import Project, ReviewDecision
from projects.queries.review import ALL, CHANGED, NEW, WAITING, Narrowing
from projects.rules import LATE_AFTER_DAYS, NEEDS_REASON, REASON_TO_REJECT

Decision = ReviewDecision.Decision
ANY = "ทั้งหมด"
STATES = [
    (WAITING, "รอตรวจสอบ"),
    (NEW, "รอตรวจสอบ: รายการใหม่"),
    (CHANGED, "รอตรวจสอบ: แก้ไขแล้วส่งมาอีก"),
    *[(state.value, state.label) for state in Project.ReviewState if state != Project.ReviewState.SUBMITTED],
    (ALL, "ทุกสถานะ"),
]
ORDERS = [("oldest", "รอนานที่สุดก่อน"), ("newest", "ส่งมาล่าสุดก่อน"), ("lao", "ตามจังหวัด อำเภอ และ อปท.")]
MOST_AT_ONCE = 200


class NarrowingForm(forms.Form):
    """What the queue is narrowed to. What can't be read counts as not asked for, since it comes in an address."""

    text = LineField(label="ค้นหา", required=False, max_length=200)
    state = forms.ChoiceField(label="สถานะ", required=False, choices=STATES)
    order = forms.ChoiceField(label="เรียง", required=False, choices=ORDERS)
    province = forms.ChoiceField(label="จังหวัด", required=False)
    district = forms.TypedChoiceField(label="อำเภอ", required=False, coerce=int)
    lao_kind = forms.ChoiceField(label="ประเภท อปท.", required=False, choices=[("", ANY), *Lao.Kind.choices])
    dimension = forms.TypedChoiceField(label="มิติ", required=False, coerce=int)
    kind = forms.ChoiceField(label="ประเภทงาน", required=False, choices=[("", ANY), *Project.Kind.choices])
    late = forms.BooleanField(label=f"เฉพาะที่รอเกิน {LATE_AFTER_DAYS} วัน", required=False)

    def __init__(self, data=None, *, provinces, districts, dimensions, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["text"].widget = forms.TextInput(attrs={"type": "search", "accesskey": "f"})
        self.fields["province"].choices = [("", ANY), *((place.pk, place.name) for place in provinces)]
        self.fields["district"].choices = [("", ANY), *((place.pk, place.name) for place in districts)]
        self.fields["dimension"].choices = [("", ANY), *((number, f"มิติที่ {number}") for number in dimensions)]
        areas = [name for name, places in (("province", provinces), ("district", districts)) if len(places) > 1]
        for name in {"province", "district"} - set(areas):
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "narrowing"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(Column("text", css_class="col-md-5"), Column("state"), Column("order"), _BUTTON),
            HTML(f"<details{' open' if _is_narrow(self.initial) else ''}><summary>ตัวกรองอื่น</summary>"),
            Row(*(Column(name, css_class="col-md-3") for name in (*areas, "lao_kind", "dimension", "kind", "late"))),
            HTML("</details>"),
        )

    def narrowing(self):
        """What the bound form says, as a `Narrowing`."""
        self.full_clean()
        return Narrowing(**{name: value for name, value in self.cleaned_data.items() if value not in ("", None)})


_BUTTON = Column(StrictButton("ค้นหา", type="submit", css_class="btn-secondary"), css_class="col-auto")


def _is_narrow(initial):
    return any(initial.get(name) for name in ("province", "district", "lao_kind", "dimension", "kind", "late"))


def shown_as(narrowing):
    """What a `NarrowingForm` shows of a `Narrowing`."""
    return asdict(narrowing)


class SeenField(forms.Field):
    """The projects that an officer looked at: hidden values `id:version`, read as a dict of id to version."""

    widget = forms.MultipleHiddenInput

    def prepare_value(self, value):
        """The hidden values of a dict; those of a bound form as they came."""
        return [f"{pk}:{version}" for pk, version in value.items()] if isinstance(value, dict) else value

    def to_python(self, value):
        """The dict, empty when nothing came. Refuses what no page of ours sends."""
        try:
            seen = dict(tuple(map(_small, pair.split(":"))) for pair in value or [])
        except ValueError as error:
            raise forms.ValidationError("กรุณาเลือกโครงการใหม่จากรายการ") from error
        if len(seen) > MOST_AT_ONCE:
            raise forms.ValidationError(f"ตัดสินพร้อมกันได้ครั้งละไม่เกิน {MOST_AT_ONCE} โครงการ")
        return seen


def _small(text):
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise ValueError(text)
    return int(text)


class DecisionForm(forms.Form):
    """One decision on one project or several; `reason` is asked for where there is something to say."""

    seen = SeenField()
    decision = forms.CharField(widget=forms.HiddenInput)
    form_token = TokenField()
    reason = ParagraphField(max_length=Project.TEXT_LENGTH)

    LABELS = {
        Decision.ACCEPT: ("", "เห็นชอบ", "btn-primary"),
        Decision.RETURN: ("ข้อที่ให้ อปท. แก้ไข", "ส่งกลับแก้ไข", "btn-primary"),
        Decision.REJECT: ("เหตุผล", "ใช่ ปฏิเสธโครงการ", "btn-danger"),
        Decision.RESTORE: ("ความเห็น (ถ้ามี)", "ใช่ คืนสถานะโครงการ", "btn-primary"),
    }

    def __init__(self, data=None, *, decision, address, seen=None, reason="", cancel=""):
        usual = REASON_TO_REJECT if decision == Decision.REJECT else ""
        initial = {"seen": seen, "decision": decision, "reason": reason or usual}
        super().__init__(data, initial=initial, auto_id=f"id_{decision.lower()}_%s")
        label, button, colour = self.LABELS[decision]
        self.fields["reason"].label = label
        self.fields["reason"].required = decision in NEEDS_REASON
        self.fields["reason"].error_messages["required"] = "กรุณาระบุเหตุผล เพื่อให้ อปท. ทราบ"
        if decision == Decision.ACCEPT:
            del self.fields["reason"]
        keys = {"data_key": "KeyA", "accesskey": "a"} if decision == Decision.ACCEPT else {}
        self.buttons = [StrictButton(button, type="submit", css_class=colour, **keys)]
        self.buttons += [HTML(cancel)] if cancel else []
        self.address = address

    @property
    def helper(self):
        """How crispy lays the form out; a text that is typed into it is kept."""
        helper = FormHelper()
        helper.attrs = {"novalidate": "", **(self._kept() if "reason" in self.fields else {})}
        helper.form_action = self.address
        helper.layout = Layout(OF_ACCOUNT, *self.fields, FormActions(*self.buttons))
        return helper

    def _kept(self):
        pairs = self.fields["seen"].prepare_value(self["seen"].value()) or []
        decision = self["decision"].value()
        if len(pairs) != 1:
            return kept_as(self, f"review-many:{decision}")
        project, _, version = pairs[0].partition(":")
        return kept_as(self, f"review:{decision}:{project}", version=version)


QUESTIONS = {
    Decision.REJECT: "โครงการนี้ไม่สอดคล้องกับมิติ ใช่ หรือ ไม่ ?",
    Decision.RESTORE: "โครงการนี้สอดคล้องกับมิติ ใช่ หรือ ไม่ ?",
}


def carry_seen(form, seen):
    """Let the bound `form`, shown again with what was typed, carry the projects as they are now."""
    form.data = form.data.copy()
    form.data.setlist("seen", form.fields["seen"].prepare_value(seen))
