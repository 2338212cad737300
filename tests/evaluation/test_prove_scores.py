"""The command that proves every table of scores: it agrees with what is saved, and finds what doesn't."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from evaluation import rules
from evaluation.queries import areas, tables
from tests import factories
from tests.evaluation.scoring import give


def prove():
    said = StringIO()
    call_command("prove_scores", stdout=said)
    return said.getvalue()


@pytest.fixture
def scored(db):
    """Scores by parts, by a total alone, none at all, withheld, and in another province; projects of every kind."""
    korat = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    first, second, other, hidden = (
        factories.make_plan(factories.make_lao(district=district)) for district in (None, None, korat, None)
    )
    give(first, "SAR", 40, 30, 20, 10)
    give(first, "NACC", 38, None, 20, 10.25)
    give(second, "NACC", 0, 0, 0, 0, total=188)
    give(other, "NACC", 1, 2, 3, 3.33)
    give(hidden, "NACC", 9, 9, 9, 9)
    factories.make_clerk(hidden.lao, withheld_since=timezone.now())
    factories.make_project(first, years=[2561, 2562], budget=500)
    factories.make_project(second, budget=None, dimension=2)
    mixed = factories.make_project(second, years=[2562, 2563, 2564], budget=3)
    mixed.years.filter(fiscal_year=2563).update(plan_budget=None)
    factories.make_project(other, budget=7, dimension=3, review_state="REJECTED")
    factories.make_project(hidden, budget=900)


def test_every_table_agrees_with_the_scores(scored):
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()


def test_it_agrees_where_there_is_nothing_at_all(db):
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (rules, "total", lambda parts, entered: sum(part or 0 for part in parts)),
        (rules, "share", lambda points, number: points if number else None),
        (areas, "HELD", areas.HELD.replace("AND NOT (review_state = 'REJECTED')", "")),
        (areas, "PLANS", areas.PLANS.replace("NOT IN", "IN")),
        (tables, "_held", lambda province, period: {}),
        (tables, "PLANNED", tables.PLANNED.replace("planned > 0", "planned >= 0")),
    ],
)
def test_a_wrong_rule_or_query_shows_up(scored, monkeypatch, module, name, wrong):
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises(CommandError, match="ไม่ตรงกัน"):
        prove()
