import gzip
import logging
import re

import pytest

from eplan import logs

pytestmark = [pytest.mark.urls("tests.eplan.urls"), pytest.mark.django_db]


def test_every_answer_has_an_id_of_its_own(client):
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


def test_an_id_from_outside_is_not_taken_over(client):
    forged = "f" * 16
    assert client.get("/healthz", headers={"X-Request-ID": forged})["X-Request-ID"] != forged


def test_the_log_line_of_a_request_bears_its_id(client, caplog):
    caplog.handler.addFilter(logs.RequestIdFilter())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        response = client.get("/nothing/here/?q=somchai")
    assert [record.request_id for record in caplog.records] == [response["X-Request-ID"]]
    assert "somchai" not in logs.JsonFormatter().format(caplog.records[0])


@pytest.mark.parametrize("path", ["/healthz", "/nothing/here/", "/echo/"])
def test_every_page_lets_nothing_foreign_or_inline_run(client, path):
    response = client.get(path)
    policy = dict(directive.split(" ", 1) for directive in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "camera=()" in response["Permissions-Policy"]


def test_a_page_comes_compressed_to_who_can_read_that(client):
    plain, zipped = (client.get("/login/", headers={"accept-encoding": ways}) for ways in ("identity", "gzip, br"))
    assert "Content-Encoding" not in plain
    assert zipped["Content-Encoding"] == "gzip"
    assert "ชื่อผู้ใช้งาน (Username)" in gzip.decompress(zipped.content).decode()
    assert len(zipped.content) < len(plain.content) / 2
    assert all("Accept-Encoding" in answer["Vary"] for answer in (plain, zipped))


@pytest.mark.parametrize("path", ["/stream/", "/healthz", "/robots.txt"])
def test_what_is_no_page_or_comes_in_pieces_is_left_as_it_is(client, path):
    assert "Content-Encoding" not in client.get(path, headers={"accept-encoding": "gzip"})
