"""Every kind of page, held to the rules of WCAG that a program can check: names, contrast, order, roles."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Error

from tests.browser.steps import sign_in

NO_PAGES = {"healthz", "readyz", "metrics", "logout", "robots", "sitemap"}


def kinds_of_pages(page, *starts):
    """Walk all links from `starts`, and yield the address of the first page of each kind once it is open."""
    seen, waiting = set(NO_PAGES), list(starts)
    while waiting:
        address = waiting.pop(0)
        kind = resolve(urlsplit(address).path).url_name
        if kind in seen:
            continue
        seen.add(kind)
        try:
            answer = page.goto(address)
        except Error as refusal:
            if "Download is starting" in str(refusal):
                continue
            raise
        if "text/html" not in answer.headers["content-type"]:
            continue
        yield address
        links = page.eval_on_selector_all("a[href^='/']", "links => links.map((link) => link.getAttribute('href'))")
        waiting.extend(links)


def breaches(page):
    """What the rules say against the open page, in words."""
    return [
        f"{broken['id']}: {', '.join(' '.join(node['target']) for node in broken['nodes'][:5])}"
        for broken in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize(
    ("role", "size", "starts", "at_least"),
    [
        (None, "phone", ["/", "/public/search/?q=ทุจริต"], 14),
        ("LAO", "desktop", ["/home/"], 16),
        # A table of one province leads on to pages that the nation's does not.
        ("CENTRAL", "desktop", ["/home/", "/scores/entry/?province=81"], 35),
    ],
)
def test_every_page_keeps_the_rules(new_page, site, role, size, starts, at_least):
    page = new_page(size)
    if role:
        sign_in(page, site.account(role, **({"username": "6810507"} if role == "LAO" else {})))
    found = {address: breaches(page) for address in kinds_of_pages(page, *starts)}
    assert {address: said for address, said in found.items() if said} == {}
    assert len(found) >= at_least


@pytest.mark.parametrize("address", ["/projects/new/", "/profile/"])
def test_a_form_with_mistakes_keeps_them_too(signed_in, address):
    page = signed_in()
    page.goto(address)
    page.evaluate("document.querySelectorAll('main form').forEach((form) => { form.noValidate = true; })")
    page.locator("main form textarea, main form [name=coordinator_email]").first.fill("ก" * 5000)
    page.get_by_role("button", name="บันทึก", exact=True).click()
    page.wait_for_selector(".invalid-feedback")
    assert breaches(page) == []
