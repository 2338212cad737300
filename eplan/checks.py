"""What `manage.py check` says about the deployment and about the database."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

OLDEST_POSTGRESQL = 15


@register(Tags.security, deploy=True)
def check_ways_of_entry(app_configs, **kwargs):
    """In production nobody may take an account, or a new password, with public facts alone."""
    faults = []
    if settings.PRODUCTION and settings.EPLAN_FIRST_ENTRY == "open":
        faults.append(
            Error(
                "EPLAN_FIRST_ENTRY=open lets anybody take an account that was never used.",
                hint="Use EPLAN_FIRST_ENTRY=confirm or code.",
                id="eplan.E001",
            )
        )
    if settings.PRODUCTION and settings.EPLAN_PASSWORD_RESET == "screen":  # noqa: S105  a way, not a password
        faults.append(
            Error(
                "EPLAN_PASSWORD_RESET=screen shows a new password to whoever knows a code and an e-mail address.",
                hint="Use EPLAN_PASSWORD_RESET=email or officer.",
                id="eplan.E002",
            )
        )
    if settings.PRODUCTION and settings.EPLAN_SECOND_FACTOR == "off":
        faults.append(
            Error(
                "EPLAN_SECOND_FACTOR=off lets whoever learns an officer's password in.",
                hint="Use EPLAN_SECOND_FACTOR=required, or optional while officers set it up.",
                id="eplan.E006",
            )
        )
    return faults


@register(Tags.database)
def check_database(app_configs, databases, **kwargs):
    """The server is one whose Thai search, order and generated columns were tested."""
    faults = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            faults += database_faults(cursor)
    return faults


def database_faults(cursor):
    """The Errors in the database that `cursor` belongs to."""
    faults = []
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
    version, encoding = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        faults.append(Error(f"PostgreSQL {version} is too old; {OLDEST_POSTGRESQL} is the oldest.", id="eplan.E003"))
    if encoding != "UTF8":
        faults.append(Error(f"The database is encoded as {encoding}; it must be UTF8.", id="eplan.E004"))
    # The first migration installs pg_trgm; before it there is nothing to ask.
    cursor.execute("SELECT FROM pg_extension WHERE extname = 'pg_trgm'")
    if cursor.fetchone() is not None:
        cursor.execute("SELECT cardinality(show_trgm('ไทย'))")
        if cursor.fetchone() == (0,):
            faults.append(
                Error(
                    "pg_trgm sees no Thai letters, so that searches would find nothing quickly.",
                    hint="Make the database anew with a UTF-8 locale: initdb --locale=C.UTF-8.",
                    id="eplan.E005",
                )
            )
    return faults
