"""Areas that the database pools say what the LAOs one by one say, whatever these have."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from lao.models import Lao
from reporting.queries.follow_up import LEVELS, areas, choose_scope
from reporting.queries.standings import ByAttention, RoundStates, alike
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results


def facts_of(standings, *, many):
    """How many LAOs stand how, and what they add up to, by area and standing."""
    found = Counter()
    for each in standings:
        key = each.district, each.province, each.region, each.progress, each.state, each.late
        laos = each.laos if many else 1
        sums = {"laos": laos, "projects": each.projects, "settled": each.settled}
        sums |= {"completed": each.completed, "in_progress": each.in_progress}
        for name, number in sums.items():
            found[*key, name] += number
    return found


@pytest.fixture
def laos(db):
    """LAOs of two provinces in every state: plans that passed or not, withheld, extended by themselves or not."""
    draw = random.Random(2562)  # a test's dice
    known = factories.closed()
    korat = factories.make_province("30", "นครราชสีมา", 3)
    places = [factories.make_district(), *(factories.make_district(name, korat) for name in ("ปากช่อง", "โนนไทย"))]
    factories.make_extension(known, province=korat, until=timezone.localdate() - timedelta(days=1))
    for _ in range(60):
        lao = factories.make_lao(district=draw.choice(places))
        if draw.random() < 0.8:
            plan = factories.make_plan(lao, passed_in=draw.choice([2561, 2561, 2563, None]))
            if plan.passed_in == 2561:
                with_results(lao, *draw.choices([DONE, ONGOING, CANNOT, SILENT], k=draw.randrange(4)))
        if draw.random() < 0.2:
            factories.make_extension(known, lao=lao, until=timezone.localdate() + timedelta(days=draw.randrange(-3, 4)))
        if draw.random() < 0.2:
            factories.make_clerk(lao, withheld_since=timezone.now())
    return Lao.objects.all()


@pytest.mark.parametrize("months", [6, 12])
def test_lao_by_lao_and_pooled_by_the_database_are_the_same(laos, months):
    if months == 12:
        factories.closed(months=12)
    states = RoundStates(2562, months, timezone.localdate())
    each = list(ByAttention(laos, states))
    pooled = list(alike(laos, states, by_district=True))
    assert facts_of(each, many=False) == facts_of(pooled, many=True)
    assert len(each) == 60


@pytest.mark.parametrize("level", list(LEVELS)[:3])
def test_every_level_adds_up_to_the_same_total(laos, level):
    officer, states = factories.make_officer("CENTRAL"), RoundStates(2562, 6, timezone.localdate())
    rows, total = areas(officer, choose_scope(officer, 2562, 6, {"by": level}), states)
    each = list(ByAttention(laos, states))
    assert sum(row.laos for row in rows) == total.laos == 60
    assert total.late == sum(standing.late for standing in each)
    assert total.extended == sum(standing.state.extended for standing in each)
    assert total.progress == Counter(standing.progress for standing in each)
    assert (total.projects, total.settled) == (sum(s.projects for s in each), sum(s.settled for s in each))
