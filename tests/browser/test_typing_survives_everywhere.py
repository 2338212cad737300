"""Every form and grid that people type into at length offers back what was left in a closed tab."""

import pytest
from playwright.sync_api import expect

from tests.browser.kinds import CENTRAL, CLERK, PROVINCE, YEAR, first_link, report_form, review, score_entry
from tests.browser.steps import sign_in

OFFER = ".keep-offer"


def period_form(page):
    return first_link(page, "/manage/periods/", r"/manage/periods/\d+/$")


def round_form(page):
    return first_link(page, "/manage/rounds/", r"/manage/rounds/\d+/$")


def lao_form(page):
    return first_link(page, "/manage/register/?q=6810507", r"/manage/laos/\d+/code/$")


# By account: what is opened, and the field that is typed into.
FORMS = [
    (CLERK, {
        "profile": ("/profile/", "[name=office_address]"),
        "report": (report_form, "[name=remark]"),
        "grid": (f"/reports/grid/?{YEAR}&months=12", "[name$='-remark']"),
    }),
    (PROVINCE, {
        "review": (review, "form[data-keep^='review:RETURN'] [name=reason]"),
        "score": (score_entry, "[name=reason]"),
        "score grid": ("/scores/entry/", "[name=reason]"),
    }),
    (CENTRAL, {
        "extension": ("/manage/extensions/new/", "[name=reason]"),
        "period": (period_form, "[name=dimension_1]"),
        "new period": ("/manage/periods/new/", "[name=dimension_1]"),
        "round": (round_form, "[name=opens_on]"),
        "score standard": ("/scores/standards/", "[name=highest_total]"),
        "LAO": (lao_form, "[name=name]"),
        "officer": ("/manage/accounts/new/", "[name=name]"),
        "own account": ("/account/", "[name=email]"),
    }),
]  # fmt: skip


@pytest.fixture
def page_of(new_page, site):
    """A function that opens a page signed in with a ready account."""

    def enter(role, wanted):
        page = new_page()
        sign_in(page, site.account(role, **wanted))
        return page

    return enter


@pytest.mark.parametrize(("account", "forms"), FORMS, ids=["clerk", "province", "central"])
def test_what_a_closed_tab_held_is_offered_back(page_of, account, forms):
    page = page_of(*account)
    for form, (where, field) in forms.items():
        address = where(page) if callable(where) else where
        words = f"พิมพ์ค้างไว้ใน {form}"
        tab = page.context.new_page()
        tab.goto(address)
        for summary in tab.locator("main details:not([open]) > summary").all():
            if tab.locator(field).first.is_visible():
                break
            summary.click()
        tab.locator(field).first.fill(words)
        expect(tab.locator("main .keep-state").filter(has_text="ยังไม่ได้บันทึก").first, form).to_be_visible()
        tab.close()
        page.goto(address)
        expect(page.locator(OFFER).first, form).to_contain_text("กู้คืนข้อมูลที่กรอกไว้เมื่อ")
        expect(page.locator(field).first, form).not_to_have_value(words)
        page.locator(OFFER).first.get_by_role("button", name="ใช้", exact=True).click()
        expect(page.locator(field).first, form).to_have_value(words)


def test_what_is_offered_back_undoes_nothing_that_others_have_changed_since(page_of):
    """Of a grid that which was typed is kept, and not the rows around it."""
    page, other = page_of(*PROVINCE), page_of(*CENTRAL)
    grid = "/scores/entry/?province=81&page=2"
    second = "[name$='-SAR_1'] >> nth=1"
    page.goto(grid)
    page.locator(second).fill("47.25")
    expect(page.locator("main .keep-state")).to_contain_text("ยังไม่ได้บันทึก")
    page.goto("/home/")
    other.goto(grid)
    other.locator("[name$='-NACC_1'] >> nth=0").fill("44")
    other.locator("[name$='-NACC_total'] >> nth=0").fill("")
    other.locator("[name=reason]").fill("ตามมติ")
    other.get_by_role("button", name="บันทึกทั้งหน้า").click()
    expect(other.locator(".alert-success")).to_be_visible()
    page.goto(grid)
    expect(page.locator(OFFER)).to_contain_text("ข้อมูลในระบบถูกแก้ไขหลังจากนั้น กรุณาเทียบก่อนใช้")
    expect(page.locator(f"{OFFER} dt")).to_have_count(1)
    expect(page.locator(f"{OFFER} dt")).to_contain_text("คะแนน SAR มิติที่ 1")
    page.locator(OFFER).get_by_role("button", name="ใช้", exact=True).click()
    expect(page.locator(second)).to_have_value("47.25")
    expect(page.locator("[name$='-NACC_1'] >> nth=0")).to_have_value("44")
