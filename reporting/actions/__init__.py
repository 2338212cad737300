"""What is done to reports by the `clerk`, and the `receipts` for them."""

from reporting.actions.clerk import MovedOnError, RefusedError, Saved, save_report
from reporting.actions.receipts import issue_receipt

__all__ = ["MovedOnError", "RefusedError", "Saved", "issue_receipt", "save_report"]
