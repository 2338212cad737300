"""Fiscal years and Thai dates.

A fiscal year is an int of the Buddhist era everywhere: 2562 runs from 1 October 2561 to 30 September 2562,
that is 2018-10-01 to 2019-09-30. Dates themselves are ordinary `date`s, turned into the Buddhist era here
and nowhere else. A `datetime` must be aware; it stands for its day in Bangkok.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from eplan.thai import arabic_digits

BUDDHIST_ERA = 543  # years ahead of the common era
FIRST_YEAR, LAST_YEAR = 2540, 2640  # fiscal years that the system believes in
BANGKOK = ZoneInfo("Asia/Bangkok")

MONTHS = (
    ("มกราคม", "ม.ค."),
    ("กุมภาพันธ์", "ก.พ."),
    ("มีนาคม", "มี.ค."),
    ("เมษายน", "เม.ย."),
    ("พฤษภาคม", "พ.ค."),
    ("มิถุนายน", "มิ.ย."),
    ("กรกฎาคม", "ก.ค."),
    ("สิงหาคม", "ส.ค."),
    ("กันยายน", "ก.ย."),
    ("ตุลาคม", "ต.ค."),
    ("พฤศจิกายน", "พ.ย."),
    ("ธันวาคม", "ธ.ค."),
)


def buddhist_year(day: date) -> int:
    """The calendar year of `day` in the Buddhist era: 2019-01-05 gives 2562."""
    return _in_bangkok(day).year + BUDDHIST_ERA


def fiscal_year_of(day: date) -> int:
    """The fiscal year in which `day` falls: 2018-10-01 and 2019-09-30 both give 2562."""
    local = _in_bangkok(day)
    return local.year + BUDDHIST_ERA + (local.month >= 10)


def quarter_of(day: date) -> int:
    """The quarter (1-4) of its fiscal year in which `day` falls; quarter 1 is October to December."""
    return (_in_bangkok(day).month - 10) % 12 // 3 + 1


def first_day(fiscal_year: int) -> date:
    """1 October, with which `fiscal_year` begins."""
    return date(fiscal_year - BUDDHIST_ERA - 1, 10, 1)


def last_day(fiscal_year: int) -> date:
    """30 September, with which `fiscal_year` ends."""
    return date(fiscal_year - BUDDHIST_ERA, 9, 30)


def round_end(fiscal_year: int, months: int) -> date:
    """The last day that a reporting round covers: 31 March for 6 `months`, 30 September for 12.

    Any other number of months is a ValueError.
    """
    if months == 6:
        return date(fiscal_year - BUDDHIST_ERA, 3, 31)
    if months == 12:
        return last_day(fiscal_year)
    raise ValueError(f"A round has 6 or 12 months, not {months}.")


def thai_date(day: date) -> str:
    """`day` in full: "5 มกราคม 2562"."""
    local = _in_bangkok(day)
    return f"{local.day} {MONTHS[local.month - 1][0]} {local.year + BUDDHIST_ERA}"


def thai_date_short(day: date) -> str:
    """`day` with the month's abbreviation: "5 ม.ค. 2562"."""
    local = _in_bangkok(day)
    return f"{local.day} {MONTHS[local.month - 1][1]} {local.year + BUDDHIST_ERA}"


def thai_datetime(moment: datetime) -> str:
    """The aware `moment` as clocks in Thailand show it: "5 ม.ค. 2562 10:42 น."."""
    local = moment.astimezone(BANGKOK)
    return f"{thai_date_short(local)} {local:%H:%M} น."


def parse_year(text: str | None) -> int | None:
    """The fiscal year written in `text` (a GET parameter, say), Thai digits welcome.

    None for anything that is not a year of four digits between 2540 and 2640.
    """
    digits = arabic_digits(text or "").strip()
    if not re.fullmatch("[0-9]{4}", digits):
        return None
    year = int(digits)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _in_bangkok(day: date) -> date:
    return day.astimezone(BANGKOK) if isinstance(day, datetime) else day
