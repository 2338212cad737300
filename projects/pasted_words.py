"""What the headings and cells of a pasted plan say, as plans are written in Word. Pure functions of plain values.

What can't be read is given back as it was typed, for the form of a project to refuse.
"""

import re
from collections.abc import Iterable, Sequence

from eplan.thai import arabic_digits, clean_line
from projects.rules import NO_BUDGET

SKIP = "-"  # what stands for a column that is known and not used
LONGEST_HEADING = 60

# What a heading says, without spaces; the first that fits decides. What is left of ปีงบประมาณ is ปี.
_HEADINGS = [
    (SKIP, r"ที่|ลำดับ(?:ที่)?|no\.?|#|ข้อ|เลขที่|รวม.*|เป้าหมาย"),
    (SKIP, r".*(?:ผู้รับผิดชอบ|หน่วยงาน|ตัวชี้วัด|kpi|สถานที่|ผลที่คาด|วิธีดำเนินการ|ประสงค์ดำเนินการ).*"),
    ("further", r".*มิติ.*(?:เพิ่มเติม|รอง|อื่น).*"),
    ("groups", r".*กลุ่มเป้าหมาย.*"),
    ("dimension", r"[^0-9]*(?:มิติ|สอดคล้อง|กรอบแนวทาง)[^0-9]*"),
    ("quarters", r"[^0-9]*ไตรมาส[^0-9]*"),
    ("budget", r"(?!ไม่)[^0-9]*(?:งบ|จำนวนเงิน|วงเงิน|\(บาท\)).*"),
    ("years", r"[^0-9]*(?:ปี|ระยะเวลา|ช่วงเวลา|พ\.ศ)[^0-9]*"),
    ("kind", r"(?:ประเภท|ลักษณะ).*"),
    ("objective", r".*(?:วัตถุประสงค์|เป้าประสงค์).*"),
    ("remark", r"หมายเหตุ.*"),
    ("name", r"(?:ชื่อ|รายการ|แผนงาน|โครงการ|กิจกรรม|มาตรการ|แนว(?:ทาง)?ปฏิบัติ(?:งาน)?|การดำเนินงาน|[/,&]|และ|หรือ)+"),
]
_YEAR = re.compile(r"(?<![0-9])2[56][0-9]{2}(?![0-9])")
_RANGE = re.compile(r"([0-9]{2,4})\s*(?:-|–|—|ถึง)\s*(?:ปี)?\s*(?:พ\.?\s*ศ\.?)?\s*([0-9]{2,4})")
_ONE = re.compile(r"[0-9]{2,4}")
_ALL_YEARS = re.compile(r"ทุกปี|ตลอด(?:ทั้ง)?แผน|ต่อเนื่องทุกปี|ทั้ง\s*[0-9]\s*ปี")
_AROUND_YEARS = re.compile(r"(?:ปี|งบประมาณ|พ\.?\s*ศ\.?|และ|ถึง|[\s,.\-–—/()])*")
_NUMBERING = re.compile(
    "^(?:[•●▪◦‣❖➢·*\uf0b7\uf0a7\uf0d8–—-]\\s*|[0-9]+(?:\\.[0-9]+)+\\s+|\\(?[0-9]+(?:\\.[0-9]+)*[.)]\\s*|ข้อ\\s*[0-9]+[.)]?\\s+)+"
)
_DIMENSION = re.compile(r"[0-9.)\s]*มิติ\s*(?:ที่)?\s*([0-9]+)")
_TOPIC = re.compile(r"[0-9]+(?:\.[0-9]+)+[.)]?\s|ภารกิจ")
_TOTAL = re.compile(r"(?:ยอด)?รวม(?:ทั้งสิ้น|ทั้งหมด|เป็นเงิน|เงิน|งบประมาณ|จำนวน|มิติ.*|\s*[0-9(].*)?")
_NO_BUDGET = re.compile(r"(?:ดำเนินการโดย)?ไม่(?:ได้)?(?:ใช้|มี|ตั้ง)(?:งบ.*|เงิน)?|[-–—]+")
_BAHT = re.compile(r"([0-9][0-9,.\s]*?)(?:\s*\.?\s*[-–—]+)?\s*(?:บาท)?\s*(?:/|ต่อ)?\s*(?:ปี)?")
_KINDS = [("แนวทางปฏิบัติ", "แนวปฏิบัติงาน"), ("แนวปฏิบัติ", "แนวปฏิบัติงาน")]
_GROUPS = {
    "EXECUTIVE_POLITICIANS": r"การเมืองฝ่ายบริหาร|ผู้บริหาร(?!สถานศึกษา)|นายก",
    "COUNCIL_POLITICIANS": r"ฝ่ายสภา|สมาชิกสภา",
    "LOCAL_STAFF": r"พนักงาน|ลูกจ้าง|บุคลากร|เจ้าหน้าที่|ข้าราชการ(?!การเมือง)",
    "YOUTH": r"เด็ก|เยาวชน|นักเรียน",
    "CITIZENS": r"ประชาชน|ประชาสังคม|ชุมชน|ผู้สูงอายุ",
    "SCHOOLS": r"สถานศึกษา|โรงเรียน",
    "STATE_AGENCIES": r"หน่วยงานภาครัฐ|หน่วยงานของรัฐ|ส่วนราชการ",
    "STATE_ENTERPRISES": r"รัฐวิสาหกิจ",
    "PRIVATE_BUSINESSES": r"เอกชน|ผู้ประกอบการ|ห้างร้าน",
}
# Ticks as fonts of signs leave them behind, beside those that Excel forms take.
_TICKS = {"✓", "✔", "√", "/", "x", "×", "☑", "✅", "ü", "þ", "\uf0fc", "\uf0fe", "ใช่", "●", "•", "*"}


