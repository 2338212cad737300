"""S5 หน้าแรก: what an LAO has left to do, by when, and how it stands; for officers, their area at a glance."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eplan.fiscal import thai_datetime
from lao.models import LaoProfile, User
from projects.queries import returned_projects_of
from projects.queries.review import waiting_for
from reporting.models import MONTHS, ReminderLog
from reporting.queries import choose_year, round_states
from reporting.queries.areas import areas_of
from reporting.queries.reminders import reminders_to
from reporting.queries.reports import report_rows, totals_of
from reporting.queries.tables import FORMULA, USED_REPORTS, choose_result, own_summary, result_of
from reporting.rounds import Phase, current_round
from reporting.views.levels import district_address, province_address, with_query
from reporting.views.shown_charts import one_status_chart

REMINDERS_SHOWN = 5


@require_safe
def home(request):
    """The page after signing in, by role."""
    return _clerk_home(request) if request.user.is_clerk else _officer_home(request)


def _clerk_home(request):
    lao = request.user.lao
    years, year = choose_year(request.GET.get("year"), lao)
    if year is None:
        context = {"tasks": [_PLAN_NOT_PASSED, *_profile_tasks(lao), *_returned_tasks(lao)]}
        return render(request, "reporting/home.html", context | {"lao": lao, "years": years, "year": year})
    totals = totals_of(report_rows(request.user, lao, year))
    states = round_states(lao, year, timezone.localdate())
    months = current_round(states.values()).months
    counts = own_summary(lao, year, months, withheld=request.user.withheld_since is not None)[-1]
    context = {
        "lao": lao,
        "years": years,
        "year": year,
        "tasks": [*_profile_tasks(lao), *_returned_tasks(lao), *_report_tasks(year, totals, states)],
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
    return said


def _officer_home(request):
    user = request.user
    years, year, months = choose_result(request.GET.get("year"), None)
    areas, total = areas_of(user, year)
    in_one_province = user.role == User.Role.PROVINCE
    address = district_address if in_one_province else province_address
    query = urlencode({"year": year, "months": months})
    context = {
        "area_name": user.area_name,
        "waiting": waiting_for(user).count(),
        "years": years,
        "year": year,
        "months": months,
        "areas": [(with_query(address(area.key), query), area) for area in areas],
        "total": total,
        "unit": "อำเภอ" if in_one_province else "จังหวัด",
    }
    return render(request, "reporting/home_officer.html", context)


_PLAN_NOT_PASSED = {
    "text": "แผนปฏิบัติการป้องกันการทุจริตยังไม่ผ่านเกณฑ์มาตรฐาน จึงยังบันทึกโครงการและรายงานผลไม่ได้",
    "detail": "เมื่อสำนักงาน ป.ป.ช. บันทึกว่าแผนผ่านเกณฑ์แล้ว ปีงบประมาณของแผนจะเปิดให้เลือกเอง ระหว่างนี้กรอกข้อมูลพื้นฐานได้",
    "url": "",
    "label": "",
}


def _profile_tasks(lao):
    """The task of an LAO whose profile has no e-mail address."""
    if LaoProfile.objects.filter(lao=lao).exclude(coordinator_email="").exists():
        return []
    detail = "ต้องใช้เมื่อขอรหัสผ่านใหม่"
    return [{"text": "ยังไม่ได้กรอกอีเมลผู้ประสานงาน", "detail": detail, "url": reverse("profile"), "label": "กรอกข้อมูลพื้นฐาน"}]


def _returned_tasks(lao):
    """The projects that officers returned, of whatever year, each with the officer's comment."""
    return [
        {
            "text": f"เจ้าหน้าที่ส่งกลับแก้ไข “{project.name}”",
            "detail": project.officer_reason or "",
            "url": reverse("project-edit", args=[project.pk]),
            "label": "แก้ไขโครงการ",
        }
        for project in returned_projects_of(lao)
    ]


def _report_tasks(year, totals, states):
    """What is left of a year: its first project, then each round that something is missing in."""
    if not totals.projects:
        text = f"ยังไม่มีโครงการในปีงบประมาณ {year}"
        url = f"{reverse('project-new')}?year={year}"
        return [{"text": text, "detail": "", "url": url, "label": "บันทึกโครงการ/กิจกรรม"}]
    tasks = []
    for months, state in states.items():
        missing = totals.missing(months)
        if not missing or state.phase not in (Phase.OPEN, Phase.CLOSED):
            continue
        task = {
            "text": f"รายงานผลรอบ {months} เดือน ยังไม่ได้รายงาน {missing} จาก {totals.projects} โครงการ",
            "detail": state.words,
            "url": f"{reverse('report-list')}?year={year}",
            "label": "รายงานผลการดำเนินงาน",
        }
        if not state.is_open:
            ask = "หากต้องการขยายเวลา กรุณาติดต่อสำนักงาน ป.ป.ช. ประจำจังหวัด"
            task |= {"detail": f"{state.words} {ask}", "url": "", "label": ""}
        tasks.append(task)
    return tasks
