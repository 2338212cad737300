"""Addresses of this app. People and programs outside rely on them: they stay."""

from django.urls import path, re_path

from public.views import about, areas, feeds, laos, projects, receipts, search, sitemaps

LAO = "^public/lao/(?P<code>[0-9]{7})/"

urlpatterns = [
    path("public/", areas.nation, name="public"),
    path("public/about/", about.about, name="public-about"),
    path("public/search/", search.search, name="public-search"),
    re_path("^public/regions/(?P<number>[1-9])/$", areas.region, name="public-region"),
    re_path("^public/provinces/(?P<code>[0-9]{2})/$", areas.province, name="public-province"),
    re_path("^public/provinces/(?P<code>[0-9]{2})/feed/$", feeds.province, name="public-province-feed"),
    re_path(f"{LAO}$", laos.lao, name="public-lao"),
    re_path(f"{LAO}feed/$", feeds.lao, name="public-lao-feed"),
    # Eighteen digits fit into a key of the database.
    re_path("^public/projects/(?P<project_id>[0-9]{1,18})/$", projects.project, name="public-project"),
    path("public/receipts/", receipts.check, name="public-receipts"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    re_path("^sitemap-(?P<code>[0-9]{2})[.]xml$", sitemaps.province, name="sitemap-province"),
]
