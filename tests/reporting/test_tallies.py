"""The tallies are exact after every path that a change can take, and a command proves it."""

import threading
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from projects.actions import delete_project, restore_project
from projects.models import Dimension, Project, ProjectYear
from reporting.actions import save_report
from reporting.models import ProgressReport, Tally
from tests import factories


def prove():
    """Run the command; a difference raises CommandError."""
    said = StringIO()
    call_command("prove_tallies", stdout=said)
    return said.getvalue()


def counts(months=6, year=2562):
    """`(projects, completed, in progress, not feasible, in ordinance)` over all dimensions, after a proof."""
    prove()
    rows = Tally.objects.filter(months=months, fiscal_year=year).values_list(
        "projects", "completed", "in_progress", "not_feasible", "in_ordinance"
    )
    return tuple(map(sum, zip(*rows, strict=True))) if rows else (0, 0, 0, 0, 0)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


@pytest.fixture
def project(plan):
    return factories.make_project(plan, budget=Decimal("1000.50"))


def answers(status="COMPLETED", **fields):
    empty = {"ordinance_budget": None, "disbursed": None, "in_ordinance": False, "reason": "", "other_reason": ""}
    return {**empty, "remark": "", "status": status, **fields}


def report(clerk, project, status="COMPLETED", months=6, version=0, **fields):
    return save_report(
        by=clerk,
        project_year_id=project.years.get(fiscal_year=2562).pk,
        months=months,
        version=version,
        today=timezone.localdate(),
        answers=answers(status, **fields),
    )


def test_an_lao_without_projects_has_no_tally(clerk):
    assert not Tally.objects.exists()
    assert "ตรงกันทุกแถว" in prove()


def test_a_project_is_tallied_once_per_year_and_round(plan):
    factories.make_project(plan, years=(2561, 2562), budget=Decimal("1000.50"), dimension=3)
    found = Tally.objects.order_by("fiscal_year", "months").values_list(
        "fiscal_year", "months", "dimension__number", "projects", "plan_budget"
    )
    money = Decimal("1000.50")
    assert list(found) == [(year, months, 3, 1, money) for year in (2561, 2562) for months in (6, 12)]
    prove()


def test_a_form_that_is_saved_is_counted_at_once(clerk_client, project):
    factories.make_round()
    sent = {"status": "IN_PROGRESS", "ordinance_budget": "900.25", "disbursed": "1", "in_ordinance": "on"}
    clerk_client.post(f"/reports/{project.years.get().pk}/6/", sent)
    assert counts(6) == counts(12) == (1, 0, 1, 0, 1)
    assert Tally.objects.get(months=12).ordinance_budget == Decimal("900.25")


def test_a_6_month_report_stands_at_12_until_it_is_replaced(clerk, project):
    factories.make_round(months=6)
    factories.make_round(months=12)
    report(clerk, project, disbursed=5, ordinance_budget=7, in_ordinance=True)
    assert counts(12) == (1, 1, 0, 0, 1)
    report(clerk, project, "NOT_FEASIBLE", months=12, reason="NO_BUDGET", disbursed=2)
    assert counts(6) == (1, 1, 0, 0, 1)
    assert counts(12) == (1, 0, 0, 1, 0)
    tally = Tally.objects.get(months=12)
    assert (tally.disbursed, tally.ordinance_budget) == (2, 0)


def settled():
    """`(at 6 months, at 12 months)`: of how many nothing is left to report, after a proof."""
    prove()
    return tuple(Tally.objects.order_by("months").values_list("settled", flat=True))


def test_only_what_is_done_at_6_months_is_settled_at_12(plan):
    done, ongoing, cannot, silent = (factories.make_project(plan) for _ in range(4))
    assert settled() == (0, 0)
    factories.make_report(done, status="COMPLETED")
    assert settled() == (1, 1)
    factories.make_report(ongoing, status="IN_PROGRESS")
    factories.make_report(cannot, status="NOT_FEASIBLE")
    assert settled() == (3, 1)
    factories.make_report(ongoing, status="NOT_FEASIBLE", months=12)
    factories.make_report(done, status="IN_PROGRESS", months=12)
    factories.make_report(silent, status="IN_PROGRESS", months=12)
    assert settled() == (3, 3)
    ProgressReport.objects.filter(project_year__project=done).delete()
    assert settled() == (2, 2)
    ProgressReport.objects.filter(project_year__project=cannot).update(status="COMPLETED", reason="")
    assert settled() == (2, 3)


def test_a_report_of_one_year_says_nothing_of_another(plan):
    project = factories.make_project(plan, years=(2562, 2563))
    factories.make_report(project, fiscal_year=2562, months=6)
    assert counts(12, 2562) == (1, 1, 0, 0, 0)
    assert counts(6, 2563) == counts(12, 2563) == (1, 0, 0, 0, 0)


def test_amending_a_report_moves_the_count(clerk, project):
    factories.make_round()
    report(clerk, project)
    report(clerk, project, "IN_PROGRESS", version=1)
    assert counts() == (1, 0, 1, 0, 0)


def test_deleting_takes_a_project_out_and_restoring_brings_its_reports_back(clerk, project):
    factories.make_report(project, in_ordinance=True)
    delete_project(by=clerk, project_id=project.pk)
    assert counts() == (0, 0, 0, 0, 0)
    assert not Tally.objects.exists()
    restore_project(by=clerk, project_id=project.pk)
    assert counts() == (1, 1, 0, 0, 1)


