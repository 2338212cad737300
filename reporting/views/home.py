"""S5 หน้าแรก: what an LAO has left to do, by when, and how it stands; for officers, their area at a glance."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.models import LaoProfile, User
from lao.queries.accounts import ASKED, NEW, waiting_counts
from projects.queries import returned_projects_of
from projects.queries.review import waiting_count
from reporting.models import MONTHS, ReminderLog
from reporting.queries import choose_year, round_states
from reporting.queries.areas import areas_of
from reporting.queries.receipts import has_changed, latest_receipts
from reporting.queries.reminders import reminders_to
from reporting.queries.reports import report_rows, totals_of
from reporting.queries.tables import FORMULA, USED_REPORTS, choose_result, own_summary, result_of
from reporting.rounds import Phase, current_round
from reporting.views.levels import district_address, province_address, with_query
from reporting.views.shown_charts import one_status_chart

REMINDERS_SHOWN = 5
MISSING_SHOWN = 5


@dataclass(frozen=True)
class Task:
    """One thing to do: what, the words that explain it, and the button that does it, where there is one.

    `quoted` is what an officer wrote. Of a round `progress` says how many of how many are reported, `missing` which are
    not, as (name, address), and `more` how many further ones there are.
    """

    text: str
    detail: str = ""
    url: str = ""
    label: str = ""
    quoted: str = ""
    progress: tuple[int, int] | None = None
    missing: tuple[tuple[str, str], ...] = ()
    more: int = 0


@require_safe
def home(request):
    """The page after signing in, by role."""
    return _clerk_home(request) if request.user.is_clerk else _officer_home(request)


def _clerk_home(request):
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        context = {"tasks": [*_returned_tasks(lao), _PLAN_NOT_PASSED, *_profile_tasks(lao)], "finished": []}
        return render(request, "reporting/home.html", context | {"lao": lao, "years": years, "year": year})
    rows = report_rows(request.user, lao, year)
    totals = totals_of(rows)
    states = round_states(lao, year, timezone.localdate())
    months = current_round(states.values()).months
    counts = own_summary(lao, year, months, withheld=request.user.withheld_since is not None)[-1]
    context = {
        "lao": lao,
        "years": years,
        "year": year,
        "tasks": [*_returned_tasks(lao), *_profile_tasks(lao), *_report_tasks(year, rows, totals, states)],
        "finished": _finished(lao, year, rows, totals, states),
        "totals": totals,
        "rounds": [
            {
                "months": months,
                "state": states[months],
                "reported": totals.reported[months],
                "missing": totals.missing(months),
            }
            for months, _ in MONTHS
        ],
        "result": {
            "months": months,
            "reported": totals.reported[months],
            "missing": totals.missing(months),
            "row": result_of(counts, year, months),
        },
        "chart": one_status_chart(f"สถานะของโครงการ ปีงบประมาณ {year} รอบ {months} เดือน", counts),
        "reminders": [_reminded(reminder) for reminder in reminders_to(lao, year)[:REMINDERS_SHOWN]],
        "formula": FORMULA,
        "used_reports": USED_REPORTS[months],
    }
    return render(request, "reporting/home.html", context)


def _reminded(reminder):
    said = f"มีการเตือนเมื่อ {thai_datetime(reminder.sent_at or reminder.queued_at)}"
    said += f" ให้รายงานรอบ {reminder.reporting_round.months} เดือน"
    if reminder.outcome == ReminderLog.Outcome.BOUNCED:
        return f"{said} แต่อีเมลถูกตีกลับ กรุณาตรวจสอบอีเมลผู้ประสานงานในข้อมูลพื้นฐาน"
    if reminder.outcome == ReminderLog.Outcome.UNSURE:
        return f"{said} แต่อีเมลอาจส่งไม่ถึง"
    return said


def _officer_tasks(user):
    """What waits for an officer, as `(how much of what, where it is done, the word on the button)`."""
    projects, claims, requests = waiting_count(user), *waiting_counts(user).values()
    accounts = reverse("accounts")
    tasks = [
        (projects, f"โครงการรอตรวจสอบ {projects:,} โครงการ", reverse("review"), "ตรวจโครงการ"),
        (claims, f"การลงทะเบียนใหม่รอยืนยัน {claims:,} บัญชี", f"{accounts}?state={NEW}", "ยืนยันการลงทะเบียน"),
        (requests, f"คำขอรหัสผ่านใหม่รอโทรกลับ {requests:,} บัญชี", f"{accounts}?state={ASKED}", "ดูคำขอ"),
    ]
    return [task for number, *task in tasks if number]


def _officer_home(request):
    user = request.user
    years, year, months = choose_result(request.GET.get("year"), None)
    areas, total = areas_of(user, year)
    in_one_province = user.role == User.Role.PROVINCE
    address = district_address if in_one_province else province_address
    query = urlencode({"year": year, "months": months})
    context = {
        "area_name": user.area_name,
        "tasks": _officer_tasks(user),
        "years": years,
        "year": year,
        "months": months,
        "areas": [(with_query(address(area.key), query), area) for area in areas],
        "total": total,
        "unit": "อำเภอ" if in_one_province else "จังหวัด",
    }
    return render(request, "reporting/home_officer.html", context)


_PLAN_NOT_PASSED = Task(
    "แผนปฏิบัติการป้องกันการทุจริตยังไม่ผ่านเกณฑ์มาตรฐาน จึงยังบันทึกโครงการและรายงานผลไม่ได้",
    "เมื่อสำนักงาน ป.ป.ช. บันทึกว่าแผนผ่านเกณฑ์แล้ว ปีงบประมาณของแผนจะเปิดให้เลือกเอง ระหว่างนี้กรอกข้อมูลพื้นฐานได้",
)


def _profile_tasks(lao):
    """The task of an LAO whose profile has no e-mail address."""
    if LaoProfile.objects.filter(lao=lao).exclude(coordinator_email="").exists():
        return []
    return [Task("ยังไม่ได้กรอกอีเมลผู้ประสานงาน", "ต้องใช้เมื่อขอรหัสผ่านใหม่", reverse("profile"), "กรอกข้อมูลพื้นฐาน")]


def _returned_tasks(lao):
    """The projects that officers returned, of whatever year, each with the officer's words."""
    return [
        Task(
            f"เจ้าหน้าที่ส่งกลับแก้ไข “{project.name}”",
            quoted=project.officer_reason or "",
            url=reverse("project-edit", args=[project.pk]),
            label="แก้ไขโครงการ",
        )
        for project in returned_projects_of(lao)
    ]


