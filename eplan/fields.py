"""The form fields that every form is made of.

All of them read what people in Thailand type: Thai and full-width digits, thousands commas, stray spaces, units,
สระอำ in two code points, Buddhist-era dates. What can't be read is refused in Thai at the field, and the bound
form shows it again exactly as it was typed.
"""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from eplan.fiscal import BUDDHIST_ERA, FIRST_YEAR, LAST_YEAR, MONTHS, parse_year
from eplan.numbers import with_commas
from eplan.thai import arabic_digits, clean_line, clean_text

REQUIRED = "กรุณากรอกข้อมูลช่องนี้"
LARGEST_BAHT = Decimal("9999999999999.99")

_FULL_WIDTH_SIGNS = str.maketrans("，．－／−–", ",.-/--")
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+|(?=\.[0-9]))(\.(?P<part>[0-9]*))?")
# How amounts end on paper: "25,000.-" has no satang.
_ENDING = re.compile(r"(?<=[0-9])\.?-+$")
_ONLY_COMMAS_WRONG = re.compile(r"[0-9][0-9,]*(\.[0-9]*)?")

_MONTH_NUMBERS = {name.replace(".", ""): n for n, names in enumerate(MONTHS, start=1) for name in names}
_DATE = re.compile(
    r"(?P<day>[0-9]{1,2})"
    r"(?:[-/. ]+(?P<number>[0-9]{1,2})[-/. ]+| *(?P<name>[ก-๎.]+?) *(?:พ\.?ศ\.? *)?)"
    r"(?P<year>[0-9]{4})"
)


def _signs_and_digits(value):
    """What was typed as one tidy line with plain digits and signs; "" for None."""
    return arabic_digits(clean_line("" if value is None else str(value))).translate(_FULL_WIDTH_SIGNS)


class _TidiedField(forms.CharField):
    """A CharField whose text is tidied before its length is counted.

    There is no `maxlength` in the HTML on purpose: browsers cut pasted text there without a word.
    """

    default_error_messages = {
        "required": REQUIRED,
        "max_length": "ยาวเกินไป: พิมพ์ได้ไม่เกิน %(limit)s ตัวอักษร (พิมพ์มา %(length)s)",
    }

    def __init__(self, *, max_length, **kwargs):
        super().__init__(**kwargs)
        self.longest = max_length

    def to_python(self, value):
        """The tidied text, "" when there is none."""
        return self.tidy(super().to_python(value))

    def validate(self, value):
        """Refuse what is missing or too long."""
        super().validate(value)
        if len(value) > self.longest:
            counts = {"limit": f"{self.longest:,}", "length": f"{len(value):,}"}
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=counts)


class LineField(_TidiedField):
    """One line of text, at most `max_length` characters."""

    tidy = staticmethod(clean_line)


class ParagraphField(_TidiedField):
    r"""Text of several lines, at most `max_length` characters; line breaks come as \n."""

    widget = forms.Textarea(attrs={"rows": 3})
    tidy = staticmethod(clean_text)


class CodeField(forms.CharField):
    """The 7-digit code of an LAO, as text."""

    default_error_messages = {"required": REQUIRED, "invalid": "รหัส อปท. มีตัวเลข 7 หลัก เช่น 5810501"}
    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        """Seven Arabic digits, "" when nothing was typed."""
        code = re.sub("[ -]", "", _signs_and_digits(value))
        if code and not re.fullmatch("[0-9]{7}", code):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class DecimalNumberField(forms.Field):
    """A number from 0 to `max_value` with at most two decimals, as a Decimal; None when left empty.

    The `unit` (บาท, ตร.กม.) may be typed behind the number.
    """

    decimal_places = 2
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "required": REQUIRED,
        "invalid": "อ่านเป็นจำนวนไม่ได้: กรุณาพิมพ์เป็นตัวเลข เช่น 250,000",
        "commas": "เครื่องหมายจุลภาคไม่ตรงหลักพัน: กรุณาตรวจสอบจำนวน เช่น 250,000",
        "min_value": "ต้องไม่ติดลบ",
        "max_value": "มากเกินไป: ต้องไม่เกิน %(limit)s",
        "decimal_places": "ใส่ทศนิยมได้ไม่เกิน 2 ตำแหน่ง",
    }

    def __init__(self, *, max_value, unit="", **kwargs):
        super().__init__(**kwargs)
        self.max_value, self.unit = max_value, unit

    def to_python(self, value):
        """The Decimal that was typed, None when nothing was."""
        text = _signs_and_digits(value).replace(" ", "")
        if not text:
            return None
        text = _ENDING.sub("", text.removesuffix(self.unit))
        digits = text.removeprefix("-")
        written = _NUMBER.fullmatch(digits)
        if not written:
            self._refuse("commas" if _ONLY_COMMAS_WRONG.fullmatch(digits) else "invalid")
        if digits != text:
            self._refuse("min_value")
        if len(written["part"] or "") > self.decimal_places:
            self._refuse("decimal_places")
        number = Decimal(digits.replace(",", ""))
        if number > self.max_value:
            self._refuse("max_value", limit=with_commas(self.max_value))
        return number

    def prepare_value(self, value):
        """What the input shows: a known number with its commas, what was typed as it was typed."""
        return with_commas(value) if isinstance(value, Decimal | int) else value

    def _refuse(self, code, **params):
        raise ValidationError(self.error_messages[code], code=code, params=params)


