"""What can be done to an account, by the word in its address: what it is called, what it means, and its action."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lao import actions


class Deed(NamedTuple):
    """`act` takes `by`, `account` and what is `said`, a `Said`. It gives a code to be shown once, or None.

    With `wants_reason` the officer must say why.
    """

    label: str
    done: str
    act: Callable
    danger: bool = False
    wants_reason: bool = False


class Said(NamedTuple):
    """When the account was claimed, as the page showed it; a function that makes the address under which an officer
    sets a password; the reason, and the one-time token of the form it was typed into."""

    seen: str
    link: Callable
    reason: str = ""
    token: UUID | None = None


def _seen(text):
    """The moment that the page showed; text of other makings is no moment at which any account was claimed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise actions.AccountMovedError from error
    if moment.tzinfo is None:
        raise actions.AccountMovedError
    return moment


DEEDS = {
    "confirm": Deed(
        "ยืนยันการลงทะเบียน",
        "ยืนยันการลงทะเบียนแล้ว ข้อมูลของ อปท. เผยแพร่และนับในตารางสรุปแล้ว",
        lambda by, account, said: actions.confirm_claim(by=by, account_id=account.pk, claimed_at=_seen(said.seen)),
    ),
    "revoke": Deed(
        "เพิกถอนการลงทะเบียน",
        "เพิกถอนการลงทะเบียนแล้ว บัญชีกลับเป็นบัญชีที่ยังไม่เคยเข้าใช้",
        lambda by, account, said: actions.revoke_claim(by=by, account_id=account.pk, claimed_at=_seen(said.seen)),
        danger=True,
    ),
    "code": Deed(
        "ออกรหัสตั้งรหัสผ่านใหม่",
        "",
        lambda by, account, said: actions.issue_reset_code(by=by, account_id=account.pk),
    ),
    "dismiss": Deed(
        "ปิดคำขอรหัสผ่านใหม่",
        "ปิดคำขอแล้ว",
        lambda by, account, said: actions.close_request(by=by, account_id=account.pk),
    ),
    "hand-over": Deed(
        "เปลี่ยนผู้ประสานงาน",
        "",
        lambda by, account, said: actions.hand_over(by=by, account_id=account.pk),
        danger=True,
    ),
    "letter": Deed(
        "พิมพ์หนังสือแจ้งรหัสเปิดใช้งาน",
        "",
        lambda by, account, said: actions.issue_activation_codes(by=by, users=[account]),
    ),
    "link": Deed(
        "ส่งลิงก์ตั้งรหัสผ่าน",
        "ส่งลิงก์ตั้งรหัสผ่านทางอีเมลแล้ว",
        lambda by, account, said: actions.invite_officer(by=by, officer=account, link=said.link(account)),
    ),
    "unpair": Deed(
        "ล้างการยืนยันตัวตนสองขั้นตอน",
        "ล้างการยืนยันตัวตนสองขั้นตอนแล้ว และแจ้งเจ้าของบัญชีทางอีเมล",
        lambda by, account, said: actions.reset_second_factor(
            by=by, account=account, reason=said.reason, token=said.token
        ),
        danger=True,
        wants_reason=True,
    ),
    "unlock": Deed(
        "ปลดการรอ",
        "ปลดการรอแล้ว ลองเข้าสู่ระบบได้ทันที",
        lambda by, account, said: actions.unlock(by=by, account_id=account.pk),
    ),
    "close": Deed(
        "ระงับการใช้งาน",
        "ระงับการใช้งานบัญชีแล้ว",
        lambda by, account, said: actions.set_active(by=by, account_id=account.pk, active=False),
        danger=True,
    ),
    "open": Deed(
        "เปิดการใช้งานอีกครั้ง",
        "เปิดการใช้งานบัญชีแล้ว",
        lambda by, account, said: actions.set_active(by=by, account_id=account.pk, active=True),
    ),
}
EXPLAINED = {
    "confirm": [
        "โทรถึงสำนักงานของ อปท. ตามหมายเลขที่สำนักงาน ป.ป.ช. มีอยู่เดิม ไม่ใช่หมายเลขที่ผู้ลงทะเบียนกรอก",
        "สอบถามว่าหน่วยงานเป็นผู้ลงทะเบียนจริง",
        "เมื่อยืนยันแล้ว ข้อมูลที่ อปท. บันทึกจะเผยแพร่ต่อประชาชนและนับในตารางสรุปทันที",
    ],
    "revoke": [
        "ใช้เมื่อผู้ลงทะเบียนไม่ใช่ อปท. ผู้ที่ใช้งานอยู่จะหลุดจากระบบทันที รหัสผ่านและรหัสทุกชนิดใช้ไม่ได้อีก ข้อมูลผู้ประสานงานถูกล้าง",
        "โครงการและรายงานที่บันทึกไว้ยังเก็บอยู่ แต่ไม่เผยแพร่และไม่นับในตารางสรุป จนกว่าจะมีการลงทะเบียนใหม่ที่ได้รับการยืนยัน",
        "บัญชีกลับเป็นบัญชีที่ยังไม่เคยเข้าใช้ ให้ อปท. ลงทะเบียนใหม่ได้",
    ],
    "code": [
        "โทรกลับตามหมายเลขของหน่วยงาน และแน่ใจว่าผู้รับสายคือผู้ประสานงาน จึงกดออกรหัสแล้วอ่านให้ฟัง",
        "รหัสสุ่มโดยระบบ แสดงครั้งเดียว ใช้ได้ครั้งเดียวภายใน 30 นาที รหัสที่ออกไว้ก่อนใช้ไม่ได้อีก รหัสผ่านเดิมยังใช้ได้จนกว่าจะตั้งใหม่",
    ],
    "dismiss": ["คำขอจะหายไปจากรายการโดยไม่ออกรหัส ผู้ขอขอใหม่ได้"],
    "hand-over": [
        "ใช้เมื่อ อปท. เปลี่ยนผู้ประสานงาน ผู้ที่ใช้งานอยู่จะหลุดจากระบบ รหัสผ่านเดิมใช้ไม่ได้อีก ข้อมูลผู้ประสานงานและอีเมลเดิมถูกล้าง",
        "ระบบออกรหัสให้อ่านแก่ผู้ประสานงานใหม่ ใช้ตั้งรหัสผ่านได้ครั้งเดียวภายใน 30 นาที หลังเข้าสู่ระบบ หน้าแรกจะให้กรอกอีเมลใหม่",
        "โครงการ รายงาน และผลทั้งหมดคงเดิม",
    ],
    "letter": ["ระบบออกรหัสใหม่และแสดงหนังสือให้พิมพ์ครั้งเดียว รหัสในหนังสือฉบับก่อนใช้ไม่ได้อีก"],
    "link": ["ระบบส่งลิงก์ไปที่อีเมลของเจ้าหน้าที่ ใช้ได้ครั้งเดียวภายใน 1 ชั่วโมง"],
    "unpair": [
        "ใช้เมื่อเจ้าหน้าที่ทำโทรศัพท์หายและไม่มีรหัสสำรอง โทรกลับตามหมายเลขของหน่วยงานให้แน่ใจว่าเป็นเจ้าตัวก่อน",
        "ผู้ที่ใช้งานอยู่จะหลุดจากระบบทันที รหัสจากแอปเดิมและรหัสสำรองใช้ไม่ได้อีก รหัสผ่านคงเดิม ระบบแจ้งเจ้าของบัญชีและเก็บเหตุผลไว้ในประวัติ",
    ],
    "unlock": ["ใช้เมื่อเจ้าของบัญชีใส่รหัสผิดหลายครั้งจนต้องรอ และโทรมายืนยันตัวแล้ว"],
    "close": ["ผู้ที่ใช้งานอยู่จะหลุดจากระบบทันที และเข้าสู่ระบบไม่ได้จนกว่าจะเปิดอีกครั้ง ข้อมูลคงเดิม"],
    "open": ["เจ้าของบัญชีเข้าสู่ระบบด้วยรหัสผ่านเดิมได้อีก"],
}
