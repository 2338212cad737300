"""An officer's own account: password and e-mail."""

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from eplan.fiscal import thai_date
from eplan.forms import tell_saved
from lao import throttling
from lao.access import for_roles
from lao.account_forms import OwnAccountForm
from lao.actions import save_own_account
from lao.tokens import is_taken
from lao.views.manage import OFFICERS
from lao.views.waiting import too_often


@never_cache
@sensitive_post_parameters("new_password", "new_password_again", "current_password")
@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request):
    """Change them; the present password is asked for, and tried no more often than at a sign-in."""
    form = OwnAccountForm(request.POST or None, user=request.user)
    context = {"trail": [("หน้าแรก", reverse("home")), ("บัญชีของฉัน", "")], "factor": _factor(request.user)}
    if form.is_bound and is_taken(form.token, request.user):
        return redirect("own-account")  # the second of two clicks
    if request.method != "POST" or not form.is_valid():
        return render(request, "lao/own_account.html", {"form": form, **context})
    values = form.cleaned_data
    try:
        counted = throttling.count_try("sign-in", request.user.username, throttling.client_address(request))
    except throttling.MustWaitError as wait:
        return too_often(request, "lao/own_account.html", form, wait, **context)
    if not request.user.check_password(values["current_password"]):
        form.add_error("current_password", "รหัสผ่านปัจจุบันไม่ถูกต้อง")
        return render(request, "lao/own_account.html", {"form": form, **context})
    counted.succeeded()
    save_own_account(
        by=request.user,
        token=values["form_token"],
        email=values["email"],
        new_password=values["new_password"],
        present_password=values["current_password"],
    )
    update_session_auth_hash(request, request.user)
    tell_saved(request, "บันทึกเรียบร้อยแล้ว และออกจากระบบในอุปกรณ์อื่นทั้งหมดแล้ว", values["form_token"])
    return redirect("own-account")


def _factor(user):
    """What the page says of the second factor, and what its button does; None where the deployment has none."""
    if settings.EPLAN_SECOND_FACTOR == "off":
        return None
    if user.factor is None:
        said = "ยังไม่ได้ตั้งค่า เมื่อตั้งค่าแล้ว ผู้ที่รู้รหัสผ่านของท่านแต่ไม่มีโทรศัพท์ของท่านจะเข้าสู่ระบบไม่ได้"
        return {"said": said, "button": "ตั้งค่า"}
    left = len(user.factor.backup_hashes)
    said = f"ใช้อยู่ตั้งแต่ {thai_date(user.factor.set_up_at)} เหลือรหัสสำรอง {left} รหัส"
    return {"said": said, "button": "ออกรหัสสำรอง หรือเปลี่ยนเครื่อง"}
