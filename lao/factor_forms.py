"""The forms of an officer's second factor."""

import re

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.layout import HTML, Field
from django import forms
from django.core.exceptions import ValidationError

from eplan.fields import LineField
from eplan.forms import TokenField
from eplan.thai import arabic_digits, clean_line
from lao.forms import TYPE_AGAIN, OneTimeCodeField, PasswordField, button, helper_with
from lao.second_factor import DIGITS, matching_step

WRONG_CODE = "รหัสไม่ถูกต้อง หมดอายุ หรือถูกใช้ไปแล้ว กรุณารอรหัสถัดไปในแอปแล้วลองใหม่"


class AppCodeField(LineField):
    """The six digits that the app shows now, in any digits; spaces between them are forgiven."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(max_length=100, label="รหัส 6 หลักจากแอป", widget=forms.TextInput(attrs=attrs), **kwargs)

    @staticmethod
    def tidy(text):
        """Digits without spaces and dashes."""
        return re.sub("[ -]", "", arabic_digits(clean_line(text)))

    def validate(self, value):
        """Refuse what no app shows."""
        super().validate(value)
        if value and not re.fullmatch(f"[0-9]{{{DIGITS}}}", value):
            raise ValidationError("รหัสจากแอปเป็นตัวเลข 6 หลัก เช่น 123 456", code="invalid")


class _SecondStepForm(forms.Form):
    """The app's code, or in its place a backup code."""

    code = AppCodeField(required=False)
    backup_code = OneTimeCodeField(label="หรือรหัสสำรอง เมื่อไม่มีโทรศัพท์อยู่กับตัว", required=False)

    def clean(self):
        """One of the two."""
        values = super().clean()
        if not self.errors and not (values["code"] or values["backup_code"]):
            self.add_error("code", "กรุณากรอกรหัสจากแอป หรือรหัสสำรอง")
        return values

    def refuse(self):
        """Say at the field that was filled in that what was typed is not right."""
        self.add_error("code" if self.cleaned_data["code"] else "backup_code", WRONG_CODE)


class SecondStepForm(_SecondStepForm):
    """The second step of signing in; it carries what the first said."""

    carried = forms.Field(required=False, widget=forms.HiddenInput)
    next = forms.Field(required=False, widget=forms.HiddenInput)

    helper = helper_with(
        "next",
        "carried",
        Field("code", autofocus=True),
        "backup_code",
        FormActions(button("เข้าสู่ระบบ", "กำลังตรวจสอบ…")),
        form_action="login-second-factor",
    )


class _WithPasswordForm(forms.Form):
    """A form that needs the present password."""

    current_password = PasswordField(label="รหัสผ่านปัจจุบัน")

    def explain_password(self):
        """Say that a password typed in vain must be typed again."""
        lost = self.is_bound and self.errors and self.data.get("current_password")
        if lost and "current_password" not in self.errors:
            self["current_password"].help_text = TYPE_AGAIN


class SetUpForm(_WithPasswordForm):
    """Pairs the officer `user` with an app. The form's one-time token is the seed of the secret that it shows."""

    form_token = TokenField()
    code = AppCodeField(help_text="พิมพ์รหัสที่แอปแสดงหลังสแกน เพื่อยืนยันว่าใช้ได้")

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user
        # Of the page that is shown, and of the one that comes back: the same picture while it is being typed.
        self.seed = self.fields["form_token"].clean(self["form_token"].value())
        if data is not None:
            self.data = {**data.dict(), "form_token": str(self.seed)}

    @property
    def helper(self):
        """The layout."""
        self.explain_password()
        save = FormActions(button("เริ่มใช้", "กำลังตรวจสอบ…"))
        return helper_with("form_token", "code", "current_password", save)

    def clean_code(self):
        """The code, right now; its moment is kept as `step`."""
        code = self.cleaned_data["code"]
        self.step = matching_step(code, user_id=self.user.pk, seed=self.seed)
        if self.step is None:
            raise ValidationError("รหัสไม่ตรง กรุณาตรวจว่านาฬิกาของโทรศัพท์ตรงกับเวลาจริง แล้วพิมพ์รหัสที่แอปแสดงขณะนี้", code="wrong")
        return code


class KeepForm(_SecondStepForm, _WithPasswordForm):
    """What an officer does to a second factor in use: other backup codes, or another app."""

    field_order = ("code", "backup_code", "current_password")

    def __init__(self, data=None, *, parting):
        """`parting` is what the button says that gives the app up."""
        super().__init__(data)
        self.parting = parting

    @property
    def helper(self):
        """The layout: one button for each of the two."""
        self.explain_password()
        codes = StrictButton("ออกรหัสสำรองชุดใหม่", type="submit", name="do", value="codes", css_class="btn-secondary")
        part = StrictButton(self.parting, type="submit", name="do", value="part", css_class="btn-danger")
        back = HTML('<a class="btn btn-secondary" href="{% url "own-account" %}">กลับ</a>')
        return helper_with(*self.fields, FormActions(codes, part, back))
