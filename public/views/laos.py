"""The page of one LAO: its profile, its plan, its results over the years and the projects of a year."""

import re
from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import NONE, baht, count, percent
from eplan.templatetags.looks import level_badge
from evaluation.exports.tables import NOTES as SCORE_NOTES
from evaluation.queries.tables import score_table
from evaluation.views.clerk import shown as shown_scores
from evaluation.wording import shown_history
from lao.models import Lao, LaoProfile
from public.caching import published
from public.queries import laos as queries
from public.views.frame import absolute, page_of, places_to
from reporting.queries.listed import listed_rows
from reporting.queries.reports import totals_of
from reporting.queries.tables import FORMULA, USED_REPORTS
from reporting.summary_exports import AREA_BLOCKS, own_notes, place_of
from reporting.views.shown import shown_blocks, shown_result
from reporting.views.shown_follow_up import LATE_BADGE, PROGRESS

WEBSITE = re.compile(r"(?:https?://)?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][!-~]*)?)")


def of_lao(view):
    """Give `view` the LAO under the code of its address; a code that it bore before leads to its present address.

    That holds for every address below an LAO's: the same page under the present code, parameters included.
    """

    @wraps(view)
    def found(request, code):
        try:
            return view(request, queries.find_lao(code))
        except Lao.DoesNotExist:
            now = queries.present_code(code)
        if now is None:
            raise Http404
        parameters = request.META.get("QUERY_STRING", "")
        address = reverse(request.resolver_match.url_name, args=[now])
        return redirect(f"{address}?{parameters}" if parameters else address, permanent=True)

    return found


@published("lao")
@of_lao
def lao(request, lao):
    """What an LAO plans, reports and spends."""
    place = lao.district.province
    followed = queries.follow(lao, request.GET.get("year")) if lao.is_published else None
    year = followed and followed.year
    title = place_of(lao)
    context = {
        "trail": places_to(place, (str(lao), "")),
        "page": page_of(
            request,
            title,
            _description(title, year),
            chosen={"year": year.fiscal_year} if year else None,
            subject=_subject(lao),
            feed=reverse("public-lao-feed", args=[lao.code]),
            part={"year": year.fiscal_year, "lao": lao.code} if year else None,
        ),
        "lao": lao,
        "facts": _facts(lao, followed),
        "website": website_of(lao.said["website"] or lao.website),
        "years": [known.fiscal_year for known in followed.years] if followed else [],
        "year": year and year.fiscal_year,
        "computed_at": thai_datetime(timezone.now()),
    }
    if year:
        rows = listed_rows(followed.plan, followed.dimensions, year.fiscal_year)
        scores = score_table(followed.plan, followed.dimensions)
        context |= {
            "rounds": [_shown_round(found) for found in year.rounds],
            "budgets": _budgets(year.total),
            "blocks": shown_blocks(AREA_BLOCKS, year.by_dimension(followed.dimensions)),
            "block_notes": own_notes(12),
            "plan": followed.plan,
            "plan_years": [known.fiscal_year for known in followed.years_of_plan],
            "plan_rows": _plan_rows(followed),
            "rows": rows,
            "totals": totals_of(rows),
            "dimensions": scores.dimensions,
            "scores": [shown_scores(row) for row in scores.rows],
            "score_notes": SCORE_NOTES,
            "score_history": shown_history(queries.score_versions(followed.plan), followed.dimensions, is_public=True),
            "history": [_shown_year(known) for known in reversed(followed.years)],
            "notes": [FORMULA, *USED_REPORTS.values()],
        }
    return render(request, "public/lao.html", context)


