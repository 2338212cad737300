"""S9: a clerk deletes a project and brings it back."""

import pytest

from projects.models import Project
from reporting.models import ProgressReport, Tally
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


@pytest.fixture
def project(plan):
    project = factories.make_project(plan, name="โครงการที่จะลบ")
    factories.make_report(project)
    return project


def test_the_page_asks_names_the_project_and_says_what_is_kept(clerk_client, project):
    page = clerk_client.get(f"/projects/{project.pk}/delete/").content.decode()
    for text in ("คุณต้องการลบโครงการ ใช่ หรือ ไม่ ?", "ตกลง", "ยกเลิก", "โครงการที่จะลบ", "รายงานผลการดำเนินงาน 1 รายงาน"):
        assert text in page
    assert Project.objects.get().deleted_at is None


def test_deleting_takes_it_off_the_list_and_offers_the_way_back(clerk_client, project):
    answer = clerk_client.post(f"/projects/{project.pk}/delete/", follow=True)
    page = answer.content.decode()
    assert "ลบ “โครงการที่จะลบ” แล้ว" in page
    assert f'action="/projects/{project.pk}/restore/"' in page
    assert answer.context["rows"] == []
    assert "รายการที่ลบ (1)" in page


def test_restoring_brings_back_the_project_with_its_years_and_reports(clerk, clerk_client, project):
    numbers = ("months", "projects", "completed", "plan_budget")
    counted = Tally.objects.filter(lao=clerk.lao).order_by("months").values_list(*numbers)
    before = list(counted.all())
    assert before
    clerk_client.post(f"/projects/{project.pk}/delete/")
    assert list(counted.all()) != before
    assert ProgressReport.objects.count() == 1
    answer = clerk_client.post(f"/projects/{project.pk}/restore/", follow=True)
    assert "กู้คืน “โครงการที่จะลบ” เรียบร้อยแล้ว" in answer.content.decode()
    assert [row["project"] for row in answer.context["rows"]] == [project]
    assert list(counted.all()) == before


def test_deleting_twice_and_restoring_twice_do_no_harm(clerk_client, project):
    for _ in range(2):
        assert clerk_client.post(f"/projects/{project.pk}/delete/").status_code == 302
    first_time = Project.objects.get().deleted_at
    clerk_client.post(f"/projects/{project.pk}/delete/")
    assert Project.objects.get().deleted_at == first_time
    for _ in range(2):
        assert clerk_client.post(f"/projects/{project.pk}/restore/").status_code == 302
    assert Project.objects.get().deleted_at is None


def test_looking_at_the_address_of_restoring_restores_nothing(clerk_client, project):
    clerk_client.post(f"/projects/{project.pk}/delete/")
    answer = clerk_client.get(f"/projects/{project.pk}/restore/", follow=True)
    assert "โครงการที่จะลบ" in answer.content.decode()
    assert Project.objects.get().deleted_at is not None


def test_a_rejected_project_cannot_be_deleted(clerk_client, plan):
    project = factories.make_project(plan, review_state="REJECTED")
    assert clerk_client.get(f"/projects/{project.pk}/delete/").url == f"/projects/{project.pk}/edit/"
    answer = clerk_client.post(f"/projects/{project.pk}/delete/", follow=True)
    assert "จึงลบไม่ได้" in answer.content.decode()
    assert Project.objects.get().deleted_at is None


@pytest.mark.parametrize("junk", ["x", "-1", "0", "9" * 40, "๙", ""])
def test_junk_in_the_address_of_the_list_is_ignored(clerk_client, junk):
    answer = clerk_client.get("/projects/", {"deleted": junk})
    assert answer.status_code == 200
    assert answer.context["just_deleted"] is None


def test_another_laos_deleted_project_is_not_named(clerk_client, stranger_client, project):
    clerk_client.post(f"/projects/{project.pk}/delete/")
    assert stranger_client.get("/projects/", {"deleted": project.pk}).context["just_deleted"] is None
