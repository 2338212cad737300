"""How names, codes, passwords and searches are read; no database."""

import pytest

from lao.codes import code_hash, new_code
from lao.rules import (
    CODE_ALPHABET,
    fact_that_is_most_of,
    in_groups,
    office_address,
    phone_numbers,
    search_words,
    tidy_code,
    tidy_username,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5810501", "5810501"),
        ("๕๘๑๐๕๐๑", "5810501"),
        ("５８１０５０１", "5810501"),
        (" 58 105-01 ", "5810501"),
        ("58\u200b10501", "5810501"),
        ("ｏｆｆｉｃｅｒ１", "officer1"),
        ("krabi-1", "krabi-1"),
        ("Officer 1", "Officer 1"),
        ("", ""),
    ],
)
def test_a_user_name_is_read_however_it_is_typed(typed, stored):
    assert tidy_username(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "1234-5678-90AB",
        "1234567890ab",
        "๑๒๓๔ ๕๖๗๘ ๙๐ab",
        "i234-5678-9Oab",
        "l234–5678–9oAB",
        "１２３４５６７８９０ＡＢ",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert tidy_code(typed) == "1234567890AB"


def test_a_new_code_has_sixty_bits_and_no_letter_that_looks_like_another():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(tidy_code(code)) <= set(CODE_ALPHABET)
        assert in_groups(tidy_code(code)) == code
    assert len(CODE_ALPHABET) ** 12 == 2**60
    assert not set("ILOU") & set(CODE_ALPHABET)


def test_a_code_is_kept_as_a_hash_of_its_account_that_forgives_typing():
    code = new_code()
    assert code_hash(code, 1) == code_hash(code.lower().replace("-", " "), 1)
    assert tidy_code(code) not in code_hash(code, 1)
    assert len({code_hash(code, 1), code_hash(code, 2), code_hash(new_code(), 1)}) == 3


def test_several_telephone_numbers_are_told_apart():
    assert phone_numbers("๐๗๕-๖๘๑๑๑๑ ต่อ 12, 081 234 5678") == ["075681111", "0812345678"]
    assert phone_numbers("-") == []


FACTS = {"รหัส": "5810501", "ชื่อ": "แหลมสัก", "โทรศัพท์": "075681111", "สั้น": "ปง"}


@pytest.mark.parametrize(
    ("password", "label"),
    [
        ("5810501a", "รหัส"),
        ("๕๘๑๐๕๐๑!!!!!!!!", "รหัส"),
        ("แหลมสัก2562", "ชื่อ"),
        ("แหลม สัก 12", "ชื่อ"),
        ("075-681111", "โทรศัพท์"),
        ("ปงปงปงปง", None),
        ("เราชาวแหลมสักไม่ทนต่อการโกง", None),
        ("ปลาทูแม่กลอง", None),
    ],
)
def test_a_password_that_is_mostly_a_public_fact_names_that_fact(password, label):
    assert fact_that_is_most_of(password, FACTS) == label


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("แหลมสัก อ่าวลึก", ["แหลมสัก", "อ่าวลึก"]),
        ("อบต.แหลมสัก", ["อบต.แหลมสัก"]),
        ("อบตแหลมสัก", ["อบต.แหลมสัก"]),
        ("อบต แหลมสัก", ["อบต.", "แหลมสัก"]),
        ("องค์การบริหารส่วนตำบลแหลมสัก", ["อบต.แหลมสัก"]),
        ("องค์การบริหารส่วนจังหวัดกระบี่", ["อบจ.กระบี่"]),
        ("ทต.แหลมสัก", ["เทศบาลตำบลแหลมสัก"]),
        ("ทต. แหลมสัก", ["เทศบาลตำบล", "แหลมสัก"]),
        ("ทต แหลมสัก", ["เทศบาลตำบล", "แหลมสัก"]),
        ("ทมนางาม", ["ทมนางาม"]),
        ("เทศบาลแหลมสัก", ["เทศบาล", "แหลมสัก"]),
        ("เทศบาลเมืองกระบี่", ["เทศบาลเมืองกระบี่"]),
        ("ต.แหลมสัก อ.อ่าวลึก จ.กระบี่", ["แหลมสัก", "อำเภออ่าวลึก", "จังหวัดกระบี่"]),
        ("ตำบล แหลมสัก", ["แหลมสัก"]),
        ("๕๘๑๐๕-๐๑", ["5810501"]),
        ("กทม", ["กรุงเทพมหานคร"]),
        ("  ", []),
    ],
)
def test_a_search_is_put_into_the_words_of_the_register(typed, words):
    assert search_words(typed) == words


@pytest.mark.parametrize(
    ("known", "address"),
    [
        (("99", "1", "แหลมสัก", "อ่าวลึก", "กระบี่", "81110"), "เลขที่ 99 หมู่ที่ 1 ตำบลแหลมสัก อำเภออ่าวลึก จังหวัดกระบี่ 81110"),
        (("", "หมู่ที่ 1", "", "อ่าวลึก", "กระบี่", ""), "หมู่ที่ 1 อำเภออ่าวลึก จังหวัดกระบี่"),
        (("", "", "", "พระนคร", "กรุงเทพมหานคร", "10200"), "เขตพระนคร กรุงเทพมหานคร 10200"),
        (("", "", "แหลมสัก", "อ่าวลึก", "กระบี่", ""), ""),
    ],
)
def test_an_address_is_written_out_of_what_the_register_knows(known, address):
    assert office_address(*known) == address
