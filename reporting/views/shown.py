"""Tables as the templates take them: strings, because a page has hundreds of rows and templates are slow at them."""

from typing import NamedTuple

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import NONE, baht, count, percent
from eplan.templatetags.looks import level_badge

KINDS = {"text": str, "number": count, "money": baht}


class ShownRow(NamedTuple):
    """A `ResultRow` in strings; `mark` is the class of its table row, `hint` a word beside the percentage."""

    mark: str
    rank: str
    address: str
    name: str
    place: str
    percent: str
    hint: str
    level: str
    points: str
    projects: str


def shown_table(table, *, below, own=None):
    """A `ResultTable` for the template `reporting/result_table.html`.

    The address of a row is its key under the address `below`; the row whose key is `own` is marked.
    """
    badges = {None: NONE}
    for row in table.rows:
        if row.level not in badges:
            badges[row.level] = level_badge(row.level, row.level_name)
    return {
        "rows": [_shown(row, badges[row.level], f"{below}{row.key}/", row.key == own) for row in table.rows],
        "total": shown_result(table.total),
        "notes": table.notes,
        "computed_at": thai_datetime(table.computed_at),
    }


def shown_result(row):
    """A `ResultRow` that stands by itself."""
    return _shown(row, level_badge(row.level, row.level_name), address="", is_own=False)


def _shown(row, badge, address, is_own):
    return ShownRow(
        mark="current" if is_own else "",
        rank=str(row.rank or NONE),
        address=address,
        name=row.name,
        place=row.place,
        percent=percent(row.shown_percent),
        hint=f"ก่อนปัดเศษไม่ถึง {row.missed.normalize():f}" if row.missed is not None else "",
        level=badge,
        points=f"{row.points:,.1f}",
        projects=count(row.projects),
    )


def shown_blocks(blocks, rows):
    """The four tables of an LAO's own summary: headings, and rows of (name, figures), the last being the total."""
    return [
        {
            "title": block.title,
            "note": block.note,
            "headings": [column.heading for column in block.columns],
            "rows": [_shown_figures(block, row) for row in rows[:-1]],
            "total": _shown_figures(block, rows[-1]),
        }
        for block in blocks
    ]


def _shown_figures(block, row):
    name, *figures = (KINDS[column.kind](column.getter(row)) for column in block.columns)
    return name, figures
