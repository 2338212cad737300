"""S5: what a clerk has left to do, and how an officer's area stands."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lao.models import LaoProfile, ResetRequest, User
from projects.models import Project, ReviewDecision
from tests import factories

URL = "/home/?year=2562"
ALL_DONE = "ครบแล้ว"


def text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def tasks(response):
    """The part of the page that says what to do."""
    return re.search(r'<section class="panel panel-accent".*?</section>', text(response))[0]


def figures(response):
    """The four figures by their words."""
    found = re.findall(r"<dt>(.*?)</dt> <dd>(.*?)</dd>", text(response))
    return {label: re.sub(r"<.*?>", "", value).split()[0] for label, value in found}


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def test_the_figures_are_those_of_the_open_round(clerk_client, plan):
    factories.make_round(2562, 6)
    factories.make_report(factories.make_project(plan), status="COMPLETED")
    factories.make_report(factories.make_project(plan), status="IN_PROGRESS")
    factories.make_report(factories.make_project(plan), status="NOT_FEASIBLE")
    factories.make_project(plan)
    factories.make_project(plan)
    page = clerk_client.get(URL)
    assert figures(page) == {
        "จำนวนโครงการทั้งหมด": "5",
        "โครงการที่รายงานแล้ว": "3",
        "โครงการที่ยังไม่ได้รายงาน": "2",
        "ร้อยละ": "30.00",
    }
    assert "ผลของปีงบประมาณ 2562 รอบ 6 เดือน" in text(page)
    assert "ปานกลาง" in text(page)


def test_rejected_and_deleted_projects_are_in_no_figure(clerk_client, plan):
    for field in ({"review_state": "REJECTED"}, {"deleted_at": timezone.now()}):
        project = factories.make_project(plan)
        factories.make_report(project)
        Project.objects.filter(pk=project.pk).update(**field)
    factories.make_project(plan)
    assert list(figures(clerk_client.get(URL)).values()) == ["1", "0", "1", "0.00"]


def test_the_12_month_round_takes_the_6_month_reports_for_its_result(clerk_client, plan):
    factories.closed(2562, 6)
    factories.make_round(2562, 12)
    factories.make_report(factories.make_project(plan), months=6, status="COMPLETED")
    factories.make_report(factories.make_project(plan), months=6, status="IN_PROGRESS")
    page = clerk_client.get(URL)
    assert list(figures(page).values()) == ["2", "1", "1", "75.00"]
    assert "รายงานผลรอบ 12 เดือน ปีงบประมาณ 2562 ยังไม่ได้รายงาน 1 จาก 2 โครงการ" in tasks(page)


def test_the_chart_has_its_table_and_its_words(clerk_client, plan):
    factories.make_round(2562, 6)
    factories.make_report(factories.make_project(plan), status="COMPLETED")
    factories.make_project(plan)
    page = text(clerk_client.get(URL))
    figure = re.search(r'<figure class="panel chart".*?</table>', page)[0]
    assert "ดำเนินการแล้วเสร็จ 1, อยู่ระหว่างดำเนินการ 0, ไม่สามารถดำเนินการได้ 0, ยังไม่รายงานผล 1" in figure
    drawing = figure.split("<desc>")[1]
    assert re.findall(r'<rect class="chart-(\w+)" x="(\d+)%" y="0.3em" width="(\d+)%"', drawing) == [
        ("good", "0", "50"),
        ("quiet", "50", "50"),
    ]
    assert re.findall(r'<td class="num">(\d+)</td>', figure) == ["1", "0", "0", "1"]
    assert "style=" not in figure


def test_what_is_missing_is_said_with_its_day_and_its_button(clerk_client, plan):
    factories.make_round(2562, 6)
    factories.make_report(factories.make_project(plan))
    left = factories.make_project(plan)
    found = tasks(clerk_client.get(URL))
    assert "รายงานผลรอบ 6 เดือน ปีงบประมาณ 2562 ยังไม่ได้รายงาน 1 จาก 2 โครงการ" in found
    assert "เปิดรับรายงานถึง" in found
    assert "(เหลืออีก 30 วัน)" in found
    assert "รายงานแล้ว 1 จาก 2" in found
    assert f'<a href="/reports/{left.years.get().pk}/6/">{left.name}</a>' in found
    assert '<a class="btn btn-primary" href="/reports/grid/?year=2562&amp;months=6">' in found
    assert ALL_DONE not in found


def test_of_many_that_are_missing_the_first_are_named_and_the_rest_counted(clerk_client, plan):
    factories.make_round(2562, 6)
    names = [factories.make_project(plan).name for _ in range(7)]
    found = tasks(clerk_client.get(URL))
    assert [name in found for name in names] == [True] * 5 + [False] * 2
    assert "และอีก 2 โครงการ" in found


def test_a_round_that_is_complete_is_said_in_one_sentence_with_the_button_for_its_receipt(clerk_client, plan):
    factories.make_round(2562, 6)
    factories.make_report(factories.make_project(plan))
    found = tasks(clerk_client.get(URL))
    assert "ครบแล้ว รายงานผลรอบ 6 เดือน ปีงบประมาณ 2562 ครบทั้ง 1 โครงการ" in found
    assert "ออกใบรับรายงาน" in found


def test_projects_that_were_returned_come_first_with_the_words_of_the_officer(clerk_client, plan, officer):
    factories.make_round(2562, 6)
    factories.make_project(plan)
    returned = factories.make_project(plan, review_state="RETURNED")
    ReviewDecision.objects.create(project=returned, decision="RETURN", reason="ระบุกลุ่มเป้าหมายให้ชัด", by=officer)
    LaoProfile.objects.filter(lao=plan.lao).update(coordinator_email="")
    found = tasks(clerk_client.get(URL))
    assert "เหตุผลของเจ้าหน้าที่: ระบุกลุ่มเป้าหมายให้ชัด" in found
    assert f'href="/projects/{returned.pk}/edit/"' in found
    places = [found.index(words) for words in (returned.name, "ยังไม่ได้กรอกอีเมล", "รายงานผลรอบ 6 เดือน")]
    assert places == sorted(places)


def test_a_round_to_come_is_nothing_to_do_yet(clerk_client, plan):
    start = timezone.localdate() + timedelta(days=9)
    factories.make_round(2562, 6, opens_on=start, closes_on=start)
    factories.make_project(plan)
    page = clerk_client.get(URL)
    assert ALL_DONE in tasks(page)
    assert "จะเปิดวันที่" in text(page)


def test_a_round_that_closed_with_reports_missing_says_whom_to_ask(clerk_client, plan):
    factories.closed(2562, 6)
    factories.make_project(plan)
    found = tasks(clerk_client.get(URL))
    assert "ยังไม่ได้รายงาน 1 จาก 1 โครงการ" in found
    assert "ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562" in found
    assert "ขยายเวลา" in found
    assert "<a " not in found


def test_a_year_without_projects_begins_with_recording_one(clerk_client):
    found = tasks(clerk_client.get(URL))
    assert "ยังไม่มีโครงการในปีงบประมาณ 2562" in found
    assert 'href="/projects/new/?year=2562"' in found


def test_a_profile_without_an_email_is_a_task(clerk_client, clerk):
    LaoProfile.objects.filter(lao=clerk.lao).update(coordinator_email="")
    found = tasks(clerk_client.get(URL))
    assert "ยังไม่ได้กรอกอีเมลผู้ประสานงาน" in found
    assert 'href="/profile/"' in found


@pytest.mark.parametrize("with_plan", [True, False])
def test_an_lao_whose_plan_has_not_passed_is_told_why(as_user, db, with_plan):
    user = factories.make_clerk()
    if with_plan:
        factories.make_plan(user.lao, passed_in=None)
    found = tasks(as_user(user).get(URL))
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in found
    assert ALL_DONE not in found


@pytest.mark.parametrize("year", ["", "junk", "๒๕๖๓", "9999", "-1", "%00"])
@pytest.mark.parametrize("role", ["LAO", "PROVINCE", "REGION", "CENTRAL"])
def test_any_year_in_the_address_is_answered(as_user, clerk, role, year):
    factories.make_round(2562, 6)
    user = clerk if role == "LAO" else factories.make_officer(role)
    assert as_user(user).get(f"/home/?year={year}").status_code == 200


def test_the_page_begins_with_the_year_that_can_be_reported(clerk_client):
    factories.make_round(2563, 6)
    assert '<option value="2563" selected>' in text(clerk_client.get("/home/"))


def test_nobody_sees_it_without_signing_in(client):
    assert client.get(URL).status_code == 302


def area_rows(response):
    """The cells of the officers' table, row by row."""
    rows = re.findall(r"<tr> (<th scope=\"row\".*?)</tr>", text(response))
    return [re.sub(r"<.*?>", " ", row).split() for row in rows]


