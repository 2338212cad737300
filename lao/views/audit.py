"""The audit trail, for officers: what was done in their area, by whom and when."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from eplan.thai import arabic_digits
from lao.access import for_roles
from lao.models import User
from lao.officer_forms import TrailForm
from lao.trail import trail_page
from lao.views.manage import TRAIL
from lao.wording import Names, changes_of, deed_of, who_did

HERE = "ประวัติการเปลี่ยนแปลงข้อมูล"


@require_safe
@never_cache  # it names coordinators
@for_roles(User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
def audit(request):
    """Entries of the trail, the latest first, narrowed by person, LAO, kind and day, or to a single record."""
    form = TrailForm(request.GET)
    search = form.search()
    page = trail_page(
        request.user, search, before=_number(request.GET.get("before")), after=_number(request.GET.get("after"))
    )
    names = Names(page.entries)
    kept = urlencode({name: value for name, value in request.GET.items() if name not in ("before", "after") and value})
    context = {
        "trail": [*TRAIL, (HERE, "")],
        "title": HERE,
        "area": request.user.area_name,
        "form": form,
        "entries": [_shown(entry, names) for entry in page.entries],
        "of_one": search.row != "",
        "older": f"?{kept}&before={page.older}" if page.older else "",
        "newer": f"?{kept}&after={page.newer}" if page.newer else "",
        "latest": f"?{kept}",
        "everything": reverse("audit"),
    }
    return render(request, "manage/audit.html", context)


def _shown(entry, names):
    """An `AuditEntry` in strings, with the address of all that was done to the same record."""
    record = urlencode({"table": entry.table_name, "row": entry.row_id})
    return {
        "at": thai_datetime(entry.at),
        "who": who_did(entry),
        "what": deed_of(entry),
        "row": names.row_of(entry),
        "lao": names.lao(entry.lao_id),
        "changes": changes_of(entry, names),
        "whole": entry.action if entry.action in ("INSERT", "DELETE") else "",
        "record": f"{reverse('audit')}?{record}",
    }


def _number(text):
    """A key out of an address; None for anything else."""
    digits = arabic_digits(text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
