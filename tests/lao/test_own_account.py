"""An officer's own password and e-mail."""

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client

from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_profile import letters  # noqa: F401
from tests.lao.test_sign_in import sign_in

URL = "/account/"
NEW = "ปลาทูแม่กลอง"


def sent(officer, **changes):
    return {
        "email": officer.email,
        "new_password": "",
        "new_password_again": "",
        "current_password": PASSWORD,
        **changes,
    }


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_an_officer_changes_the_password_and_other_sessions_end(db, as_user, role, letters):  # noqa: F811
    officer = factories.make_officer(role)
    here, elsewhere = as_user(officer), as_user(officer)
    assert "บัญชีของฉัน" in here.get("/home/").content.decode()
    letters(lambda: here.post(URL, sent(officer, new_password=NEW, new_password_again=NEW)))
    assert get_user(here) == officer
    assert not get_user(elsewhere).is_authenticated
    assert sign_in(Client(), officer.username, NEW).status_code == 302
    assert [letter.to for letter in mail.outbox] == [[officer.email]]


def test_another_email_is_told_to_both_addresses(officer, as_user, letters):  # noqa: F811
    letters(lambda: as_user(officer).post(URL, sent(officer, email="new@example.go.th")))
    assert {letter.to[0] for letter in mail.outbox} == {officer.email, "new@example.go.th"}
    officer.refresh_from_db()
    assert officer.email == "new@example.go.th"
    assert officer.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"current_password": "", "email": "a@example.go.th"}, "current_password"),
        ({"current_password": "ผิด", "email": "a@example.go.th"}, "current_password"),
        ({"email": ""}, "email"),
        ({"new_password": "123", "new_password_again": "123"}, "new_password"),
        ({"new_password": NEW, "new_password_again": "อื่น"}, "new_password_again"),
        ({}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(officer, as_user, changes, field):
    page = as_user(officer).post(URL, sent(officer, **changes))
    assert page.context["form"].errors.keys() == {field}
    email = officer.email
    officer.refresh_from_db()
    assert officer.email == email
    assert officer.check_password(PASSWORD)


def test_guessing_the_present_password_waits(officer, as_user):
    client = as_user(officer)
    tries = [client.post(URL, sent(officer, email="a@b.co", current_password="ผิด")).status_code for _ in range(6)]
    assert tries == [200] * 5 + [429]


def test_clerks_have_their_profile_instead(clerk_client):
    assert clerk_client.get(URL).status_code == 404


def test_a_second_click_is_answered_like_the_first_and_changes_nothing(officer, as_user, letters):  # noqa: F811
    client = as_user(officer)
    token = client.get(URL).context["form"]["form_token"].value()
    said = sent(officer, new_password=NEW, new_password_again=NEW, form_token=str(token))
    letters(lambda: [client.post(URL, said) for _ in range(2)])
    assert len(mail.outbox) == 1
    assert client.post(URL, said).status_code == 302
