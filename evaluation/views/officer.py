"""Scores as officers enter them for one LAO."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from eplan.forms import tell_saved
from evaluation import rules
from evaluation.actions import ReasonMissing, Submission, publish_entries
from evaluation.forms import REASON_MISSING, OneEntryForm
from evaluation.queries.entries import changes_of, standard_of, standings_of
from evaluation.views.choices import OFFICERS, period_or_404, trail
from evaluation.views.meeting import publish_or_ask
from evaluation.wording import shown_history, years_taken_away
from lao.access import for_roles
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
        "standard": standard_of(period, dimensions),
        "may_set_passed": rules.may_set_passed(request.user.role),
        "back_url": back_url,
    }
    conflict, status = None, 200
    if request.method == "POST":
        form = OneEntryForm(request.POST, **of_form)
        if form.is_valid():
            outcome, conflict = _publish(request.user, period, form)
            status = 409
            if outcome:
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
        "conflict": conflict,
        "history": shown_history(changes_of(standing.plan), dimensions) if standing.plan else [],
        "dimensions": dimensions,
    }
    return render(request, "evaluation/entry.html", context, status=status)


def _publish(user, period, form):
    """`(outcome, conflict)`: what was published or what is to be chosen; neither when the form says why not."""
    key = form.standing.lao.pk

    def publish():
        said = form.cleaned_data
        submission = Submission(key, said["version"], form.entry)
        return publish_entries(
            by=user, period=period, submissions=[submission], reason=said["reason"], token=said["form_token"]
        )

    outcome, conflicts, refused = publish_or_ask([form], publish)
    if key in refused and isinstance(refused[key], ReasonMissing):
        form.add_error("reason", REASON_MISSING)
    elif key in refused:
        form.add_error("passed_in", years_taken_away(refused[key].years))
    return outcome, conflicts.get(key)


def _told(lao, outcome):
    return f"บันทึกผลการประเมินของ{lao}เรียบร้อยแล้ว" if outcome.saved else f"ผลการประเมินของ{lao}ตรงกับที่บันทึกไว้แล้ว"
