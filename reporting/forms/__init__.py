from reporting.forms.report import ReportForm

__all__ = ["ReportForm"]
