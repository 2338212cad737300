"""An LAO whose claim no officer has confirmed is in no list, count, average, file or letter of the officers."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from evaluation.queries.areas import nation_scores
from evaluation.queries.tables import province_scores
from lao.models import User
from projects.models import Project, ReviewDecision
from reporting.actions.reminders import queue_by_officer
from reporting.queries.areas import areas_of
from reporting.queries.reminders import missing_projects
from tests import factories
from tests.evaluation.scoring import give

SECRET = "โครงการที่ยังไม่ยืนยัน"


def withhold(account):
    User.objects.filter(pk=account.pk).update(withheld_since=timezone.now())


@pytest.fixture
def project(clerk):
    """A project of an LAO that has a score and owes a report; its claim is withheld."""
    factories.make_round(2562, 6, closes_on=timezone.localdate() + timedelta(days=7))
    made = factories.make_project(clerk.lao.plans.get(), name=SECRET, budget=1000)
    give(made.plan, "NACC", 10, 10, 10, 10)
    withhold(clerk)
    return made


def said(response):
    """All that an answer says; the text of all parts of an Excel file."""
    if "spreadsheet" not in response["Content-Type"]:
        return response.content.decode()
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_no_page_of_an_officer_names_its_projects(project, role, as_user):
    visitor, lao = as_user(factories.make_officer(role)), project.plan.lao
    for address in (
        "/review/?state=ALL",
        f"/review/?text={SECRET}",
        f"/review/?done={project.pk}",
        f"/review/many/?decision=ACCEPT&project={project.pk}",
        f"/summary/laos/{lao.code}/?year=2562&months=6",
        f"/summary/laos/{lao.code}/export/?year=2562&months=6",
    ):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert SECRET not in said(answer).replace(f'value="{SECRET}"', "")
    assert visitor.get(f"/review/?open={project.pk}").status_code == 404


def test_its_projects_are_not_decided_on(project, officer, as_user):
    data = {"decision": "ACCEPT", "seen": f"{project.pk}:{project.version}"}
    for address in (f"/review/{project.pk}/", "/review/many/"):
        assert as_user(officer).post(address, data).status_code == 404
    assert not ReviewDecision.objects.exists()
    assert Project.objects.get().review_state == "SUBMITTED"


def test_its_pages_tell_officers_why_they_say_nothing(project, clerk, officer, as_user):
    why = "รอยืนยันการลงทะเบียน"
    pages = (f"/summary/laos/{clerk.lao.code}/?year=2562", f"/scores/lao/{clerk.lao.code}/", "/scores/")
    for page in pages:
        assert why in as_user(officer).get(page).content.decode()
    User.objects.update(withheld_since=None)
    for page in pages:
        assert why not in as_user(officer).get(page).content.decode()


def test_its_scores_are_in_no_average(project, officer):
    give(factories.make_plan(), "NACC", 30, 30, 30, 30)

    def averages():
        province = province_scores(officer, officer.province, project.plan.period)
        nation = nation_scores(factories.make_officer("CENTRAL"), project.plan.period, "ทั่วประเทศ")
        shown = [group.nacc_total for group in province.groups if group.withheld]
        return *[(table.total.nacc_total, table.total.rows[1].known) for table in (province, nation)], shown

    assert averages() == ((Decimal(120), 1), (Decimal(120), 1), [None])
    User.objects.update(withheld_since=None)
    assert averages() == ((Decimal(80), 2), (Decimal(80), 2), [])


def test_it_is_not_among_those_who_use_the_system(project, officer):
    assert areas_of(officer, 2562)[1].claimed == 0
    User.objects.update(withheld_since=None)
    assert areas_of(officer, 2562)[1].claimed == 1


def test_it_is_followed_as_waiting_for_its_confirmation(project, officer, as_user):
    asked = {"year": "2562", "months": "6"}
    (row,) = as_user(officer).get("/follow-up/", {**asked, "state": "WITHHELD"}).context["rows"]
    assert "รอยืนยันการลงทะเบียน" in row.progress
    assert row.reported == "-"
    User.objects.update(withheld_since=None)
    assert as_user(officer).get("/follow-up/", {**asked, "state": "WITHHELD"}).context["rows"] == []


def test_it_gets_no_reminder_even_if_one_was_waiting_to_be_sent(project, clerk, officer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.update(withheld_since=None)
    known = factories.make_round(2562, 6)
    queue_by_officer(by=officer, reporting_round=known, laos=[clerk.lao_id], day=timezone.localdate())
    withhold(clerk)
    assert missing_projects([clerk.lao_id], 2562, 6) == {}
    call_command("send_reminders", verbosity=0)
    assert mail.outbox == []
