"""What forms of every app share."""

import uuid

from django import forms


class TokenField(forms.UUIDField):
    """The hidden one-time token of a form. A missing or broken one is replaced: it protects, it never refuses."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=uuid.uuid4, **kwargs)

    def clean(self, value):
        """The token as a UUID, a new one when what came is none."""
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class VersionField(forms.IntegerField):
    """The hidden version of the row that the form was filled from; 0, which no row has, when what came is none.

    Where the row has moved on, the save is refused, and `carry_version` lets the next one through knowingly.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, min_value=0, max_value=2**31 - 1, **kwargs)

    def clean(self, value):
        """The version as an int, 0 when what came is none."""
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0


def carry_version(form, version):
    """Let the bound `form`, shown again with all that was typed, carry the row's present `version`."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = version