def _report_tasks(year, rows, totals, states):
    """What is left of a year: its first project, then each round that something is missing in."""
    if not totals.projects:
        url = f"{reverse('project-new')}?year={year}"
        return [Task(f"ยังไม่มีโครงการในปีงบประมาณ {year}", url=url, label="บันทึกโครงการ/กิจกรรม")]
    return [
        _round_task(year, rows, totals, state)
        for months, state in states.items()
        if totals.missing(months) and state.phase in (Phase.OPEN, Phase.CLOSED)
    ]


def _round_task(year, rows, totals, state):
    """What is missing in a round, by when, and the page on which it is typed; of a closed one, whom to ask."""
    months = state.months
    missing = [row for row in rows if row.counted and not row.is_settled(months)]
    address = f"{reverse('report-grid')}?year={year}&months={months}"
    ask = "หากต้องการขยายเวลา กรุณาติดต่อสำนักงาน ป.ป.ช. ประจำจังหวัด"
    return Task(
        f"รายงานผลรอบ {months} เดือน ปีงบประมาณ {year} ยังไม่ได้รายงาน {len(missing)} จาก {totals.projects} โครงการ",
        detail=state.words if state.is_open else f"{state.words} {ask}",
        url=address if state.is_open else "",
        label="กรอกทั้งรอบในหน้าเดียว" if state.is_open else "",
        progress=(totals.reported[months], totals.projects),
        missing=tuple(
            (row.project.name, reverse("report-edit", args=[row.project_year.pk, months]) if state.is_open else "")
            for row in missing[:MISSING_SHOWN]
        ),
        more=max(0, len(missing) - MISSING_SHOWN),
    )


def _finished(lao, year, rows, totals, states):
    """The rounds of the year that are complete, each with its receipt, None where none was issued, and whether the
    reports say something else by now; `token` is that of the button that issues one."""
    done = [
        months
        for months, state in states.items()
        if totals.projects and not totals.missing(months) and state.phase in (Phase.OPEN, Phase.CLOSED)
    ]
    receipts = latest_receipts(lao, year)
    return [
        {
            "months": months,
            "receipt": receipts.get(months),
            "changed": months in receipts and has_changed(receipts[months], rows),
            "token": uuid.uuid4(),
        }
        for months in done
    ]