@pytest.fixture
def two_provinces(clerk, plan):
    """กระบี่ with two districts, นครราชสีมา with one; some accounts unused, some reports missing."""
    factories.make_round(2562, 6)
    for status in ("COMPLETED", "IN_PROGRESS", "NOT_FEASIBLE"):
        factories.make_report(factories.make_project(plan), status=status)
    factories.make_project(plan, dimension=2)
    other_district = factories.make_district("เมืองกระบี่")
    factories.make_clerk(factories.make_lao(district=other_district), claimed=False)
    korat = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    elsewhere = factories.make_clerk(factories.make_lao(district=korat))
    factories.make_project(factories.make_plan(elsewhere.lao))


def test_a_provincial_officer_sees_the_districts_of_the_province(as_user, two_provinces):
    assert area_rows(as_user(factories.make_officer()).get(URL)) == [
        ["เมืองกระบี่", "1", "0", "0", "0", "-", "-"],
        ["อ่าวลึก", "1", "1", "1", "4", "75.00", "25.00"],
        ["รวม", "2", "1", "1", "4", "75.00", "25.00"],
    ]


def test_a_regional_officer_sees_the_provinces_of_the_region(as_user, two_provinces):
    page = as_user(factories.make_officer("REGION")).get(URL)
    assert area_rows(page) == [
        ["กระบี่", "2", "1", "1", "4", "75.00", "25.00"],
        ["รวม", "2", "1", "1", "4", "75.00", "25.00"],
    ]


