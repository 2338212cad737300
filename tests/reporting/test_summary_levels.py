"""Nation > region > province > district > LAO > project: pooled counts, the way down, and the same in Excel."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lao.models import Province
from projects.models import Project
from reporting.models import ProgressReport
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results

SIX, TWELVE = {"year": "2562", "months": "6"}, {"year": "2562", "months": "12"}
NATION, REGION, PROVINCE = "/summary/nation/", "/summary/regions/8/", "/summary/province/"


@pytest.fixture
def work(db):
    """กระบี่ (ภาค 8) with 1.5 of 3 in two districts, ภูเก็ต (ภาค 8) with 0 of 1, นครราชสีมา (ภาค 3) with 1 of 1,
    Bangkok with 0.5 of 1; beside them a rejected and a deleted project, each done."""
    krabi = factories.make_province()
    first = with_results(factories.make_lao(district=factories.make_district("อ่าวลึก", krabi)), DONE, SILENT)
    second = with_results(factories.make_lao(district=factories.make_district("เขาพนม", krabi)), ONGOING)
    phuket = factories.make_district("ถลาง", factories.make_province("83", "ภูเก็ต", 8))
    with_results(factories.make_lao(district=phuket), CANNOT)
    korat = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    with_results(factories.make_lao(district=korat), DONE)
    bangkok = Province.objects.get_or_create(code="10", defaults={"name": "กรุงเทพมหานคร"})[0]
    with_results(factories.make_lao(district=factories.make_district("พระนคร", bangkok)), ONGOING)
    for change in ({"review_state": "REJECTED"}, {"deleted_at": "2019-01-05T10:00+07:00"}):
        left_out = factories.make_project(first.plans.get())
        factories.make_report(left_out, status=DONE)
        Project.objects.filter(pk=left_out.pk).update(**change)
    return first, second


@pytest.fixture
def central(db, as_user):
    return as_user(factories.make_officer("CENTRAL"))


def results(response):
    """(rank, name, percent, N) of each row that has projects, and of the total."""
    table = response.context["table"]
    rows = [(row.rank, row.name, row.percent, row.projects) for row in table["rows"] if row.projects != "0"]
    total = table["total"]
    return rows, (total.name, total.percent, total.projects)


def address_of(response, name):
    return next(row.address for row in response.context["table"]["rows"] if row.name == name)


def district_of(lao):
    return f"/summary/districts/{lao.district_id}/"


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def sheets(response):
    """The rows of every sheet, by its name."""
    book = load_workbook(io.BytesIO(response.content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_the_nation_pools_its_regions_and_bangkok_stands_for_itself(work, central):
    assert results(central.get(NATION, SIX)) == (
        [
            ("1", "ป.ป.ช. ภาค 3", "100.00", "1"),
            ("2", "กรุงเทพมหานคร", "50.00", "1"),
            ("3", "ป.ป.ช. ภาค 8", "37.50", "4"),
        ],
        ("ทั่วประเทศ", "50.00", "6"),
    )


def test_the_nation_by_province_shares_ranks(work, central):
    rows, total = results(central.get(NATION, SIX | {"by": "province"}))
    assert rows == [
        ("1", "นครราชสีมา", "100.00", "1"),
        ("2", "กระบี่", "50.00", "3"),
        ("2", "กรุงเทพมหานคร", "50.00", "1"),
        ("4", "ภูเก็ต", "0.00", "1"),
    ]
    assert total == ("ทั่วประเทศ", "50.00", "6")


def test_a_region_pools_its_provinces(work, central):
    assert results(central.get(REGION, SIX)) == (
        [("1", "กระบี่", "50.00", "3"), ("2", "ภูเก็ต", "0.00", "1")],
        ("ป.ป.ช. ภาค 8", "37.50", "4"),
    )


def test_a_province_pools_its_districts(work, central):
    response = central.get(PROVINCE, SIX | {"province": "81", "by": "district"})
    assert results(response) == (
        [("1", "เขาพนม", "50.00", "1"), ("1", "อ่าวลึก", "50.00", "2")],
        ("จังหวัดกระบี่", "50.00", "3"),
    )


def test_a_district_has_its_laos_alone(work, central):
    first, _ = work
    rows, total = results(central.get(district_of(first), SIX))
    assert rows == [("1", str(first), "50.00", "2")]
    assert total == ("อำเภออ่าวลึก", "50.00", "2")


def test_6_month_reports_stand_in_at_every_level(work, central):
    _, second = work
    ProgressReport.objects.create(
        project_year=second.plans.get().projects.get().years.get(), months=12, status="COMPLETED"
    )
    assert results(central.get(NATION, SIX))[1] == ("ทั่วประเทศ", "50.00", "6")
    assert results(central.get(NATION, TWELVE))[1] == ("ทั่วประเทศ", "58.33", "6")
    assert results(central.get(REGION, TWELVE))[1] == ("ป.ป.ช. ภาค 8", "50.00", "4")
    assert results(central.get(district_of(second), TWELVE))[1] == ("อำเภอเขาพนม", "100.00", "1")


def test_the_way_leads_from_the_nation_down_to_a_project_in_the_same_year_and_round(work, central):
    first, _ = work
    steps = ["ป.ป.ช. ภาค 8", "กระบี่", "อ่าวลึก", str(first)]
    page = central.get(NATION, SIX)
    for step in steps:
        address = address_of(page, step)
        assert "year=2562" in address
        assert "months=6" in address
        if address.startswith(PROVINCE):
            address += "&by=district"
        page = central.get(address)
        assert page.status_code == 200
    project = first.plans.get().projects.filter(review_state="SUBMITTED", deleted_at=None).first()
    assert f'href="/review/?open={project.pk}"' in page.content.decode()
    assert project.name in central.get(f"/review/?open={project.pk}").content.decode()


def test_the_breadcrumbs_lead_back_up_as_far_as_the_area_reaches(work, as_user):
    first, _ = work
    down = ["ทั่วประเทศ", "ป.ป.ช. ภาค 8", "จังหวัดกระบี่", "อำเภออ่าวลึก", str(first)]
    for role, begins in (("CENTRAL", 0), ("REGION", 1), ("PROVINCE", 2)):
        client = as_user(factories.make_officer(role))
        trail = client.get(f"/summary/laos/{first.code}/", SIX).context["trail"]
        assert [name for name, _ in trail[2:]] == down[begins:]
        for _, address in trail[2:]:
            assert "year=2562&months=6" in address
            assert client.get(address).status_code == 200


def test_bangkok_leads_to_its_province(work, central):
    page = central.get(address_of(central.get(NATION, SIX), "กรุงเทพมหานคร"))
    assert results(page)[1] == ("จังหวัดกรุงเทพมหานคร", "50.00", "1")
    assert [name for name, _ in page.context["trail"][2:]] == ["ทั่วประเทศ", "จังหวัดกรุงเทพมหานคร"]


LEVELS = [NATION, f"{NATION}?by=province", REGION, f"{PROVINCE}?province=81", f"{PROVINCE}?province=81&by=district"]


@pytest.mark.parametrize("address", LEVELS)
def test_the_excel_file_has_the_columns_and_rows_of_the_page(work, central, address):
    page = central.get(address, SIX) if "?" not in address else central.get(f"{address}&year=2562&months=6")
    book = sheets(central.get(page.context["excel_url"]))
    rows = book["2562 รอบ 6 เดือน"]
    html = page.content.decode()
    shown = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", html.split("</thead>")[0])
    places = {"อำเภอ", "สังกัด"} - set(shown[:2])
    assert [heading for heading in rows[3] if heading and heading not in places] == shown
    told = [[str(value) for value in row if value is not None] for row in rows[4:]]
    for row, line in zip(page.context["table"]["rows"], told, strict=False):
        assert line[1] == row.name
        assert line[-1] == row.projects.replace(",", "")
    assert any("ร้อยละ = คะแนน ÷ N × 100" in str(row[0]) for row in rows)
    for block in page.context["blocks"]:
        name = "สถานะ" if "สถานะ" in block["title"] else "เปรียบเทียบงบประมาณ"
        assert [heading for heading in book[name][4] if heading] == block["headings"]


def test_an_officers_lao_has_its_four_tables_its_result_and_its_projects(work, as_user):
    first, _ = work
    client = as_user(factories.make_officer())
    response = client.get(f"/summary/laos/{first.code}/", SIX)
    page = text(response)
    assert [block["title"][:2] for block in response.context["blocks"]] == ["1.", "2.", "3.", "4."]
    assert "คะแนน 1.0 จาก N = 2" in page
    assert len(response.context["projects"]) == 3  # the rejected one among them, marked
    assert "ปฏิเสธโครงการ" in page
    book = sheets(client.get(response.context["excel_url"]))
    assert list(book) == ["ตามแผน", "ตามข้อบัญญัติ", "เปรียบเทียบงบประมาณ", "สถานะ", "ความคืบหน้า", "โครงการ ปีงบประมาณ 2562"]


def test_an_lao_whose_plan_has_not_passed_is_told_so_to_officers(as_user, db):
    lao = factories.make_lao()
    client = as_user(factories.make_officer())
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in text(client.get(f"/summary/laos/{lao.code}/"))
    assert client.get(f"/summary/laos/{lao.code}/export/").status_code == 404


@pytest.mark.parametrize("address", [*LEVELS, "district", "lao"])
def test_every_percentage_has_its_n_and_every_chart_its_table(work, central, address):
    first, _ = work
    address = {"district": district_of(first), "lao": f"/summary/laos/{first.code}/"}.get(address, address)
    html = central.get(f"{address}{'&' if '?' in address else '?'}year=2562&months=6").content.decode()
    figures = re.findall(r'<figure class="panel chart".*?</figure>', html, re.S)
    assert figures
    for figure in figures:
        assert "<title>" in figure
        assert "<desc>" in figure
        assert "style=" not in figure
    assert html.count('<table class="table">') >= len(figures)
    for percent in re.findall(r"<desc>.*?</desc>", figures[0]):
        assert "N " in percent or "ล้าน" in percent or "ตามแผนฯ" in percent


def test_names_in_charts_are_escaped(work, central):
    Province.objects.filter(code="81").update(name="<b>ก&ข</b>")
    html = central.get(NATION, SIX | {"by": "province"}).content.decode()
    assert "<b>ก" not in html
    assert "&lt;b&gt;ก&amp;ข" in html


def test_the_progress_of_every_area_is_on_its_page(work, central):
    (point,) = central.get(REGION, SIX).context["progress"]["rows"]
    assert point[1] == ["3", "3", "75.00", "4"]
    assert central.get(district_of(work[0]), SIX).context["progress"]["rows"][0][1] == ["1", "1", "50.00", "2"]


def test_progress_counts_week_by_week_what_nothing_is_left_to_report_of(work, central):
    first, _ = work
    done, silent = first.plans.get().projects.filter(review_state="SUBMITTED", deleted_at=None).order_by("pk")
    reports = ProgressReport.objects.all()
    factories.make_report(silent, months=12, status="IN_PROGRESS")
    factories.make_report(done, months=12, status="COMPLETED")
    reports.filter(months=6).update(reported_at="2019-04-03T12:00+07:00")
    reports.filter(months=12).update(reported_at="2019-10-06T23:30+07:00")  # a Sunday
    rows = central.get(district_of(first), TWELVE).context["progress"]["rows"]
    assert rows == [("7 เม.ย. 2562", ["1", "1", "50.00", "2"]), ("6 ต.ค. 2562", ["1", "2", "100.00", "2"])]


@pytest.mark.parametrize("address", [NATION, REGION, PROVINCE])
@pytest.mark.parametrize("junk", [{"year": "x", "months": "x"}, {"by": "\x00"}, {"year": "๒๕๖๒", "months": "<"}])
def test_junk_in_the_address_falls_back(work, central, address, junk):
    for ending in ("", "export/"):
        assert central.get(address + ending, junk).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["regions/0/", "regions/10/", "regions/99999999999999999999/", "districts/0/", "districts/99999999999999999999/"],
)
def test_what_is_no_area_is_not_found(central, address):
    for ending in ("", "export/"):
        assert central.get(f"/summary/{address}{ending}").status_code == 404


@pytest.mark.parametrize("code", ["6300001", "0000000", "81", "xxxxxxx", "๖๘๑๐๕๐๗"])
def test_what_is_no_lao_of_the_area_is_not_found(work, as_user, code):
    district = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    factories.make_lao(code="6300001", district=district)
    assert as_user(factories.make_officer()).get(f"/summary/laos/{code}/").status_code == 404


def test_fifty_times_as_much_takes_no_more_queries(work, central):
    first, _ = work
    addresses = [*LEVELS, district_of(first), f"/summary/laos/{first.code}/"]

    def queries():
        taken = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert central.get(address).status_code == 200
            taken.append(len(captured))
        return taken

    before = queries()
    for _ in range(49):
        with_results(factories.make_lao(), ONGOING)
    with_results(first, *[DONE] * 49)
    assert queries() == before
    assert max(before) <= 12


def test_each_role_is_offered_the_levels_it_may_open(work, as_user):
    offered = {"CENTRAL": (True, 9), "REGION": (False, 1), "PROVINCE": (False, 0)}
    for role, (nation, regions) in offered.items():
        page = as_user(factories.make_officer(role)).get("/summary/").content.decode()
        assert ('action="/summary/nation/"' in page) is nation, role
        assert len(re.findall(r'href="/summary/regions/\d/"', page)) == regions, role
        assert 'action="/summary/province/"' in page


def test_officers_go_to_the_summary_of_an_lao_and_clerks_to_its_public_page(work, as_user):
    first, _ = work
    officer = as_user(factories.make_officer()).get(PROVINCE, SIX)
    clerk = as_user(factories.make_clerk(first)).get(PROVINCE, SIX)
    assert address_of(officer, str(first)) == f"/summary/laos/{first.code}/?year=2562&months=6"
    assert address_of(clerk, str(first)) == f"/public/lao/{first.code}/"
    assert clerk.context["blocks"] == []
