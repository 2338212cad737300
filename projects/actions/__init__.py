"""What is done to projects: by the `clerk`, and by the officer in `review`."""

from projects.actions.clerk import (
    AlreadyRecordedError,
    MovedOnError,
    NotChangeableError,
    YearsOutsidePlanError,
    YearsReportedError,
    amend_project,
    delete_project,
    record_project,
    restore_project,
)

__all__ = [
    "AlreadyRecordedError",
    "MovedOnError",
    "NotChangeableError",
    "YearsOutsidePlanError",
    "YearsReportedError",
    "amend_project",
    "delete_project",
    "record_project",
    "restore_project",
]
