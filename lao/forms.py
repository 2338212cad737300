"""The forms of signing in, of the profile and of passwords."""

from crispy_forms.bootstrap import FieldWithButtons, FormActions, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from eplan.fields import (
    BahtField,
    DecimalNumberField,
    LineField,
    ParagraphField,
    WholeNumberField,
)
from eplan.forms import CONFLICT, OF_ACCOUNT, TokenField, VersionField, kept_as
from eplan.numbers import with_commas
from eplan.thai import arabic_digits, clean_line
from lao.models import LaoProfile
from lao.rules import office_address, tidy_username
from lao.validators import LONGEST_PASSWORD, phone_facts, refuse_facts

OF_REGISTER = "จากทะเบียน อปท. กรุณาตรวจสอบ แก้ไขได้ และบันทึกเมื่อกดบันทึก"
TYPE_AGAIN = "ระบบไม่แสดงรหัสผ่านที่พิมพ์ไว้แล้ว กรุณาพิมพ์อีกครั้ง"
PASSWORD_RULE = "อย่างน้อย 8 ตัวอักษร ใช้ตัวอักษรใดก็ได้ ไม่ใช้รหัส ชื่อ หรือโทรศัพท์ของหน่วยงาน"  # noqa: S105


# Tells the browser whose password is being set; without it Chrome takes the nearest line of text for the name.
WHOSE_PASSWORD = HTML('<input type="text" autocomplete="username" value="{{ form.user.username }}" hidden>')


def helper_with(*layout, **attributes):
    """A FormHelper of `layout` for a form that is sent by POST; `attributes` are set on it."""
    helper = FormHelper()
    helper.layout = Layout(*layout)
    helper.attrs = {"novalidate": True}
    for name, value in attributes.items():
        setattr(helper, name, value)
    return helper


def button(label, busy):
    """The button that sends a form, and what it says meanwhile."""
    return Submit("save", label, data_busy=busy)


class UsernameField(LineField):
    """An account's name: for an LAO its 7-digit code, in any digits, spaces and dashes forgiven."""

    tidy = staticmethod(tidy_username)

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("label", "ชื่อผู้ใช้งาน (Username)")
        super().__init__(max_length=150, widget=forms.TextInput(attrs=attrs), **kwargs)


class PasswordField(LineField):
    """A password. Never shown again; stray spaces around it and the two ways to write สระอำ make no difference."""

    def __init__(self, *, autocomplete="current-password", **kwargs):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=LONGEST_PASSWORD, widget=widget, **kwargs)


class OneTimeCodeField(LineField):
    """A code that was printed or read out; `lao.rules.tidy_code` forgives how it is typed."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        help_text = "รูปแบบ XXXX-XXXX-XXXX พิมพ์ตัวเล็กหรือใหญ่ มีขีดหรือไม่มีก็ได้"
        super().__init__(max_length=100, help_text=help_text, widget=forms.TextInput(attrs=attrs), **kwargs)


class EmailField(LineField):
    """An e-mail address; full-width letters and stray spaces are forgiven."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}
        super().__init__(max_length=254, widget=forms.TextInput(attrs=attrs), label="อีเมล", **kwargs)

    @staticmethod
    def tidy(text):
        """Without spaces, full-width letters as plain ones."""
        plain = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
        return clean_line(text).replace(" ", "").translate(plain)

    def validate(self, value):
        """Refuse what is no address."""
        super().validate(value)
        if value:
            try:
                validate_email(value)
            except ValidationError:
                raise ValidationError("อีเมลไม่ถูกต้อง กรุณาตรวจสอบ เช่น name@example.go.th", code="invalid") from None


class PhoneField(LineField):
    """Telephone numbers as people write them, in Arabic digits."""

    def __init__(self, **kwargs):
        super().__init__(max_length=100, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}), **kwargs)

    @staticmethod
    def tidy(text):
        """One tidy line in Arabic digits."""
        return arabic_digits(clean_line(text))


