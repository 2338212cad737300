import psycopg2
import pytest
from django.core.checks import run_checks
from django.db import connection

from eplan.checks import database_faults


def ids(messages):
    """The identifiers of this project's own messages."""
    return [message.id for message in messages if message.id.startswith("eplan.")]


@pytest.mark.parametrize(
    ("production", "first_entry", "reset", "expected"),
    [
        (True, "code", "email", []),
        (True, "open", "email", ["eplan.E001"]),
        (True, "code", "screen", ["eplan.E002"]),
        (False, "open", "screen", []),
    ],
)
def test_ways_of_entry_for_training_are_errors_in_production(db, settings, production, first_entry, reset, expected):
    settings.PRODUCTION, settings.EPLAN_FIRST_ENTRY, settings.EPLAN_PASSWORD_RESET = production, first_entry, reset
    assert ids(run_checks(include_deployment_checks=True)) == expected


@pytest.mark.parametrize(("way", "expected"), [("off", ["eplan.E006"]), ("optional", []), ("required", [])])
def test_officers_without_a_second_factor_are_an_error_in_production(db, settings, way, expected):
    settings.PRODUCTION, settings.EPLAN_FIRST_ENTRY, settings.EPLAN_PASSWORD_RESET = True, "code", "email"
    settings.EPLAN_SECOND_FACTOR = way
    assert ids(run_checks(include_deployment_checks=True)) == expected


@pytest.mark.django_db
def test_the_database_of_the_tests_is_as_it_must_be():
    assert ids(run_checks(databases=["default"])) == []


class Answers:
    """A cursor that gives prepared answers, one to each question."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def execute(self, sql):
        pass

    def fetchone(self):
        return self.answers.pop(0)


def test_an_old_server_and_a_wrong_encoding_are_errors():
    assert ids(database_faults(Answers((14, "SQL_ASCII"), None))) == ["eplan.E003", "eplan.E004"]


@pytest.mark.django_db
def test_a_database_that_sees_no_thai_is_an_error():
    name = f"{connection.settings_dict['NAME']}_locale_c"
    parameters = connection.get_connection_params()
    maker = psycopg2.connect(**parameters)
    maker.autocommit = True
    with maker.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
        try:
            with psycopg2.connect(**parameters | {"dbname": name}) as blind, blind.cursor() as blind_cursor:
                assert ids(database_faults(blind_cursor)) == [], "nothing to ask before the first migration"
                blind_cursor.execute("CREATE EXTENSION pg_trgm")
                assert ids(database_faults(blind_cursor)) == ["eplan.E005"]
            blind.close()
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    maker.close()
