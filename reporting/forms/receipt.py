"""The form behind the button that issues a receipt."""

from django import forms

from eplan.fields import YearField
from eplan.forms import TokenField
from reporting.models import MONTHS


class ReceiptForm(forms.Form):
    """Of which year and round."""

    year = YearField(widget=forms.HiddenInput)
    months = forms.TypedChoiceField(choices=MONTHS, coerce=int, widget=forms.HiddenInput)
    form_token = TokenField()
