"""The rounds with their dates, and the extensions: set by the central officers, read by all."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from eplan import meeting
from eplan.fiscal import thai_date
from eplan.forms import tell_saved
from lao.access import for_roles
from lao.models import User
from lao.versions import last_saved
from lao.views.manage import TRAIL
from reporting.actions.rounds import (
    RoundExistsError,
    RoundMovedOnError,
    change_round,
    create_round,
    end_extension,
    extend,
)
from reporting.forms.rounds import LABELS, PARTS, ExtensionForm, RoundForm, dates_in_words
from reporting.models import ReportingRound
from reporting.queries.rounds_admin import all_rounds, extensions_for, facts_of, plan_years
from reporting.rounds import effects_of_dates, extension_words, state_of

ROUNDS, EXTENSIONS = "รอบการรายงาน", "การขยายเวลา"
PAGE_SIZE = 50


@require_safe
@for_roles(User.Role.CENTRAL)
def rounds(request):
    """Every round with its dates and where it stands today."""
    today = timezone.localdate()
    rows = [{"known": known, "words": _state(known, today).words} for known in all_rounds()]
    return render(request, "manage/rounds.html", {"title": ROUNDS, "trail": [*TRAIL, (ROUNDS, "")], "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(User.Role.CENTRAL)
def round_new(request):
    """Set the dates of a round."""
    return _round_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(User.Role.CENTRAL)
def round_edit(request, round_id):
    """Change the dates of a round; first shows what that does, then does it."""
    return _round_page(request, get_object_or_404(ReportingRound, pk=round_id))


def _round_page(request, known):
    """The form of a round. What is sent first comes back with its effect; sent again unchanged, it is saved."""
    form = RoundForm(request.POST or None, years=plan_years(), of=known, back_url=reverse("rounds"))
    effects, conflict, status = [], None, 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shown"] == form.dates:
            try:
                saved, conflict = _save_round(request.user, known, form)
            except RoundExistsError:
                form.add_error("months", "มีรอบการรายงานนี้แล้ว")
                status = 409
            else:
                if saved:
                    told = f"บันทึก{saved}แล้ว: {_state(saved, timezone.localdate()).words}"
                    tell_saved(request, told, form.cleaned_data["form_token"])
                    return redirect("rounds")
                form.button, status = "บันทึก", 409
        else:
            effects = _effects(known, form)
            form.show_effects()
    title = f"แก้ไขวันของ{known}" if known else "กำหนดรอบการรายงาน"
    context = {
        "title": title,
        "trail": [*TRAIL, (ROUNDS, reverse("rounds")), (title, "")],
        "form": form,
        "effects": effects,
        "conflict": conflict,
        "now": _state(known, timezone.localdate()).words if known else "",
        "facts": facts_of(known.fiscal_year, known.months) if known else None,
    }
    return render(request, "manage/round.html", context, status=status)


def _save_round(user, known, form):
    """`(saved, conflict)`: the round as it is now, or what is to be chosen where somebody else has changed it since."""
    said = form.cleaned_data
    of = {"fiscal_year": said.get("fiscal_year"), "months": said.get("months")}
    if known is None:
        return create_round(by=user, token=said["form_token"], **of, **_dates(form)), None

    def save():
        return change_round(
            by=user, token=said["form_token"], round_id=known.pk, known=form.started_dates, **_dates(form)
        )

    def meet(moved):
        standing = moved.reporting_round
        dates = {"opens_on": standing.opens_on, "closes_on": standing.closes_on}
        return meeting.met_by_start(form, dates, PARTS, *last_saved(standing))

    def parts():
        return meeting.parts_of_fields(form, PARTS, dates_in_words, LABELS)

    return meeting.save_or_ask(form, save, refusal=RoundMovedOnError, meet=meet, parts=parts)


def _effects(known, form):
    said, today = form.cleaned_data, timezone.localdate()
    year, months = (known.fiscal_year, known.months) if known else (said["fiscal_year"], said["months"])
    facts = facts_of(year, months)
    opens_on, closes_on = form.dates
    after = state_of(year, months, today=today, opens_on=opens_on, closes_on=closes_on, until=None)
    before = _state(known, today) if known else None
    return effects_of_dates(before, after, owing=facts.owing, reports=facts.reports, extensions=facts.extensions)


@require_safe
@for_roles(User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
def extensions(request):
    """The extensions of the officer's area; the central ones may end them."""
    today = timezone.localdate()
    page = Paginator(extensions_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": EXTENSIONS,
        "lead": request.user.area_name,
        "trail": [*TRAIL, (EXTENSIONS, "")],
        "page": page,
        "rows": [_extension(each, today) for each in page.object_list],
        "may_change": request.user.role == User.Role.CENTRAL,
    }
    return render(request, "manage/extensions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(User.Role.CENTRAL)
def extension_new(request):
    """Give an LAO or a province more time."""
    form = ExtensionForm(request.POST or None, today=timezone.localdate(), back_url=reverse("extensions"))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        extend(
            by=request.user,
            token=said["form_token"],
            reporting_round=said["reporting_round"],
            lao=said["lao"],
            province=said["province"],
            until=said["until"],
            reason=said["reason"],
        )
        whom = _whom(said["lao"], said["province"])
        told = f"ขยายเวลา{said['reporting_round']} ให้{whom} ถึง {thai_date(said['until'])} แล้ว"
        tell_saved(request, told, said["form_token"])
        return redirect("extensions")
    title = "ขยายเวลารายงาน"
    context = {"title": title, "trail": [*TRAIL, (EXTENSIONS, reverse("extensions")), (title, "")], "form": form}
    return render(request, "manage/extension.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(User.Role.CENTRAL)
def extension_end(request, extension_id):
    """End an extension with today; asks first."""
    found = extensions_for(request.user).filter(pk=extension_id).first()
    if found is None:
        raise Http404
    today = timezone.localdate()
    if request.method == "POST":
        ended = end_extension(by=request.user, extension_id=found.pk, today=today)
        messages.success(request, f"การขยายเวลาให้{_whom(found.lao, found.province)} สิ้นสุด {thai_date(ended.until)}")
        return redirect("extensions")
    title = "สิ้นสุดการขยายเวลาก่อนกำหนด"
    context = {
        "title": title,
        "trail": [*TRAIL, (EXTENSIONS, reverse("extensions")), (title, "")],
        "question": f"ให้การขยายเวลาของ{_whom(found.lao, found.province)} สิ้นสุดสิ้นวันนี้?",
        "detail": f"{found.reporting_round} เดิมขยายถึง {thai_date(found.until)} เพราะ {found.reason}",
        "back": reverse("extensions"),
    }
    return render(request, "manage/extension_end.html", context)


def _extension(each, today):
    known = each.reporting_round
    return {
        "extension": each,
        "whom": _whom(each.lao, each.province),
        "words": extension_words(each.until, closes_on=known.closes_on, today=today),
        "may_end": each.until > today,
    }


def _whom(lao, province):
    if lao is None:
        return f"ทุก อปท. ในจังหวัด{province}"
    return f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province}"


def _dates(form):
    opens_on, closes_on = form.dates
    return {"opens_on": opens_on, "closes_on": closes_on}


def _state(known, today):
    dates = {"opens_on": known.opens_on, "closes_on": known.closes_on}
    return state_of(known.fiscal_year, known.months, today=today, until=None, **dates)
