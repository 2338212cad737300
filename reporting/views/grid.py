"""S11 as a grid: a round of all projects of a year on one page, saved as a whole or, by a script, row by row."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from eplan.fiscal import thai_datetime
from eplan.forms import kept_as, tell_saved, version_of
from lao.access import for_roles
from lao.drafts import discard_draft
from lao.models import User
from projects.models import ProjectYear
from reporting.actions import RefusedError, save_report
from reporting.forms import GridForm, GridRowForm
from reporting.queries import choose_year, round_states
from reporting.queries.reports import ReportRow, report_rows, report_rows_of
from reporting.queries.tables import parse_months
from reporting.rounds import current_round
from reporting.views.meeting import save_or_ask
from reporting.views.shown_grid import shown_lines, shown_said, shown_sums

GONE = "โครงการถูกลบไปแล้ว"


@dataclass
class Line:
    """A row of the grid with its form, and what became of it.

    `saved` is None where nothing was to be saved; `conflict` is what is to be chosen, where someone else saved
    meanwhile.
    """

    row: ReportRow
    months: int
    form: GridRowForm
    saved: bool | None = None
    conflict: dict | None = None

    @property
    def key(self):
        """The project year, as the names of its fields begin."""
        return str(self.row.project_year.pk)

    @property
    def report(self):
        """The report of the round, None where there is none."""
        return self.row.reports.get(self.months)

    @property
    def from_six(self):
        """Whether the row starts from what was said at 6 months and still is to be reported at 12."""
        return self.report is None and 6 in self.row.reports and not self.row.is_settled(self.months)


@for_roles(User.Role.LAO)
def grid(request):
    """Every project of the year in one round: read it, save it all, or save the rows that a script sends."""
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        return redirect("report-list")
    states = SimpleLazyObject(lambda: round_states(lao, year, timezone.localdate()))
    months = parse_months(request.GET.get("months")) or current_round(states.values()).months
    by_script = (
        request.method == "POST" and request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )
    sent = {name.removesuffix("-version") for name in request.POST if name.endswith("-version")}
    if by_script:
        rows = report_rows_of(request.user, lao, year, _numbers(sent))
    else:
        rows = report_rows(request.user, lao, year)
    address = f"{reverse('report-grid')}?year={year}&months={months}"
    form, status = GridForm(request.POST or None), 200
    if request.method == "POST":
        lines, gone = _posted(request, sent, rows, months)
        for line in lines:
            _save(request, line)
        if by_script:
            return JsonResponse(_told(lines, gone))
        unsaved = [line for line in lines if line.saved is False]
        if not unsaved and not gone:
            saved = sum(line.saved is True for line in lines)
            words = f"บันทึกแล้ว {saved} โครงการ" if saved else "ไม่มีแถวใดเปลี่ยนแปลง"
            form.is_valid()
            discard_draft(by=request.user, token=form.cleaned_data["form_token"])
            tell_saved(request, f"{words} รอบ {months} เดือน ปีงบประมาณ {year}", form.cleaned_data["form_token"])
            return redirect(address)
        status = 409 if gone or any(line.conflict or line.form.non_field_errors() for line in unsaved) else 200
        lines = _with_others(lines, rows, months)
    else:
        lines, gone = [Line(row, months, GridRowForm(row=row, months=months)) for row in rows if row.counted], []
    state = states[months]
    context = {
        "lao": lao,
        "years": years,
        "year": year,
        "months": months,
        "state": state,
        "form": form,
        "kept": kept_as(form, f"grid:{year}:{months}", version=_version(rows, months)),
        "may_type": state.is_open or request.method == "POST",
        "lines": shown_lines(lines) if state.is_open or request.method == "POST" else shown_said(lines),
        "sums": shown_sums(lines),
        "waiting": sum(line.from_six for line in lines),
        "saved": sum(line.saved is True for line in lines),
        "unsaved": [line for line in lines if line.saved is False],
        "gone": gone,
        "list_url": f"{reverse('report-list')}?year={year}",
        "trail": _trail(year),
    }
    return render(request, "reporting/report_grid.html", context, status=status)


def _numbers(keys):
    """Those of `keys` that may be ids."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]


