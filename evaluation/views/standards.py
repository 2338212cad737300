"""The highest possible scores of a period and its pass mark, as the central office sets them."""

from django.shortcuts import redirect, render
from django.urls import reverse

from eplan import meeting
from eplan.forms import tell_saved
from eplan.templatetags.eplan import baht
from evaluation.actions import PublishedAboveError, StandardMovedOnError, set_standard
from evaluation.forms import StandardForm
from evaluation.models import DimensionStandard, PeriodStandard
from evaluation.queries.entries import standard_of
from evaluation.views.choices import period_or_404
from lao.access import for_roles
from lao.models import User
from lao.versions import last_saved, of_rows
from projects.queries import dimensions_of


@for_roles(User.Role.CENTRAL)
def standards(request):
    """Set or lift the limits of a period."""
    periods, period = period_or_404(request)
    back_url = f"{reverse('scores')}?first_year={period.first_year}"
    form = StandardForm(
        request.POST if request.method == "POST" else None,
        dimensions=dimensions_of(period),
        standard=standard_of(period),
        back_url=back_url,
        record=f"standard:{period.pk}",
    )
    conflict, status = None, 200
    if form.is_valid():
        try:
            _, conflict = _save(request.user, period, form)
        except PublishedAboveError as error:
            form.refuse_published(error.above)
            status = 409
        else:
            if not conflict:
                told = f"บันทึกคะแนนเต็มและเกณฑ์ผ่านของแผน พ.ศ. {period} แล้ว"
                tell_saved(request, told, form.cleaned_data["form_token"])
                return redirect(back_url)
            status = 409
    title = "กำหนดคะแนนเต็มและเกณฑ์ผ่าน"
    context = {
        "trail": [("หน้าแรก", reverse("home")), ("ผลการประเมิน", back_url), (title, "")],
        "title": title,
        "periods": periods,
        "period": period,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "evaluation/standards.html", context, status=status)


def _save(user, period, form):
    """`(None, conflict)`: what is to be chosen where somebody else has set it since, None once it is saved."""
    names = {name: (name,) for name in form.limits}

    def save():
        token = form.cleaned_data["form_token"]
        set_standard(by=user, token=token, period=period, standard=form.standard, started=form.started_standard)

    def meet(moved):
        of_dimensions = of_rows(DimensionStandard, [dimension.pk for dimension in dimensions_of(period)])
        saved = last_saved(PeriodStandard(period=period), of_dimensions)
        return meeting.met_by_start(form, form.values_of(moved.standard), names, *saved)

    def parts():
        return meeting.parts_of_fields(form, names, lambda part, values: baht(values[0]))

    return meeting.save_or_ask(form, save, refusal=StandardMovedOnError, meet=meet, parts=parts)
