"""What a clerk does to projects. Every action is one transaction and names the person behind it."""

from django.utils import timezone

from lao.audit import acting
from lao.tokens import keep_answer, take_token, was_sent
from projects.models import Plan, Project, ProjectYear
from projects.queries import content_of, reported_rounds
from projects.rules import may_change, must_save, state_after_edit


class RefusedError(Exception):
    """An action that was not done; `project` is the row as it stands."""

    def __init__(self, project):
        super().__init__(project.pk)
        self.project = project


class AlreadyRecordedError(RefusedError):
    """The form was sent before and made `project`; what it says now is something else."""


class NotChangeableError(RefusedError):
    """The project was rejected or deleted, so it can't be edited or deleted."""


class MovedOnError(RefusedError):
    """Someone saved the project since the form was opened."""


class YearsReportedError(RefusedError):
    """Years that have reports were to be taken out. `rounds`: fiscal year to the months of its reports."""

    def __init__(self, project, rounds):
        super().__init__(project)
        self.rounds = rounds


class YearsOutsidePlanError(Exception):
    """The plan no longer allows some of the chosen `years`: the year in which it passed moved meanwhile."""

    def __init__(self, years):
        super().__init__(years)
        self.years = years


def record_project(*, by, token, plan, content):
    """Record a new project of `plan` with `content` (a `rules.Content`) and return it.

    The form's one-time `token` (a UUID) makes a second sending give the first one's project. Raises
    `AlreadyRecordedError` when the second sending says something else than the first, and `YearsOutsidePlanError`.
    """
    with acting(by):
        record, first = take_token(token, by)
        if not first:
            made = Project.objects.visible_to(by).filter(pk=record.made_id).first()
            if made and content_of(made) == content:
                return made
            if made:
                raise AlreadyRecordedError(made)
        _hold_plan(plan.pk, content)
        project = Project.objects.create(plan=plan, **_columns(content))
        ProjectYear.objects.bulk_create(
            ProjectYear(project=project, fiscal_year=year, plan_budget=budget)
            for year, budget in content.budgets.items()
        )
        keep_answer(record, project)
        return project


def amend_project(*, by, project_id, version, content, token=None):
    """Give the project the new `content`, a `rules.Content`, and return it; see `must_save` for what is not saved.

    `version` is that of the row the form was filled from; its one-time `token` gives a second sending the first one's
    result. A saved project goes back to the officers. Raises `Project.DoesNotExist`, `NotChangeableError`,
    `MovedOnError`, `YearsReportedError` and `YearsOutsidePlanError`; then nothing is changed.
    """
    with acting(by):
        project = _locked(by, project_id)
        if was_sent(token, by, ["project", project_id, _columns(content), content.budgets]):
            return project
        if not may_change(project.review_state, deleted=project.deleted_at is not None):
            raise NotChangeableError(project)
        if not must_save(project.review_state, changed=content_of(project) != content):
            return project
        if project.version != version:
            raise MovedOnError(project)
        _hold_plan(project.plan_id, content)
        _set_years(project, content.budgets)
        for column, value in _columns(content).items():
            setattr(project, column, value)
        project.review_state = state_after_edit(project.review_state)
        project.version += 1
        project.save()
        return project


def delete_project(*, by, project_id):
    """Delete the project so that it can be restored, reports and all, and return it; once more changes nothing.

    Raises `Project.DoesNotExist`, and `NotChangeableError` for a rejected one.
    """
    with acting(by):
        project = _locked(by, project_id)
        if project.deleted_at is None:
            if not may_change(project.review_state, deleted=False):
                raise NotChangeableError(project)
            project.deleted_at = timezone.now()
            project.save(update_fields=["deleted_at", "updated_at"])
        return project


def restore_project(*, by, project_id):
    """Bring a deleted project back with its years and reports, and return it; one that stands stays as it is.

    Raises `Project.DoesNotExist`.
    """
    with acting(by):
        project = _locked(by, project_id)
        if project.deleted_at is not None:
            project.deleted_at = None
            project.save(update_fields=["deleted_at", "updated_at"])
        return project


def _locked(by, project_id):
    """The project as it is now, held until the transaction ends.

    Whoever changes anything of a project, its reports among it, holds this row first: nothing comes between, and
    nobody waits in a circle.
    """
    return Project.objects.visible_to(by).select_for_update(of=("self",)).get(pk=project_id)


def _hold_plan(plan_id, content):
    """Keep the plan as it is until the transaction ends, and see that it still allows the years of `content`."""
    plan = Plan.objects.select_related("period").select_for_update(of=("self",), no_key=True).get(pk=plan_id)
    outside = sorted(content.budgets.keys() - set(plan.years))
    if outside:
        raise YearsOutsidePlanError(outside)


def _columns(content):
    """The columns of the project's own row."""
    return {
        "name": content.name,
        "kind": content.kind,
        "dimension_id": content.dimension_id,
        "further_dimensions": sorted(content.further_dimensions),
        "quarters": sorted(content.quarters),
        "target_groups": sorted(content.target_groups),
        "objective": content.objective,
        "remark": content.remark,
    }


def _set_years(project, budgets):
    """Make the project years agree with `budgets`; those that stay keep their rows, and so their reports."""
    standing = {row.fiscal_year: row for row in project.years.all()}
    leaving = standing.keys() - budgets.keys()
    if leaving:
        rounds = {year: months for year, months in reported_rounds(project).items() if year in leaving}
        if rounds:
            raise YearsReportedError(project, rounds)
        project.years.filter(fiscal_year__in=leaving).delete()
    for year, budget in budgets.items():
        row = standing.get(year)
        if row is None:
            ProjectYear.objects.create(project=project, fiscal_year=year, plan_budget=budget)
        elif row.plan_budget != budget:
            row.plan_budget = budget
            row.save(update_fields=["plan_budget"])
