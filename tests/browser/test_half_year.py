"""The way of the first half year, in Chrome, as the manual tells it."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

PASSWORD = "ป้องกันทุจริต2562"
EMAIL = "laemsak@example.go.th"
PROJECTS = [
    ("โครงการอบรมคุณธรรมและจริยธรรมแก่พนักงานเทศบาล", "โครงการ", "มิติที่ 1", "๒๕๐,๐๐๐"),
    ("กิจกรรมเยาวชนต้นกล้าไม่โกง", "กิจกรรม", "มิติที่ 1", "30000"),
    ("มาตรการเปิดเผยราคากลางและผลการจัดซื้อจัดจ้าง", "มาตรการ", "มิติที่ 2", None),
    ("โครงการประชาคมตรวจสอบงบประมาณท้องถิ่น", "โครงการ", "มิติที่ 3", "45,500.50"),
    ("แนวปฏิบัติการรับเรื่องร้องเรียนการทุจริต", "แนวปฏิบัติงาน", "มิติที่ 4", None),
]


def menu(page, *labels):
    """Open the menu along its words, as a hand would."""
    for label in labels:
        page.get_by_role("banner").get_by_text(label, exact=True).click()


def fill_project(page, name, kind, dimension, budget):
    """Fill in the form of S6."""
    page.get_by_label("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน").fill(name)
    page.get_by_role("group", name=re.compile("เลือกปีงบประมาณ")).get_by_label("2562").check()
    page.get_by_role("group", name=re.compile("ประเภทงาน")).get_by_label(kind, exact=True).check()
    page.get_by_role("group", name=re.compile("สาระสำคัญ")).get_by_label(re.compile(dimension)).check()
    if budget is None:
        page.get_by_label("ไม่ใช้งบประมาณ").check()
    else:
        page.get_by_label("งบประมาณตามแผนปฏิบัติการป้องกันการทุจริต").check()
        page.get_by_label(re.compile("จำนวน")).first.fill(budget)


def test_the_first_half_year_of_a_clerk(new_page, site, shoot, print_pdf, tmp_path):
    page = new_page()

    # Landing page, find the code by a part of the name.
    page.goto("/")
    shoot(page, "landing")
    page.get_by_role("link", name=re.compile("ค้นหารหัสผู้ใช้งาน")).first.click()
    page.get_by_label("ชื่อ อปท. อำเภอ จังหวัด หรือรหัส").fill("แหลมสัก")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="5810501")).to_contain_text("เทศบาลตำบลแหลมสัก")
    shoot(page, "find-code")

    # Sign in with an empty password; the profile comes first.
    page.goto("/login/")
    page.get_by_label(re.compile("Username")).fill("๕๘๑๐๕๐๑")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page).to_have_url(re.compile("/profile/"))
    page.goto("/projects/new/")
    expect(page).to_have_url(re.compile("/profile/"))
    shoot(page, "profile")
    page.get_by_label("ขนาด", exact=True).select_option(label="กลาง")
    page.get_by_label(re.compile("ที่ตั้งที่ทำการ")).fill("99 หมู่ที่ 1 ตำบลแหลมสัก")
    page.get_by_role("tab", name="ข้อมูลพื้นที่และผู้บริหาร").click()
    page.get_by_label(re.compile("ประชากร")).fill("๕,๒๓๔")
    page.get_by_role("tab", name="ข้อมูลผู้ประสานงาน").click()
    page.get_by_label("ชื่อ-สกุล", exact=True).fill("สมศรี ตัวอย่าง")
    page.get_by_label(re.compile("อีเมล")).first.fill(EMAIL)
    page.get_by_label(re.compile("รหัสผ่านสำหรับเข้าสู่ระบบครั้งต่อไป")).fill(PASSWORD)
    shoot(page, "profile-coordinator")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page).to_have_url(re.compile("/home/"))
    shoot(page, "home-empty")

    # Record five projects, one after the other.
    menu(page, "การบันทึก/รายงาน", "บันทึกโครงการ/กิจกรรม")
    for number, project in enumerate(PROJECTS):
        fill_project(page, *project)
        if number == 0:
            shoot(page, "project-form")
        last = number == len(PROJECTS) - 1
        page.get_by_role("button", name="บันทึก" if last else "บันทึกข้อมูลถัดไป", exact=True).click()
        expect(page).to_have_url(re.compile("/home/" if last else "/projects/new/"))
        expect(page.get_by_text(f"บันทึก “{project[0]}” เรียบร้อยแล้ว")).to_be_visible()

    # Edit one, delete one, restore it.
    menu(page, "การบันทึก/รายงาน", "แก้ไขโครงการ/กิจกรรม")
    expect(page.get_by_text("บันทึกข้อมูลแล้วจำนวน 5 รายการ")).to_be_visible()
    shoot(page, "project-list")
    page.get_by_role("row").filter(has_text="เยาวชนต้นกล้า").get_by_role("link", name=re.compile("แก้ไข")).click()
    page.get_by_label("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน").fill("กิจกรรมเยาวชนต้นกล้าไม่โกงประจำตำบล")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกการแก้ไข “กิจกรรมเยาวชนต้นกล้าไม่โกงประจำตำบล” เรียบร้อยแล้ว")).to_be_visible()
    menu(page, "การบันทึก/รายงาน", "แก้ไขโครงการ/กิจกรรม")
    expect(page.get_by_role("row").filter(has_text="ต้นกล้าไม่โกงประจำตำบล")).to_be_visible()
    page.get_by_role("row").filter(has_text="แนวปฏิบัติการรับเรื่อง").get_by_role("link", name=re.compile("ลบ")).click()
    expect(page.get_by_text("คุณต้องการลบโครงการ ใช่ หรือ ไม่ ?")).to_be_visible()
    shoot(page, "delete")
    page.get_by_role("button", name="ตกลง").click()
    expect(page.get_by_text("บันทึกข้อมูลแล้วจำนวน 4 รายการ")).to_be_visible()
    page.get_by_role("button", name=re.compile("กู้คืน")).first.click()
    expect(page.get_by_text("บันทึกข้อมูลแล้วจำนวน 5 รายการ")).to_be_visible()

    # Report three of five at 6 months.
    menu(page, "การบันทึก/รายงาน", "รายงานผลการดำเนินงาน")
    page.goto("/reports/?year=2562")
    shoot(page, "report-list-before")
    said = [
        ("อบรมคุณธรรม", "ดำเนินการแล้วเสร็จ", "250,000", "๒๔๙,๙๙๙.๒๕"),
        ("ประชาคมตรวจสอบ", "อยู่ระหว่างดำเนินการ", "45,500.50", "0"),
        ("เปิดเผยราคากลาง", "ไม่สามารถดำเนินการได้", None, None),
    ]
    for name, status, ordinance, disbursed in said:
        page.get_by_role("row").filter(has_text=name).get_by_role("link", name=re.compile("6 เดือน")).click()
        expect(page.get_by_text("ยังไม่เคยบันทึกรายงานในรอบ 6 เดือนของปีงบประมาณ 2562")).to_be_visible()
        if ordinance:
            page.get_by_label(re.compile("วงเงินตามข้อบัญญัติ")).fill(ordinance)
            page.get_by_label(re.compile("การเบิกจ่ายงบประมาณ")).fill(disbursed)
        page.get_by_label(re.compile("บรรจุไว้ในข้อบัญญัติ")).check()
        page.get_by_role("radio", name=re.compile(status)).check()
        if status == "ไม่สามารถดำเนินการได้":
            page.get_by_label("เหตุผลที่ไม่สามารถดำเนินการได้").select_option(label="บุคลากรไม่เพียงพอ")
        shoot(page, "report-form")
        page.get_by_role("button", name="บันทึก", exact=True).click()
        expect(page).to_have_url(re.compile(r"/reports/\?year=2562"))
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text(status)
    shoot(page, "report-list-after")

    # The Excel file opens and has all five.
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("รายงานสรุปสถานะโครงการ")).click()
    file = tmp_path / "status.xlsx"
    download.value.save_as(file)
    assert "รายงานสรุปสถานะโครงการ" in download.value.suggested_filename
    cells = [
        str(cell.value) for row in load_workbook(file).active.iter_rows() for cell in row if cell.value is not None
    ]
    assert all(any(name.removesuffix("ไม่โกง") in cell for cell in cells) for name, *_ in PROJECTS)

    # 1.5 of 5 = 30.00 ปานกลาง in the province table; print it.
    page.goto("/summary/province/?year=2562&months=6")
    own = page.get_by_role("row").filter(has_text="เทศบาลตำบลแหลมสัก")
    expect(own).to_contain_text("30.00")
    expect(own).to_contain_text("ปานกลาง")
    shoot(page, "province-table")
    assert print_pdf(page, "province").stat().st_size > 10_000
    page.goto("/summary/own/?year=2562")
    shoot(page, "own-summary")
    page.goto("/scores/")
    shoot(page, "scores")

    # Sign out, forget the password, get a new one, come back.
    page.locator("header .account summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.goto("/login/")
    page.get_by_role("link", name=re.compile("ลืมรหัสผ่าน")).click()
    page.get_by_label(re.compile("Username|ชื่อผู้ใช้งาน")).fill("5810501")
    page.get_by_label(re.compile("อีเมล")).fill(EMAIL.upper())
    page.locator("main form [type=submit]").first.click()
    shoot(page, "new-password")
    temporary = page.locator(".secret").inner_text().strip()
    page.get_by_role("link", name="กลับไป Login").click()
    page.get_by_label(re.compile("Username")).fill("5810501")
    page.get_by_label(re.compile("Password")).fill(temporary)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page).to_have_url(re.compile("/password-new/"))
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD + "ใหม่")
    page.locator("main form [type=submit]").first.click()
    expect(page).to_have_url(re.compile("/home/"))
    expect(page.get_by_role("banner")).to_contain_text("เทศบาลตำบลแหลมสัก")
    shoot(page, "home-after")
