"""Walks every page: a form into which people type keeps what is typed, or stands below with the reason why not."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from lao.models import SecondFactor
from tests import factories
from tests.evaluation.scoring import give
from tests.evaluation.test_excel import SAR, Form
from tests.meta.test_every_address import ALL, PUBLIC, address, someone  # noqa: F401

SECRET = "what is typed there opens an account and is never kept"
NOBODYS = "typed without signing in: there is no account to keep it for"
# The addresses of forms that keep nothing.
NOTHING_KEPT = {
    "login": SECRET,
    "password-reset": NOBODYS,
    "password-reset-code": SECRET,
    "public-receipts": NOBODYS,
    "second-factor": SECRET,
}
# Forms whose typing stays on the machine it was typed on, by what they are a record of.
NO_DRAFT = {"project-paste": "a whole plan is longer than a draft may be, and its preview is kept on the server"}
# What every form that is typed into is a record of: a new one is added here.
KEPT = {
    "account", "extension-new", "grid", "lao", "lao-new", "officer", "officer-new", "own-account", "period",
    "period-new", "profile", "project", "project-new", "project-paste", "report", "review", "review-many", "round",
    "round-new", "score", "score-grid", "standard", "upload-reason",
}  # fmt: skip
# Templates with fields that the walk doesn't come to.
ONE_MOMENT = {
    "lao/password_new.html": SECRET,
    "lao/second_factor.html": "a button alone",
    "lao/sign_in_second_step.html": SECRET,
    "lao/sign_in_to_save.html": SECRET,
    "lao/sign_in_with_code.html": SECRET,
}
FIELDS = re.compile(r'\{% crispy |as_crispy_field|<textarea|<input type="(text|search|email)"')
# Addresses of files and feeds.
NO_PAGES = re.compile("export|template|feed|sitemap|api|data-file|data-package|robots|metrics|healthz|readyz")
TYPED = {"textarea", "text", "search", "email", "tel", "url", "number", "date"}


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, `forms`: the attributes of each, and its fields by name and kind."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.open = [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.open = (attrs, {})
            self.forms += [self.open] if attrs.get("method", "").lower() == "post" else []
        elif tag in ("input", "textarea") and self.open and not {"disabled", "hidden"} & attrs.keys():
            self.open[1][attrs.get("name")] = attrs.get("type", "text") if tag == "input" else tag

    def handle_endtag(self, tag):
        self.open = None if tag == "form" else self.open


def pages(someone, as_user, client):  # noqa: F811
    """`(name, answer)` of every page, as nobody, a clerk and a central officer, and of those that need a question."""
    clerk, central = as_user(someone["clerk"]), as_user(factories.make_officer("CENTRAL"))
    for name in filter(lambda each: not NO_PAGES.search(each), ALL):
        for visitor in (client, clerk, central) if name in PUBLIC else (clerk, central):
            yield name, visitor.get(address(name, someone))
    project, officer = someone["project"], someone["officer"]
    SecondFactor.objects.create(
        user=officer, seed="11111111-1111-4111-8111-111111111111", last_step=0, backup_hashes=[]
    )
    yield "account-act", central.get(reverse("account-act", args=[officer.pk, "unpair"]))
    yield "review", central.get(reverse("review"), {"open": project.pk})
    both = [project.pk, factories.make_project(project.plan).pk]
    yield "review-many", central.get(reverse("review-many"), {"decision": "RETURN", "project": both})
    yield "project-copy", clerk.get(reverse("project-copy"))
    give(project.plan, "SAR", 40)
    filled = Form(central, province="81")
    filled.type(project.plan.lao, SAR, 41)
    yield "score-preview", filled.send(central, province="81")


@pytest.fixture
def walked(someone, as_user, client):  # noqa: F811
    """`(typed, templates)`: `(name, attributes, fields)` of every form typed into, and the templates of every page."""
    typed, templates = [], set()
    for name, answer in pages(someone, as_user, client):
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer.headers["Content-Type"]:
            continue
        templates |= {template.name for template in answer.templates}
        for attributes, fields in Forms(answer.content.decode()).forms:
            if TYPED & {*fields.values()}:
                typed.append((name, attributes, fields))
    return typed, templates


def test_every_form_that_is_typed_into_keeps_what_is_typed_or_says_why_not(walked):
    typed, templates = walked
    records = set()
    for name, attributes, fields in typed:
        if name in NOTHING_KEPT:
            assert "data-keep" not in attributes, name
            continue
        assert "data-keep" in attributes, f"{name} keeps nothing of {sorted(fields)}"
        record = attributes["data-keep"].partition(":")[0]
        assert {"form_token", "form_account", "csrfmiddlewaretoken"} <= fields.keys(), record
        assert ("data-drafts" in attributes) == (record not in NO_DRAFT), record
        records.add(record)
    assert records == KEPT
    assert {name for name, *_ in typed} >= NOTHING_KEPT.keys()
    folder = Path(settings.BASE_DIR) / "templates"
    with_fields = {str(path.relative_to(folder)) for path in folder.rglob("*.html") if FIELDS.search(path.read_text())}
    assert with_fields - templates == ONE_MOMENT.keys()
