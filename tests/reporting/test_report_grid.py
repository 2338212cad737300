"""S11 as a grid: a round of all projects on one page, by the rules of one project's page, nothing lost."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lao.models import AuditEntry
from projects.models import Project
from reporting.models import ProgressReport
from tests import factories

SIX, TWELVE = "/reports/grid/?year=2562&months=6", "/reports/grid/?year=2562&months=12"
JSON = {"accept": "application/json"}


@pytest.fixture
def projects(clerk):
    factories.make_round(2562, 6)
    factories.make_round(2562, 12)
    plan = clerk.lao.plans.get()
    return [factories.make_project(plan, budget=1000, name=f"โครงการที่ {n}") for n in (1, 2)] + [
        factories.make_project(plan, name="โครงการไม่ใช้งบ")
    ]


def key(project):
    return str(project.years.get().pk)


def page_of(client, address=SIX):
    return client.get(address).content.decode()


def fields(page):
    """What a browser sends back for the page, as it is."""
    sent = {}
    for tag in re.findall(r"<input [^>]*>", page):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in found and (found["type"] not in ("checkbox", "radio") or " checked" in tag):
            sent[found["name"]] = found.get("value", "on" if found["type"] == "checkbox" else "")
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[0] if chosen else ""
    for name, value in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = value.strip()
    return {name: value for name, value in sent.items() if "-" in name}


def row(project, **answers):
    return {f"{key(project)}-{name}": value for name, value in answers.items()}


def test_every_counted_project_of_the_year_is_a_row(clerk_client, clerk, projects):
    factories.make_project(clerk.lao.plans.get(), years=(2563,), name="โครงการปีอื่น")
    factories.make_project(clerk.lao.plans.get(), name="โครงการที่ถูกปฏิเสธ", review_state="REJECTED")
    page = page_of(clerk_client)
    assert [name for name in ("โครงการที่ 1", "โครงการที่ 2", "โครงการไม่ใช้งบ") if name not in page] == []
    assert "โครงการปีอื่น" not in page
    assert "โครงการที่ถูกปฏิเสธ" not in page
    assert f'name="{key(projects[0])}-disbursed"' in page
    assert f'name="{key(projects[2])}-disbursed"' not in page


def test_one_save_saves_the_rows_that_changed_and_no_others(clerk_client, projects):
    sent = fields(page_of(clerk_client)) | row(
        projects[0], ordinance_budget="๑,๐๐๐", disbursed="900", status="COMPLETED", in_ordinance="on", remark="ก\r\nข"
    )
    answer = clerk_client.post(SIX, sent, follow=True)
    assert answer.redirect_chain == [(SIX, 302)]
    assert "บันทึกแล้ว 1 โครงการ รอบ 6 เดือน" in answer.content.decode()
    report = ProgressReport.objects.get()
    assert (report.project_year.project, report.months, report.disbursed) == (projects[0], 6, Decimal(900))
    assert (report.in_ordinance, report.remark, report.status) == (True, "ก\nข", "COMPLETED")
    again = clerk_client.post(SIX, fields(page_of(clerk_client)), follow=True)
    assert "ไม่มีแถวใดเปลี่ยนแปลง" in again.content.decode()
    assert ProgressReport.objects.get().version == 1


def test_rows_that_cannot_be_saved_come_back_as_typed_and_the_others_are_saved(clerk_client, projects):
    sent = fields(page_of(clerk_client))
    sent |= row(projects[0], ordinance_budget="1000", disbursed="พันบาท", status="COMPLETED", remark="พิมพ์ไว้")
    sent |= row(projects[1], ordinance_budget="500", disbursed="400", status="IN_PROGRESS")
    sent |= row(projects[2], status="NOT_FEASIBLE")
    answer = clerk_client.post(SIX, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ProgressReport.objects.get().project_year.project == projects[1]
    assert "อ่านเป็นจำนวนไม่ได้" in page
    assert "กรุณาเลือกเหตุผลที่ไม่สามารถดำเนินการได้" in page
    assert 'value="พันบาท"' in page
    assert "พิมพ์ไว้" in page
    assert page.count('aria-invalid="true"') == 2
    assert "แถวที่ถูกต้องบันทึกแล้ว" in page
    sent = fields(page) | row(projects[0], disbursed="10") | row(projects[2], reason="NO_BUDGET")
    clerk_client.post(SIX, sent)
    assert ProgressReport.objects.count() == 3
    assert ProgressReport.objects.get(project_year__project=projects[0]).remark == "พิมพ์ไว้"


def test_of_a_row_that_someone_else_saved_both_values_are_shown_and_one_is_chosen(clerk_client, projects):
    sent = fields(page_of(clerk_client)) | row(projects[2], status="COMPLETED")
    factories.make_report(projects[2], status="IN_PROGRESS", remark="ของคนอื่น")
    factories.make_report(projects[0], status="IN_PROGRESS", ordinance_budget=5, disbursed=5)
    answer = clerk_client.post(SIX, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ของท่าน:</strong> ดำเนินการแล้วเสร็จ" in page
    assert "ที่บันทึกไว้แล้ว:</strong> อยู่ระหว่างดำเนินการ" in page
    assert "รวมให้แล้ว เพราะท่านไม่ได้แก้: หมายเหตุ" in page
    assert clerk_client.post(SIX, fields(page)).status_code == 409, "nothing was chosen yet"
    clerk_client.post(SIX, fields(page) | row(projects[2], **{"choose-status": "mine"}))
    assert ProgressReport.objects.get(project_year__project=projects[2]).remark == "ของคนอื่น"
    assert ProgressReport.objects.get(project_year__project=projects[2]).status == "COMPLETED"
    assert ProgressReport.objects.get(project_year__project=projects[0]).disbursed == 5


def test_twelve_months_start_from_six_and_one_press_says_that_the_rest_is_the_same(clerk_client, projects):
    factories.make_report(projects[0], status="IN_PROGRESS", ordinance_budget=1000, disbursed=400, remark="ครึ่งปี")
    factories.make_report(projects[2], status="COMPLETED")
    page = page_of(clerk_client, TWELVE)
    assert "1 โครงการเริ่มจากที่รายงานไว้ในรอบ 6 เดือน" in page
    assert 'data-sum="disbursed">400<' in page
    assert not ProgressReport.objects.filter(months=12).exists()
    clerk_client.post(TWELVE, fields(page))
    assert not ProgressReport.objects.filter(months=12).exists()
    clerk_client.post(TWELVE, fields(page) | {"same": "rest"})
    report = ProgressReport.objects.get(months=12)
    assert (report.project_year.project, report.disbursed, report.remark) == (projects[0], 400, "ครึ่งปี")


def test_a_script_saves_one_row_and_hears_what_became_of_it(clerk_client, projects):
    mine = {name: value for name, value in fields(page_of(clerk_client)).items() if name.startswith(key(projects[0]))}
    wrong = mine | row(projects[0], ordinance_budget="1000", disbursed="x", status="COMPLETED")
    told = clerk_client.post(SIX, wrong, headers=JSON).json()["rows"][key(projects[0])]
    assert told["saved"] is False
    assert "อ่านเป็นจำนวนไม่ได้" in told["errors"]["disbursed"][0]
    right = wrong | row(projects[0], disbursed="2000")
    told = clerk_client.post(SIX, right, headers=JSON).json()["rows"][key(projects[0])]
    assert (told["saved"], told["reported"], told["errors"]) == (True, True, {})
    above = "ควรตรวจสอบ: เบิกจ่าย 2,000 บาท มากกว่างบประมาณตามข้อบัญญัติ/เทศบัญญัติ 1,000 บาท"
    assert told["notes"] == [["caution", above, f"{key(projects[0])}-keep_ABOVE_ORDINANCE", "ยืนยันว่าถูกต้อง เพราะ", ""]]
    more = right | told["hidden"] | row(projects[0], disbursed="900")
    clerk_client.post(SIX, more, headers=JSON)
    assert ProgressReport.objects.get().version == 2
    stale = more | row(projects[0], version="1", disbursed="800")
    told = clerk_client.post(SIX, stale, headers=JSON).json()["rows"][key(projects[0])]
    asked = told["conflict"]["questions"][0]
    assert (told["saved"], asked["stored"], asked["typed"]) == (False, "900 บาท", "800 บาท")
    chosen = stale | row(projects[0], conflict=told["conflict"]["version"], **{"choose-disbursed": "stored"})
    told = clerk_client.post(SIX, chosen, headers=JSON).json()["rows"][key(projects[0])]
    assert (told["saved"], told["values"]["disbursed"]) == (True, "900")


def test_the_history_names_who_saved_a_row(clerk_client, clerk, projects):
    clerk_client.post(SIX, row(projects[2], status="COMPLETED", version="0"))
    assert AuditEntry.objects.get(table_name="reporting_progressreport").actor_name == clerk.username


def test_a_closed_round_is_read_and_says_why_and_keeps_what_is_sent_late(clerk_client, projects):
    factories.make_report(projects[2], status="NOT_FEASIBLE", remark="ที่รายงานไว้")
    factories.closed(2562, 6)
    page = page_of(clerk_client)
    assert "ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562" in page
    assert "ที่รายงานไว้" in page
    assert "ไม่ได้รับงบประมาณ" in page
    assert "บันทึกทั้งหน้า" not in page
    late = clerk_client.post(
        SIX, row(projects[0], ordinance_budget="1", disbursed="1", status="COMPLETED", remark="มาช้า", version="0")
    )
    assert late.status_code == 409
    assert "ยังไม่ได้บันทึก: ปิดรับรายงานแล้ว" in late.content.decode()
    assert "มาช้า" in late.content.decode()
    assert ProgressReport.objects.count() == 1


def test_a_project_deleted_meanwhile_is_told_and_the_others_are_saved(clerk_client, projects):
    sent = fields(page_of(clerk_client)) | row(projects[1], status="COMPLETED", ordinance_budget="1", disbursed="1")
    Project.objects.filter(pk=projects[0].pk).update(deleted_at=timezone.now())
    answer = clerk_client.post(SIX, sent)
    assert answer.status_code == 409
    assert "โครงการที่ 1: โครงการถูกลบไปแล้ว" in answer.content.decode()
    assert ProgressReport.objects.get().project_year.project == projects[1]


@pytest.mark.parametrize("headers", [{}, JSON])
def test_rows_of_another_lao_are_not_there(stranger_client, projects, headers):
    sent = row(projects[0], status="COMPLETED", ordinance_budget="1", disbursed="1", version="0")
    assert stranger_client.post(SIX, sent, headers=headers).status_code == 404
    assert "โครงการที่ 1" not in page_of(stranger_client)
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"x-version": "1"}, {"-version": ""}, {"99999999999999999999-version": "1"}])
def test_what_names_no_row_is_not_there(clerk_client, projects, sent):
    assert clerk_client.post(SIX, sent).status_code == 404


@pytest.mark.parametrize("query", ["", "?year=x&months=y", "?year=9999&months=7", "?months=๑๒"])
def test_whatever_is_asked_for_leads_to_a_round(clerk_client, projects, query):
    assert clerk_client.get(f"/reports/grid/{query}").status_code == 200


def test_an_lao_without_a_plan_is_led_to_the_list(db, as_user):
    answer = as_user(factories.make_clerk()).get(SIX)
    assert (answer.status_code, answer.url) == (302, "/reports/")


def test_the_list_and_the_grid_lead_to_each_other(clerk_client, projects):
    assert 'href="/reports/grid/?year=2562"' in page_of(clerk_client, "/reports/?year=2562")
    assert 'href="/reports/?year=2562"' in page_of(clerk_client)


def test_fifty_rows_take_no_more_queries_than_one(clerk_client, clerk):
    factories.make_round(2562, 12)
    plan = clerk.lao.plans.get()
    asked = []
    for wanted in (1, 49):
        for _ in range(wanted):
            factories.make_report(factories.make_project(plan, budget=10), ordinance_budget=9, disbursed=8)
        clerk_client.get(TWELVE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = page_of(clerk_client, TWELVE)
        with CaptureQueriesContext(connection) as saving:
            clerk_client.post(TWELVE, fields(page))
        asked.append((len(queries), len(saving)))
    assert asked[0] == asked[1]


def test_a_row_by_script_asks_only_about_itself(clerk_client, projects, django_assert_max_num_queries):
    for _ in range(20):
        factories.make_kept(
            factories.make_report(factories.make_project(projects[0].plan, budget=10), ordinance_budget=9),
            by=projects[0].plan.lao.account,
        )
    sent = row(projects[0], version=0, shown="", status="COMPLETED", ordinance_budget=1000, disbursed=900)
    with django_assert_max_num_queries(12):
        answer = clerk_client.post(SIX, sent, headers=JSON).json()
    assert list(answer["rows"]) == [key(projects[0])]


def test_the_page_of_one_project_says_the_same_when_it_is_saved_and_when_it_is_opened(clerk_client, projects):
    address = f"/reports/{key(projects[0])}/6/"
    answers = {"ordinance_budget": "1000", "disbursed": "2000", "status": "COMPLETED", "version": "0"}
    saved = clerk_client.post(address, answers, follow=True).content.decode()
    for page in (saved, page_of(clerk_client, address)):
        assert "เบิกจ่าย 2,000 บาท มากกว่างบประมาณตามข้อบัญญัติ/เทศบัญญัติ" in page
