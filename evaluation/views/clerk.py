"""ผลการประเมิน of one LAO, as its clerk reads it."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from eplan.fiscal import fiscal_year_of, parse_year, thai_datetime
from eplan.templatetags.eplan import baht, count
from evaluation.exports import tables as exports
from evaluation.queries.entries import changes_of
from evaluation.queries.tables import score_table
from evaluation.wording import shown_history
from lao.access import for_roles
from lao.models import User
from projects.queries import plans_of, usual_plan

SHOWN = {"points": baht, "money": baht, "number": count}


@for_roles(User.Role.LAO)
def scores(request):
    """S13: the scores of the plan that began in the chosen year, and every version of them."""
    lao = request.user.lao
    plans, plan = choose_plan(request, lao)
    trail = [("หน้าแรก", reverse("home")), ("ผลการประเมิน", "")]
    addresses = {"export_url": reverse("scores-export"), "entry_url": ""}
    context = {**context_of(lao, plans, plan), **addresses, "trail": trail}
    return render(request, "evaluation/scores.html", context)


@for_roles(User.Role.LAO)
def scores_export(request):
    """The same table as an Excel file; without a plan there is none."""
    return export_of(request, request.user.lao)


def export_of(request, lao):
    """The table of `lao` as an Excel file; without a plan there is none."""
    _, plan = choose_plan(request, lao)
    if plan is None:
        raise Http404
    return exports.score_export(score_table(plan))


def context_of(lao, plans, plan):
    """What the page of one LAO shows of its `plan`, one of `plans`; `plan` is None where there is none."""
    context = {"title": exports.TITLE, "lao": lao, "plans": plans, "plan": plan}
    if plan is None:
        return context
    table = score_table(plan)
    return context | {
        "lines": [f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province}", f"แผน พ.ศ. {plan.period}"],
        "dimensions": table.dimensions,
        "rows": [shown(row) for row in table.rows],
        "notes": exports.NOTES,
        "computed_at": thai_datetime(timezone.now()),
        "history": shown_history(changes_of(plan), table.dimensions),
    }


def choose_plan(request, lao):
    """`(plans, plan)`: those of `lao`, and the one whose first year the address names, else the usual one."""
    plans = plans_of(lao)
    first_year = parse_year(request.GET.get("first_year"))
    named = next((plan for plan in plans if plan.period.first_year == first_year), None)
    return plans, named or usual_plan(plans, fiscal_year_of(timezone.now()))


def shown(row):
    """A `ScoreRow` in strings: its name, its figures by dimension, its total."""
    figure = SHOWN[row.kind]
    return row.name, [figure(part) for part in row.parts], figure(row.total)
