"""Filters for numbers and dates, at hand in every template without a load.

A screen may have 300 rows of them, so they are plain Python: Django's own localising filters cost several times
as much and would print common-era years. None, which is not 0, is shown as "-".
"""

from decimal import ROUND_HALF_UP, Decimal

from django import template

from eplan import fiscal
from eplan.numbers import with_commas
from eplan.thai import joined

register = template.Library()

NONE = "-"
_HUNDREDTH = Decimal("0.01")


@register.filter
def after(name, word):
    """The `name` behind the `word` that it belongs to: "รวมจังหวัดกระบี่", and "รวม ป.ป.ช. ภาค 8"."""
    return joined(word, name)


@register.filter
def baht(amount):
    """An amount of baht: "250,000", and "250,000.50" only when there are satang, as the manual prints it."""
    return NONE if amount is None else with_commas(amount)


@register.filter
def count(number):
    """A whole number with thousands commas: "7,850"."""
    return NONE if number is None else f"{number:,}"


@register.filter
def percent(value):
    """A Decimal of per cent with two decimals, halves rounded up as PostgreSQL does: "30.00"."""
    return NONE if value is None else str(Decimal(value).quantize(_HUNDREDTH, ROUND_HALF_UP))


@register.filter
def thai_date(day):
    """A date in full: "5 มกราคม 2562"."""
    return NONE if day is None else fiscal.thai_date(day)


@register.filter
def thai_date_short(day):
    """A date with the month's abbreviation: "5 ม.ค. 2562"."""
    return NONE if day is None else fiscal.thai_date_short(day)


@register.filter
def thai_datetime(moment):
    """A moment as clocks in Thailand show it: "5 ม.ค. 2562 10:42 น."."""
    return NONE if moment is None else fiscal.thai_datetime(moment)
