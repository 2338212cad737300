"""จัดการระบบ: what there is to administer, by role."""

from typing import NamedTuple

from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from lao.access import for_roles
from lao.models import User

TITLE = "จัดการระบบ"
TRAIL = [("หน้าแรก", reverse_lazy("home")), (TITLE, reverse_lazy("manage"))]
CENTRAL = (User.Role.CENTRAL,)
OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)


class Entry(NamedTuple):
    """One page of the administration: its address by name, what it is called and is for, and whom it is open to."""

    url_name: str
    label: str
    purpose: str
    roles: tuple[str, ...]


ENTRIES = [
    Entry("periods", "ช่วงแผน มิติ และเกณฑ์ระดับ", "ปีของแผน ชื่อมิติ เกณฑ์ระดับ และการสร้างแผนให้ อปท.", CENTRAL),
    Entry("rounds", "รอบการรายงาน", "กำหนดและแก้ไขวันเปิดและปิดรับรายงานรอบ 6 และ 12 เดือน", CENTRAL),
    Entry("extensions", "การขยายเวลา", "อปท. และจังหวัดที่ได้ขยายเวลารายงาน ถึงเมื่อใด เพราะเหตุใด", OFFICERS),
    Entry("register", "ทะเบียน อปท.", "นำเข้าทะเบียนฉบับใหม่ เพิ่ม อปท. และเปลี่ยนรหัสหลังยกฐานะ", CENTRAL),
    Entry("accounts", "บัญชีผู้ใช้งาน", "ยืนยันการลงทะเบียนใหม่ ออกรหัสตั้งรหัสผ่าน เปลี่ยนผู้ประสานงาน ระงับบัญชี และบัญชีเจ้าหน้าที่", OFFICERS),
    Entry("letters", "หนังสือแจ้งรหัสเปิดใช้งาน", "ออกรหัสเปิดใช้งานของ อปท. ที่ยังไม่เคยเข้าใช้ และพิมพ์หนังสือรายจังหวัด", OFFICERS),
    Entry("audit", "ประวัติการเปลี่ยนแปลงข้อมูล", "ใครทำอะไร เมื่อใด ก่อนและหลังเป็นอย่างไร (audit trail)", OFFICERS),
]


@require_safe
@for_roles(*OFFICERS)
def manage(request):
    """The pages of the administration that are open to this officer."""
    entries = [
        {"url": reverse(entry.url_name), "label": entry.label, "purpose": entry.purpose}
        for entry in ENTRIES
        if request.user.role in entry.roles
    ]
    context = {"trail": [*TRAIL[:1], (TITLE, "")], "title": TITLE, "area": request.user.area_name, "entries": entries}
    return render(request, "manage/index.html", context)
