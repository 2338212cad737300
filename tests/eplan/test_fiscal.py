from datetime import UTC, date, datetime

import pytest

from eplan import fiscal


@pytest.mark.parametrize(
    ("day", "fiscal_year", "quarter"),
    [
        (date(2018, 9, 30), 2561, 4),
        (date(2018, 10, 1), 2562, 1),
        (date(2018, 12, 31), 2562, 1),
        (date(2019, 1, 1), 2562, 2),
        (date(2019, 3, 31), 2562, 2),
        (date(2019, 4, 1), 2562, 3),
        (date(2019, 7, 1), 2562, 4),
        (date(2019, 9, 30), 2562, 4),
        (date(2019, 10, 1), 2563, 1),
    ],
)
def test_a_day_falls_in_its_fiscal_year_and_quarter(day, fiscal_year, quarter):
    assert fiscal.fiscal_year_of(day) == fiscal_year
    assert fiscal.quarter_of(day) == quarter


def test_a_fiscal_year_runs_from_october_to_september():
    assert fiscal.first_day(2562) == date(2018, 10, 1)
    assert fiscal.last_day(2562) == date(2019, 9, 30)


def test_a_round_ends_in_march_or_september():
    assert fiscal.round_end(2562, 6) == date(2019, 3, 31)
    assert fiscal.round_end(2562, 12) == date(2019, 9, 30)
    with pytest.raises(ValueError, match="not 9"):
        fiscal.round_end(2562, 9)


def test_dates_are_written_in_the_buddhist_era():
    assert fiscal.buddhist_year(date(2019, 1, 5)) == 2562
    assert fiscal.thai_date(date(2019, 1, 5)) == "5 มกราคม 2562"
    assert fiscal.thai_date_short(date(2019, 1, 5)) == "5 ม.ค. 2562"
    assert fiscal.thai_date(date(2020, 2, 29)) == "29 กุมภาพันธ์ 2563"


def test_a_moment_is_shown_as_clocks_in_thailand_show_it():
    assert fiscal.thai_datetime(datetime(2019, 1, 5, 3, 42, tzinfo=UTC)) == "5 ม.ค. 2562 10:42 น."


def test_a_moment_belongs_to_its_day_in_bangkok():
    last_evening_in_london = datetime(2018, 9, 30, 17, 0, tzinfo=UTC)
    assert fiscal.fiscal_year_of(last_evening_in_london) == 2562
    assert fiscal.quarter_of(last_evening_in_london) == 1
    assert fiscal.thai_date(last_evening_in_london) == "1 ตุลาคม 2561"
    assert fiscal.buddhist_year(datetime(2018, 12, 31, 17, 0, tzinfo=UTC)) == 2562


@pytest.mark.parametrize("text", ["2562", "๒๕๖๒", "２５６２", " 2562 "])
def test_a_year_is_read_in_any_digits(text):
    assert fiscal.parse_year(text) == 2562


@pytest.mark.parametrize(
    "text", [None, "", "2539", "2641", "2019", "25620", "2562.0", "-2562", "ปี 2562", "2²62", "٢٥٦٢"]
)
def test_what_is_no_year_gives_none(text):
    assert fiscal.parse_year(text) is None


def test_the_first_and_last_years_are_believed():
    assert fiscal.parse_year("2540") == 2540
    assert fiscal.parse_year("2640") == 2640
