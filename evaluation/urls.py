"""Addresses of this app."""

from django.urls import path

from evaluation import views

urlpatterns = [
    path("scores/", views.scores, name="scores"),
    path("scores/export/", views.scores_export, name="scores-export"),
]
