"""The accounts that an officer looks after: the list, each account's page, and what can be done to it."""

from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from eplan import meeting
from eplan.fiscal import thai_date, thai_datetime
from eplan.forms import kept_as, tell_saved
from eplan.thai import arabic_digits
from lao import actions
from lao.access import for_roles
from lao.account_forms import NarrowingForm, OfficerForm, ReasonForm, shown_as
from lao.models import LaoProfile, Province, User
from lao.queries import accounts as queries
from lao.throttling import waiting_names
from lao.tokens import is_taken
from lao.versions import last_saved, values_when
from lao.views.deeds import DEEDS, EXPLAINED, Said
from lao.views.letters import letters_page
from lao.views.manage import CENTRAL, OFFICERS, TRAIL
from lao.views.passwords import link_for
from lao.wording import Names, changes_of, deed_of, who_did

HERE = "บัญชีผู้ใช้งาน"
PAGE_SIZE = 50
MOVED = "สถานะของบัญชีนี้เปลี่ยนไปแล้ว จึงยังไม่ได้ดำเนินการ กรุณาดูสถานะปัจจุบันแล้วตัดสินใจอีกครั้ง"


@require_safe
@never_cache  # it names coordinators
@for_roles(*OFFICERS)
def accounts(request):
    """The list, with what waits for this officer on top."""
    user = request.user
    provinces = list(Province.objects.visible_to(user).order_by("sort_key"))
    central = user.role == User.Role.CENTRAL
    choices = {"provinces": provinces, "all_roles": central}
    narrowing = NarrowingForm(request.GET, **choices).narrowing()
    page = Paginator(queries.accounts(user, narrowing), PAGE_SIZE).get_page(_number(request.GET.get("page")) or 1)
    found = queries.accounts_by_key(list(page))
    waits = waiting_names([account.username for account in found])
    unusual, in_all = queries.unusual_claims() if central else ([], None)
    kept = {name: value for name, value in shown_as(narrowing).items() if value}
    context = {
        "trail": [*TRAIL, (HERE, "")],
        "title": HERE,
        "area": user.area_name,
        "form": NarrowingForm(initial=shown_as(narrowing), **choices),
        "waiting": [
            {"label": queries.STATES[state], "count": count, "url": f"?{urlencode({'state': state})}"}
            for state, count in queries.waiting_counts(user).items()
        ],
        "unusual": [
            {**row, "latest": thai_datetime(row["latest"]), "query": urlencode({"text": row["claimed_from"]})}
            for row in unusual
        ],
        "unusual_in_all": in_all,
        "central": central,
        "page": page,
        "rows": [_row(account, waits.get(account.username)) for account in found],
        "query": f"{urlencode(kept)}&" if kept else "",
    }
    return render(request, "manage/accounts.html", context)


def _row(account, waits_until):
    """One account of the list in strings."""
    claimed = [thai_datetime(account.claimed_at) if account.claimed_at and account.is_clerk else ""]
    if account.is_clerk and account.claimed_at:
        claimed += [
            part for part in (account.lao_email, account.claimed_from and f"จาก {account.claimed_from}") if part
        ]
    return {
        "url": reverse("account", args=[account.pk]),
        "username": account.username,
        "name": account.display_name,
        "place": _place(account),
        "states": _states(account, waits_until, account.asked_at),
        "claimed": [part for part in claimed if part],
        "email": "" if account.is_clerk else account.email,
        "last_login": thai_datetime(account.last_login) if account.last_login else "-",
    }


def _place(account):
    if account.is_clerk:
        return f"อำเภอ{account.lao.district} จังหวัด{account.lao.district.province}"
    return f"{account.get_role_display()} · {account.area_name}"


def _states(account, waits_until, asked_at):
    """All that there is to say of an account's state, the most urgent first."""
    state = queries.STATES
    said = []
    if account.withheld_since:
        said.append(state[queries.NEW if account.claimed_at else queries.REVOKED])
    if asked_at:
        said.append(f"{state[queries.ASKED]} (ขอเมื่อ {thai_datetime(asked_at)})")
    if not account.is_active:
        said.append(state[queries.CLOSED])
    if waits_until:
        said.append(f"{state[queries.LOCKED]} ถึง {thai_datetime(waits_until)}")
    if not account.is_clerk and not account.has_usable_password():
        said.append("ยังไม่ได้ตั้งรหัสผ่าน")
    if not account.is_clerk and settings.EPLAN_SECOND_FACTOR == "required" and account.factor is None:
        said.append("ยังไม่ได้ตั้งการยืนยันตัวตนสองขั้นตอน")
    return said or [state[queries.CLAIMED if account.claimed_at else queries.UNCLAIMED]]


