"""What is typed survives whatever happens to the page: closed, crashed, refused, left by "back", opened twice."""

import re
import time
from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import Error, expect

from eplan.home import DATABASE
from eplan.postgres import EmbeddedPostgres
from tests.browser.steps import fill, recorded

NAME = "[name=name]"
STATE = "main .keep-state"
OFFER = ".keep-offer"
NOT_SAVED = re.compile("^ยังไม่ได้บันทึก")


@pytest.fixture(autouse=True)
def no_drafts(site):
    """Each test begins with nothing on the server that an earlier one typed into the same form."""
    time.sleep(1.5)  # a page that closes posts its draft as the last thing it does
    with closing(psycopg2.connect(EmbeddedPostgres(site.home).url(DATABASE))) as connection, connection:
        connection.cursor().execute("DELETE FROM lao_draft")


def kept(page):
    """All that the browser keeps, as one text."""
    return page.evaluate("JSON.stringify(localStorage)")


def type_project(page, name):
    """Type a new project and leave it unsaved, a second after the last key."""
    page.goto("/projects/new/")
    fill(page, name, "๕,๐๐๐")
    expect(page.locator(STATE)).to_have_text(NOT_SAVED)
    page.wait_for_timeout(1000)
    assert name in kept(page)


def test_a_closed_tab_is_offered_back_with_its_time(signed_in, shoot):
    page = signed_in()
    type_project(page, "โครงการในแท็บที่ปิด")
    shoot(page, "typed")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/projects/new/")
    expect(page.locator(OFFER)).to_contain_text(re.compile(r"กู้คืนข้อมูลที่กรอกไว้เมื่อ \d+ \S+ 25\d\d \d\d:\d\d น\."))
    expect(page.locator(NAME)).to_have_value("")
    page.locator(OFFER).get_by_text("ดูว่าต่างกันอย่างไร").click()
    shoot(page, "offered")
    page.get_by_role("button", name="ใช้", exact=True).click()
    expect(page.locator(NAME)).to_have_value("โครงการในแท็บที่ปิด")
    expect(page.locator("[name=amount]")).to_have_value("๕๐๐๐")
    expect(page.locator("[name=kind][value=PROJECT]")).to_be_checked()
    expect(page.locator(OFFER)).to_have_count(0)
    shoot(page, "used")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile("/home/"))
    assert "โครงการในแท็บที่ปิด" not in kept(page)
    page.goto("/projects/new/")
    page.wait_for_timeout(500)
    expect(page.locator(OFFER)).to_have_count(0)
    assert recorded(page, "โครงการในแท็บที่ปิด") == 1


def test_what_is_thrown_away_is_gone(signed_in):
    page = signed_in()
    type_project(page, "โครงการที่จะทิ้ง")
    page.goto("/home/")
    page.goto("/projects/new/")
    page.get_by_role("button", name="ทิ้ง", exact=True).click()
    expect(page.locator(OFFER)).to_have_count(0)
    assert "โครงการที่จะทิ้ง" not in kept(page)
    page.reload()
    page.wait_for_timeout(500)
    expect(page.locator(OFFER)).to_have_count(0)


def test_a_crashed_page_is_offered_back(signed_in):
    page = signed_in()
    type_project(page, "โครงการก่อนเบราว์เซอร์ล่ม")
    context = page.context
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page = context.new_page()
    page.goto("/projects/new/")
    expect(page.locator(OFFER)).to_be_visible()
    page.get_by_role("button", name="ทิ้ง", exact=True).click()


def test_what_another_open_tab_is_typing_is_not_offered(signed_in):
    page = signed_in()
    type_project(page, "โครงการในแท็บที่ยังเปิดอยู่")
    other = page.context.new_page()
    other.goto("/projects/new/")
    other.locator(NAME).fill("โครงการในอีกแท็บหนึ่ง")
    other.wait_for_timeout(1000)
    expect(other.locator(OFFER)).to_have_count(0)
    assert "โครงการในแท็บที่ยังเปิดอยู่" in kept(other)
    assert "โครงการในอีกแท็บหนึ่ง" in kept(other)


