"""Several at once, on a real database with real transactions."""

import uuid
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from projects import queries
from projects.actions import (
    MovedOnError,
    NotChangeableError,
    YearsOutsidePlanError,
    YearsReportedError,
    amend_project,
    delete_project,
    record_project,
)
from projects.actions.review import decide
from projects.models import Dimension, Project, ProjectYear, ReviewDecision
from projects.rules import Content
from reporting.actions import save_report
from reporting.models import ProgressReport
from reporting.wording import ANSWERS
from tests import factories
from tests.projects.forms import filled_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run the jobs in threads that start together; their results or exceptions, in the order of the jobs."""
    start, results = Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            start.wait(timeout=10)
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def clerk(transactional_db):
    period = factories.make_period()
    if not period.dimensions.exists():
        for number in range(1, 5):
            Dimension.objects.create(period=period, number=number, name=f"มิติ {number}")
    user = factories.make_clerk()
    factories.make_plan(user.lao, period=period)
    return user


def content(plan, **changes):
    first = Dimension.objects.get(period=plan.period, number=1)
    values = {
        "name": "โครงการ",
        "kind": "PROJECT",
        "dimension_id": first.pk,
        "further_dimensions": frozenset(),
        "quarters": frozenset(),
        "target_groups": frozenset(),
        "objective": "",
        "remark": "",
        "budgets": {2562: None},
    }
    return Content(**values | changes)


def test_clicks_at_the_same_moment_make_one_project(clerk):
    plan, token = clerk.lao.plans.get(), uuid.uuid4()
    said = content(plan)
    made = at_once(*[lambda: record_project(by=clerk, token=token, plan=plan, content=said)] * 4)
    assert {project.pk for project in made} == {Project.objects.get().pk}
    assert ProjectYear.objects.count() == 1


def test_clicks_at_the_same_moment_on_the_page_make_one_project(clerk, as_user):
    data = filled_in(clerk.lao.plans.get(), then="home")
    clients = [as_user(clerk) for _ in range(3)]
    answers = at_once(*[lambda client=client: client.post("/projects/new/", data) for client in clients])
    assert {answer.status_code for answer in answers} == {302}
    assert Project.objects.count() == 1


def test_of_two_edits_at_the_same_moment_one_is_told(clerk):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan)
    results = at_once(
        *(
            lambda name=name: amend_project(
                by=clerk, project_id=project.pk, version=1, content=content(plan, name=name)
            )
            for name in ("ก", "ข")
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["MovedOnError", "Project"]
    project.refresh_from_db()
    assert project.version == 2
    assert next(result for result in results if isinstance(result, MovedOnError)).project.name == project.name


def test_deleting_and_editing_at_the_same_moment_end_in_one_order(clerk):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan, name="เดิม")
    _, edited = at_once(
        lambda: delete_project(by=clerk, project_id=project.pk),
        lambda: amend_project(by=clerk, project_id=project.pk, version=1, content=content(plan, name="ใหม่")),
    )
    project.refresh_from_db()
    assert project.deleted_at is not None
    assert project.name == ("เดิม" if isinstance(edited, NotChangeableError) else "ใหม่")


def test_a_report_saved_while_its_year_is_taken_out_is_not_lost(clerk):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan, years=(2562, 2563))
    year = project.years.get(fiscal_year=2562)
    reported = Barrier(2)

    def report():
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            ProgressReport.objects.create(project_year=year, months=6, status="COMPLETED")
            reported.wait(timeout=10)
            # Time for the other one to come to the row that is held here.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")

    def amend():
        reported.wait(timeout=10)
        return amend_project(by=clerk, project_id=project.pk, version=1, content=content(plan, budgets={2563: None}))

    _, amended = at_once(report, amend)
    assert isinstance(amended, YearsReportedError)
    assert amended.rounds == {2562: [6]}
    assert list(queries.budgets_of(Project.objects.get())) == [2562, 2563]


def test_a_report_saved_while_its_budget_is_taken_away_says_no_amounts(clerk):
    project = factories.make_project(clerk.lao.plans.get(), budget=1000)
    factories.make_round(2562, 6)
    year, changed = project.years.get(), Barrier(2)
    answers = dict.fromkeys(ANSWERS, "") | {"status": "COMPLETED", "in_ordinance": False}
    amounts = {"ordinance_budget": 1000, "disbursed": 900}

    def change():
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            ProjectYear.objects.filter(pk=year.pk).update(plan_budget=None)
            changed.wait(timeout=10)
            with connection.cursor() as cursor:
                for _ in range(500):  # until the other one waits for what is held here
                    cursor.execute("SELECT count(*) FROM pg_sleep(0.01), pg_locks WHERE NOT granted")
                    if cursor.fetchone()[0]:
                        return True
        return False

    def report():
        changed.wait(timeout=10)
        return save_report(
            by=clerk,
            project_year_id=year.pk,
            months=6,
            version=0,
            today=timezone.localdate(),
            answers=answers | amounts,
        )

    waited, saved = at_once(change, report)
    assert waited is True
    assert saved.report.disbursed is None


def test_a_plan_that_passed_later_meanwhile_refuses_its_earlier_years(clerk):
    plan = clerk.lao.plans.get()
    wanted = content(plan, budgets={2561: None, 2562: None})
    type(plan).objects.update(passed_in=2562)
    with pytest.raises(YearsOutsidePlanError) as refusal:
        record_project(by=clerk, token=uuid.uuid4(), plan=plan, content=wanted)
    assert refusal.value.years == [2561]
    assert not Project.objects.exists()


def test_of_two_officers_at_once_one_decides_and_the_other_is_told():
    project = factories.make_project()
    officers = [factories.make_officer(role) for role in ("PROVINCE", "CENTRAL")]
    jobs = [
        partial(decide, by=officer, decision=decision, reason="เหตุผล", seen={project.pk: project.version})
        for officer, decision in zip(officers, ("ACCEPT", "REJECT"), strict=True)
    ]
    results = at_once(*jobs)
    assert sorted(len(decided) for decided, _ in results) == [0, 1]
    assert sorted(len(left) for _, left in results) == [0, 1]
    assert ReviewDecision.objects.count() == 1
