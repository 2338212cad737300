from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Engine


def shown(filter_name, value):
    """What a template prints for `value` passed through the filter."""
    engine = Engine(builtins=["eplan.templatetags.eplan"])
    return engine.from_string("{{ value|" + filter_name + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("filter_name", "value", "text"),
    [
        ("baht", Decimal("250000.00"), "250,000"),
        ("baht", Decimal("1234567.5"), "1,234,567.50"),
        ("baht", Decimal("0.00"), "0"),
        ("count", 7850, "7,850"),
        ("count", 0, "0"),
        ("percent", Decimal(30), "30.00"),
        ("percent", Decimal("71.0526315"), "71.05"),
        ("percent", Decimal("0.625"), "0.63"),
        ("percent", Decimal(0), "0.00"),
        ("thai_date", date(2019, 1, 5), "5 มกราคม 2562"),
        ("thai_date_short", date(2019, 1, 5), "5 ม.ค. 2562"),
        ("thai_datetime", datetime(2019, 1, 5, 3, 42, tzinfo=UTC), "5 ม.ค. 2562 10:42 น."),
    ],
)
def test_numbers_and_dates_are_shown_as_people_write_them(filter_name, value, text):
    assert shown(filter_name, value) == text


@pytest.mark.parametrize("filter_name", ["baht", "count", "percent", "thai_date", "thai_date_short", "thai_datetime"])
def test_none_is_a_dash_and_never_a_zero(filter_name):
    assert shown(filter_name, None) == "-"
