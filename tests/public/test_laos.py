"""The page of one LAO: profile without persons, plan, budgets, both rounds, scores, years."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from evaluation.models import Score, ScoreChange
from lao.models import LaoProfile
from public.queries.laos import PROFILE
from public.views.laos import website_of
from tests import factories
from tests.public.test_projects import text
from tests.reporting.results import DONE, ONGOING, with_results


def page_of(client, lao, **parameters):
    return client.get(f"/public/lao/{lao.code}/", parameters)


@pytest.fixture
def told(db):
    """An LAO whose profile is full."""
    lao = factories.make_clerk().lao
    LaoProfile.objects.filter(lao=lao).update(
        size="LARGE", office_address="99 หมู่ 1 ถนนริมเล", service_area_km2="12.5", population=4321,
        own_revenue=1500000, grant_revenue=2500000.5, website="www.laemsak.go.th",
        executive_name="นายผู้ บริหาร", clerk_name="นางปลัด ดี", coordinator_name="สมชาย ใจดี",
        coordinator_position="นักวิเคราะห์", coordinator_unit="กองช่าง", coordinator_phone="0812345678",
        coordinator_fax="075999999", coordinator_email="somchai@example.go.th",
    )  # fmt: skip
    return lao


def test_the_profile_is_shown_without_its_persons(told, client):
    page = page_of(client, told).content.decode()
    for part in (
        "ใหญ่",
        "99 หมู่ 1 ถนนริมเล",
        "12.5",
        "4,321",
        "1,500,000",
        "2,500,000.50",
        'href="http://www.laemsak.go.th"',
    ):
        assert part in page, part
    for secret in (
        "ผู้ บริหาร", "ปลัด ดี", "สมชาย", "นักวิเคราะห์", "กองช่าง", "0812345678", "075999999", "somchai",
    ):  # fmt: skip
        assert secret not in page, secret


def test_a_field_added_to_the_profile_is_not_public_before_it_is_asked_for():
    named = {field.name for field in LaoProfile._meta.get_fields()}
    personal = {name for name in named if name.startswith("coordinator_")} | {"executive_name", "clerk_name"}
    assert set(PROFILE) == named - personal - {"lao", "version", "updated_at"}


def test_of_a_claim_that_nobody_confirmed_only_the_register_is_shown(told, client):
    plan = factories.make_plan(told)
    project = factories.make_project(plan, name="โครงการที่ยังไม่ยืนยัน")
    Score.objects.create(plan=plan, source="SAR", points=77)
    told.account.withheld_since = timezone.now()
    told.account.save()
    page = page_of(client, told, year="2562").content.decode()
    assert "รอสำนักงาน ป.ป.ช. ยืนยัน" in page
    for withheld in (project.name, "ถนนริมเล", "4,321", "laemsak", ">77<"):
        assert withheld not in page, withheld


def test_budgets_plan_by_dimension_and_scores_stand_on_the_page(told, client):
    plan = factories.make_plan(told)
    project = factories.make_project(plan, budget=25000, years=(2562, 2563), dimension=2)
    factories.make_report(project, status=DONE, ordinance_budget=20000, disbursed=15000.5)
    Score.objects.create(plan=plan, source="SAR", points=188)
    page = text(page_of(client, told, year="2562"))
    for part in (
        "งบประมาณตามแผนฯ (บาท) 25,000 ตามข้อบัญญัติ/เทศบัญญัติ (บาท) 20,000 เบิกจ่ายจริง (บาท) 15,000.50",
        "มิติที่ 2 การบริหารราชการเพื่อป้องกันการทุจริต 0 1 1 0",
        "คะแนน SAR - - - - 188",
        "แผน 2561-2564: ผ่านปีงบประมาณ 2561",
    ):
        assert part in page, part


def version_of(plan, number, before, after, **facts):
    """A version of the plan's scores whose SAR total went from `before` to `after` (texts, None for not known)."""

    def entry(points):
        of_source = {"parts": [None] * 4, "entered": None}
        return {"passed_in": 2561, "points": {"SAR": {**of_source, "entered": points}, "NACC": of_source}}

    officer = factories.make_officer("PROVINCE", province=plan.lao.district.province, name="ตรวจ ละเอียด")
    return ScoreChange.objects.create(
        plan=plan, number=number, before=entry(before), after=entry(after), by=officer, **facts
    )


