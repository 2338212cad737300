from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from eplan import fiscal
from eplan.fields import (
    BahtField,
    CodeField,
    DecimalNumberField,
    LineField,
    ParagraphField,
    ThaiDateField,
    WholeNumberField,
    YearField,
)


def refusal(field, typed):
    """The one message with which `field` refuses `typed`."""
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    [message] = refused.value.messages
    return message


def test_a_line_is_tidied_before_it_is_counted():
    assert LineField(max_length=4).clean(" ท\u0e4d\u0e32\u200b  ก ") == "ทำ ก"


def test_a_line_that_is_too_long_is_refused_with_both_counts():
    assert refusal(LineField(max_length=500), "ก" * 5000) == "ยาวเกินไป: พิมพ์ได้ไม่เกิน 500 ตัวอักษร (พิมพ์มา 5,000)"
    assert LineField(max_length=500).clean("ก" * 500) == "ก" * 500


def test_a_line_of_invisible_characters_is_missing():
    assert refusal(LineField(max_length=5), "\u200b \x00") == "กรุณากรอกข้อมูลช่องนี้"
    assert LineField(max_length=5, required=False).clean(None) == ""


def test_the_browser_is_not_told_to_cut_what_is_pasted():
    assert "maxlength" not in str(bound(LineField(max_length=5), "")["field"])


def test_a_paragraph_keeps_its_lines_and_counts_each_break_once():
    assert ParagraphField(max_length=3).clean("ก\r\nข") == "ก\nข"
    assert "พิมพ์มา 5" in refusal(ParagraphField(max_length=3), "ก\r\nข\r\nค")


@pytest.mark.parametrize("typed", ["5810501", "๕๘๑๐๕๐๑", "５８１０５０１", " 5 81 05-01 ", "\u200b5810501\ufeff"])
def test_a_code_is_read_in_any_digits(typed):
    assert CodeField().clean(typed) == "5810501"


