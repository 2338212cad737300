"""An officer's second factor: setting it up, other backup codes, and giving the app up."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from eplan.fiscal import thai_datetime
from eplan.qr import qr_code
from lao import throttling
from lao.access import for_roles
from lao.actions import (
    NoSecondFactorError,
    new_backup_codes,
    remove_second_factor,
    set_up_second_factor,
    use_second_factor,
)
from lao.factor_forms import KeepForm, SetUpForm
from lao.models import User
from lao.second_factor import app_address, shown_key
from lao.views.manage import OFFICERS
from lao.views.waiting import too_often

HERE = "การยืนยันตัวตนสองขั้นตอน"
TEMPLATES = {True: "lao/second_factor.html", False: "lao/second_factor_set_up.html"}


@never_cache
@sensitive_post_parameters("code", "backup_code", "current_password")
@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request):
    """Set it up, or change what is set up; the present password is asked for either way."""
    if settings.EPLAN_SECOND_FACTOR == "off":
        raise Http404
    in_use = request.user.factor is not None
    form = _keep_form(request) if in_use else SetUpForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        counted = throttling.count_try("sign-in", request.user.username, throttling.client_address(request))
        if not request.user.check_password(form.cleaned_data["current_password"]):
            form.add_error("current_password", "รหัสผ่านปัจจุบันไม่ถูกต้อง")
            return _page(request, form)
        counted.succeeded()
        return _change(request, form) if in_use else _set_up(request, form)
    except throttling.MustWaitError as wait:
        return too_often(request, TEMPLATES[in_use], form, wait, **_context(request, form))
    except NoSecondFactorError:
        messages.warning(request, "การยืนยันตัวตนสองขั้นตอนถูกเลิกใช้หรือถูกล้างไปแล้ว")
        return redirect("second-factor")


def _keep_form(request):
    must = settings.EPLAN_SECOND_FACTOR == "required"
    return KeepForm(request.POST or None, parting="เปลี่ยนเครื่อง (ตั้งค่าใหม่)" if must else "เลิกใช้ หรือเปลี่ยนเครื่อง")


def _page(request, form):
    return render(request, TEMPLATES[request.user.factor is not None], _context(request, form))


def _context(request, form):
    trail = [("หน้าแรก", reverse("home")), ("บัญชีของฉัน", reverse("own-account")), (HERE, "")]
    context = {"trail": trail, "title": HERE, "form": form, "required": settings.EPLAN_SECOND_FACTOR == "required"}
    factor = request.user.factor
    if factor:
        return {**context, "set_up_at": thai_datetime(factor.set_up_at), "codes_left": len(factor.backup_hashes)}
    address = app_address(request.user, form.seed)
    size, path = qr_code(address)
    key = shown_key(request.user.pk, form.seed)
    return {**context, "address": address, "size": size, "path": path, "key": key}


def _set_up(request, form):
    codes = set_up_second_factor(by=request.user, seed=form.seed, step=form.step)
    if codes is None:  # the second of two clicks, whose answer is the one that is seen
        messages.info(request, "ตั้งค่าแล้ว หากยังไม่ได้จดรหัสสำรอง ออกชุดใหม่ได้ที่หน้านี้")
        return redirect("second-factor")
    _stay(request)
    return _show(request, codes, "เริ่มใช้การยืนยันตัวตนสองขั้นตอนแล้ว และออกจากระบบในอุปกรณ์อื่นทั้งหมดแล้ว")


def _change(request, form):
    values, user = form.cleaned_data, request.user
    counted = throttling.count_try("second-factor", user.username, throttling.client_address(request))
    if not use_second_factor(by=user, code=values["code"], backup_code=values["backup_code"]):
        form.refuse()
        return _page(request, form)
    counted.succeeded()
    if request.POST.get("do") != "part":
        return _show(request, new_backup_codes(by=user), "ออกรหัสสำรองชุดใหม่แล้ว ชุดเดิมใช้ไม่ได้อีก")
    remove_second_factor(by=user)
    _stay(request)
    messages.success(request, "เลิกใช้แอปเดิมแล้ว และออกจากระบบในอุปกรณ์อื่นทั้งหมดแล้ว ตั้งค่ากับแอปหรือเครื่องใหม่ได้ที่หน้านี้")
    return redirect("second-factor")


def _stay(request):
    """Let this session go on under the account as it is now."""
    request.user = User.objects.with_area().get(pk=request.user.pk)
    update_session_auth_hash(request, request.user)


def _show(request, codes, told):
    """The backup codes, in the answer itself: they are kept nowhere."""
    context = {"title": "รหัสสำรอง", "told": told, "codes": codes, "username": request.user.username}
    return render(request, "lao/backup_codes.html", context)
