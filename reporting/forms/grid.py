"""A round on one page: the form of a progress report as one row of a grid, and the form around all rows."""

import hashlib

from django import forms

from eplan.forms import TokenField
from reporting.forms.report import ReportForm, keep_name, starting_answers
from reporting.models import ProgressReport
from reporting.wording import ANSWERS, label_of


class GridForm(forms.Form):
    """What the page has once."""

    form_token = TokenField()


class GridRowForm(ReportForm):
    """The same questions by the same rules, in a row of narrow cells.

    `shown` is the digest of what the cells held when the page was made: a row that nobody touched is not saved, so that
    it neither meets nor overwrites what someone else saved meanwhile.
    """

    use_required_attribute = False
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, row, months):
        """`row` is a `ReportRow`; the form starts from its report of the round, at 12 months else from that of 6."""
        super().__init__(
            data,
            row=row,
            months=months,
            prefix=str(row.project_year.pk),
            initial=starting_answers(row, months),
        )
        del self.fields["form_token"]
        self.fields["status"].widget = forms.Select()
        self.fields["status"].choices = [("", "เลือก"), *ProgressReport.Status.choices]
        self.fields["remark"].widget = forms.Textarea(attrs={"rows": 1})
        self.fields["other_reason"].widget = forms.TextInput()
        self.fields["reason"].help_text = ""
        for name in ANSWERS:
            if name in self.fields:
                self.fields[name].label = f"ลำดับที่ {row.number} {label_of(name)}"
        self.initial["shown"] = self._digest()

    @property
    def is_touched(self):
        """Whether the bound form holds anything else than the page showed, or a note that keeps a caution."""
        notes = (self[name].data for name in self.fields if name.startswith(keep_name("")))
        return any(notes) or self["shown"].data != self._digest()

    def _digest(self):
        """A digest of what stands in the cells, as the browser sends it: an empty or unticked one is not told from
        one that is not sent."""
        held = (str(self[name].value() or "") for name in ANSWERS if name in self.fields)
        return hashlib.sha256("\x00".join(held).replace("\r\n", "\n").encode()).hexdigest()[:16]
