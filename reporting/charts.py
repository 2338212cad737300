"""Charts as SVG, drawn from plain values: nothing here knows of tables, requests or models.

A drawing is as wide as its place: what lies across is in per cent, what lies down in `em` of the drawing's own text, so
that letters keep their size on a phone and on paper. Colours are classes of `static/css/charts.css`; a number or a word
stands beside each. Whatever is said in words is escaped; lines and bars are put together by hand, because a
page has hundreds of them and `format_html` looks at each of their numbers.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# Across, in per cent of the width: names and bars; the rest is for what is said behind the longest bar. A phone has
# room for the longest name of a province.
NAMES, BARS = 18, 48
LONG_NAMES, SHORT_BARS = 34, 32
LINE = 2.0  # em from one row to the next
TALL = 11  # em, the height of columns
EDGE = 9  # per cent, where columns begin
FEW, SHORT_NAME = 8, 4  # so many columns have room for such names, a year's say
LONGEST = 26  # rows in one drawing, so that it fits on a page


class Part(NamedTuple):
    """A piece of a bar: the class of its colour, how much, what is said of it, and its name to those who can't see."""

    ink: str
    amount: float
    words: str = ""
    name: str = ""


class Bar(NamedTuple):
    """A row of a chart: its name, its pieces, and what stands behind it."""

    name: str
    parts: Sequence[Part]
    words: str = ""


def stacked(title: str, bars: Sequence[Bar], *, names: float = NAMES, width: float = BARS) -> list[SafeString]:
    """Bars whose pieces stand in one line, all to the scale of the longest; a piece with room carries its words.

    `names` and `width` are what names and the longest bar take of the whole, in per cent.
    """
    longest = max((sum(part.amount for part in bar.parts) for bar in bars), default=0)

    def row(bar, top):
        left = names
        for part in bar.parts:
            across = _share(part.amount, longest) * width
            if not across:
                continue
            yield _bar(part.ink, left, top + 0.3, across, 1.4)
            if across > 2.7 * len(part.words):
                yield _text(left + across / 2, top + 1.35, part.words, part.ink, anchor="middle")
            left += across
        yield _text(left + 1, top + 1.35, bar.words)

    return _drawings(title, bars, row, height=LINE)


def grouped(title: str, bars: Sequence[Bar]) -> list[SafeString]:
    """Bars whose pieces stand under each other, each with its words, all to the scale of the largest."""
    largest = max((part.amount for bar in bars for part in bar.parts), default=0)
    pieces = max((len(bar.parts) for bar in bars), default=1)

    def row(bar, top):
        for place, part in enumerate(bar.parts):
            width = _share(part.amount, largest) * BARS
            yield _bar(part.ink, NAMES, top + 0.2 + place * 1.4, width, 1.1)
            yield _text(NAMES + width + 1, top + 1.15 + place * 1.4, part.words)

    return _drawings(title, bars, row, height=pieces * 1.4 + 0.8)


def compared(title: str, bars: Sequence[Bar], limits: Iterable[float] = ()) -> list[SafeString]:
    """One bar of per cent for each row, with a line through all at each of the `limits`."""
    lines = [LONG_NAMES + _share(limit, 100) * SHORT_BARS for limit in limits]

    def row(bar, top):
        (part,) = bar.parts
        width = _share(part.amount, 100) * SHORT_BARS
        yield _bar(part.ink, LONG_NAMES, top + 0.4, width, 1.2)
        yield _text(LONG_NAMES + SHORT_BARS + 1, top + 1.35, bar.words)

    return _drawings(title, bars, row, height=LINE, lines=lines)


def columns(title: str, bars: Sequence[Bar]) -> list[SafeString]:
    """One column of per cent for each bar, side by side in time; a few are all named, of many three."""
    if not bars:
        return []
    pitch = (100 - EDGE) / len(bars)
    pieces = []
    for level in (0, 50, 100):
        y = _down(level)
        pieces.append(_line("chart-grid", EDGE, y, 100, y))
        pieces.append(_text(EDGE - 1, y + 0.35, f"{level}", anchor="end"))
    for place, bar in enumerate(bars):
        (part,) = bar.parts
        top = _down(part.amount)
        pieces.append(_bar(part.ink, EDGE + place * pitch + pitch * 0.1, top, pitch * 0.8, _down(0) - top))
    named = {0: ("start", 0.0), len(bars) // 2: ("middle", 0.5), len(bars) - 1: ("end", 1.0)}
    if all(len(bar.name) <= SHORT_NAME for bar in bars) and len(bars) <= FEW:
        named = dict.fromkeys(range(len(bars)), ("middle", 0.5))
    for place, (anchor, shift) in named.items() if len(bars) > 2 else [(0, ("start", 0.0))]:
        pieces.append(_text(EDGE + (place + shift) * pitch, TALL + 2.5, bars[place].name, anchor=anchor))
    return [_svg(title, f"{bars[-1].name}: {bars[-1].words}", TALL + 3, pieces)]


def legend(entries: Iterable[tuple[str, str]]) -> SafeString:
    """What the colours mean: a list of (class, word), each word behind a patch of its colour."""
    patch = '<svg class="chart-patch" aria-hidden="true"><rect class="{}" width="100%" height="100%"/></svg>'
    return format_html('<ul class="legend">{}</ul>', format_html_join("", f"<li>{patch} {{}}</li>", entries))


def _drawings(title, bars, row, height, lines=()):
    """The rows in as many drawings as they need, each whole on a page, with `lines` down through them."""
    drawings = []
    size = ceil(len(bars) / ceil(len(bars) / LONGEST)) if bars else 1
    for start in range(0, len(bars), size):
        some = bars[start : start + size]
        pieces = []
        for place, bar in enumerate(some):
            pieces.append(_text(0, place * height + 1.35, bar.name))
            pieces.extend(row(bar, place * height))
        pieces += [_line("chart-limit", x, 0, x, len(some) * height) for x in lines]
        drawings.append(_svg(title, "; ".join(map(_said, some)), len(some) * height, pieces))
    return drawings


def _said(bar):
    """A bar in words."""
    parts = ", ".join(f"{part.name} {part.words}" for part in bar.parts if part.name)
    return " ".join(filter(None, (bar.name, parts, bar.words)))


def _svg(title, description, height, pieces):
    return format_html(
        '<svg class="chart-plot" role="img" width="100%" height="{}em"><title>{}</title><desc>{}</desc>{}</svg>',
        _two(height), title, description, mark_safe("".join(pieces)),  # noqa: S308  drawn below
    )  # fmt: skip


def _bar(ink, x, y, width, height):
    return f'<rect class="{ink}" x="{_two(x)}%" y="{_two(y)}em" width="{_two(width)}%" height="{_two(height)}em"/>'


def _line(kind, x, y, to_x, to_y):
    return f'<line class="{kind}" x1="{_two(x)}%" y1="{_two(y)}em" x2="{_two(to_x)}%" y2="{_two(to_y)}em"/>'


def _text(x, y, words, ink="", anchor="start"):
    return f'<text class="{ink}" x="{_two(x)}%" y="{_two(y)}em" text-anchor="{anchor}">{escape(words)}</text>'


def _down(percent):
    """How far from the top the height of `percent` is, in em."""
    return 0.6 + TALL * (1 - _share(percent, 100))


def _share(amount, whole):
    return min(max(float(amount) / float(whole), 0.0), 1.0) if whole else 0.0


def _two(number):
    """A number for an attribute: two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
