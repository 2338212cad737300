"""The addresses of the system, and beside them a bare view that returns bytes it holds already (for public_pages)."""

import functools
import os
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from eplan.urls import (  # noqa: F401  the handlers are looked for here
    handler400,
    handler403,
    handler404,
    handler500,
    urlpatterns,
)
from public.caching import published


@functools.cache
def held(name):
    """The bytes of a page, as the benchmark put them down."""
    return Path(os.environ["BENCH_PAGES"], name).read_bytes()


@login_not_required
def bare(request, name):
    """The bytes, and nothing else."""
    return HttpResponse(held(name))


@published("nation")
def empty(request):
    """Nothing, with all that stands before a page for everyone."""
    return HttpResponse()


urlpatterns = [*urlpatterns, path("bench/", empty), path("bench/<slug:name>/", bare)]
