"""Projects by Excel and by pasting in Chrome: the form filled in, a row mended, a table of Word pasted, all saved."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

PAGE = "/projects/excel/"
NAME = "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน"
WORD = """<html><body><p class=MsoNormal>แผนปฏิบัติการ</p><table class=MsoTableGrid border=1>
<tr><td rowspan=2><p>ที่</p></td><td rowspan=2><p><b>โครงการ/กิจกรรม</b></p></td>
<td colspan=2><p>งบประมาณ (บาท)</p></td></tr>
<tr><td><p>2561</p></td><td><p>2562</p></td></tr>
<tr><td colspan=4><p>มิติที่ 2 การบริหารราชการ</p></td></tr>
<tr><td><p>๑.</p></td><td><p>โครงการวาง<span>จากเวิร์ด</span></p><p>รุ่นที่ ๑</p></td>
<td><p>25,000.-</p></td><td><p>-</p></td></tr>
<tr><td><p>๒.</p></td><td><p>มาตรการวางแล้วตรวจ</p></td><td><p></p></td><td><p>ไม่ใช้งบประมาณ</p></td></tr>
</table></body></html>"""


class Form:
    """A downloaded form as a clerk fills it in."""

    def __init__(self, path):
        self.path, self.book = path, load_workbook(path)
        self.sheet = self.book["โครงการ"]
        self.top = next(n for n in range(1, 20) if self.sheet.cell(n, 2).value == NAME)
        self.columns = {cell.value: cell.column for cell in self.sheet[self.top]}

    def type(self, row, **texts):
        for heading, text in texts.items():
            heading = NAME if heading == "name" else heading.replace("_", " ")
            heading = f"งบประมาณ ปี {heading[1:]} (บาท)" if heading.startswith("y2") else heading
            self.sheet.cell(self.top + row, self.columns[heading]).value = text

    @property
    def filled(self):
        """How many rows have a name."""
        return sum(bool(self.sheet.cell(n, 2).value) for n in range(self.top + 1, self.sheet.max_row + 1))

    def send(self, page):
        self.book.save(self.path)
        page.get_by_label("ไฟล์ Excel (.xlsx) ที่กรอกแล้ว").set_input_files(self.path)
        page.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()


def downloaded(page, link, path):
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    download.value.save_as(path)
    return Form(path)


def confirm(page, count):
    page.get_by_role("button", name=re.compile(f"ยืนยันบันทึก {count} แถว")).click()
    expect(page.get_by_text(re.compile(rf"แล้ว {count} รายการ"))).to_be_visible()


def test_projects_by_excel_with_bad_rows_mended(signed_in, shoot, tmp_path):
    page = signed_in()
    page.goto("/projects/")
    page.get_by_role("link", name="กรอกด้วย Excel").click()
    form = downloaded(page, "ดาวน์โหลดแบบฟอร์ม", tmp_path / "form.xlsx")
    known = form.filled
    form.type(1, หมายเหตุ="แก้ใน Excel ของเบราว์เซอร์")
    kind = {"ประเภทงาน": "กิจกรรม", "มิติหลัก": "3"}
    form.type(known + 2, name="เปิดบ้านให้ชาวบ้านดูบัญชี", y2562="๑๒,๐๐๐ บาท", **kind)
    form.type(known + 4, name="ตู้รับเรื่องหน้าที่ว่าการ", y2563="หมื่นสอง", **kind)
    form.send(page)
    expect(page.get_by_text("บันทึกได้ 2 แถว · ต้องแก้ไข 1 แถว")).to_be_visible()
    problem = page.get_by_role("table").first.get_by_role("row").nth(1)
    for words in ("โครงการ", "งบประมาณ ปี 2563 (บาท)", "หมื่นสอง", "กรุณาพิมพ์เป็นตัวเลข"):
        expect(problem).to_contain_text(words)
    shoot(page, "preview")
    confirm(page, 2)

    mended = downloaded(page, "ดาวน์โหลดแถวที่ต้องแก้ไข", tmp_path / "mended.xlsx")
    assert mended.filled == 1
    mended.type(1, y2563=12000)
    page.get_by_role("link", name="เริ่มใหม่").click()
    mended.send(page)
    confirm(page, 1)
    page.goto("/projects/")
    for name in ("เปิดบ้านให้ชาวบ้านดูบัญชี", "ตู้รับเรื่องหน้าที่ว่าการ"):
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("12,000 บาท")


def test_a_table_of_word_is_pasted(signed_in, shoot):
    page = signed_in(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/projects/")
    page.get_by_role("link", name="วางจาก Word/Excel").click()
    box = page.get_by_label("วางตารางโครงการจาก Word หรือ Excel ที่นี่")
    page.evaluate(
        """html => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob([html], {type: "text/html"}),
            "text/plain": new Blob(["x"], {type: "text/plain"})})])""",
        WORD,
    )
    box.click()
    page.keyboard.press("Control+V")
    expect(box).to_have_value(re.compile('๑\\.\t"โครงการวางจากเวิร์ด\nรุ่นที่ ๑"\t25,000\\.-\t-\n'))
    shoot(page, "pasted")
    page.get_by_role("button", name="ตรวจสิ่งที่วาง").click()
    expect(page.get_by_text("บันทึกได้ 2 แถว · ต้องแก้ไข 0 แถว")).to_be_visible()
    shoot(page, "preview")
    confirm(page, 2)
    page.goto("/projects/")
    row = page.get_by_role("row").filter(has_text="โครงการวางจากเวิร์ด รุ่นที่ ๑")
    expect(row).to_contain_text("ปี 2561: 25,000 บาท")
    expect(row).to_contain_text("มิติที่ 2")
