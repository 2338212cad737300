"""Plan periods, set up on screen by a central officer: years, dimensions, levels, and the plans of all LAOs."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eplan import meeting
from eplan.forms import tell_saved
from lao.access import for_roles
from lao.models import User
from lao.versions import last_saved
from lao.views.manage import TRAIL
from projects.models import Plan, PlanPeriod
from reporting.actions.periods import (
    DimensionsInUseError,
    OverlapError,
    PeriodInUseError,
    PeriodMovedOnError,
    YearsInUseError,
    change_period,
    make_plans,
    remove_period,
    set_up_period,
)
from reporting.forms.period import (
    LABELS,
    PARTS,
    MakePlansForm,
    PeriodForm,
    dimension_name,
    levels_in_words,
    part_in_words,
    values_of,
)
from reporting.queries.periods import (
    laos_without_plan,
    periods_in_use,
    rows_of_setting,
    setting_of,
    usual_setting,
    years_in_use,
)

LIST = "ช่วงแผน มิติ และเกณฑ์ระดับ"


@require_safe
@for_roles(User.Role.CENTRAL)
def periods(request):
    """All plan periods, and how much stands on each."""
    context = {"trail": _trail(), "title": LIST, "periods": [_row(period) for period in periods_in_use()]}
    return render(request, "manage/periods.html", context)


@for_roles(User.Role.CENTRAL)
def period_new(request):
    """Set up a period; it begins with the dimensions and levels of the latest one."""
    form = PeriodForm(request.POST or None, setting=usual_setting(), back_url=reverse("periods"))
    if form.is_bound and form.is_valid():
        token = form.cleaned_data["form_token"]
        try:
            period = set_up_period(by=request.user, token=token, setting=form.setting())
        except OverlapError as error:
            form.add_error("first_year", str(error))
        else:
            tell_saved(request, f"ตั้งค่าช่วงแผน {period} เรียบร้อยแล้ว", token)
            return redirect("period-plans", period.pk)
    context = {"trail": _trail("ตั้งช่วงแผนใหม่"), "title": "ตั้งช่วงแผนใหม่", "form": form, "period": None}
    return render(request, "manage/period_form.html", context)


@for_roles(User.Role.CENTRAL)
def period_edit(request, period_id):
    """Change a period; what is in use stays, and the page says so."""
    period = get_object_or_404(PlanPeriod, pk=period_id)
    form = PeriodForm(request.POST or None, setting=setting_of(period), period=period, back_url=reverse("periods"))
    conflict = None
    if form.is_bound and form.is_valid():
        changed, conflict = _change(request.user, period, form)
        if changed:
            tell_saved(request, f"บันทึกช่วงแผน {changed} เรียบร้อยแล้ว", form.cleaned_data["form_token"])
            return redirect("periods")
    title = f"ช่วงแผน {period}"
    context = {
        "trail": _trail(title),
        "title": title,
        "form": form,
        "period": period,
        "conflict": conflict,
        "in_use": years_in_use(period),
    }
    return render(request, "manage/period_form.html", context, status=409 if conflict else 200)


def _change(user, period, form):
    """`(changed, conflict)`: the changed period, or what is to be chosen; neither when the form says why not."""

    def save():
        return change_period(
            by=user,
            period_id=period.pk,
            started=form.started_setting,
            setting=form.setting(),
            token=form.cleaned_data["form_token"],
        )

    def meet(moved):
        stored, by_and_at = values_of(moved.setting), last_saved(period, rows_of_setting(period))
        return meeting.met_by_start(form, stored, PARTS, *by_and_at)

    def parts():
        return meeting.parts_of_fields(form, PARTS, part_in_words, LABELS)

    try:
        return meeting.save_or_ask(form, save, refusal=PeriodMovedOnError, meet=meet, parts=parts)
    except PlanPeriod.DoesNotExist:  # removed since it was found
        raise Http404 from None
    except OverlapError as error:
        form.add_error("first_year", str(error))
    except YearsInUseError as error:
        form.add_error(
            "last_year" if form.cleaned_data["last_year"] < error.last else "first_year",
            f"มีแผนที่ผ่านเกณฑ์หรือโครงการในปี {error.first} ถึง {error.last} แล้ว ช่วงปีของแผนต้องครอบคลุมปีเหล่านี้",
        )
    except DimensionsInUseError as error:
        for number in error.numbers:
            form.add_error(dimension_name(number), "มีโครงการหรือคะแนนของมิตินี้แล้ว จึงนำออกไม่ได้ แต่เปลี่ยนชื่อได้")
    return None, None


@for_roles(User.Role.CENTRAL)
def period_plans(request, period_id):
    """Make a plan of the period for every LAO that has none yet."""
    period = get_object_or_404(PlanPeriod, pk=period_id)
    laos = laos_without_plan(period).count()
    form = MakePlansForm(request.POST or None, period=period, laos=laos, back_url=reverse("periods"))
    if request.method == "POST" and form.is_valid():
        try:
            made = make_plans(by=request.user, period_id=period.pk, passed_in=form.cleaned_data["passed_in"])
        except PlanPeriod.DoesNotExist:  # removed since it was found
            raise Http404 from None
        messages.success(request, f"สร้างแผน {period} ให้ อปท. {made:,} แห่ง เรียบร้อยแล้ว")
        return redirect("periods")
    title = f"แผนของ อปท. ช่วง {period}"
    context = {
        "trail": _trail(title),
        "title": title,
        "period": period,
        "form": form,
        "laos": laos,
        "made": Plan.objects.filter(period=period).count(),
    }
    return render(request, "manage/period_plans.html", context)


@for_roles(User.Role.CENTRAL)
def period_delete(request, period_id):
    """Ask, then remove a period that no LAO has a plan of."""
    period = get_object_or_404(PlanPeriod, pk=period_id)
    if request.method == "POST":
        try:
            remove_period(by=request.user, period_id=period.pk)
        except PlanPeriod.DoesNotExist:  # somebody else was faster
            return redirect("periods")
        except PeriodInUseError:
            messages.error(request, f"ช่วงแผน {period} มี อปท. ใช้อยู่ จึงลบไม่ได้")
        else:
            messages.success(request, f"ลบช่วงแผน {period} แล้ว")
        return redirect("periods")
    if Plan.objects.filter(period=period).exists():
        messages.error(request, f"ช่วงแผน {period} มี อปท. ใช้อยู่ จึงลบไม่ได้")
        return redirect("periods")
    context = {"trail": _trail(f"ลบช่วงแผน {period}"), "period": period, "back": reverse("periods")}
    return render(request, "manage/period_delete.html", context)


def _row(period):
    """What the list shows of one period."""
    return {
        "period": period,
        "dimensions": [str(dimension) for dimension in sorted(period.dimensions.all(), key=lambda d: d.number)],
        "levels": [
            (cutoff.months, levels_in_words(cutoff)) for cutoff in sorted(period.cutoffs.all(), key=lambda c: c.months)
        ],
        "made": period.made,
        "passed": period.passed,
        "recorded": period.recorded or 0,
        "rounds": period.rounds or 0,
        "most_rounds": 2 * len(period.years),
    }


def _trail(here=""):
    """The breadcrumbs of these pages."""
    return [*TRAIL, (LIST, reverse("periods")), (here, "")] if here else [*TRAIL, (LIST, "")]
