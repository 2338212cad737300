"""Feeds, site maps and robots.txt: what programs follow, with nothing that is not public."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import ScoreChange
from lao.models import FormerCode
from projects.models import ReviewDecision
from tests import factories
from tests.reporting.results import DONE, SILENT, with_results

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def address_of_the_site(settings):
    settings.EPLAN_SITE_URL = "https://eplan.example.go.th"


def entries(client, address):
    """(title, summary, link, id) of each entry of a feed."""
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return [
        (
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}summary") or "",
            entry.find(f"{ATOM}link").get("href"),
            entry.findtext(f"{ATOM}id"),
        )
        for entry in ElementTree.fromstring(response.content).iter(f"{ATOM}entry")
    ]


def locations(client, address):
    """The addresses that a site map or its index names."""
    response = client.get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    found = ElementTree.fromstring(b"".join(response.streaming_content)).iter(f"{MAP}loc")
    return [element.text.removeprefix("https://eplan.example.go.th") for element in found]


def test_the_feed_of_an_lao_tells_reports_decisions_projects_and_scores(db, client):
    project = factories.make_project(name="โครงการต้นกล้า & <เพื่อน>")
    factories.make_report(project, status=DONE)
    officer = factories.make_officer(name="นางสาวตรวจ ละเอียด")
    decision = ReviewDecision.objects.create(project=project, decision="RETURN", reason="ขอรายละเอียด", by=officer)
    ScoreChange.objects.create(
        plan=project.plan, number=1, before={}, after={}, changes_published=True, reason="แก้ตัวเลข", by=officer
    )
    code = project.plan.lao.code
    site = "https://eplan.example.go.th"
    of_project, of_lao = f"{site}/public/projects/{project.pk}/", f"{site}/public/lao/{code}/"
    found = set(entries(client, f"/public/lao/{code}/feed/"))
    assert found == {
        ("ผลการประเมินแผน 2561-2564 ฉบับที่ 1", "แก้ตัวเลข", of_lao, f"{of_lao}#scores-2561-1"),
        (
            f"สำนักงาน ป.ป.ช. ส่งกลับแก้ไข: {project.name}", "ขอรายละเอียด", of_project,
            f"{of_project}#decision-{decision.pk}",
        ),
        (
            f"รายงานผลรอบ 6 เดือน ปีงบประมาณ 2562: {project.name}", "ดำเนินการแล้วเสร็จ", of_project,
            f"{of_project}#report-2562-6",
        ),
        (f"บันทึกโครงการ: {project.name}", "", of_project, f"{of_project}#recorded"),
    }  # fmt: skip
    assert "ตรวจ ละเอียด" not in str(found)


def test_the_feed_of_a_province_tells_who_reported(db, client):
    lao = with_results(factories.make_lao(), DONE, DONE, SILENT)
    factories.make_round(2562, 6)
    ((title, _, link, _),) = entries(client, "/public/provinces/81/feed/")
    assert title == f"{lao} รายงานผลรอบ 6 เดือน ปีงบประมาณ 2562 จำนวน 2 โครงการ"
    assert link.endswith(f"/public/lao/{lao.code}/")


def test_nothing_deleted_or_unconfirmed_is_in_a_feed_or_site_map(db, client):
    factories.make_round(2562, 6)
    clerk = factories.make_clerk(withheld_since=timezone.now())
    plan = factories.make_plan(clerk.lao)
    hidden = factories.make_project(plan)
    deleted = factories.make_project(deleted_at=timezone.now())
    officer = factories.make_officer()
    ScoreChange.objects.create(plan=plan, number=1, before={}, after={}, changes_published=False, by=officer)
    for project in (hidden, deleted):
        factories.make_report(project)
        ReviewDecision.objects.create(project=project, decision="ACCEPT", by=officer)
        assert entries(client, f"/public/lao/{project.plan.lao.code}/feed/") == []
        assert f"/public/projects/{project.pk}/" not in locations(client, "/sitemap-81.xml")
    assert entries(client, "/public/provinces/81/feed/") == []


def test_a_former_code_leads_to_the_present_feed(db, client):
    lao = factories.make_lao()
    FormerCode.objects.create(lao=lao, code="6999997")
    response = client.get("/public/lao/6999997/feed/")
    assert (response.status_code, response["Location"]) == (301, f"/public/lao/{lao.code}/feed/")


def test_the_pages_name_their_feeds(db, client):
    lao = factories.make_lao()
    for page in (f"/public/lao/{lao.code}/", "/public/provinces/81/"):
        assert re.search(f'type="application/atom\\+xml"[^>]* href="{page}feed/"', client.get(page).content.decode())


def test_the_index_names_a_site_map_for_each_province_and_these_name_every_public_page(db, client):
    project = factories.make_project()
    index = locations(client, "/sitemap.xml")
    assert len(index) == 78
    named = [place for part in index for place in locations(client, part)]
    assert len(named) == len(set(named))
    lao = project.plan.lao.code
    assert {"/public/", "/public/about/", "/public/regions/8/", "/public/provinces/81/"} <= set(named)
    assert {f"/public/lao/{lao}/", f"/public/projects/{project.pk}/"} <= set(named)


@pytest.mark.parametrize("address", ["/sitemap-99.xml", "/public/provinces/99/feed/", "/public/lao/0000000/feed/"])
def test_what_is_not_there_has_no_feed_and_no_site_map(db, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("mode", "closed"), [("production", "/public/search/"), ("demonstration", "/")])
def test_robots_may_read_the_pages_for_citizens_but_no_made_up_data(db, client, settings, mode, closed):
    settings.EPLAN_MODE = mode
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Disallow: {closed}" in lines
    assert ("Disallow: /" in lines) == (mode == "demonstration")
    assert "Sitemap: https://eplan.example.go.th/sitemap.xml" in lines


def test_more_projects_take_no_more_queries(db, client):
    plan = factories.make_plan()
    addresses = [f"/public/lao/{plan.lao.code}/feed/", "/public/provinces/81/feed/", "/sitemap-81.xml", "/sitemap.xml"]

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            b"".join(client.get(address))
        return len(captured)

    factories.make_report(factories.make_project(plan))
    before = [queries(address) for address in addresses]
    for _ in range(49):
        factories.make_report(factories.make_project(plan))
    assert [queries(address) for address in addresses] == before
