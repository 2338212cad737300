"""The forms of accounts: what officers look for and decide, officers' accounts, and an officer's own."""

from dataclasses import asdict

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.layout import Column, Div, Field, Row
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from eplan.fields import LineField, ParagraphField
from eplan.forms import CONFLICT, OF_ACCOUNT, TokenField, VersionField, kept_as
from lao.forms import (
    PASSWORD_RULE,
    TYPE_AGAIN,
    WHOSE_PASSWORD,
    EmailField,
    PasswordField,
    UsernameField,
    button,
    helper_with,
)
from lao.models import Province, Region, User
from lao.queries.accounts import STATES, Narrowing
from lao.rules import username_fault

ANY = "ทั้งหมด"
OFFICER_ROLES = [(role.value, role.label) for role in User.Role if role != User.Role.LAO]


class NarrowingForm(forms.Form):
    """What the list of accounts is narrowed to. What can't be read counts as not asked for: it comes in an address."""

    text = LineField(
        label="ค้นหา",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "ชื่อ อำเภอ รหัส หรือชื่อเจ้าหน้าที่"}),
    )
    state = forms.ChoiceField(label="สถานะบัญชี", required=False, choices=[("", ANY), *STATES.items()])
    role = forms.ChoiceField(label="บทบาท", required=False, choices=[("", ANY), *User.Role.choices])
    province = forms.ChoiceField(label="จังหวัด", required=False)

    def __init__(self, data=None, *, provinces, all_roles, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["province"].choices = [("", ANY), *((place.pk, place.name) for place in provinces)]
        if not all_roles:
            del self.fields["role"]
        if len(provinces) < 2:
            del self.fields["province"]
        search = Column(StrictButton("ค้นหา", type="submit", css_class="btn-secondary"), css_class="col-auto")
        columns = (Column(name, css_class="col-md-4" if name == "text" else "col-md") for name in self.fields)
        self.helper = helper_with(
            Row(*columns, search, css_class="align-items-end"), form_method="get", form_class="narrowing"
        )

    def narrowing(self):
        """What the bound form says, as a `Narrowing`."""
        self.full_clean()
        return Narrowing(**{name: value for name, value in self.cleaned_data.items() if value})


def shown_as(narrowing):
    """What a `NarrowingForm` shows of a `Narrowing`."""
    return asdict(narrowing)


class OfficerForm(forms.Form):
    """An officer's account: who it is, and which area it sees."""

    form_token = TokenField()
    version = VersionField()
    username = UsernameField(help_text="อักษรอังกฤษ ตัวเลข จุด หรือขีด เช่น somchai.krabi")
    name = LineField(label="ชื่อ-สกุล", max_length=200)
    email = EmailField(help_text="ระบบส่งลิงก์ตั้งรหัสผ่านไปที่อีเมลนี้")
    role = forms.ChoiceField(
        label="บทบาท", choices=OFFICER_ROLES, widget=forms.RadioSelect, error_messages={"required": "กรุณาเลือกบทบาท"}
    )
    province = forms.ModelChoiceField(
        label="จังหวัด",
        queryset=Province.objects.order_by("sort_key"),
        required=False,
        empty_label="กรุณาเลือก",
        error_messages={"invalid_choice": "กรุณาเลือกจังหวัดจากรายการ"},
    )
    region = forms.ModelChoiceField(
        label="ป.ป.ช. ภาค",
        queryset=Region.objects.all(),
        required=False,
        empty_label="กรุณาเลือก",
        error_messages={"invalid_choice": "กรุณาเลือกภาคจากรายการ"},
    )

    def __init__(self, data=None, *, officer=None):
        """`officer` is the account as it stands, None for a new one; its name then stays as it is."""
        shown = ("version", "username", "name", "email", "role", "province_id", "region_id")
        initial = {name.removesuffix("_id"): getattr(officer, name) for name in shown} if officer else {}
        super().__init__(data, initial=initial)
        self.officer = officer
        if officer:
            self.fields["username"].disabled = True
            self.fields["username"].help_text = "ชื่อผู้ใช้งานเปลี่ยนไม่ได้"

    @property
    def helper(self):
        """How crispy lays the form out."""
        record = f"officer:{self.officer.pk}" if self.officer else "officer-new"
        return helper_with(
            CONFLICT,
            OF_ACCOUNT,
            "form_token",
            "version",
            Field("username", autofocus=True),
            "name",
            "email",
            "role",
            Div("province", data_shows_when="role=PROVINCE"),
            Div("region", data_shows_when="role=REGION"),
            FormActions(button("บันทึก", "กำลังบันทึก…")),
            attrs={"novalidate": True, **kept_as(self, record, version=self["version"].value() or 0)},
        )

    def clean_username(self):
        """The name of a new account: such as a person can type."""
        username = self.cleaned_data["username"]
        if not self.officer:
            fault = username_fault(username)
            if fault:
                raise ValidationError(fault)
        return username

    def clean(self):
        """The area that goes with the role, and no other."""
        values = super().clean()
        role = values.get("role")
        for name, of_role in (("province", User.Role.PROVINCE), ("region", User.Role.REGION)):
            if role != of_role:
                values[name] = None
            elif not values.get(name) and name not in self.errors:
                self.add_error(name, f"กรุณาเลือก{self.fields[name].label}")
        return values

    @property
    def values(self):
        """What the valid form says of the account, field → value."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "form_token")}

    # What is chosen together where two officers changed an account: the fields of each part.
    PARTS = {"name": ("name",), "email": ("email",), "role": ("role", "province", "region")}
    LABELS = {"role": "บทบาทและพื้นที่"}

    @staticmethod
    def part_in_words(part, values):
        """The `values` of a part as people read them; a province and a region are known by their keys."""
        if part != "role":
            return values[0] or "(ว่าง)"
        role, province, region = values
        if region:
            return str(Region(number=region))
        of_province = Province.objects.filter(pk=province).first()
        return f"{User.Role(role).label} {of_province or ''}".strip()


class ReasonForm(forms.Form):
    """Why something is done to somebody else's account."""

    form_token = TokenField()
    reason = ParagraphField(label="เหตุผล", max_length=500)


class OwnAccountForm(forms.Form):
    """What an officer may change of the own account; the present password is needed for any of it."""

    form_token = TokenField()
    email = EmailField(help_text="ใช้รับลิงก์เมื่อลืมรหัสผ่าน")
    new_password = PasswordField(label="รหัสผ่านใหม่", autocomplete="new-password", required=False)
    new_password_again = PasswordField(label="พิมพ์รหัสผ่านใหม่อีกครั้ง", autocomplete="new-password", required=False)
    current_password = PasswordField(label="รหัสผ่านปัจจุบัน")

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"email": user.email})
        self.user = user

    @property
    def helper(self):
        """The layout; passwords typed in vain are asked for again."""
        texts = {
            "new_password": f"เว้นว่างหากไม่เปลี่ยน · {PASSWORD_RULE}",
            "new_password_again": "",
            "current_password": "",
        }
        for name, text in texts.items():
            lost = self.is_bound and self.errors and self.data.get(name) and name not in self.errors
            self[name].help_text = TYPE_AGAIN if lost else text
        return helper_with(
            OF_ACCOUNT,
            WHOSE_PASSWORD,
            *self.fields,
            FormActions(button("บันทึก", "กำลังบันทึก…")),
            attrs={"novalidate": True, **kept_as(self, "own-account")},
        )

    @property
    def token(self):
        """The one-time token this form was sent with, valid or not in its other fields."""
        return self.fields["form_token"].clean(self["form_token"].data)

    def clean_new_password(self):
        """The new password, "" when there is none."""
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.user)
        return password

    def clean(self):
        """Both new passwords must be the same, and something must change."""
        values = super().clean()
        if self.errors:
            return values
        if values["new_password"] != values["new_password_again"]:
            self.add_error("new_password_again", "รหัสผ่านทั้งสองช่องไม่ตรงกัน")
        elif not values["new_password"] and values["email"] == self.user.email:
            self.add_error(None, "ยังไม่มีอะไรเปลี่ยน กรุณากรอกอีเมลใหม่หรือรหัสผ่านใหม่")
        return values


class LettersForm(forms.Form):
    """For which province letters are made, and whether for those alone that have none."""

    province = forms.ChoiceField(
        error_messages={"required": "กรุณาเลือกจังหวัด", "invalid_choice": "กรุณาเลือกจังหวัดจากรายการ"}
    )
    without_code = forms.BooleanField(required=False)

    def __init__(self, data=None, *, provinces):
        super().__init__(data)
        self.fields["province"].choices = [(place["code"], place["name"]) for place in provinces]
