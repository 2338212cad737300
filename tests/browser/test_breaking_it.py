"""What people do to a form on a poor line and an old machine: no scripts, two clicks, two tabs, the back button."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import fill, recorded

CLERK_PAGES = [
    "/home/",
    "/projects/",
    "/projects/new/",
    "/projects/deleted/",
    "/reports/?year=2562",
    "/scores/",
    "/summary/",
    "/summary/own/?year=2562",
    "/summary/province/?year=2562&months=6",
    "/profile/",
]
OPEN_PAGES = ["/", "/find-code/?q=แหลมสัก", "/login/", "/password-reset/", "/public/", "/public/provinces/81/"]


def test_everything_works_without_scripts(signed_in, shoot):
    page = signed_in(java_script_enabled=False)
    page.goto("/projects/new/")
    fill(page, "โครงการไม่ใช้สคริปต์", "๑๒,๐๐๐")
    shoot(page, "form-without-scripts")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile("/home/"))
    page.goto("/reports/?year=2562")
    page.get_by_role("row").filter(has_text="โครงการไม่ใช้สคริปต์").get_by_role("link", name=re.compile("6 เดือน")).click()
    page.locator("[name=ordinance_budget]").fill("12000")
    page.locator("[name=disbursed]").fill("0")
    page.locator("[name=status][value=NOT_FEASIBLE]").check()
    page.get_by_role("button", name="บันทึก", exact=True).click()
    # Without a reason the form comes back with everything typed.
    expect(page.locator("[name=ordinance_budget]")).to_have_value("12000")
    page.locator("[name=reason]").select_option("OTHER")
    page.locator("[name=other_reason]").fill("งดจัดกิจกรรมเพราะน้ำท่วม")
    shoot(page, "report-without-scripts")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="โครงการไม่ใช้สคริปต์")).to_contain_text("ไม่สามารถดำเนินการได้")
    page.goto("/profile/")
    for legend in ("ข้อมูลที่ตั้ง", "ข้อมูลพื้นที่และผู้บริหาร", "ข้อมูลผู้ประสานงาน"):
        expect(page.get_by_text(legend, exact=True).first).to_be_visible()
    page.locator("header .account summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_the_second_of_two_tabs_is_told_and_keeps_its_typing(signed_in, shoot):
    first = signed_in()
    first.goto("/projects/new/")
    fill(first, "โครงการสองแท็บ")
    first.get_by_role("button", name="บันทึก", exact=True).click()
    expect(first).to_have_url(re.compile("/home/"))
    first.goto("/projects/")
    first.get_by_role("row").filter(has_text="โครงการสองแท็บ").get_by_role("link", name=re.compile("แก้ไข")).click()
    second = first.context.new_page()
    second.goto(first.url)
    first.locator("[name=name]").fill("โครงการสองแท็บ จากแท็บแรก")
    first.get_by_role("button", name="บันทึก", exact=True).click()
    expect(first).to_have_url(re.compile(r"/projects/(\?|$)"))
    second.locator("[name=name]").fill("โครงการสองแท็บ จากแท็บที่สอง")
    second.locator("[name=remark]").fill("พิมพ์ในแท็บที่สอง")
    second.get_by_role("button", name="บันทึก", exact=True).click()
    expect(second.get_by_label("ของท่าน: โครงการสองแท็บ จากแท็บที่สอง")).to_be_visible()
    expect(second.locator("[name=remark]")).to_have_value("พิมพ์ในแท็บที่สอง")
    shoot(second, "told")
    second.get_by_label("ที่บันทึกไว้แล้ว: โครงการสองแท็บ จากแท็บแรก").check()
    second.get_by_role("button", name="บันทึก", exact=True).click()
    expect(second).to_have_url(re.compile(r"/projects/(\?|$)"))
    assert recorded(second, "โครงการสองแท็บ จากแท็บแรก") == 1


def test_clearing_asks_first_and_saves_nothing(signed_in):
    page = signed_in()
    page.goto("/projects/new/")
    fill(page, "โครงการที่จะล้าง", "500")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_text("ล้างข้อมูล", exact=True).click()
    expect(page.locator("[name=name]")).to_have_value("โครงการที่จะล้าง")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_text("ล้างข้อมูล", exact=True).click()
    expect(page.locator("[name=name]")).to_have_value("")
    assert page.locator("input:checked").count() == 0
    assert recorded(page, "โครงการที่จะล้าง") == 0


def test_a_wrong_field_in_another_tab_of_the_profile_is_opened_and_named(signed_in, shoot):
    page = signed_in()
    page.goto("/profile/")
    page.get_by_role("tab", name="ข้อมูลพื้นที่และผู้บริหาร").click()
    page.get_by_label(re.compile("ประชากร")).fill("ห้าพันคน")
    page.get_by_role("tab", name="ข้อมูลผู้ประสานงาน").click()
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("tab", name=re.compile("ข้อมูลพื้นที่และผู้บริหาร"))).to_have_attribute("aria-selected", "true")
    expect(page.get_by_label(re.compile("ประชากร"))).to_have_value("ห้าพันคน")
    shoot(page, "wrong-field")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_page_is_wider_than_the_screen(signed_in, new_page, shoot, size):
    clerk, citizen = signed_in(size), new_page(size)
    for page, addresses in ((clerk, CLERK_PAGES), (citizen, OPEN_PAGES)):
        for address in addresses:
            assert page.goto(address).ok, address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
            shoot(page, re.sub(r"\W+", "-", address).strip("-") or "landing")
