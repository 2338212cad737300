"""A save survives an ended session, a server that dies in the middle of it, and a change of machine."""

import os
import re
import signal
from pathlib import Path

import psycopg2
import pytest
from playwright.sync_api import expect

from eplan.home import DATABASE
from eplan.postgres import EmbeddedPostgres
from tests.browser.conftest import Site, free_port
from tests.browser.steps import fill, recorded, sign_in

NAME = "[name=name]"
STATE = "main .keep-state"
OFFER = ".keep-offer"


def save(page):
    page.get_by_role("button", name="บันทึก", exact=True).click()


def in_database(site, statement):
    """Run a statement behind the server's back."""
    with psycopg2.connect(EmbeddedPostgres(site.home).url(DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


def give_password(page):
    page.get_by_label(re.compile("Username")).fill("6810507")
    page.get_by_label(re.compile("Password")).fill("sathit2562")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_save_after_the_session_was_deleted_is_made_after_signing_in(signed_in, site, shoot, scripts):
    name = f"โครงการหลังหมดเวลา {scripts}"
    page = signed_in(java_script_enabled=scripts)
    page.goto("/projects/new/")
    fill(page, name)
    in_database(site, "DELETE FROM django_session")
    save(page)
    expect(page.get_by_text("ข้อมูลที่กรอกยังอยู่ครบ")).to_be_visible()
    shoot(page, "sign-in-in-place")
    give_password(page)
    if not scripts:
        shoot(page, "confirm")
        save(page)
    expect(page).to_have_url(re.compile("/home/"))
    expect(page.get_by_text(f"บันทึก “{name}” เรียบร้อยแล้ว")).to_be_visible()
    assert recorded(page, name) == 1
    if scripts:
        assert "typing|" not in page.evaluate("JSON.stringify(localStorage)")


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


def test_a_server_killed_in_the_middle_of_a_save_saves_once_when_it_is_back(chromium, own_site, shoot):
    context = chromium.new_context(base_url=own_site.url, locale="th-TH")
    page = context.new_page()
    sign_in(page, own_site.account("LAO", username="6810507"))
    page.goto("/projects/new/")
    fill(page, "โครงการตอนเครื่องแม่ข่ายล่ม")
    # The save reaches the database and waits there, so that the kill comes in the middle of it.
    blocker = psycopg2.connect(EmbeddedPostgres(own_site.home).url(DATABASE))
    blocker.cursor().execute("LOCK TABLE projects_project IN ACCESS EXCLUSIVE MODE")
    save(page)
    expect(page.locator(STATE)).to_have_text("กำลังบันทึก…")
    page.wait_for_timeout(500)
    kill_web_server(own_site)
    blocker.close()
    expect(page.locator(STATE)).to_have_text(re.compile("จะส่งให้เอง"), timeout=15_000)
    shoot(page, "waiting-for-the-server")
    own_site.start()
    expect(page).to_have_url(re.compile("/home/"), timeout=30_000)
    expect(page.get_by_text("บันทึก “โครงการตอนเครื่องแม่ข่ายล่ม” เรียบร้อยแล้ว")).to_be_visible()
    assert recorded(page, "โครงการตอนเครื่องแม่ข่ายล่ม") == 1
    context.close()


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
