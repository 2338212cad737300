"""A save survives an ended session, a server that dies in the middle of it, and a change of machine."""

import os
import re
import signal
import time
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from playwright.sync_api import expect

from eplan.home import DATABASE
from eplan.postgres import EmbeddedPostgres
from tests.browser.conftest import Site, free_port
from tests.browser.kinds import KINDS, YEAR, in_database
from tests.browser.steps import fill, recorded, sign_in

NAME = "[name=name]"
STATE = "main .keep-state"
OFFER = ".keep-offer"
WRITTEN = ["lao_formtoken", "lao_laoprofile", "projects_project", "reporting_progressreport", "evaluation_score"]
# A row of the grid that is left, and saved by nothing else.
ROW = replace(
    KINDS["grid"],
    where=f"/reports/grid/?{YEAR}&months=12",
    button="h1",
    said=re.compile("^บันทึกแล้ว"),
    said_at="tbody:last-of-type .row-state",
)


def save(page):
    page.get_by_role("button", name="บันทึก", exact=True).click()


def test_a_draft_is_offered_on_another_machine(signed_in, shoot):
    page = signed_in()
    page.goto("/projects/new/")
    fill(page, "โครงการพิมพ์ที่เครื่องหนึ่ง")
    expect(page.locator(STATE)).to_have_text(re.compile(r"ยังไม่ได้บันทึก · เก็บร่างไว้แล้ว \d\d:\d\d น\."), timeout=8000)
    shoot(page, "kept-as-a-draft")
    other = signed_in()
    other.goto("/projects/new/")
    expect(other.locator(OFFER)).to_contain_text("กู้คืนข้อมูลที่กรอกไว้เมื่อ")
    other.get_by_role("button", name="ใช้", exact=True).click()
    expect(other.locator(NAME)).to_have_value("โครงการพิมพ์ที่เครื่องหนึ่ง")
    save(other)
    expect(other).to_have_url(re.compile("/home/"))
    other.goto("/projects/new/")
    other.wait_for_timeout(1000)
    expect(other.locator(OFFER)).to_have_count(0)
    assert recorded(other, "โครงการพิมพ์ที่เครื่องหนึ่ง") == 1


def test_a_warning_before_the_session_ends_gives_more_time(signed_in, site, shoot):
    page = signed_in()
    in_database(site, "UPDATE django_session SET expire_date = now() + interval '4 minutes'")
    page.goto("/projects/new/")
    fill(page, "โครงการก่อนหมดเวลา")
    expect(page.locator(".session-warning")).to_contain_text("การใช้งานจะหมดเวลา")
    shoot(page, "warning")
    page.get_by_role("button", name="ใช้งานต่อ").click()
    expect(page.locator(".session-warning")).to_have_count(0)
    expect(page.locator(NAME)).to_have_value("โครงการก่อนหมดเวลา")


def kill_web_server(site):
    """End the web server and all its workers at once, as a cut of the power would, and wait for the launcher to see."""
    launcher = site.process.pid
    children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
    servers = [int(pid) for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert servers
    for pid in servers:
        os.killpg(pid, signal.SIGKILL)
    site.process.wait(timeout=30)


@pytest.fixture
def own_site(tmp_path):
    """A demonstration of its own, to be killed."""
    running = Site(tmp_path / "home", free_port())
    running.start()
    yield running
    running.stop()
    EmbeddedPostgres(running.home).erase()


def wait_for_saves(connection, count):
    """Wait until so many saves have reached the database and wait there."""
    cursor, came = connection.cursor(), 0
    for _ in range(400):
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
        [came] = cursor.fetchone()
        if came >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{came} of {count} saves came")


def test_a_server_killed_in_the_middle_of_saves_makes_each_once_when_it_is_back(chromium, own_site, shoot):
    cookies, pages = {}, {}
    for name, kind in {**KINDS, "row": ROW}.items():
        role, wanted = kind.account
        page = chromium.new_context(base_url=own_site.url, storage_state=cookies.get(role)).new_page()
        if role not in cookies:
            sign_in(page, own_site.account(role, **wanted))
            cookies[role] = page.context.storage_state()
        page.goto(kind.address(page))
        kind.type(page, f"เครื่องแม่ข่ายล่มระหว่าง {name}")
        pages[name] = kind, page
    blocker = psycopg2.connect(EmbeddedPostgres(own_site.home).url(DATABASE))
    # Read by everybody, written by nobody: each save comes to its first change and waits there for the kill.
    blocker.cursor().execute(f"LOCK TABLE {', '.join(WRITTEN)} IN EXCLUSIVE MODE")
    for kind, page in pages.values():
        kind.save(page)
    wait_for_saves(blocker, len(pages))
    kill_web_server(own_site)
    blocker.close()
    for _, page in pages.values():
        expect(page.locator("main").get_by_text("จะส่งให้เอง").first).to_be_visible()
    shoot(pages["grid"][1], "waiting-for-the-server")
    own_site.start()
    for name, (kind, page) in pages.items():
        expect(page.locator(kind.said_at)).to_contain_text(kind.said, timeout=30_000)
        assert kind.times_saved(own_site, f"เครื่องแม่ข่ายล่มระหว่าง {name}") == 1, name
        page.context.close()


def test_a_save_that_meets_a_crowded_server_waits_its_turn_and_goes_by_itself(signed_in, shoot):
    page = signed_in()
    page.goto("/projects/new/")
    fill(page, "โครงการในวันที่คนแน่น")
    answers = [{"status": 503, "headers": {"Retry-After": "2"}}]
    page.route(
        re.compile("/projects/new/"),
        lambda route: (
            route.fulfill(**answers.pop()) if answers and route.request.method == "POST" else route.continue_()
        ),
    )
    save(page)
    expect(page.locator(STATE)).to_contain_text("มีผู้ใช้งานจำนวนมาก ข้อมูลที่กรอกยังอยู่ และจะส่งให้เองในอีก 2 วินาที")
    shoot(page, "waits-its-turn")
    expect(page).to_have_url(re.compile("/home/"))
    assert recorded(page, "โครงการในวันที่คนแน่น") == 1
