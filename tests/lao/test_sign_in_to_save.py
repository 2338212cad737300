"""A save that meets an ended session: sign-in happens in place, and the save is made after it."""

import html
import re

import pytest
from django.test import Client

from projects.models import Project
from tests import factories
from tests.projects.forms import filled_in

ASKED = "ข้อมูลที่กรอกยังอยู่ครบ เมื่อเข้าสู่ระบบด้วยบัญชีเดิม ระบบจะบันทึกให้ทันที"
PASSWORD = "รหัสผ่านที่ยาวพอ"


@pytest.fixture
def owner(clerk):
    clerk.set_password(PASSWORD)
    clerk.save()
    return clerk


def hidden(page):
    fields = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def refused(client, owner, **changes):
    """What the sign-in page carries after the session of `owner` has ended."""
    plan = owner.lao.plans.get()
    answer = client.post(f"/projects/new/?plan={plan.pk}", filled_in(plan, form_account=owner.mark, **changes))
    page = answer.content.decode()
    assert answer.status_code == 401
    assert ASKED in page
    return hidden(page)["carried"][0]


def sign_in(client, user, carried, password=PASSWORD):
    return client.post("/login/", {"username": user.username, "password": password, "carried": carried})


def test_the_save_is_made_after_signing_in(client, owner):
    carried = refused(client, owner, name="โครงการข้ามการเข้าสู่ระบบ")
    assert not Project.objects.exists()
    answer = sign_in(client, owner, carried)
    page = answer.content.decode()
    assert "ข้อมูลที่กรอกยังอยู่ครบ กดปุ่มเพื่อบันทึก" in page
    address = html.unescape(re.search(r'<form method="post" action="([^"]*)" data-send-now', page)[1])
    form = hidden(page[page.index("data-send-now") :])
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    assert Project.objects.get().name == "โครงการข้ามการเข้าสู่ระบบ"


def test_a_wrong_password_keeps_what_is_carried(client, owner):
    carried = refused(client, owner)
    page = sign_in(client, owner, carried, "ไม่ใช่รหัสผ่าน").content.decode()
    assert carried in html.unescape(page)


def test_another_account_is_told_and_saves_nothing(client, owner):
    carried = refused(client, owner)
    district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    other = factories.make_clerk(factories.make_lao(district=district))
    other.set_password(PASSWORD)
    other.save()
    answer = sign_in(client, other, carried)
    assert answer.status_code == 302
    assert "เป็นของอีกบัญชีหนึ่ง" in client.get(answer.url).content.decode()
    assert not Project.objects.exists()


@pytest.mark.parametrize("forged", ["x", "a:b:c", "\x00"])
def test_what_was_not_carried_by_us_is_left_alone(client, owner, forged):
    assert sign_in(client, owner, forged).status_code in (200, 302)


def test_passwords_are_not_carried(client, owner):
    sent = {"form_account": owner.mark, "new_password": "ความลับใหม่ของเรา", "executive_name": "นายก"}
    page = client.post("/profile/", sent).content.decode()
    answer = sign_in(client, owner, hidden(page)["carried"][0]).content.decode()
    assert "ความลับใหม่ของเรา" not in answer
    assert "กรุณากรอกรหัสผ่านใหม่" in answer
    assert "นายก" in answer


def test_a_form_of_one_account_is_not_saved_under_another(owner, stranger_client):
    """Somebody signed in as another LAO in another tab of the same browser."""
    plan = owner.lao.plans.get()
    answer = stranger_client.post("/projects/new/", filled_in(plan, form_account=owner.mark))
    assert answer.status_code == 401
    assert "แบบฟอร์มนี้เป็นของอีกบัญชีหนึ่ง" in answer.content.decode()
    assert not Project.objects.exists()


def test_the_sign_in_page_is_held_to_csrf_as_ever(owner):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/login/", {"username": owner.username, "password": PASSWORD}).status_code == 403


def test_a_script_is_told_where_a_save_leads_and_keeps_its_message(clerk_client, clerk):
    answer = clerk_client.post("/projects/new/", filled_in(clerk.lao.plans.get()), headers={"x-keep": "1"})
    assert answer.status_code == 200
    assert answer["X-Keep-To"] == "/home/"
    assert "Location" not in answer
    assert "เรียบร้อยแล้ว" in clerk_client.get("/home/").content.decode()