def plain(text: str) -> str:
    """One tidy line with plain digits, small letters."""
    return arabic_digits(clean_line(text)).lower()


def heading_of(text: str, years: Sequence[int]) -> str | None:
    """What a column under this heading holds, as the key of a field or `SKIP`; None for what is no heading.

    A heading with one of the plan's `years` is "amount_" and the year, one with a single quarter "quarter_" and it.
    """
    said = re.sub(r"[\s*:]", "", plain(text)).replace("ปีงบประมาณ", "ปี")
    if not said or len(said) > LONGEST_HEADING:
        return None
    of_year = _YEAR.findall(said)
    if (len(of_year) == 1 and not said[0].isdecimal()) or said in map(str, years):
        year = int(of_year[0])
        return f"amount_{year}" if year in years and not re.search(r"โครงการ|กิจกรรม|มาตรการ", said) else None
    of_quarter = re.fullmatch(r"(?:ดำเนินการใน)?ไตรมาส(?:ที่)?([1-4])", said)
    if of_quarter:
        return f"quarter_{of_quarter[1]}"
    return next((key for key, pattern in _HEADINGS if re.fullmatch(pattern, said)), None)


def is_tick(text: str) -> bool:
    """Whether a cell is ticked, in whatever sign."""
    return plain(text) in _TICKS


def without_numbering(text: str) -> str:
    """A name as one line without the bullet or number in front of it."""
    line = clean_line(text)
    found = _NUMBERING.match(arabic_digits(line))
    return line[found.end() :] if found and found.end() < len(line) else line


def is_total(text: str) -> bool:
    """Whether a row that begins so adds up others."""
    return bool(_TOTAL.fullmatch(plain(without_numbering(text))))


def is_topic(text: str) -> bool:
    """Whether a line of its own is the title of a section, such as "1.1 การสร้างจิตสำนึก"."""
    return bool(_TOPIC.match(plain(text)))


def dimension_number(text: str) -> int | None:
    """The number in "มิติที่ 2 …" or in a plain "2"; None for anything else."""
    said = plain(text)
    found = _DIMENSION.match(said)
    if found:
        return int(found[1][:4])
    return int(said) if re.fullmatch(r"[0-9]{1,3}", said) else None


def years_in(text: str, years: Sequence[int]) -> list[int] | None:
    """The years that are named ("2561-2564", "2561, 2562", "61-64", "ทุกปี"), in or out of the plan's `years`.

    None for what names anything else.
    """
    said = plain(text)
    if _ALL_YEARS.fullmatch(said):
        return list(years)
    found: set[int] = set()
    for first, last in _RANGE.findall(said):
        if not 0 <= _full(last) - _full(first) <= 30:
            return None
        found |= set(range(_full(first), _full(last) + 1))
    rest = _RANGE.sub("", said)
    found |= set(map(_full, _ONE.findall(rest)))
    return sorted(found) if found and _AROUND_YEARS.fullmatch(_ONE.sub("", rest)) else None


def _full(year: str) -> int:
    return int(year) + (2500 if len(year) == 2 else 0)


def amount_in(text: str) -> str:
    """An amount as the form takes it ("25,000.-" is 25,000), the word for no budget, or the text as it is."""
    said = plain(text)
    if _NO_BUDGET.fullmatch(said):
        return NO_BUDGET
    found = _BAHT.fullmatch(said.removeprefix("ปีละ").strip())
    return found[1].replace(" ", "") if found else text


def kind_in(text: str, labels: Iterable[str]) -> str:
    """The one of `labels` with which a text begins, "" for none."""
    said = plain(without_numbering(text))
    words = [*_KINDS, *((label, label) for label in labels)]
    return next((label for word, label in words if said.startswith(word)), "")


def quarters_in(text: str) -> list[int] | None:
    """The quarters that are named ("1-4", "1, 3", "ทุกไตรมาส", "ตลอดปี"); None for what names anything else."""
    said = re.sub(r"ไตรมาส(?:ที่)?|q", "", plain(text)).strip()
    if re.fullmatch(r"ทุก|ตลอด(?:ทั้ง)?ปี|ทั้งปี|ทุก\s*ไตรมาส", said):
        return [1, 2, 3, 4]
    if not re.fullmatch(r"[1-4](?:\s*(?:-|–|ถึง|,|และ|/|\s)\s*[1-4])*", said):
        return None
    found = {int(number) for number in re.findall("[1-4]", said)}
    if re.search(r"-|–|ถึง", said):
        found = set(range(min(found), max(found) + 1))
    return sorted(found)


def groups_in(text: str) -> list[str]:
    """The target groups that are spoken of, as the values of `Project.TargetGroup`."""
    return [group for group, pattern in _GROUPS.items() if re.search(pattern, plain(text))]
