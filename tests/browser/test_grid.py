"""A round on one page, by hand: typed, moved through by keys, pasted from Excel, saved row by row."""

import re

from playwright.sync_api import expect

from tests.browser.steps import fill

GRID = "/reports/grid/?year=2562&months=6"
SAVED = re.compile(r"^บันทึกแล้ว \d\d:\d\d น\.$")
NOT_SAVED = re.compile("^ยังไม่ได้บันทึก")
FOCUS = "document.activeElement.name.replace(/^\\d+-/, '') + ' ' + document.activeElement.closest('[data-row]').id"


class Row:
    """A row of the grid."""

    def __init__(self, page, index):
        self.page = page
        self.body = page.locator("[data-row]").nth(index)
        self.state = self.body.locator(".row-state")
        self.notes = self.body.locator(".row-notes")

    def cell(self, column):
        """The field of a column."""
        return self.body.locator(f"[name$='-{column}']")


def with_projects(page, names):
    """Record projects, each with a budget of 1,000 baht, and open the grid."""
    for name in names:
        page.goto("/projects/new/")
        fill(page, name, "1000")
        page.get_by_role("button", name="บันทึก", exact=True).click()
        expect(page).to_have_url(re.compile("/home/"))
    page.goto(GRID)
    count = page.locator("[data-row]").count()
    return [Row(page, index) for index in range(count - len(names), count)]


