"""S4: the profile after the first entry."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth import get_user
from django.core import mail

from lao import notices
from lao.models import AuditEntry, LaoProfile
from tests import factories
from tests.factories import PASSWORD

EMAIL = "clerk@example.go.th"
TABS = {
    "ข้อมูลที่ตั้ง": ["จังหวัด", "อำเภอ", "ชื่อ อปท.", "ขนาด", "ที่ตั้งที่ทำการ"],
    "ข้อมูลพื้นที่และผู้บริหาร": [
        "ขนาดพื้นที่ให้บริการ (ตร.กม.)",
        "ประชากรในเขตพื้นที่ (คน)",
        "รายได้ไม่รวมเงินอุดหนุน (บาท)",
        "รายได้จากเงินอุดหนุน (บาท)",
        "ชื่อผู้บริหารท้องถิ่น (ชื่อ-สกุล)",
        "ชื่อปลัดองค์กรปกครองส่วนท้องถิ่น (ชื่อ-สกุล)",
    ],
    "ข้อมูลผู้ประสานงาน": [
        "ชื่อ-สกุล",
        "ตำแหน่ง",
        "สังกัด (ฝ่าย/กลุ่ม/กอง/สำนัก)",
        "โทรศัพท์",
        "โทรสาร",
        "อีเมล*",
        "เว็บไซต์ อปท.",
        "รหัสผ่านสำหรับเข้าสู่ระบบครั้งต่อไป",
        "รหัสผ่านปัจจุบัน",
    ],
}


def form_of(version=1, **values):
    return {"version": str(version), "coordinator_email": EMAIL, **values}


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """A context in which letters are sent as if each request's transaction had ended."""
    return letters_of(django_capture_on_commit_callbacks)


def letters_of(capture):
    def posted(act):
        with capture(execute=True):
            answer = act()
        notices._post_room.submit(lambda: None).result(timeout=5)
        return answer

    return posted


def test_the_page_has_three_tabs_and_one_button_as_the_manual_has_them(clerk_client, clerk):
    text = clerk_client.get("/profile/").content.decode()
    fieldsets = re.findall(r"<fieldset.*?</fieldset>", text, re.DOTALL)
    found = {}
    for fieldset in fieldsets:
        legend = re.search(r"<legend[^>]*>\s*(.*?)\s*</legend>", fieldset, re.DOTALL)[1]
        labels = re.findall(r"<label[^>]*>\s*(.*?)\s*</label>", fieldset, re.DOTALL)
        found[legend] = [re.sub(r"<[^>]+>", "", label) for label in labels]
    assert found == TABS
    assert text.count('value="บันทึก"') == 1
    assert re.findall(r"<option[^>]*>(.*?)</option>", text) == ["กรุณาเลือก", "เล็ก", "กลาง", "ใหญ่"]
    place = (clerk.lao.district.province.name, clerk.lao.district.name, str(clerk.lao))
    for value in place:
        assert re.search(rf'value="{value}"[^>]*disabled', text)


def test_what_is_typed_is_stored_in_its_right_meaning(clerk_client, clerk):
    answer = clerk_client.post(
        "/profile/",
        form_of(
            size="MEDIUM",
            office_address="99 หมู่ 1\r\nต.แหลมสัก",
            service_area_km2="๑๒๓.๕ ตร.กม.",
            population="１２,３４５ คน",
            own_revenue="1,250,000.50",
            grant_revenue="0",
            clerk_name="นาง ส\u0e4d\u0e32ลี  ดี\u200bงาม",
            coordinator_phone="๐๗๕-๖๘๑๑๑๑",
            website="www.laemsak.go.th",
        ),
    )
    assert answer["Location"] == "/home/"
    profile = LaoProfile.objects.get(pk=clerk.lao_id)
    assert (profile.size, profile.office_address) == ("MEDIUM", "99 หมู่ 1\nต.แหลมสัก")
    assert (profile.service_area_km2, profile.population) == (Decimal("123.50"), 12345)
    assert (profile.own_revenue, profile.grant_revenue) == (Decimal("1250000.50"), 0)
    assert profile.clerk_name == "นาง สำลี ดีงาม"
    assert profile.coordinator_phone == "075-681111"
    assert profile.website == "http://www.laemsak.go.th"
    assert profile.version == 2