@require_safe
@never_cache
@for_roles(*OFFICERS)
def account(request, account_id):
    """One account: its state, whom to call, what can be done, and its history."""
    return _account_page(request, _find(request.user, account_id))


def _account_page(request, found, *, code=None):
    """The page of an account; `code`, a one-time code just issued, stands on it this once."""
    waits_until = waiting_names([found.username]).get(found.username)
    asked = queries.request_of(found)
    history = list(queries.history_of_account(found))
    names = Names(history)
    context = {
        "trail": [*TRAIL, (HERE, reverse("accounts")), (found.username, "")],
        "title": found.display_name,
        "place": _place(found),
        "account": found,
        "facts": _facts(found, _states(found, waits_until, asked.asked_at if asked else None)),
        "contact": _contact(found),
        "deeds": [
            {
                "url": reverse("account-act", args=[found.pk, deed]),
                "label": DEEDS[deed].label,
                "first": deed == "confirm",
            }
            for deed in queries.deeds_for(found, request.user, waits=waits_until is not None)
        ],
        "edit_url": "" if found.is_clerk else reverse("officer-edit", args=[found.pk]),
        "code": code,
        "history": [
            {
                "at": thai_datetime(entry.at),
                "who": who_did(entry),
                "what": deed_of(entry),
                "changes": changes_of(entry, names),
                "whole": entry.action if entry.action in ("INSERT", "DELETE") else "",
            }
            for entry in history
        ],
    }
    return render(request, "manage/account.html", context)


def _facts(found, states):
    """Label and value of all that the account says of itself."""
    facts = [("สถานะ", " · ".join(states)), ("ชื่อผู้ใช้งาน", found.username)]
    if not found.is_clerk:
        facts += [("บทบาท", found.get_role_display()), ("พื้นที่", found.area_name), ("อีเมล", found.email or "-")]
        since = f"ใช้อยู่ตั้งแต่ {thai_date(found.factor.set_up_at)}" if found.factor else "ยังไม่ได้ตั้งค่า"
        return facts if settings.EPLAN_SECOND_FACTOR == "off" else [*facts, ("ยืนยันตัวตนสองขั้นตอน", since)]
    if found.claimed_at:
        facts += [("ลงทะเบียนเมื่อ", thai_datetime(found.claimed_at)), ("ลงทะเบียนจาก", found.claimed_from or "-")]
    live = queries.live_code_of(found)
    if live and not found.claimed_at:
        facts.append(("รหัสเปิดใช้งาน", f"ออกเมื่อ {thai_datetime(live.issued_at)} ใช้ได้ถึง {thai_date(live.expires_at)}"))
    return [*facts, ("เข้าสู่ระบบล่าสุด", thai_datetime(found.last_login) if found.last_login else "-")]


def _contact(found):
    """Whom to call at the LAO: label and value; nothing for an officer, or before there is a profile."""
    profile = LaoProfile.objects.filter(pk=found.lao_id).first() if found.is_clerk else None
    if profile is None:
        return []
    names = ("coordinator_name", "coordinator_position", "coordinator_unit", "coordinator_phone", "coordinator_email")
    return [(LaoProfile._meta.get_field(name).verbose_name, getattr(profile, name) or "-") for name in names]


@never_cache
@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def account_act(request, account_id, deed):
    """Ask before something is done to an account, then do it. A code is shown in the answer itself and kept nowhere."""
    found = _find(request.user, account_id)
    if deed not in DEEDS:
        raise Http404
    form = ReasonForm(request.POST or None) if DEEDS[deed].wants_reason else None
    waits = found.username in waiting_names([found.username])
    page = reverse("account", args=[found.pk])
    # The second of two clicks finds the deed done.
    if form and form.is_valid() and is_taken(form.cleaned_data["form_token"], request.user):
        return redirect(page)
    if deed not in queries.deeds_for(found, request.user, waits=waits):
        messages.warning(request, MOVED)
        return redirect(page)
    if request.method != "POST" or (form and not form.is_valid()):
        kept = kept_as(form, f"account:{found.pk}:{deed}") if form else {}
        return render(request, "manage/account_act.html", {**_question(found, deed, page), "form": form, "kept": kept})
    typed = form.cleaned_data if form else {"reason": "", "form_token": None}
    link = partial(link_for, request)
    said = Said(request.POST.get("seen", ""), link, typed["reason"], typed["form_token"])
    try:
        done = DEEDS[deed].act(by=request.user, account=found, said=said)
    except (actions.AccountMovedError, actions.NoSecondFactorError):
        messages.warning(request, MOVED)
        return redirect(page)
    if deed == "letter":
        return letters_page(request, done, back_url=page)
    if done is not None:
        return _account_page(request, _find(request.user, account_id), code=done)
    tell_saved(request, DEEDS[deed].done, typed["form_token"] or "")
    return redirect(page)


