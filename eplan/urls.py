"""Every address of the system; each app owns its own list."""

from django.urls import include, path

from eplan import health

handler400 = "eplan.errors.bad_request"
handler403 = "eplan.errors.permission_denied"
handler404 = "eplan.errors.page_not_found"
handler500 = "eplan.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("public.urls")),  # before the others: they are looked through at every reader's request
    path("", include("lao.urls")),
    path("", include("projects.urls")),
    path("", include("reporting.urls")),
    path("", include("evaluation.urls")),
]