def test_read_only_fields_cannot_be_written(clerk_client, clerk):
    name = clerk.lao.name
    clerk_client.post("/profile/", form_of(lao_name="อื่น", province="อื่น", district="อื่น"))
    clerk.lao.refresh_from_db()
    assert clerk.lao.name == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", "HUGE"),
        ("office_address", "ก" * 5000),
        ("service_area_km2", "กว้าง"),
        ("service_area_km2", "9999999999"),
        ("population", "-1"),
        ("population", "1.5"),
        ("own_revenue", "99999999999999999"),
        ("grant_revenue", "12,34"),
        ("coordinator_name", "ก" * 5000),
        ("coordinator_email", "ไม่ใช่อีเมล"),
        ("coordinator_email", ""),
        ("website", "javascript:alert(1)"),
        ("website", "เพจของเรา ดูที่เฟซบุ๊ก"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_with_all_typing_kept(clerk_client, clerk, field, value):
    page = clerk_client.post("/profile/", form_of(**{"executive_name": "นายสมชาย", field: value}))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    text = page.content.decode()
    assert "นายสมชาย" in text
    assert value in text or field == "size"  # a choice that is not offered cannot be shown
    assert LaoProfile.objects.get(pk=clerk.lao_id).version == 1


@pytest.mark.parametrize("value", ["-", " – ", ""])
def test_a_dash_for_no_website_is_none(clerk_client, clerk, value):
    clerk_client.post("/profile/", form_of(website=value))
    assert LaoProfile.objects.get(pk=clerk.lao_id).website == ""


def test_an_empty_password_stays_as_it_was(clerk_client, clerk, as_user):
    other = as_user(clerk)
    clerk_client.post("/profile/", form_of())
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)
    assert other.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("สั้นไป", "สั้นเกินไป"),
        ("ย" * 129, "ยาวเกินไป"),
        ("password1", "ใช้กันมาก"),
        ("๑๒๓๔๕๖๗๘", "ใช้กันมาก"),
        ("{code}!", "รหัส อปท."),
        ("{name}1", "ชื่อ อปท."),
        ("075681111", "โทรศัพท์ 075681111"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(clerk_client, clerk, password, reason):
    typed = password.format(code=clerk.lao.code, name=clerk.lao.name)
    values = form_of(new_password=typed, current_password=PASSWORD, coordinator_phone="075-681111")
    page = clerk_client.post("/profile/", values)
    errors = page.context["form"].errors
    assert reason in errors["new_password"][0]
    assert list(errors) == ["new_password"]


@pytest.mark.parametrize("password", ["ปลาทูสด1", "ย" * 60 + "ก" * 68, "a b-c_d!é๑", "ช้าง\u0e4d\u0e32ๆๆๆๆ"])
def test_eight_to_128_characters_of_any_kind_will_do(clerk_client, clerk, password, client):
    page = clerk_client.post("/profile/", form_of(new_password=password, current_password=PASSWORD))
    assert page.status_code == 302
    answer = client.post("/login/", {"username": clerk.username, "password": password})
    assert answer.status_code == 302


@pytest.mark.parametrize("change", [{"new_password": "ปลาทูแม่กลอง"}, {"coordinator_email": "other@example.go.th"}])
@pytest.mark.parametrize(("current", "message"), [("", "กรุณากรอกรหัสผ่านปัจจุบัน"), ("ผิด", "รหัสผ่านปัจจุบันไม่ถูกต้อง")])
def test_changing_the_way_in_needs_the_present_password(clerk_client, clerk, change, current, message):
    page = clerk_client.post("/profile/", form_of(**change, current_password=current, coordinator_name="สมหญิง"))
    assert message in page.context["form"].errors["current_password"][0]
    assert "สมหญิง" in page.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)
    assert LaoProfile.objects.get(pk=clerk.lao_id).coordinator_email == EMAIL


