import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.fixture
def database_down(monkeypatch):
    """A database that refuses every connection."""

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_answers_when_every_migration_is_applied(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_how_many_migrations_are_missing(client):
    MigrationRecorder(connection).record_unapplied("lao", "0001_thai_text")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"1 migrations are not applied\n")


@pytest.mark.django_db
def test_readyz_says_that_the_database_is_down(client, database_down):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database does not answer\n")


@pytest.mark.django_db
def test_metrics_are_read_from_this_machine(client):
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert {"eplan_up 1", "eplan_database_up 1"} <= set(response.content.decode().splitlines())


@pytest.mark.django_db
def test_metrics_show_a_database_that_is_down(client, database_down):
    assert "eplan_database_up 0" in client.get("/metrics").content.decode().splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.7", {}),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}),
        ("127.0.0.1", {"forwarded": "for=203.0.113.7"}),
        ("203.0.113.7", {"authorization": "Bearer "}),
    ],
)
def test_metrics_are_hidden_from_everybody_else(client, address, headers):
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "status"), [("Bearer กข", 404), ("Bearer other", 404), ("Bearer secret", 200)])
def test_metrics_are_read_from_afar_with_the_token(client, settings, sent, status):
    settings.EPLAN_METRICS_TOKEN = "secret"
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"authorization": sent}).status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watching_changes_nothing(client, path):
    assert client.post(path).status_code == 405
