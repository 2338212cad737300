"""The audit trail on screen: found by person, LAO, kind and day; readable in Thai; of the officer's area alone."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import PeriodStandard
from lao.audit import acting, note_request
from lao.models import AuditEntry, Lao, LaoProfile, TemporaryPassword, User
from lao.wording import ACTIONS, PEOPLE, TABLES, UNTOLD, Names, changes_of, label_of
from projects.actions.review import decide
from projects.models import Project
from tests import factories

AUDIT = "/manage/audit/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def central_client(as_user):
    return as_user(factories.make_officer("CENTRAL"))


@pytest.fixture
def province_client(officer, as_user):
    return as_user(officer)


def shown(client, **query):
    return client.get(AUDIT, query).context["entries"]


def audited_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = 'audit'")
        return {name for (name,) in cursor.fetchall()}


def test_every_table_under_the_trail_has_a_name_and_so_has_every_column():
    tables = audited_tables()
    assert tables == set(TABLES), "lao.wording.TABLES names every table under the trail"
    models = {model._meta.db_table: model for model in apps.get_models()}
    unnamed = [
        (table, field.column)
        for table in tables
        for field in models[table]._meta.concrete_fields
        if field.column not in UNTOLD | {"secret_hash"} and label_of(table, field.column).isascii()
    ]
    assert not unnamed


def test_an_entry_tells_who_did_what_to_what_with_before_and_after_in_words(clerk, province_client):
    project = factories.make_project(clerk.lao.plans.get(), name="โครงการอบรม", dimension=1)
    with acting(clerk):
        project.kind = Project.Kind.MEASURE
        project.dimension = clerk.lao.plans.get().period.dimensions.get(number=2)
        project.further_dimensions = [clerk.lao.plans.get().period.dimensions.get(number=3).pk]
        project.target_groups = ["YOUTH", "LOCAL_STAFF"]
        project.deleted_at = timezone.now()
        project.save()
    entry = shown(province_client, table="projects_project", action="UPDATE")[0]
    assert (entry["who"], entry["what"], entry["row"]) == (clerk.username, "แก้ไขโครงการ/กิจกรรม", "โครงการอบรม")
    assert entry["lao"] == f"{clerk.lao} อำเภออ่าวลึก จังหวัดกระบี่"
    changes = {change.label: (change.before, change.after) for change in entry["changes"]}
    assert changes["ประเภทงาน"] == ("โครงการ", "มาตรการ")
    second, third = (str(clerk.lao.plans.get().period.dimensions.get(number=number)) for number in (2, 3))
    assert changes["มิติของแผน"][1] == second
    assert changes["มิติที่สอดคล้องเพิ่มเติม (ถ้ามี)"] == ("(ว่าง)", third)
    assert changes["กลุ่มเป้าหมาย"][1] == "เด็กและเยาวชน, ข้าราชการ/พนักงาน/ลูกจ้าง ส่วนท้องถิ่น"
    assert changes["ลบเมื่อ"][0] == "(ว่าง)"
    assert changes["ลบเมื่อ"][1].endswith(" น.")
    page = province_client.get(AUDIT).content.decode()
    assert "ประเภทงาน: โครงการ <strong>→</strong> มาตรการ" in page


def test_amounts_dates_yes_and_no_and_secrets_read_as_people_write_them(clerk):
    factories.make_project(clerk.lao.plans.get(), budget="1250.5")
    factories.make_round()
    with acting(clerk):
        clerk.set_password("อะไรก็ได้ที่ยาวพอ")
        clerk.is_active = False
        clerk.save()
    told = {}
    entries = list(AuditEntry.objects.all())
    names = Names(entries)
    for entry in entries:
        told |= {
            (entry.table_name, entry.action, change.label): (change.before, change.after)
            for change in changes_of(entry, names)
        }
    assert told["projects_projectyear", "INSERT", "งบประมาณตามแผน"] == ("(ว่าง)", "1,250.50")
    assert told["projects_projectyear", "INSERT", "ปีงบประมาณ"] == ("(ว่าง)", "2562")
    assert told["lao_user", "UPDATE", "ใช้งานได้"] == ("ใช่", "ไม่ใช่")
    assert told["lao_user", "UPDATE", "รหัสผ่าน"] == ("(ไม่แสดง)", "(ไม่แสดง)")
    assert "25" in told["reporting_reportinground", "INSERT", "เปิดวันที่"][1]


def test_what_is_gone_is_still_told_by_the_name_it_bore(clerk, central_client):
    period = factories.make_period(2566, 2570)
    dimension = period.dimensions.get(number=1)
    name = dimension.name
    dimension.delete()
    entry = shown(central_client, table="projects_dimension", action="DELETE")[0]
    assert entry["row"] == name
    assert entry["whole"] == "DELETE"


def test_an_old_entry_with_columns_and_tables_of_the_past_is_still_shown(central_client):
    AuditEntry.objects.create(
        at=timezone.now(), action="UPDATE", table_name="lao_gone", row_id="x", before={"a": 1}, after={"a": [2]}
    )
    AuditEntry.objects.create(
        at=timezone.now(), action="UPDATE", table_name="projects_project", row_id="9", before={"kind": "OLD"}, after={}
    )
    old, gone = shown(central_client)[:2]
    assert [change.before for change in old["changes"]] == ["OLD"]
    assert gone["changes"][0].after == "2"


def test_a_sign_in_and_a_request_for_a_password_are_told_as_such(clerk, central_client):
    with acting(clerk):
        clerk.last_login = timezone.now()
        clerk.save()
    note_request(clerk, "RESET")
    reset, sign_in = shown(central_client, table="lao_user", lao=clerk.lao.code)[:2]
    assert (reset["what"], sign_in["what"]) == ("ขอรหัสผ่านใหม่", "เข้าสู่ระบบ")


def test_what_somebody_did_without_signing_in_says_so(clerk, central_client, client, settings):
    settings.EPLAN_PASSWORD_RESET = "officer"
    client.post("/password-reset/", {"username": clerk.username, "email": clerk.lao.profile.coordinator_email})
    assert shown(central_client)[0]["who"] == "ผู้ที่ยังไม่ได้เข้าสู่ระบบ"


def test_a_change_from_outside_the_screens_says_so(clerk, central_client):
    Lao.objects.filter(pk=clerk.lao_id).update(name="ชื่ออื่น")
    assert shown(central_client)[0]["who"].endswith("(นอกหน้าจอ)")


def test_it_is_narrowed_by_person_lao_kind_record_and_day(clerk, central_client, officer):
    other = factories.make_clerk(factories.make_lao(name="คลองยา"))
    project = factories.make_project(clerk.lao.plans.get())
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    with acting(other):
        LaoProfile.objects.filter(pk=other.lao_id).update(population=5)

    def people(**query):
        return {entry["who"] for entry in shown(central_client, **query)}

    assert people(person=other.username) == {other.username}
    assert people(person=officer.name) == {officer.username}
    assert people(person="ไม่มีใครชื่อนี้") == set()
    assert {entry["lao"] for entry in shown(central_client, lao="คลองยา")} == {f"{other.lao} อำเภออ่าวลึก จังหวัดกระบี่"}
    assert {entry["what"] for entry in shown(central_client, table="projects_reviewdecision")} == {
        "เพิ่มผลการตรวจโครงการ"
    }
    assert {entry["what"] for entry in shown(central_client, action="UPDATE", lao="คลองยา")} == {"แก้ไขข้อมูลพื้นฐาน"}
    one = shown(central_client, table="projects_project", row=str(project.pk))
    assert [entry["what"] for entry in one] == ["แก้ไขโครงการ/กิจกรรม", "เพิ่มโครงการ/กิจกรรม"]


def test_days_are_those_of_thailand_both_included(central_client):
    today = timezone.localdate()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [-9 * 24 * 60, -60 * 24 - 1, -1, 0]  # in minutes from this midnight
    for place, minutes in enumerate(moments, start=-len(moments)):
        moment = midnight + timedelta(minutes=minutes)
        AuditEntry.objects.create(pk=place, at=moment, action="PAST", table_name="lao_lao", row_id=str(minutes))

    def found(**query):
        entries = shown(central_client, table="lao_lao", **query)
        return [int(entry["record"].split("row=")[1]) for entry in entries if entry["what"].startswith("PAST")]

    def day(date):
        return f"{date.day}/{date.month}/{date.year + 543}"

    yesterday = today - timedelta(days=1)
    assert found(since=day(today)) == [0]
    assert found(until=day(yesterday)) == [-1, -60 * 24 - 1, -9 * 24 * 60]
    assert found(since=day(yesterday), until=day(yesterday)) == [-1]
    assert found(since=day(today - timedelta(days=9)), until=day(today)) == moments[::-1]


def test_a_day_that_is_none_is_refused_at_its_field_and_kept(central_client):
    answer = central_client.get(AUDIT, {"since": "31/2/2562", "person": "ใคร"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "ไม่มีวันที่" in page
    assert 'value="31/2/2562"' in page


def test_pages_run_on_without_a_gap_and_come_back(central_client, clerk):
    AuditEntry.objects.bulk_create(
        AuditEntry(at=timezone.now(), action="UPDATE", table_name="lao_lao", row_id=f"p{n}", after={})
        for n in range(120)
    )
    seen, address, addresses = [], f"{AUDIT}?table=lao_lao&action=UPDATE", []
    while address:
        context = central_client.get(address).context
        addresses.append(address)
        seen += [entry["record"].split("row=")[1] for entry in context["entries"]]
        address = f"{AUDIT}{context['older']}" if context["older"] else ""
    assert seen == [f"p{n}" for n in reversed(range(120))]
    assert len(addresses) == 3
    back = central_client.get(addresses[2]).context["newer"]
    middle = central_client.get(f"{AUDIT}{back}").context
    assert [entry["record"].split("row=")[1] for entry in middle["entries"]] == [f"p{n}" for n in range(69, 19, -1)]
    first = central_client.get(f"{AUDIT}{middle['newer']}").context
    assert [entry["record"].split("row=")[1] for entry in first["entries"]] == [f"p{n}" for n in range(119, 69, -1)]
    assert first["newer"] == ""


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 40, "\x00", "٣", ""])
def test_junk_in_the_address_is_as_good_as_nothing(central_client, clerk, junk):
    for name in ("before", "after", "table", "action", "row", "since", "until", "person", "lao"):
        assert central_client.get(AUDIT, {name: junk}).status_code == 200


@pytest.mark.parametrize("role", ["PROVINCE", "REGION"])
def test_officers_see_the_entries_of_their_area_alone(as_user, clerk, stranger_client, role):
    TemporaryPassword.objects.create(user=clerk, secret_hash="x", expires_at=timezone.now())
    laos = {entry["lao"] for entry in shown(as_user(factories.make_officer(role)))}
    assert laos == {f"{clerk.lao} อำเภออ่าวลึก จังหวัดกระบี่"}
    # Neither does a link to a single record lead outside, or to what concerns no LAO.
    stranger = User.objects.get(lao__district__province="30")
    client = as_user(factories.make_officer(role))
    assert shown(client, table="lao_laoprofile", row=str(stranger.lao_id)) == []
    assert shown(client, table="lao_laoprofile", row=str(clerk.lao_id))
    assert shown(client, table="projects_planperiod") == []


def test_clerks_have_no_trail(clerk_client):
    assert clerk_client.get(AUDIT).status_code == 404


def test_the_page_is_not_kept_by_the_browser(central_client):
    assert "no-store" in central_client.get(AUDIT)["Cache-Control"]


def test_fifty_entries_take_as_many_queries_as_two(central_client, clerk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            central_client.get(AUDIT, {"table": "projects_projectyear"})
        return len(captured)

    plan = clerk.lao.plans.get()
    factories.make_project(plan, years=(2562, 2563))
    few = queries()
    for _ in range(30):
        factories.make_project(plan, years=(2562, 2563))
    assert queries() == few <= 10


def test_every_kind_of_record_is_named_without_further_queries(clerk, officer):
    project = factories.make_project(clerk.lao.plans.get())
    factories.make_report(project)
    decide(by=officer, decision="ACCEPT", reason="", seen={project.pk: 1})
    TemporaryPassword.objects.create(user=clerk, secret_hash="x", expires_at=timezone.now())
    entries = list(AuditEntry.objects.all())
    names = Names(entries)
    with CaptureQueriesContext(connection) as captured:
        for entry in entries:
            assert names.row_of(entry), entry
            changes_of(entry, names)
    assert len(captured) == 0


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [({"action": "UNLOCK"}, "audit_rare_actions"), ({"table_name": "evaluation_score"}, "audit_by_table")],
)
def test_what_may_be_rare_is_found_by_an_index_of_its_own(central_client, narrowed, index):
    entries = AuditEntry.objects.filter(**narrowed).order_by("-id")[:51]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lao_auditentry (at, actor_name, request_id, action, table_name, row_id)"
            " SELECT now(), '', '', 'UPDATE', 'reporting_progressreport', n FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE lao_auditentry")
    assert index in entries.explain()


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/review/?open={project}", "?table=projects_project&amp;row={project}"),
        ("/summary/laos/{code}/", "?lao={code}"),
        ("/scores/entry/{code}/", "?lao={code}"),
        ("/manage/periods/", "?table=projects_planperiod&amp;row={period}"),
        ("/manage/rounds/", "?table=reporting_reportinground&amp;row={round}"),
        ("/manage/register/?q={code}", "?lao={code}"),
        ("/manage/extensions/", "?table=reporting_extension&amp;row={extension}"),
        ("/manage/accounts/{account}/", "?table=lao_user&amp;row={account}"),
        ("/scores/standards/", "?table=evaluation_periodstandard&amp;row={period}"),
    ],
)
def test_it_opens_from_the_record(central_client, clerk, page, link):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan)
    PeriodStandard.objects.create(period=plan.period, highest_total=400)
    keys = {
        "project": project.pk,
        "code": clerk.lao.code,
        "period": plan.period_id,
        "round": factories.make_round().pk,
        "extension": factories.make_extension(factories.make_round()).pk,
        "account": clerk.pk,
    }
    page = central_client.get(page.format(**keys)).content.decode()
    assert f'href="{AUDIT}{link.format(**keys)}"' in page
    assert shown(central_client, **dict(pair.split("=") for pair in link.format(**keys)[1:].split("&amp;")))


def test_clerks_are_shown_no_link_to_it(clerk_client, clerk):
    project = factories.make_project(clerk.lao.plans.get())
    for page in ("/summary/own/", f"/projects/{project.pk}/history/", "/home/"):
        assert AUDIT not in clerk_client.get(page).content.decode()


def test_all_words_are_thai():
    assert all(not word.isascii() for word in (*TABLES.values(), *ACTIONS.values(), *PEOPLE.values()))
