"""Tables that are pasted as text: from Excel, from Word, or one cell a line. Plain values in, plain values out.

Excel parts cells by tabs and puts those with line breaks into quotation marks; Word parts them by tabs and does not, so
that a row may go on in the next line; other programs write every cell on a line of its own.
"""

import re
from collections.abc import Callable, Sequence

from eplan.thai import clean_text

MOST_COLUMNS = 60

Row = list[str]

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029\x07]")
# A cell in quotation marks, with no tab inside: otherwise a lone mark would swallow the cells up to the next one.
_NUMBER = re.compile(r"[0-9๐-๙]+[.)]?")
_CELL = re.compile(r'"((?:[^"\t]|"")*)"(?=[\t\n]|\Z)|([^\t\n]*)')


def table_of_text(text: str, is_heading: Callable[[str], bool], is_alone: Callable[[str], bool]) -> list[Row]:
    """The rows of a pasted table, all equally long, texts tidied, without rows that are blank.

    `is_heading` tells a cell that is the heading of a column; `is_alone` a line that is a row of its own though it has
    one cell, such as the title of a section.
    """
    rows = _cells(_LINE_END.sub("\n", text).strip("\n"))
    if all(len(row) == 1 for row in rows):
        rows = _one_cell_a_line([row[0] for row in rows], is_heading)
    else:
        rows = _joined(rows, is_alone)
    rows = [row for row in rows if any(row)]
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    return [(row + [""] * width)[:width] for row in rows]


def _cells(text: str) -> list[Row]:
    rows: list[Row] = [[]]
    place = 0
    while place <= len(text):
        found = _CELL.match(text, place)
        assert found  # noqa: S101  the second way matches anything, for the type checker
        quoted, plain = found[1], found[2]
        rows[-1].append(clean_text(plain if quoted is None else quoted.replace('""', '"')))
        if text[found.end() : found.end() + 1] == "\n":
            rows.append([])
        place = found.end() + 1
    return rows


def _joined(rows: Sequence[Row], is_alone: Callable[[str], bool]) -> list[Row]:
    """The rows of a table whose cells may go on in the next line: a short row takes in the lines that complete it."""
    width = max(map(len, rows))
    joined: list[Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and _goes_on(last, row, width) and not is_alone(row[0]) and not (len(last) == 1 and is_alone(last[0])):
            joined[-1] = [*last[:-1], f"{last[-1]}\n{row[0]}".strip("\n"), *row[1:]]
        else:
            joined.append(list(row))
    return joined


def _goes_on(last: Row, row: Row, width: int) -> bool:
    """Whether the cells of a line end the row above: a row short of cells, or a line that is one more piece of text."""
    if len(row) == width or not any(row) or (_NUMBER.fullmatch(row[0]) and _NUMBER.fullmatch(last[0])):
        return False
    return 1 < len(last) + len(row) - 1 <= width and (len(last) > 1 or len(row) > 1)


def _one_cell_a_line(lines: Sequence[str], is_heading: Callable[[str], bool]) -> list[Row]:
    """Cells one a line: as many a row as there are headings on top; without headings each line is a row."""
    first = next((place for place, line in enumerate(lines) if is_heading(line)), len(lines))
    width = 0
    while first + width < len(lines) and is_heading(lines[first + width]):
        width += 1
    cells = lines[first:]
    if width < 2 or len(cells) < 2 * width:
        return [[line] for line in lines]
    return [list(cells[place : place + width]) for place in range(0, len(cells), width)]
