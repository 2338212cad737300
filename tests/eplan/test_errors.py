import html
import re

import pytest
from django.template import engines
from django.test import Client

pytestmark = [pytest.mark.urls("tests.eplan.urls"), pytest.mark.django_db]

RESEND = "หน้านี้เปิดค้างไว้ก่อนเข้าสู่ระบบครั้งล่าสุด ข้อมูลที่กรอกยังอยู่ครบ กดปุ่มเพื่อส่งอีกครั้ง"
TYPED = {
    "name": 'โครงการ "ก" <b>',
    "years": ["2561", "2562"],
    "remark": "บรรทัดหนึ่ง\nบรรทัดสอง",
    "blank": "",
    "csrfmiddlewaretoken": "x" * 64,
}


@pytest.fixture
def browser():
    """A client that is held to CSRF protection and shows error pages instead of raising."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def hidden_fields(response):
    """The (name, value) pairs of the hidden inputs of a page."""
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.content.decode())
    return [(html.unescape(name), html.unescape(value)) for name, value in inputs]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/wrong/400/", 400, "ระบบอ่านคำขอไม่ได้"),
        ("/wrong/403/", 403, "ไม่มีสิทธิ์ใช้งานหน้านี้"),
        ("/nothing/here/", 404, "ไม่พบหน้าที่ต้องการ"),
        ("/wrong/500/", 500, "ระบบขัดข้อง"),
    ],
)
def test_what_goes_wrong_is_told_in_thai_with_the_id_of_the_request(browser, path, status, sentence):
    response = browser.get(path)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert f"รหัสอ้างอิง {response['X-Request-ID']}" in re.sub("</?strong>", "", response.content.decode())


def test_a_signed_in_person_sees_the_same_pages(clerk_client):
    assert "ไม่พบหน้าที่ต้องการ" in clerk_client.get("/nothing/here/").content.decode()


def test_the_page_of_a_failure_needs_neither_database_nor_context(browser, django_assert_num_queries, monkeypatch):
    def broken(request):
        raise AssertionError("called")

    monkeypatch.setattr(engines["django"].engine, "template_context_processors", [broken])
    with django_assert_num_queries(0):
        page = browser.get("/wrong/500/").content.decode()
    assert "ระบบขัดข้อง" in page


def test_a_form_opened_before_a_sign_in_comes_back_with_all_that_was_typed(browser):
    refused = browser.post("/echo/?next=/projects/", TYPED, headers={"origin": "http://testserver"})
    assert refused.status_code == 403
    page = refused.content.decode()
    assert RESEND in page
    assert '<form method="post" action="/echo/?next=/projects/">' in page
    assert "no-store" in refused["Cache-Control"]
    fields = hidden_fields(refused)
    token = dict(fields)["csrfmiddlewaretoken"]
    assert token != TYPED["csrfmiddlewaretoken"]

    sent = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    again = browser.post("/echo/?next=/projects/", sent, headers={"origin": "http://testserver"})
    assert again.status_code == 200
    typed = [f"{n}={v}" for n, values in TYPED.items() for v in (values if isinstance(values, list) else [values])]
    assert set(again.content.decode().split("|")) == {*typed[:-1], f"csrfmiddlewaretoken={token}"}


def test_a_referer_of_ours_will_do_where_there_is_no_origin(browser):
    response = browser.post("/echo/", TYPED, headers={"referer": "http://testserver/projects/new/"})
    assert RESEND in response.content.decode()


def test_the_page_names_the_account_that_the_form_will_be_saved_under(clerk):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    response = browser.post("/echo/", TYPED, headers={"origin": "http://testserver"})
    assert f"ข้อมูลจะบันทึกในชื่อ <strong>{clerk.area_name}</strong>" in response.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://example.com"},
        {"origin": "http://testserver.example.com"},
        {"origin": "https://example.com", "referer": "http://testserver/"},
        {"referer": "https://example.com/http://testserver/"},
        {"origin": "http://["},
        {"referer": "http://testserver.example.com/"},
    ],
)
def test_a_foreign_form_is_refused_and_nothing_of_it_shown(browser, headers):
    response = browser.post("/echo/", TYPED, headers=headers)
    assert response.status_code == 403
    assert "ไม่มีสิทธิ์ใช้งานหน้านี้" in response.content.decode()
    assert "โครงการ" not in response.content.decode().split("<main")[1]


def test_passwords_never_come_back_and_the_page_says_so(browser):
    typed = TYPED | {"password": "ความลับ๑", "New_Password2": "ความลับ๒"}
    page = browser.post("/echo/", typed, headers={"origin": "http://testserver"}).content.decode()
    assert "ความลับ" not in page
    assert "assword" not in page
    assert "กรุณากรอกรหัสผ่านใหม่" in page
    plain = browser.post("/echo/", TYPED | {"password": ""}, headers={"origin": "http://testserver"})
    assert "กรุณากรอกรหัสผ่านใหม่" not in plain.content.decode()


@pytest.mark.parametrize("path", ["/wrong/refused/", "/wrong/deadlock/"])
def test_a_save_that_the_database_refused_comes_back_with_all_that_was_typed(path):
    browser = Client(raise_request_exception=False)
    response = browser.post(path, TYPED)
    assert response.status_code == 409
    assert "ยังไม่ได้บันทึก" in response.content.decode()
    assert ("remark", "บรรทัดหนึ่ง\nบรรทัดสอง") in hidden_fields(response)


def test_any_other_failure_of_the_database_stays_a_failure():
    browser = Client(raise_request_exception=False)
    assert browser.post("/wrong/lost/", TYPED).status_code == 500
    assert browser.get("/wrong/refused/").status_code == 500