def test_a_refused_save_keeps_everything_and_says_so(signed_in):
    page = signed_in()
    page.goto("/projects/new/")
    page.locator("[name=remark]").fill("พิมพ์แต่หมายเหตุ")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=remark]")).to_have_value("พิมพ์แต่หมายเหตุ")
    expect(page.locator(STATE)).to_have_text(NOT_SAVED)
    expect(page.locator(OFFER)).to_have_count(0)
    page.goto("/projects/new/")
    expect(page.locator(OFFER)).to_be_visible()


def test_going_back_after_leaving_has_it_all(signed_in):
    page = signed_in()
    type_project(page, "โครงการก่อนออกจากหน้า")
    page.goto("/home/")
    page.go_back()
    expect(page.locator(NAME)).to_have_value("โครงการก่อนออกจากหน้า")
    expect(page.locator(STATE)).to_have_text(NOT_SAVED)


def test_a_record_that_moved_on_is_shown_beside_what_was_typed(signed_in, shoot):
    page = signed_in()
    page.goto("/projects/new/")
    fill(page, "โครงการที่ขยับไป")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile("/home/"))
    page.goto("/projects/")
    page.get_by_role("row").filter(has_text="โครงการที่ขยับไป").get_by_role("link", name=re.compile("แก้ไข")).click()
    expect(page.locator(STATE)).to_have_text(re.compile(r"^บันทึกแล้ว \d+ \S+ 25\d\d \d\d:\d\d น\.$"))
    address = page.url
    page.locator(NAME).fill("โครงการที่ขยับไป พิมพ์ค้างไว้")
    page.wait_for_timeout(1000)
    page.goto("/home/")
    page.goto(address)
    page.locator("[name=remark]").fill("แก้จากอีกที่หนึ่ง")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile(r"/projects/(\?|$)"))
    page.goto(address)
    expect(page.locator(OFFER)).to_contain_text("ข้อมูลในระบบถูกแก้ไขหลังจากนั้น กรุณาเทียบก่อนใช้")
    expect(page.locator(OFFER)).to_contain_text("ที่กรอกไว้: โครงการที่ขยับไป พิมพ์ค้างไว้")
    expect(page.locator(OFFER)).not_to_contain_text("แก้จากอีกที่หนึ่ง")
    expect(page.locator(NAME)).to_have_value("โครงการที่ขยับไป")
    shoot(page, "moved-on")
    page.get_by_role("button", name="ใช้", exact=True).click()
    expect(page.locator(NAME)).to_have_value("โครงการที่ขยับไป พิมพ์ค้างไว้")
    expect(page.locator("[name=remark]")).to_have_value("แก้จากอีกที่หนึ่ง")


def test_signing_out_empties_the_browser_and_passwords_are_never_kept(signed_in):
    page = signed_in()
    page.goto("/profile/")
    page.get_by_role("tab", name="ข้อมูลผู้ประสานงาน").click()
    page.locator("[name=coordinator_position]").fill("นักวิเคราะห์นโยบายและแผน")
    page.locator("[name=new_password]").fill("ความลับของเทศบาล")
    page.locator("[name=current_password]").fill("ความลับเดิม")
    page.wait_for_timeout(1000)
    assert "นักวิเคราะห์นโยบายและแผน" in kept(page)
    assert "ความลับ" not in kept(page)
    page.locator("header .account summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    assert "typing|" not in kept(page)


def test_a_form_with_a_password_in_it_is_sent_the_usual_way(signed_in):
    page = signed_in()
    page.goto("/profile/")
    page.get_by_role("tab", name="ข้อมูลผู้ประสานงาน").click()
    page.locator("[name=coordinator_position]").fill("ปลัด")
    page.locator("[name=current_password]").fill("sathit2562")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile("/home/"))
    assert "typing|" not in kept(page)


def test_the_next_blank_form_is_a_form_of_its_own(signed_in):
    page = signed_in()
    page.goto("/projects/new/")
    for number in range(3):
        fill(page, f"โครงการต่อกัน {number}")
        page.get_by_role("button", name="บันทึกข้อมูลถัดไป").click()
        expect(page.get_by_text(f"บันทึก “โครงการต่อกัน {number}” เรียบร้อยแล้ว")).to_be_visible()
        expect(page.locator(NAME)).to_have_value("")
    assert recorded(page, "โครงการต่อกัน") == 3
