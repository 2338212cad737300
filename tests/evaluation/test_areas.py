"""The tables of a province and of the nation, as officers read them."""

import io
import random
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.models import PeriodStandard, Score
from evaluation.queries.areas import nation_scores
from evaluation.queries.tables import province_scores
from projects.models import Project
from tests import factories
from tests.evaluation.scoring import give

URL = "/scores/"


@pytest.fixture
def krabi(db):
    """Two LAOs of กระบี่: one with scores by dimension, one with a total known alone."""
    first, second = (factories.make_plan(factories.make_lao(name=name)) for name in ("ก", "ข"))
    give(first, "SAR", 40, 30, 20, 10)
    give(first, "NACC", 38, 30, 20, 10)
    give(second, "NACC", 0, 0, 0, 0, total=188)
    factories.make_project(first, years=[2561, 2562], budget=500, dimension=1)
    factories.make_project(second, budget=None, dimension=2)
    factories.make_project(second, budget=7, dimension=1, review_state=Project.ReviewState.REJECTED)
    return first, second


@pytest.fixture
def central_client(db, as_user):
    return as_user(factories.make_officer("CENTRAL"))


def lines_of(response, number):
    """The lines of a group as {name: [figures, total]}."""
    group = response.context["total"] if number is None else response.context["groups"][number]
    return {name: figures(cells) for name, cells, _ in group[4]}


def figures(cells):
    """What stands in table cells."""
    return re.findall('<td class="num">(.*?)</td>', cells)


def test_a_province_has_the_four_lines_of_each_lao(krabi, officer, as_user):
    answer = as_user(officer).get(URL)
    assert lines_of(answer, 0) == {
        "คะแนน SAR": ["40", "30", "20", "10", "100"],
        "ผลประเมิน": ["38", "30", "20", "10", "98"],
        "งบประมาณ (บาท)": ["1,000", "-", "-", "-", "1,000"],
        "จำนวนรวมโครงการ/กิจกรรม/มาตรการ": ["1", "0", "0", "0", "1"],
    }
    assert lines_of(answer, 1)["ผลประเมิน"] == ["0", "0", "0", "0", "188"]
    assert lines_of(answer, 1)["จำนวนรวมโครงการ/กิจกรรม/มาตรการ"] == ["0", "1", "0", "0", "1"]


def test_under_it_scores_are_averaged_and_counts_are_added_up(krabi, officer, as_user):
    lines = lines_of(as_user(officer).get(URL), None)
    assert lines["คะแนน SAR (เฉลี่ย)"] == ["40", "30", "20", "10", "100"]
    assert lines["ผลประเมิน (เฉลี่ย)"] == ["19", "15", "10", "5", "143"]
    assert lines["งบประมาณ (บาท)"][-1] == "1,000"
    assert lines["จำนวนรวมโครงการ/กิจกรรม/มาตรการ"] == ["1", "1", "0", "0", "2"]


def test_the_nation_has_the_provinces_with_the_number_behind_each_average(krabi, central_client):
    answer = central_client.get(URL)
    names = [group[1] for group in answer.context["groups"]]
    group = answer.context["groups"][names.index("กระบี่")]
    lines = {name: (figures(cells), known) for name, cells, known in group[4]}
    assert lines["คะแนน SAR (เฉลี่ย)"] == (["40", "30", "20", "10", "100"], "1")
    assert lines["ผลประเมิน (เฉลี่ย)"] == (["19", "15", "10", "5", "143"], "2")
    assert lines["งบประมาณ (บาท)"] == (["1,000", "0", "-", "-", "1,000"], "")
    assert lines_of(answer, None)["จำนวนรวมโครงการ/กิจกรรม/มาตรการ"] == ["1", "1", "0", "0", "2"]


def test_the_nations_sums_are_those_of_the_rules(db):
    """Whatever is known and not known, the database's sums agree with the table that Python makes."""
    draw = random.Random(2562)  # a test's dice
    province, central = factories.make_province(), factories.make_officer("CENTRAL")
    for _ in range(40):
        plan = factories.make_plan()
        for source in ("SAR", "NACC"):
            parts = [draw.choice([None, 0, 0, Decimal(draw.randrange(5000)) / 100]) for _ in range(4)]
            give(plan, source, *parts, total=draw.choice([None, 0, draw.randrange(200)]))
    period = factories.make_period()
    of_laos = province_scores(central, province, period).total
    of_nation = nation_scores(central, period, "ทั่วประเทศ").total
    for expected, found in zip(of_laos.rows[:2], of_nation.rows[:2], strict=True):
        assert (list(found.parts), found.total, found.known) == (list(expected.parts), expected.total, expected.known)


