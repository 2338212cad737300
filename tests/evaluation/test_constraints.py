"""What the database refuses of scores, by the name of its rule."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from evaluation.models import DimensionStandard, PeriodStandard, Score, ScoreChange
from evaluation.rules import Entry, Points
from tests import factories

EMPTY = Entry(None, {source: Points((None,) * 4) for source in ("SAR", "NACC")}).as_json()


@pytest.fixture
def plan(db):
    return factories.make_plan()


@contextmanager
def refused(name):
    """Expect the database to refuse by the rule of that name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == name


def make_change(plan, **fields):
    given = {"number": 1, "before": EMPTY, "after": EMPTY, "changes_published": False, **fields}
    given.setdefault("by", factories.make_officer())
    return ScoreChange.objects.create(plan=plan, **given)


def test_a_score_is_of_a_dimension_of_its_own_period(plan):
    other = factories.make_period(2566, 2570).dimensions.first()
    with refused("score_dimension_of_the_period"):
        Score.objects.create(plan=plan, source="SAR", dimension=other, points=1)


def test_a_score_is_never_above_the_highest_once_that_is_set(plan):
    first, second = plan.period.dimensions.all()[:2]
    DimensionStandard.objects.create(dimension=first, highest=50)
    PeriodStandard.objects.create(period=plan.period, highest_total=200)
    Score.objects.create(plan=plan, source="SAR", dimension=first, points=50)
    Score.objects.create(plan=plan, source="SAR", dimension=second, points=500)
    for dimension, points in ((first, 51), (None, 201)):
        with refused("score_not_above_highest"):
            Score.objects.create(plan=plan, source="NACC", dimension=dimension, points=points)


def test_standards_are_positive_and_the_pass_mark_can_be_reached(plan):
    for fields in ({"highest_total": 0}, {"pass_mark": 0}):
        with refused("standard_positive"):
            PeriodStandard.objects.create(period=plan.period, **fields)
    with refused("standard_pass_mark_reachable"):
        PeriodStandard.objects.create(period=plan.period, highest_total=100, pass_mark=101)
    with refused("dimension_standard_positive"):
        DimensionStandard.objects.create(dimension=plan.period.dimensions.first(), highest=0)


def test_versions_are_numbered_once(plan):
    make_change(plan)
    with refused("score_change_number_once_per_plan"):
        make_change(plan)


def test_a_change_of_what_was_published_has_a_reason(plan):
    with refused("score_change_has_reason"):
        make_change(plan, changes_published=True, reason=" ")


def test_versions_are_never_changed_or_deleted(plan):
    change = make_change(plan)
    for sql in ("UPDATE evaluation_scorechange SET reason = 'x'", "DELETE FROM evaluation_scorechange"):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE evaluation_scorechange ENABLE TRIGGER never_emptied")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE evaluation_scorechange")
    assert ScoreChange.objects.get() == change
