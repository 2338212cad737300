import io
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.models import Score
from projects.models import Dimension, Project
from tests import factories
from tests.evaluation.scoring import give

URL = "/scores/"


def rows(response):
    return {name: [*parts, total] for name, parts, total in response.context["rows"]}


def test_the_rows_are_those_of_the_manual(clerk, clerk_client):
    response = clerk_client.get(URL)
    assert [row[0] for row in response.context["rows"]] == [
        "คะแนน SAR",
        "ผลประเมิน",
        "งบประมาณ (บาท)",
        "จำนวนรวมโครงการ/กิจกรรม/มาตรการ",
    ]


def test_what_is_not_known_is_not_0(clerk, clerk_client):
    assert rows(clerk_client.get(URL)) == {
        "คะแนน SAR": ["-"] * 5,
        "ผลประเมิน": ["-"] * 5,
        "งบประมาณ (บาท)": ["-"] * 5,
        "จำนวนรวมโครงการ/กิจกรรม/มาตรการ": ["0"] * 5,
    }


def test_scores_are_added_up_over_the_dimensions(clerk, clerk_client):
    give(clerk.lao.plans.get(), "SAR", 40, Decimal("30.5"), 0, 10)
    give(clerk.lao.plans.get(), "NACC", 38, None, 20)
    shown = rows(clerk_client.get(URL))
    assert shown["คะแนน SAR"] == ["40", "30.50", "0", "10", "80.50"]
    assert shown["ผลประเมิน"] == ["38", "-", "20", "-", "58"]


@pytest.mark.parametrize("parts", [(), (0, 0, 0, 0)])
def test_a_total_that_is_known_alone_stands_as_entered(clerk, clerk_client, parts):
    give(clerk.lao.plans.get(), "NACC", *parts, total=188)
    assert rows(clerk_client.get(URL))["ผลประเมิน"][-1] == "188"


def test_a_project_of_four_years_is_one_with_the_budgets_of_all_years(clerk, clerk_client):
    plan = clerk.lao.plans.get()
    factories.make_project(plan, years=[2561, 2562, 2563, 2564], budget=Decimal("1000.25"), dimension=1)
    factories.make_project(plan, budget=500, dimension=1)
    factories.make_project(plan, budget=None, dimension=2)
    shown = rows(clerk_client.get(URL))
    assert shown["จำนวนรวมโครงการ/กิจกรรม/มาตรการ"] == ["2", "1", "0", "0", "3"]
    assert shown["งบประมาณ (บาท)"] == ["4,501", "-", "-", "-", "4,501"]


def test_rejected_and_deleted_projects_are_left_out(clerk, clerk_client):
    plan = clerk.lao.plans.get()
    factories.make_project(plan, budget=1, review_state=Project.ReviewState.REJECTED)
    factories.make_project(plan, budget=1, deleted_at="2019-01-05T10:00+07:00")
    shown = rows(clerk_client.get(URL))
    assert shown["จำนวนรวมโครงการ/กิจกรรม/มาตรการ"][-1] == "0"
    assert shown["งบประมาณ (บาท)"][-1] == "-"


def test_each_plan_has_its_own_scores(clerk, clerk_client):
    later = factories.make_plan(clerk.lao, period=factories.make_period(2566, 2570), passed_in=2566)
    give(clerk.lao.plans.get(period__first_year=2561), "SAR", 40)
    give(later, "SAR", 7)
    assert rows(clerk_client.get(URL, {"first_year": "2561"}))["คะแนน SAR"][-1] == "40"
    assert rows(clerk_client.get(URL, {"first_year": "๒๕๖๖"}))["คะแนน SAR"][-1] == "7"


def test_a_plan_that_has_not_passed_may_have_been_scored(as_user, db):
    clerk = factories.make_clerk()
    give(factories.make_plan(clerk.lao, passed_in=None), "NACC", total=55)
    assert rows(as_user(clerk).get(URL))["ผลประเมิน"][-1] == "55"


def test_without_a_plan_there_are_no_scores(as_user, db):
    client = as_user(factories.make_clerk())
    assert "ยังไม่มีแผน" in client.get(URL).content.decode()
    assert client.get(URL + "export/").status_code == 404


@pytest.mark.parametrize("junk", ["x", "\x00", "2599", "", "-1", "2561'"])
def test_junk_in_the_address_falls_back(clerk_client, junk):
    for address in (URL, URL + "export/"):
        assert clerk_client.get(address, {"first_year": junk}).status_code == 200


def test_a_stranger_sees_nothing_of_it(clerk, stranger_client):
    give(clerk.lao.plans.get(), "NACC", total=188)
    response = stranger_client.get(URL)
    assert rows(response)["ผลประเมิน"][-1] == "-"
    assert str(clerk.lao) not in response.content.decode()


def test_nobody_signed_out_gets_in(client, db):
    for address in (URL, URL + "export/"):
        assert client.get(address).status_code == 302


def test_the_page_is_only_read(clerk_client):
    assert clerk_client.post(URL).status_code == 405


def test_fifty_projects_take_no_more_queries_than_one(clerk, clerk_client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            clerk_client.get(URL)
        return len(captured)

    factories.make_project(clerk.lao.plans.get())
    before = queries()
    for _ in range(49):
        factories.make_project(clerk.lao.plans.get())
    assert queries() == before


def test_the_excel_file_has_what_the_page_has(clerk, clerk_client):
    plan = clerk.lao.plans.get()
    give(plan, "SAR", 40, Decimal("30.5"))
    give(plan, "NACC", total=188)
    factories.make_project(plan, budget=Decimal("2500.75"), dimension=4)

    response = clerk_client.get(URL + "export/")

    sheet = load_workbook(io.BytesIO(response.content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[3] == ["ลำดับ", "อปท.", "หน่วยงาน", "คะแนน", None, None, None, "รวม"]
    assert lines[4][3:7] == ["มิติที่ 1", "มิติที่ 2", "มิติที่ 3", "มิติที่ 4"]
    assert lines[5] == [1, str(clerk.lao), "คะแนน SAR", 40, 30.5, "-", "-", 70.5]
    assert lines[6] == [None, None, "ผลประเมิน", "-", "-", "-", "-", 188]
    assert lines[7][2:] == ["งบประมาณ (บาท)", "-", "-", "-", 2500.75, 2500.75]
    assert lines[8][2:] == ["จำนวนรวมโครงการ/กิจกรรม/มาตรการ", 0, 0, 0, 1, 1]


def test_a_score_is_given_once_and_never_below_0(clerk):
    plan = clerk.lao.plans.get()
    give(plan, "SAR", 40, total=40)
    dimension = Dimension.objects.get(period=plan.period, number=1)
    for fields, constraint in [
        ({"dimension": dimension, "points": 1}, "score_once"),
        ({"dimension": None, "points": 1}, "score_once"),
        ({"dimension": None, "source": "NACC", "points": -1}, "score_not_negative"),
    ]:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Score.objects.create(**{"plan": plan, "source": "SAR", **fields})
