"""The forms of the `project` and of its `review`, and a project's content in words."""

from projects.forms.project import ProjectForm, budget_in_words, differences, in_words, initial_of

__all__ = ["ProjectForm", "budget_in_words", "differences", "in_words", "initial_of"]
