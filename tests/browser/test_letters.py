"""Activation letters are printed for a province, and the code of one of them opens an account, in Chrome."""

import re

import pytest
from playwright.sync_api import expect

from eplan.postgres import EmbeddedPostgres
from tests.browser.conftest import Site, free_port

PASSWORD = "ป้องกันทุจริต2562"
UNCLAIMED = "5810501"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The demonstration as a deployment that sends letters, and reads out codes by telephone."""
    running = Site(
        tmp_path_factory.mktemp("letters") / "home",
        free_port(),
        EPLAN_FIRST_ENTRY="code",
        EPLAN_PASSWORD_RESET="officer",
    )
    running.start()
    yield running
    running.stop()
    EmbeddedPostgres(running.home).erase()


def sign_in(page, username, password=""):
    page.goto("/login/")
    page.get_by_label(re.compile("ชื่อผู้ใช้งาน")).fill(username)
    page.get_by_label(re.compile("รหัสผ่าน")).fill(password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def enter_code(page, code):
    page.get_by_label(re.compile("รหัสเปิดใช้งาน")).fill(code)
    page.get_by_role("button", name="ดำเนินการต่อ").click()


def letters_of(page):
    """{user name: code} of the letters on the page."""
    told = [letter.locator("dd").all_inner_texts() for letter in page.locator("article.letter").all()]
    return {username: code for username, code, _ in told}


def test_letters_are_printed_and_one_code_is_used(new_page, site, shoot, print_pdf):
    officer = new_page()
    account = site.account("PROVINCE")
    sign_in(officer, account["username"], account["password"])
    officer.get_by_role("banner").get_by_text("จัดการระบบ", exact=True).click()
    officer.get_by_role("link", name="หนังสือแจ้งรหัสเปิดใช้งาน").click()
    officer.get_by_label("จังหวัด", exact=True).select_option("81")
    shoot(officer, "letters")
    officer.get_by_role("button", name="ออกรหัสและแสดงหนังสือ").click()
    expect(officer.get_by_text("เรียกดูอีกไม่ได้").first).to_be_visible()
    first = letters_of(officer)
    assert UNCLAIMED in first
    assert len(set(first.values())) == len(first) > 10
    shoot(officer, "sheets")
    pdf = print_pdf(officer, "letters").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == len(first)

    officer.goto("/manage/letters/")
    officer.get_by_label("จังหวัด", exact=True).select_option("81")
    officer.get_by_label(re.compile("เฉพาะ อปท. ที่ยังไม่มีหนังสือ")).uncheck()
    officer.get_by_role("button", name="ออกรหัสและแสดงหนังสือ").click()
    second = letters_of(officer)

    clerk = new_page("phone")
    sign_in(clerk, UNCLAIMED)
    enter_code(clerk, first[UNCLAIMED])
    expect(clerk.get_by_text(re.compile("รหัสเปิดใช้งานไม่ถูกต้อง")).first).to_be_visible()
    shoot(clerk, "old-code")
    enter_code(clerk, second[UNCLAIMED].lower())
    clerk.get_by_role("tab", name="ข้อมูลผู้ประสานงาน").click()
    clerk.get_by_label(re.compile("อีเมล")).first.fill("laemsak@example.go.th")
    clerk.get_by_label(re.compile("รหัสผ่านสำหรับเข้าสู่ระบบครั้งต่อไป")).fill(PASSWORD)
    clerk.get_by_role("button", name="บันทึก", exact=True).click()
    expect(clerk.get_by_role("heading", name="หน้าแรก")).to_be_visible()
    shoot(clerk, "home")

    again = new_page()
    sign_in(again, UNCLAIMED)
    enter_code(again, second[UNCLAIMED])
    expect(again.get_by_text(re.compile("รหัสเปิดใช้งานไม่ถูกต้อง")).first).to_be_visible()


def test_a_forgotten_password_is_replaced_by_telephone(new_page, site, shoot):
    account = site.account("LAO", username="6810507")
    clerk = new_page("phone")
    clerk.goto("/password-reset/")
    clerk.get_by_label(re.compile("ชื่อผู้ใช้งาน")).fill(account["username"])
    clerk.get_by_label(re.compile("อีเมล")).fill(f"sathit-{account['username']}@example.go.th")
    clerk.get_by_role("button", name="ขอรหัสผ่านใหม่").click()
    expect(clerk.get_by_text(re.compile("โทรกลับ"))).to_be_visible()
    shoot(clerk, "asked")

    officer = new_page()
    provincial = site.account("PROVINCE")
    sign_in(officer, provincial["username"], provincial["password"])
    officer.goto("/manage/accounts/")
    officer.get_by_role("link", name=re.compile("รอโทรกลับ 1")).click()
    shoot(officer, "accounts")
    officer.get_by_role("link", name="อบต.เขาใหญ่").click()
    shoot(officer, "account")
    officer.get_by_role("link", name="ออกรหัสตั้งรหัสผ่านใหม่").click()
    shoot(officer, "question")
    officer.get_by_role("button", name="ออกรหัสตั้งรหัสผ่านใหม่").click()
    code = officer.locator(".secret").inner_text()
    shoot(officer, "code")

    clerk.get_by_role("link", name="กรอกรหัสที่ได้รับแจ้ง").click()
    clerk.get_by_label(re.compile("ชื่อผู้ใช้งาน")).fill(account["username"])
    clerk.get_by_label(re.compile("รหัสที่เจ้าหน้าที่แจ้ง")).fill(code)
    clerk.get_by_role("button", name="ดำเนินการต่อ").click()
    clerk.get_by_label("รหัสผ่านใหม่", exact=False).first.fill(PASSWORD)
    clerk.get_by_label(re.compile("อีกครั้ง")).fill(PASSWORD)
    clerk.get_by_role("button", name="บันทึก", exact=True).click()
    sign_in(clerk, account["username"], PASSWORD)
    expect(clerk.get_by_role("heading", name="หน้าแรก")).to_be_visible()
