"""The audit trail: who, what, before and after; nobody can alter it."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from lao.audit import acting
from lao.models import AuditEntry, LaoProfile, User
from tests import factories


def entries(row, action):
    key = row.pk
    return AuditEntry.objects.filter(table_name=row._meta.db_table, row_id=str(key), action=action)


def test_a_change_is_written_down_with_its_author_and_only_what_changed(clerk):
    lao = clerk.lao
    with acting(clerk):
        lao.name = "ชื่อใหม่"
        lao.save()
    entry = entries(lao, "UPDATE").get()
    assert (entry.actor_id, entry.actor_name, entry.lao_id) == (clerk.pk, clerk.username, lao.pk)
    assert entry.after == {"name": "ชื่อใหม่"}
    assert list(entry.before) == ["name"]


def test_a_new_row_and_a_deleted_one_are_written_down_whole(clerk):
    profile = LaoProfile.objects.get(pk=clerk.lao_id)
    assert entries(profile, "INSERT").get().after["coordinator_email"] == "clerk@example.go.th"
    with acting(clerk):
        LaoProfile.objects.all().delete()
    entry = entries(profile, "DELETE").get()
    assert (entry.actor_id, entry.before["coordinator_email"], entry.after) == (clerk.pk, "clerk@example.go.th", None)


def test_the_author_is_forgotten_with_the_transaction(clerk):
    with acting(clerk):
        pass
    with acting(None):
        factories.make_lao(name="ไม่มีผู้กระทำ")
    assert AuditEntry.objects.filter(table_name="lao_lao").first().actor_id is None


def test_changes_in_bulk_and_past_the_application_are_written_down_too(clerk):
    User.objects.filter(pk=clerk.pk).update(name="ใหม่")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lao_lao SET name = 'ตรง' WHERE id = %s", [clerk.lao_id])
    assert entries(clerk, "UPDATE").get().after == {"name": "ใหม่"}
    assert entries(clerk.lao, "UPDATE").get().actor_name


def test_a_save_that_changes_nothing_leaves_no_trace(clerk):
    clerk.lao.save()
    assert not entries(clerk.lao, "UPDATE").exists()


def test_secrets_are_never_written_down(clerk):
    clerk.set_password("ปลาทูแม่กลอง")
    clerk.save()
    entry = entries(clerk, "UPDATE").get()
    assert (entry.before, entry.after) == ({"password": "***"}, {"password": "***"})
    assert entries(clerk, "INSERT").get().after["password"] == "***"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE lao_auditentry SET actor_name = 'x'", "DELETE FROM lao_auditentry", "TRUNCATE lao_auditentry"],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_the_owner_of_the_table_can_alter_nothing_in_the_trail(clerk, statement, role):
    before = AuditEntry.objects.count()
    assert before
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'lao_auditentry'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT set_config('session_replication_role', %s, true)", [role])
        # Other tests' cleaning needs it off; see conftest.
        cursor.execute("ALTER TABLE lao_auditentry ENABLE ALWAYS TRIGGER never_emptied")
        with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("ALTER TABLE lao_auditentry DISABLE TRIGGER never_emptied")
    assert AuditEntry.objects.count() == before
