"""Open data: the page on which to choose, the dictionary, and the files themselves."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.models import Province
from public.caching import published
from public.data.choices import Choice, ChoiceError, read_choice
from public.data.datasets import DATASETS
from public.data.descriptions import ABOUT, CSV_RULES, as_catalogue, as_data_package
from public.data.files import FORMS, Download, words_of
from public.data.sizes import sizes_of
from public.data.streams import RETRY_AFTER, BusyError
from public.data.versions import tag_for
from public.views.frame import page_of, trail
from reporting.queries.tables import choose_result, result_years

DATA_TRAIL = "ข้อมูลเปิด"


@login_not_required
@require_safe
def choose(request):
    """Choose a year and a province; every dataset with its rows and sizes, and its files."""
    if {"year", "province", "lao"} & set(request.GET):
        try:
            choice = read_choice(request.GET)
        except ChoiceError:
            choice = Choice()
    else:
        choice = Choice(year=choose_result(None, None)[1])  # the latest year of which there is something to tell
    sizes, counted_at = sizes_of(choice)
    context = {
        "trail": trail((DATA_TRAIL, "")),
        "page": page_of(request, "ข้อมูลเปิด: ดาวน์โหลด CSV Excel JSON", ABOUT, subject=as_catalogue()),
        "years": result_years(),
        "provinces": Province.objects.only("code", "name"),
        "choice": choice,
        "chosen": words_of(choice),
        "rows": [_row(size, choice) for size in sizes],
        "counted_at": thai_datetime(counted_at),
        "licence": settings.EPLAN_DATA_LICENCE,
        "most": settings.EPLAN_DOWNLOADS_AT_ONCE,
    }
    return render(request, "public/data.html", context)


def _row(size, choice):
    """A dataset on the page: `files` are (label, address, size in words) for each form."""
    dataset = size.dataset
    asked = urlencode(choice.parameters())
    files = [
        (
            form.label,
            f"{reverse('public-data-file', args=[dataset.name, ending])}{asked and '?'}{asked}",
            size_in_words(size.bytes[ending]),
        )
        for ending, form in FORMS.items()
    ]
    return {"dataset": dataset, "rows": size.rows, "sheets": size.sheets, "files": files}


def size_in_words(number):
    """A number of bytes as people say it: "12 KB", "1.5 MB", "640 MB"."""
    kilobytes = max(1, round(number / 1000))
    if kilobytes < 1000:
        return f"{kilobytes} KB"
    return f"{number / 1e6:.1f} MB" if number < 1e7 else f"{number / 1e6:,.0f} MB"


@published("reference")
def dictionary(request):
    """What every column of every dataset means."""
    context = {
        "trail": trail((DATA_TRAIL, reverse("public-data")), ("พจนานุกรมข้อมูล", "")),
        "page": page_of(request, "พจนานุกรมข้อมูล", "ความหมายของทุกคอลัมน์ในข้อมูลเปิด"),
        "datasets": list(DATASETS.values()),
        "csv_rules": CSV_RULES,
        "licence": settings.EPLAN_DATA_LICENCE,
    }
    return render(request, "public/data_dictionary.html", context)


@published("reference")
def data_package(request):
    """The dictionary for programs."""
    return open_to_all(JsonResponse(as_data_package(), json_dumps_params={"ensure_ascii": False}))


@login_not_required
@require_safe
def file(request, name, ending):
    """One dataset as a file, written while it is being read from the database; 304 where nothing has changed."""
    dataset, form = DATASETS.get(name), FORMS[ending]
    if dataset is None:
        raise Http404
    try:
        choice = read_choice(request.GET)
    except ChoiceError as error:
        context = _instead_of_file(request, "ที่อยู่ของไฟล์นี้ไม่ถูกต้อง") | {"reason": error.thai}
        return render(request, "public/data_refused.html", context, status=400)
    tag = tag_for(choice, name, ending)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        try:
            content = Download(form, dataset, choice) if request.method == "GET" else []
        except BusyError:
            return _busy(request)
        response = StreamingHttpResponse(content, content_type=form.content_type)
        response["Content-Disposition"] = f'attachment; filename="{choice.file_name(name)}.{ending}"'
        response["ETag"], response["Cache-Control"] = tag, "no-cache"
    return open_to_all(response)


def _busy(request):
    """503: as many downloads as there may be are on their way."""
    context = _instead_of_file(request, "มีผู้ดาวน์โหลดพร้อมกันมาก") | {
        "seconds": RETRY_AFTER,
        "address": request.get_full_path(),
    }
    response = render(request, "public/data_busy.html", context, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _instead_of_file(request, title):
    """What a page needs that comes in place of a file."""
    places = trail((DATA_TRAIL, reverse("public-data")), ("ดาวน์โหลด", ""))
    return {"trail": places, "page": page_of(request, title, title)}


def open_to_all(response):
    """`response`, for scripts of pages elsewhere to read as well."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    return response
