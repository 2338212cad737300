import pytest

from eplan.thai import arabic_digits, clean_line, clean_text, joined, thai_key, thai_loose

SARA_AM, NIKHAHIT, SARA_AA = "\u0e33", "\u0e4d", "\u0e32"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("ท" + NIKHAHIT + SARA_AA, "ท" + SARA_AM, id="no tone mark"),
        pytest.param("น\u0e49" + NIKHAHIT + SARA_AA, "น\u0e49" + SARA_AM, id="tone mark before"),
        pytest.param("น" + NIKHAHIT + "\u0e49" + SARA_AA, "น\u0e49" + SARA_AM, id="tone mark between"),
        pytest.param("ท" + NIKHAHIT + "\u200b" + SARA_AA, "ท" + SARA_AM, id="zero-width space between"),
    ],
)
def test_sara_am_in_two_code_points_becomes_one(typed, meant):
    assert clean_line(typed) == meant
    assert clean_text(typed) == meant


def test_sara_am_in_one_code_point_is_never_taken_apart():
    assert clean_line("น้ำ ทำ คำ") == "น้ำ ทำ คำ"


def test_two_sara_e_become_sara_ae():
    assert clean_line("เเหลมสัก") == "แหลมสัก"


def test_a_tone_mark_typed_before_the_lower_vowel_takes_its_place_behind_it():
    assert clean_line("ป\u0e48\u0e39") == "ป\u0e39\u0e48"


def test_composed_letters_are_put_together_but_full_width_ones_stay():
    assert clean_line("e\u0301 ＡＢ １") == "é ＡＢ １"


@pytest.mark.parametrize("code", [0x00, 0x07, 0x1B, 0x7F, 0xAD, 0x200B, 0x200D, 0x200E, 0x2060, 0xFEFF, 0xFFFE, 0xD800])
def test_invisible_characters_are_dropped(code):
    assert clean_line(f"แหลม{chr(code)}สัก") == "แหลมสัก"
    assert clean_text(f"แหลม{chr(code)}สัก") == "แหลมสัก"


@pytest.mark.parametrize("code", [0x09, 0x0A, 0x0D, 0x85, 0xA0, 0x2003, 0x2028, 0x202F, 0x3000])
def test_every_kind_of_space_is_one_plain_space_in_a_line(code):
    assert clean_line(f" {chr(code)}แหลม {chr(code)} สัก{chr(code)}") == "แหลม สัก"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_a_text_keeps_its_lines(line_end):
    assert clean_text(f"  ข้อ\u00a0\u00a0๑ {line_end}{line_end}\tข้อ ๒{line_end}") == "ข้อ ๑\n\nข้อ ๒"


@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_cleaning_twice_changes_nothing_more(clean):
    once = clean("เเเเ น" + NIKHAHIT + NIKHAHIT + "\u0e49" + SARA_AA + " \u200b\u00a0 ป\u0e48\u0e39\r\n x")
    assert clean(once) == once


def test_thai_and_full_width_digits_are_read_as_arabic():
    assert arabic_digits("๐๑๒๓๔๕๖๗๘๙ ０１２３４５６７８９ 0-9 ก") == "0123456789 0123456789 0-9 ก"


def test_a_key_has_the_letters_first_and_the_marks_after():
    assert thai_key("เก้า ๙A") == "กเา 9a\x01กเ้า 9a"


@pytest.mark.parametrize(
    ("typed", "loose"),
    [
        ("ท้องถิ่น", "ทองถิน"),
        ("ทองถิน", "ทองถิน"),
        ("ศูนย์ ๒ เด็กเล็ก", "ศูนย 2 เดกเลก"),
        ("น้ำ", "นำ"),
        ("ISO", "iso"),
        ("่", ""),
    ],
)
def test_a_search_is_loose_about_tone_marks_digits_and_capitals(typed, loose):
    assert thai_loose(typed) == loose


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param("ของ", "เขา", id="a leading vowel follows its consonant"),
        pytest.param("เกม", "เก่า", id="a tone mark weighs less than any letter"),
        pytest.param("เขา", "เข่า", id="no mark before a mark"),
        pytest.param("เข่า", "เข้า", id="mai ek before mai tho"),
        pytest.param("เขา", "เขาใหญ่", id="the shorter first"),
        pytest.param("หมู่ ๒", "หมู่ 3", id="digits of both kinds"),
    ],
)
def test_names_stand_in_dictionary_order(earlier, later):
    assert thai_key(earlier) < thai_key(later)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("จังหวัดกระบี่", "รวมจังหวัดกระบี่"),
        ("ป.ป.ช. ภาค 8", "รวม ป.ป.ช. ภาค 8"),
        ("อบต.เขาใหญ่", "รวม อบต.เขาใหญ่"),
        ("", "รวม"),
    ],
)
def test_an_abbreviation_keeps_its_distance_from_the_word_before(name, phrase):
    assert joined("รวม", name) == phrase
