"""The system's addresses and a few that go wrong on purpose."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import include, path

from eplan.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def going_wrong(error):
    """A public page that raises `error`."""

    @login_not_required
    def view(request):
        raise error

    return view


class DeadlockError(Exception):
    """What the driver raises, as far as we look at it."""

    pgcode = "40P01"


def deadlock():
    """Django's error over the driver's."""
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockError()
    return error


@login_not_required
def echo(request):
    """A public page that says what was posted to it."""
    return HttpResponse("|".join(f"{name}={value}" for name, values in request.POST.lists() for value in values))


@login_not_required
def stream(request):
    """A public page that comes in pieces."""
    return StreamingHttpResponse(["ทีละส่วน" * 100, "จบ"])


urlpatterns = [
    path("wrong/400/", going_wrong(SuspiciousOperation("no"))),
    path("wrong/403/", going_wrong(PermissionDenied("no"))),
    path("wrong/500/", going_wrong(RuntimeError("no"))),
    path("wrong/refused/", going_wrong(IntegrityError("no"))),
    path("wrong/deadlock/", going_wrong(deadlock())),
    path("wrong/lost/", going_wrong(OperationalError("no"))),
    path("echo/", echo),
    path("stream/", stream),
    path("", include("eplan.urls")),
]
