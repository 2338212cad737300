from django.apps import AppConfig


class LaoConfig(AppConfig):
    """The register of organisations, and the people who sign in."""

    name = "lao"

    def ready(self):
        """Register the check of the database's role, and what is granted to it after a migration."""
        from lao.database_role import connect_signals

        connect_signals(self)
