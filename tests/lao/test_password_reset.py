"""S15: a forgotten password, in either way."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from lao import notices
from lao.models import AuditEntry, LaoProfile, TemporaryPassword, User
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_profile import letters  # noqa: F401

EMAIL = "clerk@example.go.th"
NEW = {"new_password": "ปลาทูแม่กลอง", "new_password_again": "ปลาทูแม่กลอง"}


@pytest.fixture
def on_screen(settings):
    settings.EPLAN_PASSWORD_RESET = "screen"


@pytest.fixture
def by_email(settings):
    settings.EPLAN_PASSWORD_RESET = "email"


def ask(client, username, email=EMAIL):
    return client.post("/password-reset/", {"username": username, "email": email})


def shown(page):
    return re.search(r'class="secret">([^<]+)<', page.content.decode())[1]


def sign_in(client, username, password):
    return client.post("/login/", {"username": username, "password": password})


def test_a_password_appears_at_once_works_once_and_must_be_changed(client, clerk, on_screen):
    page = ask(client, clerk.username, " Clerk@Example.go.th ")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "กลับไป Login" in page.content.decode()
    password = shown(page)
    assert sign_in(client, clerk.username, password.lower()).status_code == 302
    assert client.get("/profile/")["Location"] == "/password-new/"
    assert client.post("/password-new/", NEW)["Location"] == "/home/"
    assert get_user(client) == clerk
    assert sign_in(Client(), clerk.username, password).status_code == 200
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 200
    assert sign_in(Client(), clerk.username, "ปลาทูแม่กลอง").status_code == 302


def test_the_old_password_stands_until_the_new_one_is_used(client, clerk, on_screen, as_user):
    elsewhere = as_user(clerk)
    password = shown(ask(client, clerk.username))
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 302
    assert get_user(elsewhere) == clerk
    sign_in(client, clerk.username, password)
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 200
    assert not get_user(elsewhere).is_authenticated


def test_a_second_request_ends_the_first_password(client, clerk, on_screen):
    first, second = shown(ask(client, clerk.username)), shown(ask(client, clerk.username))
    assert sign_in(client, clerk.username, first).status_code == 200
    assert sign_in(client, clerk.username, second).status_code == 302


def test_a_password_of_half_an_hour_ago_opens_nothing(client, clerk, on_screen):
    password = shown(ask(client, clerk.username))
    live = TemporaryPassword.objects.get()
    assert timedelta(minutes=29) < live.expires_at - timezone.now() <= timedelta(minutes=30)
    assert password not in live.secret_hash
    TemporaryPassword.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, clerk.username, password).status_code == 200


def test_a_password_opens_its_own_account_only(client, clerk, on_screen):
    password = shown(ask(client, clerk.username))
    assert sign_in(client, factories.make_clerk().username, password).status_code == 200


def test_the_owner_is_told_by_letter_and_at_the_next_sign_in(client, clerk, on_screen, letters):  # noqa: F811
    password = shown(letters(lambda: ask(client, clerk.username)))
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    assert password not in mail.outbox[0].body
    client.get("/login/")
    page = client.post("/login/", {"username": clerk.username, "password": PASSWORD}, follow=True)
    assert "มีการขอรหัสผ่านใหม่เมื่อ" in page.content.decode()
    client.post("/logout/")
    page = client.post("/login/", {"username": clerk.username, "password": PASSWORD}, follow=True)
    assert "มีการขอรหัสผ่านใหม่เมื่อ" not in page.content.decode()


def test_every_mismatch_is_refused_alike(client, clerk, on_screen):
    unclaimed = factories.make_clerk(claimed=False)
    inactive = factories.make_clerk(is_active=False)
    no_email = factories.make_clerk(email="")
    texts = set()
    for username, email in [
        (clerk.username, "wrong@example.go.th"),
        ("9999999", EMAIL),
        (unclaimed.username, EMAIL),
        (inactive.username, EMAIL),
        (no_email.username, "any@example.go.th"),
    ]:
        page = ask(client, username, email)
        found = re.search(r'<div class="alert.*?</ul>', page.content.decode(), re.DOTALL)[0]
        texts.add((page.status_code, found))
    assert len(texts) == 1
    assert "ไม่ตรงกับที่บันทึกไว้" in texts.pop()[1]
    assert not TemporaryPassword.objects.exists()


def test_an_officer_is_only_ever_answered_by_letter(client, officer, on_screen, letters):  # noqa: F811
    page = letters(lambda: ask(client, officer.username, officer.email))
    assert "หากชื่อผู้ใช้งานและอีเมลตรงกับที่บันทึกไว้" in page.content.decode()
    assert [letter.to for letter in mail.outbox] == [[officer.email]]
    assert not TemporaryPassword.objects.exists()
    mail.outbox.clear()
    letters(lambda: ask(client, officer.username, "wrong@example.go.th"))
    assert mail.outbox == []


def test_requests_are_limited_and_leave_sign_in_alone(client, clerk, on_screen):
    assert [ask(client, clerk.username, "x@example.go.th").status_code for _ in range(6)] == [200] * 5 + [429]
    assert sign_in(client, clerk.username, PASSWORD).status_code == 302


def test_a_request_on_screen_is_in_the_trail_without_the_secret(client, clerk, on_screen):
    ask(client, clerk.username)
    entry = AuditEntry.objects.get(table_name="lao_temporarypassword")
    assert (entry.action, entry.lao_id, entry.after["secret_hash"]) == ("INSERT", clerk.lao_id, "***")


def link_in(letter):
    return re.search(r"http://testserver(\S+)", letter.body)[1]


@pytest.fixture
def link(client, clerk, by_email, letters):  # noqa: F811
    letters(lambda: ask(client, clerk.username))
    return link_in(mail.outbox.pop())


def test_the_answer_by_letter_is_always_the_same(client, clerk, by_email, letters):  # noqa: F811
    answers = {
        ask(client, username, email).content
        for username, email in [(clerk.username, EMAIL), (clerk.username, "wrong@example.go.th"), ("9999999", EMAIL)]
    }
    assert len(answers) == 1
    entries = AuditEntry.objects.filter(action="RESET").values_list("row_id", flat=True)
    assert sorted(entries) == ["", "", str(clerk.pk)]


@pytest.fixture
def elsewhere(clerk, as_user):
    """The owner's other device, signed in before the link was asked for."""
    return as_user(clerk)


