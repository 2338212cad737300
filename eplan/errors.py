"""The pages for what went wrong, in Thai, each with the id under which the log has the request."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

from eplan import logs
from eplan.forms import typed_fields


@requires_csrf_token
def bad_request(request, exception):
    """400: the request can't be understood, or holds more than a form may."""
    return _page(request, 400, too_much=isinstance(exception, RequestDataTooBig))


@requires_csrf_token
def permission_denied(request, exception):
    """403: the page exists, but not for this person."""
    return _page(request, 403)


@requires_csrf_token
def page_not_found(request, exception):
    """404: no such page, or none that this person may know of."""
    return _page(request, 404)


def server_error(request):
    """500: made without the database, the session or context processors, any of which may be what failed."""
    page = get_template("errors/500.html").render(
        {
            "request_id": logs.request_id.get(),
            "contact": settings.EPLAN_CONTACTS["problem"],
            "static_url": settings.STATIC_URL,  # not {% static %}, which fails where the files were not collected
        }
    )
    return HttpResponse(page, status=500)


@never_cache
def csrf_failure(request, reason=""):
    """403 for a form whose token does not fit.

    A form of our own was most likely opened before a sign-in in another tab, which changes the token: it comes
    back with all that was typed and a new token, to be sent again by hand. Anything else is refused.
    """
    if not _sent_from_our_pages(request):
        return _page(request, 403)
    title = "กรุณาส่งข้อมูลอีกครั้ง"
    sentence = "หน้านี้เปิดค้างไว้ก่อนเข้าสู่ระบบครั้งล่าสุด ข้อมูลที่กรอกยังอยู่ครบ กดปุ่มเพื่อส่งอีกครั้ง"
    typed = typed_fields(request.POST)
    return resend(request, typed, address=request.get_full_path(), title=title, sentence=sentence, status=403)


@never_cache
def clash(request):
    """409 for a save that the database refused because something it rests on changed at the same moment.

    Screens check everything first, so this is rare; all that was typed comes back, to be sent again by hand.
    """
    title = "ยังไม่ได้บันทึก กรุณาส่งข้อมูลอีกครั้ง"
    sentence = (
        "ข้อมูลที่เกี่ยวข้องเปลี่ยนไปพร้อมกับที่ท่านบันทึก ข้อมูลที่กรอกยังอยู่ครบ กดปุ่มเพื่อส่งอีกครั้ง "
        f"หากยังไม่สำเร็จ กรุณาแจ้งรหัสอ้างอิง {logs.request_id.get()}"
    )
    typed = typed_fields(request.POST)
    return resend(request, typed, address=request.get_full_path(), title=title, sentence=sentence, status=409)


@never_cache
def busy(request, seconds):
    """503 for a request that has waited too long for its turn; it is to come again after so many `seconds`.

    A script that sent a form (static/js/sending.js) reads the number alone. A form that came without one comes back
    with all that was typed. Anything else reloads itself.
    """
    if "X-Keep" in request.headers:
        return HttpResponse(status=503)
    if request.method == "POST":
        title = "ยังไม่ได้บันทึก ขณะนี้มีผู้ใช้งานจำนวนมาก"
        sentence = f"ข้อมูลที่กรอกยังอยู่ครบในหน้านี้ กรุณารอประมาณ {seconds} วินาที แล้วกดปุ่มเพื่อส่งอีกครั้ง"
        typed = typed_fields(request.POST)
        return resend(request, typed, address=request.get_full_path(), title=title, sentence=sentence, status=503)
    context = {
        "seconds": seconds,
        "contact": settings.EPLAN_CONTACTS["problem"],
        "request_id": logs.request_id.get(),
        "address": request.get_full_path(),
    }
    return HttpResponse(get_template("errors/busy.html").render(context), status=503)


def resend(request, typed, *, address, title, sentence, status=200, button="ส่งอีกครั้ง", send_now=False):
    """The page that sends what was `typed` (as `eplan.forms.typed_fields` gives it) to `address` again.

    `send_now` lets it go by itself where scripts run.
    """
    fields, password_left_out = typed
    context = {
        "fields": fields,
        "password_left_out": password_left_out,
        "address": address,
        "title": title,
        "sentence": sentence,
        "button": button,
        "send_now": send_now,
    }
    return render(request, "errors/resend.html", context, status=status)


def _page(request, status, **more):
    return render(request, f"errors/{status}.html", {"request_id": logs.request_id.get(), **more}, status=status)


def _sent_from_our_pages(request):
    """Whether Origin, or Referer in its absence, names this very site; pages elsewhere can forge neither."""
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if "Origin" in request.headers:
        return request.headers["Origin"] in ours
    return any(request.headers.get("Referer", "").startswith(f"{origin}/") for origin in ours)
