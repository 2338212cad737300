"""The role that the application signs in as, tried on the real server by signing in as it."""

import psycopg2
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg2.errors import InsufficientPrivilege

from lao.database_role import ONLY_READ, TABLES, grant_after_migration, grant_to_application, role_faults
from tests import factories

pytestmark = pytest.mark.django_db  # among the tests of the database, which come before those of the browser

APPEND_ONLY = {"projects_reviewdecision", "evaluation_scorechange", "reporting_receipt"}
PASSWORD = "ใช้เฉพาะการทดสอบ"


@pytest.fixture(scope="module")
def role(django_db_setup, django_db_blocker):
    """The name of a role that was made and granted its rights as a migration grants them."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = f"application_of_{connection.settings_dict['NAME']}"
        cursor.execute(f'CREATE ROLE "{name}" LOGIN PASSWORD %s', [PASSWORD])
        grant_to_application(connection, name)
        yield name
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')


@pytest.fixture
def signed_in(role):
    """A cursor signed in as the application."""
    own = connection.get_connection_params() | {"user": role, "password": PASSWORD}
    parameters = {key: own[key] for key in ("dbname", "user", "password", "host", "port") if own.get(key)}
    session = psycopg2.connect(**parameters)
    with session.cursor() as cursor:
        yield cursor
    session.close()


@pytest.mark.parametrize("table", ["lao_auditentry", *sorted(APPEND_ONLY)])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = 0",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "DROP TRIGGER append_only ON {}",
        "DROP TRIGGER never_emptied ON {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER append_only",
        "ALTER TABLE {} RENAME TO other",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
        "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
    ],
)
def test_the_database_refuses_the_application_what_would_alter_a_history(signed_in, table, statement):
    with pytest.raises(InsufficientPrivilege):
        signed_in.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lao_auditentry (at, actor_name, request_id, action, table_name, row_id) "
        "VALUES (now(), 'x', '', 'UPDATE', 'lao_lao', '1')",
        "SELECT audit_note('UPDATE', NULL, '', '', 1, 1, NULL)",
        "SELECT audit_note('DELETE', NULL, '', '', 1, 1, NULL)",
        "DROP TRIGGER audit ON lao_user",
        "ALTER TABLE lao_user DISABLE TRIGGER audit",
        "ALTER TABLE lao_user DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "ALTER FUNCTION audit_row() SECURITY INVOKER",
        "DROP FUNCTION refuse_change() CASCADE",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "TRUNCATE lao_user CASCADE",
        "DELETE FROM django_migrations",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "COPY lao_lao TO PROGRAM 'true'",
        # The trigger's first argument is carried out with the rights of the owner.
        "CREATE TEMP TABLE mine (id int); CREATE TRIGGER audit AFTER INSERT ON mine FOR EACH ROW "
        "EXECUTE FUNCTION audit_row('DELETE FROM lao_auditentry', '', 'id')",
    ],
)
def test_the_database_refuses_the_application_every_way_around_the_trail(signed_in, statement):
    with pytest.raises(InsufficientPrivilege):
        signed_in.execute(statement)


def test_the_application_can_not_become_the_owner(signed_in):
    signed_in.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'lao_auditentry'")
    [(owner,)] = signed_in.fetchall()
    with pytest.raises(InsufficientPrivilege):
        signed_in.execute(f'SET ROLE "{owner}"')


def test_a_change_by_the_application_is_written_down_past_a_table_of_the_same_name(signed_in):
    signed_in.execute("CREATE TEMP TABLE lao_auditentry (LIKE lao_auditentry)")
    signed_in.execute("SELECT set_config('eplan.actor_name', 'ผู้แก้ไข', true)")
    signed_in.execute("UPDATE projects_planperiod SET first_year = first_year RETURNING id")
    signed_in.execute("SELECT current_schema()")
    [(schema,)] = signed_in.fetchall()
    # A province of its own: a test that empties tables may have come before.
    signed_in.execute("INSERT INTO lao_province (code, name) VALUES ('00', 'จังหวัดใหม่')")
    signed_in.execute("INSERT INTO lao_district (province_id, name) VALUES ('00', 'อำเภอใหม่') RETURNING id")
    [(district,)] = signed_in.fetchall()
    signed_in.execute(
        "INSERT INTO lao_lao (code, kind, name, district_id, subdistricts, address_number, address_moo, postal_code, "
        "website) VALUES ('5999999', 'SUBDISTRICT_MUNICIPALITY', 'ใหม่', %s, '', '', '', '', '') RETURNING id",
        [district],
    )
    [(lao,)] = signed_in.fetchall()
    signed_in.execute(f"SELECT actor_name, row_id FROM {schema}.lao_auditentry WHERE lao_id = %s", [lao])
    assert signed_in.fetchall() == [("ผู้แก้ไข", str(lao))]
    signed_in.execute("SELECT count(*) FROM pg_temp.lao_auditentry")
    assert signed_in.fetchall() == [(0,)]
    signed_in.connection.rollback()


def test_every_table_has_its_rights_and_no_others(signed_in):
    signed_in.execute(TABLES)
    expected = {
        name: {"SELECT"} | (set() if name in ONLY_READ else {"INSERT"} if only_added_to else WORK)
        for _, name, only_added_to in signed_in.fetchall()
    }
    assert {name for name, rights in expected.items() if rights == {"SELECT", "INSERT"}} == APPEND_ONLY
    assert set(connection.introspection.django_table_names()) | {"django_migrations"} <= expected.keys()
    for name, rights in expected.items():
        signed_in.execute(
            "SELECT right_ FROM unnest(%s) AS right_ WHERE has_table_privilege(%s, right_)", [ALL_RIGHTS, name]
        )
        assert {right for (right,) in signed_in.fetchall()} == rights, name


WORK = {"INSERT", "UPDATE", "DELETE"}
ALL_RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


def test_a_table_made_later_is_granted_by_the_next_migration(db, role, settings):
    settings.DATABASE_APPLICATION_ROLE = role
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id int); CREATE TABLE added_to_later (id int)")
        cursor.execute(
            "CREATE TRIGGER append_only BEFORE DELETE ON added_to_later FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        assert not can(cursor, role, "made_later", "SELECT")
        grant_after_migration(sender=None, using="default")
        assert can(cursor, role, "made_later", "DELETE")
        assert can(cursor, role, "added_to_later", "INSERT")
        assert not can(cursor, role, "added_to_later", "UPDATE, DELETE")


def can(cursor, role, table, rights):
    """Whether `role` has any of `rights` on `table`."""
    cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, rights])
    return cursor.fetchone()[0]


def test_a_role_that_does_not_exist_is_named(db):
    with pytest.raises(ImproperlyConfigured, match="nobody_at_all"):
        grant_to_application(connection, "nobody_at_all")


def test_the_journeys_of_a_clerk_and_an_officer_need_no_more(db, role, clerk, clerk_client, officer, as_user, client):
    """What leaves a trace is left with the rights of the application: project, decision, request, sign-in."""
    project = factories.make_project(clerk.lao.plans.get())
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{role}"')
    assert clerk_client.post(f"/projects/{project.pk}/delete/").status_code == 302
    assert clerk_client.post(f"/projects/{project.pk}/restore/").status_code == 302
    assert client.post("/login/", {"username": clerk.username, "password": "ผิด"}).status_code == 200
    assert client.post("/password-reset/", {"username": "5000000", "email": "x@example.go.th"}).status_code < 500
    assert as_user(officer).get("/manage/audit/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_check_warns_of_a_role_that_owns_the_trail(db, settings):
    settings.PRODUCTION, settings.EPLAN_FIRST_ENTRY, settings.EPLAN_PASSWORD_RESET = True, "code", "email"
    settings.EPLAN_SECOND_FACTOR = "required"
    [warning] = [m for m in run_checks(include_deployment_checks=True) if m.id == "lao.W001"]
    assert "owns the audit trail" in warning.msg


def test_the_check_has_nothing_against_the_role_of_the_application(signed_in):
    assert role_faults(signed_in) == []


def test_the_check_names_rights_that_were_given_by_hand(signed_in, role, db):
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT DELETE ON lao_auditentry TO "{role}"')
        cursor.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        cursor.execute(f'SET LOCAL ROLE "{role}"')
        [warning] = role_faults(cursor)
        cursor.execute("RESET ROLE")
    assert warning.msg.endswith("may write into the audit trail, may create tables and functions.")
