from django.apps import AppConfig


class LaoConfig(AppConfig):
    """The register of organisations, and the people who sign in."""

    name = "lao"
