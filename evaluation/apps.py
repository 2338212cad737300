from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Scores of the plans."""

    name = "evaluation"
