"""The register of LAOs: taking in the published file after a look at what it changes, and single LAOs by form."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from eplan import meeting
from eplan.forms import tell_saved
from lao.access import for_roles
from lao.forms import FindCodeForm
from lao.imports import RegisterMovedError, import_register
from lao.models import FormerCode, Lao, Province, RegisterUpload, User
from lao.officer_forms import CHANGEABLE, LaoForm, RegisterForm
from lao.queries import MOST_FOUND, find_laos
from lao.register_actions import (
    CodeTakenError,
    LaoMovedOnError,
    add_lao,
    change_code,
    confirm_upload,
    keep_upload,
)
from lao.register_import import UnreadableError
from lao.register_wording import summed_up, told
from lao.versions import last_saved
from lao.views.manage import TRAIL

LIST = "ทะเบียน อปท."
MOST_SHOWN = 500
TAKEN = "มี อปท. หรือบัญชีอื่นใช้รหัสนี้อยู่แล้ว"
BANGKOK = {"code": "2100101", "kind": Lao.Kind.BANGKOK, "name": "กรุงเทพมหานคร", "province": "10", "district": "พระนคร"}


@for_roles(User.Role.CENTRAL)
def register(request):
    """Send the published file, which is read and kept; find an LAO whose code changes; add one."""
    form = RegisterForm(request.POST, request.FILES) if request.method == "POST" else RegisterForm()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data["file"]
        try:
            import_register(by=request.user, data=data, apply=False)
        except UnreadableError as error:
            form.add_error("file", str(error))
        else:
            kept = keep_upload(by=request.user, file_name=form.file_name, data=data)
            return redirect("register-preview", kept.pk)
    search = FindCodeForm({"q": request.GET.get("q", "")})
    text = search.cleaned_data["q"] if search.is_valid() else ""
    found = find_laos(text)
    context = {
        "trail": [*TRAIL, (LIST, "")],
        "title": LIST,
        "form": form,
        "search": search,
        "text": text,
        "laos": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "total": Lao.objects.count(),
        "without_bangkok": not Lao.objects.filter(kind=Lao.Kind.BANGKOK).exists(),
    }
    return render(request, "manage/register.html", context)


@for_roles(User.Role.CENTRAL)
def register_preview(request, upload_id):
    """What a sent file would change, and which rows stay out; POST takes it in, once."""
    kept = get_object_or_404(RegisterUpload.objects.filter(by=request.user), pk=upload_id)
    moved, status = False, 200
    if request.method == "POST":
        try:
            kept = confirm_upload(by=request.user, upload_id=kept.pk, expected=request.POST.get("seen", ""))
        except RegisterUpload.DoesNotExist:  # dropped since it was found
            raise Http404 from None
        except RegisterMovedError:
            moved, status = True, 409
        else:
            messages.success(request, "นำเข้าทะเบียน อปท. เรียบร้อยแล้ว")
            return redirect("register-preview", kept.pk)
    context = {"trail": [*TRAIL, (LIST, reverse("register")), ("ตรวจไฟล์ก่อนนำเข้า", "")], "upload": kept, "moved": moved}
    if kept.outcome is None:
        outcome = import_register(by=request.user, data=bytes(kept.data), apply=False)
        context |= {
            "summed_up": summed_up(outcome),
            "groups": [_shown(group.kind, group.title, group.lines) for group in told(outcome)],
            "seen": outcome.fingerprint,
            "changes_something": bool(outcome.changes.inserted or outcome.changes.changed),
        }
    else:
        done = kept.outcome
        context |= {"summed_up": done["summed_up"], "groups": [_shown(**group) for group in done["groups"]]}
    return render(request, "manage/register_preview.html", context, status=status)


@for_roles(User.Role.CENTRAL)
def lao_new(request):
    """Add one LAO that the register doesn't have, such as Bangkok."""
    provinces = Province.objects.values_list("code", "name")
    initial = BANGKOK if "bangkok" in request.GET else {}
    form = LaoForm(request.POST or None, provinces=provinces, back_url=reverse("register"), initial=initial)
    if form.is_bound and form.is_valid():
        token = form.cleaned_data["form_token"]
        try:
            lao = add_lao(by=request.user, token=token, **form.values())
        except (CodeTakenError, IntegrityError):
            form.add_error("code", TAKEN)
        else:
            tell_saved(request, f"เพิ่ม {lao} รหัส {lao.code} เรียบร้อยแล้ว บัญชีรอการเข้าใช้ครั้งแรก", token)
            return redirect(f"{reverse('register')}?q={lao.code}")
    title = "เพิ่ม อปท."
    context = {"trail": [*TRAIL, (LIST, reverse("register")), (title, "")], "title": title, "form": form, "lao": None}
    return render(request, "manage/lao_form.html", context)


@for_roles(User.Role.CENTRAL)
def lao_code(request, lao_id):
    """Give an LAO another code after an upgrade; the old one still finds it."""
    lao = get_object_or_404(Lao.objects.with_place(), pk=lao_id)
    form = LaoForm(request.POST or None, lao=lao, back_url=f"{reverse('register')}?q={lao.code}")
    conflict = None
    if form.is_bound and form.is_valid():
        try:
            changed, conflict = _change(request.user, lao, form)
        except (CodeTakenError, IntegrityError):
            form.add_error("code", TAKEN)
        else:
            if changed:
                told_of = f"บันทึก {changed} รหัส {changed.code} เรียบร้อยแล้ว"
                tell_saved(request, told_of, form.cleaned_data["form_token"])
                return redirect(f"{reverse('register')}?q={changed.code}")
    title = f"เปลี่ยนรหัส {lao}"
    context = {
        "trail": [*TRAIL, (LIST, reverse("register")), (title, "")],
        "title": title,
        "form": form,
        "lao": lao,
        "former": FormerCode.objects.filter(lao=lao),
        "conflict": conflict,
    }
    return render(request, "manage/lao_form.html", context, status=409 if conflict else 200)


def _change(user, lao, form):
    """`(changed, conflict)`: the organisation as it is now, or what is to be chosen."""
    names = {name: (name,) for name in CHANGEABLE}

    def save():
        token = form.cleaned_data["form_token"]
        return change_code(by=user, token=token, lao_id=lao.pk, opened=form.started_lao, **form.values())

    def meet(moved):
        standing = {name: getattr(moved.lao, name) for name in CHANGEABLE}
        return meeting.met_by_start(form, standing, names, *last_saved(moved.lao))

    def parts():
        return meeting.parts_of_fields(form, names, form.part_in_words)

    return meeting.save_or_ask(form, save, refusal=LaoMovedOnError, meet=meet, parts=parts)


def _shown(kind, title, lines):
    """A group of lines as the page shows it: the first of them, and how many there are. Refused rows stand open."""
    return {
        "title": title,
        "count": len(lines),
        "lines": lines[:MOST_SHOWN],
        "more": max(0, len(lines) - MOST_SHOWN),
        "open": kind == "refused",
    }
