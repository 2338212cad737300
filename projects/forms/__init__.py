"""The forms of the `project` and of its `review`, and a project's content in words."""

from projects.forms.project import (
    Difference,
    ProjectForm,
    amending_buttons,
    budget_in_words,
    differences,
    in_words,
    initial_of,
    recording_buttons,
)

__all__ = [
    "Difference",
    "ProjectForm",
    "amending_buttons",
    "budget_in_words",
    "differences",
    "in_words",
    "initial_of",
    "recording_buttons",
]
