"""The API for programs: the same datasets, page by page. Its version is in its address, its errors are RFC 9457's."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from eplan.thai import arabic_digits
from public.caching import published
from public.data import statements
from public.data.choices import ChoiceError, read_choice
from public.data.datasets import DATASETS
from public.data.descriptions import MOST_A_PAGE, USUAL_PAGE, as_openapi
from public.data.versions import tag_for
from public.views.data import open_to_all

METHODS = "GET, HEAD, OPTIONS"


def api(view):
    """Open `view` to programs everywhere, for reading only; what is wrong with a request is told as a problem."""

    @csrf_exempt
    @login_not_required
    def answer(request, **arguments):
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            return open_to_all(response)
        if request.method not in ("GET", "HEAD"):
            response = problem(405, "The API is read-only.", "API นี้อ่านได้อย่างเดียว")
            response["Allow"] = METHODS
            return response
        try:
            return open_to_all(view(request, **arguments))
        except ChoiceError as error:
            return problem(400, error.english, error.thai)

    return answer


@api
def root(request):
    """Which datasets there are, and where."""
    listed = [
        {
            "name": dataset.name,
            "title": dataset.title,
            "description": dataset.description,
            "url": request.build_absolute_uri(reverse("public-api-dataset", args=[dataset.name])),
        }
        for dataset in DATASETS.values()
    ]
    described = request.build_absolute_uri(reverse("public-api-description"))
    return _json({"datasets": listed, "openapi": described, "licence": settings.EPLAN_DATA_LICENCE})


@published("reference")
def description(request):
    """The API in OpenAPI 3.1."""
    return open_to_all(_json(as_openapi()))


@api
def dataset(request, name):
    """A page of a dataset. At most four queries: the parts of the choice, the version, the rows."""
    found = DATASETS.get(name)
    if found is None:
        return problem(404, "There is no such dataset.", "ไม่มีชุดข้อมูลนี้")
    choice = read_choice(request.GET)
    limit, after = _limit(request.GET.get("limit", "")), _after(request.GET.get("cursor", ""), found)
    tag = tag_for(choice, "api", name, limit, after)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        with connection.cursor() as cursor:
            cursor.execute(*statements.page(found, choice, after, limit + 1))
            rows = cursor.fetchall()
        more = len(rows) > limit
        following = _address_of_next(request, found, choice, limit, rows[limit - 1][1:]) if more else None
        response = _page(name, [row[0] for row in rows[:limit]], following)
        response["ETag"], response["Cache-Control"] = tag, "no-cache"
    return response


@api
def unknown(request):
    """Whatever else is asked for under the address of the API."""
    return problem(404, "There is no such resource.", "ไม่มีที่อยู่นี้ใน API")


def problem(status, english, thai):
    """What is wrong, as application/problem+json in both languages."""
    names = {400: ("Bad request", "คำขอไม่ถูกต้อง"), 404: ("Not found", "ไม่พบ"), 405: ("Not allowed", "ไม่อนุญาต")}
    title, title_th = names[status]
    told = {"type": "about:blank", "title": title, "title_th": title_th, "status": status}
    response = _json({**told, "detail": english, "detail_th": thai}, status=status)
    response["Content-Type"] = "application/problem+json"
    return open_to_all(response)


def _limit(text):
    digits = arabic_digits(text).strip()
    if not digits:
        return USUAL_PAGE
    if not digits.isascii() or not digits.isdecimal() or not 1 <= int(digits[:9]) <= MOST_A_PAGE:
        thai = f"limit ต้องเป็นจำนวนเต็ม 1 ถึง {MOST_A_PAGE}"
        raise ChoiceError(thai, f"limit must be a whole number from 1 to {MOST_A_PAGE}")
    return int(digits)


def _after(cursor, found):
    """The key of the row that the page follows; None for the first page. Only cursors of our own are taken."""
    if not cursor:
        return None
    try:
        return signing.loads(cursor, salt=f"public-api-{found.name}")
    except signing.BadSignature:
        raise ChoiceError(
            "cursor ไม่ถูกต้อง กรุณาเริ่มจากหน้าแรก", "cursor is not one of this dataset's; start from the first page"
        ) from None


def _address_of_next(request, found, choice, limit, key):
    parameters = {**choice.parameters(), "limit": limit, "cursor": signing.dumps(key, salt=f"public-api-{found.name}")}
    return request.build_absolute_uri(f"{request.path}?{urlencode(parameters)}")


def _page(name, rows, following):
    """Rows come as JSON out of the database and go on as they are: numbers keep their digits."""
    head = {"dataset": name, "licence": settings.EPLAN_DATA_LICENCE["name"], "next": following}
    text = f'{json.dumps(head)[:-1]}, "data": [{", ".join(rows)}]}}'
    return HttpResponse(text, content_type="application/json")


def _json(told, status=200):
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
