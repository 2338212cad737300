"""What a password must not be. Each refusal says why, in Thai."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from eplan.thai import arabic_digits
from lao.rules import LEAST_PASSWORD, fact_that_is_most_of, phone_numbers

LONGEST_PASSWORD = 128


class LengthValidator:
    """From 8 to 128 characters, of any kind."""

    def validate(self, password, user=None):
        """Refuse what is shorter or longer."""
        if len(password) < LEAST_PASSWORD:
            raise ValidationError(f"สั้นเกินไป: รหัสผ่านต้องมีอย่างน้อย {LEAST_PASSWORD} ตัวอักษร", code="too_short")
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(f"ยาวเกินไป: รหัสผ่านมีได้ไม่เกิน {LONGEST_PASSWORD} ตัวอักษร", code="too_long")

    def get_help_text(self):
        """The rule in words."""
        return f"{LEAST_PASSWORD} ถึง {LONGEST_PASSWORD} ตัวอักษร"


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list of common passwords, in which Thai digits count as Arabic ones."""

    def validate(self, password, user=None):
        """Refuse what is on the list."""
        super().validate(arabic_digits(password), user)

    def get_error_message(self):
        """The reason in words."""
        return "รหัสผ่านนี้เดาง่าย เพราะเป็นรหัสที่มีผู้ใช้กันมาก กรุณาตั้งรหัสอื่น"

    def get_help_text(self):
        """The rule in words."""
        return "ต้องไม่เป็นรหัสที่มีผู้ใช้กันมาก"


class OwnFactsValidator:
    """Not the account's own name, LAO code, LAO name or telephone number with little added."""

    def validate(self, password, user=None):
        """Refuse a password that consists mostly of what everyone can look up."""
        if user is not None:
            refuse_facts(password, facts_of(user))

    def get_help_text(self):
        """The rule in words."""
        return "ต้องไม่เป็นรหัส ชื่อ หรือโทรศัพท์ของหน่วยงาน"


def facts_of(user):
    """What everyone can look up of an account, as label → text."""
    if not user.is_clerk:
        return {"ชื่อผู้ใช้งาน": user.username, "ชื่อ-สกุล": user.name}
    profile = getattr(user.lao, "profile", None)
    phone = profile.coordinator_phone if profile else ""
    return {"รหัส อปท.": user.lao.code, "ชื่อ อปท.": user.lao.name, **phone_facts(phone)}


def phone_facts(text):
    """The numbers of a telephone field as label → number."""
    return {f"โทรศัพท์ {number}": number for number in phone_numbers(text)}


def refuse_facts(password, facts):
    """Raise ValidationError when one of `facts` (label → text) makes up most of `password`."""
    label = fact_that_is_most_of(password, facts)
    if label:
        raise ValidationError(f"รหัสผ่านนี้เดาง่าย เพราะประกอบด้วย{label} กรุณาตั้งรหัสอื่น", code="own_fact")