class WebsiteField(LineField):
    """The address of a website, with or without http; a dash, as people fill empty boxes, means none."""

    def __init__(self, **kwargs):
        super().__init__(max_length=500, required=False, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)

    def to_python(self, value):
        """The address with its scheme, "" for none."""
        address = super().to_python(value)
        if address in ("", "-", "–"):
            return ""
        return address if "://" in address else f"http://{address}"

    def validate(self, value):
        """Refuse what is no http address."""
        super().validate(value)
        if value:
            try:
                URLValidator(schemes=["http", "https"])(value)
            except ValidationError:
                raise ValidationError("ที่อยู่เว็บไซต์ไม่ถูกต้อง เช่น www.example.go.th", code="invalid") from None


class SignInForm(forms.Form):
    """Name and password. The password stays empty at a first entry."""

    username = UsernameField()
    password = PasswordField(label="รหัสผ่าน (Password)", required=False, help_text="กรณีเข้าสู่ระบบเป็นครั้งแรกไม่ต้องกรอกรหัสผ่าน")
    carried = forms.Field(required=False, widget=forms.HiddenInput)  # what a save said that met an ended session
    next = forms.Field(required=False, widget=forms.HiddenInput)  # refused by nobody: the view goes home instead

    helper = helper_with(
        "next",
        "carried",
        Field("username", autofocus=True),
        "password",
        FormActions(button("เข้าสู่ระบบ", "กำลังเข้าสู่ระบบ…")),
        form_action="login",
    )


class CodeForm(forms.Form):
    """The single-use code of the letter, at a first entry."""

    code = OneTimeCodeField(label="รหัสเปิดใช้งานจากหนังสือแจ้ง")

    helper = helper_with(Field("code", autofocus=True), FormActions(button("ดำเนินการต่อ", "กำลังตรวจสอบ…")))


def _known_of(lao):
    """What the register knows of `lao`, by the field of the profile that asks for it."""
    subdistrict = "" if "," in lao.subdistricts else lao.subdistricts
    place = (lao.district.name, lao.district.province.name)
    known = {
        "office_address": office_address(lao.address_number, lao.address_moo, subdistrict, *place, lao.postal_code),
        "service_area_km2": lao.area_km2,
        "website": lao.website,
    }
    return {name: value for name, value in known.items() if value}