def test_a_central_officer_sees_every_province_and_the_pooled_counts(as_user, two_provinces):
    page = as_user(factories.make_officer("CENTRAL")).get(URL)
    assert area_rows(page) == [
        ["กระบี่", "2", "1", "1", "4", "75.00", "25.00"],
        ["นครราชสีมา", "1", "1", "1", "1", "0.00", "0.00"],
        ["รวม", "3", "2", "2", "5", "60.00", "20.00"],
    ]
    assert 'href="/summary/province/?province=81&amp;year=2562&amp;months=6"' in text(page)


def test_accounts_that_wait_for_an_officer_are_named_with_the_way_there(as_user, two_provinces):
    claimed = User.objects.get(lao__district__province="30")
    claimed.withheld_since = claimed.claimed_at
    claimed.save()
    ResetRequest.objects.create(user=claimed)
    page = text(as_user(factories.make_officer("CENTRAL")).get(URL))
    assert "การลงทะเบียนใหม่รอยืนยัน 1 บัญชี" in page
    assert 'href="/manage/accounts/?state=NEW"' in page
    assert "คำขอรหัสผ่านใหม่รอโทรกลับ 1 บัญชี" in page
    elsewhere = text(as_user(factories.make_officer()).get(URL))
    assert "การลงทะเบียนใหม่" not in elsewhere
    assert "คำขอรหัสผ่านใหม่" not in elsewhere


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_an_area_without_laos_is_not_an_error(db, as_user, role):
    assert "ยังไม่มี อปท. ในพื้นที่นี้" in text(as_user(factories.make_officer(role)).get(URL))


@pytest.mark.parametrize("role", ["LAO", "PROVINCE", "REGION", "CENTRAL"])
def test_fifty_times_as_much_costs_no_more_queries(as_user, clerk, plan, role, django_assert_max_num_queries):
    factories.make_round(2562, 6)
    client = as_user(clerk if role == "LAO" else factories.make_officer(role))

    def queries():
        with django_assert_max_num_queries(30) as counted:
            assert client.get(URL).status_code == 200
        return len(counted)

    factories.make_report(factories.make_project(plan))
    one = queries()
    for number in range(49):
        factories.make_report(factories.make_project(plan, dimension=1 + number % 4))
        if number % 5 == 0:
            district = factories.make_district(f"อำเภอที่ {number}")
            factories.make_project(factories.make_plan(factories.make_lao(district=district)))
    assert queries() == one
