"""Every constraint of this app, by name: what it takes and what it refuses, whatever path the change takes."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear, ReviewDecision
from tests import factories

pytestmark = pytest.mark.django_db


@contextmanager
def refused_by(constraint):
    """The statement inside must fail because of `constraint`, and of no other."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def plan(db):
    return factories.make_plan()


@pytest.fixture
def project(plan):
    return factories.make_project(plan, years=(2562,))


def of_project(project):
    """The project as a QuerySet, to write past the application."""
    return Project.objects.filter(pk=project.pk)


@pytest.mark.parametrize(("first", "last"), [(2565, 2565), (2571, 2575), (2540, 2545), (2636, 2640)])
def test_period_years_in_order_takes(first, last):
    PlanPeriod.objects.create(first_year=first, last_year=last)


@pytest.mark.parametrize(("first", "last"), [(2572, 2571), (2539, 2541), (2639, 2641)])
def test_period_years_in_order_refuses(first, last):
    with refused_by("period_years_in_order"):
        PlanPeriod.objects.create(first_year=first, last_year=last)


def test_period_years_never_overlap():
    factories.make_period(2571, 2575)
    PlanPeriod.objects.create(first_year=2576, last_year=2580)
    for first, last in [(2575, 2575), (2571, 2575), (2568, 2571), (2570, 2590)]:
        with refused_by("period_years_never_overlap"):
            PlanPeriod.objects.create(first_year=first, last_year=last)


def test_dimension_number_once_per_period():
    period, other = factories.make_period(2571, 2575), factories.make_period(2576, 2580)
    assert Dimension.objects.filter(number=1, period__in=[period, other]).count() == 2
    with refused_by("dimension_number_once_per_period"):
        Dimension.objects.create(period=period, number=1, name="ซ้ำ")


def test_dimension_number_positive():
    period = factories.make_period(2571, 2575)
    Dimension.objects.create(period=period, number=5, name="มิติใหม่")
    with refused_by("dimension_number_positive"):
        Dimension.objects.create(period=period, number=0, name="มิติศูนย์")


def test_plan_once_per_lao_and_period(plan):
    factories.make_plan(plan.lao, period=factories.make_period(2571, 2575), passed_in=2571)
    with refused_by("plan_once_per_lao_and_period"):
        factories.make_plan(plan.lao)


@pytest.mark.parametrize("passed_in", [None, 2561, 2564])
def test_plan_passed_in_within_period_takes(passed_in):
    factories.make_plan(passed_in=passed_in)


@pytest.mark.parametrize("passed_in", [2560, 2565])
def test_plan_passed_in_within_period_refuses(plan, passed_in):
    with refused_by("plan_passed_in_within_period"):
        factories.make_plan(passed_in=passed_in)
    with refused_by("plan_passed_in_within_period"):
        Plan.objects.filter(pk=plan.pk).update(passed_in=passed_in)


def test_plan_passed_in_keeps_its_years(project):
    plans = Plan.objects.filter(pk=project.plan_id)
    plans.update(passed_in=2562)
    plans.update(passed_in=2561)
    for passed_in in (2563, None):
        with refused_by("plan_passed_in_keeps_its_years"):
            plans.update(passed_in=passed_in)


def test_plan_stays_with_its_lao_and_period(plan):
    plans = Plan.objects.filter(pk=plan.pk)
    plans.update(lao=plan.lao, period=plan.period)
    with refused_by("plan_stays_with_its_lao_and_period"):
        plans.update(lao=factories.make_lao())
    with refused_by("plan_stays_with_its_lao_and_period"):
        plans.update(period=factories.make_period(2571, 2575), passed_in=None)


@pytest.mark.parametrize("name", ["", " ", "\n\t"])
def test_project_name_not_blank(project, name):
    of_project(project).update(name="ก")
    with refused_by("project_name_not_blank"):
        of_project(project).update(name=name)


def test_project_main_dimension_not_among_further(project):
    ids = dict(Dimension.objects.filter(period=project.plan.period).values_list("number", "pk"))
    of_project(project).update(further_dimensions=[ids[2], ids[3]])
    with refused_by("project_main_dimension_not_among_further"):
        of_project(project).update(further_dimensions=[ids[2], ids[1]])


def test_project_dimensions_of_the_period(project):
    foreign = factories.make_period(2571, 2575).dimensions.get(number=2).pk
    own = Dimension.objects.get(period=project.plan.period, number=2).pk
    of_project(project).update(dimension=own)
    for columns in ({"dimension": foreign}, {"further_dimensions": [foreign]}, {"further_dimensions": [0]}):
        with refused_by("project_dimensions_of_the_period"):
            of_project(project).update(**columns)


def test_project_quarters_1_to_4(project):
    for quarters in ([], [1, 2, 3, 4]):
        of_project(project).update(quarters=quarters)
    for quarters in ([0], [1, 5]):
        with refused_by("project_quarters_1_to_4"):
            of_project(project).update(quarters=quarters)


def test_project_target_groups_known(project):
    of_project(project).update(target_groups=Project.TargetGroup.values)
    with refused_by("project_target_groups_known"):
        of_project(project).update(target_groups=["YOUTH", "ALIENS"])


def test_project_year_once(project):
    ProjectYear.objects.create(project=project, fiscal_year=2563)
    with refused_by("project_year_once"):
        ProjectYear.objects.create(project=project, fiscal_year=2562)


def test_project_year_budget_not_negative(project):
    for budget in (None, 0, "9999999999999.99"):
        project.years.update(plan_budget=budget)
    with refused_by("project_year_budget_not_negative"):
        project.years.update(plan_budget="-0.01")


def test_project_year_within_plan():
    project = factories.make_project(factories.make_plan(passed_in=2562), years=(2562, 2564))
    for year in (2561, 2565):
        with refused_by("project_year_within_plan"):
            ProjectYear.objects.create(project=project, fiscal_year=year)
    unpassed = Project.objects.create(
        plan=factories.make_plan(passed_in=None), name="ก", kind="PROJECT", dimension_id=project.dimension_id
    )
    with refused_by("project_year_within_plan"):
        ProjectYear.objects.create(project=unpassed, fiscal_year=2562)


@pytest.mark.parametrize("decision", ["RETURN", "REJECT"])
def test_decision_return_or_reject_has_reason(project, officer, decision):
    ReviewDecision.objects.create(project=project, decision=decision, reason="มีเหตุผล", by=officer)
    ReviewDecision.objects.create(project=project, decision="ACCEPT", by=officer)
    with refused_by("decision_return_or_reject_has_reason"):
        ReviewDecision.objects.create(project=project, decision=decision, reason=" \n", by=officer)


def test_decisions_are_never_changed_or_taken_back(project, officer):
    decision = ReviewDecision.objects.create(project=project, decision="ACCEPT", by=officer)
    decisions = ReviewDecision.objects.filter(pk=decision.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        decisions.update(reason="แก้ประวัติ")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        decisions.delete()
    assert decisions.get().reason == ""


def test_decisions_are_never_emptied():
    with transaction.atomic(), connection.cursor() as cursor:
        # The tests switch this trigger off for their own cleaning; here it is as in production.
        cursor.execute("ALTER TABLE projects_reviewdecision ENABLE TRIGGER never_emptied")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE projects_reviewdecision CASCADE")
        transaction.set_rollback(True)
