"""S15, mode `officer`: a request, a call, a code that is read out, a new password."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from lao.models import AuditEntry, ResetCode, ResetRequest
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_confirm import act
from tests.lao.test_profile import letters  # noqa: F401
from tests.lao.test_sign_in import sign_in

EMAIL = "clerk@example.go.th"
NEW = {"new_password": "ปลาทูแม่กลอง", "new_password_again": "ปลาทูแม่กลอง"}


@pytest.fixture(autouse=True)
def officer_mode(settings):
    settings.EPLAN_PASSWORD_RESET = "officer"


def ask(client, username, email=EMAIL):
    return client.post("/password-reset/", {"username": username, "email": email})


def enter(client, username, code):
    return client.post("/password-reset/code/", {"username": username, "code": code})


@pytest.fixture
def code(clerk, officer, as_user):
    """The code that an officer reads out to `clerk`."""
    page = act(as_user(officer), clerk, "code")
    return re.search(r'class="secret">([^<]+)<', page.content.decode())[1]


def test_the_request_waits_on_the_list_of_the_province_until_it_is_answered(client, clerk, officer, as_user):
    page = ask(client, clerk.username)
    assert "โทรกลับ" in page.content.decode()
    listed = as_user(officer).get("/manage/accounts/?state=ASKED").content.decode()
    assert clerk.username in listed
    stranger = factories.make_officer(province=factories.make_province("30", "นครราชสีมา", 3))
    assert clerk.username not in as_user(stranger).get("/manage/accounts/?state=ASKED").content.decode()
    act(as_user(officer), clerk, "code")
    assert clerk.username not in as_user(officer).get("/manage/accounts/?state=ASKED").content.decode()


def test_every_request_is_answered_alike(client, clerk):
    unclaimed = factories.make_clerk(claimed=False)
    texts = set()
    for username, email in [
        (clerk.username, EMAIL),
        (clerk.username, "wrong@example.go.th"),
        ("9999999", EMAIL),
        (unclaimed.username, EMAIL),
    ]:
        page = ask(client, username, email)
        texts.add((page.status_code, re.sub(r'value="[^"]*"', "", page.content.decode())))
    assert len(texts) == 1
    assert ResetRequest.objects.count() == 1
    assert AuditEntry.objects.filter(action="RESET").count() == 3


def test_asking_twice_waits_once(client, clerk):
    ask(client, clerk.username)
    ask(client, clerk.username)
    assert ResetRequest.objects.count() == 1


def test_asking_is_limited(client, clerk):
    assert [ask(client, clerk.username, "a@b.co").status_code for _ in range(6)] == [200] * 5 + [429]


def test_officers_are_only_ever_answered_by_letter(client, officer, letters):  # noqa: F811
    letters(lambda: ask(client, officer.username, officer.email))
    assert [letter.to for letter in mail.outbox] == [[officer.email]]
    assert not ResetRequest.objects.exists()


def test_a_request_can_be_dismissed(client, clerk, officer, as_user):
    ask(client, clerk.username)
    act(as_user(officer), clerk, "dismiss")
    assert ResetRequest.objects.get().answered_at is not None
    assert not ResetCode.objects.exists()


def test_the_code_sets_a_new_password_once_and_ends_the_sessions(client, clerk, clerk_client, code, letters):  # noqa: F811
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 302
    assert enter(client, clerk.username, code.lower().replace("-", " "))["Location"] == "/password-reset/code/new/"
    assert client.get("/password-reset/code/new/").status_code == 200
    answer = letters(lambda: client.post("/password-reset/code/new/", NEW))
    assert answer["Location"] == "/login/"
    assert not get_user(clerk_client).is_authenticated
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 200
    assert sign_in(Client(), clerk.username, NEW["new_password"]).status_code == 302
    assert enter(Client(), clerk.username, code).status_code == 200
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]


def test_a_code_that_was_entered_is_not_used_up_before_the_password_is_saved(clerk, code):
    first, second = Client(), Client()
    enter(first, clerk.username, code)
    page = first.post("/password-reset/code/new/", {"new_password": "123", "new_password_again": "123"})
    assert page.status_code == 200
    enter(second, clerk.username, code)
    assert second.post("/password-reset/code/new/", NEW)["Location"] == "/login/"
    page = first.post("/password-reset/code/new/", NEW, follow=True)
    assert "ถูกใช้ไปแล้ว" in page.content.decode()


@pytest.mark.parametrize("change", ["expired", "issued again", "of another", "closed"])
def test_a_code_that_ended_opens_nothing(client, clerk, officer, as_user, code, change):
    username = clerk.username
    if change == "expired":
        ResetCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "issued again":
        act(as_user(officer), clerk, "code")
    elif change == "of another":
        username = factories.make_clerk().username
    else:
        act(as_user(officer), clerk, "close")
    assert enter(client, username, code).status_code == 200
    assert client.get("/password-reset/code/new/")["Location"] == "/password-reset/code/"


def test_a_code_lives_for_half_an_hour_and_is_kept_as_a_hash(clerk, code):
    live = ResetCode.objects.get()
    assert timedelta(minutes=29) < live.expires_at - timezone.now() <= timedelta(minutes=30)
    assert code not in live.secret_hash


def test_guessing_waits_and_every_refusal_is_the_same(client, clerk, code):
    pages = [enter(client, clerk.username, "AAAA-AAAA-AAAA") for _ in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [429]
    unknown = enter(Client(), "9999999", "AAAA-AAAA-AAAA").content.decode()
    assert "หรือรหัสหมดอายุ" in unknown
    assert "หรือรหัสหมดอายุ" in pages[0].content.decode()


def test_the_officer_cannot_choose_the_code_and_the_issue_is_in_the_trail(clerk, officer, as_user):
    act(as_user(officer), clerk, "code", code="AAAA-AAAA-AAAA")
    assert enter(Client(), clerk.username, "AAAA-AAAA-AAAA").status_code == 200
    entry = AuditEntry.objects.get(table_name="lao_resetcode")
    assert (entry.actor_id, entry.action, entry.after["secret_hash"]) == (officer.pk, "INSERT", "***")


@pytest.mark.parametrize("mode", ["email", "screen"])
def test_codes_on_request_belong_to_their_mode(clerk, officer, as_user, settings, mode):
    settings.EPLAN_PASSWORD_RESET = mode
    act(as_user(officer), clerk, "code")
    assert not ResetCode.objects.exists()
