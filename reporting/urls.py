"""Addresses of this app."""

from django.urls import path

from reporting.views import clerk, home

urlpatterns = [
    path("home/", home.home, name="home"),
    path("reports/", clerk.report_list, name="report-list"),
    path("reports/export/", clerk.report_export, name="report-export"),
    path("reports/<int:project_year_id>/<int:months>/", clerk.report_edit, name="report-edit"),
]
