"""What forms of every app share."""

import json
import uuid
import zlib

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html

from eplan.fiscal import thai_datetime


class _OfAccount:
    """Part of a layout. Unlike `HTML`, it fails where a template keeps `user` from the form it shows."""

    def render(self, form, context, *args, **kwargs):
        """The hidden mark of the account."""
        return format_html('<input type="hidden" name="form_account" value="{}">', context["user"].mark)


# Whose form it is: what was typed under one account is never saved under another that signed in meanwhile.
OF_ACCOUNT = _OfAccount()


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

    Where the row has moved on, the save is refused, and both are put together (`eplan.meeting`).
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


class StartedField(forms.CharField):
    """The hidden text of what a form was filled from. Whatever comes is taken; what is none of ours says nothing."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        """The text as it came."""
        return value or ""


class StartedForm(forms.Form):
    """A form of something that counts no versions: it carries the values it was filled from, and a one-time token."""

    form_token = TokenField()
    started = StartedField()

    def start_from(self, values):
        """Fill the form with `values` (by field) of what stands, and let it carry them."""
        self.initial |= {**values, "started": self.started_text(values)}

    def started_text(self, values):
        """What the form carries of `values`, by field."""
        shown = {name: self.fields[name].prepare_value(value) for name, value in values.items()}
        return json.dumps({name: "" if text is None else str(text) for name, text in shown.items()}, ensure_ascii=False)

    @property
    def started_from(self):
        """The values that the form was filled from, by field, as its fields read them; None where that is not known."""
        try:
            told = json.loads(self["started"].value() or "")
            return {name: self.fields[name].clean(text) for name, text in told.items()}
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, forms.ValidationError):
            return None

    @property
    def version(self):
        """A number that is another one as soon as the values the form was filled from are; 0 for none."""
        return version_of(self["started"].value() or "")


def version_of(started):
    """The number of what a form was filled from, `started` being its text; 0 for none."""
    return zlib.crc32(started.encode(errors="replace")) & 0x7FFFFFFF


# What was saved meanwhile, with a choice for each part, inside the form that met it.
CONFLICT = HTML('{% if conflict %}{% include "partials/conflict.html" with conflict=conflict only %}{% endif %}')


def fill_in(form, values):
    """Let the bound `form`, shown again, hold `values` (by field) as if they had been typed."""
    form.data = form.data.copy()
    for name, value in values.items():
        key, field = form.add_prefix(name), form.fields[name]
        if isinstance(value, list | set | frozenset):
            form.data.setlist(key, sorted(value))
        elif value is None or value is False:
            form.data.pop(key, None)
        else:
            form.data[key] = "on" if value is True else field.prepare_value(value)


def kept_as(form, record, *, version=0, saved_at=None, on_server=True):
    """The attributes of the `<form>` by which scripts keep what is typed into it (static/js/keep.js).

    `record` says what it is a form of, such as "project:12"; `version` is that of the row it was filled from and
    `saved_at` when that row was saved; `on_server` lets the server keep drafts of it, too. The form needs a
    `form_token`, and `tell_saved` must say that it was saved.
    """
    attrs = {"data-keep": record, "data-keep-version": version}
    if on_server:
        attrs["data-drafts"] = reverse("drafts")
    if form.is_bound:
        attrs["data-keep-typed"] = "1"
    if saved_at:
        attrs["data-keep-at"] = thai_datetime(saved_at)
    return attrs


def tell_saved(request, text, token, level=messages.SUCCESS):
    """Say on the next page that the form of `token` was saved; the browser then drops its copy of what was typed."""
    messages.add_message(request, level, text, extra_tags=str(token))


def typed_fields(post):
    """All that a form says, as pairs of name and value, and whether passwords, which never come back, were left out."""
    typed = [(name, value) for name, values in post.lists() for value in values]
    fields = [(name, value) for name, value in typed if name != "csrfmiddlewaretoken" and not _is_password(name)]
    return fields, any(value and _is_password(name) for name, value in typed)


def _is_password(name):
    return "password" in name.lower()


class UploadForm(forms.Form):
    """A filled Excel form."""

    file = forms.FileField(
        label="ไฟล์ Excel (.xlsx) ที่กรอกแล้ว",
        allow_empty_file=True,  # the reader has its own sentence
        error_messages={"required": "กรุณาเลือกไฟล์", "invalid": "กรุณาเลือกไฟล์"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("file", FormActions(Submit("send", "ส่งไฟล์เพื่อตรวจ")))
