"""Addresses of this app."""

from django.urls import path, re_path

from evaluation.views import clerk, officer

urlpatterns = [
    path("scores/", clerk.scores, name="scores"),
    path("scores/export/", clerk.scores_export, name="scores-export"),
    re_path("^scores/entry/(?P<code>[0-9]{7})/$", officer.entry, name="score-entry"),
]
