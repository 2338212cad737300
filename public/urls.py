"""Addresses of this app. People and programs outside rely on them: they stay."""

from django.urls import path, re_path

from public.views import areas

urlpatterns = [
    path("public/", areas.nation, name="public"),
    re_path("^public/provinces/(?P<code>[0-9]{2})/$", areas.province, name="public-province"),
    re_path("^public/lao/(?P<code>[0-9]{7})/$", areas.lao, name="public-lao"),
]
