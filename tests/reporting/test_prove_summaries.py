"""The command that proves every summary: it agrees with what is saved, and finds what doesn't."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from projects.models import Project
from reporting import rules
from reporting.models import Tally
from reporting.queries import standings
from reporting.standing import Progress
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results


def prove():
    said = StringIO()
    call_command("prove_summaries", stdout=said)
    return said.getvalue()


@pytest.fixture
def work(db):
    """LAOs in two districts and two provinces, with results at both rounds, a rejected and a deleted project."""
    lao = with_results(factories.make_lao(), DONE, DONE, SILENT)
    with_results(lao, ONGOING, dimension=3, budget=1000)
    with_results(factories.make_lao(district=factories.make_district("เขาพนม")), ONGOING, CANNOT, dimension=2)
    district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    other = with_results(factories.make_lao(district=district), DONE, SILENT, months=12)
    with_results(other, DONE, CANNOT, ONGOING)
    for change in ({"review_state": "REJECTED"}, {"deleted_at": "2019-01-05T10:00+07:00"}):
        Project.objects.filter(pk=with_results(lao, DONE).plans.get().projects.last().pk).update(**change)
    return lao


def test_every_summary_agrees_with_the_reports(work):
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()


def test_an_lao_whose_claim_is_not_confirmed_is_left_out_by_both(work):
    factories.make_clerk(work, withheld_since=timezone.now())
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()
    assert not Tally.objects.filter(lao=work).exists()


def test_it_agrees_where_there_is_nothing_at_all(db):
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE reporting_tally SET completed = completed + 1 WHERE months = 12",
        "UPDATE reporting_tally SET disbursed = disbursed + 0.01",
        "DELETE FROM reporting_tally WHERE months = 6",
    ],
)
def test_a_wrong_tally_shows_up_in_the_summaries(work, damage):
    with connection.cursor() as cursor:
        cursor.execute(damage)
    with pytest.raises(CommandError, match="ไม่ตรงกัน"):
        prove()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("progress_of", lambda projects, settled, **more: Progress.BEGUN if projects else Progress.NO_PROJECTS),
        ("is_late", lambda progress, phase: False),
    ],
)
def test_a_wrong_follow_up_shows_up(work, monkeypatch, name, wrong):
    factories.closed()
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()
    monkeypatch.setattr(standings, name, wrong)
    with pytest.raises(CommandError, match="ไม่ตรงกัน"):
        prove()


def test_the_follow_up_is_proven_with_extensions(work):
    known = factories.closed()
    factories.make_extension(known, lao=work, until=timezone.localdate())
    factories.make_extension(known, province=work.district.province, until=known.closes_on + timedelta(days=1))
    assert "ตรงกับการคำนวณใหม่ทุกแถว" in prove()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("score", lambda completed, in_progress: rules.HALF * (completed + in_progress)),
        ("percent", lambda points, projects: points * 100 / (projects + 1) if projects else None),
        ("rounded", lambda value: value.quantize(rules.HUNDREDTH, "ROUND_DOWN")),
        ("level", lambda value, cutoff: value and rules.Level.LOW),
        ("ranks", lambda values: [place for place, _ in enumerate(values, start=1)]),
    ],
)
def test_a_wrong_rule_shows_up_in_the_summaries(work, monkeypatch, name, wrong):
    """The proof reckons by itself: a fault in the rule that the pages use is no fault of the proof."""
    monkeypatch.setattr(rules, name, wrong)
    with pytest.raises(CommandError, match="ไม่ตรงกัน"):
        prove()
