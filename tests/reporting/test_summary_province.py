import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from projects.models import Project
from reporting.models import LevelCutoff, ProgressReport
from tests import factories
from tests.reporting.results import CANNOT, DONE, ONGOING, SILENT, figures, with_results

URL = "/summary/province/"
SIX, TWELVE = {"year": "2562", "months": "6"}, {"year": "2562", "months": "12"}


def text(response):
    """What a reader sees of the page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_clerk_sees_every_lao_of_the_province_best_first(clerk, clerk_client):
    best = with_results(factories.make_lao(name="หนองทะเล"), DONE, DONE, DONE, ONGOING)
    worst = with_results(factories.make_lao(name="เขาพนม"), CANNOT)
    idle = factories.make_lao(name="กระบี่น้อย")
    with_results(clerk.lao, DONE, ONGOING, CANNOT, SILENT, SILENT)
    elsewhere = factories.make_lao(
        district=factories.make_district("เมือง", factories.make_province("30", "นครราชสีมา", 3))
    )

    response = clerk_client.get(URL, SIX)

    assert figures(response, best) == ("1", "87.50", "3.5", "4")
    assert figures(response, clerk.lao) == ("2", "30.00", "1.5", "5")
    assert figures(response, worst) == ("3", "0.00", "0.0", "1")
    assert figures(response, idle) == ("-", "-", "0.0", "0")
    assert [row.name for row in response.context["table"]["rows"]][-1] == str(idle)
    assert str(elsewhere) not in text(response)


def test_the_first_half_year_of_the_manual_reads_30_medium(clerk, clerk_client):
    with_results(clerk.lao, DONE, ONGOING, CANNOT, SILENT, SILENT)
    page = text(clerk_client.get(URL, SIX))
    assert f"1 {clerk.lao} อำเภออ่าวลึก (อปท. ของท่าน) 30.00 ปานกลาง 1.5 5" in page


def test_equal_percentages_share_a_rank_and_stand_in_thai_order(clerk, clerk_client):
    with_results(factories.make_lao(name="เกาะกลาง"), DONE, DONE)
    with_results(factories.make_lao(name="ขนาบน้ำ"), DONE)
    with_results(factories.make_lao(name="คลองท่อม"), ONGOING)
    rows = clerk_client.get(URL, SIX).context["table"]["rows"]
    assert [(row.rank, row.name) for row in rows[:3]] == [
        ("1", "อบต.เกาะกลาง"),
        ("1", "อบต.ขนาบน้ำ"),
        ("3", "อบต.คลองท่อม"),
    ]


def test_laos_of_one_name_are_told_apart_by_their_district(clerk, clerk_client):
    for district in ("เขาพนม", "คลองท่อม"):
        with_results(factories.make_lao(name="หนองไผ่", district=factories.make_district(district)), DONE)
    page = text(clerk_client.get(URL, SIX))
    assert "อบต.หนองไผ่ อำเภอเขาพนม" in page
    assert "อบต.หนองไผ่ อำเภอคลองท่อม" in page


def test_rejected_and_deleted_projects_are_left_out(clerk, clerk_client):
    with_results(clerk.lao, DONE, SILENT)
    with_results(clerk.lao, CANNOT, review_state=Project.ReviewState.REJECTED)
    with_results(clerk.lao, CANNOT, deleted_at=timezone.now())
    assert figures(clerk_client.get(URL, SIX), clerk.lao) == ("1", "50.00", "1.0", "2")


def test_a_rejected_project_is_counted_again_with_its_report_when_it_is_restored(clerk, clerk_client):
    with_results(clerk.lao, DONE, review_state=Project.ReviewState.REJECTED)
    assert figures(clerk_client.get(URL, SIX), clerk.lao) == ("-", "-", "0.0", "0")
    Project.objects.update(review_state=Project.ReviewState.ACCEPTED)
    assert figures(clerk_client.get(URL, SIX), clerk.lao) == ("1", "100.00", "1.0", "1")


def test_a_6_month_report_stands_in_the_12_month_table_until_another_replaces_it(clerk, clerk_client):
    with_results(clerk.lao, ONGOING, ONGOING, SILENT)
    assert figures(clerk_client.get(URL, TWELVE), clerk.lao) == ("1", "33.33", "1.0", "3")
    factories.make_report(Project.objects.earliest("id"), months=12, status=DONE)
    assert figures(clerk_client.get(URL, TWELVE), clerk.lao) == ("1", "50.00", "1.5", "3")
    assert figures(clerk_client.get(URL, SIX), clerk.lao) == ("1", "33.33", "1.0", "3")


def test_a_6_month_report_of_another_year_never_stands_in(clerk, clerk_client):
    project = factories.make_project(clerk.lao.plans.get(), years=[2561, 2562])
    factories.make_report(project, fiscal_year=2561, status=DONE)
    assert figures(clerk_client.get(URL, TWELVE), clerk.lao) == ("1", "0.00", "0.0", "1")
    assert figures(clerk_client.get(URL, {"year": "2561", "months": "12"}), clerk.lao) == ("1", "100.00", "1.0", "1")


def test_a_12_month_report_never_shows_in_the_6_month_table(clerk, clerk_client):
    with_results(clerk.lao, DONE, months=12)
    assert figures(clerk_client.get(URL, SIX), clerk.lao) == ("1", "0.00", "0.0", "1")


@pytest.mark.parametrize(("parameters", "word"), [(SIX, "มาก"), (TWELVE, "ปานกลาง")])
def test_each_round_has_its_own_levels(clerk, clerk_client, parameters, word):
    with_results(clerk.lao, DONE, SILENT)
    assert word in clerk_client.get(URL, parameters).context["table"]["rows"][0].level


def test_the_words_and_cutoffs_of_the_period_are_used(clerk, clerk_client):
    with_results(clerk.lao, DONE)
    LevelCutoff.objects.filter(period__first_year=2561, months=6).update(high_name="ดีเยี่ยม", high=90)
    page = text(clerk_client.get(URL, SIX))
    assert "100.00 ดีเยี่ยม" in page
    assert "ดีเยี่ยม ตั้งแต่ร้อยละ 90" in page


def test_without_cutoffs_there_are_percentages_and_no_levels(clerk, clerk_client):
    with_results(clerk.lao, DONE)
    LevelCutoff.objects.all().delete()
    response = clerk_client.get(URL, SIX)
    assert response.context["table"]["rows"][0].level == "-"
    assert "ยังไม่ได้กำหนดเกณฑ์ระดับ" in text(response)


def test_a_figure_lifted_to_a_cutoff_by_rounding_says_so(clerk, clerk_client):
    with_results(clerk.lao, DONE, DONE, SILENT)
    LevelCutoff.objects.filter(period__first_year=2561, months=6).update(high="66.67")
    assert "66.67 (ก่อนปัดเศษไม่ถึง 66.67) ปานกลาง" in text(clerk_client.get(URL, SIX))


def test_the_province_pools_the_counts_and_does_not_average(clerk, clerk_client):
    with_results(clerk.lao, DONE)
    with_results(factories.make_lao(), SILENT, SILENT, SILENT)
    response = clerk_client.get(URL, SIX)
    total = response.context["table"]["total"]
    assert (total.percent, total.points, total.projects) == ("25.00", "1.0", "4")
    assert "คะแนน 1.0 จาก N = 4" in text(response)


def test_formula_n_and_time_stand_under_the_table(clerk, clerk_client):
    page = text(clerk_client.get(URL, SIX))
    for part in ("ร้อยละ = คะแนน ÷ N × 100", "N = จำนวนโครงการ", "ประมวลผลเมื่อ"):
        assert part in page


def test_a_saved_report_is_in_the_table_at_once(clerk, clerk_client):
    with_results(clerk.lao, ONGOING)
    assert figures(clerk_client.get(URL, SIX), clerk.lao)[1] == "50.00"
    ProgressReport.objects.update(status=DONE)
    assert figures(clerk_client.get(URL, SIX), clerk.lao)[1] == "100.00"


def test_the_page_begins_with_the_newest_round_that_was_opened_and_reported(clerk, clerk_client):
    for year, months in ((2561, 6), (2561, 12), (2562, 6)):
        factories.closed(year, months)
    factories.make_round(2562, 12)
    factories.make_round(2563, 6, opens_on=date(2100, 1, 1), closes_on=date(2100, 2, 1))
    context = clerk_client.get(URL).context
    assert (context["year"], context["months"]) == (2562, 12)
    with_results(clerk.lao, DONE, fiscal_year=2561, months=12)
    context = clerk_client.get(URL).context
    assert (context["year"], context["months"]) == (2561, 12)


@pytest.mark.parametrize(
    "parameters",
    [
        {"year": "x", "months": "x"},
        {"year": "2562'", "months": "6;--"},
        {"year": "99999999999999999999", "months": "-6"},
        {"year": "\x00", "months": "\x00"},
        {"year": "2540", "months": "7"},
        {"year": "", "months": ""},
    ],
)
def test_junk_in_the_address_falls_back(clerk_client, parameters):
    for address in (URL, URL + "export/"):
        assert clerk_client.get(address, parameters).status_code == 200


def test_thai_digits_in_the_address_are_digits(clerk_client):
    context = clerk_client.get(URL, {"year": "๒๕๖๓", "months": "๑๒"}).context
    assert (context["year"], context["months"]) == (2563, 12)


@pytest.mark.parametrize("code", ["30", "99", "", "x", "8", "811", "\x00", "๘๑"])
def test_a_clerk_gets_no_other_province(clerk_client, code):
    factories.make_province("30", "นครราชสีมา", 3)
    for address in (URL, URL + "export/"):
        assert clerk_client.get(address, {"province": code}).status_code == 404


def test_a_stranger_sees_the_own_province_instead(clerk, stranger_client):
    with_results(clerk.lao, DONE)
    response = stranger_client.get(URL, SIX)
    assert response.context["lines"][0] == "จังหวัดนครราชสีมา"
    assert str(clerk.lao) not in text(response)
    assert stranger_client.get(URL, {"province": "81"}).status_code == 404


def test_officers_choose_among_the_provinces_of_their_area(db, as_user):
    krabi, korat = factories.make_province(), factories.make_province("30", "นครราชสีมา", 3)
    allowed = {"PROVINCE": {krabi}, "REGION": {krabi}, "CENTRAL": {krabi, korat}}
    for role, provinces in allowed.items():
        client = as_user(factories.make_officer(role))
        assert client.get(URL).status_code == 200
        for province in (krabi, korat):
            expected = 200 if province in provinces else 404
            assert client.get(URL, {"province": province.code}).status_code == expected, (role, province)


def test_nobody_signed_out_gets_in(client, db):
    for address in ("/summary/", URL, URL + "export/"):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ["/summary/", URL, URL + "export/"])
def test_the_pages_are_only_read(clerk_client, address):
    assert clerk_client.post(address).status_code == 405


def test_fifty_laos_take_no_more_queries_than_one(clerk, clerk_client, as_user):
    officers = [as_user(factories.make_officer(role)) for role in ("PROVINCE", "CENTRAL")]

    def queries():
        taken = []
        for client in (clerk_client, *officers):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(URL, {**SIX, "province": "81"}).status_code == 200
            taken.append(len(captured))
        return taken

    with_results(clerk.lao, DONE)
    before = queries()
    for _ in range(49):
        with_results(factories.make_lao(), ONGOING)
    assert queries() == before
    assert max(before) <= 11


def test_the_excel_file_has_what_the_page_has(clerk, clerk_client):
    best = with_results(factories.make_lao(name="หนองทะเล"), DONE, DONE, DONE, ONGOING)
    with_results(clerk.lao, DONE, ONGOING, CANNOT, SILENT, SILENT)
    idle = factories.make_lao(name="กระบี่น้อย")

    response = clerk_client.get(URL + "export/", SIX)

    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[3] == ["ลำดับ", "ชื่อ อปท.", "อำเภอ", "ร้อยละ", "ระดับ", "คะแนน", "N (จำนวนโครงการ)"]
    assert rows[4] == [1, str(best), "อ่าวลึก", 87.5, "มาก", 3.5, 4]
    assert rows[5] == [2, str(clerk.lao), "อ่าวลึก", 30, "ปานกลาง", 1.5, 5]
    assert rows[6] == ["-", str(idle), "อ่าวลึก", "-", "-", 0, 0]
    assert rows[7][1:] == ["จังหวัดกระบี่", None, 55.56, "มาก", 5, 9]
    assert sheet.freeze_panes == "A5"
    assert any("ร้อยละ = คะแนน ÷ N × 100" in str(row[0]) for row in rows)


def test_the_summaries_page_offers_both_reports_to_a_clerk(clerk_client):
    page = clerk_client.get("/summary/").content.decode()
    assert 'action="/summary/own/"' in page
    assert 'action="/summary/province/"' in page


def test_an_officer_is_offered_the_provinces_of_the_area(db, as_user):
    page = as_user(factories.make_officer("CENTRAL")).get("/summary/").content.decode()
    assert 'action="/summary/own/"' not in page
    assert '<option value="81">กระบี่</option>' in page
