"""Signing in and out."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from eplan.fiscal import thai_datetime
from lao import throttling
from lao.actions import use_second_factor, use_temporary_password
from lao.audit import acting
from lao.carrying import send_again
from lao.codes import fits
from lao.factor_forms import SecondStepForm
from lao.forms import CodeForm, SignInForm
from lao.middleware import FIRST_ENTRY
from lao.models import User
from lao.queries import is_registered, live_activation_code, password_asked_for_since, unclaimed_account
from lao.views.waiting import too_often

NAME_FOR_CODE = "name_for_code"
# Whose password was right and whose second step is still to come; that account is not signed in meanwhile.
HALF_WAY = "half_way"
HALF_WAY_FOR = 10 * 60  # seconds
SECOND_STEP = "lao/sign_in_second_step.html"
REFUSED = "ชื่อผู้ใช้งานหรือรหัสผ่านไม่ถูกต้อง"
REFUSED_CODE = "รหัสเปิดใช้งานไม่ถูกต้อง หมดอายุ หรือถูกใช้ไปแล้ว กรุณาตรวจสอบ หรือขอรหัสใหม่จากสำนักงาน ป.ป.ช. ประจำจังหวัด"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request):
    """S3: name and password, or a name alone at a first entry. Every refusal is one and the same."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(_safe(request, request.GET.get("next", "")))
        return render(request, "lao/sign_in.html", {"form": SignInForm(initial=request.GET.dict())})
    form = SignInForm(request.POST)
    if not form.is_valid():
        return render(request, "lao/sign_in.html", {"form": form})
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    if not password and settings.EPLAN_FIRST_ENTRY == "code":
        request.session[NAME_FOR_CODE] = username
        return redirect("login-code")
    try:
        counted = throttling.count_try("sign-in", username, throttling.client_address(request))
    except throttling.MustWaitError as wait:
        return too_often(request, "lao/sign_in.html", form, wait)
    if password:
        user = authenticate(request, username=username, password=password)
        passing = user is None and use_temporary_password(username=username, password=password)
        user = user or passing
    else:
        check_password("", UNUSABLE_PASSWORD_PREFIX)  # as long as any other refusal takes
        user, passing = unclaimed_account(username), None
    if not user:
        form.add_error(None, _refusal(username, password))
        return render(request, "lao/sign_in.html", {"form": form})
    counted.succeeded()
    if user.is_clerk and user.claimed_at is None:
        first_page = _enter_first(request, user, code_id=None)
        return send_again(request, form.cleaned_data["carried"]) or first_page
    if settings.EPLAN_SECOND_FACTOR != "off" and user.factor:
        request.session[HALF_WAY] = {"user": user.pk, "state": user.get_session_auth_hash(), "since": time.time()}
        onward = {name: form.cleaned_data[name] for name in ("next", "carried")}
        return render(request, SECOND_STEP, {"form": SecondStepForm(initial=onward), "username": user.username})
    return _let_in(request, user, form, passing=bool(passing))


@login_not_required
@never_cache
@sensitive_post_parameters("code", "backup_code")
def sign_in_second_step(request):
    """The app's code or a backup code, of an officer whose password was right a moment ago. One refusal for both."""
    user = _half_way(request)
    if user is None:
        if request.session.pop(HALF_WAY, None):
            messages.warning(request, "ขั้นตอนเข้าสู่ระบบหมดเวลาแล้ว กรุณาเริ่มใหม่")
        return redirect("login")
    form = SecondStepForm(request.POST or None)
    page = {"form": form, "username": user.username}
    if request.method != "POST" or not form.is_valid():
        return render(request, SECOND_STEP, page)
    try:
        counted = throttling.count_try("second-factor", user.username, throttling.client_address(request))
    except throttling.MustWaitError as wait:
        return too_often(request, SECOND_STEP, form, wait, username=user.username)
    values = form.cleaned_data
    if not use_second_factor(by=user, code=values["code"], backup_code=values["backup_code"]):
        form.refuse()
        return render(request, SECOND_STEP, page)
    counted.succeeded()
    if not values["code"]:
        left = len(user.factor.backup_hashes) - 1
        messages.warning(request, f"ใช้รหัสสำรองไปหนึ่งรหัส เหลืออีก {left} รหัส ออกชุดใหม่ได้ที่หน้าบัญชีของฉัน")
    return _let_in(request, user, form)


def _half_way(request):
    """The account whose password this session has just proved, as long as nothing about it has changed; or None."""
    known = request.session.get(HALF_WAY)
    if not known or not 0 <= time.time() - known["since"] <= HALF_WAY_FOR:
        return None
    user = User.objects.with_area().filter(pk=known["user"], is_active=True).first()
    return user if user and constant_time_compare(known["state"], user.get_session_auth_hash()) else None


def _let_in(request, user, form, *, passing=False):
    """Sign in an account that has proved all it must, and lead on to where its form says."""
    asked_at = None if passing else password_asked_for_since(user, user.last_login)
    _enter(request, user)
    if asked_at:
        messages.warning(
            request, f"มีการขอรหัสผ่านใหม่เมื่อ {thai_datetime(asked_at)} หากไม่ใช่ท่าน กรุณาเปลี่ยนรหัสผ่านและแจ้งผู้ดูแลระบบ"
        )
    onward = redirect(_safe(request, form.cleaned_data["next"] or ""))
    return send_again(request, form.cleaned_data["carried"]) or onward


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def sign_in_with_code(request):
    """S3, mode `code`: the letter's code for whatever name was typed. The name's existence is not disclosed."""
    username = request.session.get(NAME_FOR_CODE)
    if settings.EPLAN_FIRST_ENTRY != "code" or not username:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            counted = throttling.count_try("sign-in", username, throttling.client_address(request))
        except throttling.MustWaitError as wait:
            return too_often(request, "lao/sign_in_with_code.html", form, wait, username=username)
        live = live_activation_code(username)
        if fits(form.cleaned_data["code"], live):
            counted.succeeded()
            return _enter_first(request, live.user, code_id=live.pk)
        form.add_error("code", REFUSED_CODE)
    return render(request, "lao/sign_in_with_code.html", {"form": form, "username": username})


@login_not_required
@require_POST
def sign_out(request):
    """End this session; open to all, so that an ended session does not ask for a sign-in to sign out."""
    logout(request)
    messages.success(request, "ออกจากระบบเรียบร้อยแล้ว")
    return redirect("landing")


def _refusal(username, password):
    """The one refusal of all; in mode `confirm` a second empty password is told so, and whom to call."""
    if password or settings.EPLAN_FIRST_ENTRY != "confirm" or not is_registered(username):
        return REFUSED
    contact = settings.EPLAN_CONTACTS["problem"]
    return (
        "บัญชีนี้ลงทะเบียนแล้ว กรุณากรอกรหัสผ่านที่ตั้งไว้ หากหน่วยงานของท่านไม่ได้เป็นผู้ลงทะเบียน "
        f"กรุณาโทร. {contact['phone']} {contact['name']}"
    )


def _enter(request, user):
    for name in (NAME_FOR_CODE, HALF_WAY):
        request.session.pop(name, None)
    with acting(user):  # the time of the last sign-in is part of the trail
        login(request, user)


def _enter_first(request, user, *, code_id):
    """Sign in an account that nobody has claimed; the session remembers which code gives it the right to."""
    _enter(request, user)
    request.session[FIRST_ENTRY] = {"code": code_id}
    return redirect("profile")


def _safe(request, address):
    """The address to go on to: `address` if it is one of ours, else home."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
