"""Addresses of this app."""

from django.urls import path, re_path

from evaluation.views import grid, officer, standards, tables, uploads

urlpatterns = [
    path("scores/", tables.scores, name="scores"),
    path("scores/export/", tables.scores_export, name="scores-export"),
    re_path("^scores/lao/(?P<code>[0-9]{7})/$", tables.lao_scores, name="scores-lao"),
    re_path("^scores/lao/(?P<code>[0-9]{7})/export/$", tables.lao_scores_export, name="scores-lao-export"),
    path("scores/standards/", standards.standards, name="score-standards"),
    path("scores/entry/", grid.grid, name="score-grid"),
    re_path("^scores/entry/(?P<code>[0-9]{7})/$", officer.entry, name="score-entry"),
    path("scores/entry/template/", uploads.score_template, name="score-template"),
    path("scores/entry/upload/", uploads.upload, name="score-upload"),
    path("scores/entry/upload/<uuid:upload_id>/", uploads.preview, name="score-preview"),
    path("scores/entry/upload/<uuid:upload_id>/problems/", uploads.problems, name="score-problems"),
]
