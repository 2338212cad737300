"""What it costs a clerk to enter 25 projects and to report them in both rounds: page loads, clicks and keystrokes.

    python -m tests.bench.clerk_effort [home of the demonstration]

Starts the demonstration and drives Chromium through each way as a hand would: every click on a field or button is a
click, every character and key a keystroke, every document that the browser shows a page load. In Excel itself, which is
not driven, each character that is typed and one key to leave each cell are counted; choosing a file is three clicks. At
6 months 15 of the 25 are done and 10 under way; at 12 months the 10 are done, and the 15 need not be entered again.
Prints a Markdown table. The manual's way: it goes home after each project, and through four pages for each report.
"""

import sys
import tempfile
from pathlib import Path

import psycopg2
from openpyxl import load_workbook
from playwright.sync_api import sync_playwright

from eplan.home import DATABASE
from eplan.postgres import EmbeddedPostgres
from tests.browser.conftest import CHROMIUM, FLAGS, Site, free_port
from tests.browser.steps import sign_in

CLERK = "6810507"
COUNT, DONE = 25, 15
BUDGET, ORDINANCE, SPENT_AT_SIX, SPENT_AT_TWELVE = "25000", "24000", "12000", "23500"
NAME = "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"
ORDINANCE_HEADING, SPENT_HEADING = "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "การเบิกจ่ายงบประมาณ"
STATUS_HEADING = "สถานะการดำเนินงาน"
SUBJECTS = ["คุณธรรม", "จัดซื้อจัดจ้าง", "ข้อมูลข่าวสาร", "รับเรื่องร้องเรียน", "ภาคประชาชน"]
DEEDS = ["อบรม", "เปิดเผย", "ตรวจสอบ", "รณรงค์", "ประกวด"]
NAMES = [f"โครงการ{deed}เรื่อง{subject}" for deed in DEEDS for subject in SUBJECTS]
HALF, YEAR = "/reports/grid/?year=2562&months=6", "/reports/grid/?year=2562&months=12"


class Hand:
    """A clerk at the keyboard: does what is asked, and counts it."""

    def __init__(self, page):
        self.page = page
        self.clear()
        page.on("domcontentloaded", lambda _: self.count("loads"))

    def clear(self):
        """Begin to count anew."""
        self.counts = {"loads": 0, "clicks": 0, "keys": 0}

    def count(self, what, number=1):
        self.counts[what] += number

    def click(self, place):
        """Click on something, named by a selector or a locator."""
        self.count("clicks")
        (self.page.locator(place) if isinstance(place, str) else place).click()

    def go(self, name, role="button"):
        """Click on what is called so, and wait for the page it leads to."""
        with self.page.expect_navigation(wait_until="load"):
            self.click(self.page.get_by_role(role, name=name, exact=role == "button").first)

    def type(self, text):
        """Type into what has the focus."""
        self.count("keys", len(text))
        self.page.keyboard.type(text)

    def press(self, *keys):
        """Press keys; what belongs together, such as Control+V, is as many as are held."""
        for key in keys:
            self.count("keys", key.count("+") + 1)
            self.page.keyboard.press(key)

    def send(self, path):
        """Choose a file and send it."""
        self.count("clicks", 3)
        self.page.locator("[name=file]").set_input_files(path)
        self.go("ส่งไฟล์เพื่อตรวจ")

    def download(self, path):
        """Download a form."""
        with self.page.expect_download() as download:
            self.click(self.page.get_by_role("link", name="ดาวน์โหลดแบบฟอร์ม"))
        download.value.save_as(path)
        return path

    def fill_in(self, path, rows):
        """Type `rows` (number of the row to heading and text) into a form, as one would in Excel."""
        book = load_workbook(path)
        sheet = book.worksheets[0]
        top = next(n for n in range(1, 20) if sheet.cell(n, 1).value == "รหัสแถว (ห้ามแก้)")
        columns = {cell.value: cell.column for cell in sheet[top]}
        for number, row in rows.items():
            for heading, text in row.items():
                self.count("keys", len(text) + 1)
                sheet.cell(top + 1 + number, columns[heading]).value = text
        book.save(path)

    def confirm(self):
        """Say yes to the preview."""
        with self.page.expect_navigation(wait_until="load"):
            self.click(self.page.locator("#confirm .btn-primary"))


