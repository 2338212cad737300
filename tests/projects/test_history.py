"""The history of a project: every change and decision, for the clerk and for officers."""

import pytest
from django.db import DatabaseError, connection, transaction

from projects.actions.review import decide
from projects.models import ReviewDecision
from tests import factories
from tests.projects.forms import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(clerk, clerk_client):
    clerk_client.post("/projects/new/", filled_in(clerk.lao.plans.get()))
    return clerk.lao.plans.get().projects.get()


def address(project):
    return f"/projects/{project.pk}/history/"


def test_the_clerk_reads_changes_and_decisions_latest_first(officer, clerk, clerk_client, project):
    decide(by=officer, decision="RETURN", reason="กรุณาแก้ชื่อ", seen={project.pk: 1})
    clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, name="ชื่อใหม่", version="2"))
    clerk_client.post(f"/projects/{project.pk}/delete/")
    clerk_client.post(f"/projects/{project.pk}/restore/")
    answer = clerk_client.get(address(project))
    history = answer.context["history"]
    assert [event["what"] for event in history] == [
        "กู้คืนโครงการที่ลบ",
        "ลบโครงการ",
        "แก้ไขข้อมูล",
        "ส่งกลับแก้ไข",
        "บันทึกโครงการ",
    ]
    assert [tuple(change)[1:] for change in history[2]["changes"]] == [("โครงการอบรมคุณธรรม", "ชื่อใหม่")]
    assert history[3]["reason"] == "กรุณาแก้ชื่อ"
    assert history[4]["who"] == str(clerk.lao)


def test_a_clerk_reads_the_office_and_an_officer_the_person(officer, as_user, clerk_client, project):
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    page = clerk_client.get(address(project)).content.decode()
    assert "สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่" in page
    assert officer.name not in page
    page = as_user(officer).get("/review/", {"open": project.pk}).content.decode()
    assert f"{officer.name} (สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่)" in page


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("PROVINCE", "สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่"),
        ("REGION", "สำนักงาน ป.ป.ช. ภาค 8"),
        ("CENTRAL", "สำนักงาน ป.ป.ช. ส่วนกลาง"),
    ],
)
def test_every_office_has_its_name(db, role, office):
    assert factories.make_officer(role).office == office


def test_no_personal_data_of_the_coordinator_is_shown(clerk, clerk_client, project):
    profile = clerk.lao.profile
    profile.coordinator_name, profile.coordinator_phone = "สมศรี ตัวอย่าง", "0812345678"
    profile.save()
    page = clerk_client.get(address(project)).content.decode()
    for secret in ("สมศรี", "0812345678", profile.coordinator_email):
        assert secret not in page


def test_a_change_past_the_application_is_shown_without_a_person(clerk_client, project):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('eplan.actor_id', '', false), set_config('eplan.request_id', '', false)")
        cursor.execute("UPDATE projects_project SET name = 'แก้ด้วย SQL'")
    event = clerk_client.get(address(project)).context["history"][0]
    assert (event["what"], event["who"]) == ("แก้ไขข้อมูล", "")


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_decisions_are_never_changed_nor_deleted(officer, project, statement):
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(ReviewDecision._meta.db_table))


def test_a_project_with_decisions_cannot_lose_its_history(officer, project):
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM projects_projectyear; DELETE FROM projects_project")
    assert ReviewDecision.objects.count() == 1


def test_another_lao_has_no_such_history(stranger_client, project):
    assert stranger_client.get(address(project)).status_code == 404


def test_the_history_takes_the_same_queries_however_long(officer, clerk_client, project):
    from django.test.utils import CaptureQueriesContext

    counts = []
    for name in ("ก", "ข", "ค"):
        project.refresh_from_db()
        version = str(project.version)
        clerk_client.post(f"/projects/{project.pk}/edit/", filled_in(project.plan, name=name, version=version))
        with CaptureQueriesContext(connection) as captured:
            clerk_client.get(address(project))
        counts.append(len(captured))
    assert len(set(counts)) == 1
