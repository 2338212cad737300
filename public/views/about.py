"""What the figures mean."""

from django.shortcuts import render

from public.caching import published
from public.queries.areas import cutoffs
from public.views.frame import page_of, trail
from reporting.queries.tables import COUNTED, FORMULA, USED_REPORTS

TITLE = "ตัวเลขเหล่านี้หมายความว่าอย่างไร"


@published("reference")
def about(request):
    """How the figures on the pages for citizens are computed, and what they don't say."""
    context = {
        "trail": trail((TITLE, "")),
        "page": page_of(request, TITLE, "ความหมายและวิธีคำนวณร้อยละ ระดับ และงบประมาณของแผนปฏิบัติการป้องกันการทุจริต"),
        "formula": FORMULA,
        "counted": COUNTED,
        "used_reports": list(USED_REPORTS.values()),
        "cutoffs": cutoffs(),
    }
    return render(request, "public/about.html", context)
