"""S3, mode `confirm`: an empty password opens the account, and an officer vouches for whoever claimed it."""

import logging
import re
from io import StringIO

import pytest
from django.contrib.auth import get_user
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from evaluation.queries.areas import nation_scores
from evaluation.queries.tables import province_scores
from lao.models import ActivationCode, AuditEntry, LaoProfile, User
from lao.throttling import CLAIMS_OF_ADDRESS
from projects.models import Project
from reporting.models import Tally
from reporting.queries.progress import progress_of
from tests import factories
from tests.factories import PASSWORD
from tests.lao.test_sign_in import sign_in

CLAIM = {"version": "0", "coordinator_email": "new@example.go.th", "new_password": "ปลาทูแม่กลอง"}


@pytest.fixture(autouse=True)
def confirm_mode(settings):
    settings.EPLAN_FIRST_ENTRY = "confirm"


@pytest.fixture
def newcomer(db):
    return factories.make_clerk(claimed=False)


def claim(account, **extra):
    """The account, claimed by a client of its own."""
    client = Client(**extra)
    assert sign_in(client, account.username)["Location"] == "/profile/"
    answer = client.post("/profile/", CLAIM)
    account.refresh_from_db()
    return client, answer


@pytest.fixture
def claimed(newcomer):
    """The client of a claim that nobody has confirmed, with a completed report of 2562."""
    client, answer = claim(newcomer, REMOTE_ADDR="203.0.113.7")
    assert answer["Location"] == "/home/"
    factories.make_round(2562, 6)
    project = factories.make_project(factories.make_plan(newcomer.lao), name="โครงการที่ยังไม่ยืนยัน", budget=1000)
    factories.make_report(project)
    return client


def act(officer_client, account, deed, **data):
    address = f"/manage/accounts/{account.pk}/{deed}/"
    seen = re.search('name="seen" value="([^"]*)"', officer_client.get(address).content.decode())
    return officer_client.post(address, {"seen": seen[1] if seen else "", **data}, follow=True)


def prove():
    call_command("prove_tallies", stdout=StringIO())


def public_texts(account):
    """What citizens and a neighbour read: the LAO's page, the province's, the nation's."""
    addresses = (f"/public/lao/{account.username}/", "/public/provinces/81/", "/public/")
    return [Client().get(f"{address}?year=2562&months=6").content.decode() for address in addresses]


def test_the_clerk_works_at_once_and_is_told_what_waits(claimed, newcomer):
    assert newcomer.claimed_at == newcomer.withheld_since
    assert newcomer.claimed_from == "203.0.113.7"
    home = claimed.get("/home/?year=2562").content.decode()
    assert "ยังไม่เผยแพร่และยังไม่นับ" in home
    assert "100.00" in home
    own = claimed.get("/summary/own/?year=2562&months=6").content.decode()
    assert "1,000" in own
    assert claimed.get("/projects/").status_code == 200


def test_nothing_is_public_or_counted_before_and_all_at_once_after(claimed, newcomer, officer, as_user):
    assert not Tally.objects.exists()
    prove()
    page, province, _ = public_texts(newcomer)
    assert "โครงการที่ยังไม่ยืนยัน" not in page
    assert "100.00" not in province
    queue = as_user(officer).get("/review/").content.decode()
    assert "โครงการที่ยังไม่ยืนยัน" not in queue
    act(as_user(officer), newcomer, "confirm")
    newcomer.refresh_from_db()
    assert newcomer.withheld_since is None
    assert Tally.objects.filter(months=6, projects=1, completed=1).exists()
    prove()
    page, province, nation = public_texts(newcomer)
    assert "โครงการที่ยังไม่ยืนยัน" in page
    assert "100.00" in province
    assert "100.00" in nation
    assert "โครงการที่ยังไม่ยืนยัน" in as_user(officer).get("/review/").content.decode()
    assert "ยังไม่เผยแพร่และยังไม่นับ" not in claimed.get("/home/").content.decode()


def test_what_is_saved_while_withheld_stays_out_whatever_the_path(claimed, newcomer, officer, as_user):
    project = Project.objects.get()
    factories.make_report(project, months=12)
    another = factories.make_project(newcomer.lao.plans.get())
    Project.objects.filter(pk=another.pk).update(deleted_at=timezone.now())
    assert not Tally.objects.exists()
    prove()
    act(as_user(officer), newcomer, "confirm")
    assert Tally.objects.filter(projects=1).count() == 2
    prove()


