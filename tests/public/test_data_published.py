"""Nothing personal and nothing unpublished can leave the system as open data, whatever a model may learn one day."""

import contextlib
import io
import itertools
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models
from django.utils import timezone

from evaluation.models import Score, ScoreChange
from lao.models import FormerCode, LaoProfile, User
from projects.models import Project, ReviewDecision
from public.data import statements
from public.data.choices import Choice
from public.data.datasets import DATASETS
from reporting.models import ProgressReport
from tests import factories
from tests.public.open_data import api_rows, fetch

# Every database column that any column of open data is made of. Whoever publishes more writes it down here as well.
PUBLISHED = {
    "evaluation_score": "points source",
    "lao_district": "name",
    "lao_formercode": "code",
    "lao_lao": "area_km2 code kind latitude longitude name postal_code subdistricts website",
    "lao_laoprofile": "grant_revenue office_address own_revenue population service_area_km2 size",
    "lao_province": "code name region_id",
    "projects_dimension": "number",
    "projects_plan": "passed_in",
    "projects_planperiod": "first_year last_year",
    "projects_project": "created_at id kind name objective quarters review_state target_groups updated_at",
    "projects_projectyear": "fiscal_year plan_budget",
    "projects_reviewdecision": "reason",
    "reporting_levelcutoff": "high_name low_name medium_name",
    "reporting_progressreport": "disbursed in_ordinance months ordinance_budget other_reason"
    " reason reported_at status updated_at",
    "reporting_tally": "completed disbursed in_ordinance in_progress not_feasible"
    " ordinance_budget plan_budget projects",
}
# What decides which rows there are and how they belong together, and is itself in no column.
DECIDING = {
    "evaluation_score": "dimension_id plan_id",
    "lao_district": "id province_id",
    "lao_formercode": "lao_id",
    "lao_lao": "district_id id",
    "lao_laoprofile": "lao_id",
    "lao_user": "lao_id withheld_since",
    "projects_dimension": "id",
    "projects_plan": "id lao_id period_id",
    "projects_planperiod": "id",
    "projects_project": "deleted_at dimension_id further_dimensions plan_id",
    "projects_projectyear": "id project_id",
    "projects_reviewdecision": "at decision id project_id",
    "reporting_levelcutoff": "high medium months period_id",
    "reporting_progressreport": "project_year_id",
    "reporting_tally": "fiscal_year lao_id months",
}
# Names for rows that are computed on the way, all of them out of tables that are named in the same statement.
COMPUTED = {"due", "latest", "length", "line", "score", "tally", "target"}
OURS = ("lao", "projects", "reporting", "evaluation", "public")
TEXTS = (models.CharField, models.TextField, models.JSONField)
MARKER = re.compile(r"Q[0-9]+Q")


def named(columns):
    """The set of "table.column" of {table: columns}."""
    return {f"{table}.{column}" for table, listed in columns.items() for column in listed.split()}


def columns_read(sql):
    """Every "table.column" that a statement reads, by the real names of the tables."""
    tables = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN)\s+(\w+_\w+) AS (\w+)", sql)}
    without_texts = re.sub(r"E?'(?:[^']|'')*'", "''", sql)
    read = re.findall(r"\b([a-z_]+)\.([a-z_0-9]+)\b", without_texts)
    assert {alias for alias, _ in read} <= set(tables) | COMPUTED
    return {f"{tables[alias]}.{column}" for alias, column in read if alias in tables}


def test_the_statements_read_what_is_published_and_nothing_else(monkeypatch):
    monkeypatch.setattr(statements, "result_years", lambda: [2562])
    read = set()
    for dataset in DATASETS.values():
        for statement in (statements.csv, statements.json, statements.excel):
            sql, _ = statement(dataset, Choice(2562, "81", "5810501"))
            assert re.search(r"\*\s*(FROM|,)|\.\*", sql) is None
            read |= columns_read(sql)
    assert read == named(PUBLISHED) | named(DECIDING)


def test_none_of_what_is_published_is_about_a_person():
    people = re.compile(r"coordinator|executive|clerk_name|email|phone|fax|password|username|user\.|remark|\bby_id")
    assert [name for name in named(PUBLISHED) if people.search(name)] == []
    assert {name for name in named(DECIDING) if name.startswith("lao_user")} == {
        "lao_user.lao_id",
        "lao_user.withheld_since",
    }


@dataclass(frozen=True)
class Marked:
    """What a marker stands in: "table.column", and the key of the row."""

    column: str
    row: Any


@pytest.fixture
def marked(transactional_db):
    """An LAO and a withheld one, with deleted and rejected projects; every text that there is, is a marker of its own.

    Gives the LAO, and the `Marked` by their markers.
    """
    officer = factories.make_officer()
    lao, withheld = (factories.make_lao(website="x") for _ in range(2))
    for known in (lao, withheld):
        factories.make_clerk(known, withheld_since=timezone.now() if known == withheld else None)
        FormerCode.objects.create(lao=known, code=known.code)
        plan = factories.make_plan(known)
        Score.objects.create(plan=plan, source="SAR", points=3)
        ScoreChange.objects.create(plan=plan, number=1, before={}, after={}, changes_published=False, by=officer)
        for fields in ({}, {"review_state": "REJECTED"}, {"deleted_at": timezone.now()}):
            project = factories.make_project(plan, budget=100, **fields)
            ReviewDecision.objects.create(project=project, decision="REJECT", reason="ไม่สอดคล้อง", by=officer)
            factories.make_report(project, status="NOT_FEASIBLE", reason="OTHER", other_reason="น้ำท่วม")
            factories.make_report(project, months=12, ordinance_budget=90, disbursed=80)
    factories.make_extension(factories.make_round(2562, 6), lao=lao)
    return lao, withheld, mark_everything()


