"""Addresses of this app. People and programs outside rely on them: they stay."""

from django.urls import include, path, re_path

from public.views import about, api, areas, data, feeds, laos, projects, receipts, search, sitemaps

LAO = "^lao/(?P<code>[0-9]{7})/"

pages = [
    path("", areas.nation, name="public"),
    path("about/", about.about, name="public-about"),
    path("search/", search.search, name="public-search"),
    re_path("^regions/(?P<number>[1-9])/$", areas.region, name="public-region"),
    re_path("^provinces/(?P<code>[0-9]{2})/$", areas.province, name="public-province"),
    re_path("^provinces/(?P<code>[0-9]{2})/feed/$", feeds.province, name="public-province-feed"),
    re_path(f"{LAO}$", laos.lao, name="public-lao"),
    re_path(f"{LAO}feed/$", feeds.lao, name="public-lao-feed"),
    # Eighteen digits fit into a key of the database.
    re_path("^projects/(?P<project_id>[0-9]{1,18})/$", projects.project, name="public-project"),
    path("receipts/", receipts.check, name="public-receipts"),
    path("data/", data.choose, name="public-data"),
    path("data/dictionary/", data.dictionary, name="public-data-dictionary"),
    path("data/datapackage.json", data.data_package, name="public-data-package"),
    re_path("^data/(?P<name>[a-z-]+)[.](?P<ending>csv|xlsx|json)$", data.file, name="public-data-file"),
    path("api/v1/", api.root, name="public-api"),
    path("api/v1/openapi.json", api.description, name="public-api-description"),
    re_path("^api/v1/(?P<name>[a-z-]+)/$", api.dataset, name="public-api-dataset"),
    re_path("^api/", api.unknown, name="public-api-unknown"),
]

urlpatterns = [
    path("public/", include(pages)),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    re_path("^sitemap-(?P<code>[0-9]{2})[.]xml$", sitemaps.province, name="sitemap-province"),
]
