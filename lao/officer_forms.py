"""The forms of the officers' pages in this app: the search of the audit trail, and the register."""

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.layout import HTML, Column, Div, Row
from django import forms

from eplan.fields import CodeField, LineField, ThaiDateField
from eplan.forms import CONFLICT, OF_ACCOUNT, StartedForm, kept_as
from lao.forms import button, helper_with
from lao.models import Lao
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


class RegisterForm(forms.Form):
    """The register's CSV, to be looked at first."""

    MOST_BYTES = 5 * 1024 * 1024

    file = forms.FileField(
        label="ไฟล์ทะเบียน อปท. (CSV) ของกรมส่งเสริมการปกครองท้องถิ่น",
        error_messages={"required": "กรุณาเลือกไฟล์", "invalid": "กรุณาเลือกไฟล์", "empty": "ไฟล์นี้ว่างเปล่า"},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="ไฟล์ตามที่เผยแพร่ ไม่เกิน 5 MB",
    )

    helper = helper_with("file", FormActions(button("ส่งไฟล์เพื่อตรวจ", "กำลังส่งไฟล์…")))

    def clean_file(self):
        """The bytes of the file, which `file_name` names."""
        file = self.cleaned_data["file"]
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError(f"ไฟล์ใหญ่เกินไป ({file.size / 1024 / 1024:,.1f} MB) ส่งได้ไม่เกิน 5 MB")
        data = file.read()
        if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise forms.ValidationError("ไฟล์นี้เป็นไฟล์ Excel กรุณาบันทึกเป็น CSV (UTF-8) แล้วส่งใหม่")
        if b"\x00" in data:
            raise forms.ValidationError("ไฟล์นี้ไม่ใช่ไฟล์ข้อความ CSV")
        self.file_name = file.name
        return data


# What an upgrade changes of an organisation.
CHANGEABLE = ("code", "kind", "name")


class LaoForm(StartedForm):
    """One organisation of the register; with `lao`, the one whose code changes, only what an upgrade changes."""

    code = CodeField(label="รหัส อปท.", help_text="ตัวเลข 7 หลัก ใช้เป็นชื่อผู้ใช้งานของ อปท.")
    kind = forms.ChoiceField(
        label="ประเภท อปท.",
        choices=[("", "กรุณาเลือก"), *Lao.Kind.choices],
        error_messages={"required": "กรุณาเลือกประเภท", "invalid_choice": "กรุณาเลือกประเภทจากรายการ"},
    )
    name = LineField(label="ชื่อ (ไม่รวมประเภท)", max_length=150, help_text="เช่น แหลมสัก สำหรับเทศบาลตำบลแหลมสัก")
    province = forms.ChoiceField(
        label="จังหวัด", error_messages={"required": "กรุณาเลือกจังหวัด", "invalid_choice": "กรุณาเลือกจังหวัดจากรายการ"}
    )
    district = LineField(label="อำเภอ/เขต ที่ตั้งที่ทำการ", max_length=100, help_text="ไม่ต้องพิมพ์คำว่าอำเภอหรือเขตนำหน้า")

    def __init__(self, data=None, *, provinces=(), lao=None, back_url, **kwargs):
        super().__init__(data, **kwargs)
        if lao:
            self.start_from({name: getattr(lao, name) for name in CHANGEABLE})
            del self.fields["province"], self.fields["district"]
        else:
            self.fields["province"].choices = [("", "กรุณาเลือก"), *provinces]
        self.record = f"lao:{lao.pk}" if lao else "lao-new"
        self.back_url = back_url

    @property
    def helper(self):
        """How crispy lays the form out."""
        buttons = FormActions(
            button("บันทึก", "กำลังบันทึก…"),
            HTML(f'<a class="btn btn-secondary" href="{self.back_url}">กลับไปทะเบียน อปท.</a>'),
        )
        kept = kept_as(self, self.record, version=self.version)
        return helper_with(CONFLICT, OF_ACCOUNT, *self.fields, buttons, attrs={"novalidate": True, **kept})

    def values(self):
        """What the valid form says of the organisation, field → value."""
        return {
            name: self.cleaned_data[name]
            for name in ("code", "kind", "name", "province", "district")
            if name in self.fields
        }

    @property
    def started_lao(self):
        """The (code, kind, name) that the form was filled from; None where that is not known."""
        started = self.started_from or {}
        return tuple(started.values()) if tuple(started) == CHANGEABLE else None

    @staticmethod
    def part_in_words(part, values):
        """The only one of `values`, that of the field `part`, as people read it."""
        [value] = values
        return Lao.Kind(value).label if part == "kind" else value
