"""When a round takes reports."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reporting.models import Extension
from reporting.queries import choose_year, default_year, round_states
from reporting.rounds import Phase, best_year, current_round, is_settled, latest, state_of
from tests import factories

OPENS, CLOSES = date(2019, 4, 1), date(2019, 4, 30)


def state(today, *, opens_on=OPENS, closes_on=CLOSES, until=None, months=6):
    return state_of(2562, months, today=today, opens_on=opens_on, closes_on=closes_on, until=until)


@pytest.mark.parametrize(
    ("today", "phase", "words"),
    [
        (date(2019, 3, 31), Phase.NOT_YET, "จะเปิดวันที่ 1 เม.ย. 2562"),
        (date(2019, 4, 1), Phase.OPEN, "เปิดรับรายงานถึง 30 เม.ย. 2562 (เหลืออีก 29 วัน)"),
        (date(2019, 4, 29), Phase.OPEN, "เปิดรับรายงานถึง 30 เม.ย. 2562 (เหลืออีก 1 วัน)"),
        (date(2019, 4, 30), Phase.OPEN, "เปิดรับรายงานถึง 30 เม.ย. 2562 (วันนี้เป็นวันสุดท้าย)"),
        (date(2019, 5, 1), Phase.CLOSED, "ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562"),
    ],
)
def test_a_round_says_where_it_stands(today, phase, words):
    known = state(today)
    assert (known.phase, known.words, known.is_open) == (phase, words, phase == Phase.OPEN)


def test_a_round_without_dates_says_so():
    known = state(OPENS, opens_on=None, closes_on=None)
    assert (known.phase, known.words) == (Phase.NOT_SET, "ยังไม่กำหนดวันเปิดรอบ")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2019, 5, 10), "เปิดรับรายงานขยายเวลาถึง 15 พ.ค. 2562 (เหลืออีก 5 วัน)"),
        (date(2019, 5, 16), "ปิดรับรายงานแล้วเมื่อ 15 พ.ค. 2562"),
    ],
)
def test_an_extension_moves_the_last_day(today, words):
    assert state(today, until=date(2019, 5, 15)).words == words


def test_an_extension_says_why():
    known = state_of(
        2562, 6, today=date(2019, 5, 15), opens_on=OPENS, closes_on=CLOSES, until=date(2019, 5, 15), reason="น้ำท่วม"
    )
    assert known.words == "เปิดรับรายงานขยายเวลาถึง 15 พ.ค. 2562 เพราะ น้ำท่วม (วันนี้เป็นวันสุดท้าย)"


def test_an_extension_never_shortens_a_round():
    known = state(date(2019, 4, 30), until=date(2019, 4, 10))
    assert known.is_open
    assert not known.extended


def test_the_current_round_is_the_open_one_that_closes_first():
    six, twelve = state(date(2019, 4, 5)), state(date(2019, 4, 5), closes_on=date(2019, 10, 31), months=12)
    assert current_round([twelve, six]) is six


def test_between_two_rounds_the_one_that_closed_last_is_current():
    day = date(2019, 6, 1)
    six, twelve = state(day), state(day, opens_on=date(2019, 10, 1), closes_on=date(2019, 10, 31), months=12)
    assert current_round([six, twelve]) is six
    later = state(date(2020, 1, 1), opens_on=date(2019, 10, 1), closes_on=date(2019, 10, 31), months=12)
    assert current_round([state(date(2020, 1, 1)), later]) is later


def test_before_any_round_the_first_is_current_and_a_year_without_rounds_is_refused():
    unset = [state(OPENS, opens_on=None, closes_on=None, months=months) for months in (12, 6)]
    assert current_round(unset).months == 6
    with pytest.raises(ValueError, match="rounds"):
        current_round([])


@pytest.mark.parametrize(
    ("years", "opened", "today", "best"),
    [
        ([2561, 2562, 2563], [2562, 2560], date(2020, 1, 1), 2562),
        ([2561, 2562, 2563], [2561, 2562], date(2020, 1, 1), 2562),
        ([2561, 2562, 2563], [], date(2019, 1, 1), 2562),
        ([2561, 2562], [2563], date(2026, 1, 1), 2562),
        ([2570, 2571], [], date(2019, 1, 1), 2571),
        ([], [2562], date(2019, 1, 1), None),
    ],
)
def test_pages_begin_with_the_year_that_can_be_reported(years, opened, today, best):
    assert best_year(years, with_open_round=opened, today=today) == best


def test_the_12_month_report_replaces_the_6_month_one():
    assert latest({}) is None
    assert latest({6: "six"}) == "six"
    assert latest({6: "six", 12: "twelve"}) == "twelve"


@pytest.mark.parametrize(
    ("months", "statuses", "settled"),
    [
        (6, {}, False),
        (6, {6: "IN_PROGRESS"}, True),
        (6, {12: "COMPLETED"}, False),
        (12, {}, False),
        (12, {6: "COMPLETED"}, True),
        (12, {6: "IN_PROGRESS"}, False),
        (12, {6: "NOT_FEASIBLE"}, False),
        (12, {6: "IN_PROGRESS", 12: "NOT_FEASIBLE"}, True),
    ],
)
def test_what_was_done_at_6_months_need_not_be_reported_at_12(months, statuses, settled):
    assert is_settled(months, statuses) is settled


def extend(known, days, **whom):
    until = timezone.localdate() + timedelta(days=days)
    return Extension.objects.create(reporting_round=known, until=until, reason="น้ำท่วม", **whom)


def test_an_extension_opens_a_round_for_its_lao_alone(clerk, django_assert_num_queries):
    known = factories.closed()
    neighbour = factories.make_lao()
    extend(known, 3, lao=clerk.lao)
    extend(known, 1, lao=clerk.lao)
    with django_assert_num_queries(1):
        states = round_states(clerk.lao, 2562, timezone.localdate())
    assert (states[6].phase, states[6].days_left, states[12].phase) == (Phase.OPEN, 3, Phase.NOT_SET)
    assert round_states(neighbour, 2562, timezone.localdate())[6].phase == Phase.CLOSED


def test_an_extension_opens_a_round_for_every_lao_of_its_province(clerk):
    elsewhere = factories.make_lao(
        district=factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    )
    extend(factories.closed(), 3, province=clerk.lao.district.province)
    assert round_states(clerk.lao, 2562, timezone.localdate())[6].is_open
    assert not round_states(elsewhere, 2562, timezone.localdate())[6].is_open


def test_of_several_extensions_the_longest_gives_the_reason(clerk):
    known = factories.closed()
    extend(known, 5, province=clerk.lao.district.province)
    longer = extend(known, 9, lao=clerk.lao)
    type(longer).objects.filter(pk=longer.pk).update(reason="ไฟไหม้")
    state = round_states(clerk.lao, 2562, timezone.localdate())[6]
    assert (state.days_left, state.reason) == (9, "ไฟไหม้")


def test_pages_begin_with_the_latest_year_whose_round_is_open(clerk):
    factories.closed(2561)
    known = factories.closed(2562)
    assert default_year(clerk.lao) == 2564
    extend(known, 3, lao=clerk.lao)
    assert default_year(clerk.lao) == 2562


def test_without_a_passed_plan_there_is_no_year(db):
    lao = factories.make_lao()
    assert choose_year("2562", lao) == ([], None)
    factories.make_plan(lao, passed_in=None)
    assert choose_year("2562", lao) == ([], None)


@pytest.mark.parametrize(
    ("text", "year"), [("2562", 2562), ("๒๕๖๓", 2563), ("2565", 2564), ("junk", 2564), ("", 2564), (None, 2564)]
)
def test_only_a_year_of_the_plan_can_be_chosen(clerk, text, year):
    assert choose_year(text, clerk.lao) == ([2561, 2562, 2563, 2564], year)
