"""Carrying what was typed through a sign-in: a save that met an ended session is made after it.

It travels in the sign-in form itself, signed, and is kept nowhere; passwords are left out.
"""

from django.contrib import messages
from django.core import signing

from eplan.errors import resend
from eplan.forms import typed_fields

SALT = "eplan.carrying"
LONGEST = 24 * 60 * 60  # seconds
OF_ANOTHER = "ข้อมูลที่กรอกค้างไว้เป็นของอีกบัญชีหนึ่ง จึงไม่ได้บันทึกในบัญชีนี้ เมื่อเข้าสู่ระบบด้วยบัญชีเดิม ระบบจะเสนอคืนให้"


def carried_from(request):
    """What the form that `request` posts says and where it goes, as text for a hidden field."""
    fields, password_left_out = typed_fields(request.POST)
    said = {
        "to": request.get_full_path(),
        "account": request.POST["form_account"],
        "fields": fields,
        "password_left_out": password_left_out,
    }
    return signing.dumps(said, salt=SALT, compress=True)


def send_again(request, carried):
    """The page that saves what was `carried` through the sign-in, or None where there is nothing of this account's."""
    try:
        said = signing.loads(carried or "", salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return None
    if said["account"] != request.user.mark:
        messages.warning(request, OF_ANOTHER)
        return None
    return resend(
        request,
        (said["fields"], said["password_left_out"]),
        address=said["to"],
        title="เข้าสู่ระบบแล้ว บันทึกข้อมูลที่กรอกไว้",
        sentence="ข้อมูลที่กรอกยังอยู่ครบ กดปุ่มเพื่อบันทึก",
        button="บันทึก",
        send_now=True,
    )
