"""Each breakage on each kind of form: what was typed is saved once, or comes back whole with a plain sentence."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.kinds import KINDS, LAO_FORM, in_database
from tests.browser.steps import sign_in

STATE = "main .keep-state"
STANDS = """words => Array.from(document.querySelectorAll("main form textarea, main form input[type=text]"))
  .some((field) => field.value === words)"""
WITH_AND_WITHOUT_SCRIPTS = [
    *(pytest.param(name, True, id=name) for name in KINDS),
    *(pytest.param(name, False, id=f"{name}, no scripts") for name in ("new project", "grid", "decision")),
]
LEAVING = [name for name, kind in KINDS.items() if not kind.stays]
OVER_EACH_OTHER = {**{name: kind for name, kind in KINDS.items() if not kind.makes}, "LAO": LAO_FORM}


@pytest.fixture(scope="module")
def cookies():
    """The cookies of who signed in, by role, so that one sign-in serves many tests."""
    return {}


@pytest.fixture
def opened(new_page, site, cookies):
    """A function that opens a kind of form in a page, filled in with words; `anew` where the test ends the session."""

    def open_form(kind, words, *, anew=False, scripts=True):
        role, wanted = kind.account
        if role not in cookies:
            page = new_page()
            sign_in(page, site.account(role, **wanted))
            cookies[role] = page.context.cookies()
            page.context.close()
        page = new_page(java_script_enabled=scripts)
        page.context.add_cookies(_with_own_session(site, cookies[role]) if anew else cookies[role])
        page.goto(kind.address(page))
        kind.type(page, words)
        return page

    return open_form


@pytest.fixture
def saved_once(site):
    """A function that expects the page to say that the words were saved, once, and the browser to keep no copy."""

    def check(kind, page, words, *, scripts=True):
        expect(page.locator(kind.said_at)).to_contain_text(kind.said)
        assert kind.times_saved(site, words) == 1
        if scripts:
            assert words not in page.evaluate("JSON.stringify(localStorage)")

    return check


def session_of(cookies):
    """The key of the session that the cookies belong to."""
    return next(cookie["value"] for cookie in cookies if cookie["name"] == "sessionid")


def _with_own_session(site, cookies):
    """The cookies with a second session of the same account, which may end while the others go on."""
    copied, key = session_of(cookies), uuid4().hex
    copy = "INSERT INTO django_session SELECT %s, session_data, expire_date FROM django_session WHERE session_key = %s"
    in_database(site, copy, key, copied)
    return [{**cookie, "value": key} if cookie["name"] == "sessionid" else cookie for cookie in cookies]


def sign_in_here(page, account):
    """Fill in the sign-in that stands in the page."""
    page.get_by_label(re.compile("Username")).fill(account["username"])
    page.get_by_label(re.compile("Password")).fill(account["password"])
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_network_is_waited_for(opened, saved_once, name):
    kind, words = KINDS[name], f"เน็ตหลุด {name}"
    page = opened(kind, words)
    page.context.set_offline(True)
    kind.save(page)
    expect(page.locator(STATE).filter(has_text="ไม่มีสัญญาณเครือข่าย")).to_be_visible()
    expect(page.locator(kind.field).first).to_have_value(words)
    page.context.set_offline(False)
    saved_once(kind, page, words)


@pytest.mark.parametrize(("name", "scripts"), WITH_AND_WITHOUT_SCRIPTS)
def test_a_save_after_the_session_was_deleted_is_made_after_signing_in(opened, saved_once, site, name, scripts):
    kind, words = KINDS[name], f"หมดเวลา {name}" if scripts else f"สิ้นสุดเวลาโดยไม่มีสคริปต์ {name}"
    page = opened(kind, words, anew=True, scripts=scripts)
    in_database(site, "DELETE FROM django_session WHERE session_key = %s", session_of(page.context.cookies()))
    kind.save(page)
    expect(page.get_by_text("ข้อมูลที่กรอกยังอยู่ครบ")).to_be_visible()
    role, wanted = kind.account
    sign_in_here(page, site.account(role, **wanted))
    if not scripts:
        page.get_by_role("button", name="บันทึก", exact=True).click()
    saved_once(kind, page, words, scripts=scripts)


@pytest.mark.parametrize("name", KINDS)
def test_a_form_left_open_through_a_sign_in_elsewhere_is_sent_again_whole(opened, saved_once, site, name):
    kind, words = KINDS[name], f"โทเคนเปลี่ยน {name}"
    page = opened(kind, words, anew=True)
    role, wanted = kind.account
    other = page.context.new_page()
    other.goto("/home/")
    other.locator("header .account summary").click()
    other.get_by_role("button", name="ออกจากระบบ").click()
    expect(other).to_have_url(re.compile(r":\d+/$"))
    sign_in(other, site.account(role, **wanted))
    kind.save(page)
    expect(page.get_by_text("ข้อมูลที่กรอกยังอยู่ครบ")).to_be_visible()
    page.locator("main form [type=submit]").click()
    saved_once(kind, page, words)


@pytest.mark.parametrize(("name", "scripts"), WITH_AND_WITHOUT_SCRIPTS)
def test_a_double_click_saves_once(opened, saved_once, name, scripts):
    kind, words = KINDS[name], f"คลิกสองครั้ง {name}" if scripts else f"กดสองทีโดยไม่มีสคริปต์ {name}"
    page = opened(kind, words, scripts=scripts)
    page.locator(kind.button).first.dblclick()
    saved_once(kind, page, words, scripts=scripts)


@pytest.mark.parametrize("name", LEAVING)
def test_going_back_and_saving_the_same_again_saves_once(opened, saved_once, site, name):
    kind, words = KINDS[name], f"ย้อนกลับ {name}"
    page = opened(kind, words)
    kind.save(page)
    saved_once(kind, page, words)
    page.go_back()
    expect(page.locator(kind.field).first).to_have_value(words)
    kind.type(page, words)  # Chrome puts back no field that has its suggestions switched off
    kind.save(page)
    saved_once(kind, page, words)


@pytest.mark.parametrize("name", LEAVING)
def test_going_back_and_typing_on_saves_that_too(opened, saved_once, site, name):
    kind, words, further = KINDS[name], f"พิมพ์ครั้งแรกสุดใน {name}", f"เปลี่ยนใจเป็นอย่างอื่นใน {name}"
    page = opened(kind, words)
    kind.save(page)
    saved_once(kind, page, words)
    page.go_back()
    kind.type(page, further)
    kind.save(page)
    if name == "new project":  # is it another one, or was it to be put right?
        expect(page.get_by_text("แบบฟอร์มนี้บันทึก")).to_be_visible()
        kind.save(page)
    if name == "decision":  # the first one stands, and what was typed stays in the page
        expect(page.get_by_text("ยังไม่ได้บันทึกการตัดสินของท่าน")).to_be_visible()
        page.wait_for_function(STANDS, arg=further)
    else:
        saved_once(kind, page, further)


@pytest.mark.parametrize("name", OVER_EACH_OTHER)
def test_the_second_of_two_tabs_is_told_and_keeps_its_typing(opened, saved_once, site, name):
    kind, mine, theirs = OVER_EACH_OTHER[name], f"แท็บแรก {name}", f"แท็บที่สอง {name}"
    first = opened(kind, mine)
    second = first.context.new_page()
    second.goto(first.url)
    kind.type(second, theirs)
    kind.save(first)
    saved_once(kind, first, mine)
    kind.save(second)
    expect(second.locator("main [role=alert]").first).to_be_visible()
    second.wait_for_function(STANDS, arg=theirs)
    assert kind.times_saved(site, theirs) == 0


@pytest.mark.parametrize("name", ["project", "report", "grid", "profile", "LAO"])
def test_what_the_browser_puts_back_is_not_saved_over_newer_data(opened, saved_once, site, name):
    kind, mine, theirs = OVER_EACH_OTHER[name], f"กลับมาที่หน้าเดิม {name}", f"บันทึกระหว่างนั้น {name}"
    page = opened(kind, mine)
    page.route("**/*", lambda route: route.continue_())  # so that nothing comes out of the browser's own memory
    other = page.context.new_page()
    other.goto(page.url)
    page.goto("/home/")
    kind.type(other, theirs)
    kind.save(other)
    saved_once(kind, other, theirs)
    page.go_back()
    expect(page.locator(kind.field).first).to_have_value(mine)
    kind.save(page)
    expect(page.get_by_text(f"ของท่าน: {mine}")).to_be_visible()
    expect(page.get_by_text(f"ที่บันทึกไว้แล้ว: {theirs}")).to_be_visible()
    assert kind.times_saved(site, mine) == 0