def test_the_flag_counts_however_it_was_set(clerk):
    factories.make_project(clerk.lao.plans.get())
    assert Tally.objects.count() == 2
    User.objects.filter(pk=clerk.pk).update(withheld_since=timezone.now())
    assert not Tally.objects.exists()
    User.objects.filter(pk=clerk.pk).delete()
    assert Tally.objects.count() == 2
    factories.make_clerk(clerk.lao, withheld_since=timezone.now())
    assert not Tally.objects.exists()
    prove()


def test_a_second_empty_password_is_told_that_the_account_is_registered_and_whom_to_call(claimed, newcomer, settings):
    page = sign_in(Client(), newcomer.username).content.decode()
    assert "บัญชีนี้ลงทะเบียนแล้ว" in page
    assert settings.EPLAN_CONTACTS["problem"]["phone"] in page
    assert "บัญชีนี้ลงทะเบียนแล้ว" not in sign_in(Client(), newcomer.username, "ผิดแน่นอน").content.decode()
    assert "บัญชีนี้ลงทะเบียนแล้ว" not in sign_in(Client(), "9999999").content.decode()


def test_an_officer_is_not_told_of_to_an_empty_password(client, officer):
    assert "บัญชีนี้ลงทะเบียนแล้ว" not in sign_in(client, officer.username).content.decode()


@pytest.mark.parametrize("mode", ["open", "code"])
def test_in_the_other_modes_a_claim_counts_at_once(newcomer, settings, mode):
    settings.EPLAN_FIRST_ENTRY = mode
    from tests.lao.test_first_entry import enter_code, new_letter

    client = Client()
    if mode == "code":
        enter_code(client, newcomer.username, new_letter(newcomer))
    else:
        sign_in(client, newcomer.username)
    client.post("/profile/", CLAIM)
    newcomer.refresh_from_db()
    assert newcomer.claimed_at is not None
    assert newcomer.withheld_since is None


def test_the_officer_of_the_province_sees_when_from_where_and_which_email(claimed, newcomer, officer, as_user):
    page = as_user(officer).get("/manage/accounts/?state=NEW").content.decode()
    assert newcomer.username in page
    assert "203.0.113.7" in page
    assert "new@example.go.th" in page
    stranger = factories.make_officer(province=factories.make_province("30", "นครราชสีมา", 3))
    assert newcomer.username not in as_user(stranger).get("/manage/accounts/?state=NEW").content.decode()
    for deed in ("confirm", "revoke"):
        assert as_user(stranger).post(f"/manage/accounts/{newcomer.pk}/{deed}/").status_code == 404


def test_a_revoked_claim_ends_at_once_and_the_account_is_open_again(claimed, newcomer, officer, as_user):
    ActivationCode.objects.create(user=newcomer, secret_hash="x", expires_at=timezone.now())
    act(as_user(officer), newcomer, "revoke")
    newcomer.refresh_from_db()
    assert not get_user(claimed).is_authenticated
    assert newcomer.claimed_at is None
    assert not newcomer.has_usable_password()
    assert LaoProfile.objects.get(pk=newcomer.lao_id).coordinator_email == ""
    assert ActivationCode.objects.get().revoked_at is not None
    assert sign_in(Client(), newcomer.username, CLAIM["new_password"]).status_code == 200
    assert Project.objects.count() == 1
    assert not Tally.objects.exists()
    page = as_user(officer).get(f"/manage/accounts/{newcomer.pk}/").content.decode()
    assert "เพิกถอนการลงทะเบียนแล้ว" in page
    version = LaoProfile.objects.get(pk=newcomer.lao_id).version
    again = Client()
    sign_in(again, newcomer.username)
    assert again.post("/profile/", {**CLAIM, "version": str(version)})["Location"] == "/home/"
    assert not Tally.objects.exists()
    newcomer.refresh_from_db()
    act(as_user(officer), newcomer, "confirm")
    assert Tally.objects.count() == 2


def test_a_claim_made_since_the_page_was_opened_is_not_confirmed_by_it(claimed, newcomer, officer, as_user):
    deciding = as_user(officer)
    address = f"/manage/accounts/{newcomer.pk}/confirm/"
    seen = re.search('name="seen" value="([^"]*)"', deciding.get(address).content.decode())[1]
    User.objects.filter(pk=newcomer.pk).update(claimed_at=timezone.now())
    page = deciding.post(address, {"seen": seen}, follow=True).content.decode()
    assert "เปลี่ยนไปแล้ว" in page
    newcomer.refresh_from_db()
    assert newcomer.withheld_since is not None


@pytest.mark.parametrize("seen", ["", "junk", "2562-13-45", "2019-01-01"])
def test_a_decision_without_what_was_seen_decides_nothing(claimed, newcomer, officer, as_user, seen):
    as_user(officer).post(f"/manage/accounts/{newcomer.pk}/confirm/", {"seen": seen})
    newcomer.refresh_from_db()
    assert newcomer.withheld_since is not None