class BahtField(DecimalNumberField):
    """An amount of baht as a Decimal with two places; None when left empty, which is not 0."""

    default_error_messages = {
        "min_value": "จำนวนเงินต้องไม่ติดลบ",
        "max_value": "จำนวนเงินมากเกินไป: ต้องไม่เกิน %(limit)s บาท",
        "decimal_places": "ใส่สตางค์ได้ไม่เกิน 2 ตำแหน่ง เช่น 1,250.50",
    }

    def __init__(self, **kwargs):
        super().__init__(max_value=LARGEST_BAHT, unit="บาท", **kwargs)

    def to_python(self, value):
        """The amount with exactly two places, None when nothing was typed."""
        amount = super().to_python(value)
        return amount if amount is None else amount.quantize(Decimal("0.01"))


class WholeNumberField(DecimalNumberField):
    """A whole number from 0 to `max_value` as an int; None when left empty."""

    decimal_places = 0
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"decimal_places": "ต้องเป็นจำนวนเต็ม ไม่มีทศนิยม"}

    def to_python(self, value):
        """The int that was typed, None when nothing was."""
        number = super().to_python(value)
        return number if number is None else int(number)


class YearField(forms.Field):
    """A fiscal year of the Buddhist era as an int; None when left empty. A common-era year is refused, not guessed."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "required": REQUIRED,
        "invalid": "กรุณาพิมพ์ปี พ.ศ. 4 หลัก ระหว่าง %(first)s ถึง %(last)s",
    }

    def to_python(self, value):
        """The year that was typed, None when nothing was."""
        text = _signs_and_digits(value)
        if not text:
            return None
        year = parse_year(text)
        if year is None:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=years)
        return year


class ThaiDateField(forms.Field):
    """A day, typed as day, month and Buddhist-era year (5/1/2562, 5 ม.ค. 2562), as a real `date`; None when empty.

    Django's own DateField would take 5/1/2562 for a day 543 years ahead. A common-era year is refused, not guessed.
    """

    widget = forms.TextInput(attrs={"placeholder": "วว/ดด/ปปปป", "autocomplete": "off"})
    default_error_messages = {
        "required": REQUIRED,
        "invalid": "กรุณาพิมพ์วันที่เป็น วัน/เดือน/ปี พ.ศ. เช่น 5/1/2562",
        "no_such_day": "ไม่มีวันที่ %(day)s ในปฏิทิน",
        "common_era": "กรุณาใช้ปี พ.ศ. (ค.ศ. %(year)s คือ พ.ศ. %(meant)s)",
    }

    def to_python(self, value):
        """The `date` that was typed, None when nothing was."""
        if value is None or isinstance(value, date):
            return value
        text = _signs_and_digits(value)
        if not text:
            return None
        written = _DATE.fullmatch(text)
        month = written and self._month(**written.groupdict())
        if not month:
            self._refuse("invalid")
        year = int(written["year"])
        if 1900 <= year <= 2100:
            self._refuse("common_era", year=year, meant=year + BUDDHIST_ERA)
        if not 1900 <= year - BUDDHIST_ERA <= 2100:
            self._refuse("invalid")
        try:
            return date(year - BUDDHIST_ERA, month, int(written["day"]))
        except ValueError:
            return self._refuse("no_such_day", day=text)

    def prepare_value(self, value):
        """What the input shows: a known day in the Buddhist era, what was typed as it was typed."""
        return f"{value.day}/{value.month}/{value.year + BUDDHIST_ERA}" if isinstance(value, date) else value

    @staticmethod
    def _month(*, number, name, **_):
        """The number of the month written in figures, in full or abbreviated; None if there is none such."""
        return int(number) if number else _MONTH_NUMBERS.get(name.replace(".", ""))

    def _refuse(self, code, **params):
        raise ValidationError(self.error_messages[code], code=code, params=params)
