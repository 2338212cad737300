"""A save whose answer was lost is sent again: it acts once, even where somebody else saved in between."""

from projects.models import Project
from tests import factories
from tests.projects.forms import filled_in


def post(client, project, **changes):
    return client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, **changes))


def test_an_amendment_sent_twice_gives_the_same_answer_though_another_came_between(clerk, as_user):
    client, project = as_user(clerk), factories.make_project(clerk.lao.plans.get())
    token = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"
    first = post(client, project, name="ชื่อแรก", form_token=token)
    between = post(client, project, name="ชื่อที่สอง", version="2")
    again = post(client, project, name="ชื่อแรก", form_token=token)
    assert [answer.status_code for answer in (first, between, again)] == [302, 302, 302]
    project.refresh_from_db()
    assert (project.name, project.version) == ("ชื่อที่สอง", 3)


def test_going_back_and_typing_on_under_the_same_token_is_a_new_save(clerk, as_user):
    client, project = as_user(clerk), factories.make_project(clerk.lao.plans.get())
    token = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"
    post(client, project, name="ชื่อแรก", form_token=token)
    answer = post(client, project, name="พิมพ์ต่อหลังย้อนกลับ", form_token=token)
    assert answer.status_code == 409
    assert "ที่บันทึกไว้แล้ว:</strong> ชื่อแรก" in answer.content.decode()
    assert Project.objects.get().name == "ชื่อแรก"
    assert post(client, project, name="พิมพ์ต่อหลังย้อนกลับ", form_token=token, version="2").status_code == 302
    assert Project.objects.get().name == "พิมพ์ต่อหลังย้อนกลับ"


def test_the_token_of_a_refused_amendment_stays_good(clerk, as_user):
    client, project = as_user(clerk), factories.make_project(clerk.lao.plans.get())
    token = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"
    post(client, project, name="ของอีกคน")
    assert post(client, project, name="ของฉัน", form_token=token).status_code == 409
    assert post(client, project, name="ของฉัน", form_token=token, version="2").status_code == 302
    assert Project.objects.get().name == "ของฉัน"
