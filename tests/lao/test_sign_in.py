"""S3: signing in and out, in either way of first entry."""

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lao.actions import make_temporary_password
from lao.hashers import PasswordHasher
from lao.models import AuditEntry, SignInThrottle, User
from tests import factories
from tests.factories import PASSWORD

REFUSED = "ชื่อผู้ใช้งานหรือรหัสผ่านไม่ถูกต้อง"


def sign_in(client, username, password="", **extra):
    return client.post("/login/", {"username": username, "password": password, **extra})


@pytest.fixture
def hashes(monkeypatch):
    """Counts the slow hashes that are computed."""
    done = []
    encode = PasswordHasher.encode

    def counted(self, *args, **kwargs):
        done.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(PasswordHasher, "encode", counted)
    return done


@pytest.mark.parametrize("change", [str, lambda code: f" {code[:3]} {code[3:]} ", lambda code: code.translate(THAI)])
def test_a_clerk_signs_in_with_the_code_in_any_digits(client, clerk, change):
    answer = sign_in(client, change(clerk.username), PASSWORD)
    assert answer["Location"] == "/home/"
    assert get_user(client) == clerk


THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_an_officer_signs_in(client, officer):
    assert sign_in(client, officer.username, PASSWORD)["Location"] == "/home/"
    assert get_user(client) == officer


def test_the_page_shows_the_name_that_the_code_search_passed_on(client, db):
    page = client.get("/login/?username=5810501")
    assert 'value="5810501"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_one_who_is_signed_in_is_sent_home(clerk_client):
    assert clerk_client.get("/login/")["Location"] == "/home/"


def test_every_refusal_is_the_same_and_takes_the_same_time(client, clerk, officer, hashes):
    inactive = factories.make_clerk(is_active=False)
    unclaimed = factories.make_clerk(claimed=False)
    asked = factories.make_clerk()
    make_temporary_password(user=asked)
    tries = [
        (clerk.username, "ผิดแน่นอน"),
        (officer.username, "ผิดแน่นอน"),
        ("9999999", "ผิดแน่นอน"),
        (inactive.username, PASSWORD),
        (unclaimed.username, "ผิดแน่นอน"),
        (asked.username, "ผิดแน่นอน"),
        (clerk.username, ""),
        (officer.username, ""),
        ("9999999", ""),
        (inactive.username, ""),
    ]
    answers = set()
    for username, password in tries:
        hashes.clear()
        page = sign_in(client, username, password)
        text = page.content.decode()
        assert f'value="{username}"' in text
        assert PASSWORD not in text
        answers.add((page.status_code, text.count(REFUSED), len(hashes)))
        assert not get_user(client).is_authenticated
    assert answers == {(200, 1, 1)}


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/profile/", "/profile/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("/\\evil.example", "/home/"),
        ("\x00", "/home/"),
    ],
)
def test_one_goes_on_to_pages_of_this_system_only(client, clerk, target, location):
    assert sign_in(client, clerk.username, PASSWORD, next=target)["Location"] == location


def test_a_closed_page_leads_to_sign_in_and_back(client, clerk):
    closed = client.get("/profile/")
    assert closed["Location"] == "/login/?next=/profile/"
    assert 'value="/profile/"' in client.get(closed["Location"]).content.decode()


def test_signing_in_gives_the_session_a_new_key(client, clerk):
    client.get("/login/code/")
    client.session.save()
    before = client.session.session_key
    sign_in(client, clerk.username, PASSWORD)
    assert client.session.session_key != before


def test_signing_in_is_in_the_trail_under_the_account_s_name(client, clerk):
    sign_in(client, clerk.username, PASSWORD)
    entry = AuditEntry.objects.filter(table_name="lao_user", row_id=str(clerk.pk), action="UPDATE").first()
    assert (entry.actor_id, list(entry.after)) == (clerk.pk, ["last_login"])


def test_after_five_failures_the_wait_is_shown_and_even_the_right_password_waits(client, clerk):
    for _ in range(5):
        assert sign_in(client, clerk.username, "ผิดแน่นอน").status_code == 200
    page = sign_in(client, clerk.username.translate(str.maketrans("0123456789", "０１２３４５６７８９")), PASSWORD)
    assert page.status_code == 429
    assert 28 <= int(page["Retry-After"]) <= 30
    assert f"ลองใหม่ได้ในอีก {page['Retry-After']} วินาที" in page.content.decode()
    other = factories.make_clerk()
    assert sign_in(client, other.username, PASSWORD).status_code == 302


def test_names_that_do_not_exist_wait_alike(client, db):
    statuses = [sign_in(client, "9999999", "ผิดแน่นอน").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_success_clears_the_failures(client, clerk):
    for _ in range(4):
        sign_in(client, clerk.username, "ผิดแน่นอน")
    sign_in(client, clerk.username, PASSWORD)
    assert not SignInThrottle.objects.filter(failures__gt=4).exists()
    client.post("/logout/")
    for _ in range(5):
        assert sign_in(client, clerk.username, "ผิดแน่นอน").status_code == 200


@pytest.mark.parametrize(
    "data", [{}, {"username": ""}, {"username": "ก" * 5000, "password": "x" * 5000}, {"username": "\x00"}]
)
def test_junk_is_answered_with_the_form(client, db, data):
    page = client.post("/login/", data)
    assert page.status_code == 200
    assert "alert-danger" in page.content.decode()


def test_signing_out_is_a_post_and_leads_to_the_landing_page(clerk_client):
    assert clerk_client.get("/logout/").status_code == 405
    page = clerk_client.post("/logout/", follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "ออกจากระบบเรียบร้อยแล้ว" in page.content.decode()
    assert not get_user(clerk_client).is_authenticated


def test_signing_out_again_asks_for_nothing(client, db):
    assert client.post("/logout/")["Location"] == "/"


def test_an_account_that_is_locked_loses_its_session(clerk, clerk_client):
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert clerk_client.get("/profile/")["Location"] == "/login/?next=/profile/"


def test_a_session_lets_in_until_its_time_is_up(clerk_client):
    assert clerk_client.get("/profile/").status_code == 200
    Session.objects.update(expire_date=timezone.now())
    assert clerk_client.get("/profile/")["Location"] == "/login/?next=/profile/"


def test_a_form_from_before_another_sign_in_comes_back_instead_of_dying(clerk):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/login/", {"username": clerk.username, "password": PASSWORD}, HTTP_ORIGIN="http://testserver")
    assert page.status_code == 403
    assert clerk.username in page.content.decode()
    assert PASSWORD not in page.content.decode()
