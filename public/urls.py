"""Addresses of this app. People and programs outside rely on them: they stay."""

from django.urls import path, re_path

from public.views import about, areas, laos, projects, search

LAO = "^public/lao/(?P<code>[0-9]{7})/"

urlpatterns = [
    path("public/", areas.nation, name="public"),
    path("public/about/", about.about, name="public-about"),
    path("public/search/", search.search, name="public-search"),
    re_path("^public/regions/(?P<number>[1-9])/$", areas.region, name="public-region"),
    re_path("^public/provinces/(?P<code>[0-9]{2})/$", areas.province, name="public-province"),
    re_path(f"{LAO}$", laos.lao, name="public-lao"),
    # Eighteen digits fit into a key of the database.
    re_path("^public/projects/(?P<project_id>[0-9]{1,18})/$", projects.project, name="public-project"),
]
