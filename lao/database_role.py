"""What the role that the application signs in as may do in the database, and what it may not.

It owns nothing. What it may do is granted after every migration, table by table, by what each table is: the trail is
only read (its owner's functions write it), histories and receipts are read and added to, all else is its work.
"""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.models.signals import post_migrate

TRAIL = "lao_auditentry"
ONLY_READ = {TRAIL, "django_migrations"}

# Every table of ours, and whether its rows are only ever added.
TABLES = """
SELECT quote_ident(relname), relname,
       EXISTS (SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                WHERE tgrelid = pg_class.oid AND proname = 'refuse_change')
  FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
 ORDER BY relname
"""
STANDING = """
SELECT current_user,
       pg_has_role(current_user, relowner, 'MEMBER'),
       has_table_privilege(pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'),
       has_schema_privilege(relnamespace, 'CREATE')
  FROM pg_class
 WHERE pg_class.oid = to_regclass(%s)
"""


def rights_on(table, *, only_added_to):
    """What the application may do to the rows of `table`, as SQL names it."""
    if table in ONLY_READ:
        return "SELECT"
    return "SELECT, INSERT" if only_added_to else "SELECT, INSERT, UPDATE, DELETE"


def grant_to_application(connection, role):
    """Give `role` its rights on every table, and no others; run by the tables' owner, as often as wanted."""
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise ImproperlyConfigured(f"DATABASE_URL names the role {role}, which does not exist: create it first.")
        cursor.execute("SELECT quote_ident(current_schema())")
        [(schema,)] = cursor.fetchall()
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {quoted}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {quoted}")
        cursor.execute(TABLES)
        for table, name, only_added_to in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON {table} FROM {quoted}")
            cursor.execute(f"GRANT {rights_on(name, only_added_to=only_added_to)} ON {table} TO {quoted}")


def grant_after_migration(sender, using, **kwargs):
    """Grant anew when the owner has migrated, so that no table made just now is forgotten."""
    role = settings.DATABASE_APPLICATION_ROLE
    if role and using == DEFAULT_DB_ALIAS:
        grant_to_application(connections[using], role)


def connect_signals(sender):
    """Have it granted after every migration; called once, by the app `sender`."""
    post_migrate.connect(grant_after_migration, sender=sender, dispatch_uid="grant_to_application")


@checks.register(checks.Tags.security, deploy=True)
def check_role(app_configs, **kwargs):
    """In production whom the application signs in as can't touch the trail. A database out of reach says nothing."""
    if not settings.PRODUCTION or not settings.DATABASES:
        return []
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            return role_faults(cursor)
    except OperationalError:
        return []


def role_faults(cursor):
    """The Warnings about the role that `cursor` is signed in as; none before there are tables."""
    cursor.execute(STANDING, [TRAIL])
    found = cursor.fetchone()
    if found is None:
        return []
    role, owns, writes, creates = found
    can = [
        *(["owns the audit trail and could switch off what protects it"] if owns else []),
        *(["may write into the audit trail"] if writes and not owns else []),
        *(["may create tables and functions"] if creates and not owns else []),
    ]
    hint = "Let the application sign in as a role of its own and migrate with DATABASE_OWNER_URL; see the README."
    return [checks.Warning(f"The role {role} {', '.join(can)}.", hint=hint, id="lao.W001")] if can else []
