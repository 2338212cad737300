"""Public pages that were asked for before are answered from memory, for as long as nothing on them has changed.

A view says what its page rests on with `published`; the middleware keeps what it answered. It asks the database for the
page's mark (`freshness.mark_of`) at every request, so a page is never older than the last save (ADR 0015).
"""

import functools
import gzip
import hashlib
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from public import shared
from public.freshness import mark_of
from public.replica import reading

logger = logging.getLogger(__name__)

# How long a request waits for another that makes the same page, before it makes the page itself. Seconds.
PATIENCE = 10
LEAST_TO_COMPRESS = 1000  # bytes; below, the headers outweigh it
# What a page is made of besides the data: code and templates, and the settings that stand on it.
SHOWN = ("EPLAN_MODE", "EPLAN_FIRST_ENTRY", "EPLAN_CONTACTS", "EPLAN_SITE_URL", "EPLAN_DATA_LICENCE")
CODE = ("eplan", "lao", "projects", "reporting", "evaluation", "public", "templates", "static")


def published(of):
    """Mark a view as a page for everyone about `of`, a key of `freshness.SCOPES`: open, read-only, and kept.

    The one argument of its address, where it has one, leads to what the page rests on. The page must show nothing of
    the visitor: the view is asked without cookies, as a stranger.
    """

    def mark(view):
        view = login_not_required(require_safe(view))
        view.published_of = of
        return view

    return mark


@dataclass(slots=True)
class Page:
    """An answer as it was made: under `tag`, with its headers, and its body plain and compressed."""

    tag: str
    headers: list[tuple[str, str]]
    body: bytes
    zipped: bytes = b""

    @property
    def size(self):
        """Bytes, roughly."""
        return len(self.body) + len(self.zipped) + 1000

    def answer(self, request):
        """The page as the answer to `request`."""
        zipped = self.zipped and "gzip" in request.headers.get("Accept-Encoding", "")
        body = self.zipped if zipped else self.body
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        # Past the checks of each header, which were made when the page was; they would take a quarter of the time.
        response.headers._store.update({name.lower(): (name, value) for name, value in self.headers})
        response.headers["Content-Length"] = str(len(body))
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        return response


class PageStore:
    """The pages of this process: at most `limit` bytes, the longest unused go first."""

    def __init__(self, limit):
        self.limit = limit
        self.size = 0
        self.pages = OrderedDict()
        self.lock = threading.Lock()

    def get(self, address, tag):
        """The page kept for `address` if it bears `tag`, else None."""
        with self.lock:
            page = self.pages.get(address)
            if page is None or page.tag != tag:
                return None
            self.pages.move_to_end(address)
            return page

    def put(self, address, page):
        """Keep `page` in place of an older one; a page larger than an eighth of the store is not kept."""
        if page.size > self.limit // 8:
            return
        with self.lock:
            self._drop(address)
            self.pages[address] = page
            self.size += page.size
            while self.size > self.limit:
                self._drop(next(iter(self.pages)))

    def clear(self):
        """Forget everything."""
        with self.lock:
            self.pages.clear()
            self.size = 0

    def _drop(self, address):
        page = self.pages.pop(address, None)
        if page is not None:
            self.size -= page.size


@dataclass
class Flights:
    """Who is making which page at the moment, so that a crowd asking for one page makes it once per process."""

    under_way: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def join(self, tag):
        """None for the one who is to make the page, and must `land` it; for others the event to wait for."""
        with self.lock:
            if tag in self.under_way:
                return self.under_way[tag]
            self.under_way[tag] = threading.Event()
            return None

    def land(self, tag):
        """Let those who wait go on."""
        with self.lock:
            self.under_way.pop(tag).set()


store = PageStore(settings.EPLAN_PAGE_CACHE_MB * 1024 * 1024)
flights = Flights()


class PublishedPagesMiddleware:
    """Answers for `published` views: 304 where the browser has the page, from memory where we have it, else anew.

    Stands before all that a page for everyone has no use for, sessions and form tokens as well as headers and
    redirects of the policies: a kept page has their headers, and the scheme is part of its address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer a published address; leave all others alone."""
        known = published_at(request.path_info, settings.ROOT_URLCONF) if request.method in ("GET", "HEAD") else None
        if known is None:
            return self.get_response(request)
        address = (request.scheme, request.get_host(), request.path, normalised(request.META.get("QUERY_STRING", "")))
        mark = mark_of(*known)
        tag = tag_of(address, mark)
        if tag in map(_weak, parse_etags(request.headers.get("If-None-Match", ""))):
            return _with_tag(HttpResponseNotModified(), tag)
        page = store.get(address, tag)
        if page is not None:
            return page.answer(request)
        if not store.limit or request.method == "HEAD":
            return self.made(request, tag, known, mark)
        return self.made_once(request, address, tag, known, mark)

    def made_once(self, request, address, tag, known, mark):
        """The page from whoever of this process makes it at the moment, or from other processes, or made and kept."""
        landing = flights.join(tag)
        if landing is not None:
            landing.wait(PATIENCE)
            page = store.get(address, tag)
            return page.answer(request) if page else self.made(request, tag, known, mark)
        try:
            shared_page = shared.fetch(address, tag)
            if shared_page:
                page = Page(tag, *shared_page)
                store.put(address, page)
                return page.answer(request)
            response = self.made(request, tag, known, mark)
            if response.status_code != 200 or response.streaming or response.cookies:
                return response
            page = Page(tag, list(response.headers.items()), response.content)
            if len(page.body) >= LEAST_TO_COMPRESS and "Content-Encoding" not in response.headers:
                page.zipped = gzip.compress(page.body, 6, mtime=0)
            store.put(address, page)
            shared.keep(address, tag, page.headers, page.body, page.zipped)
        finally:
            flights.land(tag)
        return page.answer(request)

    def made(self, request, tag, known, mark):
        """The view's own answer, to a stranger; out of the replica where that bears the mark as well."""
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        with reading(known, mark) as from_replica:
            response = self.get_response(request)
        if from_replica and response.status_code == 500:  # it was stopped, or had to move on, in the middle of the page
            response = self.get_response(request)
        if response.status_code != 200:
            return response
        if response.cookies:
            logger.error("A published page sets a cookie, so it is not kept: %s", request.path)
        response.headers["Vary"] = "Accept-Encoding"  # asked without cookies, it depends on none
        return _with_tag(response, tag)


def tag_of(address, mark):
    """The entity tag of the page at `address` while the data bear `mark`. Lateness depends on the date, too."""
    told = repr((address, mark, timezone.localdate(), release()))
    return f'W/"{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}"'


def normalised(query):
    """The query string in one order, whatever the order in which the parameters were typed."""
    return urlencode(sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])) if query else ""


@functools.lru_cache(maxsize=10_000)
def published_at(path, urlconf):
    """`(of, argument)` of the published view at `path`; None where there is none."""
    try:
        found = resolve(path, urlconf)
    except Resolver404:
        return None
    of = getattr(found.func, "published_of", None)
    return of and (of, next(iter(found.kwargs.values()), None))


@functools.cache
def release():
    """What stands for this very code and its settings; another release's pages are not ours."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in CODE:
        for file in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if file.suffix in (".py", ".html", ".css", ".js", ".svg"):
                digest.update(file.read_bytes())
    digest.update(repr([getattr(settings, name) for name in SHOWN]).encode())
    return digest.hexdigest()


def _weak(tag):
    return tag if tag.startswith("W/") else f"W/{tag}"


def _with_tag(response, tag):
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return response
