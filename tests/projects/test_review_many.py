"""The officers' review queue: many projects at once."""

import pytest

from projects.actions.review import decide
from projects.models import Project, ReviewDecision
from tests import factories

MANY = "/review/many/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer_client(officer, as_user):
    return as_user(officer)


@pytest.fixture
def projects(clerk):
    return [factories.make_project(clerk.lao.plans.get(), name=f"โครงการที่ {number}") for number in range(1, 4)]


def seen(*projects):
    return [f"{project.pk}:{project.version}" for project in projects]


def states():
    return list(Project.objects.order_by("pk").values_list("review_state", flat=True))


def test_the_list_is_shown_before_anything_is_decided(officer_client, projects):
    answer = officer_client.get(MANY, {"decision": "REJECT", "project": [p.pk for p in projects[:2]]})
    page = answer.content.decode()
    assert "โครงการที่เลือก 2 โครงการ" in page
    assert "โครงการนี้ไม่สอดคล้องกับมิติ ใช่ หรือ ไม่ ?" in page
    assert "โครงการที่ 3" not in page
    assert states() == ["SUBMITTED"] * 3


def test_one_decision_with_one_reason_is_taken_on_all(officer, officer_client, projects):
    data = {"decision": "RETURN", "reason": "กรุณาระบุไตรมาส", "seen": seen(*projects)}
    answer = officer_client.post(f"{MANY}?back=kind%3DPROJECT", data)
    assert (answer.status_code, answer.url) == (302, "/review/?kind=PROJECT")
    assert states() == ["RETURNED"] * 3
    assert set(ReviewDecision.objects.values_list("reason", "by")) == {("กรุณาระบุไตรมาส", officer.pk)}
    assert ReviewDecision.objects.count() == 3


def test_those_decided_meanwhile_are_left_and_told_by_whom(officer_client, projects):
    other = factories.make_officer("CENTRAL", name="สมหญิง รักงาน")
    asked = seen(*projects)
    decide(by=other, decision="ACCEPT", reason="", seen={projects[1].pk: 1})
    answer = officer_client.post(MANY, {"decision": "RETURN", "reason": "ขอเหตุผล", "seen": asked})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "สมหญิง รักงาน" in page
    assert "ขอเหตุผล</textarea>" in page
    assert "โครงการที่ 1" not in page.split('id="content"')[1].split("</h1>")[1]
    assert states() == ["RETURNED", "ACCEPTED", "RETURNED"]
    projects[1].refresh_from_db()
    again = officer_client.post(MANY, {"decision": "RETURN", "reason": "ขอเหตุผล", "seen": seen(projects[1])})
    assert again.status_code == 302
    assert states() == ["RETURNED"] * 3


def test_those_that_the_decision_cannot_follow_on_are_named_and_left_out(officer_client, projects):
    Project.objects.filter(pk=projects[0].pk).update(review_state="ACCEPTED")
    answer = officer_client.get(MANY, {"decision": "ACCEPT", "project": [p.pk for p in projects]})
    assert [row["project"].pk for row in answer.context["others"]] == [projects[0].pk]
    assert [row["project"].pk for row in answer.context["fitting"]] == [p.pk for p in projects[1:]]


def test_without_a_reason_the_list_comes_back(officer_client, projects):
    answer = officer_client.post(MANY, {"decision": "RETURN", "reason": "", "seen": seen(*projects)})
    assert answer.status_code == 200
    assert "กรุณาระบุเหตุผล" in answer.content.decode()
    assert [row["project"].pk for row in answer.context["fitting"]] == [p.pk for p in projects]
    assert states() == ["SUBMITTED"] * 3


def test_nothing_chosen_says_so(officer_client, projects):
    page = officer_client.get(MANY, {"decision": "ACCEPT"}).content.decode()
    assert "ยังไม่ได้เลือกโครงการ" in page


def test_one_project_of_another_area_stops_the_whole(officer_client, projects):
    elsewhere = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    other = factories.make_project(factories.make_plan(factories.make_lao(district=elsewhere)))
    data = {"decision": "ACCEPT", "seen": seen(*projects, other)}
    assert officer_client.post(MANY, data).status_code == 404
    assert set(states()) == {"SUBMITTED"}
    page = officer_client.get(MANY, {"decision": "ACCEPT", "project": other.pk})
    assert page.context["fitting"] == []


@pytest.mark.parametrize("query", [{"decision": "x"}, {}, {"decision": "ACCEPT", "project": ["x", "\x00", "9" * 40]}])
def test_junk_is_answered_without_failing(officer_client, projects, query):
    assert officer_client.get(MANY, query).status_code in (200, 404)


def test_the_way_back_cannot_lead_elsewhere_or_break_the_answer(officer_client, projects):
    data = {"decision": "ACCEPT", "seen": seen(projects[0])}
    answer = officer_client.post(f"{MANY}?back=%0d%0aLocation:https://example.com", data)
    assert answer.status_code == 302
    assert answer.url.startswith("/review/?")
    assert "\n" not in answer.url


def test_only_decisions_that_some_project_of_the_page_can_take_are_offered(officer_client, projects):
    offered = [value for value, _ in officer_client.get("/review/").context["many"]]
    assert offered == ["ACCEPT", "RETURN", "REJECT"]
    projects[0].review_state = "REJECTED"
    projects[0].save()
    offered = [value for value, _ in officer_client.get("/review/", {"state": "REJECTED"}).context["many"]]
    assert offered == ["RESTORE"]


def test_all_of_a_page_can_be_ticked_without_a_script(officer_client, projects):
    page = officer_client.get("/review/", {"mark": "1"}).content.decode()
    assert page.count(" checked>") == 3


@pytest.mark.parametrize("number", [1, 3])
def test_deciding_takes_the_same_queries_for_one_and_for_three(officer, projects, number, django_assert_num_queries):
    with django_assert_num_queries(7):
        decide(by=officer, decision="ACCEPT", reason="", seen={p.pk: 1 for p in projects[:number]})
