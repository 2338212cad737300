"""What citizens fill in."""

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from eplan.fields import LineField


class ReceiptCheckForm(forms.Form):
    """The code on a receipt, however it is typed."""

    code = LineField(
        label="รหัสตรวจสอบบนใบรับ",
        max_length=60,
        error_messages={"required": "กรุณากรอกรหัสตรวจสอบ"},
        help_text="12 ตัว พิมพ์ตัวเล็กหรือตัวใหญ่ก็ได้ จะเว้นวรรคหรือมีขีดหรือไม่ก็ได้",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        check = StrictButton("ตรวจสอบ", type="submit", css_class="btn-primary", data_busy="กำลังตรวจสอบ…")
        self.helper.layout = Layout("code", FormActions(check))
