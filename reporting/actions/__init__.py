"""What is done to reports by the `clerk`."""

from reporting.actions.clerk import MovedOnError, RefusedError, Saved, save_report

__all__ = ["MovedOnError", "RefusedError", "Saved", "save_report"]
