"""A new plan period, set up on screen by a central officer and used by a clerk the same day."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from eplan.postgres import EmbeddedPostgres
from tests.browser.conftest import Site, free_port
from tests.browser.steps import sign_in

NAME = "การบริหารราชการด้วยความโปร่งใส"
PROJECT = "มาตรการเปิดเผยข้อมูลของแผนใหม่"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A demonstration of its own: a new period is there for everybody."""
    running = Site(tmp_path_factory.mktemp("new-period") / "home", free_port())
    running.start()
    yield running
    running.stop()
    EmbeddedPostgres(running.home).erase()


def in_words(day):
    """A day as people type it."""
    return f"{day.day}/{day.month}/{day.year + 543}"


def test_a_new_period_is_set_up_and_used_by_a_clerk(new_page, site, shoot):
    central = new_page()
    sign_in(central, site.account("CENTRAL"))

    # The period, with another name for its second dimension; everything else as before.
    central.get_by_role("banner").get_by_text("จัดการระบบ").click()
    shoot(central, "manage")
    central.get_by_role("link", name="ช่วงแผน มิติ และเกณฑ์ระดับ").click()
    central.get_by_role("link", name="ตั้งช่วงแผนใหม่").click()
    central.get_by_label("ปีที่เริ่มแผน").fill("๒๕๖๔")
    central.get_by_label("ปีสุดท้ายของแผน").fill("2570")
    central.get_by_label("มิติที่ 2").fill(NAME)
    central.locator("[name=high_6]").fill("60")
    central.get_by_role("button", name="บันทึก", exact=True).click()
    expect(central.get_by_text("ช่วงปีของแผนซ้อนกับแผนอื่น").first).to_be_visible()
    shoot(central, "years-overlap")
    central.get_by_label("ปีที่เริ่มแผน").fill("2566")
    central.get_by_role("button", name="บันทึก", exact=True).click()
    expect(central.get_by_text("ตั้งค่าช่วงแผน 2566-2570 เรียบร้อยแล้ว")).to_be_visible()

    # A plan for every LAO, passed in 2566, and a round that is open today.
    central.get_by_label("2566", exact=True).check()
    shoot(central, "plans")
    central.get_by_role("button", name=re.compile("สร้างแผนให้ อปท.")).click()
    expect(central.get_by_text(re.compile("สร้างแผน 2566-2570 ให้ อปท. .* แห่ง เรียบร้อยแล้ว"))).to_be_visible()
    expect(central.get_by_role("heading", name="แผน พ.ศ. 2561-2564")).to_be_visible()
    shoot(central, "periods")
    central.goto("/manage/rounds/new/")
    central.locator("[name=fiscal_year]").select_option("2566")
    central.locator("[name=months]").select_option("6")
    central.locator("[name=opens_on]").fill(in_words(timezone.localdate() - timedelta(days=1)))
    central.locator("[name=closes_on]").fill(in_words(timezone.localdate() + timedelta(days=30)))
    central.get_by_role("button", name="ตรวจสอบผลก่อนบันทึก").click()
    central.get_by_role("button", name="ยืนยันและบันทึก").click()
    expect(central).to_have_url(re.compile("/manage/rounds/$"))

    # The clerk records in the new plan, whose names and years are its own.
    clerk = new_page()
    sign_in(clerk, site.account("LAO", username="6810507"))
    clerk.goto("/projects/new/?year=2566")
    expect(clerk.get_by_text(NAME).first).to_be_visible()
    expect(clerk.get_by_text("การบริหารราชการเพื่อป้องกันการทุจริต")).to_have_count(0)
    expect(clerk.locator("[name=years]")).to_have_count(5)
    clerk.locator("[name=name]").fill(PROJECT)
    for year in ("2566", "2570"):
        clerk.locator(f"[name=years][value='{year}']").check()
    clerk.locator("[name=kind][value=MEASURE]").check()
    clerk.get_by_role("group", name=re.compile("สาระสำคัญ")).get_by_label(re.compile(NAME)).check()
    clerk.locator("[name=uses_budget][value=no]").check()
    shoot(clerk, "project-form")
    clerk.get_by_role("button", name="บันทึก", exact=True).click()
    expect(clerk).to_have_url(re.compile("/home/"))

    # It is reported on, and stands in the summary under the new name, beside the old plan.
    clerk.goto("/reports/?year=2566")
    clerk.get_by_role("row").filter(has_text=PROJECT).get_by_role("link", name=re.compile("6 เดือน")).click()
    clerk.locator("[name=status][value=IN_PROGRESS]").check()
    clerk.get_by_role("button", name="บันทึก", exact=True).click()
    expect(clerk.get_by_role("row").filter(has_text=PROJECT)).to_contain_text("อยู่ระหว่างดำเนินการ")
    shoot(clerk, "reports")
    clerk.goto("/summary/own/?year=2566&months=6")
    expect(clerk.get_by_role("row").filter(has_text=NAME).first).to_be_visible()
    expect(clerk.get_by_text("50.00").first).to_be_visible()
    shoot(clerk, "summary")
    clerk.goto("/summary/own/?year=2562&months=6")
    expect(clerk.get_by_role("row").filter(has_text="การบริหารราชการเพื่อป้องกันการทุจริต").first).to_be_visible()
    expect(clerk.get_by_text(NAME)).to_have_count(0)

    # 50 per cent is มาก in the old plan and, from 60 on, ปานกลาง in the new one.
    clerk.goto("/summary/province/?year=2566&months=6")
    expect(clerk.get_by_role("row").filter(has_text="อบต.เขาใหญ่")).to_contain_text("ปานกลาง")

    # All of it is in the trail, on a phone too.
    phone = new_page("phone")
    sign_in(phone, site.account("CENTRAL"))
    phone.goto("/manage/audit/?table=projects_dimension")
    expect(phone.get_by_text(NAME).first).to_be_visible()
    shoot(phone, "trail")