def _facts(lao, followed):
    """What is public of the LAO itself: pairs of (name, words); what is not known is left out."""
    profile = lao.said
    area = profile["service_area_km2"] if profile["service_area_km2"] is not None else lao.area_km2
    plans = followed.plans if followed else []
    passed = [
        f"แผน {plan.period}: {f'ผ่านปีงบประมาณ {plan.passed_in}' if plan.passed_in else 'ยังไม่ผ่าน'}" for plan in plans
    ]
    found = [
        ("ประเภท", lao.get_kind_display()),
        ("ขนาด", LaoProfile.Size(profile["size"]).label if profile["size"] else ""),
        ("ขนาดพื้นที่ (ตร.กม.)", "" if area is None else baht(area)),
        ("ประชากรในเขตพื้นที่ (คน)", "" if profile["population"] is None else count(profile["population"])),
        ("รายได้ไม่รวมเงินอุดหนุน (บาท)", "" if profile["own_revenue"] is None else baht(profile["own_revenue"])),
        ("รายได้จากเงินอุดหนุน (บาท)", "" if profile["grant_revenue"] is None else baht(profile["grant_revenue"])),
        ("ที่ตั้งที่ทำการ", profile["office_address"] or _registered_address(lao)),
        ("ตำบลในเขต", lao.subdistricts),
        ("แผนผ่านเกณฑ์มาตรฐาน", " · ".join(passed)),
        ("รหัสเดิม", ", ".join(lao.former)),
    ]
    return [(name, words) for name, words in found if words]


def _registered_address(lao):
    """Where the office is as the register has it, "" where it knows no more than a postal code."""
    if not lao.address_number:
        return ""
    moo = f"หมู่ที่ {lao.address_moo}" if lao.address_moo else ""
    return " ".join(filter(None, (f"เลขที่ {lao.address_number}", moo, lao.postal_code)))


def website_of(text):
    """`(address, words)` of a website as it was typed; None for what is none. Only http and https lead anywhere."""
    found = WEBSITE.fullmatch((text or "").strip())
    if not found:
        return None
    typed = found[0]
    return (typed if typed.startswith("http") else f"http://{typed}"), found[1]


def _shown_round(found):
    """The result of a round in strings."""
    return {
        "months": found.months,
        "result": shown_result(found.row),
        "progress": PROGRESS[found.progress],
        "late": LATE_BADGE if found.late else "",
        "reported": f"{found.settled:,} จาก {found.row.projects:,}",
        "when": found.state.words if found.state else "ยังไม่กำหนดวันเปิดรอบ",
    }


def _budgets(total):
    """The three budgets of a year, pairs of (name, baht in words); of what nobody has reported yet there is none."""
    known = bool(total.reported)
    return [
        ("งบประมาณตามแผนฯ", baht(total.plan_budget)),
        ("ตามข้อบัญญัติ/เทศบัญญัติ", baht(total.ordinance_budget) if known else NONE),
        ("เบิกจ่ายจริง", baht(total.disbursed) if known else NONE),
    ]


def _plan_rows(followed):
    """The plan by dimension: (name, projects of each year), and last the total."""
    years = [year.by_dimension(followed.dimensions) for year in followed.years_of_plan]
    return [(rows[0].name, [count(row.projects) for row in rows]) for rows in zip(*years, strict=True)]


def _shown_year(year):
    """One line of the history in strings: its year, N, (percent, level) of each round, budgets."""
    rows = [found.row for found in year.rounds]
    results = [(percent(row.shown_percent), level_badge(row.level, row.level_name)) for row in rows]
    return year.fiscal_year, count(year.total.projects), results, [words for _, words in _budgets(year.total)]


def _description(title, year):
    """One sentence for search engines and shared links."""
    if not year:
        return f"{title} แผนปฏิบัติการป้องกันการทุจริตและผลการดำเนินงาน"
    last = year.rounds[-1].row
    result = f" ร้อยละ {percent(last.shown_percent)}" if last.percent is not None else ""
    return (
        f"{title} ปีงบประมาณ พ.ศ. {year.fiscal_year} มี {year.total.projects:,} โครงการป้องกันการทุจริต"
        f" งบประมาณตามแผน {baht(year.total.plan_budget)} บาท ผลการนำแผนไปปฏิบัติ{result}"
    )


def _subject(lao):
    """The LAO as a schema.org GovernmentOrganization."""
    district, province = lao.district, lao.district.province
    website = website_of(lao.said["website"] or lao.website)
    return {
        "@type": "GovernmentOrganization",
        "@id": absolute(reverse("public-lao", args=[lao.code])),
        "name": str(lao),
        "identifier": lao.code,
        "areaServed": place_of(lao),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": district.name,
            "addressRegion": province.name,
            "addressCountry": "TH",
            **({"postalCode": lao.postal_code} if lao.postal_code else {}),
        },
        **({"sameAs": website[0]} if website else {}),
    }