def mark_everything():
    """Put a marker into every text of every row that takes any text; the `Marked` by their markers."""
    found = {}
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models()):
        table, key = model._meta.db_table, model._meta.pk.column
        rows = list(model._base_manager.values_list("pk", flat=True))
        with without_triggers(table) as cursor:
            for column, row in itertools.product(texts_of(model), rows):
                marker = f"Q{len(found)}Q"
                with contextlib.suppress(IntegrityError):  # a code, say, which takes digits alone
                    value = json.dumps(marker) if column in jsons_of(model) else marker
                    cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', [value, str(row)])
                    found[marker] = Marked(f"{table}.{column}", row)
    return found


@contextlib.contextmanager
def without_triggers(table):
    """A cursor for which even histories, which refuse changes, can be changed; afterwards all is as it was."""
    again = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        )
        triggers = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for name, state in triggers:
            cursor.execute(f"ALTER TABLE {table} {again[state]} TRIGGER {name}")


def texts_of(model):
    return [
        field.column
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS) and not (field.choices or field.primary_key or field.remote_field)
    ]


def jsons_of(model):
    return [field.column for field in model._meta.concrete_fields if isinstance(field, models.JSONField)]


def everything(client, **choice):
    """All that open data says: every dataset in every form, as one text."""
    parts = []
    for name in DATASETS:
        parts += [fetch(client, name, ending, **choice).decode() for ending in ("csv", "json")]
        with zipfile.ZipFile(io.BytesIO(fetch(client, name, "xlsx", **choice))) as book:
            parts += [book.read(part).decode() for part in book.namelist()]
        parts.append(json.dumps(api_rows(client, name, **choice), ensure_ascii=False))
    return "\n".join(parts)


def of_row(table, lao):
    """The keys of the rows of `table` that may be shown: about `lao`, and not of a deleted project."""
    of_project = {"plan__lao": lao, "deleted_at": None}
    about = {
        "lao_laoprofile": LaoProfile.objects.filter(lao=lao),
        "projects_project": Project.objects.filter(**of_project),
        "projects_reviewdecision": ReviewDecision.objects.filter(
            project__in=Project.objects.filter(**of_project, review_state="REJECTED")
        ),
        "reporting_progressreport": ProgressReport.objects.filter(
            project_year__project__in=Project.objects.filter(**of_project)
        ),
    }
    return set(about[table].values_list("pk", flat=True)) if table in about else None


def test_of_everything_there_is_only_what_is_published_gets_out(marked, client):
    lao, _, markers = marked
    shown = {markers[marker] for marker in MARKER.findall(everything(client))}
    assert {found.column for found in shown} <= named(PUBLISHED)
    for found in shown:
        rows = of_row(found.column.split(".")[0], lao)
        assert rows is None or found.row in rows, found
    # And all of it does: what is written down above and never seen would prove nothing.
    free = {found.column for found in markers.values()} & named(PUBLISHED)
    assert free - {found.column for found in shown} <= {
        "reporting_levelcutoff.medium_name",
        "reporting_levelcutoff.high_name",
    }
    assert {"projects_project.name", "projects_reviewdecision.reason", "lao_laoprofile.office_address"} <= free


def test_no_part_of_the_data_shows_more(marked, client):
    lao, withheld, markers = marked
    for choice in ({"lao": lao.code}, {"lao": withheld.code, "year": "2562"}, {"province": "81", "year": "2562"}):
        shown = {markers[marker] for marker in MARKER.findall(everything(client, **choice))}
        assert {found.column for found in shown} <= named(PUBLISHED)
        rows = [(found, of_row(found.column.split(".")[0], lao)) for found in shown]
        assert [found for found, allowed in rows if allowed is not None and found.row not in allowed] == []


def test_a_withheld_lao_looks_as_if_it_had_not_begun(marked, client):
    _, withheld, _ = marked
    found = {name: api_rows(client, name, lao=withheld.code) for name in DATASETS}
    assert {name for name, rows in found.items() if rows} == {"laos", "results"}
    assert {row["n"] for row in found["results"]} == {0}
    entered = ("size", "office_address", "population", "own_revenue", "grant_revenue", "service_area_km2")
    assert [found["laos"][0][name] for name in entered] == [None] * 6


def test_a_confirmed_claim_publishes_what_was_withheld(marked, client):
    _, withheld, _ = marked
    assert api_rows(client, "projects", lao=withheld.code) == []
    User.objects.filter(lao=withheld).update(withheld_since=None)
    assert [row["counted"] for row in api_rows(client, "projects", lao=withheld.code)] == [True, False]


def test_rejected_projects_are_marked_and_not_counted(marked, client):
    lao, _, _ = marked
    rows = api_rows(client, "projects", lao=lao.code)
    assert [(row["review_state"], row["counted"]) for row in rows] == [("รอตรวจสอบ", True), ("ปฏิเสธโครงการ", False)]
    assert {row["n"] for row in api_rows(client, "results", lao=lao.code) if row["fiscal_year"] == 2562} == {1}
    assert {row["counted"] for row in api_rows(client, "reports", lao=lao.code)} == {True, False}
