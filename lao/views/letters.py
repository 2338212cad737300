"""The letters that bring the codes which open LAOs' accounts."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from eplan.fiscal import thai_date
from lao.access import for_roles
from lao.account_forms import LettersForm
from lao.actions import issue_activation_codes
from lao.queries.accounts import accounts_for_letters, provinces_with_unclaimed
from lao.rules import head_of
from lao.views.manage import OFFICERS, TRAIL

HERE = "หนังสือแจ้งรหัสเปิดใช้งาน"


@never_cache
@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request):
    """Choose a province; sending the form issues the codes and answers with their letters, this once.

    The letters are the answer itself, not a page after a redirect: the codes must be kept nowhere.
    """
    in_use = settings.EPLAN_FIRST_ENTRY == "code"
    provinces = list(provinces_with_unclaimed(request.user)) if in_use else []
    form = LettersForm(request.POST or None, provinces=provinces)
    if request.method == "POST":
        if not in_use:
            raise Http404
        if form.is_valid():
            wanted = accounts_for_letters(request.user, **form.cleaned_data)
            issued = issue_activation_codes(by=request.user, users=wanted)
            if issued:
                return letters_page(request, issued, back_url=reverse("letters"))
            messages.info(request, "ไม่มี อปท. ที่ต้องออกหนังสือ จึงไม่ได้ออกรหัสใด")
            return redirect("letters")
    context = {"trail": [*TRAIL, (HERE, "")], "title": HERE, "area": request.user.area_name}
    context |= {"in_use": in_use, "provinces": provinces, "form": form}
    return render(request, "manage/letters.html", context)


def letters_page(request, issued, *, back_url):
    """The printable letters of `issued`, as `issue_activation_codes` gives them."""
    context = {
        "back_url": back_url,
        "letters": [
            {
                "lao": str(user.lao),
                "district": user.lao.district.name,
                "province": user.lao.district.province.name,
                "head": head_of(user.lao.kind, user.lao.name),
                "username": user.username,
                "code": code,
                "last_day": thai_date(expires_at),
            }
            for user, code, expires_at in issued
        ],
        "today": thai_date(timezone.now()),
        "address": request.build_absolute_uri(reverse("login")),
        "contact": settings.EPLAN_CONTACTS["problem"],
    }
    return render(request, "manage/letters_sheet.html", context)
