"""Headings and cells of plans, as they are written in Word."""

import pytest

from projects.models import Project
from projects.pasted_words import (
    SKIP,
    amount_in,
    dimension_number,
    groups_in,
    heading_of,
    is_tick,
    is_topic,
    is_total,
    kind_in,
    quarters_in,
    without_numbering,
    years_in,
)

YEARS = range(2561, 2565)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("โครงการ/กิจกรรม/มาตรการ", "name"),
        ("ชื่อโครงการ *", "name"),
        ("รายการ", "name"),
        ("โครงการอบรมคุณธรรม", None),
        ("ลำดับที่", SKIP),
        ("หน่วยงานผู้รับผิดชอบ", SKIP),
        ("มิติหลัก", "dimension"),
        ("สอดคล้อง", "dimension"),
        ("มิติที่ 1", None),
        ("มิติที่สอดคล้องเพิ่มเติม (ถ้ามี)", "further"),
        ("งบประมาณ (บาท)", "budget"),
        ("งบประมาณตามแผนพัฒนาท้องถิ่น", "budget"),
        ("ไม่ใช้งบประมาณ", None),
        ("25,000 บาท", None),
        ("ปีงบประมาณ", "years"),
        ("ดำเนินการ ปีงบประมาณ พ.ศ.", "years"),
        ("ปีงบประมาณ พ.ศ. ๒๕๖๒ (บาท)", "amount_2562"),
        ("2563", "amount_2563"),
        ("ปี 2570", None),
        ("ไตรมาส", "quarters"),
        ("ไตรมาสที่ 3", "quarter_3"),
        ("ประเภทงาน", "kind"),
        ("กลุ่มเป้าหมาย", "groups"),
        ("วัตถุประสงค์", "objective"),
        ("หมายเหตุ", "remark"),
        ("", None),
        ("ก" * 5000, None),
    ],
)
def test_headings_are_known_by_what_they_say(heading, key):
    assert heading_of(heading, YEARS) == key


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2561-2564", [2561, 2562, 2563, 2564]),
        ("๒๕๖๑ – ๒๕๖๓", [2561, 2562, 2563]),
        ("2561, 2562", [2561, 2562]),
        ("ปีงบประมาณ พ.ศ. 2561 ถึง พ.ศ. 2562", [2561, 2562]),
        ("ปี 2561 และ 2563", [2561, 2563]),
        ("61-64", [2561, 2562, 2563, 2564]),
        ("2564-2566", [2564, 2565, 2566]),
        ("ทุกปี", [2561, 2562, 2563, 2564]),
        ("2018", [2018]),
        ("2564-2561", None),
        ("2561-9999", None),
        ("ต.ค. 2561", None),
        ("บางปี", None),
        ("", None),
    ],
)
def test_years_are_read_as_they_are_written(text, years):
    assert years_in(text, YEARS) == years


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25,000.-", "25,000"),
        ("25,000.- บาท", "25,000"),
        ("๒๕,๐๐๐ บาท", "25,000"),
        ("25,000.50", "25,000.50"),
        ("ปีละ 5,000 บาท", "5,000"),
        ("5,000 บาท/ปี", "5,000"),
        ("0", "0"),
        ("-", "ไม่ใช้งบประมาณ"),
        ("ไม่ใช้งบ", "ไม่ใช้งบประมาณ"),
        ("ไม่มีงบประมาณ", "ไม่ใช้งบประมาณ"),
        ("ดำเนินการโดยไม่ใช้งบประมาณ", "ไม่ใช้งบประมาณ"),
        ("ห้าหมื่น", "ห้าหมื่น"),
        ("-5", "-5"),
    ],
)
def test_amounts_are_read_as_they_are_written(text, amount):
    assert amount_in(text) == amount


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. โครงการ ก", "โครงการ ก"),
        ("๑.๒ โครงการ ก", "โครงการ ก"),
        ("(3) โครงการ ก", "โครงการ ก"),
        ("• โครงการ ก", "โครงการ ก"),
        ("\uf0b7 1) โครงการ ก", "โครงการ ก"),
        ("- มาตรการ\nใหม่", "มาตรการ ใหม่"),
        ("5 ส. ในสำนักงาน", "5 ส. ในสำนักงาน"),
        ("1 ตำบล 1 โครงการ", "1 ตำบล 1 โครงการ"),
        ("2.", "2."),
    ],
)
def test_bullets_and_numbers_are_left_off_a_name(text, name):
    assert without_numbering(text) == name


def test_further_signs_and_words():
    assert [is_tick(text) for text in ("✓", "x", "/", "\uf0fc", "ü", "", "-", "5000")] == [True] * 5 + [False] * 3
    assert [dimension_number(text) for text in ("มิติที่ ๒ การบริหาร", "1. มิติ 3", "4", "มิติ", "x")] == [2, 3, 4, None, None]
    assert quarters_in("1-4") == quarters_in("ทุกไตรมาส") == quarters_in("ตลอดปี") == [1, 2, 3, 4]
    assert quarters_in("ไตรมาสที่ 1, 3") == [1, 3]
    assert quarters_in("ม.ค.") is None
    assert groups_in("เด็กนักเรียนและประชาชนทั่วไป") == ["YOUTH", "CITIZENS"]
    assert kind_in("แนวทางปฏิบัติเรื่องของขวัญ", Project.Kind.labels) == "แนวปฏิบัติงาน"
    assert kind_in("1. กิจกรรมจิตอาสา", Project.Kind.labels) == "กิจกรรม"
    assert [is_total(text) for text in ("รวม", "รวมทั้งสิ้น", "รวม 25 โครงการ", "รวมพลังต้านทุจริต")] == [
        True,
        True,
        True,
        False,
    ]
    assert [is_topic(text) for text in ("1.1 การสร้างจิตสำนึก", "1. โครงการ")] == [True, False]
