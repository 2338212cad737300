"""The page of one project: everything public about it."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import baht, thai_date_short
from eplan.templatetags.looks import STATUSES, badge
from projects.models import Project
from public.caching import published
from public.queries.projects import find_project
from public.views.frame import page_of, places_to
from reporting.models import MONTHS, ProgressReport
from reporting.rounds import is_settled
from reporting.summary_exports import place_of

State = Project.ReviewState
STATES = {
    State.SUBMITTED: badge("note", "clock", "รอสำนักงาน ป.ป.ช. ตรวจสอบ"),
    State.ACCEPTED: badge("good", "check", "สำนักงาน ป.ป.ช. เห็นชอบ"),
    State.RETURNED: badge("part", "return", "ส่งกลับให้ อปท. แก้ไข"),
    State.REJECTED: badge("bad", "reject", "ปฏิเสธโครงการ"),
}
NO_BUDGET = "ไม่ใช้งบประมาณ"
SETTLED_AT_SIX = "ดำเนินการแล้วเสร็จตั้งแต่รอบ 6 เดือน ไม่ต้องรายงานซ้ำ"


@published("project")
def project(request, project_id):
    """A project with its years, reports and decisions. What is deleted or withheld is not there."""
    try:
        found = find_project(project_id)
    except Project.DoesNotExist:
        raise Http404 from None
    known, lao = found.project, found.project.plan.lao
    context = {
        "trail": places_to(lao.district.province, (str(lao), reverse("public-lao", args=[lao.code])), (known.name, "")),
        "page": page_of(request, f"{known.name} - {place_of(lao)}", _description(found, lao)),
        "project": known,
        "lao": lao,
        "state": STATES[known.review_state],
        "facts": _facts(found),
        "years": [_shown_year(year, reports) for year, reports in found.years],
        "decisions": [_shown_decision(decision) for decision in found.decisions],
        "computed_at": thai_datetime(timezone.now()),
    }
    return render(request, "public/project.html", context)


def _facts(found):
    """What is planned: pairs of (name, words); what is not known is left out."""
    known = found.project
    groups = Project.TargetGroup
    facts = [
        ("ประเภทงาน", known.get_kind_display()),
        ("สอดคล้องกับ", str(known.dimension)),
        ("มิติที่สอดคล้องเพิ่มเติม", " · ".join(map(str, found.further))),
        ("ดำเนินการในไตรมาส", " ".join(map(str, sorted(known.quarters)))),
        ("กลุ่มเป้าหมาย", " · ".join(groups(group).label for group in groups if group in known.target_groups)),
        ("วัตถุประสงค์", known.objective),
        ("หมายเหตุ", known.remark),
        ("บันทึกเมื่อ", thai_date_short(known.created_at)),
    ]
    return [(name, words) for name, words in facts if words]


def _shown_year(year, reports):
    """A year in strings: its planned budget, and what each round says."""
    statuses = {months: report.status for months, report in reports.items()}
    return {
        "year": year.fiscal_year,
        "budget": NO_BUDGET if year.plan_budget is None else baht(year.plan_budget),
        "rounds": [_shown_round(months, reports.get(months), is_settled(months, statuses)) for months, _ in MONTHS],
    }


def _shown_round(months, report, settled):
    """A round in strings; without a report, whether one was needed."""
    if report is None:
        shown = {"status": "" if settled else STATUSES[None], "note": SETTLED_AT_SIX if settled else ""}
        return {
            "months": months,
            "ordinance": "-",
            "disbursed": "-",
            "in_ordinance": "-",
            "remark": "",
            "at": "",
            **shown,
        }
    return {
        "months": months,
        "status": STATUSES[report.status],
        "note": _reason(report),
        "ordinance": baht(report.ordinance_budget),
        "disbursed": baht(report.disbursed),
        "in_ordinance": "บรรจุแล้ว" if report.in_ordinance else "ไม่ได้บรรจุ",
        "remark": report.remark,
        "at": thai_date_short(report.updated_at),
    }


def _reason(report):
    """Why it could not be done, "" where it could."""
    if report.reason == ProgressReport.Reason.OTHER:
        return report.other_reason
    return report.get_reason_display() if report.reason else ""


def _shown_decision(decision):
    """A decision in strings. The office decided; the name of the officer is nobody's business here."""
    return {
        "at": thai_date_short(decision.at),
        "what": decision.get_decision_display(),
        "office": decision.by.office,
        "reason": decision.reason,
    }


def _description(found, lao):
    """One sentence for search engines and shared links."""
    years = ", ".join(str(year.fiscal_year) for year, _ in found.years)
    budgets = [year.plan_budget for year, _ in found.years if year.plan_budget is not None]
    money = f"งบประมาณตามแผนรวม {baht(sum(budgets))} บาท" if budgets else NO_BUDGET
    return f"{found.project.get_kind_display()}ของ{place_of(lao)} ปีงบประมาณ พ.ศ. {years} {money}"