def test_of_two_officers_the_second_is_told(claimed, newcomer, officer, as_user):
    first, second = as_user(officer), as_user(factories.make_officer("CENTRAL"))
    address = f"/manage/accounts/{newcomer.pk}/confirm/"
    seen = re.search('name="seen" value="([^"]*)"', second.get(address).content.decode())[1]
    act(first, newcomer, "confirm")
    assert "เปลี่ยนไปแล้ว" in second.post(address, {"seen": seen}, follow=True).content.decode()


def test_the_decision_and_the_person_are_in_the_trail(claimed, newcomer, officer, as_user):
    act(as_user(officer), newcomer, "confirm")
    entry = AuditEntry.objects.filter(table_name="lao_user", row_id=str(newcomer.pk)).first()
    assert entry.actor_id == officer.pk
    assert entry.after == {"withheld_since": None}
    assert officer.username in as_user(officer).get(f"/manage/accounts/{newcomer.pk}/").content.decode()


def many_claims(count, address="198.51.100.1"):
    now = timezone.now()
    for _ in range(count):
        account = factories.make_clerk()
        User.objects.filter(pk=account.pk).update(claimed_at=now, withheld_since=now, claimed_from=address)


def test_an_unusual_number_raises_an_alarm_in_the_log_and_before_central(newcomer, as_user, officer, caplog):
    many_claims(9)
    central = as_user(factories.make_officer("CENTRAL"))
    assert "ผิดปกติ" not in central.get("/manage/accounts/").content.decode()
    with caplog.at_level(logging.WARNING, "lao"):
        claim(newcomer, REMOTE_ADDR="198.51.100.1")
    assert "unusual number of claims" in caplog.text
    page = central.get("/manage/accounts/").content.decode()
    assert "ผิดปกติ" in page
    assert "198.51.100.1: 10 บัญชีรอยืนยัน" in page
    assert "ผิดปกติ" not in as_user(officer).get("/manage/accounts/").content.decode()
    listed = central.get("/manage/accounts/?text=198.51.100.1").content.decode()
    assert "ทั้งหมด 10 บัญชี" in listed


def test_claims_are_limited_per_address_and_all_that_was_typed_is_kept(db, monkeypatch, caplog):
    monkeypatch.setattr("lao.throttling.CLAIMS_OF_ADDRESS", CLAIMS_OF_ADDRESS.__class__(tries=2, forgiven_every=60))
    statuses = [claim(factories.make_clerk(claimed=False))[1].status_code for _ in range(2)]
    assert statuses == [302, 302]
    account = factories.make_clerk(claimed=False)
    with caplog.at_level(logging.WARNING, "lao"):
        answer = claim(account)[1]
    assert answer.status_code == 429
    assert "new@example.go.th" in answer.content.decode()
    assert "too many claims" in caplog.text
    assert account.claimed_at is None
    assert claim(factories.make_clerk(claimed=False), REMOTE_ADDR="192.0.2.9")[1].status_code == 302


def test_a_claim_that_fails_is_not_counted(newcomer, monkeypatch):
    monkeypatch.setattr("lao.throttling.CLAIMS_OF_ADDRESS", CLAIMS_OF_ADDRESS.__class__(tries=1, forgiven_every=3600))
    late = Client()
    sign_in(late, newcomer.username)
    claim(newcomer, REMOTE_ADDR="192.0.2.9")
    late.post("/profile/", CLAIM)
    other = factories.make_clerk(claimed=False)
    assert claim(other)[1].status_code == 302


def test_those_who_were_here_before_count_as_confirmed(clerk_client, clerk):
    factories.make_project(clerk.lao.plans.get())
    assert Tally.objects.exists()
    assert sign_in(Client(), clerk.username, PASSWORD)["Location"] == "/home/"
    assert "ยังไม่เผยแพร่" not in clerk_client.get("/home/").content.decode()


def test_the_areas_sums_of_projects_and_of_progress_leave_it_out(claimed, newcomer, officer):
    def told():
        period = newcomer.lao.plans.get().period
        province = province_scores(officer, officer.province, period)
        nation = nation_scores(factories.make_officer("CENTRAL"), period, "ทั้งประเทศ")
        progress = progress_of(2562, 6, 1, lao__district__province=officer.province)
        return province.total.rows[3].total, nation.total.rows[3].total, [point.total for point in progress]

    assert told() == (0, 0, [])
    User.objects.filter(pk=newcomer.pk).update(withheld_since=None)
    assert told() == (1, 1, [1])
