"""What the pages of a clerk share: the plan they are about, and their breadcrumbs."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from eplan.fiscal import fiscal_year_of, parse_year
from eplan.thai import arabic_digits
from projects import queries


def plans_and_plan(request):
    """All plans of the clerk's LAO, and the one the page is about: ?plan=, which must be its own, that of ?year=, or
    the usual one."""
    plans = queries.plans_of(request.user.lao)
    asked = arabic_digits(request.GET.get("plan", "")).strip()
    if not asked.isdecimal():
        year = parse_year(request.GET.get("year"))
        of_year = next((plan for plan in plans if year in plan.period.years), None)
        return plans, of_year or queries.usual_plan(plans, fiscal_year_of(timezone.localdate()))
    chosen = next((plan for plan in plans if str(plan.pk) == asked), None)
    if not chosen:
        raise Http404
    return plans, chosen


def into_plan(page, name=""):
    """Decorates a page that enters projects into a plan: its view is given the `plan` and the `context` around it.

    A plan that no project may be entered into yet gets a page that says why. `page` and `name` are those of `trail`.
    """

    def of_view(view):
        @wraps(view)
        def answer(request):
            plans, plan = plans_and_plan(request)
            context = {"trail": trail(page, name=name), "plans": plans, "plan": plan}
            if not plan or not plan.years:
                return render(request, "projects/not_yet.html", context)
            return view(request, plan, context)

        return answer

    return of_view


def trail(page, name=""):
    """The breadcrumbs, as the manual has them."""
    before = [("หน้าแรก", reverse("home")), ("การบันทึก/รายงาน", "")]
    if name:
        return [*before, (page, reverse("project-list")), (name, "")]
    return [*before, (page, "")]


def with_plan(view, plan, **query):
    """The address of `view` for a plan."""
    return f"{reverse(view)}?{urlencode({'plan': plan.pk, **query})}"
