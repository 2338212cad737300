"""Whatever is sent for a project, the answer is a page or a redirect, and what was typed is still there."""

import pytest
from django.utils.html import escape

from projects.models import Project
from tests import factories
from tests.projects.forms import filled_in

pytestmark = pytest.mark.django_db

NASTY = {
    "5,000 letters": "ก" * 5000,
    "Thai digits": "๑๒๓",
    "full-width digits": "１２３",
    "NUL": "ก\x00ข",
    "emoji": "👩🏽‍🏫🇹🇭",
    "half a surrogate pair": b"\xed\xa0\x80".decode("utf-8", "surrogatepass").encode("utf-8", "replace").decode(),
    "right-to-left marks": "\u202eกขค\u2066",
    "only invisible": "\u200b\ufeff",
    "a number beyond all": "1e999",
    "a huge number": "9" * 400,
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "Infinity",
    "markup": '<script>alert("x")</script>',
    "a formula": "=1+1",
    "a quote": "'); DROP TABLE projects_project; --",
    "a template": "{{ 7|add:7 }}{% now 'Y' %}",
    "several": ["1", "2", "ก"],
    "nothing": None,
    "empty": "",
    "spaces": "   ",
    "a list in brackets": "[1, 2]",
}
TYPED = ["name", "amount", "amount_2561", "objective", "remark"]
CHOSEN = [
    "years",
    "kind",
    "quarters",
    "dimension",
    "further_dimensions",
    "uses_budget",
    "years_without_budget",
    "target_groups",
]
HIDDEN = ["form_token", "version", "alike_seen", "then", "plan"]


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
def test_any_value_in_any_field_is_answered_and_kept(clerk, clerk_client, value):
    plan = clerk.lao.plans.get()
    for field in TYPED + CHOSEN + HIDDEN:
        # Nobody may drop the year's amount unseen, so the form has to look at it.
        data = filled_in(plan, remark="ยังอยู่", uses_budget="yes", amount="5") | {field: value}
        data = {key: sent for key, sent in data.items() if sent is not None}
        answer = clerk_client.post("/projects/new/", data)
        assert answer.status_code in (200, 302), field
        if answer.status_code == 302:
            continue
        form = answer.context["form"]
        assert form.errors or answer.context["alike"], field
        if field in TYPED and isinstance(value, str):
            assert form[field].value() == value
            assert escape(value).replace("\r\n", "\n") in answer.content.decode()
        for other in {"name", "remark"} - {field}:
            assert escape(data[other]) in answer.content.decode()


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
def test_the_same_value_in_every_field_of_an_edit_is_refused_and_kept(clerk, clerk_client, value):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan, name="ชื่อเดิม")
    data = {} if value is None else dict.fromkeys(TYPED + CHOSEN + HIDDEN, value)
    answer = clerk_client.post(f"/projects/{project.pk}/edit/", data)
    assert answer.status_code == 200
    assert "years" in answer.context["form"].errors
    if isinstance(value, str):
        assert [answer.context["form"][field].value() for field in TYPED] == [value] * len(TYPED)
    assert Project.objects.get().name == "ชื่อเดิม"


@pytest.mark.parametrize("value", [value for value in NASTY.values() if isinstance(value, str)])
@pytest.mark.parametrize("address", ["/projects/", "/projects/new/", "/projects/deleted/", "/projects/export/"])
def test_any_value_in_an_address_is_answered(clerk_client, address, value):
    answer = clerk_client.get(address, {"plan": value, "deleted": value, "blank": value})
    assert answer.status_code in (200, 404)


def test_an_empty_and_a_broken_body_are_refused_at_the_fields(clerk_client):
    for body, kind in [("", "application/x-www-form-urlencoded"), ("{]", "application/json")]:
        answer = clerk_client.post("/projects/new/", body, content_type=kind)
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {"name", "years", "kind", "dimension", "uses_budget"}
    assert not Project.objects.exists()


def test_bytes_that_are_no_text_are_answered(clerk_client):
    body = b"name=%ED%A0%80%FF%FE&remark=%C3%28&amount=%F0%9F%98&years=%FF"
    answer = clerk_client.post("/projects/new/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert "years" in answer.context["form"].errors


def test_unusual_but_sound_text_is_saved_tidied(clerk, clerk_client):
    data = filled_in(clerk.lao.plans.get(), name="น\u0e4d\u0e49\u0e32ใจ\u200b 👍\x00", objective="=SUM(A1)\x00")
    clerk_client.post("/projects/new/", data)
    project = Project.objects.get()
    assert project.name == "น้ำใจ 👍"
    assert project.objective == "=SUM(A1)"