def paste(page, cell, text):
    """Copy `text` as Excel would, and paste it with the keys into the cell."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    cell.focus()
    page.keyboard.press("Control+V")


def test_a_round_is_typed_pasted_and_saved_row_by_row(signed_in, shoot):
    page = signed_in()
    first, second, third = with_projects(page, ["โครงการตาราง ก", "โครงการตาราง ข", "โครงการตาราง ค"])
    shoot(page, "empty")
    spent = page.locator("[data-sum=disbursed]")
    before = int(spent.text_content().replace(",", ""))

    # Typed and moved through by keys; leaving the row saves it.
    first.cell("ordinance_budget").click()
    page.keyboard.type("๑๐๐๐")
    page.keyboard.press("Tab")
    page.keyboard.type("900")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUS).startswith("in_ordinance")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    expect(first.cell("status")).to_have_value("COMPLETED")
    expect(first.state).to_have_text(NOT_SAVED)
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS) == f"status {second.body.get_attribute('id')}"
    expect(first.state).to_have_text(SAVED)
    expect(spent).to_have_text(f"{before + 900:,}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUS) == f"disbursed {first.body.get_attribute('id')}"

    # A block copied from Excel, with words of people.
    block = '๑,๐๐๐\t1500\tใช่\tดำเนินการแล้วเสร็จ\r\n800\t\tไม่\tไม่สามารถดำเนินการได้\tอื่นๆ\tฝนตกหนัก\t"บรรทัดหนึ่ง\nบรรทัดสอง"\r\n'
    paste(page, second.cell("ordinance_budget"), block)
    expect(second.state).to_have_text(SAVED)
    expect(second.notes).to_contain_text("เบิกจ่าย 1,500 บาท มากกว่างบประมาณ")
    second.notes.get_by_label("ยืนยันว่าถูกต้อง เพราะ").fill("โอนงบเพิ่ม")
    page.keyboard.press("Enter")
    expect(second.notes).to_have_text(re.compile("^\\s*ยืนยันแล้ว: เบิกจ่าย 1,500 .* เพราะ โอนงบเพิ่ม\\s*$"))
    expect(second.state).to_have_text(SAVED)
    expect(third.state).to_have_text(NOT_SAVED)
    expect(third.body.locator(".invalid-feedback")).to_have_text("กรุณากรอกข้อมูลช่องนี้")
    expect(third.cell("remark")).to_have_value("บรรทัดหนึ่ง\nบรรทัดสอง")
    expect(spent).to_have_text(f"{before + 2400:,}")
    shoot(page, "pasted")
    third.cell("disbursed").fill("250.50")
    page.keyboard.press("Control+Enter")
    expect(third.state).to_have_text(SAVED)
    expect(spent).to_have_text(f"{before + 2650:,}.50")

    # A column alone, where a list has the focus; a line within a cell; Tab leads on to the next row and saves this one.
    paste(page, first.cell("status"), "อยู่ระหว่างดำเนินการ\nอยู่ระหว่างดำเนินการ")
    for row in (first, second):
        expect(row.cell("status")).to_have_value("IN_PROGRESS")
        expect(row.state).to_have_text(SAVED)
    first.cell("remark").fill("ก")
    page.keyboard.press("Alt+Enter")
    page.keyboard.type("ข")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == f"ordinance_budget {second.body.get_attribute('id')}"
    expect(first.cell("remark")).to_have_value("ก\nข")
    expect(first.state).to_have_text(SAVED)
    expect(third.body.locator(".invalid-feedback")).to_have_count(0)
    told = page.locator("[data-sum=disbursed]").text_content()

    # What was said is there, and nothing is left over to be offered back.
    page.wait_for_timeout(800)
    page.reload()
    for row in (first, second, third):
        expect(row.state).to_have_text(re.compile("^บันทึกแล้ว .* 25"))
    expect(page.locator("[data-sum=disbursed]")).to_have_text(told)
    expect(third.cell("disbursed")).to_have_value("250.50")
    expect(third.cell("other_reason")).to_have_value("ฝนตกหนัก")
    expect(first.cell("in_ordinance")).to_be_checked()
    page.wait_for_timeout(500)
    expect(page.locator(".keep-offer")).to_have_count(0)
    shoot(page, "reloaded")


def test_two_tabs_and_a_cut_network_lose_nothing(signed_in, shoot):
    page = signed_in()
    row = with_projects(page, ["โครงการตารางสองแท็บ"])[0]
    other = page.context.new_page()
    other.goto(GRID)
    theirs = Row(other, other.locator("[data-row]").count() - 1)

    page.context.set_offline(True)
    row.cell("ordinance_budget").fill("1000")
    row.cell("disbursed").fill("700")
    row.cell("status").select_option("COMPLETED")
    page.locator("h1").click()
    expect(row.state).to_have_text(re.compile("ไม่มีสัญญาณเครือข่าย"))
    page.context.set_offline(False)
    expect(row.state).to_have_text(SAVED)

    theirs.cell("ordinance_budget").fill("1000")
    theirs.cell("disbursed").fill("800")
    theirs.cell("status").select_option("IN_PROGRESS")
    other.locator("h1").click()
    expect(theirs.notes).to_contain_text("ของท่าน: 800 บาท")
    expect(theirs.notes).to_contain_text("ที่บันทึกไว้แล้ว: 700 บาท")
    expect(theirs.state).to_have_text(NOT_SAVED)
    shoot(other, "moved-on")
    theirs.notes.get_by_label("ที่บันทึกไว้แล้ว: 700 บาท").check()
    theirs.notes.get_by_label("ของท่าน: อยู่ระหว่างดำเนินการ").check()
    other.get_by_role("button", name="บันทึกแถวนี้").click()
    expect(theirs.state).to_have_text(SAVED)
    expect(theirs.cell("disbursed")).to_have_value("700")
    expect(theirs.cell("status")).to_have_value("IN_PROGRESS")


def test_twelve_months_are_the_same_in_one_key(signed_in, shoot):
    page = signed_in()
    rows = with_projects(page, ["โครงการตารางสิบสองเดือน", "อบรมกรรมการตรวจรับงาน"])
    paste(page, rows[0].cell("ordinance_budget"), "1000\t700\tใช่\tอยู่ระหว่างดำเนินการ\n1000\t800\tใช่\tอยู่ระหว่างดำเนินการ")
    for row in rows:
        expect(row.state).to_have_text(SAVED)
    page.goto("/reports/grid/?year=2562&months=12")
    for row, spent in zip(rows, ("700", "800"), strict=True):
        expect(row.state).to_have_text("ยังไม่ได้บันทึก · เริ่มจากรอบ 6 เดือน")
        expect(row.cell("disbursed")).to_have_value(spent)
    shoot(page, "twelve")

    # One is typed, the rest is the same in one key.
    rows[0].cell("disbursed").fill("950")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".messages")).to_contain_text(re.compile(r"บันทึกแล้ว \d+ โครงการ รอบ 12 เดือน"))
    for row, spent in zip(rows, ("950", "800"), strict=True):
        expect(row.state).to_have_text(re.compile("^บันทึกแล้ว"))
        expect(row.cell("disbursed")).to_have_value(spent)
    expect(page.locator("button[name=same]")).to_have_count(0)


def test_the_grid_fits_a_phone(signed_in, shoot):
    page = signed_in("phone")
    page.goto(GRID)
    shoot(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    name = page.locator("[data-row] .stay").first
    left = name.bounding_box()["x"]
    page.locator("[data-row] [name$='-remark']").first.focus()
    assert page.locator(".table-frame").evaluate("frame => frame.scrollLeft") > 0
    assert abs(name.bounding_box()["x"] - left) < 2
    page.screenshot(path="artefacts/test_the_grid_fits_a_phone/scrolled.png")
