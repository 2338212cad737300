"""What holds of names, codes and passwords: pure functions of plain values."""

import re
import unicodedata
from collections.abc import Mapping

from eplan.thai import arabic_digits, clean_line, thai_loose

# Crockford's base 32: digits and capitals without I, L, O and U, so that nothing is mistaken in a printed letter.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # × 5 bits = 60 bits
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_NOT_IN_CODE = re.compile(r"[\s\u2010-\u2015_.-]")

LEAST_PASSWORD = 8
_SHORTEST_FACT = 4
# \w does not match Thai vowel and tone marks.
_PUNCTUATION = re.compile(r"[^\w\u0e30-\u0e4e]+")
_PHONE = re.compile(r"[0-9][0-9 -]{5,}[0-9]")


def tidy_username(text: str) -> str:
    """A user name as it is stored: NFKC, Arabic digits; spaces and dashes inside an LAO's code are dropped."""
    name = unicodedata.normalize("NFKC", arabic_digits(clean_line(text)))
    code = re.sub("[ -]", "", name)
    return code if code.isascii() and code.isdigit() else name


def tidy_code(text: str) -> str:
    """A one-time code as it was printed, without its dashes, however it was typed.

    Small letters, O for 0, I or L for 1, spaces, dashes, Thai and full-width digits are forgiven.
    """
    typed = unicodedata.normalize("NFKC", arabic_digits(clean_line(text))).upper()
    return _NOT_IN_CODE.sub("", typed).translate(_FORGIVEN)


def in_groups(code: str) -> str:
    """A one-time code as it is shown: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def phone_numbers(text: str) -> list[str]:
    """The numbers in a telephone field such as "075-681111 ต่อ 12, 081-2345678", digits only."""
    return [re.sub("[ -]", "", number) for number in _PHONE.findall(arabic_digits(text))]


def fact_that_is_most_of(password: str, facts: Mapping[str, str]) -> str | None:
    """The label of the fact (label → text) without which too little of `password` would be left; None if there is none.

    Too little is less than a password may have. Letters' case, kind of digits and punctuation make no difference.
    """
    plain = _plain(password)
    for label, fact in facts.items():
        known = _plain(fact)
        if len(known) < _SHORTEST_FACT:
            continue
        if known in plain and len(plain.replace(known, "")) < LEAST_PASSWORD:
            return label
    return None


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", arabic_digits(clean_line(text)).casefold()).replace("_", "")


# Claims of accounts that nobody has confirmed yet, in 24 hours: more than a training room, or than a day of the nation.
UNUSUAL_FROM_ADDRESS = 10
UNUSUAL_IN_ALL = 300


def is_unusual(*, of_address: int, of_all: int) -> bool:
    """Whether so many claims in a day, from one network address and in all, should be looked at."""
    return of_address >= UNUSUAL_FROM_ADDRESS or of_all >= UNUSUAL_IN_ALL


# How people write kinds and places, and how the register has them. A dot after one of these is optional …
_WRITTEN_OUT = [
    (re.compile(r"(?:องค์การบริหารส่วนตำบล|อบต\.?)(.*)"), "อบต."),
    (re.compile(r"(?:องค์การบริหารส่วนจังหวัด|อบจ\.?)(.*)"), "อบจ."),
    (re.compile(r"ตำบล(.*)"), ""),
    # … and after one of these it is not, unless the word is that alone: there is an อบต.ทมนางาม.
    (re.compile(r"ทต(?:\.(.*)|$)"), "เทศบาลตำบล"),
    (re.compile(r"ทม(?:\.(.*)|$)"), "เทศบาลเมือง"),
    (re.compile(r"ทน(?:\.(.*)|$)"), "เทศบาลนคร"),
    (re.compile(r"อ\.(.*)"), "อำเภอ"),
    (re.compile(r"จ\.(.*)"), "จังหวัด"),
    (re.compile(r"ต\.(.*)"), ""),
    (re.compile(r"กทม\.?(.*)"), "กรุงเทพมหานคร"),
]
_ANY_MUNICIPALITY = re.compile(r"(เทศบาล)(?!ตำบล|เมือง|นคร)(.+)")


def search_words(text: str) -> list[str]:
    """The words to look for when `text` was typed into the search for an LAO, as the register writes them."""
    typed = arabic_digits(clean_line(text)).translate(str.maketrans(",", " "))
    words = [part for word in typed.split() for part in _ANY_MUNICIPALITY.sub(r"\1 \2", word).split()]
    # A tone mark by itself would be found everywhere.
    return [written for word in words if thai_loose(written := _as_written(word))]


def _as_written(word: str) -> str:
    for pattern, start in _WRITTEN_OUT:
        found = pattern.fullmatch(word)
        if found:
            return start + (found[1] or "")
    code = word.replace("-", "")
    return code if code.isascii() and code.isdigit() else word


_OFFICER_NAME = re.compile(r"[A-Za-z0-9._@+-]{3,150}")


def username_fault(username: str) -> str | None:
    """What is wrong with a name for an officer's account, in Thai, or None."""
    if not _OFFICER_NAME.fullmatch(username):
        return "ใช้อักษรอังกฤษ ตัวเลข จุด หรือขีด อย่างน้อย 3 ตัวอักษร"
    if re.fullmatch("[0-9]{7}", username):
        return "ตัวเลข 7 หลักใช้เป็นชื่อบัญชีของ อปท. เท่านั้น"
    return None


# Who answers for an LAO, as a letter begins: by the value of its kind.
_HEADS = {
    "PROVINCIAL": "นายกองค์การบริหารส่วนจังหวัด{}",
    "CITY": "นายกเทศมนตรีนคร{}",
    "TOWN": "นายกเทศมนตรีเมือง{}",
    "SUBDISTRICT_MUNICIPALITY": "นายกเทศมนตรีตำบล{}",
    "SUBDISTRICT_ORGANIZATION": "นายกองค์การบริหารส่วนตำบล{}",
    "PATTAYA": "นายกเมืองพัทยา",
    "BANGKOK": "ผู้ว่าราชการกรุงเทพมหานคร",
}


def head_of(kind: str, name: str) -> str:
    """The office of the person who heads an LAO of that kind and name."""
    return _HEADS[kind].format(name)


def office_address(number: str, moo: str, subdistrict: str, district: str, province: str, postal_code: str) -> str:
    """The address of an office out of what the register knows of it, as one writes it; "" where it knows no more than
    the place.

    A `subdistrict` is one, or "" where the organisation covers several.
    """
    if not (number or moo or postal_code):
        return ""
    named = {"เลขที่": number, "หมู่ที่": moo}
    first = [text if text.startswith(word) else f"{word} {text}" for word, text in named.items() if text]
    capital = province == "กรุงเทพมหานคร"
    words = ("แขวง", "เขต", "") if capital else ("ตำบล", "อำเภอ", "จังหวัด")
    places = [f"{word}{name}" for word, name in zip(words, (subdistrict, district, province), strict=True) if name]
    return " ".join([*first, *places, postal_code]).strip()