class ProfileForm(forms.Form):
    """ข้อมูลพื้นฐาน in three tabs. At a first entry it also sets the password; later it may change it."""

    form_token = TokenField()
    version = VersionField()
    province = LineField(label="จังหวัด", max_length=100, disabled=True, required=False)
    district = LineField(label="อำเภอ", max_length=100, disabled=True, required=False)
    lao_name = LineField(label="ชื่อ อปท.", max_length=200, disabled=True, required=False)
    size = forms.ChoiceField(
        label="ขนาด",
        required=False,
        choices=[("", "กรุณาเลือก"), *LaoProfile.Size.choices],
        error_messages={"invalid_choice": "กรุณาเลือกขนาดจากรายการ"},
    )
    office_address = ParagraphField(label="ที่ตั้งที่ทำการ", max_length=500, required=False)
    service_area_km2 = DecimalNumberField(
        label="ขนาดพื้นที่ให้บริการ (ตร.กม.)", max_value=1_000_000, unit="ตร.กม.", required=False
    )
    population = WholeNumberField(label="ประชากรในเขตพื้นที่ (คน)", max_value=100_000_000, unit="คน", required=False)
    own_revenue = BahtField(label="รายได้ไม่รวมเงินอุดหนุน (บาท)", required=False)
    grant_revenue = BahtField(label="รายได้จากเงินอุดหนุน (บาท)", required=False)
    executive_name = LineField(label="ชื่อผู้บริหารท้องถิ่น (ชื่อ-สกุล)", max_length=200, required=False)
    clerk_name = LineField(label="ชื่อปลัดองค์กรปกครองส่วนท้องถิ่น (ชื่อ-สกุล)", max_length=200, required=False)
    coordinator_name = LineField(label="ชื่อ-สกุล", max_length=200, required=False)
    coordinator_position = LineField(label="ตำแหน่ง", max_length=200, required=False)
    coordinator_unit = LineField(label="สังกัด (ฝ่าย/กลุ่ม/กอง/สำนัก)", max_length=200, required=False)
    coordinator_phone = PhoneField(label="โทรศัพท์")
    coordinator_fax = PhoneField(label="โทรสาร")
    coordinator_email = EmailField(help_text="ใช้สำหรับขอรหัสผ่านใหม่เมื่อลืมรหัสผ่าน")
    website = WebsiteField(label="เว็บไซต์ อปท.")
    new_password = PasswordField(label="รหัสผ่านสำหรับเข้าสู่ระบบครั้งต่อไป", autocomplete="new-password")
    current_password = PasswordField(label="รหัสผ่านปัจจุบัน", required=False)

    STORED = [
        "size", "office_address", "service_area_km2", "population", "own_revenue", "grant_revenue", "executive_name",
        "clerk_name", "coordinator_name", "coordinator_position", "coordinator_unit", "coordinator_phone",
        "coordinator_fax", "coordinator_email", "website",
    ]  # fmt: skip

    def __init__(self, data=None, *, user, stored):
        """`stored` is the profile as it stands, or None when there is none yet."""
        lao = user.lao
        initial = {name: getattr(stored, name) for name in self.STORED} if stored else {}
        place = {"province": lao.district.province.name, "district": lao.district.name, "lao_name": str(lao)}
        super().__init__(data, initial={**initial, **place, "version": stored.version if stored else 0})
        self.user, self.stored = user, stored
        self.first_entry = user.claimed_at is None
        self.of_register = _known_of(lao) if self.first_entry else {}
        for name, value in self.of_register.items():
            self.initial[name] = self.initial.get(name) or value
        if self.first_entry:
            del self.fields["current_password"]
        else:
            self.fields["new_password"].required = False

    @property
    def helper(self):
        """The layout; what it says of passwords depends on whether some were typed in vain."""
        self._explain_passwords()
        for name, value in self.of_register.items():
            if self[name].value() in (value, str(value)):
                self[name].help_text = OF_REGISTER
        secrets = ["new_password"] if self.first_entry else ["new_password", "current_password"]
        saved_at = self.stored.updated_at if self.stored else None
        # What somebody types into an account that nobody has claimed yet is not offered to the next who opens it.
        own = not self.first_entry
        kept = kept_as(self, "profile", version=self["version"].value(), saved_at=saved_at, on_server=own)
        return helper_with(
            CONFLICT,
            OF_ACCOUNT,
            "form_token",
            "version",
            Div(
                Fieldset("ข้อมูลที่ตั้ง", "province", "district", "lao_name", "size", "office_address"),
                Fieldset(
                    "ข้อมูลพื้นที่และผู้บริหาร",
                    "service_area_km2",
                    "population",
                    Field("own_revenue", data_money=True),
                    Field("grant_revenue", data_money=True),
                    "executive_name",
                    "clerk_name",
                ),
                Fieldset(
                    "ข้อมูลผู้ประสานงาน",
                    "coordinator_name",
                    "coordinator_position",
                    "coordinator_unit",
                    "coordinator_phone",
                    "coordinator_fax",
                    "coordinator_email",
                    "website",
                    WHOSE_PASSWORD,
                    *secrets,
                ),
                css_class="form-tabs",
            ),
            FormActions(button("บันทึก", "กำลังบันทึก…")),
            attrs={"novalidate": True, **kept},
        )

    def _explain_passwords(self):
        texts = {"new_password": PASSWORD_RULE, "current_password": "กรอกเมื่อเปลี่ยนอีเมลหรือรหัสผ่าน"}
        if not self.first_entry:
            texts["new_password"] = f"เว้นว่างหากไม่เปลี่ยน · {PASSWORD_RULE}"
        for name, text in texts.items():
            if name in self.fields:
                lost = self.is_bound and self.errors and self.data.get(name) and name not in self.errors
                self[name].help_text = TYPE_AGAIN if lost else text

    def clean_new_password(self):
        """The new password, "" when there is none."""
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.user)
            # The telephone field stands above this one and may have changed just now.
            refuse_facts(password, phone_facts(self.cleaned_data.get("coordinator_phone", "")))
        return password

    def clean(self):
        """Changing the way in needs the present password."""
        values = super().clean()
        if self.needs_current_password and "current_password" not in self.errors and not values["current_password"]:
            self.add_error("current_password", "กรุณากรอกรหัสผ่านปัจจุบัน เพื่อเปลี่ยนอีเมลหรือรหัสผ่าน")
        return values

    @property
    def token(self):
        """The one-time token this form was sent with, valid or not in its other fields."""
        return self.fields["form_token"].clean(self["form_token"].data)

    @property
    def needs_current_password(self):
        """Whether what was typed changes the password or the e-mail."""
        if self.first_entry:
            return False
        before = self.stored.coordinator_email if self.stored else ""
        email = self.cleaned_data.get("coordinator_email", before)
        return bool(self.cleaned_data.get("new_password")) or email != before

    @property
    def values(self):
        """What is stored, field → value."""
        return {name: self.cleaned_data[name] for name in self.STORED}

    @staticmethod
    def in_words(name, values):
        """The only one of `values`, that of a stored field, as people read it."""
        [value] = values
        if value in (None, ""):
            return "(ว่าง)"
        if name == "size":
            return LaoProfile.Size(value).label
        return value if isinstance(value, str) else with_commas(value)


