"""An officer sets up the second factor and signs in with it, on a phone and without scripts."""

import base64
import re

from django_otp.oath import TOTP
from playwright.sync_api import expect

from tests.browser.steps import sign_in

SIX_DIGITS = re.compile("รหัส 6 หลักจากแอป")


def test_an_officer_sets_up_a_second_factor_and_signs_in_with_it(new_page, site, shoot):
    account = site.account("REGION")
    page = new_page("phone", java_script_enabled=False)
    sign_in(page, account)
    page.goto("/account/")
    page.get_by_role("link", name="ตั้งค่า", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("คิวอาร์โค้ด"))).to_be_visible()
    shoot(page, "set-up")
    app = TOTP(base64.b32decode(page.locator(".secret").inner_text().replace(" ", "")))
    page.get_by_label(SIX_DIGITS).fill(f"{app.token():06}")
    page.get_by_label(re.compile("รหัสผ่านปัจจุบัน")).fill(account["password"])
    page.get_by_role("button", name="เริ่มใช้").click()
    expect(page.locator(".backup-codes li")).to_have_count(10)
    codes = page.locator(".backup-codes li").all_inner_texts()
    assert len(set(codes)) == 10
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shoot(page, "backup-codes")

    # The next sign-in asks: a wrong code is refused, a backup code opens.
    again = new_page("phone", java_script_enabled=False)
    again.goto("/login/?next=/account/second-factor/")
    again.get_by_label(re.compile("Username")).fill(account["username"])
    again.get_by_label(re.compile("Password")).fill(account["password"])
    again.get_by_role("button", name="เข้าสู่ระบบ").click()
    again.get_by_label(SIX_DIGITS).fill("000000")
    again.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(again.get_by_text("รหัสไม่ถูกต้อง หมดอายุ หรือถูกใช้ไปแล้ว").first).to_be_visible()
    shoot(again, "refused")
    again.get_by_label(SIX_DIGITS).fill("")
    again.get_by_label(re.compile("หรือรหัสสำรอง")).fill(codes[0].lower())
    again.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(again).to_have_url(re.compile("/account/second-factor/"))
    expect(again.get_by_text("เหลืออีก 9 รหัส")).to_be_visible()

    # Given up again, which ends the other session: the account is as ready for the next test as before.
    again.get_by_label(re.compile("หรือรหัสสำรอง")).fill(codes[1])
    again.get_by_label(re.compile("รหัสผ่านปัจจุบัน")).fill(account["password"])
    again.get_by_role("button", name="เลิกใช้ หรือเปลี่ยนเครื่อง").click()
    expect(again.get_by_text("เลิกใช้แอปเดิมแล้ว")).to_be_visible()
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/login/"))
