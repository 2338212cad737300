"""What is done to progress reports."""

from dataclasses import dataclass

from lao.audit import acting
from lao.tokens import was_sent
from projects.models import ProjectYear
from reporting.models import KeptCaution, ProgressReport
from reporting.queries import round_states
from reporting.queries.reports import cautions_left, cautions_of
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
    """The report that stands now, that of the 6-month round (None for none), and whether this save changed anything."""

    report: ProgressReport
    at_six: ProgressReport | None
    changed: bool

    @property
    def cautions(self):
        """What is to be said of the report, without what was kept."""
        return cautions_left(self.report, self.report.project_year.plan_budget, self.at_six)


def save_report(*, by, project_year_id, months, version, today, answers, notes=None, token=None):
    """Save what `by`, an LAO, answers on a project year of its own in the round of `months`, and return a `Saved`.

    `answers` holds every name of `reporting.wording.ANSWERS`; amounts are dropped where the project uses no budget.
    `version` is that of the report the form was filled from, 0 for none. Saving what stands already writes nothing,
    and so a form that is sent twice acts once; by its `token` even where somebody else saved in between. `notes` keep
    cautions: the kind of each and why what it doubts is right; those on what is not doubted any more are left out.

    Raises `ObjectDoesNotExist` for what `by` may not see and for deleted projects; `RefusedError` for a rejected
    project and for a round that is not open on `today`; `MovedOnError` where the report has moved on.
    """
    with acting(by):
        project_year = _locked(by, project_year_id)
        reports = {report.months: report for report in project_year.reports.all()}
        known, at_six = reports.get(months), reports.get(6)
        said = ["report", project_year_id, months, answers, *([notes] if notes else [])]
        if was_sent(token, by, said) and known:
            return Saved(known, at_six, changed=False)
        _check_may_report(by.lao, project_year, months, today)
        if project_year.plan_budget is None:
            answers = {**answers, "ordinance_budget": None, "disbursed": None}
        if known and all(getattr(known, name) == answers[name] for name in ANSWERS):
            return Saved(known, at_six, changed=_keep(by, known, at_six, notes))
        if known and known.version != version:
            raise MovedOnError(known)
        report = known or ProgressReport(project_year=project_year, months=months, version=0)
        for name in ANSWERS:
            setattr(report, name, answers[name])
        report.version += 1
        report.save()
        _keep(by, report, at_six, notes)
        return Saved(report, report if months == 6 else at_six, changed=True)


def _locked(by, project_year_id):
    """The project year, locked with its project, so that no deletion, rejection or second report comes between.

    Both are as the last transaction left them: what a lock is waited for is read again, what is only joined is not. The
    project first, as everywhere.
    """
    years = ProjectYear.objects.visible_to(by).filter(project__deleted_at__isnull=True).select_related("project")
    return years.select_for_update(of=("project", "self")).get(pk=project_year_id)


def _keep(by, report, at_six, notes):
    """Keep the cautions about `report` that `notes` speak of, and tell whether there were any."""
    if not notes:
        return False
    doubted = [each for each in cautions_of(report, report.project_year.plan_budget, at_six) if each.kind in notes]
    for caution in doubted:
        said = {"figures": caution.figures, "words": caution.words, "note": notes[caution.kind], "by": by}
        KeptCaution.objects.update_or_create(report=report, kind=caution.kind, defaults=said)
    return bool(doubted)


def _check_may_report(lao, project_year, months, today):
    if project_year.project.is_rejected:
        raise RefusedError("โครงการนี้ถูกปฏิเสธ ไม่ต้องทำการรายงานผลการดำเนินการ")
    state = round_states(lao, project_year.fiscal_year, today)[months]
    if not state.is_open:
        raise RefusedError(f"ยังไม่ได้บันทึก: {state.words}")
