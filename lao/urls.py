"""Addresses of this app."""

from django.urls import path

from lao import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("find-code/", views.find_code, name="find-code"),
    path("login/", views.sign_in, name="login"),
    path("login/code/", views.sign_in_with_code, name="login-code"),
    path("login/second-factor/", views.sign_in_second_step, name="login-second-factor"),
    path("logout/", views.sign_out, name="logout"),
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/discard/", views.draft_discard, name="draft-discard"),
    path("session/extend/", views.session_extend, name="session-extend"),
    path("profile/", views.profile, name="profile"),
    path("password-reset/", views.password_reset, name="password-reset"),
    path("password-reset/code/", views.password_reset_code, name="password-reset-code"),
    path("password-reset/code/new/", views.password_reset_code_new, name="password-reset-code-new"),
    path("password-reset/<uidb64>/<token>/", views.password_reset_link, name="password-reset-link"),
    path("password-new/", views.password_new, name="password-new"),
    path("manage/", views.manage, name="manage"),
    path("manage/register/", views.register, name="register"),
    path("manage/register/<uuid:upload_id>/", views.register_preview, name="register-preview"),
    path("manage/laos/new/", views.lao_new, name="lao-new"),
    path("manage/laos/<int:lao_id>/code/", views.lao_code, name="lao-code"),
    path("manage/audit/", views.audit, name="audit"),
    path("manage/accounts/", views.accounts, name="accounts"),
    path("manage/accounts/new/", views.officer_new, name="officer-new"),
    path("manage/accounts/<int:account_id>/", views.account, name="account"),
    path("manage/accounts/<int:account_id>/edit/", views.officer_edit, name="officer-edit"),
    path("manage/accounts/<int:account_id>/<slug:deed>/", views.account_act, name="account-act"),
    path("manage/letters/", views.letters, name="letters"),
    path("account/", views.own_account, name="own-account"),
    path("account/second-factor/", views.second_factor, name="second-factor"),
]
