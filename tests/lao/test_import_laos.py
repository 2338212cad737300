"""The register of the Department of Local Administration: read, compared, taken in. Every row here is invented."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from lao.imports import import_register
from lao.models import AuditEntry, District, FormerCode, Lao, Province, User
from lao.register_import import UnreadableError, compare, read_register
from tests import factories

HEADING = "จังหวัด,อำเภอ,ตำบล,รหัส อปท.,ประเภท อปท.,อปท.,ที่ตั้งสำนักงานเลขที่,หมู่ที่,รหัสไปรษณีย์,ขนาดพื้นที่,LAT,LONG,เว็ปไซต์ของอปท"
PROVINCES = {"กระบี่": "81", "ชลบุรี": "20"}


def row(code="6819901", name="ตัวอย่าง", **fields):
    """One row in the order of the published file."""
    cells = {
        "province": "กระบี่",
        "district": "สมมุติ",
        "subdistrict": "ตัวอย่าง",
        "code": code,
        "kind": "อบต.",
        "name": name,
        "number": "9",
        "moo": "1",
        "postal": "81990",
        "area": "70",
        "lat": "8.25",
        "long": "98.75",
        "site": "www.example.go.th",
        **fields,
    }
    return ",".join(cells.values())


def register(*rows, encoding="utf-8-sig"):
    """The bytes of a file with these rows, as published: a BOM, and Windows line ends."""
    return "\r\n".join([HEADING, *rows, ""]).encode(encoding)


def read(*rows):
    return read_register(register(*rows), PROVINCES)


def take_in(*rows, apply=True):
    return import_register(by=None, data=register(*rows), apply=apply)


def only(items):
    (item,) = items
    return item


# Reading


def test_a_row_is_read_with_all_its_fields():
    entry = only(read(row()).entries)
    assert entry.code == "6819901"
    assert entry.values == {
        "province": "81",
        "district": "สมมุติ",
        "subdistricts": "ตัวอย่าง",
        "kind": "SUBDISTRICT_ORGANIZATION",
        "name": "ตัวอย่าง",
        "address_number": "9",
        "address_moo": "1",
        "postal_code": "81990",
        "area_km2": Decimal(70),
        "latitude": Decimal("8.25"),
        "longitude": Decimal("98.75"),
        "website": "www.example.go.th",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp874"])
def test_the_file_may_have_been_saved_in_another_encoding(encoding):
    entry = only(read_register(register(row(), encoding=encoding), PROVINCES).entries)
    assert entry.values["name"] == "ตัวอย่าง"


def test_rows_of_one_code_are_one_organisation_with_all_its_subdistricts():
    reading = read(row(subdistrict="หนึ่ง", area="-"), row(subdistrict="สอง", area="12.5"), row(subdistrict="หนึ่ง"))
    entry = only(reading.entries)
    assert reading.rows == 3
    assert entry.values["subdistricts"] == "หนึ่ง, สอง"
    assert entry.values["area_km2"] == Decimal("12.5")


def test_quoted_commas_line_breaks_dashes_and_thai_digits_are_understood():
    entry = only(
        read(
            row("๖๘๑๙๙๐๑", number='"9/1, 9/2\nอาคารใหม่"', moo="-", postal="๘๑๙๙๐", area='"1,004.50"', lat="-", long="-")
        ).entries
    )
    assert entry.code == "6819901"
    assert entry.values["address_number"] == "9/1, 9/2 อาคารใหม่"
    assert entry.values["address_moo"] == ""
    assert entry.values["postal_code"] == "81990"
    assert entry.values["area_km2"] == Decimal("1004.50")
    assert entry.values["latitude"] is None


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("อบจ.", "กระบี่", "PROVINCIAL"),
        ("เทศบาลนคร", "ตัวอย่าง", "CITY"),
        ("เทศบาลเมือง", "ตัวอย่าง", "TOWN"),
        ("เทศบาลตำบล", "ตัวอย่าง", "SUBDISTRICT_MUNICIPALITY"),
        ("ท้องถิ่นรูปแบบพิเศษ", "เมืองพัทยา", "PATTAYA"),
    ],
)
def test_the_column_says_the_kind_whatever_the_code_says(kind, name, expected):
    assert only(read(row("6819901", name, kind=kind)).entries).values["kind"] == expected


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"province": "แดนสมมุติ"}, "ไม่รู้จักจังหวัด (แดนสมมุติ)"),
        ({"province": ""}, "ไม่รู้จักจังหวัด (ว่าง)"),
        ({"district": "-"}, "ไม่มีอำเภอ"),
        ({"code": "681990"}, "รหัส อปท. ต้องเป็นตัวเลข 7 หลัก (681990)"),
        ({"code": "68199O1"}, "รหัส อปท. ต้องเป็นตัวเลข 7 หลัก (68199O1)"),
        ({"code": ""}, "รหัส อปท. ต้องเป็นตัวเลข 7 หลัก (ว่าง)"),
        ({"kind": "สุขาภิบาล"}, "ไม่รู้จักประเภท อปท. (สุขาภิบาล)"),
        ({"kind": "ท้องถิ่นรูปแบบพิเศษ"}, "ไม่รู้จักประเภท อปท. (ท้องถิ่นรูปแบบพิเศษ)"),
        ({"name": " "}, "ไม่มีชื่อ อปท."),
        ({"name": "ก" * 151}, "อปท.ยาวเกิน 150 ตัวอักษร"),
        ({"postal": "8199"}, "รหัสไปรษณีย์ต้องเป็นตัวเลข 5 หลัก (8199)"),
        ({"area": "กว้าง"}, "ขนาดพื้นที่ไม่ใช่ตัวเลข (กว้าง)"),
        ({"area": "-5"}, "ขนาดพื้นที่ไม่ใช่ตัวเลข (-5)"),
        ({"area": "1e5"}, "ขนาดพื้นที่ไม่ใช่ตัวเลข (1e5)"),
        ({"area": "9" * 40}, f"ขนาดพื้นที่ไม่ใช่ตัวเลข ({'9' * 40})"),
        ({"lat": "เหนือ"}, "LATไม่ใช่ตัวเลข (เหนือ)"),
    ],
)
def test_a_row_that_cannot_be_believed_is_listed_with_its_number_and_reason(fields, reason):
    reading = read(row(), row(**{"code": "6819902", **fields}), row("6819903"))
    problem = only(reading.problems)
    assert (problem.row, problem.reason) == (3, reason)
    assert [entry.code for entry in reading.entries] == ["6819901", "6819903"]


def test_every_reason_of_a_row_is_given_at_once():
    assert only(read(row(code="1", kind="x", name="")).problems).reason.count("·") == 2


def test_rows_that_contradict_each_other_all_stay_out():
    reading = read(row(), row(name="อีกชื่อ"), row("6819902"))
    assert [problem.row for problem in reading.problems] == [2, 3]
    assert reading.problems[0].reason.startswith("แถว 2, 3 ใช้รหัสเดียวกัน")
    assert only(reading.entries).code == "6819902"


def test_a_quotation_mark_that_never_closes_costs_its_own_row_only():
    reading = read(row(), row("6819902", number='"9'), *(row(f"68199{number:02d}") for number in range(3, 60)))
    assert only(reading.problems).row == 3
    assert len(reading.entries) == 58


def test_a_row_with_too_few_cells_is_listed_and_blank_rows_are_passed_over():
    reading = read(",,,,,,,,,,,,", "กระบี่,สมมุติ", "", row())
    assert only(reading.problems).row == 3
    assert only(reading.entries).row == 5


@pytest.mark.parametrize(
    ("fields", "emptied"),
    [
        ({"area": "18260000"}, ["area_km2"]),
        ({"lat": "8.25", "long": ""}, ["latitude", "longitude"]),
        ({"lat": "8.25", "long": "20"}, ["latitude", "longitude"]),
    ],
)
def test_a_value_that_cannot_be_believed_is_left_empty_and_noted(fields, emptied):
    reading = read(row(**fields))
    assert reading.problems == []
    assert only(reading.notes).row == 2
    assert [name for name, value in only(reading.entries).values.items() if value is None] == emptied


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x00", "รหัส,ชื่อ\n1,2".encode(), b"PK\x03\x04\xdb"])
def test_another_file_is_refused_whole(data):
    with pytest.raises(UnreadableError):
        read_register(data, PROVINCES)


# Comparing


def test_nothing_to_compare_with_means_everything_is_new():
    changes = compare(read(row(), row("6819902")).entries, [])
    assert [entry.code for entry in changes.inserted] == ["6819901", "6819902"]


# Taking in


def test_fifty_bad_rows_are_listed_and_the_good_ones_go_in(db):
    bad = [row(f"68198{number:02d}", kind="ไม่ทราบ") for number in range(50)]
    good = [row(f"68199{number:02d}", f"ตัวอย่าง{number}") for number in range(60)]
    outcome = take_in(*bad, *good)
    assert [problem.row for problem in outcome.reading.problems] == list(range(2, 52))
    assert Lao.objects.count() == 60


def test_a_dry_run_tells_everything_and_changes_nothing(db):
    outcome = take_in(row(), apply=False)
    assert len(outcome.changes.inserted) == 1
    assert not Lao.objects.exists()
    assert not District.objects.exists()
    assert not AuditEntry.objects.filter(table_name="lao_lao").exists()


def test_a_new_organisation_gets_its_district_and_an_account_to_be_claimed(db):
    take_in(row())
    lao = Lao.objects.get(code="6819901")
    assert str(lao.district) == "สมมุติ"
    assert lao.district.province == Province.objects.get(name="กระบี่")
    user = User.objects.get(lao=lao)
    assert (user.username, user.role, user.claimed_at) == ("6819901", "LAO", None)
    assert not user.has_usable_password()


def test_the_same_file_again_changes_nothing(db):
    rows = [row(lat="8.123456789", area="7.555"), row("6819902", area="", lat="", long="", site="-")]
    take_in(*rows)
    written = AuditEntry.objects.count()
    outcome = take_in(*rows)
    assert outcome.changes.unchanged == 2
    assert outcome.changes.changed == outcome.changes.inserted == []
    assert AuditEntry.objects.count() == written


def test_what_differs_is_updated_field_by_field(db):
    take_in(row(), row("6819902", "คงเดิม"))
    outcome = take_in(row(name="ชื่อใหม่", district="อำเภอใหม่", area="71"), row("6819902", "คงเดิม"))
    change = only(outcome.changes.changed)
    assert change.fields == {
        "name": ("ตัวอย่าง", "ชื่อใหม่"),
        "district": ("สมมุติ", "อำเภอใหม่"),
        "area_km2": (Decimal("70.00"), Decimal("71.00")),
    }
    lao = Lao.objects.get(code="6819901")
    assert (lao.name, lao.district.name, lao.area_km2) == ("ชื่อใหม่", "อำเภอใหม่", Decimal(71))


def test_an_organisation_whose_code_changed_its_first_digit_is_the_same_one_upgraded(db):
    take_in(row())
    lao = Lao.objects.get()
    plan = factories.make_plan(lao)
    change = only(take_in(row("5819901", kind="เทศบาลตำบล")).changes.changed)
    assert change.is_upgrade
    lao.refresh_from_db()
    assert (lao.code, lao.kind) == ("5819901", "SUBDISTRICT_MUNICIPALITY")
    assert FormerCode.objects.get(lao=lao).code == "6819901"
    assert User.objects.get(lao=lao).username == "5819901"
    assert plan.lao_id == Lao.objects.get().pk


def test_codes_that_both_stand_in_the_file_are_two_organisations(db):
    take_in(row())
    take_in(row(), row("5819901", kind="เทศบาลตำบล"))
    assert Lao.objects.count() == 2
    assert not FormerCode.objects.exists()


def test_a_like_code_with_another_name_is_left_for_someone_to_look_at(db):
    take_in(row())
    outcome = take_in(row("5819901", "ไม่ใช่ที่เดิม", kind="เทศบาลตำบล"))
    assert "6819901" in only(outcome.changes.problems).reason
    assert only(Lao.objects.all()).code == "6819901"


def test_an_organisation_missing_from_the_file_is_reported_and_stays(db):
    take_in(row(), row("6819902"))
    outcome = take_in(row())
    assert only(outcome.changes.missing).code == "6819902"
    assert Lao.objects.count() == 2


def test_bangkok_is_in_no_register_and_not_missed(db):
    factories.make_lao(code="2100101", name="กรุงเทพมหานคร", kind=Lao.Kind.BANGKOK)
    assert take_in(row()).changes.missing == []


def test_queries_do_not_grow_with_the_file(db, django_assert_max_num_queries):
    take_in(row())
    many = [row(f"68199{number:02d}", f"ตัวอย่าง{number}") for number in range(99)]
    with django_assert_max_num_queries(20):
        take_in(*many)


# The command


@pytest.fixture
def on_disk(tmp_path):
    """A function that writes rows to a file and gives its path."""

    def write(*rows):
        path = tmp_path / "register.csv"
        path.write_bytes(register(*rows))
        return path

    return write


def test_the_command_is_a_dry_run_until_told_to_apply(db, on_disk, capsys):
    path = on_disk(row(), row("6819902", area="กว้าง"))
    call_command("import_laos", path)
    said = capsys.readouterr().out
    assert "  6819901 อบต.ตัวอย่าง อำเภอสมมุติ จังหวัดกระบี่\n" in said
    assert "  แถว 3 6819902: ขนาดพื้นที่ไม่ใช่ตัวเลข (กว้าง)\n" in said
    assert "เพิ่มใหม่ 1 · เปลี่ยนรหัส 0 · แก้ไข 0 · ไม่เปลี่ยนแปลง 0 · ไม่พบในไฟล์ 0 · ข้อสังเกต 0 · แถวที่นำเข้าไม่ได้ 1" in said
    assert "ยังไม่ได้บันทึก" in said
    assert not Lao.objects.exists()
    call_command("import_laos", path, "--apply")
    assert "บันทึกแล้ว" in capsys.readouterr().out
    assert Lao.objects.count() == 1


def test_the_command_shows_each_change_before_and_after(db, on_disk, capsys):
    call_command("import_laos", on_disk(row(), row("6819902", site="")), "--apply")
    path = on_disk(row("5819901", kind="เทศบาลตำบล"), row("6819902", site="", province="ชลบุรี", area="-"))
    call_command("import_laos", path, "--apply")
    said = capsys.readouterr().out
    assert "    รหัส อปท.: 6819901 -> 5819901\n" in said
    assert "    ประเภท อปท.: อบต. -> เทศบาลตำบล\n" in said
    assert "    จังหวัด: กระบี่ -> ชลบุรี\n" in said
    assert "    ขนาดพื้นที่: 70.00 -> (ว่าง)\n" in said


def test_a_file_that_is_missing_or_another_is_refused_in_words(db, tmp_path):
    with pytest.raises(CommandError, match="เปิดไฟล์"):
        call_command("import_laos", tmp_path / "nowhere.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2")
    with pytest.raises(CommandError, match="ไม่พบคอลัมน์"):
        call_command("import_laos", tmp_path / "other.csv")
