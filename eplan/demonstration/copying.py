"""Sends rows to the database by COPY, table by table, in bounded portions."""

from contextlib import contextmanager
from io import StringIO
from itertools import count

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from evaluation.models import Score
from lao.models import Lao, LaoProfile, User
from projects.models import Plan, Project, ProjectYear, ReviewDecision
from reporting.models import ProgressReport

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Table:
    """The rows of one model that were made and not yet sent. `columns` are column names, the primary key first."""

    def __init__(self, model, columns):
        self.model = model
        self._command = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
        self._ids = count((model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
        self._lines = []
        self.sent = 0

    def add(self, *values):
        """Add a row whose key is its first value."""
        self._lines.append("\t".join(map(_field, values)))

    def add_numbered(self, *values):
        """Add a row of `values` behind a key of its own; returns that key."""
        key = next(self._ids)
        self.add(key, *values)
        return key

    def send(self, cursor):
        """Copy what was added since the last time."""
        if self._lines:
            cursor.copy_expert(self._command, StringIO("\n".join(self._lines) + "\n"))
            self.sent += len(self._lines)
            self._lines.clear()


def _field(value):
    """`value` as COPY's text format writes it; a list or tuple is an array of plain words or numbers."""
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if value is None:
        return r"\N"
    if isinstance(value, tuple | list):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)


class Tables:
    """Every table that the demonstration fills, in the order in which rows depend on each other."""

    def __init__(self):
        self.laos = Table(Lao, "id, code, kind, name, district_id, subdistricts, address_number, address_moo, "
                               "postal_code, area_km2, latitude, longitude, website")  # fmt: skip
        self.users = Table(User, "id, username, password, role, lao_id, name, email, is_active, claimed_at, "
                                 "must_change_password, created_at")  # fmt: skip
        self.profiles = Table(LaoProfile, "lao_id, size, office_address, service_area_km2, population, own_revenue, "
                              "grant_revenue, executive_name, clerk_name, coordinator_name, coordinator_position, "
                              "coordinator_unit, coordinator_phone, coordinator_fax, coordinator_email, website, "
                              "version, updated_at")  # fmt: skip
        self.plans = Table(Plan, "id, lao_id, period_id, passed_in")
        self.projects = Table(Project, "id, plan_id, name, kind, dimension_id, further_dimensions, quarters, "
                              "target_groups, objective, remark, review_state, deleted_at, version, created_at, "
                              "updated_at")  # fmt: skip
        self.years = Table(ProjectYear, "id, project_id, fiscal_year, plan_budget")
        self.reports = Table(ProgressReport, "id, project_year_id, months, status, reason, other_reason, "
                             "ordinance_budget, disbursed, in_ordinance, remark, version, reported_at, "
                             "updated_at")  # fmt: skip
        self.decisions = Table(ReviewDecision, "id, project_id, decision, reason, by_id, at")
        self.scores = Table(Score, "id, plan_id, source, dimension_id, points")
        self.all = (
            self.laos,
            self.users,
            self.profiles,
            self.plans,
            self.projects,
            self.years,
            self.reports,
            self.decisions,
            self.scores,
        )

    def send(self, cursor):
        """Copy everything made so far."""
        for table in self.all:
            table.send(cursor)

    def move_sequences(self, cursor):
        """Let the next row of every table get a key that is free."""
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in self.all]):
            cursor.execute(statement)

    @contextmanager
    def triggers_off(self, cursor):
        """Load without the audit trail, the checks across tables and the tallies.

        Inside one transaction: whatever fails, the rollback puts the triggers back. Foreign keys are checked at each
        COPY, because a table with checks outstanding can't have its triggers switched on again.
        """
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        names = [table.model._meta.db_table for table in self.all]
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        cursor.execute("SELECT public_touch(ARRAY['reference'])")  # no public page made before is current any more
