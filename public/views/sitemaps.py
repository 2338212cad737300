"""What search engines are told: robots.txt, and an index of site maps, one for each province.

Django's own site maps count every part for the index and hold a whole part in memory; these take one query each and
send the addresses as the database gives them.
"""

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lao.models import Lao, Province, Region
from projects.models import Project
from public.caching import published
from public.views.frame import absolute

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
CHUNK = 2000
PAGES = ("landing", "public", "public-about", "public-data", "public-data-dictionary", "find-code")
# Searches are without end, and what is behind the sign-in is not there for anyone else.
CLOSED = ("/public/search/", "/public/api/", "/login/", "/password-reset/")


@published("reference")
def robots(request):
    """Everything for citizens may be read; made-up data of a demonstration are not for search engines at all."""
    closed = CLOSED if settings.EPLAN_MODE == "production" else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@published("reference")
def index(request):
    """The site maps there are."""
    codes = Province.objects.order_by("code").values_list("code", flat=True)
    parts = [reverse("sitemap-pages"), *(reverse("sitemap-province", args=[code]) for code in codes)]
    entries = "".join(f"<sitemap><loc>{absolute(part)}</loc></sitemap>" for part in parts)
    return _answer([f'<sitemapindex xmlns="{NAMESPACE}">{entries}</sitemapindex>'])


@published("reference")
def pages(request):
    """The pages that are there once."""
    regions = [reverse("public-region", args=[region.number]) for region in Region.objects.all()]
    return _answer(_urls((path, None) for path in [*map(reverse, PAGES), *regions]))


@published("province")
def province(request, code):
    """A province with its LAOs and their published projects: fewer than the 50,000 that a site map may have."""
    return _answer(_urls(_addresses(get_object_or_404(Province, code=code))))


def _addresses(province):
    """Pairs of (path, day of the last change or None)."""
    yield reverse("public-province", args=[province.code]), None
    laos = Lao.objects.filter(district__province=province).order_by("code")
    for code in laos.values_list("code", flat=True).iterator(CHUNK):
        yield reverse("public-lao", args=[code]), None
    projects = Project.objects.published().live().filter(plan__lao__district__province=province).order_by("pk")
    start, end = reverse("public-project", args=[0]).split("0")
    for key, changed in projects.values_list("pk", "updated_at").iterator(CHUNK):
        yield f"{start}{key}{end}", changed


def _urls(addresses):
    """The lines of a site map. Paths are our own and need no escaping."""
    yield f'<urlset xmlns="{NAMESPACE}">'
    for path, changed in addresses:
        day = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
        yield f"<url><loc>{absolute(path)}</loc>{day}</url>\n"
    yield "</urlset>"


def _answer(pieces):
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

    def sent():
        yield declaration
        yield from pieces

    return StreamingHttpResponse(sent(), content_type="application/xml; charset=utf-8")