def test_every_version_of_the_scores_stands_on_the_page_and_names_nobody(told, client):
    plan = factories.make_plan(told)
    assert "ประวัติการประกาศ" not in text(page_of(client, told, year="2562"))
    version_of(plan, 1, None, "188", changes_published=False)
    version_of(plan, 2, "188", "190.5", changes_published=True, reason="รวมคะแนนผิด")
    page = text(page_of(client, told, year="2562"))
    first, second = "คะแนน SAR รวม: - → 188 -", "คะแนน SAR รวม: 188 → 190.50 รวมคะแนนผิด"
    assert page.index("ประวัติการประกาศ") < page.index(second) < page.index(first)
    assert "ตรวจ ละเอียด" not in page


def test_versions_of_scores_are_withheld_with_the_lao(told, client):
    version_of(factories.make_plan(told), 1, None, "188", changes_published=False)
    told.account.withheld_since = timezone.now()
    told.account.save()
    assert "188" not in text(page_of(client, told, year="2562"))


def test_the_years_of_the_plan_stand_side_by_side(told, client):
    factories.make_plan(told)
    with_results(told, DONE, fiscal_year=2561, months=12)
    with_results(told, ONGOING, fiscal_year=2562)
    page = text(page_of(client, told, year="2562"))
    assert "2562 1 50.00 มาก 50.00 ปานกลาง" in page
    assert "2561 1 0.00 น้อย 100.00 มาก" in page


def test_it_is_said_whether_a_round_was_reported_in_time(told, client):
    with_results(told, DONE)
    gone = timezone.localdate() - timedelta(days=3)
    factories.make_round(2562, 12, opens_on=gone - timedelta(days=30), closes_on=gone)
    factories.make_round(2562, 6, opens_on=gone - timedelta(days=30), closes_on=gone)
    assert "เกินกำหนด" not in text(page_of(client, told, year="2562"))
    with_results(told, None)
    page = text(page_of(client, told, year="2562"))
    assert "รอบ 6 เดือน 50.00 มาก คะแนน 1.0 จาก N = 2 เริ่มแล้ว เกินกำหนด รายงานแล้ว 1 จาก 2" in page


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("www.laemsak.go.th", "http://www.laemsak.go.th"),
        ("https://laemsak.go.th/th/?a=1", "https://laemsak.go.th/th/?a=1"),
        ("", None),
        ("ไม่มี", None),
        ("javascript:alert(1)", None),
        ("http://a b.go.th", None),
        ('https://x.go.th/"><script>', 'https://x.go.th/"><script>'),
        ("x" * 5000, None),
    ],
)
def test_only_what_is_a_web_address_becomes_a_link(typed, address):
    found = website_of(typed)
    assert (found and found[0]) == address


def test_structured_data_names_the_lao_and_cannot_end_its_element(told, client):
    told.name = "</script><b>&"
    told.save()
    page = page_of(client, told).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    told_of = json.loads(block)
    assert (told_of["@type"], told_of["identifier"]) == ("GovernmentOrganization", told.code)
    assert told_of["name"] == "อบต.</script><b>&"


def test_a_shared_link_has_a_title_a_description_and_one_address(told, client, settings):
    settings.EPLAN_SITE_URL = "https://eplan.example.go.th"
    with_results(told, DONE)
    page = page_of(client, told, year="2562", junk="1").content.decode()
    address = f"https://eplan.example.go.th/public/lao/{told.code}/?year=2562"
    for part in (
        f'<link rel="canonical" href="{address}">',
        f'<meta property="og:url" content="{address}">',
        f'<meta property="og:title" content="{told} อำเภออ่าวลึก จังหวัดกระบี่">',
        '<meta name="description" content="',
        '<meta property="og:image" content="https://eplan.example.go.th/static/img/card.png">',
    ):
        assert part in page, part


def test_the_page_takes_ten_queries_however_many_projects(told, client, django_assert_num_queries):
    with_results(told, DONE)
    with django_assert_num_queries(10):
        page_of(client, told, year="2562")
    with_results(told, *[DONE, ONGOING, None] * 17)
    with django_assert_num_queries(10):
        page_of(client, told, year="2562")
