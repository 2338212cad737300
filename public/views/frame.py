"""What every page for citizens says of itself: to its reader, to search engines, to those who pass its address on."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from reporting.queries.tables import region_name

# In JSON these may be written so, and then nothing in a name can end the element.
_ESCAPED = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Page:
    """The head of a page: `canonical` is the one address it should be known by, `feed` the address of what is new on
    it ("" for none), `files` that of its data to download, `structured` its subject in the vocabulary of schema.org,
    ready for the page."""

    title: str
    description: str
    canonical: str
    feed: str = ""
    files: str = ""
    structured: str = ""

    @property
    def site(self) -> str:
        """How addresses of this system begin."""
        return settings.EPLAN_SITE_URL


def page_of(request, title, description, *, chosen=None, subject=None, feed="", part=None):
    """The `Page` of `request`.

    Of `chosen`, {parameter: value}, the canonical address keeps what the reader asked for; other parameters are not
    part of it. `subject` is a dict of schema.org; `part`, {parameter: value}, which part of the open data it shows.
    """
    asked = {name: value for name, value in (chosen or {}).items() if request.GET.get(name) == str(value)}
    address = absolute(request.path) + (f"?{urlencode(asked)}" if asked else "")
    files = f"{reverse('public-data')}?{urlencode(part)}" if part else ""
    return Page(title, description, address, feed, files, structured(subject) if subject else "")


def absolute(path: str) -> str:
    """`path` with the name of the site before it."""
    return f"{settings.EPLAN_SITE_URL}{path}"


def structured(subject: dict) -> SafeString:
    """`subject` as JSON-LD. It is data that no browser runs, so the content policy lets it stand in the page."""
    told = {"@context": "https://schema.org", **subject}
    text = json.dumps(told, ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above


def trail(*places):
    """The breadcrumbs down to the last of `places`, pairs of (name, address)."""
    return [("หน้าแรก", reverse("landing")), ("ข้อมูลสำหรับประชาชน", reverse("public")), *places]


def places_to(province, *further):
    """The breadcrumbs through the region of `province` and the province itself to `further` pairs."""
    found = [(f"จังหวัด{province}", reverse("public-province", args=[province.code])), *further]
    if province.region_id:
        found = [(region_name(province.region_id), reverse("public-region", args=[province.region_id])), *found]
    return trail(*found)
