"""The second factor of officers: setting it up, the second step of signing in, giving it up and resetting it."""

import json
import logging
import re
import uuid
from io import StringIO

import pytest
from django.contrib.auth import get_user
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import hotp

from lao.carrying import SALT
from lao.models import AuditEntry, SecondFactor, User
from lao.second_factor import key_of, matching_step, shown_key
from lao.throttling import waiting_names
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_confirm import act
from tests.lao.test_profile import letters  # noqa: F401
from tests.lao.test_sign_in import sign_in

URL, STEP = "/account/second-factor/", "/login/second-factor/"
NOW = 59_000_000  # in steps of 30 seconds
REFUSED = "รหัสไม่ถูกต้อง หมดอายุ หรือถูกใช้ไปแล้ว"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time of day of the system, which a test may set, in steps of 30 seconds."""
    at = {"step": NOW}
    monkeypatch.setattr("django_otp.oath.time", lambda: at["step"] * 30 + 10)
    return at


def code_at(officer, seed, step):
    """What the officer's app shows in that step of time."""
    return f"{hotp(key_of(officer.pk, seed), step):06}"


def set_up(client, officer, step=NOW, **changes):
    """Set up the second factor as the page asks; the page that follows."""
    seed = uuid.UUID(re.search(r'name="form_token" value="([^"]+)"', client.get(URL).content.decode())[1])
    sent = {"form_token": seed, "code": code_at(officer, seed, step), "current_password": PASSWORD, **changes}
    return client.post(URL, sent)


def codes_on(page):
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", page.content.decode())


@pytest.fixture
def paired(officer, as_user, clock):
    """The officer with a second factor, two steps after it was set up; `codes` are its backup codes."""
    codes = codes_on(set_up(as_user(officer), officer))
    officer = User.objects.get(pk=officer.pk)
    officer.codes, officer.seed = codes, officer.factor.seed
    clock["step"] = NOW + 2
    return officer


def app_code(officer, step=NOW + 2):
    return code_at(officer, officer.seed, step)


def half_way(officer, **extra):
    """A client whose password was right."""
    client = Client()
    page = sign_in(client, officer.username, PASSWORD, **extra)
    assert page.status_code == 200
    assert "ยืนยันตัวตนขั้นที่สอง" in page.content.decode()
    assert not get_user(client).is_authenticated
    return client


def test_the_secret_is_made_not_kept_and_bound_to_the_account():
    seed = uuid.uuid4()
    assert len(key_of(1, seed)) == 20
    assert len({key_of(1, seed), key_of(2, seed), key_of(1, uuid.uuid4())}) == 3
    assert shown_key(1, seed).replace(" ", "").isalnum()


@pytest.mark.parametrize(("step", "right"), [(NOW - 2, False), (NOW - 1, True), (NOW, True), (NOW + 1, True)])
def test_a_clock_may_be_half_a_minute_off(step, right):
    seed = uuid.uuid4()
    code = f"{hotp(key_of(7, seed), step):06}"
    assert (matching_step(code, user_id=7, seed=seed) == step) is right
    assert matching_step(code, user_id=7, seed=seed, after=step) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "-12345", "๑๒๓๔๕๖", "a" * 6, "\x00" * 6])
