"""The database and Python must put Thai names in the same order, and loosen them alike for a search."""

import random

import pytest
from django.db import connection

from eplan.thai import thai_key, thai_loose

# As a Thai dictionary has them.
IN_ORDER = [
    "กก", "กบ", "กระบี่", "กรุงเทพมหานคร", "กล้วย", "กลาง", "กว่า", "กษัตริย์", "กา", "ก๋า", "กำแพงเพชร",
    "กิน", "เก", "เก่ง", "เกม", "เก่า", "เก้า", "เกาะ", "แก", "แก่ง", "แกะ", "โกรก",
    "ไก่", "ขนม", "ขวด", "ของ", "ขอนแก่น", "เขา", "เข่า", "เข้า", "เขาใหญ่", "คลองท่อม", "คลองยา",
    "คลองหิน", "จันทบุรี", "ชัยภูมิ", "เชียงราย", "เชียงใหม่", "ตรัง", "ตราด", "แถบ", "แถว", "นครราชสีมา", "นาเหนือ",
    "น้ำ", "แพร่", "ภูเก็ต", "แหลมสัก", "อ่าวลึก",
]  # fmt: skip
SHUFFLED = random.Random(1).sample(IN_ORDER, len(IN_ORDER))


def varied_names():
    """3,000 names: Thai letters and marks in any order, digits of each kind, Latin and other letters, odd signs."""
    dice = random.Random(2562)
    thai = [chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))]
    others = [*"AZaz09 .-()'%_\\๑５", "É", "ß", "Σ", "ς", "İ", "Ж", "Ａ", "\u0301", "中", "😀", "\u0e33"]
    leading = list("เแโใไ")
    return [
        "".join(dice.choice(dice.choice([thai, thai, leading, others])) for _ in range(dice.randint(0, 12)))
        for _ in range(3000)
    ]


@pytest.mark.django_db
def test_the_database_makes_the_same_keys_as_python():
    names = [*IN_ORDER, *varied_names()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT thai_key(name) FROM unnest(%s) WITH ORDINALITY AS list(name, nth) ORDER BY nth", [names])
        keys = [key for (key,) in cursor.fetchall()]
    assert [(name, key) for name, key in zip(names, keys, strict=True) if key != thai_key(name)] == []


@pytest.mark.django_db
def test_the_database_loosens_as_python_does():
    names = [*IN_ORDER, *varied_names()]
    with connection.cursor() as cursor:
        ordered = "FROM unnest(%s) WITH ORDINALITY AS list(name, nth) ORDER BY nth"
        cursor.execute(f"SELECT thai_loose(name) {ordered}", [names])
        loose = [name for (name,) in cursor.fetchall()]
    assert [(name, found) for name, found in zip(names, loose, strict=True) if found != thai_loose(name)] == []


@pytest.mark.django_db
def test_the_database_sorts_as_a_dictionary_does():
    with connection.cursor() as cursor:
        cursor.execute('SELECT name FROM unnest(%s) AS name ORDER BY thai_key(name) COLLATE "C"', [SHUFFLED])
        assert [name for (name,) in cursor.fetchall()] == IN_ORDER


def test_python_sorts_as_a_dictionary_does():
    assert sorted(SHUFFLED, key=thai_key) == IN_ORDER
    assert sorted(IN_ORDER) != IN_ORDER
