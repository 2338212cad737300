"""Tables pasted as text come out as rows, however the program they come from writes them."""

import time

import pytest

from eplan.pasted import table_of_text

HEADINGS = {"ที่", "ชื่อ", "งบ"}


def rows(text):
    return table_of_text(text, HEADINGS.__contains__, lambda cell: cell.startswith("มิติ"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ก\tข\r\nค\tง\r\n", [["ก", "ข"], ["ค", "ง"]]),
        ('ก\t"บน\nล่าง ""คำ"""\nค\tง', [["ก", 'บน\nล่าง "คำ"'], ["ค", "ง"]]),
        ('"คำพูด" ที่ยาว\tข\nค\t"ไม่ปิด', [['"คำพูด" ที่ยาว', "ข"], ["ค", '"ไม่ปิด']]),
        ("ก\tข\tค\nง", [["ก", "ข", "ค\nง"]]),
        ("1\tต้น\nปลาย\t5\n2\tข\t6", [["1", "ต้น\nปลาย", "5"], ["2", "ข", "6"]]),
        ("มิติที่ 1\n1\tก\t5\nมิติที่ 2\n2\tข\t6", [["มิติที่ 1", "", ""], ["1", "ก", "5"], ["มิติที่ 2", "", ""], ["2", "ข", "6"]]),
        ("ที่\nชื่อ\nงบ\n1\nก\n\n2\nข\n6", [["ที่", "ชื่อ", "งบ"], ["1", "ก", ""], ["2", "ข", "6"]]),
        ("1\tก\n2\tข\n3\tค\t9", [["1", "ก", ""], ["2", "ข", ""], ["3", "ค", "9"]]),
        ("หนึ่ง\n\nสอง", [["หนึ่ง"], ["สอง"]]),
        ("ก\t\t\nข\tค", [["ก", "", ""], ["ข", "ค", ""]]),
        ("\n \n\t\n", []),
        ("", []),
        ("ก\x00\tข\u200b\nค\tง", [["ก", "ข"], ["ค", "ง"]]),
    ],
)
def test_a_table_comes_out_as_it_was_seen(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize("piece", ['"', '"\t', "ก\n", "\t", '""', '\n"ก'])
def test_no_text_takes_long(piece):
    started = time.process_time()
    rows(piece * 60_000)
    assert time.process_time() - started < 3
