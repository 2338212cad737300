"""S15, mode `officer`: the code that an officer of the province has read out, and the new password after it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lao import throttling
from lao.actions import CodeGoneError, set_password_by_code
from lao.codes import fits
from lao.forms import NewPasswordForm, ResetCodeForm
from lao.queries import live_reset_code
from lao.views.waiting import too_often

CODE = "reset_code"
REFUSED = "ชื่อผู้ใช้งานหรือรหัสไม่ถูกต้อง หรือรหัสหมดอายุหรือถูกใช้ไปแล้ว กรุณาตรวจสอบ หรือขอรหัสใหม่จากเจ้าหน้าที่"


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def password_reset_code(request):
    """Name and code. Every refusal is one and the same."""
    form = ResetCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"]
        try:
            counted = throttling.count_try("reset-code", username, throttling.client_address(request))
        except throttling.MustWaitError as wait:
            return too_often(request, "lao/password_reset_code.html", form, wait)
        live = live_reset_code(user__username=username)
        if fits(form.cleaned_data["code"], live):
            counted.succeeded()
            request.session[CODE] = live.pk
            return redirect("password-reset-code-new")
        form.add_error(None, REFUSED)
    return render(request, "lao/password_reset_code.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "new_password_again")
def password_reset_code_new(request):
    """The new password; the code is used up by saving it and not before."""
    live = live_reset_code(pk=request.session.get(CODE))
    if live is None:
        return _gone(request)
    form = NewPasswordForm(request.POST or None, user=live.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "lao/password_new.html", {"form": form})
    try:
        set_password_by_code(code_id=live.pk, password=form.cleaned_data["new_password"])
    except CodeGoneError:
        return _gone(request)
    request.session.flush()
    throttling.forget_name("sign-in", live.user.username)
    messages.success(request, "ตั้งรหัสผ่านใหม่เรียบร้อยแล้ว กรุณาเข้าสู่ระบบด้วยรหัสผ่านใหม่")
    return redirect("login")


def _gone(request):
    if request.session.pop(CODE, None):
        messages.error(request, REFUSED)
    return redirect("password-reset-code")
