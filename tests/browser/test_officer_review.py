"""An officer's day, without a mouse: review twenty, return one, the clerk mends it, accept it."""

import re

from playwright.sync_api import expect

PASSWORD = "sathit2562"  # of the demonstration's accounts


def sign_in(page, account):
    page.goto("/login/")
    page.get_by_label(re.compile("Username")).fill(account["username"])
    page.get_by_label(re.compile("Password")).fill(account["password"])
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page).to_have_url(re.compile("/home/"))


def press(page, key):
    """Press a key as a person would: once the page has come to rest."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def left(page):
    """The number that the bar says is left."""
    return int(re.search(r"เหลือรอตรวจ ([\d,]+) โครงการ", page.locator(".review-bar").inner_text())[1].replace(",", ""))


def test_an_officer_reviews_by_keyboard_and_a_clerk_mends_what_was_returned(new_page, site, shoot):
    clerk_account = site.account("LAO", password=PASSWORD)
    officer = new_page()
    sign_in(officer, site.account("PROVINCE"))
    expect(officer.locator("main")).to_contain_text("โครงการรอตรวจสอบ")
    officer.get_by_role("link", name="ตรวจโครงการ", exact=True).first.click()
    shoot(officer, "queue")

    # Twenty by keyboard alone: the first opens, each is accepted, the next opens by itself.
    before = left(officer)
    press(officer, "j")
    expect(officer.locator(".review-list .current")).to_have_count(1)
    for done in range(1, 21):
        press(officer, "a")
        officer.keyboard.press("Enter")
        expect(officer.locator(".review-bar")).to_contain_text(f"เหลือรอตรวจ {before - done} โครงการ")
    expect(officer.locator(".review-bar")).to_contain_text("เห็นชอบ: “")
    shoot(officer, "after-twenty")

    # Return one of the LAO whose clerk is at hand, with a comment.
    officer.goto(f"/review/?text={clerk_account['username']}")
    press(officer, "j")
    expect(officer.locator(".review-list .current")).to_have_count(1)
    name = officer.locator(".review-open h2").first.inner_text()
    press(officer, "r")
    officer.keyboard.type("กรุณาระบุวัตถุประสงค์ให้ชัดเจน")
    shoot(officer, "return")
    officer.keyboard.press("Control+Enter")
    expect(officer.locator(".review-bar")).to_contain_text("ส่งกลับแก้ไข: “")

    # The clerk finds it at home, with the comment, and mends it.
    clerk = new_page()
    sign_in(clerk, clerk_account)
    task = clerk.get_by_role("listitem").filter(has_text=name).filter(has_text="กรุณาระบุวัตถุประสงค์ให้ชัดเจน")
    shoot(clerk, "clerk-home")
    task.get_by_role("link", name="แก้ไขโครงการ").click()
    expect(clerk.locator("main")).to_contain_text("กรุณาระบุวัตถุประสงค์ให้ชัดเจน")
    clerk.get_by_label("วัตถุประสงค์").fill("เพื่อให้ประชาชนตรวจสอบการใช้งบประมาณได้")
    shoot(clerk, "clerk-mends")
    clerk.get_by_role("button", name="บันทึก", exact=True).click()
    expect(clerk.locator(".messages")).to_contain_text("บันทึกการแก้ไข")

    # The officer sees only what changed, and accepts.
    officer.goto(f"/review/?state=CHANGED&text={clerk_account['username']}")
    press(officer, "j")
    expect(officer.locator(".review-open h2").first).to_have_text(name)
    changed = officer.locator(".review-open table").first.locator("tbody tr")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("วัตถุประสงค์")
    expect(changed).to_contain_text("เพื่อให้ประชาชนตรวจสอบการใช้งบประมาณได้")
    shoot(officer, "only-the-change")
    press(officer, "a")
    officer.keyboard.press("Enter")
    expect(officer.locator(".review-bar")).to_contain_text("เห็นชอบ: “")

    # The clerk reads the whole story, with the office and not the person.
    clerk.get_by_role("row").filter(has_text=name).get_by_role("link", name=re.compile("แก้ไข")).first.click()
    clerk.get_by_role("link", name="ประวัติโครงการ").click()
    for word in ("เห็นชอบ", "แก้ไขข้อมูล", "ส่งกลับแก้ไข", "สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่"):
        expect(clerk.locator(".history")).to_contain_text(word)
    shoot(clerk, "history")


def test_the_queue_fits_a_phone(new_page, site, shoot):
    page = new_page("phone")
    sign_in(page, site.account("PROVINCE"))
    page.goto("/review/")
    shoot(page, "queue")
    page.locator(".review-list li a").first.click()
    expect(page.locator(".review-open h2").first).to_be_visible()
    expect(page.locator(".review-list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".review-open summary", has_text="ส่งกลับแก้ไข").click()
    shoot(page, "open")
    page.get_by_role("link", name="รายการ", exact=True).click()
    expect(page.locator(".review-list")).to_be_visible()


def test_the_queue_works_without_scripts(new_page, site):
    page = new_page(java_script_enabled=False)
    sign_in(page, site.account("PROVINCE"))
    page.goto("/review/")
    before = left(page)
    page.locator(".review-list li a").first.click()
    page.get_by_role("button", name="เห็นชอบ", exact=True).last.click()
    expect(page.locator(".review-bar")).to_contain_text(f"เหลือรอตรวจ {before - 1} โครงการ")
    page.locator(".review-open summary", has_text="ปฏิเสธโครงการ").click()
    expect(page.locator(".review-open")).to_contain_text("โครงการนี้ไม่สอดคล้องกับมิติ ใช่ หรือ ไม่ ?")
    page.get_by_role("button", name="ใช่ ปฏิเสธโครงการ").click()
    expect(page.locator(".review-bar")).to_contain_text(f"เหลือรอตรวจ {before - 2} โครงการ")
