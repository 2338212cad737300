from reporting.forms.grid import GridForm, GridRowForm
from reporting.forms.receipt import ReceiptForm
from reporting.forms.report import ReportForm, starting_answers

__all__ = ["GridForm", "GridRowForm", "ReceiptForm", "ReportForm", "starting_answers"]
