"""What several walks do on the way."""

import re

from playwright.sync_api import expect


def sign_in(page, account):
    """Sign in with a ready account, named as accounts.json has it."""
    page.goto("/login/")
    page.get_by_label(re.compile("Username")).fill(account["username"])
    page.get_by_label(re.compile("Password")).fill(account["password"])
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page).to_have_url(re.compile("/home/"))


def fill(page, name, budget=None):
    """Fill in what a project needs, by the names of the fields."""
    page.locator("[name=name]").fill(name)
    page.locator("[name=years][value='2562']").check()
    page.locator("[name=kind][value=PROJECT]").check()
    page.locator("[name=dimension]").first.check()
    page.locator(f"[name=uses_budget][value={'no' if budget is None else 'yes'}]").check()
    if budget is not None:
        page.locator("[name=amount]").fill(budget)


def recorded(page, name):
    """How often a project of that name stands in the list."""
    page.goto("/projects/")
    return page.get_by_role("row").filter(has_text=name).count()
