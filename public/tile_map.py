"""A map of the 77 provinces as tiles of one size, drawn on the server: no border is claimed, none is too small to hit.

The grid is our own; it keeps who lies north, south, east and west of whom as far as squares allow.
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

GRID = """
.. .. 57 .. .. .. .. ..
58 50 56 55 .. .. .. ..
.. 51 52 54 42 43 38 ..
.. 64 53 .. 39 41 47 48
63 62 65 67 40 44 46 49
61 60 66 36 45 35 37 ..
18 17 16 30 31 32 33 34
72 15 19 26 25 27 .. ..
71 73 14 13 24 .. .. ..
70 74 12 10 11 20 .. ..
76 75 .. .. .. 21 22 23
77 .. .. .. .. .. .. ..
85 86 .. .. .. .. .. ..
82 84 .. .. .. .. .. ..
83 81 80 .. .. .. .. ..
.. 92 93 .. .. .. .. ..
.. 91 90 94 .. .. .. ..
.. .. .. 95 96 .. .. ..
"""
# The provinces' official abbreviations, by code.
SHORT_NAMES = (
    "10 กทม|11 สป|12 นบ|13 ปท|14 อย|15 อท|16 ลบ|17 สห|18 ชน|19 สบ|20 ชบ|21 รย|22 จบ|23 ตร|24 ฉช|25 ปจ|"
    "26 นย|27 สก|30 นม|31 บร|32 สร|33 ศก|34 อบ|35 ยส|36 ชย|37 อจ|38 บก|39 นภ|40 ขก|41 อด|42 ลย|43 นค|"
    "44 มค|45 รอ|46 กส|47 สน|48 นพ|49 มห|50 ชม|51 ลพ|52 ลป|53 อต|54 พร|55 นน|56 พย|57 ชร|58 มส|60 นว|"
    "61 อน|62 กพ|63 ตก|64 สท|65 พล|66 พจ|67 พช|70 รบ|71 กจ|72 สพ|73 นฐ|74 สค|75 สส|76 พบ|77 ปข|80 นศ|"
    "81 กบ|82 พง|83 ภก|84 สฎ|85 รน|86 ชพ|90 สข|91 สต|92 ตง|93 พท|94 ปน|95 ยล|96 นธ"
)
SHORT = dict(entry.split() for entry in SHORT_NAMES.split("|"))
ROWS = [row.split() for row in GRID.split("\n") if row]
PLACES = {code: (x, y) for y, row in enumerate(ROWS) for x, code in enumerate(row) if code != ".."}
SIZE = 48  # of a tile with the gap beside it, in units of the drawing
# A level is a shape as well as a colour: up, level, down, and a dot for none.
SHAPES = {
    "HIGH": ("high", "M34 20l5-9 5 9z"),
    "MEDIUM": ("medium", "M34 12h9v7h-9z"),
    "LOW": ("low", "M34 11l5 9 5-9z"),
    None: ("none", "M37 15h3v2h-3z"),
}


class Tile(NamedTuple):
    """A province: its code, the address it leads to, its level (None for none), and what is said of it: `figure`, a
    number, on the tile, `words` to those who point at it or can't see it."""

    code: str
    address: str
    level: str | None
    figure: str
    words: str


class TileMap(NamedTuple):
    """A map that is drawn where the template says so: its title, its tiles, and what the levels are called, pairs of
    (level, word)."""

    title: str
    tiles: Iterable[Tile]
    names: Iterable[tuple[str | None, str]]

    @property
    def drawing(self) -> SafeString:
        """The map itself; each tile is a link, in the order in which they lie from north to south."""
        known = {tile.code: tile for tile in self.tiles}
        drawn = "".join(_tile(known[code], x, y) for code, (x, y) in PLACES.items() if code in known)
        return format_html(
            '<svg class="tile-map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
            len(ROWS[0]) * SIZE, len(ROWS) * SIZE, self.title, mark_safe(drawn),  # noqa: S308  each has escaped its words
        )  # fmt: skip

    @property
    def legend(self) -> SafeString:
        """What the shapes mean."""
        entry = '<li><svg class="tile-patch" viewBox="29 5 20 20" aria-hidden="true">{}</svg> {}</li>'
        entries = ((_mark(level), word) for level, word in self.names)
        return format_html('<ul class="legend">{}</ul>', format_html_join("", entry, entries))


def _tile(tile, x, y):
    """Put together by hand: `format_html` would look at each of six hundred pieces, of which only words need it."""
    words = escape(tile.words)
    return (
        f'<a href="{tile.address}" class="tile tile-{SHAPES[tile.level][0]}"'
        f' transform="translate({x * SIZE} {y * SIZE})" aria-label="{words}"><title>{words}</title>'
        f'<rect x="1" y="1" width="46" height="46" rx="5"/>{_mark(tile.level)}'
        f'<text x="6" y="22">{SHORT[tile.code]}</text><text class="tile-figure" x="6" y="40">{tile.figure}</text></a>'
    )


def _mark(level):
    kind, shape = SHAPES[level]
    return mark_safe(f'<path class="tile-mark tile-mark-{kind}" d="{shape}"/>')  # noqa: S308  our own drawing
