"""Downloads: complete, harmless in a spreadsheet, a few at a time, and not twice for nothing."""

import contextlib
import random
import time
from decimal import Decimal

import pytest
from django.db import connection

from evaluation import rules as scoring
from evaluation.models import Score
from lao.models import LaoProfile
from projects.models import Project, ReviewDecision
from public.data import streams
from public.data.choices import Choice
from public.data.datasets import DATASETS
from public.data.sizes import cache, sizes_of
from reporting.models import LevelCutoff, ReportingRound
from reporting.queries.tables import province_table
from tests import factories
from tests.public.open_data import api_rows, csv_rows, excel_rows, fetch, json_rows
from tests.reporting.results import DONE, ONGOING, with_results

ENDINGS = ("csv", "xlsx", "json")


@pytest.fixture
def data(transactional_db):
    """Two provinces with projects and reports; everything is committed, since a download has its own connection."""
    cache.clear()
    lao = factories.make_lao(name="แหลมสัก", code="6810901", postal_code="08110")
    LaoProfile.objects.create(
        lao=lao, population=4200, own_revenue=Decimal("1500000.50"), office_address="หมู่ 1\nเขาใหญ่"
    )
    plan = factories.make_plan(lao)
    project = factories.make_project(
        plan, name='=HYPERLINK("http://x"),"ก"', years=(2562, 2563), budget=Decimal("250000.50"),
        quarters=[1, 4], target_groups=["YOUTH", "CITIZENS"], objective="บรรทัดแรก\nบรรทัดที่สอง & <สาม>",
    )  # fmt: skip
    factories.make_report(project, ordinance_budget=200000, disbursed=0)
    factories.make_report(project, months=12, status="NOT_FEASIBLE", reason="OTHER", other_reason="-น้ำท่วม")
    Score.objects.create(plan=plan, source="SAR", points=Decimal("188.25"))
    factories.make_project(plan, name="มาตรการโปร่งใส", kind="MEASURE", budget=None)
    far = factories.make_lao(district=factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3)))
    with_results(far, DONE, ONGOING)
    return {"lao": lao, "plan": plan, "project": project, "far": far}


def test_csv_begins_with_its_mark_and_puts_codes_and_texts_into_quotation_marks(data, client):
    content = fetch(client, "laos", "csv", lao="6810901")
    assert content.startswith("\ufeffprovince_code,province,".encode())
    assert '\n"81","กระบี่","อ่าวลึก","6810901","อบต.แหลมสัก"'.encode() in content
    (row,) = csv_rows(content)
    assert (row["postal_code"], row["population"], row["own_revenue"]) == ("08110", "4200", "1500000.50")
    assert row["office_address"] == "หมู่ 1\nเขาใหญ่"


@pytest.mark.parametrize(
    "name", ["=1+1", "+66", "-1", "@x", "  =1+1", "\t=1", "＝1+1", '=HYPERLINK("http://x")', "'=1", "ก=1", "12 -3"]
)
def test_no_text_in_csv_is_taken_for_a_formula(data, client, name):
    Project.objects.filter(pk=data["project"].pk).update(name=name)
    found = csv_rows(fetch(client, "projects", "csv", province="81"))[0]["project_name"]
    begins = name.strip()[0] in "=+-@＝"
    assert found == ("'" + name if begins else name)
    # Where nothing reads formulas, nothing is changed.
    assert json_rows(fetch(client, "projects", "json", province="81"))[0]["project_name"] == name


def test_all_forms_and_the_api_tell_the_same(data, client):
    choice = {"province": "81", "year": "2562"}
    for name, dataset in DATASETS.items():
        told = api_rows(client, name, **choice)
        assert json_rows(fetch(client, name, "json", **choice)) == told
        assert told, name
        as_csv = csv_rows(fetch(client, name, "csv", **choice))
        headings, *as_excel = excel_rows(fetch(client, name, "xlsx", **choice))
        assert headings == tuple(column.label for column in dataset.columns)
        assert len(as_csv) == len(as_excel) == len(told)
        for object_, line, cells in zip(told, as_csv, as_excel, strict=True):
            assert list(object_) == list(line) == [column.name for column in dataset.columns]
            for column, cell in zip(dataset.columns, cells, strict=True):
                assert same(column, object_[column.name], line[column.name], cell), (name, column.name)


