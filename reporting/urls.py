"""Addresses of this app."""

from django.urls import path, re_path

from reporting.views import clerk, excel, follow_up, grid, home, levels, periods, receipts, rounds_admin, summary

EXCEL = {"excel": True}
urlpatterns = [
    path("home/", home.home, name="home"),
    path("reports/", clerk.report_list, name="report-list"),
    path("reports/grid/", grid.grid, name="report-grid"),
    path("reports/export/", clerk.report_export, name="report-export"),
    path("reports/excel/", excel.report_excel, name="report-excel"),
    path("reports/excel/template/", excel.report_excel_template, name="report-excel-template"),
    path("reports/excel/<uuid:upload_id>/", excel.report_excel_preview, name="report-excel-preview"),
    path("reports/excel/<uuid:upload_id>/problems/", excel.report_excel_problems, name="report-excel-problems"),
    path("reports/receipts/", receipts.receipt_issue, name="receipt-issue"),
    path("reports/receipts/<int:receipt_id>/", receipts.receipt, name="receipt"),
    path("reports/<int:project_year_id>/<int:months>/", clerk.report_edit, name="report-edit"),
    path("follow-up/", follow_up.follow_up, name="follow-up"),
    path("follow-up/export/", follow_up.follow_up_export, name="follow-up-export"),
    path("follow-up/remind/", follow_up.follow_up_remind, name="follow-up-remind"),
    path("follow-up/reminders/", follow_up.follow_up_reminders, name="follow-up-reminders"),
    path("manage/periods/", periods.periods, name="periods"),
    path("manage/periods/new/", periods.period_new, name="period-new"),
    path("manage/periods/<int:period_id>/", periods.period_edit, name="period-edit"),
    path("manage/periods/<int:period_id>/plans/", periods.period_plans, name="period-plans"),
    path("manage/periods/<int:period_id>/delete/", periods.period_delete, name="period-delete"),
    path("summary/", summary.summary, name="summary"),
    path("summary/own/", summary.own, name="summary-own"),
    path("summary/own/export/", summary.own, EXCEL, name="summary-own-export"),
    path("summary/nation/", levels.nation, name="summary-nation"),
    path("summary/nation/export/", levels.nation, EXCEL, name="summary-nation-export"),
    path("summary/regions/<int:number>/", levels.region, name="summary-region"),
    path("summary/regions/<int:number>/export/", levels.region, EXCEL, name="summary-region-export"),
    path("summary/province/", levels.province, name="summary-province"),
    path("summary/province/export/", levels.province, EXCEL, name="summary-province-export"),
    path("summary/districts/<int:district_id>/", levels.district, name="summary-district"),
    path("summary/districts/<int:district_id>/export/", levels.district, EXCEL, name="summary-district-export"),
    re_path("^summary/laos/(?P<code>[0-9]{7})/$", summary.lao, name="summary-lao"),
    re_path("^summary/laos/(?P<code>[0-9]{7})/export/$", summary.lao, EXCEL, name="summary-lao-export"),
    path("manage/rounds/", rounds_admin.rounds, name="rounds"),
    path("manage/rounds/new/", rounds_admin.round_new, name="round-new"),
    path("manage/rounds/<int:round_id>/", rounds_admin.round_edit, name="round-edit"),
    path("manage/extensions/", rounds_admin.extensions, name="extensions"),
    path("manage/extensions/new/", rounds_admin.extension_new, name="extension-new"),
    path("manage/extensions/<int:extension_id>/end/", rounds_admin.extension_end, name="extension-end"),
]
