from reporting.forms.grid import GridForm, GridRowForm
from reporting.forms.report import ReportForm, starting_answers

__all__ = ["GridForm", "GridRowForm", "ReportForm", "starting_answers"]