def same(column, value, in_csv, cell):
    """Whether a value of JSON is what stands in a field of CSV and in a cell."""
    if isinstance(value, list):
        joined = "; ".join(map(str, value)) or None
        return joined == in_csv == cell
    if value is None:
        return in_csv is None and cell is None
    if column.kind == "moment":
        return value == in_csv and value.removesuffix("+07:00") == cell.isoformat()
    if column.kind == "truth":
        return str(value).lower() == in_csv and value is cell
    if isinstance(value, (int, float)):
        return value == float(in_csv) == cell
    return value == cell and in_csv in (value, f"'{value}")


def test_a_project_is_told_with_its_years_budget_groups_and_state(data, client):
    officer = factories.make_officer()
    for reason in ("ครั้งแรก", "เป็นงานจัดซื้อ"):
        ReviewDecision.objects.create(project=data["project"], decision="REJECT", reason=reason, by=officer)
    Project.objects.filter(pk=data["project"].pk).update(review_state="REJECTED")
    first, second = api_rows(client, "projects", province="81")
    assert first["fiscal_years"] == [2562, 2563]
    assert first["plan_budget"] == 500001.0
    assert first["target_groups"] == ["เด็กและเยาวชน", "ประชาชน/ภาคประชาสังคม"]
    assert (first["rejection_reason"], first["counted"], first["quarters"]) == ("เป็นงานจัดซื้อ", False, [1, 4])
    assert (second["kind"], second["plan_budget"], second["rejection_reason"]) == ("มาตรการ", None, None)


def test_a_project_year_holds_what_was_reported_last(data, client):
    rows = api_rows(client, "project-years", lao="6810901")
    assert [(row["fiscal_year"], row["latest_months"], row["status"], row["ordinance_budget"]) for row in rows] == [
        (2562, 12, "ไม่สามารถดำเนินการได้", None),
        (2563, None, None, None),
        (2562, None, None, None),
    ]


def test_results_are_those_of_the_tables(transactional_db, client):
    """Percentages, levels and N of many LAOs, ties with the cut-offs among them."""
    chance = random.Random(2562)
    plan = factories.make_plan()
    LevelCutoff.objects.filter(months=6).update(high=Decimal("66.67"), medium=Decimal("33.33"))
    factories.make_round(2562, 6)
    for _ in range(12):
        with_results(
            factories.make_lao(), *chance.choices([DONE, ONGOING, "NOT_FEASIBLE", None], k=chance.randint(0, 6))
        )
    assert ReportingRound.objects.exists()
    for months in (6, 12):
        table = province_table(plan.lao.district.province, 2562, months)
        told = {
            row["lao_code"]: row
            for row in api_rows(client, "results", province="81", year=2562)
            if row["months"] == months
        }
        assert len(told) == len(table.rows) == 13
        for row in table.rows:
            found = told[row.key]
            assert (found["n"], Decimal(str(found["points"])), found["level"]) == (
                row.projects,
                row.points,
                row.level_name,
            )
            percent = None if found["percent"] is None else Decimal(str(found["percent"]))
            assert percent == row.shown_percent


@pytest.mark.parametrize(
    ("parts", "entered"),
    [([1, 2], None), ([0, 0], 188), ([], 188), ([1, 2], 5), ([0, 0], None), ([0, 3], 188), ([None, 4], None)],
)
def test_a_total_of_points_is_what_the_score_pages_show(transactional_db, client, parts, entered):
    plan = factories.make_plan()
    dimensions = list(plan.period.dimensions.all())
    for dimension, points in zip(dimensions, parts, strict=False):
        if points is not None:
            Score.objects.create(plan=plan, source="NACC", dimension=dimension, points=points)
    if entered is not None:
        Score.objects.create(plan=plan, source="NACC", points=entered)
    rows = {row["dimension"]: row["points"] for row in api_rows(client, "scores")}
    known = tuple(None if points is None else Decimal(points) for points in parts)
    assert rows.pop(0) == float(scoring.total(known, None if entered is None else Decimal(entered)))
    assert rows == {number: float(points) for number, points in enumerate(parts, 1) if points is not None}


