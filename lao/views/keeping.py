"""What scripts ask for while somebody types: drafts, and more time. Answers are JSON, to the account's own alone."""

import json
import re
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lao.drafts import LONGEST, discard_draft, draft_of, keep_draft

RECORD = re.compile(r"[a-zA-Z-]{1,40}(:[a-zA-Z0-9]{1,20}){0,2}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request):
    """The draft of ?record= and the seconds that the session still has; or, posted, keep one."""
    if request.method == "POST":
        return _keep(request)
    draft = draft_of(request.user, request.GET.get("record", "").replace("\x00", ""))
    found = draft and {
        "at": round(draft.updated_at.timestamp() * 1000),
        "token": str(draft.token),
        "version": str(draft.version),
        "fields": draft.fields,
    }
    return JsonResponse({"draft": found, "ends_in": _seconds_left(request)})


def _keep(request):
    try:
        values = _values(request.POST)
    except (ValueError, TypeError, RecursionError):
        return HttpResponseBadRequest()
    keep_draft(by=request.user, **values)
    return JsonResponse({})


def _values(data):
    """What a draft is made of. Raises ValueError or TypeError for what no page of ours sends."""
    text, version = data.get("fields", ""), int(data.get("version") or 0)
    if not RECORD.fullmatch(data.get("record", "")) or len(text) > LONGEST or not 0 <= version < 2**31:
        raise ValueError
    fields = json.loads(text)
    if not isinstance(fields, list) or "\\u0000" in text:
        raise TypeError
    for name, value in fields:
        if not (isinstance(name, str) and isinstance(value, str)):
            raise TypeError
    return {"record": data["record"], "token": UUID(data.get("token", "")), "version": version, "fields": fields}


@require_POST
def draft_discard(request):
    """Throw away the draft of one form."""
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return HttpResponseBadRequest()
    discard_draft(by=request.user, token=token)
    return JsonResponse({})


@never_cache
@require_POST
def session_extend(request):
    """Let the session begin its time anew."""
    request.session.modified = True
    return JsonResponse({"ends_in": settings.SESSION_COOKIE_AGE})


def _seconds_left(request):
    stored = Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True).first()
    return round((stored - timezone.now()).total_seconds()) if stored else settings.SESSION_COOKIE_AGE