def _posted(request, sent, rows, months):
    """`(lines, gone)`: the rows that were `sent`, by their keys, and what was sent of projects deleted since, as texts.

    `rows` are those of the year, or as many of them as were sent.
    """
    known = {str(row.project_year.pk): row for row in rows}
    missing = sent - known.keys()
    if missing or not sent:
        found = ProjectYear.objects.visible_to(request.user).filter(pk__in=_numbers(missing)).select_related("project")
        deleted = {str(each.pk): each.project.name for each in found if each.project.deleted_at}
        if not sent or missing - deleted.keys():
            raise Http404
        gone = [f"{name}: {GONE}" for name in deleted.values()]
    else:
        gone = []
    chosen = [row for key, row in known.items() if key in sent]
    return [Line(row, months, GridRowForm(request.POST, row=row, months=months)) for row in chosen], gone


def _save(request, line):
    """Save what was typed in `line`, or with "same" what was said at 6 months, and note in it what became of it."""
    if not (line.form.is_touched or ("same" in request.POST and line.from_six)):
        return
    line.saved = False
    if not line.form.is_valid():
        return

    def save(version, answers):
        return save_report(
            by=request.user,
            project_year_id=line.row.project_year.pk,
            months=line.months,
            version=version,
            today=timezone.localdate(),
            answers=answers,
            notes=line.form.notes,
        )

    try:
        saved, line.conflict = save_or_ask(save, line.form)
    except RefusedError as refusal:
        line.form.add_error(None, str(refusal))
    except ObjectDoesNotExist:  # deleted since it was found
        line.form.add_error(None, GONE)
    else:
        if saved:
            line.row.reports[line.months] = saved.report
            line.form = GridRowForm(row=line.row, months=line.months)
            line.saved = True


def _with_others(lines, rows, months):
    """All rows of the page after a save: with what was typed where it could not be saved, else as they stand now."""
    sent = {line.key: line for line in lines}
    made = [
        sent.get(str(row.project_year.pk)) or Line(row, months, GridRowForm(row=row, months=months)) for row in rows
    ]
    shown = [line for line in made if line.row.counted or line.key in sent]
    for line in shown:
        if line.saved is None:
            line.form = GridRowForm(row=line.row, months=months)
    return shown


def _told(lines, gone):
    """What a script hears of the rows it sent, by their keys."""
    return {
        "gone": gone,
        "rows": {
            shown.key: {
                "saved": line.saved is not False,
                "at": thai_datetime(line.report.updated_at) if line.report else "",
                "reported": line.row.is_settled(line.months),
                "hidden": dict(shown.hidden),
                "values": {cell.name: cell.value for cell in shown.cells if cell} if line.saved else {},
                "errors": {cell.name: list(cell.errors) for cell in shown.cells if cell and cell.errors},
                "notes": shown.notes,
                "conflict": line.conflict and _asked(line.conflict),
            }
            for line, shown in zip(lines, shown_lines(lines), strict=True)
        },
    }


def _version(rows, months):
    """A number that is another one as soon as a row of the page was saved anew."""
    reports = [row.reports[months] for row in rows if months in row.reports]
    return version_of(" ".join(f"{report.pk}:{report.version}" for report in reports))


def _asked(conflict):
    """A conflict as JSON takes it."""
    return {**conflict, "questions": [asdict(question) for question in conflict["questions"]]}


def _trail(year):
    reports = f"{reverse('report-list')}?year={year}"
    return [
        ("หน้าแรก", reverse("home")),
        ("การบันทึก/รายงาน", ""),
        ("รายงานผลการดำเนินงาน", reports),
        ("กรอกทั้งรอบ", ""),
    ]
