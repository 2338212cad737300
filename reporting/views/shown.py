"""Tables as the templates take them: strings, because a page has hundreds of rows and templates are slow at them."""

from typing import NamedTuple

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import NONE, baht, count, percent, thai_date_short
from eplan.templatetags.looks import level_badge
from reporting.summary_exports import PROGRESS_COLUMNS, PROGRESS_NOTE, PROGRESS_TITLE, progress_rows
from reporting.views.shown_charts import CHARTS, progress_chart

KINDS = {"text": str, "number": count, "money": baht, "percent": percent, "date": thai_date_short}


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


def shown_table(table, *, address, own=None):
    """A `ResultTable` for the template `reporting/result_table.html`.

    `address` makes the address of a row out of its key; the row whose key is `own` is marked.
    """
    badges = {None: NONE}
    for row in table.rows:
        if row.level not in badges:
            badges[row.level] = level_badge(row.level, row.level_name)
    return {
        "rows": [_shown(row, badges[row.level], address(row.key), row.key == own) for row in table.rows],
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
    """Tables by dimension: headings, rows of (name, figures), the last being the total, and the chart beside them."""
    return [
        {
            "title": f"{number}. {block.title}",
            "note": block.note,
            "chart": CHARTS[block.chart](block.title, rows[:-1]) if block.chart else None,
            "headings": [column.heading for column in block.columns],
            "rows": [_shown_figures(block.columns, row) for row in rows[:-1]],
            "total": _shown_figures(block.columns, rows[-1]),
        }
        for number, block in enumerate(blocks, start=1)
    ]


def shown_progress(progress):
    """The points of a round's progress with their chart, for the same template; None where there are none."""
    if not progress:
        return None
    return {
        "title": PROGRESS_TITLE,
        "note": PROGRESS_NOTE,
        "chart": progress_chart(PROGRESS_TITLE, progress),
        "headings": [column.heading for column in PROGRESS_COLUMNS],
        "rows": [_shown_figures(PROGRESS_COLUMNS, point) for point in progress_rows(progress)],
        "total": None,
    }


def _shown_figures(columns, row):
    name, *figures = (KINDS[column.kind](column.getter(row)) for column in columns)
    return name, figures
