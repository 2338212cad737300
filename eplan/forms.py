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
