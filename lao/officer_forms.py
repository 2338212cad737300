"""The forms of the officers' pages in this app: the search of the audit trail."""

from crispy_forms.bootstrap import StrictButton
from crispy_forms.layout import Column, Div, Row
from django import forms

from eplan.fields import LineField, ThaiDateField
from lao.forms import helper_with
from lao.trail import Search
from lao.wording import ACTIONS, TABLES

ANY = "ทั้งหมด"


class TrailForm(forms.Form):
    """What the audit trail is narrowed to. What can't be read counts as not asked for, since it comes in an address."""

    person = LineField(label="ผู้ดำเนินการ", required=False, max_length=150, help_text="ชื่อผู้ใช้งาน หรือชื่อเจ้าหน้าที่")
    lao = LineField(label="อปท.", required=False, max_length=150, help_text="ชื่อ อำเภอ จังหวัด หรือรหัส")
    table = forms.ChoiceField(label="ข้อมูล", required=False, choices=[("", ANY), *TABLES.items()])
    action = forms.ChoiceField(label="การกระทำ", required=False, choices=[("", ANY), *ACTIONS.items()])
    since = ThaiDateField(label="ตั้งแต่วันที่", required=False)
    until = ThaiDateField(label="ถึงวันที่", required=False)
    row = LineField(required=False, max_length=40, widget=forms.HiddenInput)

    helper = helper_with(
        Row(
            Column("person", css_class="col-md-4"),
            Column("lao", css_class="col-md-4"),
            Column("table", css_class="col-md-4"),
            Column("action", css_class="col-md-4"),
            Column("since", css_class="col-md-4"),
            Column("until", css_class="col-md-4"),
        ),
        Div(StrictButton("ค้นหา", type="submit", css_class="btn-primary")),
        form_method="get",
    )

    def search(self):
        """What was asked for, as a `Search`. One record is asked for by links alone, which a search leaves behind."""
        self.full_clean()
        return Search(**{name: value for name, value in self.cleaned_data.items() if value})
