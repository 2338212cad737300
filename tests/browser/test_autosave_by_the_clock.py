"""Autosave by a fake clock: what is kept when, in which words, at which time in Bangkok, and that nothing moves."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.kinds import KINDS, YEAR, in_database

# 10:42 in Bangkok, on a machine whose own clock is set to New York.
MOMENT, ELSEWHERE = datetime(2026, 11, 24, 3, 42, 30, tzinfo=UTC), "America/New_York"
STATE = "main .keep-state"
WARNING = ".session-warning"
# The field that is typed in, the caret in it, and where it stands in the window.
WHERE = """(() => {
  const { name, selectionStart } = document.activeElement;
  return [name, selectionStart, Math.round(document.activeElement.getBoundingClientRect().top)];
})()"""
# What the state says until the page is left is written down, to be read on the next one.
LISTEN = """state => {
  sessionStorage.said = "";
  const write = () => (sessionStorage.said += `${state.textContent}\\n`);
  new MutationObserver(write).observe(state, { childList: true });
}"""


def stop(page, address):
    """Open an address and let the time stand still there, at 10:42."""
    page.clock.install(time=MOMENT - timedelta(minutes=5))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.clock.pause_at(MOMENT)


def kept(page):
    """All that the browser keeps, as one text."""
    return page.evaluate("JSON.stringify(localStorage)")


def hold(page, method, address):
    """Let one request wait until the function that this gives lets it go."""
    waiting = []

    def answer(route):
        if route.request.method == method and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    page.route(address, answer)
    return lambda: waiting[0].continue_()


def test_typing_is_kept_within_a_second_sent_after_a_pause_and_says_so(signed_in, shoot):
    page = signed_in(timezone_id=ELSEWHERE, reduced_motion="reduce")
    stop(page, "/profile/")
    drafts = []
    page.on("request", lambda sent: drafts.append(sent) if sent.url.endswith("/drafts/") else None)
    expect(page.locator(STATE)).to_have_text(re.compile(r"^บันทึกแล้ว \d+ \S+ 25\d\d \d\d:\d\d น\.$"))
    field = page.locator("[name=office_address]")
    field.fill("ที่ทำการใหม่")
    field.evaluate("field => field.setSelectionRange(3, 3)")
    before, form = page.evaluate(WHERE), page.locator("main form[data-keep]").element_handle()

    page.clock.run_for(300)
    page.keyboard.insert_text("ก")
    page.clock.run_for(300)
    assert "ที่กทำการใหม่" not in kept(page), "it waits for the last key"
    page.clock.run_for(700)
    assert "ที่กทำการใหม่" in kept(page)
    expect(page.locator(STATE)).to_have_text("ยังไม่ได้บันทึก")
    page.clock.run_for(2500)
    assert drafts == [], "no draft without a pause"
    page.clock.run_for(500)
    expect(page.locator(STATE)).to_have_text("ยังไม่ได้บันทึก · เก็บร่างไว้แล้ว 10:42 น.")
    page.clock.run_for(60_000)
    assert len(drafts) == 1, "what is kept already is not sent again"
    before[1] += 1
    assert page.evaluate(WHERE) == before
    assert form.evaluate("form => form.isConnected && form === document.querySelector('main form[data-keep]')")
    shoot(page, "kept")

    page.locator(STATE).evaluate(LISTEN)
    save = hold(page, "POST", "**/profile/")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(STATE)).to_have_text("กำลังบันทึก…")
    save()
    expect(page).to_have_url(re.compile("/home/"))
    assert page.evaluate("sessionStorage.said").strip().split("\n") == ["กำลังบันทึก…", "บันทึกแล้ว 10:43 น."]
    assert "ที่กทำการใหม่" not in kept(page)


def test_a_row_of_the_grid_says_when_it_was_saved_and_the_caret_goes_on(signed_in, shoot):
    page = signed_in(timezone_id=ELSEWHERE, reduced_motion="reduce")
    stop(page, f"/reports/grid/?{YEAR}&months=12")
    row = page.locator("[data-row]").last
    state, others = row.locator(".row-state"), page.locator("[data-row]").first.locator("[name$='-remark']")
    save = hold(page, "POST", "**/reports/grid/**")
    KINDS["grid"].type(page, "แถวตามนาฬิกา")
    expect(state).to_have_text("ยังไม่ได้บันทึก")
    others.focus()
    expect(state).to_have_text("กำลังบันทึก…")
    page.keyboard.type("กข")
    before = page.evaluate(WHERE)
    save()
    expect(state).to_have_text("บันทึกแล้ว 10:42 น.")
    page.clock.run_for(10_000)
    assert page.evaluate(WHERE) == before
    expect(others).to_be_focused()


def test_the_whole_session_passes_is_warned_of_and_extended(signed_in, site, shoot):
    page = signed_in(timezone_id=ELSEWHERE)
    other = page.context.new_page()
    stop(page, "/projects/new/")
    other.goto("/profile/")
    field = page.locator("[name=name]")
    field.fill("พิมพ์ไว้ตลอดวัน")
    # An answer of the server says how long the session lasts: the draft's comes before the day passes.
    page.clock.fast_forward("00:00:10")
    expect(page.locator(STATE)).to_contain_text("เก็บร่างไว้แล้ว")
    page.clock.fast_forward("11:54:00")
    expect(page.locator(WARNING)).to_have_count(0)
    page.clock.fast_forward("00:01:30")
    for tab in (page, other):
        expect(tab.locator(WARNING)).to_contain_text("การใช้งานจะหมดเวลา 22:42 น. ข้อมูลที่กรอกจะยังอยู่")
    expect(field).to_be_focused()
    shoot(page, "warned")

    [session] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"]

    soon = "UPDATE django_session SET expire_date = now() + interval '4 minutes' WHERE session_key = %s"
    in_database(site, soon, session)
    page.get_by_role("button", name="ใช้งานต่อ").click()
    for tab in (page, other):  # a tab hears it from the other
        expect(tab.locator(WARNING)).to_have_count(0)
    [[left]] = in_database(site, "SELECT expire_date - now() FROM django_session WHERE session_key = %s", session)
    assert left > timedelta(hours=11)
    expect(field).to_have_value("พิมพ์ไว้ตลอดวัน")

    page.clock.fast_forward("11:54:00")
    expect(page.locator(WARNING)).to_have_count(0)
    page.clock.fast_forward("00:02:00")
    expect(page.locator(WARNING)).to_contain_text("การใช้งานจะหมดเวลา 10:38 น.")
    page.clock.fast_forward("00:05:00")
    expect(page.locator(WARNING)).to_contain_text("หมดเวลาใช้งานแล้ว ข้อมูลที่กรอกยังอยู่")
    shoot(page, "ended")
