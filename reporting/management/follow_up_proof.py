"""The follow-up reckoned anew from plans, accounts, dates and counted reports, by other means than its pages use."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from lao.models import Lao, User
from projects.models import Plan
from reporting.models import ReportingRound
from reporting.queries.standings import ByAttention, RoundStates, alike


def follow_up_differences(year: int, months: int, laos, counts, today: date) -> Iterator[str]:
    """Where the follow-up of a round says something else of an LAO, or of a province, in words.

    `laos` are all there are, with their places; `counts` are their counted figures by dimension, by the LAO's key:
    projects, completed, in progress, and settled as the last.
    """
    expected = _expected(year, months, laos, counts, today)
    states = RoundStates(year, months, today)
    found = {each.lao: _of(each) for each in ByAttention(Lao.objects.all(), states)}
    for lao in laos:
        if found.get(lao.pk) != expected[lao.pk]:
            yield f"ติดตาม {lao.code} ปี {year} รอบ {months}: {found.get(lao.pk)} คำนวณใหม่ {expected[lao.pk]}"
    if len(found) != len(laos):
        yield f"ติดตาม ปี {year} รอบ {months}: {len(found)} อปท. จาก {len(laos)}"
    pooled, summed = Counter(), Counter()
    for group in alike(Lao.objects.all(), states, by_district=True):
        _add(pooled, (group.district, *_of(group)[4:]), group.laos, _of(group)[:4])
    for lao in laos:
        _add(summed, (lao.district_id, *expected[lao.pk][4:]), 1, expected[lao.pk][:4])
    if pooled != summed:
        yield f"ติดตามรายพื้นที่ ปี {year} รอบ {months}: {pooled - summed} คำนวณใหม่ {summed - pooled}"


def _of(each):
    figures = each.projects, each.settled, each.completed, each.in_progress
    return *figures, str(each.progress), each.late, each.state.closes_on


def _add(sums, key, laos, figures):
    for place, number in enumerate((laos, *figures)):
        sums[*key, place] += number


def _expected(year, months, laos, counts, today):
    passed = {
        plan.lao_id
        for plan in Plan.objects.select_related("period")
        if plan.passed_in and plan.passed_in <= year and year in plan.period.years
    }
    withheld = {account.lao_id for account in User.objects.filter(role="LAO") if account.withheld_since}
    known = ReportingRound.objects.filter(fiscal_year=year, months=months).first()
    extensions = list(known.extensions.all()) if known else []

    def reckoned(lao):
        rows = list(counts.get(lao.pk, {}).values())
        projects, completed, in_progress, settled = (sum(row[place] for row in rows) for place in (0, 1, 2, -1))
        helped = [e.until for e in extensions if e.lao_id == lao.pk or e.province_id == lao.district.province_id]
        last = max([known.closes_on, *helped]) if known else None
        owes = projects > settled
        if lao.pk in withheld:
            word = "WITHHELD"
        elif projects == 0:
            word = "NO_PROJECTS" if lao.pk in passed else "NOT_ASKED"
        else:
            word = ("BEGUN" if settled else "NOT_BEGUN") if owes else "FINISHED"
        opened = known is not None and today >= known.opens_on
        return projects, settled, completed, in_progress, word, owes and opened and today > last, last

    return {lao.pk: reckoned(lao) for lao in laos}