class PasswordResetForm(forms.Form):
    """Who forgot the password, and the e-mail that the profile has."""

    username = UsernameField()
    email = EmailField(help_text="อีเมลของผู้ประสานงานที่บันทึกไว้ในข้อมูลพื้นฐาน")

    helper = helper_with(Field("username", autofocus=True), "email", FormActions(button("ขอรหัสผ่านใหม่", "กำลังตรวจสอบ…")))


class ResetCodeForm(forms.Form):
    """The one-time code that an officer has read out."""

    username = UsernameField()
    code = OneTimeCodeField(label="รหัสที่เจ้าหน้าที่แจ้ง")

    helper = helper_with(Field("username", autofocus=True), "code", FormActions(button("ดำเนินการต่อ", "กำลังตรวจสอบ…")))


class NewPasswordForm(forms.Form):
    """A new password of one's own choice, typed twice."""

    new_password = PasswordField(label="รหัสผ่านใหม่", autocomplete="new-password", help_text=PASSWORD_RULE)
    new_password_again = PasswordField(label="พิมพ์รหัสผ่านใหม่อีกครั้ง", autocomplete="new-password")

    helper = helper_with(
        WHOSE_PASSWORD,
        Field("new_password", autofocus=True),
        "new_password_again",
        FormActions(button("บันทึก", "กำลังบันทึก…")),
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user

    def clean_new_password(self):
        """The new password."""
        validate_password(self.cleaned_data["new_password"], self.user)
        return self.cleaned_data["new_password"]

    def clean(self):
        """Both must be the same."""
        values = super().clean()
        if not self.errors and values["new_password"] != values["new_password_again"]:
            self.add_error("new_password_again", "รหัสผ่านทั้งสองช่องไม่ตรงกัน")
        return values


class FindCodeForm(forms.Form):
    """The search for an LAO's code."""

    q = LineField(
        label="ชื่อ อปท. อำเภอ จังหวัด หรือรหัส",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "เช่น แหลมสัก อ่าวลึก"}),
    )

    helper = helper_with(
        FieldWithButtons("q", StrictButton("ค้นหา", type="submit", css_class="btn-primary")), form_method="get"
    )
