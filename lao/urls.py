"""Addresses of this app."""

from django.urls import path

from lao import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("find-code/", views.find_code, name="find-code"),
    path("login/", views.sign_in, name="login"),
    path("login/code/", views.sign_in_with_code, name="login-code"),
    path("logout/", views.sign_out, name="logout"),
    path("profile/", views.profile, name="profile"),
    path("password-reset/", views.password_reset, name="password-reset"),
    path("password-reset/<uidb64>/<token>/", views.password_reset_link, name="password-reset-link"),
    path("password-new/", views.password_new, name="password-new"),
    path("manage/", views.manage, name="manage"),
    path("manage/register/", views.register, name="register"),
    path("manage/register/<uuid:upload_id>/", views.register_preview, name="register-preview"),
    path("manage/laos/new/", views.lao_new, name="lao-new"),
    path("manage/laos/<int:lao_id>/code/", views.lao_code, name="lao-code"),
    path("manage/audit/", views.audit, name="audit"),
]