def test_the_link_sets_a_password_once_and_ends_all_sessions(elsewhere, link, clerk):
    browser = Client()
    opened = browser.get(link)
    assert opened["Location"].endswith("/set/")
    page = browser.get(opened["Location"])
    assert "no-store" in page["Cache-Control"]
    assert browser.post(opened["Location"], NEW)["Location"] == "/login/"
    assert not get_user(elsewhere).is_authenticated
    clerk.refresh_from_db()
    assert clerk.check_password("ปลาทูแม่กลอง")
    assert Client().get(link).status_code == 404
    assert browser.post(opened["Location"], NEW).status_code == 404


def test_the_link_lasts_an_hour(link, settings, client):
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 404


def test_another_registered_email_ends_the_link(link, clerk, client):
    LaoProfile.objects.filter(pk=clerk.lao_id).update(coordinator_email="other@example.go.th")
    assert client.get(link).status_code == 404


def test_opening_the_link_changes_nothing(link, clerk, client):
    client.get(link, follow=True)
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_the_link_is_of_its_own_account_only(link, client):
    uidb64, token = link.strip("/").split("/")[1:]
    assert client.get(f"/password-reset/MQ/{token}/").status_code == 404
    assert client.get(f"/password-reset/{uidb64}/{token[:-1]}x/").status_code == 404
    for junk in ("%FF", "ก", "x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "LTE"):
        assert client.get(f"/password-reset/{junk}/{token}/").status_code == 404
    assert client.get(f"/password-reset/{uidb64}/set/").status_code == 404


def test_the_owner_who_proved_it_by_letter_need_not_wait(link, clerk, client):
    for _ in range(6):
        sign_in(client, clerk.username, "ผิดแน่นอน")
    client.post(client.get(link)["Location"], NEW)
    assert sign_in(client, clerk.username, "ปลาทูแม่กลอง").status_code == 302


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"new_password": "สั้น", "new_password_again": "สั้น"}, "new_password"),
        ({"new_password": "ปลาทูแม่กลอง", "new_password_again": "ปลาทูแม่กลาง"}, "new_password_again"),
        ({}, "new_password"),
    ],
)
def test_a_new_password_is_held_to_the_same_rules(link, client, clerk, values, field):
    page = client.post(client.get(link)["Location"], {"save": "บันทึก", **values})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_lost_letter_is_logged_without_the_address(client, clerk, by_email, letters, monkeypatch, caplog):  # noqa: F811
    def fails(self):
        raise OSError(f"550 {EMAIL} unknown")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)
    assert letters(lambda: ask(client, clerk.username)).status_code == 200
    assert "reset_link was not sent: OSError" in caplog.text
    assert EMAIL not in caplog.text
    assert notices._post_room._work_queue.empty()


def test_the_page_for_a_forced_change_is_for_nobody_else(client, clerk_client, clerk):
    assert client.get("/password-new/")["Location"].startswith("/login/")
    assert clerk_client.post("/password-new/", NEW)["Location"] == "/home/"
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_an_officer_with_a_passing_password_must_change_it_too(officer, as_user):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    browser = as_user(officer)
    assert browser.get("/home/")["Location"] == "/password-new/"
    assert browser.post("/password-new/", NEW)["Location"] == "/home/"
    assert browser.get("/password-new/")["Location"] == "/home/"


@pytest.mark.parametrize(
    "data", [{"x": "y"}, {"username": "\x00", "email": "\x00"}, {"username": "ก" * 5000, "email": "x@" + "y" * 5000}]
)
def test_junk_is_answered_with_the_form(client, db, on_screen, data):
    assert client.post("/password-reset/", data).status_code == 200