def test_officers_read_their_own_area_alone(krabi, as_user):
    elsewhere = factories.make_province("30", "นครราชสีมา", 3)
    other = as_user(factories.make_officer("PROVINCE", province=elsewhere))
    assert other.get(URL).context["groups"] == []
    assert other.get(URL, {"province": "81"}).status_code == 404
    assert other.get(f"{URL}export/", {"province": "81"}).status_code == 404
    lao = krabi[0].lao
    for address in (f"{URL}lao/{lao.code}/", f"{URL}lao/{lao.code}/export/"):
        assert other.get(address).status_code == 404
    region = as_user(factories.make_officer("REGION")).get(URL)
    names = {group[1] for group in region.context["groups"]}
    assert "กระบี่" in names
    assert "นครราชสีมา" not in names


def test_one_lao_is_read_with_its_versions(krabi, officer, as_user):
    client = as_user(officer)
    lao = krabi[1].lao
    data = {"version": 0, "passed_in": "2561", "SAR_1": "12", "NACC_total": "188", "reason": "x"}
    data |= {f"NACC_{number}": 0 for number in range(1, 5)}
    client.post(f"/scores/entry/{lao.code}/", data)
    page = client.get(f"{URL}lao/{lao.code}/").content.decode()
    assert "คะแนน SAR มิติที่ 1: - → 12" in page
    assert f"/scores/entry/{lao.code}/" in page
    book = load_workbook(io.BytesIO(client.get(f"{URL}lao/{lao.code}/export/").content))
    assert book.active["H7"].value == 188


def test_the_clerk_reads_the_versions_and_cannot_enter(krabi, officer, as_user):
    lao = krabi[0].lao
    clerk = as_user(factories.make_clerk(lao))
    data = {"version": 0, "passed_in": "2561", "SAR_1": "41", "reason": "ตรวจทานเอกสาร"}
    as_user(officer).post(f"/scores/entry/{lao.code}/", data)
    page = clerk.get(URL).content.decode()
    assert "ตรวจทานเอกสาร" in page
    assert "/scores/entry/" not in page
    assert clerk.get(f"{URL}lao/{lao.code}/").status_code == 404


def test_the_pass_mark_speaks_once_it_is_set(krabi, officer, as_user):
    client = as_user(officer)
    assert "เกณฑ์คะแนน" not in client.get(URL).content.decode()
    PeriodStandard.objects.create(period=krabi[0].period, pass_mark=160)
    page = client.get(URL).content.decode()
    assert page.count("ไม่ผ่านเกณฑ์คะแนน") == 1
    assert "ผลประเมินรวมตั้งแต่ 160 คะแนน" in page


def test_the_excel_files_have_what_the_pages_have(krabi, central_client):
    book = load_workbook(io.BytesIO(central_client.get(f"{URL}export/", {"province": "81"}).content))
    lines = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=6)]
    assert lines[0] == [1, krabi[0].lao.code, "อบต.ก", "อ่าวลึก", "คะแนน SAR", None, 40, 30, 20, 10, 100]
    assert lines[5][4:] == ["ผลประเมิน", None, 0, 0, 0, 0, 188]
    assert lines[9][4:] == ["ผลประเมิน (เฉลี่ย)", 2, 19, 15, 10, 5, 143]
    nation = load_workbook(io.BytesIO(central_client.get(f"{URL}export/").content)).active
    assert [cell.value for cell in nation[4]][:4] == ["ลำดับ", "จังหวัด", "ป.ป.ช. ภาค", "หน่วยงาน"]


@pytest.mark.parametrize("address", [{}, {"province": "81"}])
def test_fifty_laos_take_no_more_queries_than_one(central_client, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert central_client.get(URL, address).status_code == 200
        return len(captured)

    def add():
        plan = factories.make_plan()
        give(plan, "SAR", 1, 2, 3, 4)
        factories.make_project(plan, budget=5)

    add()
    queries()
    before = queries()
    for _ in range(49):
        add()
    assert queries() == before


@pytest.mark.parametrize("junk", ["x", "8", "๘๑", "99", "811", "\x00"])
def test_a_province_that_is_none_is_not_there(central_client, krabi, junk):
    assert central_client.get(URL, {"province": junk}).status_code == 404


def test_the_tables_are_only_read(central_client, krabi):
    assert central_client.post(URL).status_code == 405
    assert Score.objects.count() == 13