def test_what_no_app_shows_is_no_code(code):
    assert matching_step(code, user_id=7, seed=uuid.uuid4()) is None


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_an_officer_sets_it_up_and_other_sessions_end(db, as_user, role, letters):  # noqa: F811
    officer = factories.make_officer(role)
    here, elsewhere = as_user(officer), as_user(officer)
    page = here.get(URL).content.decode()
    seed = uuid.UUID(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    assert '<svg class="qr"' in page
    assert shown_key(officer.pk, seed) in page
    assert f"otpauth://totp/e-PlanNACC:{officer.username}?secret=" in page
    done = letters(lambda: set_up(here, officer))
    assert len(set(codes_on(done))) == 10
    assert get_user(here) == officer
    assert not get_user(elsewhere).is_authenticated
    assert "เหลือรหัสสำรอง 10 รหัส" in here.get("/account/").content.decode()
    assert [letter.to for letter in mail.outbox] == [[officer.email]]
    assert "การยืนยันตัวตนสองขั้นตอน" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "000000"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "ก" * 5000}, "code"),
        ({"code": "\x00"}, "code"),
        ({"current_password": ""}, "current_password"),
        ({"current_password": "ผิดแน่นอน"}, "current_password"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_under_the_same_secret(officer, as_user, changes, field):
    client = as_user(officer)
    page = set_up(client, officer, **changes)
    assert list(page.context["form"].errors) == [field]
    assert f'value="{page.context["form"].seed}"' in page.content.decode()
    assert not SecondFactor.objects.exists()


def test_digits_of_any_kind_and_spaces_are_forgiven(officer, as_user):
    client, seed = as_user(officer), uuid.uuid4()
    code = code_at(officer, seed, NOW).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    page = client.post(URL, {"form_token": seed, "code": f" {code[:3]} {code[3:]} ", "current_password": PASSWORD})
    assert len(codes_on(page)) == 10


def test_a_second_click_changes_nothing(paired, as_user, clock):
    clock["step"] = NOW
    client = as_user(paired)
    sent = {"form_token": paired.seed, "code": code_at(paired, paired.seed, NOW), "current_password": PASSWORD}
    page = client.post(URL, sent)
    assert page.status_code == 200  # the form of one in use, which asks for a code of its own
    assert SecondFactor.objects.get().backup_hashes
    assert AuditEntry.objects.filter(table_name="lao_secondfactor").count() == 1


def test_signing_in_takes_two_steps_and_leads_where_the_first_was_asked_to(paired):
    client = half_way(paired, next="/account/")
    assert client.get("/account/").status_code == 302
    answer = client.post(STEP, {"code": app_code(paired), "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert get_user(client) == paired


def test_a_code_is_taken_once_and_none_older_than_it(paired):
    first = app_code(paired)
    assert half_way(paired).post(STEP, {"code": first}).status_code == 302
    for stale in (first, app_code(paired, NOW + 1)):
        page = half_way(paired).post(STEP, {"code": stale})
        assert REFUSED in page.content.decode()
    assert half_way(paired).post(STEP, {"code": app_code(paired, NOW + 3)}).status_code == 302


def test_the_code_of_the_set_up_opens_nothing(paired, clock):
    clock["step"] = NOW
    assert REFUSED in half_way(paired).post(STEP, {"code": app_code(paired, NOW)}).content.decode()


def test_a_backup_code_works_once_however_it_is_typed(paired):
    code = paired.codes[3].lower().replace("-", " ")
    client = half_way(paired)
    page = client.post(STEP, {"backup_code": code}, follow=True).content.decode()
    assert "ใช้รหัสสำรองไปหนึ่งรหัส เหลืออีก 9 รหัส" in page
    again = half_way(paired).post(STEP, {"backup_code": code})
    assert REFUSED in again.content.decode()
    assert half_way(paired).post(STEP, {"backup_code": paired.codes[4]}).status_code == 302


def test_every_refusal_is_the_same_work(paired, monkeypatch):
    done = []
    monkeypatch.setattr("lao.actions.second_factor.matching_step", lambda *args, **named: done.append("step"))
    monkeypatch.setattr("lao.actions.second_factor.code_hash", lambda *args: done.append("hash"))
    for sent in ({"code": "000000"}, {"backup_code": "0000-0000-0000"}, {"code": app_code(paired)}):
        done.clear()
        page = half_way(paired).post(STEP, sent)
        assert (page.status_code, done) == (200, ["step", "hash"])


def test_guessing_waits_and_the_right_code_waits_too(paired):
    client = half_way(paired)
    tries = [client.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert tries == [200] * 5 + [429]
    page = half_way(paired).post(STEP, {"code": app_code(paired)})
    assert page.status_code == 429
    assert "ลองใหม่ได้ในอีก" in page.content.decode()
    assert waiting_names([paired.username])


@pytest.mark.parametrize("sent", [{}, {"code": "", "backup_code": " "}, {"code": "12"}, {"code": "ก" * 5000}])
def test_what_can_be_no_code_is_not_counted_as_a_try(paired, sent):
    client = half_way(paired)
    for _ in range(7):
        assert client.post(STEP, sent).status_code == 200
    assert client.post(STEP, {"code": app_code(paired)}).status_code == 302


def test_the_second_step_is_nobody_s_without_the_first(client, paired):
    for answer in (client.get(STEP), client.post(STEP, {"code": app_code(paired)})):
        assert answer["Location"] == "/login/"


def test_the_first_step_ends_after_ten_minutes(paired, monkeypatch):
    client = half_way(paired)
    session = client.session
    session["half_way"] = {**session["half_way"], "since": session["half_way"]["since"] - 601}
    session.save()
    answer = client.post(STEP, {"code": app_code(paired)}, follow=True)
    assert "หมดเวลา" in answer.content.decode()
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("change", ["password", "closed", "reset"])
def test_the_first_step_ends_when_the_account_changes(paired, change):
    client = half_way(paired)
    if change == "password":
        paired.set_password("ปลาทูแม่กลอง")
        paired.save()
    elif change == "closed":
        paired.is_active = False
        paired.save()
    else:
        SecondFactor.objects.all().delete()
    assert client.post(STEP, {"code": app_code(paired)})["Location"] == "/login/"
    assert not get_user(client).is_authenticated


def test_a_new_password_by_email_does_not_get_round_it(paired, letters):  # noqa: F811
    client = Client()
    letters(lambda: client.post("/password-reset/", {"username": paired.username, "email": paired.email}))
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    new = {"new_password": "ปลาทูแม่กลอง", "new_password_again": "ปลาทูแม่กลอง"}
    assert client.post(page.redirect_chain[-1][0], new)["Location"] == "/login/"
    assert not get_user(client).is_authenticated
    page = sign_in(client, paired.username, "ปลาทูแม่กลอง")
    assert "ยืนยันตัวตนขั้นที่สอง" in page.content.decode()
    assert not get_user(client).is_authenticated


def test_what_a_save_carried_goes_through_both_steps(paired):
    client = Client()
    carried = "งานที่ค้างอยู่"
    page = sign_in(client, paired.username, PASSWORD, carried=carried)
    assert page.context["form"]["carried"].value() == carried
    assert carried in page.content.decode()


def test_what_was_carried_is_offered_to_be_saved_after_the_second_step(paired):
    said = {
        "to": "/account/",
        "account": paired.mark,
        "fields": [["email", "a@example.go.th"]],
        "password_left_out": True,
    }
    carried = signing.dumps(said, salt=SALT, compress=True)
    page = half_way(paired, carried=carried).post(STEP, {"code": app_code(paired), "carried": carried})
    assert page.status_code == 200
    assert 'action="/account/" data-send-now' in page.content.decode()
    assert 'value="a@example.go.th"' in page.content.decode()


def test_other_backup_codes_end_the_first_ones(paired, as_user, letters):  # noqa: F811
    client = as_user(paired)
    sent = {"code": app_code(paired), "current_password": PASSWORD, "do": "codes"}
    new = codes_on(letters(lambda: client.post(URL, sent)))
    assert len(new) == 10
    assert not set(new) & set(paired.codes)
    assert get_user(client) == paired
    assert "รหัสสำรอง" in mail.outbox[-1].subject
    assert REFUSED in half_way(paired).post(STEP, {"backup_code": paired.codes[0]}).content.decode()
    assert half_way(paired).post(STEP, {"backup_code": new[0]}).status_code == 302


def test_an_app_is_given_up_with_password_and_code_alone(paired, as_user):
    client, elsewhere = as_user(paired), as_user(paired)
    for code, password in (("000000", PASSWORD), (app_code(paired), "ผิด")):
        assert client.post(URL, {"code": code, "current_password": password, "do": "part"}).status_code == 200
    assert SecondFactor.objects.exists()
    sent = {"backup_code": paired.codes[0], "current_password": PASSWORD, "do": "part"}
    assert client.post(URL, sent)["Location"] == URL
    assert not SecondFactor.objects.exists()
    assert get_user(client) == paired
    assert not get_user(elsewhere).is_authenticated
    assert sign_in(Client(), paired.username, PASSWORD).status_code == 302


def test_a_central_officer_resets_it_for_a_reason_that_stays(paired, as_user, letters):  # noqa: F811
    central, theirs = factories.make_officer("CENTRAL"), as_user(paired)
    client = as_user(central)
    assert "ล้างการยืนยันตัวตนสองขั้นตอน" in client.get(f"/manage/accounts/{paired.pk}/").content.decode()
    deed = f"/manage/accounts/{paired.pk}/unpair/"
    unexplained = client.post(deed, {"reason": "  "})
    assert unexplained.status_code == 200
    assert SecondFactor.objects.exists()
    why = {"reason": "โทรศัพท์หาย โทรกลับยืนยันตัวแล้ว", "form_token": "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"}
    letters(lambda: client.post(deed, why))
    assert "เปลี่ยนไปแล้ว" not in client.post(deed, why, follow=True).content.decode(), "sent twice"
    assert not SecondFactor.objects.exists()
    assert not get_user(theirs).is_authenticated
    entry = AuditEntry.objects.get(action="UNPAIR")
    assert (entry.actor_id, entry.row_id) == (central.pk, str(paired.pk))
    assert entry.after == {"reason": "โทรศัพท์หาย โทรกลับยืนยันตัวแล้ว"}
    shown = client.get(f"/manage/accounts/{paired.pk}/").content.decode()
    assert "โทรศัพท์หาย โทรกลับยืนยันตัวแล้ว" in shown
    letter = mail.outbox[-1]
    assert letter.to == [paired.email]
    assert "โทรศัพท์หาย" in letter.body


def test_nobody_resets_the_own_one_or_one_that_is_not_there(paired, as_user):
    central = factories.make_officer("CENTRAL")
    client = as_user(central)
    set_up(client, central, NOW + 2)
    for account in (central, factories.make_officer()):
        page = act(client, account, "unpair")
        assert "เปลี่ยนไปแล้ว" in page.content.decode()
    assert act(as_user(factories.make_officer("REGION")), paired, "unpair").status_code == 404
    assert SecondFactor.objects.count() == 2


def test_the_server_s_keeper_resets_the_last_central_officer(paired):
    said = StringIO()
    call_command("reset_second_factor", paired.username, "--reason", "ไม่มีเจ้าหน้าที่ส่วนกลางคนอื่น", stdout=said)
    assert paired.username in said.getvalue()
    assert AuditEntry.objects.get(action="UNPAIR").actor_id is None
    with pytest.raises(CommandError):
        call_command("reset_second_factor", paired.username, "--reason", "อีกครั้ง")


def test_where_it_is_required_the_first_sign_in_leads_to_set_it_up_before_anything_else(officer, settings):
    settings.EPLAN_SECOND_FACTOR = "required"
    client = Client()
    sign_in(client, officer.username, PASSWORD)
    for address in ("/home/", "/review/", "/manage/", "/account/"):
        assert client.get(address)["Location"] == URL
    assert client.post("/logout/").status_code == 302
    sign_in(client, officer.username, PASSWORD)
    assert len(codes_on(set_up(client, officer))) == 10
    assert client.get("/home/").status_code == 200


@pytest.mark.parametrize(("way", "told"), [("off", 0), ("optional", 0), ("required", 1)])
def test_the_list_of_accounts_tells_who_has_yet_to_set_up_what_is_required(paired, clerk, as_user, settings, way, told):
    central = as_user(factories.make_officer("CENTRAL"))
    set_up(central, get_user(central), NOW + 2)
    settings.EPLAN_SECOND_FACTOR = way
    without = factories.make_officer()
    page = central.get("/manage/accounts/").content.decode()
    assert page.count("ยังไม่ได้ตั้งการยืนยันตัวตนสองขั้นตอน") == told
    assert without.username in page


@pytest.mark.parametrize("way", ["off", "optional", "required"])
def test_clerks_are_never_asked(clerk, settings, way):
    settings.EPLAN_SECOND_FACTOR = way
    client = Client()
    assert sign_in(client, clerk.username, PASSWORD)["Location"] == "/home/"
    assert client.get("/home/").status_code == 200
    assert client.get(URL).status_code == 404


def test_where_it_is_off_nobody_is_asked_and_nothing_is_shown(paired, settings):
    settings.EPLAN_SECOND_FACTOR = "off"
    client = Client()
    assert sign_in(client, paired.username, PASSWORD).status_code == 302
    assert client.get(URL).status_code == 404
    assert "สองขั้นตอน" not in client.get("/account/").content.decode()


def test_no_secret_gets_into_the_trail_or_a_log(officer, as_user, caplog):
    caplog.set_level(logging.DEBUG)
    codes = codes_on(set_up(as_user(officer), officer))
    half_way(officer).post(STEP, {"backup_code": codes[0]})
    factor = SecondFactor.objects.get()
    entries = AuditEntry.objects.filter(table_name="lao_secondfactor")
    assert [entry.action for entry in entries] == ["UPDATE", "INSERT"]
    written = json.dumps([(entry.before, entry.after) for entry in entries]) + caplog.text
    secrets = [str(factor.seed), shown_key(officer.pk, factor.seed).replace(" ", ""), *factor.backup_hashes, *codes]
    assert not [secret for secret in secrets if secret in written]
    assert written.count("***") == 4


def test_the_history_of_the_account_tells_of_it(paired, as_user):
    page = as_user(factories.make_officer("CENTRAL")).get(f"/manage/accounts/{paired.pk}/").content.decode()
    assert "เพิ่มการยืนยันตัวตนสองขั้นตอน" in page
    assert "ใช้อยู่ตั้งแต่" in page
