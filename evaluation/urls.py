"""Addresses of this app."""

from django.urls import path, re_path

from evaluation.views import clerk, grid, officer, uploads

urlpatterns = [
    path("scores/", clerk.scores, name="scores"),
    path("scores/export/", clerk.scores_export, name="scores-export"),
    path("scores/entry/", grid.grid, name="score-grid"),
    re_path("^scores/entry/(?P<code>[0-9]{7})/$", officer.entry, name="score-entry"),
    path("scores/entry/template/", uploads.score_template, name="score-template"),
    path("scores/entry/upload/", uploads.upload, name="score-upload"),
    path("scores/entry/upload/<uuid:upload_id>/", uploads.preview, name="score-preview"),
]
