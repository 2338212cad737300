"""The forms of the `project` and of its `review`, and a project's content in words."""

from projects.forms.project import (
    Difference,
    ProjectForm,
    amending_buttons,
    budget_in_words,
    content_in,
    differences,
    fields_of_parts,
    in_words,
    initial_of,
    label_of_part,
    part_in_words,
    parts_of,
    recording_buttons,
)

__all__ = [
    "Difference",
    "ProjectForm",
    "amending_buttons",
    "budget_in_words",
    "content_in",
    "differences",
    "fields_of_parts",
    "in_words",
    "initial_of",
    "label_of_part",
    "part_in_words",
    "parts_of",
    "recording_buttons",
]
