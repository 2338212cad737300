"""The accounts in an officer's care: who sees which, and what can be done to them."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from lao.models import AuditEntry, LaoProfile, ResetCode, User
from lao.throttling import waiting_names
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_confirm import act
from tests.lao.test_profile import letters  # noqa: F401
from tests.lao.test_sign_in import sign_in

LIST = "/manage/accounts/"
NEW = {"new_password": "ปลาทูแม่กลอง", "new_password_again": "ปลาทูแม่กลอง"}


@pytest.fixture
def central(db, as_user):
    return as_user(factories.make_officer("CENTRAL"))


@pytest.fixture
def elsewhere(db):
    """The account of an LAO of another province and region."""
    district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    return factories.make_clerk(factories.make_lao(district=district))


def names(page):
    return re.findall(r'<span class="code">([^<]+)</span>', page.content.decode())


def test_each_officer_lists_the_own_area_and_central_all(clerk, elsewhere, officer, central, as_user):
    region = factories.make_officer("REGION")
    assert names(as_user(officer).get(LIST)) == [clerk.username]
    assert names(as_user(region).get(LIST)) == [clerk.username]
    assert {clerk.username, elsewhere.username, officer.username, region.username} < set(names(central.get(LIST)))
    for user in (officer, region):
        assert as_user(user).get(f"{LIST}{elsewhere.pk}/").status_code == 404
        assert as_user(user).get(f"{LIST}{officer.pk}/").status_code == 404
        assert as_user(user).post(f"{LIST}{elsewhere.pk}/close/").status_code == 404
    assert User.objects.get(pk=elsewhere.pk).is_active


@pytest.mark.parametrize(
    "query", ["province=99", "state=NONE", "role=X", "page=x", "page=999", "text=" + "ก" * 400, "text=-"]
)
def test_junk_in_the_address_is_not_asked_for(central, clerk, query):
    assert central.get(f"{LIST}?{query}").status_code == 200


def test_the_list_is_narrowed_and_searched(clerk, elsewhere, officer, central):
    def found(query):
        return set(names(central.get(f"{LIST}?{query}")))

    unclaimed = factories.make_clerk(claimed=False)
    closed = factories.make_clerk(is_active=False)
    assert found("province=30") == {elsewhere.username}
    assert found("role=PROVINCE") == {officer.username}
    assert found("state=UNCLAIMED") == {unclaimed.username}
    assert found("state=CLOSED") == {closed.username}
    assert found(f"text={elsewhere.username}") == {elsewhere.username}
    assert found("text=ปากช่อง") == {elsewhere.username}
    assert found(f"text={officer.name}") == {officer.username}
    assert unclaimed.username not in found("state=CLAIMED")
    assert found("text=ไม่มีที่ไหนเลย") == set()


def test_the_number_of_queries_does_not_grow(central, django_assert_max_num_queries):
    for _ in range(55):
        factories.make_clerk()
    with django_assert_max_num_queries(12):
        page = central.get(LIST)
    assert len(names(page)) == 50
    assert len(names(central.get(f"{LIST}?page=2"))) > 0


def test_who_must_wait_is_found_and_let_in(client, clerk, officer, as_user):
    for _ in range(6):
        sign_in(client, clerk.username, "ผิด")
    assert waiting_names([clerk.username, "9999999"]).keys() == {clerk.username}
    assert names(as_user(officer).get(f"{LIST}?state=LOCKED")) == [clerk.username]
    assert sign_in(client, clerk.username, PASSWORD).status_code == 429
    act(as_user(officer), clerk, "unlock")
    assert sign_in(client, clerk.username, PASSWORD).status_code == 302
    entry = AuditEntry.objects.get(action="UNLOCK")
    assert (entry.actor_id, entry.row_id, entry.lao_id) == (officer.pk, str(clerk.pk), clerk.lao_id)


def test_a_closed_account_is_out_at_once_until_it_is_opened(clerk, clerk_client, officer, as_user):
    act(as_user(officer), clerk, "close")
    assert not get_user(clerk_client).is_authenticated
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 200
    act(as_user(officer), clerk, "open")
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 302


def test_nobody_closes_the_own_account(db, as_user):
    central = factories.make_officer("CENTRAL")
    assert "เปลี่ยนไปแล้ว" in act(as_user(central), central, "close").content.decode()
    assert User.objects.get(pk=central.pk).is_active


@pytest.mark.parametrize("deed", ["confirm", "open", "unlock", "dismiss", "letter", "link", "code"])
def test_what_does_not_fit_the_account_is_not_done(clerk, officer, as_user, deed, settings):
    settings.EPLAN_FIRST_ENTRY, settings.EPLAN_PASSWORD_RESET = "code", "email"
    deciding = as_user(officer)
    before = AuditEntry.objects.count()
    page = deciding.post(f"{LIST}{clerk.pk}/{deed}/", follow=True)
    assert "เปลี่ยนไปแล้ว" in page.content.decode()
    assert AuditEntry.objects.count() == before


def test_a_deed_nobody_knows_is_not_there(clerk, officer, as_user):
    assert as_user(officer).post(f"{LIST}{clerk.pk}/delete/").status_code == 404


def test_every_deed_asks_before_it_acts(clerk, officer, as_user):
    asking = as_user(officer)
    before = AuditEntry.objects.count()
    for deed in ("revoke", "hand-over", "close"):
        page = asking.get(f"{LIST}{clerk.pk}/{deed}/")
        assert "ใช่ หรือ ไม่ ?" in page.content.decode()
    assert AuditEntry.objects.count() == before


def test_a_handover_ends_the_old_coordinator_and_lets_the_new_one_in(clerk, clerk_client, officer, as_user, letters):  # noqa: F811
    factories.make_project(clerk.lao.plans.get())
    LaoProfile.objects.filter(pk=clerk.lao_id).update(coordinator_name="คนเดิม", population=500)
    page = letters(lambda: act(as_user(officer), clerk, "hand-over"))
    code = re.search(r'class="secret">([^<]+)<', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert code not in as_user(officer).get(f"{LIST}{clerk.pk}/").content.decode()
    assert not get_user(clerk_client).is_authenticated
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 200
    assert [letter.to for letter in mail.outbox] == [["clerk@example.go.th"]]
    profile = LaoProfile.objects.get(pk=clerk.lao_id)
    assert (profile.coordinator_name, profile.coordinator_email, profile.population) == ("", "", 500)
    successor = Client()
    successor.post("/password-reset/code/", {"username": clerk.username, "code": code})
    assert successor.post("/password-reset/code/new/", NEW)["Location"] == "/login/"
    sign_in(successor, clerk.username, NEW["new_password"])
    home = successor.get("/home/").content.decode()
    assert "ยังไม่ได้กรอกอีเมลผู้ประสานงาน" in home
    clerk.refresh_from_db()
    assert clerk.claimed_at is not None
    assert clerk.withheld_since is None


def test_the_account_s_page_tells_its_history_and_no_secret(clerk, officer, as_user, settings):
    settings.EPLAN_PASSWORD_RESET = "officer"
    act(as_user(officer), clerk, "close")
    act(as_user(officer), clerk, "open")
    act(as_user(officer), clerk, "code")
    page = as_user(officer).get(f"{LIST}{clerk.pk}/").content.decode()
    assert page.count(officer.username) >= 3
    assert "clerk@example.go.th" in page
    assert ResetCode.objects.get().secret_hash not in page


VALUES = {
    "username": "somsri.krabi",
    "name": "สมศรี ดีงาม",
    "email": "somsri@example.go.th",
    "role": "PROVINCE",
    "province": "81",
}


def test_an_officer_is_created_and_sets_the_password_by_a_link(central, letters):  # noqa: F811
    factories.make_province()
    letters(lambda: central.post(f"{LIST}new/", VALUES))
    made = User.objects.get(username="somsri.krabi")
    assert (made.role, made.province_id, made.region_id) == ("PROVINCE", "81", None)
    assert not made.has_usable_password()
    assert mail.outbox[0].to == ["somsri@example.go.th"]
    link = re.search(r"https?://testserver(/password-reset/\S+)", mail.outbox[0].body)[1]
    visitor = Client()
    address = visitor.get(link)["Location"]
    assert visitor.post(address, NEW)["Location"] == "/login/"
    assert sign_in(visitor, "Somsri.krabi".lower(), NEW["new_password"]).status_code == 302
    assert visitor.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "5810501"}, "username"),
        ({"username": "สมศรี"}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"email": ""}, "email"),
        ({"email": "x"}, "email"),
        ({"role": "LAO"}, "role"),
        ({"role": ""}, "role"),
        ({"province": ""}, "province"),
        ({"province": "xx"}, "province"),
        ({"role": "REGION"}, "region"),
    ],
)
def test_what_is_wrong_with_an_officer_is_said_at_its_field(central, change, field):
    factories.make_officer(username="taken")
    page = central.post(f"{LIST}new/", {**VALUES, **change})
    assert page.context["form"].errors.keys() == {field}
    assert "สมศรี ดีงาม" in page.content.decode()
    assert not User.objects.filter(username="somsri.krabi").exists()


def test_an_officer_moves_to_another_area_and_sees_it_at_once(central, clerk, elsewhere, officer, as_user):
    moved = as_user(officer)
    central.post(f"{LIST}{officer.pk}/edit/", {**VALUES, "version": "1", "username": "other", "province": "30"})
    officer.refresh_from_db()
    assert officer.username != "other"
    assert names(moved.get(LIST)) == [elsewhere.username]
    central.post(f"{LIST}{officer.pk}/edit/", {**VALUES, "version": "2", "role": "REGION", "region": "8"})
    officer.refresh_from_db()
    assert (officer.role, officer.province_id, officer.region_id) == ("REGION", None, 8)


def test_the_second_of_two_officers_is_told_field_by_field_and_then_decides(central, officer, as_user):
    address = f"{LIST}{officer.pk}/edit/"
    for client in (central, as_user(factories.make_officer("CENTRAL"))):
        assert 'name="version" value="1"' in client.get(address).content.decode()
    same = {**VALUES, "version": "1"}
    assert central.post(address, {**same, "name": "ก่อน", "email": "first@example.go.th"}).status_code == 302
    page = central.post(address, {**same, "name": "หลัง", "email": "first@example.go.th"})
    assert page.status_code == 409
    [asked] = page.context["conflict"]["questions"]
    assert (asked.label, asked.stored, asked.typed) == ("ชื่อ-สกุล", "ก่อน", "หลัง")
    assert User.objects.get(pk=officer.pk).name == "ก่อน"
    chosen = {**same, "name": "หลัง", "email": "first@example.go.th", "conflict": "2"}
    assert "กรุณาเลือกข้อนี้" in central.post(address, chosen).content.decode()
    assert central.post(address, {**chosen, "choose-name": "mine"}).status_code == 302
    assert User.objects.get(pk=officer.pk).name == "หลัง"


def test_an_area_and_its_role_are_chosen_together_and_the_rest_merges(central, officer, elsewhere):
    address = f"{LIST}{officer.pk}/edit/"
    same = {**VALUES, "name": officer.name, "email": officer.email, "version": "1"}
    assert central.post(address, {**same, "role": "REGION", "region": "8"}).status_code == 302
    page = central.post(address, {**same, "province": "30", "email": "new@example.go.th"})
    [asked] = page.context["conflict"]["questions"]
    assert asked.label == "บทบาทและพื้นที่"
    assert (asked.stored, asked.typed) == ("ป.ป.ช. ภาค 8", "ป.ป.ช. ประจำจังหวัด นครราชสีมา")
    chosen = {**same, "province": "30", "email": "new@example.go.th", "conflict": "2", "choose-role": "stored"}
    assert central.post(address, chosen).status_code == 302
    officer.refresh_from_db()
    assert (officer.role, officer.region_id, officer.email) == ("REGION", 8, "new@example.go.th")


def test_a_resent_officer_s_account_is_made_once_with_one_letter(central, letters):  # noqa: F811
    factories.make_province()
    new = {**VALUES, "form_token": "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"}
    made = []
    letters(lambda: made.extend(central.post(f"{LIST}new/", new).url for _ in range(2)))
    assert made[0] == made[1]
    assert len(mail.outbox) == 1


def test_a_second_click_is_no_conflict(central, officer):
    for _ in range(2):
        answer = central.post(f"{LIST}{officer.pk}/edit/", {**VALUES, "version": "1"})
        assert answer.status_code == 302


@pytest.mark.parametrize("version", ["", "x", "๑๒", "-1", "9" * 40])
def test_a_form_without_a_version_is_shown_what_stands(central, officer, version):
    page = central.post(f"{LIST}{officer.pk}/edit/", {**VALUES, "version": version})
    assert page.status_code == 409
    assert User.objects.get(pk=officer.pk).name == officer.name


def test_what_the_officer_changed_meanwhile_is_told_too(central, officer, as_user):
    as_user(officer).post("/account/", {"email": "own@example.go.th", "current_password": PASSWORD})
    page = central.post(f"{LIST}{officer.pk}/edit/", {**VALUES, "version": "1", "name": officer.name})
    assert [asked.stored for asked in page.context["conflict"]["questions"]] == ["own@example.go.th"]


def test_a_central_officer_keeps_the_own_role(db, as_user):
    central = factories.make_officer("CENTRAL")
    page = as_user(central).post(f"{LIST}{central.pk}/edit/", {**VALUES, "province": "81"})
    assert page.status_code == 200
    assert User.objects.get(pk=central.pk).role == "CENTRAL"


def test_a_clerk_s_account_is_no_officer_s(central, clerk):
    assert central.get(f"{LIST}{clerk.pk}/edit/").status_code == 404


def test_the_link_is_sent_again(central, officer, letters):  # noqa: F811
    letters(lambda: act(central, officer, "link"))
    assert mail.outbox[0].to == [officer.email]
    assert AuditEntry.objects.filter(action="INVITE", row_id=str(officer.pk)).exists()


def test_an_address_that_was_claimed_from_is_shown(central, clerk):
    User.objects.filter(pk=clerk.pk).update(claimed_from="192.0.2.1", claimed_at=timezone.now())
    assert "192.0.2.1" in central.get(f"{LIST}{clerk.pk}/").content.decode()
