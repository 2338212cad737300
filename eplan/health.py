"""Addresses for the machines that watch over this one: plain text, no session."""

import functools
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 as long as the process answers at all; the database is not asked."""
    return _plain("ok\n")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """200 when requests can be served: the database answers and has every migration; 503 with the reason if not."""
    try:
        missing = _migrations_on_disk() - MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return _plain("database does not answer\n", status=503)
    if missing:
        return _plain(f"{len(missing)} migrations are not applied\n", status=503)
    return _plain("ok\n")


@login_not_required
@never_cache
@require_safe
def metrics(request):
    """A few gauges for Prometheus; 404 unless asked from this machine itself or with EPLAN_METRICS_TOKEN."""
    if not (_from_this_machine(request) or _has_token(request)):
        raise Http404
    lines = [
        "# HELP eplan_up The process answers.",
        "# TYPE eplan_up gauge",
        "eplan_up 1",
        "# HELP eplan_database_up The database answers.",
        "# TYPE eplan_database_up gauge",
        f"eplan_database_up {_database_answers():d}",
    ]
    return _plain("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _plain(text, status=200, content_type="text/plain; charset=utf-8"):
    return HttpResponse(text, status=status, content_type=content_type)


@functools.cache
def _migrations_on_disk():
    """Every (app, name) that the code has; the code doesn't change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _from_this_machine(request):
    """Whether the peer is this machine and not a proxy on it that speaks for somebody else."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


def _has_token(request):
    token = settings.EPLAN_METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    return bool(token) and secrets.compare_digest(sent.encode(), f"Bearer {token}".encode())
