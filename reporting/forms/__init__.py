from reporting.forms.grid import GridForm, GridRowForm
from reporting.forms.receipt import ReceiptForm
from reporting.forms.report import KEEPING, ReportForm, keep_name, starting_answers

__all__ = ["KEEPING", "GridForm", "GridRowForm", "ReceiptForm", "ReportForm", "keep_name", "starting_answers"]