def by_form(hand, _):
    """Projects, one form after the other."""
    hand.page.goto("/projects/new/")
    for number, name in enumerate(NAMES):
        hand.click("[name=name]")
        hand.type(name)
        for choice in ("[name=years][value='2562']", "[name=kind][value=PROJECT]", "[name=dimension] >> nth=0"):
            hand.click(choice)
        hand.click("[name=uses_budget][value=yes]")
        hand.press("Tab")
        hand.type(BUDGET)
        hand.go("บันทึก" if number == COUNT - 1 else "บันทึกข้อมูลถัดไป")
        while hand.page.get_by_text("มีโครงการที่ชื่อคล้ายกันอยู่แล้ว").count():
            hand.go("บันทึก" if number == COUNT - 1 else "บันทึกข้อมูลถัดไป")


def by_paste(hand, _):
    """Projects out of the plan in Word, which is written already."""
    lines = [f"{number}\t{name}\t1\t2562\t{BUDGET}" for number, name in enumerate(NAMES, start=1)]
    hand.page.goto("/projects/paste/")
    hand.click("[name=text]")
    hand.count("keys", 2)  # Control+V
    hand.page.keyboard.insert_text("\n".join(["ที่\tโครงการ\tมิติ\tปีงบประมาณ\tงบประมาณ", *lines]))
    hand.go("ตรวจสิ่งที่วาง")
    tick_alike(hand)
    hand.confirm()


def by_excel(hand, folder):
    """Projects in the Excel form."""
    hand.page.goto("/projects/excel/")
    path = hand.download(folder / "projects.xlsx")
    row = {"ประเภทงาน": "โครงการ", "มิติหลัก": "1", "งบประมาณ ปี 2562 (บาท)": BUDGET}
    hand.fill_in(path, {number: {NAME: name, **row} for number, name in enumerate(NAMES)})
    hand.send(path)
    tick_alike(hand)
    hand.confirm()


def tick_alike(hand):
    """Tick what was pointed out and is another project all the same."""
    for box in hand.page.locator("[name=also]:not(:checked)").all():
        hand.click(box)


def six_by_form(hand, _):
    """The round of 6 months, one form after the other."""
    reports_by_form(hand, 6, range(COUNT))


def twelve_by_form(hand, _):
    """The round of 12 months: those that were under way."""
    reports_by_form(hand, 12, range(DONE, COUNT))


def reports_by_form(hand, months, numbers):
    hand.page.goto("/reports/?year=2562")
    for number in numbers:
        links = hand.page.locator(f"a[href$='/{months}/']")
        with hand.page.expect_navigation(wait_until="load"):
            hand.click(links.nth(number))
        hand.click("[name=ordinance_budget]")
        if months == 6:
            hand.type(ORDINANCE)
        hand.press("Tab")
        hand.type(SPENT_AT_SIX if months == 6 else SPENT_AT_TWELVE)
        status = "COMPLETED" if months == 12 or number < DONE else "IN_PROGRESS"
        hand.click(f"[name=status][value={status}]")
        hand.go("บันทึก")


def six_by_grid(hand, _):
    """The round of 6 months, typed into the grid."""
    hand.page.goto(HALF)
    hand.click(hand.page.locator("[name$=-ordinance_budget]").first)
    for number in range(COUNT):
        hand.type(ORDINANCE)
        hand.press("Tab")
        hand.type(SPENT_AT_SIX)
        hand.press("Tab", "Tab", "2" if number < DONE else "1", "Tab", "Tab")
    saved(hand, COUNT)


def twelve_by_grid(hand, _):
    """The round of 12 months: spent and status of those that were under way."""
    hand.page.goto(YEAR)
    hand.click(hand.page.locator("[name$=-disbursed]").nth(DONE))
    for _number in range(DONE, COUNT):
        hand.type(SPENT_AT_TWELVE)
        hand.press("Tab", "Tab", "2", "Enter", "ArrowLeft", "ArrowLeft")
    hand.press("Control+Enter")
    saved(hand, COUNT - DONE)


def six_by_block(hand, _):
    """The round of 6 months, a block out of the clerk's own sheet pasted into the grid."""
    paste_block(hand, HALF, 0, [SPENT_AT_SIX] * COUNT, ["2"] * DONE + ["1"] * (COUNT - DONE))


def twelve_by_block(hand, _):
    """The round of 12 months in the same way."""
    paste_block(hand, YEAR, DONE, [SPENT_AT_TWELVE] * (COUNT - DONE), ["2"] * (COUNT - DONE))


