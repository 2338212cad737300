"""The demonstration: what is in it, that it obeys the rules of the database, and that it is the same each time."""

import geothai
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from eplan.demonstration import NotEmptyError, load, ready_accounts
from lao.models import AuditEntry, District, Lao, LaoProfile, User
from projects.models import Plan, Project, ProjectYear, ReviewDecision
from reporting.models import ProgressReport, ReportingRound, Tally
from tests import factories

MANUAL = {
    "5810501": "เทศบาลตำบลแหลมสัก",
    "5810502": "เทศบาลตำบลอ่าวลึกใต้",
    "6810507": "อบต.เขาใหญ่",
    "6810508": "อบต.คลองยา",
    "6810509": "อบต.คลองหิน",
    "6810503": "อบต.นาเหนือ",
    "6810504": "อบต.บ้านกลาง",
    "6810510": "อบต.แหลมสัก",
}


@pytest.fixture(scope="module")
def small_set(django_db_setup, django_db_blocker):
    """The small set, loaded once; every test works on top of it and is undone by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(quiet=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def small(small_set, db):
    """The small set, in the test's own transaction."""


@pytest.mark.usefixtures("small")
def test_the_eight_organisations_of_the_manual_bear_their_true_codes():
    found = {lao.code: str(lao) for lao in Lao.objects.filter(code__in=MANUAL, district__name="อ่าวลึก")}
    assert found == MANUAL


@pytest.mark.usefixtures("small")
def test_every_district_of_krabi_is_there_and_every_subdistrict_has_an_organisation():
    names = {district.name_th for district in geothai.districts("81")}
    assert set(District.objects.filter(province="81").values_list("name", flat=True)) == names
    subdistricts = {(d.name_th, s.name_th) for d in geothai.districts("81") for s in geothai.subdistricts(d.code)}
    assert (
        set(Lao.objects.filter(district__province="81").values_list("district__name", "subdistricts")) >= subdistricts
    )


@pytest.mark.usefixtures("small")
def test_three_more_provinces_have_a_few_organisations_each():
    assert set(Lao.objects.values_list("district__province__name", flat=True)) == {
        "กระบี่",
        "นครราชสีมา",
        "เชียงใหม่",
        "สงขลา",
    }
    assert Lao.objects.filter(district__province="50").count() == 8


@pytest.mark.usefixtures("small")
def test_the_account_to_be_claimed_has_a_plan_and_no_projects():
    user = User.objects.get(username="5810501")
    assert user.claimed_at is None
    assert not user.has_usable_password()
    assert not LaoProfile.objects.filter(lao=user.lao).exists()
    assert user.lao.plans.get().passed_in == 2561
    assert not Project.objects.filter(plan__lao=user.lao).exists()


@pytest.mark.usefixtures("small")
def test_every_ready_account_opens_with_its_password():
    accounts = ready_accounts()
    assert {account["role"] for account in accounts} == set(User.Role.values)
    assert all(set(account) == {"role", "username", "password", "area", "note"} for account in accounts)
    for account in accounts:
        user = User.objects.get_by_natural_key(account["username"])
        assert user.role == account["role"]
        assert bool(user.claimed_at) == bool(account["password"])
        assert check_password(account["password"], user.password) == bool(account["password"])
        assert account["area"].startswith(user.area_name)


@pytest.mark.usefixtures("small")
def test_every_organisation_has_one_account_and_a_profile_once_it_was_claimed():
    assert User.objects.filter(role="LAO").count() == Lao.objects.count()
    claimed = User.objects.filter(role="LAO", claimed_at__isnull=False)
    assert 20 < claimed.count() < 60
    assert LaoProfile.objects.count() == claimed.count()
    assert not LaoProfile.objects.exclude(coordinator_phone="0-0000-0000").exists()
    assert not LaoProfile.objects.exclude(coordinator_email__endswith="example.go.th").exists()


@pytest.mark.usefixtures("small")
def test_most_plans_passed_in_2561_some_in_2562_and_a_few_not_yet():
    passed = [Plan.objects.filter(passed_in=year).count() for year in (2561, 2562)]
    waiting = Plan.objects.filter(passed_in__isnull=True)
    assert passed[0] > 50
    assert passed[1] >= 5
    assert 1 <= waiting.count() <= 8
    assert not Project.objects.filter(plan__in=waiting).exists()


@pytest.mark.usefixtures("small")
def test_the_year_2561_is_nearly_complete_and_2562_is_under_way():
    def share(year, months):
        rows = Tally.objects.filter(fiscal_year=year, months=months)
        reported = sum(row.completed + row.in_progress + row.not_feasible for row in rows)
        return reported / sum(row.projects for row in rows)

    assert share(2561, 12) > 0.9
    assert 0.4 < share(2562, 6) < 0.9
    assert not ProgressReport.objects.filter(project_year__fiscal_year__gt=2562).exists()


@pytest.mark.usefixtures("small")
def test_projects_are_varied_and_marked_as_demonstration():
    projects = Project.objects.all()
    assert projects.count() > 500
    assert {project.kind for project in projects} == set(Project.Kind.values)
    assert {project.review_state for project in projects} == set(Project.ReviewState.values)
    assert all(project.objective.startswith("ข้อมูลสาธิต") for project in projects)
    assert Project.objects.deleted().exists()
    years = ProjectYear.objects.all()
    assert 0.3 < years.filter(plan_budget__isnull=True).count() / years.count() < 0.8
    assert all(decision.reason for decision in ReviewDecision.objects.filter(decision="REJECT"))
    assert ReviewDecision.objects.filter(decision="REJECT", reason__contains="ไม่ต้องทำการรายงานผล").exists()


@pytest.mark.usefixtures("small")
def test_scores_are_by_dimension_or_a_total_alone_never_both():
    for plan in Plan.objects.prefetch_related("scores"):
        for source in ("SAR", "NACC"):
            kinds = [score.dimension_id is None for score in plan.scores.all() if score.source == source]
            assert kinds in ([], [True], [False] * 4)
    assert Plan.objects.filter(scores__dimension__isnull=True).exists()
    assert Plan.objects.filter(scores__dimension__isnull=False).exists()


@pytest.mark.usefixtures("small")
def test_rounds_are_closed_open_and_yet_to_come():
    today = timezone.localdate()
    state = {
        (found.fiscal_year, found.months): (found.opens_on <= today, found.closes_on >= today)
        for found in ReportingRound.objects.all()
    }
    assert state == {
        (2561, 6): (True, False),
        (2561, 12): (True, False),
        (2562, 6): (True, True),
        (2562, 12): (True, True),
        (2563, 6): (False, True),
    }


@pytest.mark.usefixtures("small")
def test_what_is_recorded_afterwards_gets_keys_and_a_trail():
    factories.make_project(Plan.objects.get(lao__code="5810501"))
    factories.make_lao()
    assert AuditEntry.objects.filter(table_name="projects_project").exists()


@pytest.mark.usefixtures("small")
def test_a_database_with_organisations_is_refused():
    with pytest.raises(NotEmptyError):
        load(quiet=True)
    with pytest.raises(CommandError, match="ข้อมูลสาธิตโหลดได้เฉพาะในฐานข้อมูลที่ว่าง"):
        call_command("load_demonstration", verbosity=0)
