"""Anyone who holds the code of a receipt may check it. Sent by POST: a code is no address to be kept or passed on."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lao.throttling import MustWaitError, client_address, count_look_up
from lao.views.waiting import too_often
from public.forms import ReceiptCheckForm
from public.views.frame import page_of, trail
from reporting.queries.receipts import check_receipt, has_changed_in_public

TITLE = "ตรวจสอบใบรับรายงาน"
ABOUT = "ใบรับที่ อปท. ได้จากระบบเมื่อรายงานผลของรอบครบทุกโครงการ"
UNKNOWN = "ไม่พบใบรับที่มีรหัสนี้ กรุณาตรวจสอบรหัสบนใบรับแล้วพิมพ์ใหม่"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """What a receipt said when it was issued, and whether it still holds; nothing of it is about a person."""
    form = ReceiptCheckForm(request.POST or None)
    context = {"trail": trail((TITLE, "")), "page": page_of(request, TITLE, ABOUT), "receipt": None}
    if form.is_bound and form.is_valid():
        try:
            take_back = count_look_up(client_address(request))
        except MustWaitError as wait:
            return too_often(request, "public/receipt_check.html", form, wait, **context)
        found = check_receipt(form.cleaned_data["code"])
        if found:
            take_back()
            changed, replaced_by = has_changed_in_public(found), found.replaced_by.first()
            context |= {"receipt": found, "changed": changed, "replaced_by": replaced_by}
        else:
            form.add_error("code", UNKNOWN)
    return render(request, "public/receipt_check.html", context | {"form": form})
