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


FORMS = {
    "profile": (CLERK, "/profile/", "[name=office_address]"),
    "report": (CLERK, report_form, "[name=remark]"),
    "grid": (CLERK, f"/reports/grid/?{YEAR}&months=12", "[name$='-remark']"),
    "review": (PROVINCE, review, "form[data-keep^='review:RETURN'] [name=reason]"),
    "score": (PROVINCE, score_entry, "[name=reason]"),
    "score grid": (PROVINCE, "/scores/entry/", "[name=reason]"),
    "extension": (CENTRAL, "/manage/extensions/new/", "[name=reason]"),
    "period": (CENTRAL, period_form, "[name=dimension_1]"),
    "new period": (CENTRAL, "/manage/periods/new/", "[name=dimension_1]"),
    "round": (CENTRAL, round_form, "[name=opens_on]"),
    "score standard": (CENTRAL, "/scores/standards/", "[name=highest_total]"),
    "LAO": (CENTRAL, lao_form, "[name=name]"),
    "officer": (CENTRAL, "/manage/accounts/new/", "[name=name]"),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_closed_tab_held_is_offered_back(new_page, site, form):
    (role, wanted), where, field = FORMS[form]
    page = new_page()
    sign_in(page, site.account(role, **wanted))
    address = where(page) if callable(where) else where
    words = f"พิมพ์ค้างไว้ใน {form}"
    page.goto(address)
    for summary in page.locator("main details:not([open]) > summary").all():
        if page.locator(field).first.is_visible():
            break
        summary.click()
    page.locator(field).first.fill(words)
    expect(page.locator("main .keep-state").filter(has_text="ยังไม่ได้บันทึก").first).to_be_visible()
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(address)
    expect(page.locator(OFFER).first).to_contain_text("กู้คืนข้อมูลที่กรอกไว้เมื่อ")
    expect(page.locator(field).first).not_to_have_value(words)
    page.locator(OFFER).first.get_by_role("button", name="ใช้", exact=True).click()
    expect(page.locator(field).first).to_have_value(words)
