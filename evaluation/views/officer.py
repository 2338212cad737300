"""Scores as officers enter them for one LAO."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from eplan.forms import carry_version, tell_saved
from evaluation import rules
from evaluation.actions import MovedOn, ReasonMissing, RefusedError, Submission, publish_entries
from evaluation.forms import REASON_MISSING, OneEntryForm
from evaluation.queries.entries import changes_of, standard_of, standings_of
from evaluation.views.choices import OFFICERS, period_or_404, trail
from evaluation.wording import differences, shown_history, years_taken_away
from lao.access import for_roles
from lao.drafts import discard_draft
from lao.models import Lao
from projects.queries import dimensions_of


@for_roles(*OFFICERS)
def entry(request, code):
    """The scores of one LAO's plan and the year in which it passed."""
    lao = get_object_or_404(Lao.objects.visible_to(request.user).with_place(), code=code)
    periods, period = period_or_404(request)
    dimensions = dimensions_of(period)
    [standing] = standings_of([lao], period)
    back_url = f"{reverse('score-grid')}?province={lao.district.province_id}&first_year={period.first_year}"
    of_form = {
        "standing": standing,
        "period": period,
        "dimensions": dimensions,
        "standard": standard_of(period),
        "may_set_passed": rules.may_set_passed(request.user.role),
        "back_url": back_url,
    }
    differing, status = [], 200
    if request.method == "POST":
        form = OneEntryForm(request.POST, **of_form)
        if form.is_valid():
            try:
                outcome = _publish(request.user, period, lao, form)
            except RefusedError as error:
                status, differing = 409, _explain(form, error.refused[lao.pk], dimensions)
            else:
                discard_draft(by=request.user, token=form.cleaned_data["form_token"])
                tell_saved(request, _told(lao, outcome), form.cleaned_data["form_token"])
                return redirect(f"{request.path}?first_year={period.first_year}")
    else:
        form = OneEntryForm(**of_form)
    context = {
        "trail": [*trail(), (str(lao), "")],
        "lao": lao,
        "periods": periods,
        "period": period,
        "form": form,
        "differences": differing,
        "history": shown_history(changes_of(standing.plan), dimensions) if standing.plan else [],
        "dimensions": dimensions,
    }
    return render(request, "evaluation/entry.html", context, status=status)


def _publish(user, period, lao, form):
    submission = Submission(lao.pk, form.cleaned_data["version"], form.entry)
    return publish_entries(by=user, period=period, submissions=[submission], reason=form.cleaned_data["reason"])


def _explain(form, refusal, dimensions):
    """Say on the form why it was refused; returns what someone else has published meanwhile."""
    if isinstance(refusal, MovedOn):
        carry_version(form, refusal.standing.version)
        return differences(refusal.standing.entry, form.entry, dimensions)
    if isinstance(refusal, ReasonMissing):
        form.add_error("reason", REASON_MISSING)
    else:
        form.add_error("passed_in", years_taken_away(refusal.years))
    return []


def _told(lao, outcome):
    return f"บันทึกผลการประเมินของ{lao}เรียบร้อยแล้ว" if outcome.saved else f"ผลการประเมินของ{lao}ตรงกับที่บันทึกไว้แล้ว"