@pytest.mark.parametrize("typed", ["581050", "58105011", "581050ก", "٥٨١٠٥٠١"])
def test_what_is_no_code_is_refused(typed):
    assert refusal(CodeField(), typed) == "รหัส อปท. มีตัวเลข 7 หลัก เช่น 5810501"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("250000", "250000.00"),
        ("250,000", "250000.00"),
        (" 250 000.5 ", "250000.50"),
        ("๒๕๐,๐๐๐.๗๕ บาท", "250000.75"),
        ("２５０，０００．２５บาท", "250000.25"),
        ("0", "0.00"),
        ("000", "0.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("25,000.-", "25000.00"),
        ("๒๕,๐๐๐.- บาท", "25000.00"),
        ("25,000 –", "25000.00"),
        ("9,999,999,999,999.99", "9999999999999.99"),
        (0, "0.00"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed, amount):
    read = BahtField().clean(typed)
    assert str(read) == amount


@pytest.mark.parametrize(
    "typed", ["-", "บาท", "หนึ่งพัน", "1e5", "NaN", "Infinity", "+5", "1.2.3", "=1+1", "--5", ".", "٥"]
)
def test_what_is_no_amount_is_refused(typed):
    assert refusal(BahtField(), typed).startswith("อ่านเป็นจำนวนไม่ได้")


@pytest.mark.parametrize("typed", ["1,5", "12,34", "1,00,000", "1,000,", "2,5000.50"])
def test_commas_in_wrong_places_are_refused_not_guessed(typed):
    assert refusal(BahtField(), typed).startswith("เครื่องหมายจุลภาคไม่ตรงหลักพัน")


def test_an_amount_out_of_range_is_refused_in_words():
    assert refusal(BahtField(), "-1") == "จำนวนเงินต้องไม่ติดลบ"
    too_much = "จำนวนเงินมากเกินไป: ต้องไม่เกิน 9,999,999,999,999.99 บาท"
    assert refusal(BahtField(), "10000000000000") == too_much
    assert refusal(BahtField(), "9" * 5000) == too_much
    assert refusal(BahtField(), "1.505") == "ใส่สตางค์ได้ไม่เกิน 2 ตำแหน่ง เช่น 1,250.50"


def test_no_amount_is_not_an_amount_of_zero():
    assert BahtField(required=False).clean("  ") is None
    assert refusal(BahtField(), "") == "กรุณากรอกข้อมูลช่องนี้"


def test_a_whole_number_has_no_decimals():
    field = WholeNumberField(max_value=10_000, unit="คน")
    assert field.clean("๑,๒๓๔ คน") == 1234
    assert refusal(field, "12.5") == "ต้องเป็นจำนวนเต็ม ไม่มีทศนิยม"
    assert refusal(field, "10001") == "มากเกินไป: ต้องไม่เกิน 10,000"
    assert refusal(field, "-1") == "ต้องไม่ติดลบ"
    assert WholeNumberField(max_value=1, required=False).clean("") is None


def test_an_area_may_have_two_decimals():
    field = DecimalNumberField(max_value=Decimal("99999.99"), unit="ตร.กม.")
    assert field.clean("12.34 ตร.กม.") == Decimal("12.34")
    assert refusal(field, "12.345") == "ใส่ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"


@pytest.mark.parametrize(
    "typed",
    [
        "5/1/2562",
        "05-01-2562",
        "5.1.2562",
        "๕/๑/๒๕๖๒",
        "５／１／２５６２",
        "5 1 2562",
        "5 ม.ค. 2562",
        "5 มค 2562",
        "5มกราคม2562",
        "5 มกราคม พ.ศ. ๒๕๖๒",
    ],
)
def test_a_day_is_read_in_the_buddhist_era(typed):
    assert ThaiDateField().clean(typed) == date(2019, 1, 5)


def test_every_month_is_known_by_the_name_it_is_shown_with():
    for month in range(1, 13):
        day = date(2019, month, 28)
        assert ThaiDateField().clean(fiscal.thai_date(day)) == day
        assert ThaiDateField().clean(fiscal.thai_date_short(day)) == day


def test_a_common_era_year_is_refused_with_the_year_it_means():
    assert refusal(ThaiDateField(), "5/1/2019") == "กรุณาใช้ปี พ.ศ. (ค.ศ. 2019 คือ พ.ศ. 2562)"


@pytest.mark.parametrize(
    "typed", ["5/1/62", "2562-01-05", "512562", "5/0/2562", "5/1/3000", "5/1/2200", "พรุ่งนี้", "5 มกรา 2562"]
)
def test_what_is_no_date_is_refused(typed):
    assert refusal(ThaiDateField(), typed) == "กรุณาพิมพ์วันที่เป็น วัน/เดือน/ปี พ.ศ. เช่น 5/1/2562"


@pytest.mark.parametrize("typed", ["31/2/2562", "29/2/2562", "5/13/2562", "0/1/2562"])
def test_a_day_missing_from_the_calendar_is_refused(typed):
    assert refusal(ThaiDateField(), typed) == f"ไม่มีวันที่ {typed} ในปฏิทิน"


def test_an_empty_date_is_none():
    assert ThaiDateField(required=False).clean(" ") is None


def bound(field, typed):
    """A form of one `field` that was sent with `typed` in it."""
    return type("OneField", (forms.Form,), {"field": field})({"field": typed})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (BahtField(), "๑๒,๓๔ บาท"),
        (WholeNumberField(max_value=5), " 1.5"),
        (ThaiDateField(), "๓๑/๒/2562"),
        (CodeField(), "58๑"),
        (LineField(max_length=2), "  กขค"),
    ],
)
def test_what_was_refused_is_shown_as_it_was_typed(field, typed):
    form = bound(field, typed)
    assert not form.is_valid()
    assert f'value="{typed}"' in str(form["field"])


@pytest.mark.parametrize(
    ("field", "known", "shown"),
    [
        (BahtField(), Decimal("250000.00"), "250,000"),
        (BahtField(), Decimal("250000.50"), "250,000.50"),
        (BahtField(), Decimal("0.00"), "0"),
        (WholeNumberField(max_value=9999), 1234, "1,234"),
        (ThaiDateField(), date(2019, 1, 5), "5/1/2562"),
        (YearField(), 2562, "2562"),
    ],
)
def test_what_is_known_is_shown_as_people_write_it_and_reads_back(field, known, shown):
    form = type("OneField", (forms.Form,), {"field": field})(initial={"field": known})
    assert f'value="{shown}"' in str(form["field"])
    resent = type("OneField", (forms.Form,), {"field": field})({"field": shown}, initial={"field": known})
    assert not resent.has_changed()
    assert field.clean(shown) == known


@pytest.mark.parametrize(("typed", "year"), [("2566", 2566), (" ๒๕๖๖ ", 2566), ("２５６６", 2566), ("", None)])
def test_a_year_is_read_as_it_is_typed(typed, year):
    assert YearField(required=False).clean(typed) == year


@pytest.mark.parametrize("typed", ["2023", "66", "ปี 2566", "2539", "2566.0", "-2566"])
def test_what_is_no_year_of_the_buddhist_era_is_refused_in_thai(typed):
    assert refusal(YearField(), typed) == "กรุณาพิมพ์ปี พ.ศ. 4 หลัก ระหว่าง 2540 ถึง 2640"
