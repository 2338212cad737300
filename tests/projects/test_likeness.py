"""Names of projects that may be one and the same are pointed out before a second one is made."""

import pytest

from projects.likeness import Names, essence
from projects.models import Project
from tests import factories
from tests.projects.forms import filled_in

NEW = "/projects/new/"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("โครงการอบรมคุณธรรม", "อบรม คุณธรรม"),
        ("กิจกรรม/โครงการ: อบรมคุณธรรม", "มาตรการอบรมคุณธรรม"),
        ("อบรมคุณธรรม ประจำปีงบประมาณ พ.ศ. ๒๕๖๒", "อบรมคุณธรรม ปี 2561-2564"),
        ("อบรม “คุณธรรม” (รุ่น ๑)", "อบรมคุณธรรม รุ่น 1"),
    ],
)
def test_what_does_not_tell_projects_apart_makes_no_difference(one, other):
    assert essence(one) == essence(other)


@pytest.mark.parametrize("name", ["โครงการ", "ปี 2562", "5 ส.", "!"])
def test_a_name_of_nothing_else_keeps_something_or_is_like_nothing_else(name):
    assert Names([(1, "โครงการอบรมคุณธรรมจริยธรรม")]).alike(name) == []


def test_alike_names_are_found_the_most_alike_first():
    names = Names(
        [
            (1, "โครงการอบรมคุณธรรมจริยธรรมแก่พนักงาน"),
            (2, "โครงการอบรมคุณธรรมจริยธรรมพนักงาน"),
            (3, "มาตรการจัดซื้อจัดจ้างโปร่งใส"),
            (4, "โครงการอบรมคุณธรรมจริยธรรมผู้บริหารและสมาชิกสภา"),
        ]
    )
    found = names.alike("อบรมคุณธรรม จริยธรรมพนักงาน ประจำปี 2562")
    assert [(one.key, one.same) for one in found] == [(2, True), (1, False)]


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def test_a_new_project_like_another_is_saved_at_the_second_press_with_nothing_lost(clerk_client, plan):
    known = factories.make_project(plan, name="โครงการอบรมคุณธรรมจริยธรรมแก่พนักงาน")
    sent = filled_in(plan, name="อบรมคุณธรรมจริยธรรมพนักงาน", objective="ให้รู้", then="next")
    asked = clerk_client.post(NEW, sent)
    page = asked.content.decode()
    assert asked.status_code == 200
    assert f'href="/projects/{known.pk}/edit/"' in page
    assert known.name in page
    assert "ให้รู้" in page
    assert Project.objects.count() == 1
    seen = asked.context["form"]["alike_seen"].value()
    assert f'name="alike_seen" value="{seen}"' in page
    assert clerk_client.post(NEW, {**sent, "alike_seen": seen}).status_code == 302
    assert Project.objects.count() == 2


def test_a_like_name_that_was_not_shown_yet_is_shown(clerk_client, plan):
    known = factories.make_project(plan, name="อบรมคุณธรรม")
    for seen in ("", "x", f"{known.pk + 1}"):
        assert clerk_client.post(NEW, filled_in(plan, alike_seen=seen)).context["alike"]


def test_neither_deleted_ones_nor_those_of_others_count_nor_does_an_edit_ask(clerk_client, plan, django_user_model):
    factories.make_project(plan, name="อบรมคุณธรรม", deleted_at="2019-01-01T00:00:00Z")
    factories.make_project(name="อบรมคุณธรรม")
    assert clerk_client.post(NEW, filled_in(plan)).status_code == 302
    first = Project.objects.get(plan=plan, deleted_at=None)
    other = factories.make_project(plan, name="อื่น")
    assert clerk_client.post(f"/projects/{other.pk}/edit/", filled_in(plan)).status_code == 302
    assert set(plan.projects.filter(deleted_at=None).values_list("name", flat=True)) == {first.name}


def test_a_second_click_gets_the_answer_of_the_first_and_is_not_asked(clerk_client, plan):
    sent = filled_in(plan)
    assert [clerk_client.post(NEW, sent).status_code for _ in range(2)] == [302, 302]
    assert Project.objects.count() == 1


def test_what_the_same_form_made_before_is_pointed_out_once(clerk_client, plan):
    sent = filled_in(plan)
    clerk_client.post(NEW, sent)
    asked = clerk_client.post(NEW, {**sent, "remark": "อีกรายการ"})
    assert asked.context["recorded_before"]
    form = asked.context["form"]
    again = {**sent, "remark": "อีกรายการ", **{name: form[name].value() for name in ("form_token", "alike_seen")}}
    assert clerk_client.post(NEW, again).status_code == 302
    assert Project.objects.count() == 2
