"""The register on screen: a published file looked at before it is taken in, and single LAOs by form."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lao.models import AuditEntry, FormerCode, Lao, RegisterUpload, User
from lao.register_actions import LaoMovedOnError, change_code
from tests import factories
from tests.lao.test_import_laos import register, row

REGISTER = "/manage/register/"
NEW = "/manage/laos/new/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def central():
    factories.make_province()
    return factories.make_officer("CENTRAL")


@pytest.fixture
def client(central, as_user):
    return as_user(central)


def send(client, data, name="register.csv"):
    return client.post(REGISTER, {"file": SimpleUploadedFile(name, data)})


def preview(client, *rows):
    """Send a file of these rows; returns the address of its preview, and the page."""
    answer = send(client, register(*rows))
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url, client.get(answer.url)


def groups(page):
    return {group["title"]: group for group in page.context["groups"]}


def confirm(client, address, page):
    return client.post(address, {"seen": page.context["seen"]})


# The file


def test_nothing_is_saved_before_it_is_confirmed_and_then_once(central, client):
    address, page = preview(client, row("6819901", "หนึ่ง"), row("6819902", "สอง"))
    assert "เพิ่มใหม่ 2" in page.context["summed_up"]
    assert not Lao.objects.exists()
    for _ in range(2):
        answer = confirm(client, address, page)
        assert answer.url == address
    assert Lao.objects.count() == User.objects.filter(role="LAO").count() == 2
    inserted = AuditEntry.objects.filter(table_name="lao_lao", action="INSERT")
    assert {entry.actor_name for entry in inserted} == {central.username}
    assert inserted.count() == 2
    result = client.get(address)
    assert "ผลการนำเข้าทะเบียน อปท." in result.content.decode()
    assert "เพิ่มใหม่ 2" in result.context["summed_up"]
    assert "ยืนยันนำเข้า" not in result.content.decode()
    assert bytes(RegisterUpload.objects.get().data) == b""


def test_the_preview_shows_new_changed_upgraded_missing_and_refused(client):
    district = factories.make_district("สมมุติ")
    laos = {code: factories.make_lao(code=code, name=name, district=district) for code, name in
            (("6819901", "เดิม"), ("6819902", "ยก"), ("6819903", "หาย"))}  # fmt: skip
    for lao in laos.values():
        factories.make_clerk(lao)
    address, page = preview(
        client,
        row("6819901", "ใหม่", area='"1,004"'),
        row("5819902", "ยก", kind="เทศบาลตำบล"),
        row("6819904", "เพิ่ม"),
        row("12", "ผิด"),
        row("6819905", "ผิดอีก", postal="8199", area="กว้าง"),
    )
    told = groups(page)
    assert list(told) == ["เพิ่มใหม่", "เปลี่ยนรหัส (ยกฐานะ)", "แก้ไข", "ไม่พบในไฟล์ (คงไว้ในระบบ)", "แถวที่นำเข้าไม่ได้"]
    content = page.content.decode()
    assert "อปท.: เดิม -&gt; ใหม่" in content
    assert "ขนาดพื้นที่: (ว่าง) -&gt; 1004.00" in content
    assert "รหัส อปท.: 6819902 -&gt; 5819902" in content
    assert "ประเภท อปท.: อบต. -&gt; เทศบาลตำบล" in content
    assert "แถว 5 12: รหัส อปท. ต้องเป็นตัวเลข 7 หลัก (12)" in content
    refused = told["แถวที่นำเข้าไม่ได้"]["lines"][1].text
    assert refused == "แถว 6 6819905: รหัสไปรษณีย์ต้องเป็นตัวเลข 5 หลัก (8199) · ขนาดพื้นที่ไม่ใช่ตัวเลข (กว้าง)"
    confirm(client, address, page)
    assert set(Lao.objects.values_list("code", flat=True)) == {"6819901", "5819902", "6819903", "6819904"}
    assert User.objects.get(lao=laos["6819902"]).username == "5819902"
    assert list(FormerCode.objects.values_list("lao", "code")) == [(laos["6819902"].pk, "6819902")]
    assert list(groups(client.get(address))) == list(told)


def test_fifty_bad_rows_are_each_told_with_row_and_reason_and_the_good_ones_go_in(client):
    rows = [row("x", f"เสีย{n}") if n % 2 else row(f"68199{n:02d}", f"ดี{n}") for n in range(100)]
    address, page = preview(client, *rows)
    refused = groups(page)["แถวที่นำเข้าไม่ได้"]
    assert (refused["count"], refused["open"]) == (50, True)
    assert [line.text.split()[1] for line in refused["lines"]] == [str(n + 2) for n in range(1, 100, 2)]
    assert page.content.decode().count("รหัส อปท. ต้องเป็นตัวเลข 7 หลัก (x)") == 50
    confirm(client, address, page)
    assert Lao.objects.count() == 50


def test_what_would_change_otherwise_now_is_shown_again_before_it_is_taken_in(client):
    lao = factories.make_lao(code="6819901", name="เดิม", district=factories.make_district("สมมุติ"))
    address, page = preview(client, row("6819901", "ใหม่"))
    Lao.objects.filter(pk=lao.pk).update(name="เปลี่ยนไปแล้ว")
    answer = confirm(client, address, page)
    assert answer.status_code == 409
    assert "เปลี่ยนไปแล้ว -&gt; ใหม่" in answer.content.decode()
    assert Lao.objects.get().name == "เปลี่ยนไปแล้ว"
    assert confirm(client, address, answer).status_code == 302
    assert Lao.objects.get().name == "ใหม่"


def test_a_confirmation_without_what_was_seen_saves_nothing(client):
    address, _ = preview(client, row())
    assert client.post(address).status_code == 409
    assert not Lao.objects.exists()


def test_a_file_that_changes_nothing_has_nothing_to_confirm(client):
    address, page = preview(client, row())
    confirm(client, address, page)
    _, again = preview(client, row())
    assert "ไม่มีสิ่งใดเปลี่ยนแปลง" in again.content.decode()
    assert "ยืนยันนำเข้า" not in again.content.decode()


def test_of_thousands_of_lines_the_first_are_shown_and_the_rest_counted(client):
    _, page = preview(client, *(row(f"{6810000 + n}", f"ชื่อ{n}") for n in range(600)))
    new = groups(page)["เพิ่มใหม่"]
    assert (len(new["lines"]), new["more"]) == (500, 100)
    assert "และอีก 100 รายการ" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ไฟล์นี้ว่างเปล่า"),
        (b"PK\x03\x04xlsx", "กรุณาบันทึกเป็น CSV"),
        (b"\xd0\xcf\x11\xe0xls", "กรุณาบันทึกเป็น CSV"),
        (b"a\x00b", "ไม่ใช่ไฟล์ข้อความ CSV"),
        ("ก,ข\n1,2\n".encode(), "ไม่ใช่ไฟล์ทะเบียน อปท."),
        (b"\xff\xfe\xfd\xfc", "อ่านไฟล์ไม่ได้"),
        (b"x" * (5 * 1024 * 1024 + 1), "ส่งได้ไม่เกิน 5 MB"),
    ],
)
def test_a_file_that_is_not_the_register_is_refused_in_thai(client, data, words):
    answer = send(client, data)
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors["file"])
    assert not RegisterUpload.objects.exists()


def test_without_a_file_one_is_asked_for(client):
    assert "กรุณาเลือกไฟล์" in client.post(REGISTER).content.decode()


def test_a_kept_file_is_its_senders_alone_and_dropped_after_a_day(client, as_user):
    address, _ = preview(client, row())
    other = as_user(factories.make_officer("CENTRAL"))
    assert other.get(address).status_code == 404
    assert other.post(address, {"seen": "x"}).status_code == 404
    RegisterUpload.objects.update(made_at=timezone.now() - timedelta(days=2))
    preview(client, row("6819902"))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["LAO", "PROVINCE", "REGION"])
def test_only_central_officers_have_these_pages(as_user, client, clerk, role):
    upload, _ = preview(client, row())
    visitor = as_user(clerk if role == "LAO" else factories.make_officer(role))
    for address in (REGISTER, upload, NEW, f"/manage/laos/{clerk.lao_id}/code/"):
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {}).status_code == 404


def test_looking_holds_nothing(client, django_assert_num_queries):
    address, _ = preview(client, row())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert not [query for query in captured if "FOR UPDATE" in query["sql"]]


# One LAO


def bangkok(**changes):
    return {
        "code": "2100101",
        "kind": "BANGKOK",
        "name": "กรุงเทพมหานคร",
        "province": "10",
        "district": "พระนคร",
        "form_token": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def province_of_bangkok():
    from lao.models import Province

    return Province.objects.get_or_create(code="10", defaults={"name": "กรุงเทพมหานคร"})[0]


def test_bangkok_is_added_once_with_an_account_that_waits(client, province_of_bangkok):
    assert "เพิ่มกรุงเทพมหานคร" in client.get(REGISTER).content.decode()
    page = client.get(NEW, {"bangkok": "1"}).content.decode()
    assert 'value="2100101"' in page
    data = bangkok()
    for _ in range(2):
        assert client.post(NEW, data).url == f"{REGISTER}?q=2100101"
    lao = Lao.objects.get()
    assert (str(lao), lao.district.province_id) == ("กรุงเทพมหานคร", "10")
    account = User.objects.get(lao=lao)
    assert (account.username, account.claimed_at) == ("2100101", None)
    assert not account.has_usable_password()
    assert "เพิ่มกรุงเทพมหานคร" not in client.get(REGISTER).content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": "12345"}, "code", "รหัส อปท. มีตัวเลข 7 หลัก"),
        ({"code": "6819901"}, "code", "ใช้รหัสนี้อยู่แล้ว"),
        ({"kind": ""}, "kind", "กรุณาเลือกประเภท"),
        ({"kind": "X"}, "kind", "กรุณาเลือกประเภทจากรายการ"),
        ({"name": " "}, "name", "กรุณากรอกข้อมูลช่องนี้"),
        ({"province": "99"}, "province", "กรุณาเลือกจังหวัดจากรายการ"),
        ({"district": "ก" * 101}, "district", "ยาวเกินไป"),
    ],
)
def test_wrong_input_is_refused_at_its_field(client, province_of_bangkok, changes, field, words):
    factories.make_lao(code="6819901")
    answer = client.post(NEW, bangkok(**changes))
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    assert Lao.objects.count() == 1


@pytest.fixture
def upgraded(clerk):
    """A clerk whose อบต. becomes a เทศบาลตำบล."""
    Lao.objects.filter(pk=clerk.lao_id).update(code="6819901", name="ยกฐานะ")
    User.objects.filter(pk=clerk.pk).update(username="6819901")
    clerk.lao.refresh_from_db()
    return clerk


def as_shown(client, lao, **changes):
    page = client.get(f"/manage/laos/{lao.pk}/code/")
    form = page.context["form"]
    return {name: str(form[name].value()) for name in form.fields} | changes


def test_after_an_upgrade_the_account_follows_and_the_old_code_still_finds_it(client, upgraded):
    lao = upgraded.lao
    project = factories.make_project(lao.plans.get())
    data = as_shown(client, lao, code="๕๘๑๙๙๐๑", kind="SUBDISTRICT_MUNICIPALITY")
    for _ in range(2):
        assert client.post(f"/manage/laos/{lao.pk}/code/", data).url == f"{REGISTER}?q=5819901"
    lao.refresh_from_db()
    upgraded.refresh_from_db()
    assert (str(lao), lao.code, upgraded.username) == ("เทศบาลตำบลยกฐานะ", "5819901", "5819901")
    assert project.plan.lao == lao
    assert [former.code for former in lao.former_codes.all()] == ["6819901"]
    assert "(รหัสเดิม 6819901)" in client.get("/find-code/", {"q": "6819901"}).content.decode()
    assert client.get("/public/lao/6819901/").url == "/public/lao/5819901/"
    assert "6819901" in client.get(f"/manage/laos/{lao.pk}/code/").content.decode()
    signed_in = client.__class__().post("/login/", {"username": "5819901", "password": factories.PASSWORD})
    assert signed_in.status_code == 302


def test_a_code_that_was_changed_by_mistake_is_changed_back(client, upgraded):
    lao = upgraded.lao
    for code in ("5819901", "6819901"):
        client.post(f"/manage/laos/{lao.pk}/code/", as_shown(client, lao, code=code))
    lao.refresh_from_db()
    assert lao.code == "6819901"
    assert [former.code for former in lao.former_codes.all()] == ["5819901"]


def test_a_code_in_use_is_refused(client, upgraded):
    factories.make_clerk(factories.make_lao(code="5819901"))
    answer = client.post(f"/manage/laos/{upgraded.lao_id}/code/", as_shown(client, upgraded.lao, code="5819901"))
    assert "ใช้รหัสนี้อยู่แล้ว" in str(answer.context["form"].errors["code"])
    upgraded.lao.refresh_from_db()
    assert upgraded.lao.code == "6819901"


def test_the_second_of_two_officers_sees_both_and_chooses(central, client, upgraded):
    lao = upgraded.lao
    mine = as_shown(client, lao, code="5819901", name="ของฉัน")
    client.post(f"/manage/laos/{lao.pk}/code/", as_shown(client, lao, code="4819901", kind="TOWN"))
    answer = client.post(f"/manage/laos/{lao.pk}/code/", mine)
    assert answer.status_code == 409
    [asked] = answer.context["conflict"]["questions"]
    assert (asked.label, asked.stored, asked.typed) == ("รหัส อปท.", "4819901", "5819901")
    assert answer.context["conflict"]["taken"] == ["ประเภท อปท."]
    chosen = {**mine, "conflict": answer.context["conflict"]["version"], "choose-code": "mine"}
    assert client.post(f"/manage/laos/{lao.pk}/code/", chosen).status_code == 302
    lao.refresh_from_db()
    assert (lao.code, lao.kind, lao.name) == ("5819901", "TOWN", "ของฉัน")
    with pytest.raises(LaoMovedOnError):
        change_code(by=central, lao_id=lao.pk, opened=("x",), code="5819901", kind="TOWN", name="อื่น")


def test_a_resent_change_of_a_code_does_not_undo_a_later_one(client, upgraded):
    lao = upgraded.lao
    mine = as_shown(client, lao, name="ของฉัน")
    address = f"/manage/laos/{lao.pk}/code/"
    assert client.post(address, mine).status_code == 302
    assert client.post(address, as_shown(client, lao, name="ของคนอื่น")).status_code == 302
    assert client.post(address, mine).status_code == 302
    lao.refresh_from_db()
    assert lao.name == "ของคนอื่น"


def test_the_register_is_searched_and_leads_to_code_and_trail(client, upgraded):
    page = client.get(REGISTER, {"q": "ยกฐานะ"}).content.decode()
    assert f"/manage/laos/{upgraded.lao_id}/code/" in page
    assert "/manage/audit/?lao=6819901" in page
    assert "ไม่พบ อปท." in client.get(REGISTER, {"q": "ไม่มีที่ไหน"}).content.decode()
