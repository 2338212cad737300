"""What is done to progress reports."""

from dataclasses import dataclass

from lao.audit import acting
from lao.tokens import was_sent
from projects.models import Project
from reporting.models import KeptCaution, ProgressReport
from reporting.queries import round_states
from reporting.queries.reports import cautions_of
from reporting.wording import ANSWERS


class RefusedError(Exception):
    """The report can't be taken; the message says why, in Thai."""


class MovedOnError(Exception):
    """Someone else saved the report since the form was filled; `report` is what stands now."""

    def __init__(self, report):
        super().__init__("รายงานนี้ถูกแก้ไขไปแล้ว")
        self.report = report


@dataclass(frozen=True)
class Saved:
    """The report that stands now, and whether this save changed anything."""

    report: ProgressReport
    changed: bool


def save_report(*, by, project_year_id, months, version, today, answers, notes=None, token=None):
    """Save what `by` answers on a project year in the round of `months`, and return a `Saved`.

    `answers` holds every name of `reporting.wording.ANSWERS`; amounts are dropped where the project uses no budget.
    `version` is that of the report the form was filled from, 0 for none. Saving what stands already writes nothing,
    and so a form that is sent twice acts once; by its `token` even where somebody else saved in between. `notes` keep
    cautions: the kind of each and why what it doubts is right; those on what is not doubted any more are left out.

    Raises `ObjectDoesNotExist` for what `by` may not see and for deleted projects; `RefusedError` for a rejected
    project and for a round that is not open on `today`; `MovedOnError` where the report has moved on.
    """
    with acting(by):
        # Locked, so that no deletion, rejection or second report comes between.
        projects = Project.objects.visible_to(by).live().select_related("plan__lao__district")
        project = projects.select_for_update(of=("self",)).get(years=project_year_id)
        project_year = project.years.get(pk=project_year_id)
        known = ProgressReport.objects.filter(project_year=project_year, months=months).first()
        said = ["report", project_year_id, months, answers, *([notes] if notes else [])]
        if was_sent(token, by, said) and known:
            return Saved(known, changed=False)
        _check_may_report(project, project_year.fiscal_year, months, today)
        if project_year.plan_budget is None:
            answers = {**answers, "ordinance_budget": None, "disbursed": None}
        if known and all(getattr(known, name) == answers[name] for name in ANSWERS):
            return Saved(known, changed=_keep(by, known, project_year, notes))
        if known and known.version != version:
            raise MovedOnError(known)
        report = known or ProgressReport(project_year=project_year, months=months, version=0)
        for name in ANSWERS:
            setattr(report, name, answers[name])
        report.version += 1
        report.save()
        _keep(by, report, project_year, notes)
        return Saved(report, changed=True)


def _keep(by, report, project_year, notes):
    """Keep the cautions about `report` that `notes` speak of, and tell whether there were any."""
    if not notes:
        return False
    at_six = project_year.reports.filter(months=6).first()
    doubted = [each for each in cautions_of(report, project_year.plan_budget, at_six) if each.kind in notes]
    for caution in doubted:
        said = {"figures": caution.figures, "words": caution.words, "note": notes[caution.kind], "by": by}
        KeptCaution.objects.update_or_create(report=report, kind=caution.kind, defaults=said)
    return bool(doubted)


def _check_may_report(project, fiscal_year, months, today):
    if project.is_rejected:
        raise RefusedError("โครงการนี้ถูกปฏิเสธ ไม่ต้องทำการรายงานผลการดำเนินการ")
    state = round_states(project.plan.lao, fiscal_year, today)[months]
    if not state.is_open:
        raise RefusedError(f"ยังไม่ได้บันทึก: {state.words}")
