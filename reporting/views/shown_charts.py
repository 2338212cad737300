"""The charts that stand with the tables: what is drawn of them, and in which colour."""

from eplan.numbers import with_commas
from eplan.templatetags.eplan import NONE, percent, thai_date_short
from reporting import charts
from reporting.models import ProgressReport

Status = ProgressReport.Status
STATUSES = [
    ("chart-good", "ดำเนินการแล้วเสร็จ", lambda row: row.completed),
    ("chart-part", "อยู่ระหว่างดำเนินการ", lambda row: row.in_progress),
    ("chart-bad", "ไม่สามารถดำเนินการได้", lambda row: row.not_feasible),
    ("chart-quiet", "ยังไม่รายงานผล", lambda row: row.waiting),
]
STATUS_VALUES = (Status.COMPLETED, Status.IN_PROGRESS, Status.NOT_FEASIBLE)
BUDGETS = [
    ("chart-planned", "ตามแผนฯ", lambda row: row.plan_budget),
    ("chart-granted", "ตามข้อบัญญัติ/เทศบัญญัติ", lambda row: row.ordinance_budget if row.reported else None),
    ("chart-spent", "เบิกจ่ายจริง", lambda row: row.disbursed if row.reported else None),
]
MILLION = 1_000_000


def status_chart(title, rows):
    """How many project years of each dimension have which status, out of `DimensionRow`s."""
    bars = [
        charts.Bar(
            row.short_name,
            [charts.Part(ink, amount(row), f"{amount(row):,}", word) for ink, word, amount in STATUSES],
            f"N {row.projects:,}",
        )
        for row in rows
    ]
    return _chart(title, charts.stacked(title, bars), STATUSES)


def one_status_chart(title, row):
    """The statuses of one `DimensionRow` as a single bar, with the rows of the table beside it: (status, count)."""
    parts = [charts.Part(ink, amount(row), f"{amount(row):,}", word) for ink, word, amount in STATUSES]
    drawings = charts.stacked(title, [charts.Bar("", parts)], names=0, width=100)
    counts = zip((*STATUS_VALUES, None), (part.amount for part in parts), strict=True)
    return _chart(title, drawings, STATUSES) | {"rows": list(counts)}


def budget_chart(title, rows):
    """The three budgets of each dimension against each other, out of `DimensionRow`s."""
    bars = [
        charts.Bar(
            row.short_name,
            [charts.Part(ink, amount(row) or 0, _in_baht(amount(row)), word) for ink, word, amount in BUDGETS],
        )
        for row in rows
    ]
    return _chart(title, charts.grouped(title, bars), BUDGETS)


def comparison_chart(title, table):
    """The rows of a `ResultTable` beside each other, best first; those without a percentage are left out."""
    bars = [
        charts.Bar(
            row.name,
            [charts.Part("chart-plain", row.percent)],
            f"{percent(row.shown_percent)} (N {row.projects:,})",
        )
        for row in table.rows
        if row.percent is not None
    ]
    if not bars:
        return None
    cutoff = table.cutoff
    limits = [(cutoff.medium_name, cutoff.medium), (cutoff.high_name, cutoff.high)] if cutoff else []
    said = " และ".join(f"{name} {limit.normalize():f}" for name, limit in limits)
    drawings = charts.compared(title, bars, [limit for _, limit in limits])
    return _chart(title, drawings, [], f"เส้นประคือเกณฑ์{said}" if said else "")


def progress_chart(title, progress):
    """How much of all that is to be reported was reported by when, out of the points of a `Progress`."""
    bars = [
        charts.Bar(
            thai_date_short(point.until),
            [charts.Part("chart-plain", point.percent or 0)],
            f"{percent(point.percent)} (N {point.projects:,})",
        )
        for point in progress
    ]
    return _chart(title, charts.columns(title, bars), [], "แกนตั้งเป็นร้อยละของ N")


def years_chart(title, results):
    """One column for each fiscal year, out of pairs of (fiscal year, `ResultRow`); None where no year has a result."""
    bars = [
        charts.Bar(
            str(year),
            [charts.Part("chart-plain", row.percent or 0)],
            f"{percent(row.shown_percent)} (N {row.projects:,})",
        )
        for year, row in results
    ]
    if not any(row.projects for _, row in results):
        return None
    return _chart(title, charts.columns(title, bars), [], "แกนตั้งเป็นร้อยละ")


CHARTS = {"status": status_chart, "budget": budget_chart}


def _chart(title, drawings, inks, note=""):
    legend = charts.legend((ink, word) for ink, word, _ in inks) if inks else ""
    return {"title": title, "legend": legend, "drawings": drawings, "note": note}


def _in_baht(amount):
    """An amount beside a bar: millions with two decimals, because there is little room."""
    if amount is None:
        return NONE
    return f"{amount / MILLION:,.2f} ล้าน" if amount >= MILLION else with_commas(amount)