def _question(found, deed, page):
    return {
        "trail": [*TRAIL, (HERE, reverse("accounts")), (found.username, page), (DEEDS[deed].label, "")],
        "title": found.display_name,
        "place": _place(found),
        "contact": _contact(found),
        "deed": DEEDS[deed],
        "explained": EXPLAINED[deed],
        "seen": found.claimed_at.isoformat() if found.claimed_at else "",
        "cancel_url": page,
    }


@never_cache
@for_roles(*CENTRAL)
@require_http_methods(["GET", "HEAD", "POST"])
def officer_new(request):
    """Create an officer's account; the link to set its password goes out by e-mail."""
    form = OfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["form_token"]
        link = partial(link_for, request)
        try:
            officer = actions.create_officer(by=request.user, token=token, values=form.values, link=link)
        except actions.NameTakenError:
            form.add_error("username", "มีบัญชีชื่อนี้แล้ว กรุณาตั้งชื่ออื่น")
        else:
            tell_saved(request, f"สร้างบัญชี {officer.username} แล้ว และส่งลิงก์ตั้งรหัสผ่านไปที่ {officer.email}", token)
            return redirect("account", officer.pk)
    context = {"trail": [*TRAIL, (HERE, reverse("accounts")), ("เพิ่มเจ้าหน้าที่", "")], "title": "เพิ่มเจ้าหน้าที่", "form": form}
    return render(request, "manage/officer.html", context)


@never_cache
@for_roles(*CENTRAL)
@require_http_methods(["GET", "HEAD", "POST"])
def officer_edit(request, account_id):
    """Change an officer's name, e-mail, role and area."""
    officer = _find(request.user, account_id)
    if officer.is_clerk:
        raise Http404
    form = OfficerForm(request.POST or None, officer=officer)
    conflict = None
    if request.method == "POST" and form.is_valid():
        if officer == request.user and form.values["role"] != officer.role:
            form.add_error("role", "เปลี่ยนบทบาทของบัญชีตนเองไม่ได้ กรุณาให้เจ้าหน้าที่ส่วนกลางอื่นดำเนินการ")
        else:
            saved, conflict = _change(request, officer, form)
            if saved:
                tell_saved(request, "บันทึกเรียบร้อยแล้ว", form.cleaned_data["form_token"])
                return redirect("account", officer.pk)
    page = reverse("account", args=[officer.pk])
    context = {
        "trail": [*TRAIL, (HERE, reverse("accounts")), (officer.username, page), ("แก้ไข", "")],
        "title": f"แก้ไขบัญชี {officer.username}",
        "form": form,
        "conflict": conflict,
    }
    return render(request, "manage/officer.html", context, status=409 if conflict else 200)


def _change(request, officer, form):
    """`(saved, conflict)`: the account as it is now, or what is to be chosen where somebody else saved it since."""
    columns = ("name", "email", "role", "province_id", "region_id")

    def save():
        values = {name: value for name, value in form.values.items() if name != "username"}
        said = {"version": form.cleaned_data["version"], "values": values, "token": form.cleaned_data["form_token"]}
        return actions.change_officer(by=request.user, account_id=officer.pk, **said)

    def meet(moved):
        current, begun_at = moved.current, form.cleaned_data["version"]
        stored = {name: getattr(current, name) for name in columns}
        stored, base = (_by_part(values, form) for values in (stored, values_when(current, columns, begun_at)))
        return meeting.Met(current.version, stored, base, {"version": current.version}, *last_saved(current))

    def parts():
        return meeting.parts_of_fields(form, form.PARTS, form.part_in_words, form.LABELS)

    return meeting.save_or_ask(form, save, refusal=actions.OfficerMovedError, meet=meet, parts=parts)


def _by_part(values, form):
    """Columns of an account as the parts of its form; None for None."""
    named = values and {name.removesuffix("_id"): value for name, value in values.items()}
    return meeting.in_parts(named, form.PARTS)


def _find(user, account_id):
    try:
        return queries.find_account(user, account_id)
    except User.DoesNotExist as error:
        raise Http404 from error


def _number(text):
    """A number out of an address; None for anything else."""
    digits = arabic_digits(text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
