"""The load of national size: its figures, its codes, and that it leaves the database as strict as before."""

import re

import pytest
from django.db import connection

from eplan.demonstration import load, making, places
from lao.models import District, Lao
from projects.models import Project, ProjectYear
from reporting.models import ProgressReport, ReportingRound, Tally


def switched_off(cursor):
    """The triggers that are off; the tests themselves switch off the one that forbids emptying."""
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'D' AND tgname <> 'never_emptied'")
    return cursor.fetchall()


@pytest.fixture
def part_of_the_nation(monkeypatch):
    """The national load, cut down to ภูเก็ต, ชลบุรี's Pattaya and Bangkok."""
    counts = {"83": places.NATION["83"], "20": (0, 0, 0, 1), "10": places.NATION["10"]}
    monkeypatch.setattr(making, "NATION", making.Extent(**{**vars(making.NATION), "counts": counts}))


@pytest.mark.usefixtures("part_of_the_nation")
def test_the_national_load_has_25_projects_in_four_years_and_two_rounds(db):
    load(nation=True, quiet=True)
    organisations = Lao.objects.count()
    assert organisations == 19 + 3 + 1
    assert Project.objects.count() == 25 * organisations
    assert ProjectYear.objects.count() == 100 * organisations
    assert ProgressReport.objects.count() >= 0.9 * 200 * organisations
    assert ReportingRound.objects.count() == 8


@pytest.mark.usefixtures("part_of_the_nation")
def test_the_national_load_obeys_the_rules_and_leaves_the_triggers_on(db):
    load(nation=True, quiet=True)
    with connection.cursor() as cursor:
        assert switched_off(cursor) == []
        # Every rule that the triggers hold looks at each row again as it is written.
        cursor.execute("UPDATE projects_projectyear SET fiscal_year = fiscal_year")
        cursor.execute("UPDATE projects_project SET dimension_id = dimension_id, plan_id = plan_id")
        cursor.execute("UPDATE projects_plan SET passed_in = passed_in")
    kept = set(Tally.objects.values_list("lao", "fiscal_year", "months", "dimension", "projects", "completed"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reporting_tally")
        cursor.execute("SELECT reporting_retally(array(SELECT id FROM projects_plan), NULL)")
    again = set(Tally.objects.values_list("lao", "fiscal_year", "months", "dimension", "projects", "completed"))
    assert kept == again != set()


@pytest.mark.usefixtures("part_of_the_nation")
def test_a_national_load_that_fails_leaves_nothing_and_the_triggers_on(db, monkeypatch):
    def fail(*args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(making, "make_organisation", fail)
    with pytest.raises(RuntimeError):
        load(nation=True, quiet=True)
    assert not District.objects.exists()
    with connection.cursor() as cursor:
        assert switched_off(cursor) == []


@pytest.fixture(scope="module")
def nation():
    """Every organisation of the nation, without a database."""
    return [place for province, counts in places.NATION.items() for place in places.places_of(province, counts)]


def test_the_nation_has_7850_organisations(nation):
    assert len(nation) == 7850
    assert sum(place.code[1:3] == "30" for place in nation) == 334
    kinds = [place.kind for place in nation]
    assert (kinds.count("PROVINCIAL"), kinds.count("BANGKOK"), kinds.count("PATTAYA")) == (76, 1, 1)


def test_codes_follow_the_pattern_and_are_given_once(nation):
    assert len({place.code[1:] for place in nation}) == 7850
    for place in nation:
        assert re.fullmatch("[2-6][0-9]{6}", place.code)
        assert place.code[1:5] == place.district
        assert place.code[0] == places.FIRST_DIGIT[place.kind]


def test_no_two_organisations_of_a_kind_share_a_name_in_a_district(nation):
    assert len({(place.kind, place.name, place.district) for place in nation}) == 7850
