"""S15: a new password for one that was forgotten."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lao import throttling
from lao.actions import ask_officer, make_temporary_password, send_reset_link, set_password
from lao.forms import NewPasswordForm, PasswordResetForm
from lao.models import User
from lao.queries import account_to_reset, email_of, is_officer
from lao.views.waiting import too_often

NO_MATCH = "ชื่อผู้ใช้งานหรืออีเมลไม่ตรงกับที่บันทึกไว้ในข้อมูลพื้นฐาน"
LINK_TOKEN = "reset_link_token"  # noqa: S105  a session's key
IN_SESSION = "set"


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens of the links, good for an hour and once; they end when the registered e-mail changes, too."""

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{email_of(user)}"


tokens = ResetTokens()


@login_not_required
@never_cache
def password_reset(request):
    """ลืมรหัสผ่าน: in the way that the deployment chose for LAOs; officers only ever by e-mail.

    The new password is shown in the answer itself, not after a redirect: it must be kept nowhere.
    """
    form = PasswordResetForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "lao/password_reset.html", {"form": form})
    username, email = form.cleaned_data["username"], form.cleaned_data["email"]
    try:
        throttling.count_try("reset", username, throttling.client_address(request))
    except throttling.MustWaitError as wait:
        return too_often(request, "lao/password_reset.html", form, wait)
    user = account_to_reset(username, email)
    way = "email" if is_officer(username) else settings.EPLAN_PASSWORD_RESET
    if way == "email":
        send_reset_link(user=user, link=link_for(request, user) if user else "")
        return render(request, "lao/password_reset_sent.html")
    if way == "officer":
        ask_officer(user=user, address=throttling.client_address(request))
        return render(request, "lao/password_reset_asked.html")
    if user is None:
        form.add_error(None, NO_MATCH)
        return render(request, "lao/password_reset.html", {"form": form})
    return render(request, "lao/password_reset_shown.html", {"password": make_temporary_password(user=user)})


def link_for(request, user):
    """The address under which `user` can set a password, once and within an hour."""
    uidb64 = urlsafe_base64_encode(force_bytes(user.pk))
    address = reverse("password-reset-link", kwargs={"uidb64": uidb64, "token": tokens.make_token(user)})
    return request.build_absolute_uri(address)


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "new_password_again")
def password_reset_link(request, uidb64, token):
    """The link of the letter. The token moves from the address into the session, so that no log or history keeps it."""
    user = _owner(uidb64)
    if token != IN_SESSION and user and tokens.check_token(user, token):
        request.session[LINK_TOKEN] = token
        return redirect("password-reset-link", uidb64=uidb64, token=IN_SESSION)
    if not (token == IN_SESSION and user and tokens.check_token(user, request.session.get(LINK_TOKEN))):
        return render(request, "lao/password_reset_gone.html", status=404)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(by=user, password=form.cleaned_data["new_password"])
        request.session.flush()
        throttling.forget_name("sign-in", user.username)
        messages.success(request, "ตั้งรหัสผ่านใหม่เรียบร้อยแล้ว กรุณาเข้าสู่ระบบด้วยรหัสผ่านใหม่")
        return redirect("login")
    return render(request, "lao/password_new.html", {"form": form})


def _owner(uidb64):
    """The active account that a link speaks of, or None."""
    try:
        pk = int(urlsafe_base64_decode(uidb64))
    except ValueError:
        return None
    return (
        User.objects.with_area().filter(pk=pk, is_active=True, claimed_at__isnull=False).first() if pk < 2**63 else None
    )


@never_cache
@sensitive_post_parameters("new_password", "new_password_again")
def password_new(request):
    """The new password that must be set after a passing one; nobody else has business here."""
    if not request.user.must_change_password:
        return redirect("home")
    form = NewPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        set_password(by=request.user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "ตั้งรหัสผ่านใหม่เรียบร้อยแล้ว")
        return redirect("home")
    return render(request, "lao/password_new.html", {"form": form})
