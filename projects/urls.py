"""Addresses of this app."""

from django.urls import path

from projects.views import clerk, copying, excel, history, officer, pasting

urlpatterns = [
    path("projects/", clerk.project_list, name="project-list"),
    path("projects/new/", clerk.project_new, name="project-new"),
    path("projects/deleted/", clerk.project_deleted, name="project-deleted"),
    path("projects/export/", clerk.project_export, name="project-export"),
    path("projects/<int:project_id>/edit/", clerk.project_edit, name="project-edit"),
    path("projects/<int:project_id>/delete/", clerk.project_delete, name="project-delete"),
    path("projects/<int:project_id>/restore/", clerk.project_restore, name="project-restore"),
    path("projects/<int:project_id>/history/", history.project_history, name="project-history"),
    path("projects/excel/", excel.project_excel, name="project-excel"),
    path("projects/excel/template/", excel.project_excel_template, name="project-excel-template"),
    path("projects/excel/<uuid:upload_id>/", excel.project_excel_preview, name="project-excel-preview"),
    path("projects/excel/<uuid:upload_id>/problems/", excel.project_excel_problems, name="project-excel-problems"),
    path("projects/copy/", copying.project_copy, name="project-copy"),
    path("projects/paste/", pasting.project_paste, name="project-paste"),
    path("review/", officer.review, name="review"),
    path("review/many/", officer.review_many, name="review-many"),
    path("review/<int:project_id>/", officer.review_decide, name="review-decide"),
]