def test_guessing_the_present_password_waits(clerk_client):
    values = form_of(new_password="ปลาทูแม่กลอง", current_password="ผิด")
    assert [clerk_client.post("/profile/", values).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_new_password_ends_other_sessions_and_is_told(clerk_client, clerk, as_user, letters):
    other = as_user(clerk)
    letters(lambda: clerk_client.post("/profile/", form_of(new_password="ปลาทูแม่กลอง", current_password=PASSWORD)))
    assert get_user(clerk_client) == clerk
    assert not get_user(other).is_authenticated
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    assert "รหัสผ่าน" in mail.outbox[0].subject
    assert "ปลาทูแม่กลอง" not in mail.outbox[0].body


def test_a_new_email_ends_other_sessions_and_both_addresses_are_told(clerk_client, clerk, as_user, letters):
    other = as_user(clerk)
    values = form_of(coordinator_email=" other@ｅxample.go.th", current_password=PASSWORD)
    letters(lambda: clerk_client.post("/profile/", values))
    assert not get_user(other).is_authenticated
    assert get_user(clerk_client) == clerk
    assert sorted(letter.to[0] for letter in mail.outbox) == [EMAIL, "other@example.go.th"]
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_second_window_sees_both_values_and_chooses_and_the_rest_merges(clerk_client, clerk):
    clerk_client.post("/profile/", form_of(executive_name="นายหนึ่ง", population="100"))
    late = form_of(executive_name="นายสอง", own_revenue="5000")
    page = clerk_client.post("/profile/", late).content.decode()
    assert "ที่บันทึกไว้แล้ว:</strong> นายหนึ่ง" in page
    assert "ของท่าน:</strong> นายสอง" in page
    assert "รวมให้แล้ว เพราะท่านไม่ได้แก้: ประชากรในเขตพื้นที่ (คน)" in page
    assert LaoProfile.objects.get(pk=clerk.lao_id).executive_name == "นายหนึ่ง"
    chosen = {**late, "conflict": "2", "choose-executive_name": "mine"}
    assert clerk_client.post("/profile/", chosen)["Location"] == "/home/"
    saved = LaoProfile.objects.get(pk=clerk.lao_id)
    assert (saved.executive_name, saved.population, saved.own_revenue) == ("นายสอง", 100, 5000)


def test_two_clicks_save_once(clerk_client, clerk):
    token = re.search('name="form_token" value="([^"]+)"', clerk_client.get("/profile/").content.decode())[1]
    for _ in range(2):
        answer = clerk_client.post("/profile/", form_of(form_token=token, executive_name="นายหนึ่ง"))
        assert answer["Location"] == "/home/"
    assert LaoProfile.objects.get(pk=clerk.lao_id).version == 2


def test_going_back_and_typing_on_is_another_save(clerk_client, clerk):
    token = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"
    clerk_client.post("/profile/", form_of(form_token=token, executive_name="นายหนึ่ง"))
    clerk_client.post("/profile/", form_of(version=2, form_token=token, executive_name="นายสอง"))
    assert LaoProfile.objects.get(pk=clerk.lao_id).executive_name == "นายสอง"


def test_going_back_to_set_another_password_sets_it(clerk_client, clerk):
    clerk.set_password(PASSWORD)
    clerk.save()
    clerk_client.force_login(clerk)
    token, present = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55", PASSWORD
    for wanted in ("รหัสผ่านที่หนึ่งยาวพอ", "รหัสผ่านที่สองยาวพอ"):
        said = form_of(form_token=token, new_password=wanted, current_password=present)
        for _ in range(2):  # the second of two clicks has the password of before in it
            assert clerk_client.post("/profile/", said)["Location"] == "/home/"
        clerk.refresh_from_db()
        assert clerk.check_password(wanted)
        present = wanted


def test_broken_hidden_fields_do_no_harm(clerk_client, clerk):
    broken = {"coordinator_email": EMAIL, "version": "x", "form_token": "x"}
    assert clerk_client.post("/profile/", broken)["Location"] == "/home/", "it says what stands already"
    page = clerk_client.post("/profile/", {**broken, "executive_name": "นายหนึ่ง"})
    assert page.status_code == 200
    assert "ข้อมูลนี้ถูกแก้ไขไปแล้ว" in page.content.decode()


def test_the_page_is_of_clerks_alone_and_shows_each_only_their_own(client, clerk, officer, as_user, stranger_client):
    LaoProfile.objects.filter(pk=clerk.lao_id).update(coordinator_name="สมหญิง ใจดี")
    assert client.get("/profile/")["Location"] == "/login/?next=/profile/"
    assert as_user(officer).get("/profile/").status_code == 404
    for role in ("REGION", "CENTRAL"):
        assert as_user(factories.make_officer(role)).post("/profile/", form_of()).status_code == 404
    assert "สมหญิง ใจดี" not in stranger_client.get("/profile/").content.decode()
    stranger_client.post("/profile/", form_of(coordinator_name="คนแปลกหน้า"))
    assert LaoProfile.objects.get(pk=clerk.lao_id).coordinator_name == "สมหญิง ใจดี"


def test_every_change_is_in_the_trail_with_its_author_and_without_the_password(clerk_client, clerk):
    clerk_client.post(
        "/profile/", form_of(executive_name="นายหนึ่ง", new_password="ปลาทูแม่กลอง", current_password=PASSWORD)
    )
    profile = AuditEntry.objects.filter(table_name="lao_laoprofile").first()
    assert (profile.actor_id, profile.actor_name, profile.lao_id) == (clerk.pk, clerk.username, clerk.lao_id)
    assert profile.before == {"executive_name": "", "version": 1}
    assert profile.after == {"executive_name": "นายหนึ่ง", "version": 2}
    assert len(profile.request_id) == 16
    account = AuditEntry.objects.filter(table_name="lao_user").first()
    assert account.after["password"] == "***"
