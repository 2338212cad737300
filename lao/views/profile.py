"""S4: what an LAO says of itself, and at the first entry the password it will use from then on."""

import logging
from contextlib import nullcontext

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, logout, update_session_auth_hash
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from eplan import meeting
from eplan.forms import tell_saved
from lao import throttling
from lao.access import for_roles
from lao.actions import (
    AlreadyClaimedError,
    CodeGoneError,
    ProfileMovedError,
    claim_account,
    has_password,
    save_profile,
)
from lao.forms import ProfileForm
from lao.middleware import CLAIMED_MEANWHILE, FIRST_ENTRY
from lao.models import LaoProfile, User
from lao.tokens import digest_of, said_under
from lao.versions import last_saved, values_when
from lao.views.waiting import too_often

logger = logging.getLogger(__name__)

TRAIL = [("ข้อมูลพื้นฐาน", ""), ("ลงทะเบียนข้อมูลพื้นฐานองค์กรปกครองส่วนท้องถิ่น", "")]
CODE_GONE = "รหัสเปิดใช้งานหมดอายุหรือถูกออกใหม่แล้ว กรุณาเข้าสู่ระบบด้วยรหัสล่าสุด"


@for_roles(User.Role.LAO)
@never_cache
@sensitive_post_parameters("new_password", "current_password")
def profile(request):
    """ลงทะเบียนข้อมูลพื้นฐานองค์กรปกครองส่วนท้องถิ่น."""
    stored = LaoProfile.objects.filter(pk=request.user.lao_id).first()
    form = ProfileForm(request.POST or None, user=request.user, stored=stored)
    said = said_under(form.token, request.user) if form.is_bound else None
    if said == "":
        return redirect("home")  # the second of two clicks at a first entry
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    if form.first_entry:
        return _claim(request, form)
    if said == digest_of(form.values) and has_password(request.user, form.cleaned_data["new_password"]):
        return _told(request, form)  # the second of two clicks, or back and again
    return _save(request, form)


def _page(request, form, conflict=None):
    return render(request, "lao/profile.html", {"form": form, "trail": TRAIL, "conflict": conflict})


def _claim(request, form):
    values = form.cleaned_data
    address = throttling.client_address(request)
    # Only where an empty password and nothing else opens an account in earnest.
    counted = throttling.counted_claim(address) if settings.EPLAN_FIRST_ENTRY == "confirm" else nullcontext()
    try:
        with counted:
            claim_account(
                by=request.user,
                token=values["form_token"],
                values=form.values,
                password=values["new_password"],
                address=address,
                code_id=request.session.get(FIRST_ENTRY, {}).get("code"),
            )
    except throttling.MustWaitError as wait:
        logger.warning("too many claims from one address: the next after %s seconds", wait.seconds)
        return too_often(request, "lao/profile.html", form, wait, trail=TRAIL, conflict=None)
    except (AlreadyClaimedError, CodeGoneError) as reason:
        logout(request)
        messages.error(request, CODE_GONE if isinstance(reason, CodeGoneError) else CLAIMED_MEANWHILE)
        return redirect("login")
    # The session keeps its key here, unlike below, and is stored at once: the second of two clicks, already on its way
    # under that key, then finds a session that is still good.
    request.user.refresh_from_db(fields=["password"])
    request.session.pop(FIRST_ENTRY, None)
    request.session[HASH_SESSION_KEY] = request.user.get_session_auth_hash()
    request.session.save()
    told = "บันทึกข้อมูลพื้นฐานและรหัสผ่านเรียบร้อยแล้ว ครั้งต่อไปกรุณาเข้าสู่ระบบด้วยรหัสผ่านที่ตั้งไว้"
    tell_saved(request, told, values["form_token"])
    return redirect("home")


def _save(request, form):
    values = form.cleaned_data
    present_password = ""
    if form.needs_current_password:
        present_password = values["current_password"]
        try:
            counted = throttling.count_try("sign-in", request.user.username, throttling.client_address(request))
        except throttling.MustWaitError as wait:
            return too_often(request, "lao/profile.html", form, wait, trail=TRAIL, conflict=None)
        if not request.user.check_password(present_password):
            form.add_error("current_password", "รหัสผ่านปัจจุบันไม่ถูกต้อง")
            return _page(request, form)
        counted.succeeded()

    def save():
        save_profile(
            by=request.user,
            token=values["form_token"],
            version=form.cleaned_data["version"],
            values=form.values,
            new_password=values["new_password"],
            present_password=present_password,
        )

    names = {name: (name,) for name in form.STORED}

    def meet(moved):
        current = moved.current
        stored = {name: getattr(current, name) for name in form.STORED}
        base = values_when(current, form.STORED, form.cleaned_data["version"])
        stored, base = meeting.in_parts(stored, names), meeting.in_parts(base, names)
        return meeting.Met(current.version, stored, base, {"version": current.version}, *last_saved(current))

    def parts():
        return meeting.parts_of_fields(form, names, form.in_words)

    _, conflict = meeting.save_or_ask(form, save, refusal=ProfileMovedError, meet=meet, parts=parts)
    if conflict:
        return _page(request, form, conflict)
    if present_password:
        update_session_auth_hash(request, request.user)
    return _told(request, form, " และออกจากระบบในอุปกรณ์อื่นทั้งหมดแล้ว" if present_password else "")


def _told(request, form, further=""):
    tell_saved(request, f"บันทึกข้อมูลพื้นฐานเรียบร้อยแล้ว{further}", form.cleaned_data["form_token"])
    return redirect("home")
