from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Plan periods, plans and projects."""

    name = "projects"
