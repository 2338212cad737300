"""Scores by Excel in Chrome: the province's form downloaded, filled with three mistakes, sent, mended and saved."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

FIRST = 5  # the first row under title, guide and headings
SAR, NACC, NACC_TOTAL = 5, 10, 14


def test_scores_by_excel_with_three_bad_rows(new_page, site, shoot, tmp_path):
    officer = site.account("PROVINCE")
    page = new_page()
    page.goto("/login/")
    page.get_by_label(re.compile("Username")).fill(officer["username"])
    page.get_by_label(re.compile("Password")).fill(officer["password"])
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.get_by_role("banner").get_by_text("ผลการประเมิน", exact=True).click()
    shoot(page, "province")
    page.get_by_role("link", name="กรอกผลการประเมิน").click()
    shoot(page, "grid")
    page.get_by_role("link", name="กรอกด้วย Excel").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดแบบฟอร์ม").click()
    form = tmp_path / "form.xlsx"
    download.value.save_as(form)
    book = load_workbook(form)
    sheet = book["คะแนน"]
    names = [sheet.cell(row, 2).value for row in range(FIRST, FIRST + 5)]
    # Two rows that can be saved, and three that can't: no number, a total against its parts, a code twice.
    for column, value in enumerate(("๔๐", "38.5", 41, 39), start=SAR):
        sheet.cell(FIRST, column).value = value
    for column in range(NACC, NACC_TOTAL):
        sheet.cell(FIRST + 1, column).value = 0
    sheet.cell(FIRST + 1, NACC_TOTAL).value = 188
    sheet.cell(FIRST + 2, SAR).value = "สี่สิบ"
    for column, value in enumerate((40, 30, 20, 10, 188), start=NACC):
        sheet.cell(FIRST + 3, column).value = value
    code = sheet.cell(FIRST + 4, 1).value
    sheet.cell(FIRST + 4, 1).value = sheet.cell(FIRST, 1).value
    book.save(form)

    page.get_by_label("ไฟล์ Excel (.xlsx) ที่กรอกแล้ว").set_input_files(form)
    page.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()
    expect(page.get_by_text("บันทึกได้ 2 แถว · ต้องแก้ไข 3 แถว")).to_be_visible()
    problems = page.get_by_role("table").first
    for row, words in (
        (FIRST + 2, [names[2], "E คะแนน SAR มิติที่ 1", "สี่สิบ", "อ่านเป็นคะแนนไม่ได้"]),
        (FIRST + 3, [names[3], "N ผลประเมิน รวม", "188", "ผลรวมของมิติคือ 100"]),
        (FIRST + 4, ["A รหัส อปท.", f"ซ้ำกับแถวที่ {FIRST}"]),
    ):
        line = problems.get_by_role("row").filter(has=page.get_by_role("cell", name=str(row), exact=True))
        for word in words:
            expect(line).to_contain_text(word)
    shoot(page, "preview")

    page.get_by_label("เหตุผลที่แก้ไขข้อมูลที่ประกาศแล้ว").fill("ตามผลการตรวจเอกสารเพิ่มเติม")
    page.get_by_role("button", name="ยืนยันบันทึก 2 แถว").click()
    expect(page.get_by_text("บันทึกผลการประเมินจากไฟล์แล้ว 2 อปท.")).to_be_visible()
    shoot(page, "saved")

    # The three come back by themselves, are mended where they say so, and are sent again.
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดแถวที่ต้องแก้ไข").click()
    download.value.save_as(form)
    book = load_workbook(form)
    sheet = book["คะแนน"]
    assert [sheet.cell(row, 2).value for row in range(FIRST, FIRST + 3)] == names[2:4] + names[:1]
    assert "อ่านเป็นคะแนนไม่ได้" in sheet.cell(FIRST, NACC_TOTAL + 1).value
    sheet.cell(FIRST, SAR).value = 40
    sheet.cell(FIRST + 1, NACC_TOTAL).value = None
    sheet.cell(FIRST + 2, 1).value = code
    sheet.cell(FIRST + 2, NACC_TOTAL).value = 150
    book.save(form)
    page.get_by_role("link", name="เริ่มใหม่").click()
    page.get_by_label("ไฟล์ Excel (.xlsx) ที่กรอกแล้ว").set_input_files(form)
    page.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()
    expect(page.get_by_text("บันทึกได้ 3 แถว · ต้องแก้ไข 0 แถว")).to_be_visible()
    shoot(page, "mended")

    reason = page.get_by_label("เหตุผลที่แก้ไขข้อมูลที่ประกาศแล้ว")
    if reason.count():
        reason.fill("แก้ไขแถวที่ผิดในไฟล์เดิม")
    page.get_by_role("button", name="ยืนยันบันทึก 3 แถว").click()
    expect(page.get_by_text("บันทึกผลการประเมินจากไฟล์แล้ว 3 อปท.")).to_be_visible()

    page.get_by_role("link", name="กลับไปรายการ").click()
    expect(page.get_by_label(f"{names[0]} คะแนน SAR มิติที่ 2").first).to_have_value("38.50")
    expect(page.get_by_label(f"{names[1]} ผลประเมิน รวม").first).to_have_value("188")
    page.get_by_role("link", name=names[1], exact=True).first.click()
    expect(page.get_by_text("→ 188")).to_be_visible()
    shoot(page, "versions")
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "versions-on-a-phone")
