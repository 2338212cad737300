"""Which names of projects are so alike that one may be the other. Pure functions of plain values.

Names are compared by what is left of them without the words that every other project begins with, without years, spaces
and signs; then by the share of their trigrams (runs of three letters), which finds slips of the pen and added words.
"""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from eplan.thai import arabic_digits, clean_line

ALIKE_FROM = 0.65  # the share of trigrams in common; below it even clerks say that these are two
MOST_SHOWN = 5

_FIRST_WORDS = re.compile(r"(?:(?:โครงการ|กิจกรรม|มาตรการ|แนว(?:ทาง)?ปฏิบัติ(?:งาน)?)[\s/:]*)+")
_YEAR = r"(?:25|26)[0-9]{2}"
_OF_YEAR = re.compile(rf"(?:ประจำ)?ปี\s*(?:งบประมาณ)?\s*(?:พ\.?\s*ศ\.?)?\s*{_YEAR}(?:\s*[-–]\s*{_YEAR})?")
_SIGNS = re.compile(r"[^0-9a-zก-๎]")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Alike(Generic[Key]):
    """A known name that is alike: whose it is, and whether nothing that counts tells the two apart."""

    key: Key
    name: str
    same: bool


def essence(name: str) -> str:
    """What tells the `name` of a project from others; two names with the same essence are one and the same."""
    plain = _OF_YEAR.sub(" ", arabic_digits(clean_line(name)).lower())
    return _SIGNS.sub("", _FIRST_WORDS.sub("", plain.strip(), count=1)) or _SIGNS.sub("", plain)


class Names(Generic[Key]):
    """The names that are known, each under the key of whose it is."""

    def __init__(self, names: Iterable[tuple[Key, str]] = ()) -> None:
        self._known: list[tuple[Key, str, str, frozenset[str]]] = []
        for key, name in names:
            self.add(key, name)

    def add(self, key: Key, name: str) -> None:
        """Make one more name known."""
        plain = essence(name)
        self._known.append((key, name, plain, _trigrams(plain)))

    def alike(self, name: str) -> list[Alike[Key]]:
        """Those of the known names that `name` may be the same as, the most alike first, at most `MOST_SHOWN`."""
        plain = essence(name)
        mine = _trigrams(plain)
        found = [(_share(mine, theirs), key, known, plain == other) for key, known, other, theirs in self._known]
        found = sorted((one for one in found if one[0] >= ALIKE_FROM), key=lambda one: -one[0])
        return [Alike(key, known, same) for _, key, known, same in found[:MOST_SHOWN]]


def _trigrams(plain: str) -> frozenset[str]:
    padded = f"  {plain} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    few, many = sorted((len(mine), len(theirs)))
    if few < ALIKE_FROM * many:  # then not even all of the shorter one would do
        return 0.0
    common = len(mine & theirs)
    return common / (len(mine) + len(theirs) - common)
