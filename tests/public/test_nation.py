"""The nation and its regions: map, budgets, levels, years; always fresh, whatever is kept between requests."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lao.geography import provinces
from public import tile_map
from public.queries.areas import provinces_results, provinces_with_marks
from reporting.queries.tables import nation_table, result_years
from tests import factories
from tests.public.test_projects import text
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, with_results

SIX = {"year": "2562", "months": "6"}


@pytest.fixture
def krabi(db):
    """An LAO of กระบี่ with one project done and one in progress."""
    return with_results(factories.make_lao(), DONE, ONGOING)


def test_the_map_has_a_place_and_a_name_for_every_province():
    codes = {code for code, _, _ in provinces()}
    assert set(tile_map.PLACES) == set(tile_map.SHORT) == codes
    assert len(set(tile_map.SHORT.values())) == 77


def test_each_tile_is_a_link_that_says_its_province_percentage_and_level(krabi, client):
    page = client.get("/public/", SIX).content.decode()
    assert len(re.findall(r'class="tile tile-', page)) == 77
    said = "กระบี่ ร้อยละ 75.00 ระดับมาก N 2"
    assert re.search(
        f'<a href="/public/provinces/81/" class="tile tile-high"[^>]* aria-label="{said}"><title>{said}<', page
    )
    assert "กระบี่ ป.ป.ช. ภาค 8 75.00 มาก 2 0 0 0" in text(client.get("/public/", SIX))


def test_the_nation_has_its_budgets_and_years(krabi, client):
    project = factories.make_project(krabi.plans.get(), years=[2561], budget=1000)
    factories.make_report(project, fiscal_year=2561, months=12, status=DONE, ordinance_budget=900, disbursed=800)
    page = text(client.get("/public/", SIX))
    assert "2561 1 0.00 น้อย 100.00 มาก 1,000 900 800" in page
    assert "2562 2 75.00 มาก 75.00 ปานกลาง 0 0 0" in page
    assert "งบประมาณตามแผนฯ (บาท) 1,000" in text(client.get("/public/", {"year": "2561", "months": "12"}))


def test_what_is_saved_is_on_the_next_page(krabi, client):
    def nation():
        return client.get("/public/", SIX).context["table"]["total"]

    assert (nation().percent, nation().projects) == ("75.00", "2")
    with_results(krabi, SILENT)
    assert (nation().percent, nation().projects) == ("50.00", "3")
    with_results(factories.make_lao(district=factories.make_district("เมือง", factories.make_province("30"))), DONE)
    assert (nation().percent, nation().projects) == ("62.50", "4")
    krabi.plans.get().projects.update(deleted_at="2019-01-05T10:00+07:00")
    assert (nation().percent, nation().projects) == ("100.00", "1")


def test_a_province_that_moves_to_its_place_takes_its_results_along(krabi, client):
    krabi.district = factories.make_district("เมือง", factories.make_province("30", "นครราชสีมา", 3))
    client.get("/public/", SIX)
    krabi.save()
    rows = client.get("/public/", SIX).context["table"]["rows"]
    assert [(row.name, row.projects) for row in rows if row.projects != "0"] == [("นครราชสีมา", "2")]


def test_what_is_kept_by_province_is_what_the_officers_table_counts(krabi, client):
    for code in ("30", "10"):
        place = factories.make_province(code)
        with_results(factories.make_lao(district=factories.make_district("เมือง", place)), DONE, SILENT, CANNOT)
    for months in (6, 12):
        years = result_years()
        kept = provinces_results("ทั่วประเทศ", provinces_with_marks(), (years, 2562, months)).table
        counted = nation_table(2562, months)
        assert (kept.rows, kept.total) == (counted.rows, counted.total)


def test_a_region_shows_its_own_provinces(krabi, client):
    response = client.get("/public/regions/8/", SIX)
    assert {row.name for row in response.context["table"]["rows"]} >= {"กระบี่", "ภูเก็ต"}
    assert len(response.context["table"]["rows"]) == 7
    assert response.context["table"]["total"].percent == "75.00"
    assert client.get("/public/regions/1/", SIX).context["table"]["total"].percent == "-"


@pytest.mark.parametrize("number", ["0", "10", "99", "x", "๘"])
def test_what_is_no_region_is_not_found(db, client, number):
    assert client.get(f"/public/regions/{number}/").status_code == 404


def test_the_nation_takes_five_queries_however_much_there_is(krabi, client):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    addresses = ("/public/", "/public/regions/8/")
    for _ in range(10):
        with_results(factories.make_lao(), DONE, ONGOING)
    assert [queries(address) for address in addresses] == [5, 4]
    assert [queries(address) for address in addresses] == [4, 4]  # nothing has changed


def test_the_page_of_a_province_has_budgets_and_who_is_late(krabi, client):
    factories.make_round(2562, 6, opens_on="2019-03-01", closes_on="2019-04-30")
    late = with_results(factories.make_lao(), SILENT, budget=500)
    page = text(client.get("/public/provinces/81/", SIX))
    assert f"{krabi} อำเภออ่าวลึก 75.00 มาก 2 ครบแล้ว 0 0 0" in page
    assert f"{late} อำเภออ่าวลึก 0.00 น้อย 1 ยังไม่เริ่ม เกินกำหนด 500 - -" in page
    assert "อปท. ที่รายงานเกินกำหนด: 1 จาก 2 แห่ง" in page


def test_the_page_that_explains_the_figures_has_the_cut_offs(db, client):
    factories.make_period()
    page = text(client.get("/public/about/"))
    assert "มาก: ตั้งแต่ 80.00 ปานกลาง: ตั้งแต่ 50.00 น้อย: ต่ำกว่า 50.00" in page
    assert "ร้อยละ = คะแนน ÷ N × 100" in page
