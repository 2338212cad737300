"""Fixtures of every test: ready clients for the people who use the system, and strict rules for the code."""

import pytest
from django.db import connection
from django.template import engines
from django.test import Client

from tests import factories
from tests.strict import UndefinedVariable


@pytest.fixture
def clerk(db):
    """The clerk of an LAO with a plan that has passed."""
    user = factories.make_clerk()
    factories.make_plan(user.lao)
    return user


@pytest.fixture
def officer(db):
    """A provincial officer of กระบี่."""
    return factories.make_officer()


@pytest.fixture
def as_user():
    """A function that gives a client signed in as a user."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def clerk_client(clerk, as_user):
    """A client signed in as `clerk`."""
    return as_user(clerk)


@pytest.fixture
def stranger_client(db, as_user):
    """A client signed in as the clerk of another LAO, in another province."""
    province = factories.make_province("30", "นครราชสีมา", 3)
    district = factories.make_district("ปากช่อง", province)
    stranger = factories.make_clerk(factories.make_lao(district=district))
    factories.make_plan(stranger.lao)
    return as_user(stranger)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let transactional tests empty the append-only tables afterwards; the test of that rule switches it on again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("lao_auditentry", "projects_reviewdecision", "evaluation_scorechange", "reporting_receipt"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_emptied")


@pytest.fixture(scope="session", autouse=True)
def strict_templates():
    """Fail a test whose page uses a variable that its view did not give."""
    engines["django"].engine.string_if_invalid = UndefinedVariable()
