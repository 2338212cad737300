"""What the database itself accepts and refuses of rounds, extensions, reports, cut-offs and tallies, by name."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from projects.models import ProjectYear
from reporting.models import Extension, KeptCaution, LevelCutoff, ProgressReport, ReportingRound, Tally, Week
from tests import factories

OPENS, CLOSES = date(2019, 4, 1), date(2019, 4, 30)


def refused(name, do):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        do()
    assert refusal.value.__cause__.diag.constraint_name == name


@pytest.fixture
def project(db):
    return factories.make_project(budget=100)


@pytest.fixture
def known_round(db):
    return ReportingRound.objects.create(fiscal_year=2562, months=6, opens_on=OPENS, closes_on=CLOSES)


@pytest.mark.parametrize(("months", "closes_on"), [(6, CLOSES), (12, CLOSES), (6, OPENS)])
def test_a_round_of_6_or_12_months_is_accepted(db, months, closes_on):
    ReportingRound.objects.create(fiscal_year=2562, months=months, opens_on=OPENS, closes_on=closes_on)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("round_once_per_year", {"months": 6}),
        ("round_months_6_or_12", {"months": 9}),
        ("round_dates_in_order", {"months": 12, "closes_on": date(2019, 3, 31)}),
    ],
)
def test_a_round_that_can_not_be_is_refused(known_round, name, change):
    fields = {"fiscal_year": 2562, "months": 12, "opens_on": OPENS, "closes_on": CLOSES, **change}
    refused(name, lambda: ReportingRound.objects.create(**fields))


def test_an_extension_is_for_an_lao_or_a_province(known_round):
    lao = factories.make_lao()
    whole = {"reporting_round": known_round, "until": CLOSES, "reason": "น้ำท่วม"}
    Extension.objects.create(**whole, lao=lao)
    Extension.objects.create(**whole, province=lao.district.province)
    refused("extension_for_lao_or_province", lambda: Extension.objects.create(**whole))
    both = {**whole, "lao": lao, "province": lao.district.province}
    refused("extension_for_lao_or_province", lambda: Extension.objects.create(**both))


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_an_extension_has_a_reason(known_round, reason):
    fields = {"reporting_round": known_round, "until": CLOSES, "lao": factories.make_lao(), "reason": reason}
    refused("extension_has_reason", lambda: Extension.objects.create(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "COMPLETED"},
        {"status": "IN_PROGRESS", "months": 12},
        {"status": "NOT_FEASIBLE", "reason": "NO_BUDGET"},
        {"status": "NOT_FEASIBLE", "reason": "OTHER", "other_reason": "น้ำท่วม"},
        {"status": "COMPLETED", "ordinance_budget": 0, "disbursed": 0},
        {"status": "COMPLETED", "ordinance_budget": 1, "disbursed": 2},
    ],
)
def test_a_report_that_makes_sense_is_accepted(project, fields):
    factories.make_report(project, **fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("report_months_6_or_12", {"months": 9}),
        ("report_reason_only_when_not_feasible", {"status": "NOT_FEASIBLE", "reason": ""}),
        ("report_reason_only_when_not_feasible", {"status": "NOT_FEASIBLE", "reason": "LAZY"}),
        ("report_reason_only_when_not_feasible", {"status": "COMPLETED", "reason": "NO_BUDGET"}),
        ("report_reason_only_when_not_feasible", {"status": "UNKNOWN"}),
        ("report_other_reason_only_with_other", {"status": "NOT_FEASIBLE", "reason": "OTHER"}),
        ("report_other_reason_only_with_other", {"status": "NOT_FEASIBLE", "reason": "OTHER", "other_reason": " "}),
        ("report_other_reason_only_with_other", {"status": "COMPLETED", "other_reason": "น้ำท่วม"}),
        ("report_budgets_not_negative", {"ordinance_budget": -1}),
        ("report_budgets_not_negative", {"disbursed": -1}),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(project, name, fields):
    refused(name, lambda: factories.make_report(project, **fields))


def test_a_project_year_is_reported_once_per_round(project):
    factories.make_report(project, months=6)
    factories.make_report(project, months=12)
    refused("report_once_per_round", lambda: factories.make_report(project, months=6))


def test_a_caution_is_kept_once_with_a_note_and_goes_with_its_report(project):
    report = factories.make_report(project)
    clerk = factories.make_clerk(project.plan.lao)
    factories.make_kept(report, by=clerk)
    factories.make_kept(report, by=clerk, kind="UNSPENT")
    refused("kept_caution_once", lambda: factories.make_kept(report, by=clerk, figures="1.00/2.00"))
    refused("kept_caution_has_note", lambda: factories.make_kept(report, by=clerk, kind="BELOW_SIX", note=" \n"))
    report.delete()
    assert not KeptCaution.objects.exists()


def test_a_report_stays_with_its_project_year_and_round(project):
    other = factories.make_project(project.plan)
    factories.make_report(project)
    refused("report_stays", lambda: ProgressReport.objects.update(months=12))
    refused("report_stays", lambda: ProgressReport.objects.update(project_year=other.years.get()))
    assert ProgressReport.objects.update(status="IN_PROGRESS", months=6) == 1


def test_a_project_year_stays_what_it_is(project):
    other = factories.make_project(project.plan, years=(2563,))
    refused("project_year_stays", lambda: ProjectYear.objects.filter(project=project).update(fiscal_year=2564))
    refused("project_year_stays", lambda: ProjectYear.objects.filter(project=project).update(project=other))
    assert ProjectYear.objects.filter(project=project).update(plan_budget=5) == 1


def test_the_cutoffs_of_a_period_are_in_order_and_once_per_round(db):
    period = factories.make_period(2566, 2570)
    LevelCutoff.objects.all().delete()
    LevelCutoff.objects.create(period=period, months=6, high=100, medium=1)
    again = {"period": period, "months": 6, "high": 80, "medium": 50}
    refused("cutoff_once_per_period_and_round", lambda: LevelCutoff.objects.create(**again))
    refused("cutoff_months_6_or_12", lambda: LevelCutoff.objects.create(**{**again, "months": 3}))
    for high, medium in [(50, 50), (20, 50), (101, 50), (50, 0)]:
        wrong = {"period": period, "months": 12, "high": high, "medium": medium}
        refused("cutoff_in_order", lambda wrong=wrong: LevelCutoff.objects.create(**wrong))


def test_a_tally_is_there_once(project):
    tally = Tally.objects.get(months=6)
    tally.pk = None
    refused("tally_once", lambda: tally.save(force_insert=True))


def test_a_week_is_kept_once(project):
    factories.make_report(project)
    week = Week.objects.first()
    week.pk = None
    refused("week_once", lambda: week.save(force_insert=True))


def test_a_report_keeps_its_project_year_from_going(project):
    factories.make_report(project)
    with pytest.raises(ProtectedError):
        ProjectYear.objects.filter(project=project).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="project_year_id"), transaction.atomic():
            cursor.execute("DELETE FROM projects_projectyear")
