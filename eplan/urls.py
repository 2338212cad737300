"""Every address of the system; each app owns its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("lao.urls")),
    path("", include("projects.urls")),
    path("", include("reporting.urls")),
    path("", include("evaluation.urls")),
]
