"""The officers' review queue: one project at a time."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lao.models import AuditEntry, Lao
from projects.actions.review import decide
from projects.models import Project, ReviewDecision
from reporting.models import Tally
from tests import factories
from tests.projects.forms import filled_in

QUEUE = "/review/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer_client(officer, as_user):
    return as_user(officer)


@pytest.fixture
def project(clerk):
    return factories.make_project(clerk.lao.plans.get(), name="โครงการอบรมคุณธรรม")


def send(client, project, decision, reason="", **extra):
    """Decide on a project as its page would, from the version it has now."""
    data = {"decision": decision, "reason": reason, "seen": f"{project.pk}:{project.version}", **extra}
    return client.post(f"{QUEUE}{project.pk}/", data)


def state_of(project):
    project.refresh_from_db()
    return project.review_state


@pytest.mark.parametrize(
    ("before", "decision", "reason", "after"),
    [
        ("SUBMITTED", "ACCEPT", "", "ACCEPTED"),
        ("SUBMITTED", "RETURN", "กรุณาระบุกลุ่มเป้าหมาย", "RETURNED"),
        ("SUBMITTED", "REJECT", "ไม่สอดคล้อง", "REJECTED"),
        ("REJECTED", "RESTORE", "", "ACCEPTED"),
    ],
)
def test_a_decision_is_kept_with_who_took_it(officer, officer_client, project, before, decision, reason, after):
    Project.objects.update(review_state=before)
    answer = send(officer_client, project, decision, reason)
    assert answer.status_code == 302
    assert state_of(project) == after
    kept = ReviewDecision.objects.get()
    assert (kept.project, kept.decision, kept.reason, kept.by) == (project, decision, reason, officer)
    trail = AuditEntry.objects.filter(table_name="projects_reviewdecision").get()
    assert trail.actor_name == officer.username


@pytest.mark.parametrize("decision", ["RETURN", "REJECT"])
def test_a_return_or_rejection_without_a_reason_is_refused_at_the_field(officer_client, project, decision):
    answer = send(officer_client, project, decision, "  ")
    assert answer.status_code == 200
    assert "กรุณาระบุเหตุผล" in answer.content.decode()
    assert state_of(project) == "SUBMITTED"
    assert not ReviewDecision.objects.exists()


def test_the_page_asks_in_the_words_of_the_manual_and_offers_its_reason(officer_client, project):
    page = officer_client.get(QUEUE, {"open": project.pk}).content.decode()
    assert "โครงการนี้ไม่สอดคล้องกับมิติ ใช่ หรือ ไม่ ?" in page
    assert "โครงการนี้ไม่สอดคล้องกับมิติของการป้องกันการทุจริต ไม่ต้องทำการรายงานผลการดำเนินการ</textarea>" in page
    Project.objects.update(review_state="REJECTED")
    page = officer_client.get(QUEUE, {"open": project.pk}).content.decode()
    assert "โครงการนี้สอดคล้องกับมิติ ใช่ หรือ ไม่ ?" in page
    assert "ไม่สอดคล้องกับมิติ ใช่" not in page


def test_after_a_decision_the_next_project_opens(officer_client, clerk):
    first, second, third = (factories.make_project(clerk.lao.plans.get()) for _ in range(3))
    page = officer_client.get(QUEUE, {"open": first.pk, "kind": "PROJECT"}).content.decode()
    address = re.search(rf'action="(/review/{first.pk}/[^"]*)"', page)[1].replace("&amp;", "&")
    data = {"decision": "ACCEPT", "seen": f"{first.pk}:1"}
    answer = officer_client.post(address, data, follow=True)
    assert answer.context["opened"]["project"] == second
    assert answer.context["next"] == third.pk
    assert answer.context["waiting"] == 2
    assert "kind=PROJECT" in answer.redirect_chain[0][0]


def test_the_page_says_what_was_just_decided_and_leads_back_to_it(officer_client, project):
    page = officer_client.post(
        f"{QUEUE}{project.pk}/", {"decision": "ACCEPT", "seen": f"{project.pk}:1"}, follow=True
    ).content.decode()
    assert "เห็นชอบ: “โครงการอบรมคุณธรรม”" in page
    assert f"open={project.pk}#review" in page


def test_the_officers_home_page_says_how_many_wait(officer_client, project):
    assert "โครงการรอตรวจสอบ 1 โครงการ" in officer_client.get("/home/").content.decode()
    send(officer_client, project, "ACCEPT")
    assert "ไม่มีโครงการรอตรวจสอบ" in officer_client.get("/home/").content.decode()


def test_the_number_left_counts_the_area_and_not_the_filter(officer_client, project, clerk):
    factories.make_project(clerk.lao.plans.get(), kind="MEASURE")
    answer = officer_client.get(QUEUE, {"kind": "MEASURE"})
    assert "เหลือรอตรวจ 2 โครงการ" in answer.content.decode()
    assert answer.context["page"].paginator.count == 1


def test_a_rejected_project_leaves_every_count_and_comes_back_with_its_reports(officer_client, project):
    factories.make_round()
    factories.make_report(project)
    assert Tally.objects.get(months=6).completed == 1
    send(officer_client, project, "REJECT", "ไม่สอดคล้อง")
    assert not Tally.objects.filter(projects__gt=0).exists()
    project.refresh_from_db()
    send(officer_client, project, "RESTORE")
    assert Tally.objects.get(months=6).completed == 1


def test_the_clerk_reads_the_comment_mends_it_and_the_officer_sees_only_the_change(
    officer, officer_client, clerk, clerk_client, project
):
    plan = project.plan
    clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(plan, objective="ครั้งแรก"))
    project.refresh_from_db()
    send(officer_client, project, "RETURN", "กรุณาแก้วัตถุประสงค์")
    home = clerk_client.get("/home/").content.decode()
    assert f"เจ้าหน้าที่ส่งกลับแก้ไข “{project.name}”" in home
    assert "กรุณาแก้วัตถุประสงค์" in home
    page = clerk_client.get(f"/projects/{project.pk}/edit/").content.decode()
    assert "กรุณาแก้วัตถุประสงค์" in page
    assert page.index("กรุณาแก้วัตถุประสงค์") < page.index('name="name"')

    project.refresh_from_db()
    mended = {"objective": "ครั้งที่สอง", "uses_budget": "yes", "amount": "500", "years": ["2562", "2563"]}
    for changes in (mended, {**mended, "name": "ชื่อชั่วคราว"}, mended):
        version = Project.objects.get().version
        clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(plan, **{"version": str(version), **changes}))
    assert state_of(project) == "SUBMITTED"
    assert "ส่งกลับแก้ไข" not in clerk_client.get("/home/").content.decode()

    opened = officer_client.get(QUEUE, {"open": project.pk}).context["opened"]
    assert [tuple(change) for change in opened["changes"]] == [
        ("อปท. เลือกปีงบประมาณที่ดำเนินการ", "2562", "2562, 2563"),
        ("งบประมาณ", "ไม่ใช้งบประมาณ", "500 บาท"),
        ("วัตถุประสงค์", "ครั้งแรก", "ครั้งที่สอง"),
    ]
    send(officer_client, project, "ACCEPT")
    assert state_of(project) == "ACCEPTED"


def test_a_year_taken_out_again_is_seen_with_what_it_had(officer, officer_client, clerk, clerk_client):
    project = factories.make_project(clerk.lao.plans.get(), years=(2562, 2563), budget=100, name="โครงการอบรมคุณธรรม")
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    budgets = {"uses_budget": "yes", "amount": "", "amount_2562": "100", "amount_2563": "250"}
    both = filled_in(project.plan, years=["2562", "2563"], version="2", **budgets)
    assert clerk_client.post(f"/projects/{project.pk}/edit/", both).status_code == 302
    one = filled_in(project.plan, uses_budget="yes", amount="100", version="3")
    assert clerk_client.post(f"/projects/{project.pk}/edit/", one).status_code == 302
    opened = officer_client.get(QUEUE, {"open": project.pk}).context["opened"]
    assert [tuple(change) for change in opened["changes"]] == [
        ("อปท. เลือกปีงบประมาณที่ดำเนินการ", "2562, 2563", "2562"),
    ]


def test_only_what_came_after_the_decision_counts_whatever_the_clocks_say(officer, officer_client, project):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_reviewdecision (project_id, decision, reason, by_id, at) "
            "VALUES (%s, 'ACCEPT', '', %s, '2018-04-09')",
            [project.pk, officer.pk],
        )
    assert officer_client.get(QUEUE, {"open": project.pk}).context["opened"]["changes"] == []


def test_a_returned_project_that_is_right_as_it_is_goes_back_by_saving_it(officer, clerk_client, clerk):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan, name="โครงการอบรมคุณธรรม")
    decide(by=officer, decision="RETURN", reason="ถูกหรือไม่", seen={project.pk: 1})
    assert clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(plan, version="2")).status_code == 302
    assert state_of(project) == "SUBMITTED"


def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(officer, officer_client, as_user, project):
    other = factories.make_officer("REGION", name="สมชาย ใจดี")
    send(as_user(other), project, "ACCEPT")
    answer = send(officer_client, project, "RETURN", "กรุณาระบุกลุ่มเป้าหมาย")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "สมชาย ใจดี (สำนักงาน ป.ป.ช. ภาค 8)" in page
    assert "กรุณาระบุกลุ่มเป้าหมาย</textarea>" in page
    assert state_of(project) == "ACCEPTED"
    again = send(officer_client, project, "RETURN", "กรุณาระบุกลุ่มเป้าหมาย", seen=f"{project.pk}:{project.version}")
    assert again.status_code == 302
    assert state_of(project) == "RETURNED"


def test_what_was_typed_is_kept_when_the_decision_is_no_longer_possible(officer_client, as_user, project):
    send(as_user(factories.make_officer("CENTRAL")), project, "REJECT", "ไม่สอดคล้อง")
    answer = send(officer_client, project, "RETURN", "ข้อความของฉัน")
    assert answer.status_code == 409
    assert "ข้อความของฉัน</textarea>" in answer.content.decode()


def test_a_project_edited_meanwhile_is_not_decided_on_unseen(officer_client, clerk_client, project):
    clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, name="ชื่อใหม่"))
    answer = send(officer_client, project, "ACCEPT")
    assert answer.status_code == 409
    assert "ชื่อใหม่" in answer.content.decode()
    assert not ReviewDecision.objects.exists()


def test_a_clerk_who_edits_while_an_officer_decides_is_told(officer_client, clerk_client, project):
    send(officer_client, project, "ACCEPT")
    answer = clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, name="ชื่อใหม่"))
    assert answer.status_code == 409
    question = answer.context["conflict"]["questions"][0]
    assert question.label == "สถานะการตรวจ"
    assert question.stored == "เห็นชอบ (ไม่บันทึกการแก้ไขของท่าน)"
    assert question.typed == "บันทึกการแก้ไข สถานะจะเป็น รอตรวจสอบ"
    assert state_of(project) == "ACCEPTED"


@pytest.mark.parametrize(("choice", "state"), [("mine", "SUBMITTED"), ("stored", "ACCEPTED")])
def test_a_clerk_chooses_between_the_edit_and_the_decision(officer_client, clerk_client, project, choice, state):
    send(officer_client, project, "ACCEPT")
    sent = filled_in(project.plan, name="ชื่อใหม่") | {"conflict": "2", "choose-review": choice}
    assert clerk_client.post(f"/projects/{project.pk}/edit/", sent).status_code == 302
    project.refresh_from_db()
    assert (project.review_state, project.name == "ชื่อใหม่") == (state, choice == "mine")


def test_a_project_deleted_meanwhile_is_not_decided_on(officer_client, clerk_client, project):
    clerk_client.post(f"/projects/{project.pk}/delete/")
    answer = send(officer_client, project, "ACCEPT")
    assert answer.status_code == 409
    assert "อปท. ลบโครงการนี้" in answer.content.decode()
    assert not ReviewDecision.objects.exists()


def test_a_second_click_makes_one_decision(officer_client, project):
    assert [send(officer_client, project, "ACCEPT").status_code for _ in range(2)] == [302, 302]
    assert ReviewDecision.objects.count() == 1


@pytest.mark.parametrize("seen", ["", "x", "1:2:3", "-1:1", "9" * 30 + ":1", "٣:١"])
def test_a_broken_form_decides_nothing(officer_client, project, seen):
    answer = send(officer_client, project, "ACCEPT", seen=seen)
    assert answer.status_code == 200
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize("decision", ["", "DELETE"])
def test_an_unknown_decision_is_not_found(officer_client, project, decision):
    assert send(officer_client, project, decision).status_code == 404


def test_the_queue_is_narrowed_by_place_kind_dimension_and_state(as_user):
    officer = factories.make_officer("CENTRAL")
    other_district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    town = factories.make_plan(factories.make_lao(district=other_district, kind=Lao.Kind.TOWN, name="ปากช่อง"))
    near = factories.make_project(kind="MEASURE", dimension=2, name="มาตรการเปิดเผยราคากลาง")
    far = factories.make_project(town, kind="PROJECT", dimension=1, name="โครงการอบรมคุณธรรม")
    late = timezone.now() - timedelta(days=40)
    Project.objects.filter(pk=far.pk).update(updated_at=late)
    accepted = factories.make_project(town, review_state="ACCEPTED")
    returned = factories.make_project(town, review_state="RETURNED")
    client = as_user(officer)

    def found(**query):
        return [row["id"] for row in client.get(QUEUE, query).context["rows"]]

    assert found() == [far.pk, near.pk]
    assert found(order="newest") == [near.pk, far.pk]
    assert found(order="lao") == [near.pk, far.pk]
    assert found(province="30") == [far.pk]
    assert found(province="30", district=str(other_district.pk)) == [far.pk]
    assert found(district=str(other_district.pk)) == [far.pk, near.pk]  # a district is chosen inside its province
    assert found(lao_kind="TOWN") == [far.pk]
    assert found(dimension="2") == [near.pk]
    assert found(kind="MEASURE") == [near.pk]
    assert found(late="on") == [far.pk]
    assert found(state="ACCEPTED") == [accepted.pk]
    assert set(found(state="ALL")) == {near.pk, far.pk, accepted.pk, returned.pk}
    assert found(text="ราคา กลาง") == [near.pk]
    assert found(text="เทศบาลเมืองปากช่อง อบรม") == [far.pk]
    assert found(text=town.lao.code) == [far.pk]
    for name in ("state", "order", "province", "district", "lao_kind", "dimension", "kind", "page"):
        assert found(**{name: "ขยะ\x00'"}) == [far.pk, near.pk]


def test_new_projects_are_told_from_changed_ones(officer, officer_client, clerk, clerk_client, project):
    new = factories.make_project(clerk.lao.plans.get())
    decide(by=officer, decision="RETURN", reason="แก้ชื่อ", seen={project.pk: 1})
    clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, name="ชื่อใหม่", version="2"))
    for state, expected in (("NEW", new), ("CHANGED", project)):
        assert [row["id"] for row in officer_client.get(QUEUE, {"state": state}).context["rows"]] == [expected.pk]


@pytest.mark.parametrize("open_at", [None, "first", "last"])
def test_the_page_takes_as_many_queries_for_fifty_projects_as_for_two(officer_client, clerk, open_at):
    plan = clerk.lao.plans.get()
    counts = []
    for wanted in (2, 48):
        made = [factories.make_project(plan, years=(2562, 2563)) for _ in range(wanted)]
        query = {"open": made[0 if open_at == "first" else -1].pk} if open_at else {}
        with CaptureQueriesContext(connection) as captured:
            officer_client.get(QUEUE, query)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 22


def test_the_next_project_is_found_over_the_end_of_a_page(officer_client, clerk):
    made = [factories.make_project(clerk.lao.plans.get()) for _ in range(52)]
    last_of_page = officer_client.get(QUEUE, {"open": made[49].pk, "page": "1"})
    assert last_of_page.context["next"] == made[50].pk
    over = officer_client.get(QUEUE, {"open": made[50].pk, "page": "1"})
    assert over.context["page"].number == 2
    assert over.context["previous"] == made[49].pk
    assert over.context["next"] == made[51].pk


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_officers_see_their_own_area_only(as_user, project, role):
    elsewhere = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    other = factories.make_project(factories.make_plan(factories.make_lao(district=elsewhere)))
    client = as_user(factories.make_officer(role))
    rows = {row["id"] for row in client.get(QUEUE).context["rows"]}
    assert rows == ({project.pk, other.pk} if role == "CENTRAL" else {project.pk})
    expected = 200 if role == "CENTRAL" else 404
    assert client.get(QUEUE, {"open": other.pk}).status_code == expected
    if role != "CENTRAL":
        assert send(client, other, "ACCEPT").status_code == 404
        assert state_of(other) == "SUBMITTED"


def test_a_clerk_has_no_review_pages(clerk_client, project):
    assert clerk_client.get(QUEUE).status_code == 404
    assert send(clerk_client, project, "ACCEPT").status_code == 404
    assert clerk_client.get(f"{QUEUE}many/", {"decision": "ACCEPT", "project": project.pk}).status_code == 404
    assert state_of(project) == "SUBMITTED"


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "\x00"])
def test_junk_opens_nothing(officer_client, project, asked):
    answer = officer_client.get(QUEUE, {"open": asked})
    assert answer.status_code == 200
    assert answer.context["opened"] is None


def test_the_rule_for_editing_is_stated_to_clerk_and_officer(officer_client, clerk_client, project):
    rule = "หลังเจ้าหน้าที่เห็นชอบแล้ว อปท. ยังแก้ไขได้ทุกช่อง"
    assert rule in officer_client.get(QUEUE, {"open": project.pk}).content.decode()
    assert rule in clerk_client.get(f"/projects/{project.pk}/edit/").content.decode()