def test_year_province_and_lao_narrow_a_file(data, client):
    def names(name, **choice):
        return {row["lao_code"] for row in json_rows(fetch(client, name, "json", **choice))}

    assert names("projects", province="๘๑", year="๒๕๖๓") == {"6810901"}
    assert names("projects", year="2563") == {"6810901"}
    assert names("projects", year="2562") == {"6810901", data["far"].code}
    assert names("reports", province="30") == names("laos", lao=data["far"].code) == {data["far"].code}
    assert names("projects", year="2599") == names("results", year="2599") == set()


def test_nothing_chosen_is_an_empty_but_valid_file(data, client):
    choice = {"year": "2561", "province": "30"}
    assert json_rows(fetch(client, "reports", "json", **choice)) == []
    assert csv_rows(fetch(client, "reports", "csv", **choice)) == []
    assert len(excel_rows(fetch(client, "reports", "xlsx", **choice))) == 1


@pytest.mark.parametrize(
    "junk",
    [{"year": "x"}, {"year": "1"}, {"province": "99"}, {"province": "8\x00"}, {"lao": "1234567"}, {"year": "9" * 5000},
     {"lao": "' OR 1=1 --"}, {"province": "ก" * 5000}],
)  # fmt: skip
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_part_that_there_is_not_is_refused_in_words(db, client, junk, ending):
    response = client.get(f"/public/data/projects.{ending}", junk)
    assert response.status_code == 400
    assert "เลือกปีและจังหวัดใหม่" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["users.csv", "lao_user.json", "projects.xml", "projects.pdf", "../x.csv", "LAOS.csv"]
)
def test_there_are_no_other_files(db, client, address):
    assert client.get(f"/public/data/{address}").status_code == 404


def tag_of(client, address, **headers):
    """(status, entity tag) of an address; a download that begins is ended."""
    with contextlib.closing(client.get(address, headers=headers)) as response:
        return response.status_code, response["ETag"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_has_the_present_state_gets_304_and_after_a_save_all_of_it(data, client, ending):
    address = f"/public/data/projects.{ending}?province=81"
    status, tag = tag_of(client, address)
    assert tag_of(client, address) == (status, tag) == (200, tag)
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    far = tag_of(client, "/public/data/projects.csv?province=30")
    factories.make_project(data["plan"])
    assert tag_of(client, address, **{"if-none-match": tag})[0] == 200
    assert tag_of(client, "/public/data/projects.csv?province=30") == far  # not its province


def test_the_head_of_a_file_costs_no_query_of_it(data, client, monkeypatch):
    monkeypatch.setattr(streams.CopyStream, "__init__", lambda *args, **kwargs: pytest.fail("it was copied"))
    response = client.head("/public/data/projects.csv?year=2562")
    assert response["Content-Disposition"] == 'attachment; filename="e-plannacc-projects-2562.csv"'
    assert (response.status_code, response.getvalue()) == (200, b"")


@contextlib.contextmanager
def all_places_taken(settings):
    settings.EPLAN_DOWNLOADS_AT_ONCE = 1
    other = connection.get_new_connection(connection.get_connection_params())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 1)", [streams._WIDE])
            yield
    finally:
        other.close()


def test_where_all_places_are_taken_one_is_told_when_to_come_again(data, client, settings):
    with all_places_taken(settings):
        response = client.get("/public/data/laos.csv")
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert "กรุณาลองใหม่ในอีกประมาณ 30 วินาที" in response.content.decode()
        # A province has places of its own.
        assert fetch(client, "laos", "csv", province="81")
    assert fetch(client, "laos", "csv")


def running_downloads(expected):
    """How many there are, once the server has noticed that a connection is gone."""
    deadline = time.monotonic() + 10
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%%'"
            )
            found = cursor.fetchone()[0]
        if found == expected or time.monotonic() > deadline:
            return found


