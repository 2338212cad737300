"""The API: described, paged, read-only, never at a loss for words. And what describes open data to programs."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from evaluation.models import Score
from lao.models import LaoProfile
from public.data.datasets import DATASETS
from public.views.api import problem
from tests import factories
from tests.public.open_data import api_rows, fetch
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results

API = "/public/api/v1/"


@pytest.fixture
def filled(db):
    """Rows in every dataset: values that are there, and values that are not."""
    lao = with_results(factories.make_lao(), DONE, ONGOING, CANNOT, SILENT)
    LaoProfile.objects.create(lao=lao, size="SMALL", population=100)
    factories.make_project(lao.plans.get(), budget=500, objective="เพื่อ", target_groups=["YOUTH"], years=(2562, 2564))
    Score.objects.create(plan=lao.plans.get(), source="NACC", points=188)
    factories.make_lao()
    return lao


@pytest.fixture
def description(db, client):
    return client.get(f"{API}openapi.json").json()


def test_the_description_is_valid_openapi(description):
    validate(description)
    assert description["openapi"].startswith("3.1")
    assert set(description["paths"]) == {f"{API}{name}/" for name in DATASETS}


@pytest.mark.parametrize("name", DATASETS)
def test_every_answer_is_as_described(filled, client, description, name):
    answer = client.get(f"{API}{name}/", {"limit": "2"}).json()
    told = description["paths"][f"{API}{name}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = {**told, "components": description["components"]}
    assert answer["data"]
    answer["data"] = api_rows(client, name)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer)


def test_a_problem_is_as_described(db, client, description):
    schema = description["components"]["schemas"]["Problem"]
    for answer in (client.get(f"{API}laos/", {"year": "x"}), client.get(f"{API}users/"), client.post(f"{API}laos/")):
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        Draft202012Validator(schema).validate(answer.json())


@pytest.mark.parametrize("limit", ["1", "2", "3", "๒", "1000"])
def test_pages_follow_each_other_without_gap_or_repetition(filled, client, limit):
    for name in DATASETS:
        all_at_once = api_rows(client, name)
        assert api_rows(client, name, limit=limit) == all_at_once
        identities = [tuple(row[part] for part in DATASETS[name].identity) for row in all_at_once]
        assert len(set(identities)) == len(identities)


def test_the_next_page_keeps_what_was_asked_for(filled, client):
    first = client.get(f"{API}projects/", {"limit": "1", "province": "81", "year": "2562", "cursor": ""}).json()
    assert re.fullmatch(
        r"http://testserver/public/api/v1/projects/\?year=2562&province=81&limit=1&cursor=[\w%-]+", first["next"]
    )
    assert client.get(first["next"]).json()["data"] != first["data"]


def test_the_same_filters_as_the_files(filled, client):
    factories.make_project(factories.make_plan(), years=(2564,))
    assert len(api_rows(client, "projects", year="2564")) == 2
    assert {row["lao_code"] for row in api_rows(client, "projects", lao=filled.code)} == {filled.code}
    assert api_rows(client, "projects", province="30") == []


@pytest.mark.parametrize(
    "junk",
    [
        {"limit": "0"}, {"limit": "1001"}, {"limit": "-1"}, {"limit": "x"}, {"limit": "9" * 5000}, {"limit": "1.5"},
        {"cursor": "x"}, {"cursor": "\x00"}, {"cursor": "WzFd:x:y"}, {"cursor": "ก" * 5000},
        {"year": "99999"}, {"year": "-"}, {"province": "ก"}, {"province": "00"}, {"lao": "'"}, {"lao": "\x00"},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_problem_in_both_languages(filled, client, junk):
    answer = client.get(f"{API}projects/", junk)
    assert answer.status_code == 400
    assert re.search("[ก-ฮ]", answer.json()["detail_th"])
    assert not re.search("[ก-ฮ]", answer.json()["detail"])


def test_a_cursor_is_of_its_dataset_alone(filled, client):
    address = client.get(f"{API}projects/", {"limit": "1"}).json()["next"]
    assert client.get(address).status_code == 200
    assert client.get(address.replace("/projects/", "/laos/")).status_code == 400


@pytest.mark.parametrize(
    "address", ["/public/api/", "/public/api/v2/", f"{API}users/", f"{API}laos/1/", f"{API}x.json"]
)
def test_what_is_not_there_is_a_problem_as_well(db, client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_read_only(db, client, method):
    answer = getattr(client, method)(f"{API}laos/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_pages_elsewhere_may_read_it(filled, client):
    for address in (API, f"{API}laos/", f"{API}laos/?year=x", f"{API}openapi.json", "/public/data/datapackage.json"):
        assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    asked = client.options(
        f"{API}laos/", headers={"origin": "https://x.example", "access-control-request-method": "GET"}
    )
    assert (asked.status_code, asked["Access-Control-Allow-Headers"]) == (204, "If-None-Match")


def test_who_has_the_present_page_gets_304_until_something_is_saved(filled, client):
    address = f"{API}projects/?lao={filled.code}"
    tag = client.get(address)["ETag"]
    answer = client.get(address, headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(f"{address}&limit=1", headers={"if-none-match": tag}).status_code == 200
    factories.make_project(filled.plans.get())
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("name", DATASETS)
def test_more_rows_take_no_more_queries(filled, client, name):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{API}{name}/", {"province": "81", "year": "2562"}).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for _ in range(50):
        with_results(factories.make_lao(), DONE)
    assert queries() == before <= 3


def test_the_root_leads_to_every_dataset(filled, client):
    root = client.get(API).json()
    assert [dataset["name"] for dataset in root["datasets"]] == list(DATASETS)
    for address in [root["openapi"], *(dataset["url"] for dataset in root["datasets"])]:
        assert client.get(address).status_code == 200


def test_a_problem_has_words_for_every_status_that_is_used():
    for status in (400, 404, 405):
        assert problem(status, "x", "ก").status_code == status


# Of the profile of tabular data packages, what these use (https://specs.frictionlessdata.io/tabular-data-package/).
TYPES = {"string", "integer", "number", "boolean", "datetime"}
NAME = {"type": "string", "pattern": "^[a-z0-9._-]+$"}
FIELD = {
    "type": "object",
    "required": ["name", "type", "title", "description"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "type": {"enum": sorted(TYPES)},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1},
        "constraints": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "required": {"type": "boolean"},
                "enum": {"type": "array", "uniqueItems": True, "minItems": 1},
            },
        },
    },
}
PROFILE = {
    "type": "object",
    "required": ["profile", "name", "licenses", "resources"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": NAME,
        "homepage": {"type": "string", "format": "uri"},
        "licenses": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name", "path"]}},
        "contributors": {"type": "array", "items": {"type": "object", "required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "schema", "profile"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": NAME,
                    "path": {"type": "string", "pattern": "^[a-z-]+[.]csv$"},
                    "encoding": {"const": "utf-8"},
                    "schema": {
                        "type": "object",
                        "required": ["fields", "primaryKey"],
                        "properties": {"fields": {"type": "array", "minItems": 1, "items": FIELD}},
                    },
                },
            },
        },
    },
}


@pytest.fixture
def package(db, client):
    return client.get("/public/data/datapackage.json").json()


def test_the_data_package_keeps_to_its_profile(package):
    Draft202012Validator(PROFILE, format_checker=FormatChecker()).validate(package)
    resources = {resource["name"]: resource for resource in package["resources"]}
    for resource in resources.values():
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert len(set(names)) == len(names)
        assert set(resource["schema"]["primaryKey"]) <= set(names)
        for key in resource["schema"]["foreignKeys"]:
            other = resources[key["reference"]["resource"]]["schema"]
            assert key["fields"] in names
            assert key["reference"]["fields"] in {field["name"] for field in other["fields"]}


READ = {"string": str, "integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}


@pytest.mark.parametrize("number", range(len(DATASETS)))
def test_a_csv_file_is_as_the_package_says(transactional_db, client, number):
    lao = with_results(factories.make_lao(), DONE, CANNOT, SILENT, budget=100)
    Score.objects.create(plan=lao.plans.get(), source="SAR", points=5)
    resource = client.get("/public/data/datapackage.json").json()["resources"][number]
    address, fields = f"/public/data/{resource['path']}", resource["schema"]["fields"]
    content = fetch(client, resource["name"], "csv").decode("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(content))
    assert rows, address
    assert headings == [field["name"] for field in fields]
    for row in rows:
        for field, text in zip(fields, row, strict=True):
            if text == "":
                assert not field["constraints"]["required"], field["name"]
                continue
            if field["type"] == "datetime":
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", text)
            else:
                READ[field["type"]](text)
            assert text in field["constraints"].get("enum", [text])
