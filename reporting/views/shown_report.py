"""One report with its history, as the pages of clerks and of officers take it."""

from eplan.fiscal import thai_datetime
from lao.wording import who_did
from reporting.queries.reports import history_of
from reporting.wording import answers_of, changes_of


def shown_report(row, months):
    """What the report of a `ReportRow` in the round says, what is doubted and confirmed in it, and its history."""
    report = row.reports.get(months)
    return {
        "row": row,
        "months": months,
        "year": row.project_year.fiscal_year,
        "years": [year.fiscal_year for year in row.project.years.all()],
        "report": report,
        "said": answers_of(report, with_budget=row.plan_budget is not None) if report else [],
        "cautions": row.cautions(months),
        "kept": [(each, thai_datetime(each.kept_at)) for each in row.kept(months)],
        "history": [
            {"at": thai_datetime(entry.at), "by": who_did(entry), "changes": changes_of(entry)}
            for entry in (history_of(report) if report else [])
        ],
    }
