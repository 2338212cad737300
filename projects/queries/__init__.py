"""What pages and other apps read of plans and projects."""

from projects.queries.projects import (
    budgets_of,
    content_of,
    copiable_projects_of,
    deleted_projects_of,
    dimensions_of,
    names_of,
    officer_reason,
    plan_for_year,
    plans_of,
    projects_of,
    reported_rounds,
    returned_projects_of,
    usual_plan,
    years_of,
)

__all__ = [
    "budgets_of",
    "content_of",
    "copiable_projects_of",
    "deleted_projects_of",
    "dimensions_of",
    "names_of",
    "officer_reason",
    "plan_for_year",
    "plans_of",
    "projects_of",
    "reported_rounds",
    "returned_projects_of",
    "usual_plan",
    "years_of",
]