def test_rejecting_by_update_takes_a_project_out_and_restoring_brings_it_back(plan, project):
    factories.make_report(project)
    factories.make_report(factories.make_project(plan), status="IN_PROGRESS")
    Project.objects.filter(pk=project.pk).update(review_state="REJECTED")
    assert counts() == (1, 0, 1, 0, 0)
    Project.objects.filter(pk=project.pk).update(review_state="ACCEPTED")
    assert counts() == (2, 1, 1, 0, 0)


def test_another_dimension_takes_the_counts_along(plan, project):
    factories.make_report(project)
    Project.objects.update(dimension=Dimension.objects.get(period=plan.period, number=4))
    assert set(Tally.objects.values_list("dimension__number", "completed")) == {(4, 1)}
    prove()


def test_another_plan_takes_the_counts_along(plan, project):
    factories.make_report(project)
    other = factories.make_plan(passed_in=2562)
    Project.objects.update(plan=other)
    assert set(Tally.objects.values_list("lao", "completed")) == {(other.lao_id, 1)}
    prove()


def test_bulk_writes_are_counted(plan):
    projects = [factories.make_project(plan, dimension=1 + number % 4) for number in range(6)]
    ProgressReport.objects.bulk_create(
        ProgressReport(project_year=project.years.get(), months=6, status="COMPLETED") for project in projects
    )
    assert counts() == (6, 6, 0, 0, 0)
    ProgressReport.objects.filter(project_year__project__in=projects[:2]).update(status="IN_PROGRESS")
    assert counts() == (6, 4, 2, 0, 0)
    ProgressReport.objects.filter(project_year__project__in=projects[4:]).delete()
    assert counts() == (6, 2, 2, 0, 0)
    ProjectYear.objects.filter(project__in=projects[4:]).delete()
    assert counts() == (4, 2, 2, 0, 0)
    ProjectYear.objects.update(plan_budget=10)
    assert sum(Tally.objects.filter(months=6).values_list("plan_budget", flat=True)) == 40
    prove()


def test_plain_sql_is_counted(project):
    year = project.years.get().pk
    sql(
        "INSERT INTO reporting_progressreport (project_year_id, months, status, reason, other_reason, in_ordinance,"
        " remark, version, reported_at, updated_at) VALUES (%s, 6, 'COMPLETED', '', '', true, '', 1, now(), now())",
        year,
    )
    assert counts() == (1, 1, 0, 0, 1)
    sql("UPDATE reporting_progressreport SET status = 'IN_PROGRESS' WHERE project_year_id = %s", year)
    assert counts() == (1, 0, 1, 0, 1)
    sql("UPDATE projects_project SET deleted_at = now()")
    assert counts() == (0, 0, 0, 0, 0)
    sql("UPDATE projects_project SET deleted_at = NULL")
    sql("DELETE FROM reporting_progressreport")
    assert counts() == (1, 0, 0, 0, 0)
    sql("DELETE FROM projects_projectyear")
    assert counts() == (0, 0, 0, 0, 0)


def test_what_is_rolled_back_is_not_counted(project):
    with transaction.atomic():
        factories.make_report(project)
        transaction.set_rollback(True)
    assert counts() == (1, 0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_transactions_on_one_plan_count_each_other():
    """Each counts only what it can see; the second must wait for the first and see what that one committed."""
    plan = factories.make_plan()
    first, second = factories.make_project(plan), factories.make_project(plan)
    saved, committed = threading.Event(), threading.Event()
    failures = []

    def other():
        try:
            with transaction.atomic():
                saved.wait(10)
                factories.make_report(second, status="IN_PROGRESS")
        except Exception as failure:
            failures.append(failure)
        finally:
            committed.set()
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    with transaction.atomic():
        factories.make_report(first)
        saved.set()
        assert not committed.wait(0.5), "the second did not wait"
    thread.join(10)
    assert not failures
    assert counts() == (2, 1, 1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_saves_in_one_plan_is_counted_whole():
    clerk = factories.make_clerk()
    factories.make_round()
    plan = factories.make_plan(clerk.lao)
    projects = [factories.make_project(plan) for _ in range(8)]
    failures = []

    def save(project):
        try:
            report(clerk, project)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[project]) for project in projects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert counts() == (8, 8, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_report():
    clerk = factories.make_clerk()
    factories.make_round()
    project = factories.make_project(factories.make_plan(clerk.lao))
    outcomes = []

    def click():
        try:
            outcomes.append(report(clerk, project).changed)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == [False, True]
    assert ProgressReport.objects.get().version == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE reporting_tally SET settled = settled - 1 WHERE months = 12",
        "UPDATE reporting_tally SET completed = completed + 1",
        "UPDATE reporting_tally SET disbursed = disbursed + 0.01 WHERE months = 12",
        "DELETE FROM reporting_tally WHERE months = 6",
        "UPDATE reporting_tally SET fiscal_year = 2564",
        "UPDATE reporting_week SET settled = settled + 1 WHERE months = 12",
        "UPDATE reporting_week SET week = week + 7",
        "DELETE FROM reporting_week",
    ],
)
def test_the_command_finds_every_difference(project, damage):
    factories.make_report(project)
    prove()
    sql(damage)
    said = StringIO()
    with pytest.raises(CommandError, match="ไม่ตรงกัน"):
        call_command("prove_tallies", stdout=said)
    assert f"lao_id {project.plan.lao_id} ปี 256" in said.getvalue()
