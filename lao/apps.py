from django.apps import AppConfig


class LaoConfig(AppConfig):
    name = "lao"
