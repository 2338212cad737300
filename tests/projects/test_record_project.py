"""S6: a clerk records projects."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from lao.models import AuditEntry
from projects.models import Dimension, Project
from tests import factories
from tests.projects.forms import filled_in

NEW = "/projects/new/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


def test_the_form_names_the_lao_and_offers_the_years_of_the_plan(clerk, clerk_client, plan):
    page = clerk_client.get(NEW).content.decode()
    assert "บันทึกแผน &gt;&gt; การบันทึกข้อมูลโครงการ/กิจกรรม/มาตรการ/แนวทางปฏิบัติงาน" in page
    for fact in (str(clerk.lao), "อ่าวลึก", "กระบี่"):
        assert fact in page
    assert re.findall(r'name="years"[^>]*value="(\d+)"', page) == ["2561", "2562", "2563", "2564"]


def test_a_plan_that_passed_in_2562_offers_no_earlier_year(as_user):
    clerk = factories.make_clerk()
    factories.make_plan(clerk.lao, passed_in=2562)
    page = as_user(clerk).get(NEW).content.decode()
    assert re.findall(r'name="years"[^>]*value="(\d+)"', page) == ["2562", "2563", "2564"]


def test_saving_records_the_project_and_goes_home_with_a_message(clerk, clerk_client, plan):
    third = Dimension.objects.get(period=plan.period, number=3)
    data = filled_in(
        plan,
        name="  โครงการ   ประชาสัมพันธ์  ",
        years=["2561", "2563"],
        quarters=["4", "1"],
        further_dimensions=[str(third.pk)],
        uses_budget="yes",
        amount="๒๕๐,๐๐๐",
        target_groups=["YOUTH", "CITIZENS"],
        objective="หนึ่ง\r\nสอง",
        then="home",
    )
    answer = clerk_client.post(NEW, data)
    assert answer.status_code == 302
    assert answer.url == reverse("home")
    project = Project.objects.get()
    assert project.name == "โครงการ ประชาสัมพันธ์"
    assert project.plan == plan
    assert project.quarters == [1, 4]
    assert project.further_dimensions == [third.pk]
    assert set(project.target_groups) == {"YOUTH", "CITIZENS"}
    assert project.objective == "หนึ่ง\nสอง"
    assert project.review_state == "SUBMITTED"
    budgets = list(project.years.values_list("fiscal_year", "plan_budget"))
    assert budgets == [(2561, Decimal(250000)), (2563, Decimal(250000))]
    assert "บันทึก “โครงการ ประชาสัมพันธ์” เรียบร้อยแล้ว" in clerk_client.get(reverse("project-list")).content.decode()
    trail = AuditEntry.objects.filter(table_name="projects_project", action="INSERT").get()
    assert trail.actor_name == clerk.username


def test_save_and_next_opens_a_blank_form_that_names_what_was_saved(clerk_client, plan):
    answer = clerk_client.post(NEW, filled_in(plan, then="next"), follow=True)
    assert answer.redirect_chain[0][0].startswith(NEW)
    page = answer.content.decode()
    assert "บันทึก “โครงการอบรมคุณธรรม” เรียบร้อยแล้ว" in page
    assert not answer.context["form"].is_bound
    assert Project.objects.count() == 1


def test_clearing_is_a_link_to_a_blank_form_and_saves_nothing(clerk_client, plan):
    page = clerk_client.get(NEW).content.decode()
    assert re.search(rf'<a [^>]*href="{NEW}\?plan={plan.pk}"[^>]*data-clear="[^"]+">ล้างข้อมูล</a>', page)
    assert not Project.objects.exists()


def test_a_year_may_have_an_amount_of_its_own(clerk_client, plan):
    data = filled_in(plan, years=["2561", "2562"], uses_budget="yes", amount="100", amount_2562="0")
    clerk_client.post(NEW, data)
    assert dict(Project.objects.get().years.values_list("fiscal_year", "plan_budget")) == {
        2561: Decimal(100),
        2562: Decimal(0),
    }


def test_no_budget_is_kept_apart_from_a_budget_of_0(clerk_client, plan):
    clerk_client.post(NEW, filled_in(plan))
    clerk_client.post(NEW, filled_in(plan, name="ศูนย์บาท", uses_budget="yes", amount="0"))
    assert list(Project.objects.values_list("years__plan_budget", flat=True)) == [None, Decimal(0)]


REFUSED = {
    "no name": ({"name": " "}, "name", "กรุณากรอกชื่อ"),
    "a long name": ({"name": "ก" * 501}, "name", "ไม่เกิน 500"),
    "no year": ({"years": None}, "years", "กรุณาเลือกปีที่จะดำเนินการ"),
    "a year outside the plan": ({"years": ["2570"]}, "years", "ไม่มีในรายการ"),
    "no kind": ({"kind": None}, "kind", "กรุณาเลือกประเภทงาน"),
    "a fifth quarter": ({"quarters": ["5"]}, "quarters", "ไม่มีในรายการ"),
    "no dimension": ({"dimension": None}, "dimension", "กรุณาเลือกมิติ"),
    "neither budget nor none": ({"uses_budget": None}, "uses_budget", "กรุณาเลือกว่าใช้งบประมาณหรือไม่"),
    "a budget without an amount": ({"uses_budget": "yes"}, "amount", "กรุณากรอกจำนวนงบประมาณ"),
    "no budget but an amount": ({"amount": "500"}, "amount", "กรุณาลบจำนวนเงิน"),
    "no budget but an amount of a year": ({"amount_2562": "500"}, "amount_2562", "กรุณาลบจำนวนเงิน"),
    "a negative amount": ({"uses_budget": "yes", "amount": "-1"}, "amount", "ไม่ติดลบ"),
    "an unknown group": ({"target_groups": ["ALIENS"]}, "target_groups", "ไม่มีในรายการ"),
    "a long objective": ({"objective": "ก" * 5000}, "objective", "ไม่เกิน 4,000"),
    "a long remark": ({"remark": "ก" * 4001}, "remark", "ไม่เกิน 4,000"),
    "an amount of a year not chosen": (
        {"uses_budget": "yes", "amount": "1", "amount_2564": "5"},
        "amount_2564",
        "ไม่ได้เลือกปี 2564",
    ),
    "no year with a budget after all": (
        {"uses_budget": "yes", "amount": "5", "years_without_budget": ["2562"]},
        "years_without_budget",
        "ไม่มีปีใดใช้งบประมาณ",
    ),
    "an amount of a year without budget": (
        {"years": ["2561", "2562"], "uses_budget": "yes", "amount_2561": "5", "amount_2562": "5"}
        | {"years_without_budget": ["2562"]},
        "amount_2562",
        "กรุณาลบจำนวนเงิน",
    ),
    "an amount for one of two years": (
        {"years": ["2561", "2562"], "uses_budget": "yes", "amount_2561": "5"},
        "amount_2562",
        "กรุณากรอกงบประมาณของปี 2562",
    ),
}


@pytest.mark.parametrize(("changes", "field", "message"), REFUSED.values(), ids=REFUSED)
def test_wrong_input_is_refused_at_its_field_in_thai(clerk_client, plan, changes, field, message):
    answer = clerk_client.post(NEW, filled_in(plan, **changes))
    assert answer.status_code == 200
    assert message in " ".join(answer.context["form"].errors[field])
    assert list(answer.context["form"].errors) == [field]
    assert "โครงการอบรมคุณธรรม" in answer.content.decode() or field == "name"
    assert not Project.objects.exists()


def test_all_that_is_missing_is_said_at_once(clerk_client, plan):
    answer = clerk_client.post(NEW, {"uses_budget": "yes"})
    assert set(answer.context["form"].errors) == {"name", "years", "kind", "dimension", "amount"}


def test_single_years_may_be_without_a_budget(clerk_client, plan):
    data = filled_in(plan, years=["2561", "2562"], uses_budget="yes", amount="100", years_without_budget=["2562"])
    clerk_client.post(NEW, data)
    budgets = dict(Project.objects.get().years.values_list("fiscal_year", "plan_budget"))
    assert budgets == {2561: Decimal(100), 2562: None}


def test_the_main_dimension_ticked_again_is_refused_at_the_further_ones(clerk_client, plan):
    data = filled_in(plan)
    answer = clerk_client.post(NEW, {**data, "further_dimensions": [data["dimension"]]})
    assert "มิตินี้เป็นมิติหลักอยู่แล้ว" in str(answer.context["form"].errors["further_dimensions"])


def test_a_dimension_of_another_period_is_refused(clerk_client, plan):
    other = factories.make_period(2566, 2570).dimensions.first()
    answer = clerk_client.post(NEW, filled_in(plan, dimension=str(other.pk)))
    assert "dimension" in answer.context["form"].errors


@pytest.mark.parametrize("with_plan", [True, False])
def test_a_clerk_whose_plan_has_not_passed_is_told_why_and_saves_nothing(as_user, with_plan, plan):
    clerk = factories.make_clerk()
    if with_plan:
        factories.make_plan(clerk.lao, passed_in=None)
    client = as_user(clerk)
    for answer in (client.get(NEW), client.post(NEW, filled_in(plan))):
        page = answer.content.decode()
        assert "ยังบันทึกโครงการ/กิจกรรมไม่ได้" in page
        assert 'name="years"' not in page
    assert not Project.objects.exists()


def test_a_second_sending_makes_one_project_and_answers_the_same(clerk_client, plan):
    data = filled_in(plan, then="home")
    first, second = clerk_client.post(NEW, data), clerk_client.post(NEW, data)
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, reverse("home"))
    assert Project.objects.count() == 1


def test_a_form_gone_back_to_and_changed_is_not_lost_and_not_taken_for_the_first(clerk_client, plan):
    data = filled_in(plan)
    clerk_client.post(NEW, data)
    answer = clerk_client.post(NEW, {**data, "name": "อีกโครงการ"})
    page = answer.content.decode()
    assert "แบบฟอร์มนี้บันทึกไปแล้วเป็น “โครงการอบรมคุณธรรม”" in page
    assert "อีกโครงการ" in page
    assert Project.objects.count() == 1
    again = {**data, "name": "อีกโครงการ", "form_token": str(answer.context["form"]["form_token"].value())}
    assert clerk_client.post(NEW, again).status_code == 302
    assert Project.objects.count() == 2


def test_a_clerk_with_one_plan_sees_no_plan_selector(clerk_client):
    assert 'id="id_plan"' not in clerk_client.get(NEW).content.decode()


def test_a_clerk_with_two_plans_chooses_and_junk_falls_back(clerk, clerk_client, plan):
    next_plan = factories.make_plan(clerk.lao, period=factories.make_period(2566, 2570), passed_in=2567)
    page = clerk_client.get(NEW, {"plan": plan.pk}).content.decode()
    assert 'id="id_plan"' in page
    assert re.findall(r'name="years"[^>]*value="(\d+)"', page)[0] == "2561"
    usual = clerk_client.get(NEW, {"plan": "๑x"})
    assert usual.context["plan"] == next_plan


@pytest.mark.parametrize("asked", ["0", "99999999999999999999999"])
def test_an_unknown_plan_is_not_found(clerk_client, asked):
    assert clerk_client.get(NEW, {"plan": asked}).status_code == 404
