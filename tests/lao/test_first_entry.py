"""S3 and S4 together: how an account that was never used becomes its owner's."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from lao.actions import issue_activation_codes
from lao.models import ActivationCode, LaoProfile, User
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_sign_in import hashes, sign_in  # noqa: F401

CLAIM = {"version": "0", "coordinator_email": "new@example.go.th", "new_password": "ปลาทูแม่กลอง"}


@pytest.fixture
def newcomer(db):
    return factories.make_clerk(claimed=False)


@pytest.fixture
def entered(newcomer, client, settings):
    """A client in the middle of its first entry, mode `open`."""
    settings.EPLAN_FIRST_ENTRY = "open"
    assert sign_in(client, newcomer.username)["Location"] == "/profile/"
    return client


@pytest.fixture
def by_letter(newcomer, settings):
    """The activation code of `newcomer`, mode `code`."""
    settings.EPLAN_FIRST_ENTRY = "code"
    return new_letter(newcomer)


def new_letter(user):
    return issue_activation_codes(by=None, users=[user])[0][1]


def enter_code(client, username, code):
    assert sign_in(client, username)["Location"] == "/login/code/"
    return client.post("/login/code/", {"code": code})


def test_until_the_profile_is_saved_nothing_else_opens(entered, newcomer):
    assert entered.get("/login/?next=/projects/")["Location"] == "/projects/"
    assert entered.get("/password-new/")["Location"] == "/profile/"
    assert entered.get("/find-code/").status_code == 200
    assert entered.get("/").status_code == 200
    assert entered.get("/healthz").status_code == 200
    assert entered.get("/profile/").status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is None


def test_saving_the_profile_claims_the_account_and_sets_the_password(entered, newcomer):
    assert entered.post("/profile/", CLAIM)["Location"] == "/home/"
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is not None
    assert newcomer.check_password("ปลาทูแม่กลอง")
    assert LaoProfile.objects.get(pk=newcomer.lao_id).coordinator_email == "new@example.go.th"
    assert get_user(entered) == newcomer
    assert sign_in(Client(), newcomer.username).status_code == 200
    assert sign_in(Client(), newcomer.username, "ปลาทูแม่กลอง").status_code == 302


def test_an_account_left_half_way_can_be_entered_again(entered, newcomer):
    entered.post("/logout/")
    assert sign_in(Client(), newcomer.username)["Location"] == "/profile/"


@pytest.mark.parametrize("missing", ["coordinator_email", "new_password"])
def test_the_first_entry_needs_an_email_and_a_password(entered, newcomer, missing):
    page = entered.post("/profile/", {**CLAIM, missing: "", "coordinator_name": "สมหญิง ใจดี"})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {missing}
    text = page.content.decode()
    assert "สมหญิง ใจดี" in text
    assert CLAIM["new_password"] not in text
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is None


def test_a_password_typed_in_vain_is_asked_for_again_beside_its_field(entered):
    page = entered.post("/profile/", {**CLAIM, "coordinator_email": "ไม่ใช่อีเมล"})
    assert "ระบบไม่แสดงรหัสผ่านที่พิมพ์ไว้แล้ว" in page.content.decode()


def test_the_first_to_save_claims_and_the_second_is_told(entered, newcomer):
    second = Client()
    sign_in(second, newcomer.username)
    entered.post("/profile/", CLAIM)
    page = second.post("/profile/", {**CLAIM, "new_password": "ขนมจีนน้ำยา"}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/login/")
    assert "มีผู้ลงทะเบียนไปแล้ว" in page.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.check_password("ปลาทูแม่กลอง")


def test_the_second_of_two_clicks_finds_a_good_session(entered, newcomer):
    token = re.search('name="form_token" value="([^"]+)"', entered.get("/profile/").content.decode())[1]
    key = entered.session.session_key
    entered.post("/profile/", {**CLAIM, "form_token": token})
    entered.cookies["sessionid"] = key
    again = entered.post("/profile/", {**CLAIM, "form_token": token})
    assert again["Location"] == "/home/"
    assert get_user(entered) == newcomer
    newcomer.refresh_from_db()
    assert newcomer.check_password("ปลาทูแม่กลอง")


def test_officers_and_strangers_have_no_first_entry(client, officer, settings):
    settings.EPLAN_FIRST_ENTRY = "open"
    User.objects.filter(pk=officer.pk).update(claimed_at=None)
    for username in (officer.username, "9999999"):
        assert sign_in(client, username).status_code == 200
        assert not get_user(client).is_authenticated


def test_the_letter_s_code_opens_the_account_however_it_is_typed(client, newcomer, by_letter):
    answer = enter_code(client, newcomer.username, by_letter.lower().replace("-", " "))
    assert answer["Location"] == "/profile/"
    assert client.post("/profile/", CLAIM)["Location"] == "/home/"
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is not None
    assert ActivationCode.objects.get().used_at is not None


def test_a_code_is_used_up_by_the_save_and_not_before(client, newcomer, by_letter):
    enter_code(client, newcomer.username, by_letter)
    later = Client()
    assert enter_code(later, newcomer.username, by_letter)["Location"] == "/profile/"
    later.post("/profile/", CLAIM)
    assert enter_code(Client(), newcomer.username, by_letter).status_code == 200
    page = client.post("/profile/", CLAIM, follow=True)
    assert "มีผู้ลงทะเบียนไปแล้ว" in page.content.decode()


def test_any_name_is_asked_for_a_code_and_refused_alike(client, clerk, officer, newcomer, by_letter, hashes):  # noqa: F811
    answers = set()
    for username in (clerk.username, officer.username, newcomer.username, "9999999"):
        hashes.clear()
        page = enter_code(client, username, "AAAA-AAAA-AAAA")
        text = page.content.decode().replace(username, "")
        answers.add((page.status_code, "รหัสเปิดใช้งานไม่ถูกต้อง" in text, len(hashes)))
        assert not get_user(client).is_authenticated
    assert answers == {(200, True, 0)}


def test_an_empty_password_opens_nothing_where_codes_are_asked_for(client, newcomer, by_letter):
    sign_in(client, newcomer.username)
    assert client.get("/profile/")["Location"].startswith("/login/")


@pytest.mark.parametrize("change", ["expired", "reissued", "of another"])
def test_a_code_that_ended_opens_nothing(client, newcomer, by_letter, change):
    code = by_letter
    if change == "expired":
        ActivationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "reissued":
        new_letter(newcomer)
    else:
        code = new_letter(factories.make_clerk(claimed=False))
    assert enter_code(client, newcomer.username, code).status_code == 200
    assert not get_user(client).is_authenticated


def test_a_code_replaced_during_the_first_entry_claims_nothing(client, newcomer, by_letter):
    enter_code(client, newcomer.username, by_letter)
    new_letter(newcomer)
    page = client.post("/profile/", CLAIM, follow=True)
    assert "ถูกออกใหม่แล้ว" in page.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is None


def test_an_entry_begun_without_a_code_cannot_be_ended_where_codes_are_asked_for(entered, newcomer, settings):
    settings.EPLAN_FIRST_ENTRY = "code"
    entered.post("/profile/", CLAIM)
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is None


def test_guessing_codes_waits(client, newcomer, by_letter):
    statuses = [enter_code(client, newcomer.username, "AAAA-AAAA-AAAA").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_the_question_for_a_code_needs_a_name_first_and_its_mode(client, newcomer, settings):
    settings.EPLAN_FIRST_ENTRY = "code"
    assert client.get("/login/code/")["Location"] == "/login/"
    sign_in(client, newcomer.username)
    assert newcomer.username in client.get("/login/code/").content.decode()
    settings.EPLAN_FIRST_ENTRY = "open"
    assert client.get("/login/code/")["Location"] == "/login/"


def issue(*arguments):
    out = StringIO()
    call_command("issue_activation_codes", *arguments, stdout=out, stderr=StringIO())
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_the_command_prints_each_code_once_and_keeps_its_hash(newcomer, clerk):
    printed = issue("--province", newcomer.lao.district.province_id)
    assert [line[0] for line in printed] == [newcomer.username]
    code = printed[0][1]
    stored = ActivationCode.objects.get()
    assert len(stored.secret_hash) == 64
    assert code not in stored.secret_hash
    assert timedelta(days=89) < stored.expires_at - timezone.now() < timedelta(days=91)


def test_a_code_issued_again_ends_the_one_before(newcomer):
    first, second = issue("--lao", newcomer.username), issue("--lao", newcomer.username)
    assert first[0][1] != second[0][1]
    assert ActivationCode.objects.filter(revoked_at=None).count() == 1


def test_the_command_refuses_what_needs_no_code(newcomer, clerk):
    with pytest.raises(CommandError, match=clerk.username):
        issue("--lao", newcomer.username, clerk.username)
    with pytest.raises(CommandError, match="99"):
        issue("--province", "99")
    assert not ActivationCode.objects.exists()


def test_a_claimed_account_is_not_in_its_first_entry(clerk_client, clerk):
    page = clerk_client.get("/profile/")
    assert "กรุณากรอกข้อมูลพื้นฐาน อีเมล และตั้งรหัสผ่าน" not in page.content.decode()
    assert sign_in(Client(), clerk.username, PASSWORD)["Location"] == "/home/"


REGISTER = {
    "address_number": "99/1",
    "address_moo": "2",
    "subdistricts": "แหลมสัก",
    "postal_code": "81110",
    "area_km2": "123.50",
    "website": "http://www.laemsak.go.th",
}
ADDRESS = "เลขที่ 99/1 หมู่ที่ 2 ตำบลแหลมสัก อำเภออ่าวลึก จังหวัดกระบี่ 81110"


def test_what_the_register_knows_stands_in_the_form_of_the_first_entry_and_is_marked(entered, newcomer):
    type(newcomer.lao).objects.filter(pk=newcomer.lao_id).update(**REGISTER)
    page = entered.get("/profile/").content.decode()
    assert page.count("จากทะเบียน อปท.") == 3
    assert ADDRESS in page
    assert 'value="123.5"' in page or 'value="123.50"' in page
    assert 'value="http://www.laemsak.go.th"' in page
    assert not LaoProfile.objects.filter(pk=newcomer.lao_id).exists()
    typed = {**CLAIM, "coordinator_email": "x", "office_address": "ที่อยู่ใหม่", "website": REGISTER["website"]}
    refused = entered.post("/profile/", typed).content.decode()
    assert "ที่อยู่ใหม่" in refused
    assert refused.count("จากทะเบียน อปท.") == 1  # the mark goes from what was changed
    entered.post("/profile/", {**CLAIM, "office_address": ADDRESS, "website": ""})
    profile = LaoProfile.objects.get(pk=newcomer.lao_id)
    assert (profile.office_address, profile.website, profile.service_area_km2) == (ADDRESS, "", None)
    assert "จากทะเบียน อปท." not in entered.get("/profile/").content.decode()


def test_a_register_that_knows_nothing_fills_in_nothing(entered):
    page = entered.get("/profile/")
    assert "จากทะเบียน อปท." not in page.content.decode()
    assert not page.context["form"]["office_address"].value()