def paste_block(hand, address, first, spent, statuses):
    words = {"1": "อยู่ระหว่างดำเนินการ", "2": "ดำเนินการแล้วเสร็จ"}
    lines = [f"{ORDINANCE}\t{amount}\tใช่\t{words[status]}" for amount, status in zip(spent, statuses, strict=True)]
    hand.page.goto(address)
    hand.click(hand.page.locator("[name$=-ordinance_budget]").nth(first))
    hand.count("keys", 2)  # Control+V
    hand.page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(paste);
        }""",
        "\n".join(lines),
    )
    saved(hand, len(lines))


def saved(hand, count):
    """Wait until that many rows say that they are saved."""
    hand.page.wait_for_function(
        """count => count <= [...document.querySelectorAll(".row-state")]
            .filter((state) => state.textContent.startsWith("บันทึกแล้ว")).length""",
        arg=count,
    )


def six_by_excel(hand, folder):
    """The round of 6 months in the Excel form."""
    rows = {n: ("ดำเนินการแล้วเสร็จ" if n < DONE else "อยู่ระหว่างดำเนินการ") for n in range(COUNT)}
    reports_by_excel(hand, folder, 6, rows, {ORDINANCE_HEADING: ORDINANCE, SPENT_HEADING: SPENT_AT_SIX})


def twelve_by_excel(hand, folder):
    """The round of 12 months in the Excel form."""
    rows = dict.fromkeys(range(DONE, COUNT), "ดำเนินการแล้วเสร็จ")
    reports_by_excel(hand, folder, 12, rows, {SPENT_HEADING: SPENT_AT_TWELVE})


def reports_by_excel(hand, folder, months, statuses, amounts):
    hand.page.goto(f"/reports/excel/?year=2562&months={months}")
    path = hand.download(folder / f"reports-{months}.xlsx")
    hand.fill_in(path, {number: {**amounts, STATUS_HEADING: status} for number, status in statuses.items()})
    hand.send(path)
    hand.confirm()


# Each way after what has to be there: projects are cleared away first, and reports of the round before stand.
WAYS = [
    ("by form", by_form, six_by_form, twelve_by_form),
    ("pasted, and typed into the grid", by_paste, six_by_grid, twelve_by_grid),
    ("pasted, and a block pasted into the grid", by_paste, six_by_block, twelve_by_block),
    ("by Excel", by_excel, six_by_excel, twelve_by_excel),
]
MANUAL = f"| the manual's way | {COUNT * 2} | | | {COUNT * 4} | | | {COUNT * 4} | | |"


def cleared(site):
    """Take the clerk's projects away, so that each way begins with none."""
    clerk = "(SELECT p.id FROM projects_plan p JOIN lao_lao l ON l.id = p.lao_id WHERE l.code = %s)"
    with psycopg2.connect(EmbeddedPostgres(site.home).url(DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(f"UPDATE projects_project SET deleted_at = now() WHERE plan_id IN {clerk}", [CLERK])


def reports_made(site):
    """How many reports the clerk's projects have in each round, by months."""
    with psycopg2.connect(EmbeddedPostgres(site.home).url(DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.months, count(*) FROM reporting_progressreport r"
            " JOIN projects_projectyear y ON y.id = r.project_year_id JOIN projects_project j ON j.id = y.project_id"
            " JOIN projects_plan p ON p.id = j.plan_id JOIN lao_lao l ON l.id = p.lao_id"
            " WHERE l.code = %s AND j.deleted_at IS NULL GROUP BY r.months",
            [CLERK],
        )
        return dict(cursor.fetchall())


def measure(site, browser, folder):
    """A row of the table for each way."""
    for name, *steps in WAYS:
        cleared(site)
        context = browser.new_context(base_url=site.url, viewport={"width": 1366, "height": 768}, locale="th-TH")
        page = context.new_page()
        sign_in(page, site.account("LAO", username=CLERK))
        hand, cells = Hand(page), []
        for step in steps:
            hand.clear()
            step(hand, folder)
            cells += [str(number) for number in hand.counts.values()]
        assert reports_made(site) == {6: COUNT, 12: COUNT - DONE}, (name, reports_made(site))
        context.close()
        yield f"| {name} | {' | '.join(cells)} |"


def main():
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(sys.argv[1] if len(sys.argv) > 1 else Path(folder, "home"), free_port())
        site.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            steps = " | clicks | keys | ".join(f"{step}: loads" for step in ("projects", "6 months", "12 months"))
            print(f"| way | {steps} | clicks | keys |")
            print("|---|" + "---:|" * 9)
            for line in (MANUAL, *measure(site, browser, Path(folder))):
                print(line, flush=True)
        finally:
            browser.close()
            site.stop()
            EmbeddedPostgres(site.home).erase()


if __name__ == "__main__":
    main()
