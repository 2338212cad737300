"""Thai text: how what people type is tidied, how digits are read and how names are put in order.

Everything here works on plain strings and knows nothing of Django. Characters are written by code point
wherever the eye could not tell them apart.
"""

import re
import unicodedata

_TONE_MARKS = "\u0e48-\u0e4b"

# Zero-width and direction marks, soft hyphen, BOM, control characters other than white space, halves of
# surrogate pairs and non-characters: none is seen, and PostgreSQL or XML refuses several of them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
# Some keyboards and PDF readers give สระอำ as nikhahit and สระอา, the tone mark before, between or nowhere.
_ABBREVIATION = re.compile("[ก-ฮ]{1,3}\\.")
_SPLIT_SARA_AM = re.compile(f"\u0e4d([{_TONE_MARKS}]*)\u0e32")
_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")

_THAI_DIGITS = {ord("๐") + n: str(n) for n in range(10)}
_ANY_DIGITS = _THAI_DIGITS | {ord("０") + n: str(n) for n in range(10)}

_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
# Tone marks, ็ ์, nikhahit, phinthu and yamakkan decide only between words that are otherwise the same.
_SECOND_LEVEL = dict.fromkeys([0x0E47, *range(0x0E48, 0x0E4C), 0x0E4C, 0x0E4D, 0x0E3A, 0x0E4E])


def clean_line(text: str) -> str:
    """`text` as one tidy line.

    Invisible characters are dropped; every kind of space and line break becomes one plain space; สระอำ in two
    code points becomes one, two สระเอ become สระแอ; composed as NFC, never NFKC (which would split สระอำ).
    """
    return _SPACES.sub(" ", _composed(text)).strip()


def clean_text(text: str) -> str:
    r"""`text` tidied like `clean_line`, line by line: line breaks stay, as \n."""
    lines = _LINE_END.sub("\n", _composed(text)).split("\n")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


def _composed(text: str) -> str:
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _SPLIT_SARA_AM.sub("\\1\u0e33", visible).replace("เเ", "แ")


def joined(word: str, name: str) -> str:
    """`word` and the `name` that it speaks of, as one writes them: with a space only before an abbreviation."""
    return f"{word} {name}" if _ABBREVIATION.match(name) else f"{word}{name}"


def arabic_digits(text: str) -> str:
    """`text` with Thai (๐-๙) and full-width (０-９) digits as 0-9."""
    return text.translate(_ANY_DIGITS)


def thai_key(text: str) -> str:
    """The key that puts `text` in Thai dictionary order when keys are compared by code point.

    The database function `thai_key(text)` follows the same rule, and a test holds the two together: leading
    vowels stand behind their consonant, Thai digits count as Arabic, capitals as small letters, and tone marks
    and their like decide last.
    """
    full = _LEADING_VOWEL.sub(r"\2\1", _lowered(text).translate(_THAI_DIGITS))
    return f"{full.translate(_SECOND_LEVEL)}\x01{full}"


def thai_loose(text: str) -> str:
    """`text` as it is searched: without tone marks and the small signs above and below, digits Arabic, small letters.

    Whoever looks for "ทองถิน" finds "ท้องถิ่น". The database function `thai_loose(text)` follows the same rule.
    """
    return _lowered(text).translate(_THAI_DIGITS).translate(_SECOND_LEVEL)


def _lowered(text: str) -> str:
    # Letter by letter, first code point only: this is how PostgreSQL lowers, without Python's rules for İ and ς.
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)
