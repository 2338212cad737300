from django.apps import AppConfig


class PublicConfig(AppConfig):
    """What citizens see without signing in."""

    name = "public"
