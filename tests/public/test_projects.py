"""The page of one project: everything public about it, and nothing else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lao.models import FormerCode
from projects.models import Project, ReviewDecision
from tests import factories
from tests.reporting.results import DONE, ONGOING


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page_of(client, project):
    return client.get(f"/public/projects/{project.pk}/")


def test_a_project_shows_its_years_both_rounds_and_the_decision(db, client):
    project = factories.make_project(
        name="โครงการต้นกล้าซื่อสัตย์", years=(2562, 2563), budget=25000, quarters=[2, 1], target_groups=["YOUTH"],
        objective="ให้เด็กรู้เท่าทัน", review_state=Project.ReviewState.REJECTED,
    )  # fmt: skip
    factories.make_report(project, status=ONGOING, ordinance_budget=20000, disbursed=500, in_ordinance=True)
    factories.make_report(project, months=12, status="NOT_FEASIBLE", reason="OTHER", other_reason="น้ำท่วม")
    officer = factories.make_officer(name="นางสาวตรวจ ละเอียด")
    ReviewDecision.objects.create(project=project, decision="REJECT", reason="ไม่สอดคล้องกับมิติ", by=officer)
    page = text(page_of(client, project))
    for part in (
        "โครงการต้นกล้าซื่อสัตย์", "เด็กและเยาวชน", "ให้เด็กรู้เท่าทัน", "ดำเนินการในไตรมาส 1 2", "มิติที่ 1 การสร้างสังคมที่ไม่ทนต่อการทุจริต",
        "2562 25,000 6 เดือน อยู่ระหว่างดำเนินการ 20,000 500 บรรจุแล้ว",
        "12 เดือน ไม่สามารถดำเนินการได้ น้ำท่วม - -",
        "2563 25,000 6 เดือน ยังไม่รายงานผล - - -",
        "ปฏิเสธโครงการ", "ไม่สอดคล้องกับมิติ", "สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่",
    ):  # fmt: skip
        assert part in page, part
    assert "ตรวจ ละเอียด" not in page


def test_what_was_done_at_six_months_is_not_asked_for_again(db, client):
    project = factories.make_project()
    factories.make_report(project, status=DONE)
    assert "ดำเนินการแล้วเสร็จตั้งแต่รอบ 6 เดือน ไม่ต้องรายงานซ้ำ" in text(page_of(client, project))


def test_a_deleted_project_and_one_of_an_unconfirmed_claim_are_not_there(db, client):
    clerk = factories.make_clerk()
    project = factories.make_project(factories.make_plan(clerk.lao))
    assert page_of(client, project).status_code == 200
    clerk.withheld_since = timezone.now()
    clerk.save()
    assert page_of(client, project).status_code == 404
    deleted = factories.make_project(deleted_at=timezone.now())
    assert page_of(client, deleted).status_code == 404


@pytest.mark.parametrize("key", ["0", "999999999999999999", "1" * 19, "1" * 5000, "-1", "x", "๑"])
def test_what_is_no_project_is_not_found(db, client, key):
    assert client.get(f"/public/projects/{key}/").status_code == 404


def test_more_years_reports_and_decisions_take_no_more_queries(db, client):
    project = factories.make_project(further_dimensions=[])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert page_of(client, project).status_code == 200
        return len(captured)

    before = queries()
    officer = factories.make_officer()
    for year in (2561, 2563, 2564):
        project.years.create(fiscal_year=year)
        factories.make_report(project, fiscal_year=year)
    for _ in range(5):
        ReviewDecision.objects.create(project=project, decision="RETURN", reason="แก้ไข", by=officer)
    assert queries() == before
    assert before <= 5


def test_the_page_of_the_lao_leads_to_its_projects(db, client):
    project = factories.make_project()
    page = client.get(f"/public/lao/{project.plan.lao.code}/?year=2562").content.decode()
    assert f'href="/public/projects/{project.pk}/"' in page


def test_every_address_of_an_lao_moves_with_its_code(db, client):
    lao = factories.make_plan().lao
    FormerCode.objects.create(lao=lao, code="6999998")
    response = client.get("/public/lao/6999998/?year=2562")
    assert (response.status_code, response["Location"]) == (301, f"/public/lao/{lao.code}/?year=2562")