def endless(monkeypatch):
    """Let a download be one that would never end."""
    monkeypatch.setattr(streams, "BLOCK", 4096)
    return streams.CopyStream(
        ("COPY (SELECT repeat('x', 1000), generate_series(1, 1000000000)) TO STDOUT", {}), wide=True, at_once=True
    )


def test_a_reader_who_goes_ends_the_query(transactional_db, monkeypatch):
    stream = endless(monkeypatch)
    assert next(stream)
    assert running_downloads(1) == 1
    stream.close()
    assert not stream.thread.is_alive()
    assert running_downloads(0) == 0


def test_a_reader_who_never_began_ends_it_as_well(transactional_db, monkeypatch):
    stream = endless(monkeypatch)
    stream.close()
    assert running_downloads(0) == 0


def test_never_more_is_held_than_a_slow_reader_can_take(transactional_db, monkeypatch):
    stream = endless(monkeypatch)
    with contextlib.closing(stream):
        next(stream)
        deadline = time.monotonic() + 5
        while not stream.blocks.full() and time.monotonic() < deadline:
            stream.thread.join(0.01)
        assert stream.blocks.qsize() == streams.HELD


def test_a_reader_who_takes_nothing_loses_the_place(transactional_db, monkeypatch, caplog):
    monkeypatch.setattr(streams, "PATIENCE", 0)
    stream = endless(monkeypatch)
    with contextlib.closing(stream):
        stream.thread.join(10)
        with pytest.raises(BrokenPipeError):
            list(stream)
        assert running_downloads(0) == 0


def test_a_download_that_breaks_off_never_looks_complete(transactional_db, caplog):
    rows = "COPY (SELECT 1 / (5000 - number) FROM generate_series(1, 9000) AS number) TO STDOUT"
    stream = streams.CopyStream((rows, {}), wide=True, at_once=False)
    with contextlib.closing(stream), pytest.raises(Exception, match="division by zero"):
        list(stream)
    assert "A download broke off" in caplog.text


def test_a_download_only_reads_and_ends_by_itself(transactional_db):
    with contextlib.closing(streams.CopyStream(("COPY (SELECT current_setting('transaction_read_only'),"
        " current_setting('statement_timeout')) TO STDOUT", {}), wide=True, at_once=False)) as stream:  # fmt: skip
        assert b"".join(stream) == b"on\t20min\n"


def test_the_page_tells_rows_and_sizes_before_the_click(data, client):
    response = client.get("/public/data/", {"year": "2562", "province": "81"})
    rows = {row["dataset"].name: row for row in response.context["rows"]}
    assert {name: row["rows"] for name, row in rows.items()} == {
        "laos": 1, "projects": 2, "project-years": 2, "reports": 2, "scores": 1, "results": 2,
    }  # fmt: skip
    assert rows["projects"]["files"][0] == ("CSV", "/public/data/projects.csv?year=2562&province=81", "1 KB")
    page = response.content.decode()
    assert "จังหวัดกระบี่ ปีงบประมาณ พ.ศ. 2562" in page
    assert 'href="/public/data/projects.xlsx?year=2562&amp;province=81"' in page
    assert "CC BY 4.0" in page


def test_sizes_told_are_about_those_of_the_files(data, client):
    alike = {"plan": data["plan"], "dimension": data["project"].dimension, "kind": "PROJECT"}
    Project.objects.bulk_create([Project(name="โครงการ" * 9, **alike) for _ in range(300)])
    cache.clear()
    sizes, _ = sizes_of(Choice(province="81"))
    told = next(size for size in sizes if size.dataset.name == "projects")
    for ending in ("csv", "json"):
        assert told.bytes[ending] == pytest.approx(len(fetch(client, "projects", ending, province="81")), rel=0.1)


@pytest.mark.parametrize("junk", [{"year": "x"}, {"province": "99"}, {"lao": "\x00"}, {"year": ""}, {}])
def test_junk_in_the_address_of_the_page_falls_back(data, client, junk):
    assert client.get("/public/data/", junk).status_code == 200


def test_every_column_is_explained(db, client):
    page = client.get("/public/data/dictionary/").content.decode()
    for dataset in DATASETS.values():
        for column in dataset.columns:
            assert column.name in page
            assert column.label in page
