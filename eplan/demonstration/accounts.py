"""The accounts of the demonstration that are ready to be tried. They open made-up data only."""

from lao.models import User

# One password for every account that has one: long enough for the rules, quick to type on a Thai keyboard.
PASSWORD = "sathit2562"  # noqa: S105 - printed on purpose

UNCLAIMED_CODE = "5810501"  # recorded by whoever tries the system: it has a plan, and no project yet
CLAIMED_CODE = "6810507"

OFFICERS = (
    {"username": "nacc.krabi", "role": User.Role.PROVINCE, "province_id": "81", "name": "เจ้าหน้าที่สาธิต ป.ป.ช. กระบี่"},
    {"username": "nacc.region8", "role": User.Role.REGION, "region_id": 8, "name": "เจ้าหน้าที่สาธิต ป.ป.ช. ภาค 8"},
    {"username": "nacc.central", "role": User.Role.CENTRAL, "name": "เจ้าหน้าที่สาธิต ป.ป.ช. ส่วนกลาง"},
)
_AREAS = {
    User.Role.PROVINCE: "จังหวัดกระบี่",
    User.Role.REGION: "ป.ป.ช. ภาค 8",
    User.Role.CENTRAL: "ทั่วประเทศ",
}


def email_of(username):
    """The made-up e-mail address of an account; example.go.th receives no mail."""
    return f"sathit-{username}@example.go.th"


def ready_accounts():
    """At least one account per role, as dicts of `role`, `username`, `password`, `area` and `note` (all strings)."""
    clerks = [
        {
            "role": "LAO",
            "username": UNCLAIMED_CODE,
            "password": "",
            "area": "เทศบาลตำบลแหลมสัก อำเภออ่าวลึก จังหวัดกระบี่",
            "note": "ยังไม่เคยเข้าใช้: เข้าสู่ระบบโดยไม่ต้องกรอกรหัสผ่าน มีแผนแล้วแต่ยังไม่มีโครงการ",
        },
        {
            "role": "LAO",
            "username": CLAIMED_CODE,
            "password": PASSWORD,
            "area": "อบต.เขาใหญ่ อำเภออ่าวลึก จังหวัดกระบี่",
            "note": f"เข้าใช้แล้ว มีโครงการและรายงานผล อีเมล {email_of(CLAIMED_CODE)}",
        },
    ]
    return clerks + [
        {
            "role": str(officer["role"]),
            "username": officer["username"],
            "password": PASSWORD,
            "area": _AREAS[officer["role"]],
            "note": officer["name"],
        }
        for officer in OFFICERS
    ]
