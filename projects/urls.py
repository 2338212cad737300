"""Addresses of this app."""

from django.urls import path

from projects import views

urlpatterns = [
    path("projects/", views.project_list, name="project-list"),
    path("projects/new/", views.project_new, name="project-new"),
    path("projects/deleted/", views.project_deleted, name="project-deleted"),
    path("projects/export/", views.project_export, name="project-export"),
    path("projects/<int:project_id>/edit/", views.project_edit, name="project-edit"),
    path("projects/<int:project_id>/delete/", views.project_delete, name="project-delete"),
    path("projects/<int:project_id>/restore/", views.project_restore, name="project-restore"),
]
