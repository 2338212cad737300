"""The project years of an LAO in a fiscal year, with what was reported on each."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects

from lao.models import AuditEntry
from projects.models import ProjectYear, ReviewDecision
from reporting.cautions import cautions, unkept
from reporting.models import MONTHS, KeptCaution, ProgressReport
from reporting.rounds import is_settled, latest


@dataclass(frozen=True)
class Cell:
    """One round of one project year: whether it is reported, and whether only because it was done at 6 months."""

    months: int
    reported: bool
    from_six: bool


@dataclass(frozen=True)
class ReportRow:
    """A line of the list: `number` from 1, and the project year.

    The figures of the year are those of the latest report; None where there is no report or no budget is used.
    """

    number: int
    project_year: ProjectYear

    @cached_property
    def reports(self):
        """The `ProgressReport`s by months. A query, unless they were fetched with the year."""
        return {report.months: report for report in self.project_year.reports.all()}

    @property
    def project(self):
        """The project, its dimension joined."""
        return self.project_year.project

    @property
    def rejection_reason(self):
        """The officer's reason for the latest rejection, None where there was none."""
        return self.project_year.rejection_reason

    @property
    def counted(self):
        """Whether the row is in counts and sums: an officer's rejection takes it out."""
        return not self.project.is_rejected

    @property
    def plan_budget(self):
        """งบประมาณตามแผน in baht."""
        return self.project_year.plan_budget

    @property
    def ordinance_budget(self):
        """งบประมาณตามข้อบัญญัติ/เทศบัญญัติ in baht."""
        report = latest(self.reports)
        return report and report.ordinance_budget

    @property
    def disbursed(self):
        """งบประมาณที่เบิกจ่ายจริง in baht."""
        report = latest(self.reports)
        return report and report.disbursed

    @property
    def status(self):
        """The `ProgressReport.Status` that stands, None where nothing was reported."""
        report = latest(self.reports)
        return report and report.status

    @property
    def cells(self):
        """A `Cell` for each round."""
        settled = {months: self.is_settled(months) for months, _ in MONTHS}
        return [Cell(months, reported, reported and months not in self.reports) for months, reported in settled.items()]

    def cautions(self, months):
        """What is to be said of the report of the round (`reporting.cautions`), without what was kept; [] for none."""
        return cautions_left(self.reports.get(months), self.plan_budget, self.reports.get(6))

    def kept(self, months):
        """The `KeptCaution`s of the report of the round whose figures still stand."""
        report = self.reports.get(months)
        found = {(each.kind, each.figures) for each in cautions_of(report, self.plan_budget, self.reports.get(6))}
        return [each for each in _kept_of(report) if (each.kind, each.figures) in found] if found else []

    def is_settled(self, months):
        """Whether nothing is left to report on this project year in the round."""
        return is_settled(months, {known: report.status for known, report in self.reports.items()})


@dataclass(frozen=True)
class Totals:
    """What the rows that count add up to; amounts in baht, `reported` is the number of settled rows by months."""

    projects: int
    reported: dict[int, int]
    plan_budget: Decimal
    ordinance_budget: Decimal
    disbursed: Decimal

    def missing(self, months):
        """Project years still to be reported in the round."""
        return self.projects - self.reported[months]


def report_rows(user, lao, fiscal_year):
    """The `ReportRow`s of `lao` in a year in the order of recording, rejected projects among them, deleted ones not.

    Three queries, however many rows.
    """
    return _rows(ProjectYear.objects.visible_to(user).prefetch_related("reports__kept"), lao, fiscal_year)


def report_rows_of(user, lao, fiscal_year, project_years):
    """Those of the `report_rows` that are of the `project_years`, ids, numbered among themselves.

    Two queries, and one for each report that is asked what was kept about it.
    """
    return _rows(ProjectYear.objects.visible_to(user).filter(pk__in=project_years), lao, fiscal_year)


def public_rows(lao, fiscal_year):
    """The same `ReportRow`s for citizens and officers; none while the LAO is withheld."""
    return _rows(ProjectYear.objects.published(), lao, fiscal_year)


def find_row(user, project_year_id):
    """The `ReportRow` of one project year that `user` may see, of a project that was not deleted; its number is 0.

    One query; its reports are fetched when they are asked for. Raises `ProjectYear.DoesNotExist`.
    """
    years = ProjectYear.objects.visible_to(user).filter(project__deleted_at__isnull=True)
    return ReportRow(0, _for_rows(years).get(pk=project_year_id))


def rejection_reason():
    """The officer's reason for the latest rejection of the project of a year, None where there was none."""
    rejection = ReviewDecision.objects.filter(
        project=OuterRef("project"), decision=ReviewDecision.Decision.REJECT
    ).order_by("-at", "-id")
    return Subquery(rejection.values("reason")[:1])


def totals_of(rows):
    """The `Totals` of those of `rows` that count."""
    counted = [row for row in rows if row.counted]
    return Totals(
        projects=len(counted),
        reported={months: sum(row.is_settled(months) for row in counted) for months, _ in MONTHS},
        plan_budget=_sum(row.plan_budget for row in counted),
        ordinance_budget=_sum(row.ordinance_budget for row in counted),
        disbursed=_sum(row.disbursed for row in counted),
    )


def cautions_of(report, plan_budget, at_six):
    """All `Caution`s about `report`, kept or not; `at_six` is the one of the 6-month round. Both may be None."""
    if report is None:
        return []
    return cautions(
        status=report.status,
        plan_budget=plan_budget,
        ordinance_budget=report.ordinance_budget,
        disbursed=report.disbursed,
        disbursed_at_six=at_six.disbursed if at_six and report.months != at_six.months else None,
    )


def cautions_left(report, plan_budget, at_six):
    """Those of `cautions_of` that nobody kept."""
    found = cautions_of(report, plan_budget, at_six)
    return unkept(found, {(each.kind, each.figures) for each in _kept_of(report)}) if found else []


def _kept_of(report):
    """The `KeptCaution`s of `report`. A query for the first who asks, unless they were fetched with it."""
    prefetch_related_objects([report], "kept")
    return report.kept.all()


def kept_in(user, lao, fiscal_year):
    """What `lao` kept about its reports of a year, for who may see it: `KeptCaution`s whose figures still stand.

    Three queries, however many rows; none where nothing was kept.
    """
    found = KeptCaution.objects.visible_to(user).filter(
        report__project_year__project__plan__lao=lao, report__project_year__fiscal_year=fiscal_year
    )
    if not found.exists():
        return []
    return [kept for row in report_rows(user, lao, fiscal_year) for months, _ in MONTHS for kept in row.kept(months)]


def history_of(report):
    """What the audit trail knows of `report` and of what was kept about it: `AuditEntry`s, the latest first."""
    kept = [str(pk) for pk in report.kept.values_list("pk", flat=True)]
    of_report = Q(table_name=ProgressReport._meta.db_table, row_id=str(report.pk))
    return AuditEntry.objects.filter(of_report | Q(table_name=KeptCaution._meta.db_table, row_id__in=kept))


def _rows(years, lao, fiscal_year):
    years = years.filter(project__plan__lao=lao, fiscal_year=fiscal_year, project__deleted_at__isnull=True)
    years = _for_rows(years.order_by("project_id")).prefetch_related("reports")
    return [ReportRow(number, year) for number, year in enumerate(years, start=1)]


def _for_rows(years):
    return years.select_related("project__dimension").annotate(rejection_reason=rejection_reason())


def _sum(amounts):
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
