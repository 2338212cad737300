"""What every template knows without being told."""

from functools import partial

from django.conf import settings


def site(request):
    """`site.contacts`, whom to call, and the sentences that stand on top of every page: `site.banners` for everyone,
    `site.own_banners` for who is signed in, asked for only where a page shows them."""
    banners = []
    if settings.EPLAN_MODE == "demonstration":
        banners.append("ระบบสาธิต ข้อมูลโครงการและรายงานทั้งหมดสมมติขึ้นเพื่อทดลองใช้งาน ไม่ใช่ข้อมูลจริง")
    if settings.EPLAN_FIRST_ENTRY == "open":
        banners.append("เปิดให้เข้าใช้ครั้งแรกโดยไม่ต้องใช้รหัสผ่าน")
    return {
        "site": {"contacts": settings.EPLAN_CONTACTS, "banners": banners, "own_banners": partial(_own_banners, request)}
    }


def _own_banners(request):
    if getattr(getattr(request, "user", None), "withheld_since", None):
        return [
            "รอสำนักงาน ป.ป.ช. ประจำจังหวัดโทรยืนยันการลงทะเบียน ระหว่างนี้ใช้งานได้ตามปกติ แต่ข้อมูลยังไม่เผยแพร่และยังไม่นับในตารางสรุป"
        ]
    return []
