from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Reporting rounds, progress reports and the tables made of them."""

    name = "reporting"
