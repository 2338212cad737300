"""Makes LAOs with results, for the tests of tables."""

from tests import factories

DONE, ONGOING, CANNOT, SILENT = "COMPLETED", "IN_PROGRESS", "NOT_FEASIBLE", None


def with_results(lao, *statuses, fiscal_year=2562, months=6, **fields):
    """`lao` with a project in `fiscal_year` for each status, reported with it; SILENT is not reported."""
    plan = lao.plans.first() or factories.make_plan(lao)
    for status in statuses:
        project = factories.make_project(plan, years=[fiscal_year], **fields)
        if status:
            factories.make_report(project, fiscal_year=fiscal_year, months=months, status=status)
    return lao


def figures(response, lao):
    """(rank, percent, points, projects) in the row of `lao` on a page with a result table."""
    rows = response.context["table"]["rows"]
    found = next(row for row in rows if row.address.endswith(f"/{lao.code}/"))
    return found.rank, found.percent, found.points, found.projects
