"""ผลการประเมิน, as an LAO reads it."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import fiscal_year_of, parse_year, thai_datetime
from eplan.templatetags.eplan import baht, count
from evaluation.exports import tables as exports
from evaluation.queries import score_table
from lao.access import for_roles
from lao.models import User
from projects.queries import plans_of, usual_plan

SHOWN = {"points": baht, "money": baht, "number": count}


@require_safe
@for_roles(User.Role.LAO)
def scores(request):
    """S13: the scores of the plan that began in the chosen year."""
    plans, plan = choose_plan(request)
    context = {
        "trail": [("หน้าแรก", reverse("home")), ("ผลการประเมิน", "")],
        "title": exports.TITLE,
        "lao": request.user.lao,
        "plans": plans,
        "plan": plan,
    }
    if plan:
        table = score_table(plan)
        context |= {
            "lines": [request.user.area_name, f"แผน พ.ศ. {plan.period}"],
            "dimensions": table.dimensions,
            "rows": [shown(row) for row in table.rows],
            "notes": exports.NOTES,
            "computed_at": thai_datetime(timezone.now()),
        }
    return render(request, "evaluation/scores.html", context)


@require_safe
@for_roles(User.Role.LAO)
def scores_export(request):
    """The same table as an Excel file; without a plan there is none."""
    _, plan = choose_plan(request)
    if plan is None:
        raise Http404
    return exports.score_export(score_table(plan))


def choose_plan(request):
    """`(plans, plan)`: the LAO's plans, and the one whose first year the address names, else the usual one."""
    plans = plans_of(request.user.lao)
    first_year = parse_year(request.GET.get("first_year"))
    named = next((plan for plan in plans if plan.period.first_year == first_year), None)
    return plans, named or usual_plan(plans, fiscal_year_of(timezone.now()))


def shown(row):
    """A `ScoreRow` in strings: its name, its figures by dimension, its total."""
    figure = SHOWN[row.kind]
    return row.name, [figure(part) for part in row.parts], figure(row.total)
