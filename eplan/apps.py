from django.apps import AppConfig


class EplanConfig(AppConfig):
    """What belongs to no single app: settings, leaf helpers, checks."""

    name = "eplan"

    def ready(self):
        """Register the checks."""
        from eplan import checks  # noqa: F401
