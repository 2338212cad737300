"""Receipts, and whether the reports still say what they said when one was issued."""

import hashlib
import json

from lao.rules import CODE_LENGTH, tidy_code
from reporting.models import ProgressReport, Receipt
from reporting.queries.reports import public_rows
from reporting.rounds import latest
from reporting.wording import ANSWERS

_BY_STATUS = {
    "completed": ProgressReport.Status.COMPLETED,
    "in_progress": ProgressReport.Status.IN_PROGRESS,
    "not_feasible": ProgressReport.Status.NOT_FEASIBLE,
}


def contents_of(rows, months):
    """What a receipt of the round writes down of `rows`, a year's `ReportRow`s: a dict of the columns of `Receipt`.

    At 12 months a report of the 6-month round stands in where there is none, as in every table.
    """
    standing = [(row, _standing(row, months)) for row in rows if row.counted]
    reports = [report for _, report in standing if report]
    counts = {name: sum(report.status == status for report in reports) for name, status in _BY_STATUS.items()}
    said = [
        [row.project_year.pk, row.plan_budget, *(getattr(report, name, None) for name in ANSWERS)]
        for row, report in standing
    ]
    return {
        "projects": len(standing),
        **counts,
        "plan_budget": sum(row.plan_budget or 0 for row, _ in standing),
        "ordinance_budget": sum(report.ordinance_budget or 0 for report in reports),
        "disbursed": sum(report.disbursed or 0 for report in reports),
        "digest": hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest(),
    }


def latest_receipts(lao, fiscal_year):
    """The latest `Receipt` of `lao` in each round of the year that has one, by months. One query."""
    found = Receipt.objects.filter(lao=lao, fiscal_year=fiscal_year).order_by("months", "-id").distinct("months")
    return {receipt.months: receipt for receipt in found}


def find_receipt(user, receipt_id):
    """The receipt `receipt_id`, if `user` may see it, with all that its page shows. Raises `Receipt.DoesNotExist`."""
    return _with_place(Receipt.objects.visible_to(user)).get(pk=receipt_id)


def check_receipt(typed):
    """The public receipt of the code that was `typed`, however it was; None where there is none to be told of."""
    code = tidy_code(typed)
    if len(code) != CODE_LENGTH:
        return None
    return _with_place(Receipt.objects.published()).filter(code=code).first()


def has_changed(receipt, rows):
    """Whether the reports of `rows`, those of the receipt's year, say something else than when it was issued."""
    return contents_of(rows, receipt.months)["digest"] != receipt.digest


def has_changed_in_public(receipt):
    """The same for somebody who only holds the receipt's code."""
    return has_changed(receipt, public_rows(receipt.lao, receipt.fiscal_year))


def _standing(row, months):
    return row.reports.get(6) if months == 6 else latest(row.reports)


def _with_place(receipts):
    return receipts.select_related("lao__district__province", "issued_by__lao", "replaces").prefetch_related(
        "replaced_by"
    )
