"""A citizen on a phone: by search to an LAO and a project, the data downloaded, and back again another day."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

KILOBYTES = 150

# How far things jumped while the page was loading, and how many kilobytes came, compressed, fonts and all.
JUMPED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0) / 1000"""


def test_a_citizen_finds_an_lao_and_a_project_and_comes_back(new_page, site):
    page = new_page("phone")
    page.goto("/")
    page.get_by_role("searchbox", name="ค้นหา อปท. หรือโครงการ").fill("อาวลึกใต")
    page.get_by_role("button", name="ค้นหา", exact=True).click()
    page.get_by_role("link", name="เทศบาลตำบลอ่าวลึกใต้", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เทศบาลตำบลอ่าวลึกใต้")
    of_lao = page.url
    page.get_by_role("link", name="จังหวัดกระบี่").click()
    expect(page.get_by_role("table")).to_contain_text("เทศบาลตำบลอ่าวลึกใต้")
    page.get_by_role("searchbox").first.fill("ทุจริต กระบี่")
    page.get_by_role("button", name="ค้นหา", exact=True).first.click()
    page.locator(".found").last.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="งบประมาณและผลการดำเนินงานแต่ละปี")).to_be_visible()
    of_project, name = page.url, page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="ข้อมูลเปิด", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^CSV")).first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")

    another_day = new_page("phone")
    another_day.goto(of_lao)
    expect(another_day.get_by_role("heading", level=1)).to_have_text("เทศบาลตำบลอ่าวลึกใต้")
    another_day.goto(of_project)
    expect(another_day.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("address", ["/", "/public/", "/public/lao/6810507/", "/public/provinces/81/"])
def test_a_first_page_is_light_and_nothing_jumps_or_overflows(new_page, address):
    page = new_page("phone")
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(JUMPED) < 0.02
    assert page.evaluate(WEIGHT) < KILOBYTES
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_every_word_is_there(new_page):
    with_scripts, without = new_page("phone"), new_page("phone", java_script_enabled=False)
    words = []
    for page in (with_scripts, without):
        page.goto("/public/lao/6810507/", wait_until="networkidle")
        words.append(re.sub(r"\s+|\d\d:\d\d", "", page.locator("main").inner_text()).replace("แสดง", ""))
    assert words[0] == words[1]
