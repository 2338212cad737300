import json
import logging
import sys

import pytest
from django.http import HttpRequest

from eplan.logs import JsonFormatter, RequestIdFilter, request_id


@pytest.fixture
def written():
    """A function that logs one record the way the settings do and reads the line back."""

    def write(message="ก\nข", *args, exc_info=None, **extra):
        record = logging.getLogger("eplan").makeRecord(
            "eplan", logging.WARNING, __file__, 1, message, args, exc_info, extra=extra
        )
        assert RequestIdFilter().filter(record)
        line = JsonFormatter().format(record)
        assert "\n" not in line
        return json.loads(line)

    outside = request_id.set("")
    yield write
    request_id.reset(outside)


def test_a_record_is_one_line_of_json(written):
    line = written("%s แห่ง\nแถวใหม่", 3)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "WARNING", "logger": "eplan", "message": "3 แห่ง\nแถวใหม่"}


def test_a_record_bears_the_id_of_its_request(written):
    request_id.set("0123456789abcdef")
    assert written()["request_id"] == "0123456789abcdef"


def test_the_query_string_stays_out(written):
    request = HttpRequest()
    request.method, request.path = "GET", "/public/search/"
    request.META["QUERY_STRING"] = "q=somchai"
    line = written(request=request, status_code=404)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/public/search/", 404)
    assert "somchai" not in json.dumps(line)


def test_a_row_that_the_database_refused_stays_out(written):
    try:
        try:
            raise RuntimeError(
                'null value in column "name"\nDETAIL:  Failing row contains (1, somchai@example.com,\nx).'
            )
        except RuntimeError as error:
            raise ValueError("refused") from error
    except ValueError:
        line = written(exc_info=sys.exc_info())
    assert "somchai" not in line["traceback"]
    assert "null value" in line["traceback"]
    assert line["traceback"].endswith("ValueError: refused")
