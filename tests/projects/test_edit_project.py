"""S8: a clerk amends a project, alone and while others do."""

import re
from decimal import Decimal

import pytest

from lao.models import AuditEntry
from projects.models import Dimension, Project, ReviewDecision
from tests import factories
from tests.projects.forms import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(clerk):
    return clerk.lao.plans.get()


@pytest.fixture
def project(plan):
    return factories.make_project(plan, name="ชื่อเดิม", years=(2562,))


def address(project):
    return f"/projects/{project.pk}/edit/"


def fresh(project):
    return Project.objects.get(pk=project.pk)


def sent_by(form):
    """What a browser sends of a page's form that nobody touched."""
    return {field.html_name: field.value() for field in form if field.value() is not None}


def test_the_form_comes_filled_in(clerk_client, plan):
    second = Dimension.objects.get(period=plan.period, number=2)
    project = factories.make_project(
        plan,
        name="ตลาดโปร่งใส",
        years=(2561, 2563),
        budget=Decimal("250000.50"),
        kind="PRACTICE",
        quarters=[1, 2],
        further_dimensions=[second.pk],
        target_groups=["YOUTH"],
        objective="เพื่อประชาชน",
    )
    page = clerk_client.get(address(project)).content.decode()
    chosen = re.findall(r'name="(\w+)"[^>]*value="(\w+)"[^>]* checked', page)
    assert chosen == [
        ("years", "2561"),
        ("years", "2563"),
        ("kind", "PRACTICE"),
        ("quarters", "1"),
        ("quarters", "2"),
        ("dimension", str(project.dimension_id)),
        ("further_dimensions", str(second.pk)),
        ("uses_budget", "yes"),
        ("target_groups", "YOUTH"),
    ]
    for text in ("ตลาดโปร่งใส", "250,000.50", "เพื่อประชาชน"):
        assert text in page


def test_saving_amends_the_project_and_goes_back_to_the_list(clerk_client, plan, project):
    data = filled_in(plan, name="ชื่อใหม่", years=["2562", "2563"], uses_budget="yes", amount="900", amount_2563="0")
    answer = clerk_client.post(address(project), data, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/projects/?")
    assert "บันทึกการแก้ไข “ชื่อใหม่” เรียบร้อยแล้ว" in answer.content.decode()
    assert dict(project.years.values_list("fiscal_year", "plan_budget")) == {2562: Decimal(900), 2563: Decimal(0)}
    assert fresh(project).version == 2


def test_budgets_that_differ_come_back_each_at_its_year(clerk_client, plan, project):
    data = filled_in(plan, years=["2561", "2562"], uses_budget="yes", amount="900", amount_2562="100")
    clerk_client.post(address(project), data)
    form = clerk_client.get(address(project)).context["form"]
    assert (form["amount"].value(), form["amount_2561"].value(), form["amount_2562"].value()) == (None, "900", "100")


def test_a_year_without_a_budget_among_others_survives_an_edit(clerk_client, plan):
    project = factories.make_project(plan, years=(2561, 2562), budget=100)
    project.years.filter(fiscal_year=2562).update(plan_budget=None)
    form = clerk_client.get(address(project)).context["form"]
    assert (form["amount"].value(), form["years_without_budget"].value()) == ("100", [2562])
    clerk_client.post(address(project), {**sent_by(form), "name": "ชื่อใหม่"})
    assert fresh(project).name == "ชื่อใหม่"
    assert dict(project.years.values_list("fiscal_year", "plan_budget")) == {2561: Decimal(100), 2562: None}


def test_what_lies_about_single_years_is_closed_until_something_stands_in_it(clerk_client, plan, project):
    assert "<details>" in clerk_client.get(address(project)).content.decode()
    clerk_client.post(
        address(project), filled_in(plan, years=["2561", "2562"], uses_budget="yes", amount="9", amount_2562="1")
    )
    assert "<details open>" in clerk_client.get(address(project)).content.decode()


@pytest.mark.parametrize("state", ["ACCEPTED", "RETURNED", "SUBMITTED"])
def test_an_edited_project_goes_back_to_the_officers(clerk_client, plan, state):
    project = factories.make_project(plan, review_state=state)
    clerk_client.post(address(project), filled_in(plan, name="แก้แล้ว"))
    assert fresh(project).review_state == "SUBMITTED"


def test_saving_what_is_there_already_writes_nothing(clerk_client, plan):
    project = factories.make_project(plan, name="โครงการอบรมคุณธรรม", review_state="ACCEPTED")
    before = AuditEntry.objects.count()
    assert clerk_client.post(address(project), filled_in(plan)).status_code == 302
    assert AuditEntry.objects.count() == before
    assert (fresh(project).version, fresh(project).review_state) == (1, "ACCEPTED")


def test_a_double_click_on_save_is_no_conflict(clerk_client, plan, project):
    data = filled_in(plan, name="ชื่อใหม่")
    assert [clerk_client.post(address(project), data).status_code for _ in range(2)] == [302, 302]
    assert fresh(project).version == 2


def test_a_year_that_stays_keeps_its_reports(clerk_client, plan, project):
    report = factories.make_report(project)
    clerk_client.post(address(project), filled_in(plan, years=["2561", "2562"], uses_budget="yes", amount="5"))
    report.refresh_from_db()
    assert report.project_year.plan_budget == Decimal(5)


def test_a_year_with_reports_cannot_be_taken_out_and_the_message_names_it(clerk_client, plan):
    project = factories.make_project(plan, years=(2562, 2563), name="ชื่อเดิม")
    factories.make_report(project, months=6)
    factories.make_report(project, months=12)
    answer = clerk_client.post(address(project), filled_in(plan, name="ชื่อใหม่", years=["2561"]))
    assert answer.status_code == 200
    assert "นำออกไม่ได้ เพราะรายงานผลการดำเนินงานแล้ว: ปี 2562 (รอบ 6 และ 12 เดือน)" in answer.content.decode()
    assert "ปี 2563" not in str(answer.context["form"].errors["years"])
    assert "ชื่อใหม่" in answer.content.decode()
    assert fresh(project).name == "ชื่อเดิม"
    assert list(project.years.values_list("fiscal_year", flat=True)) == [2562, 2563]


def test_a_year_without_reports_can_be_taken_out(clerk_client, plan):
    project = factories.make_project(plan, years=(2562, 2563))
    clerk_client.post(address(project), filled_in(plan, years=["2563"]))
    assert list(project.years.values_list("fiscal_year", flat=True)) == [2563]


def test_wrong_input_keeps_all_that_was_typed(clerk_client, plan, project):
    data = filled_in(plan, name="พิมพ์ใหม่", years=None, uses_budget="yes", amount="สองพัน", remark="จำไว้")
    page = clerk_client.post(address(project), data).content.decode()
    for text in ("พิมพ์ใหม่", "สองพัน", "จำไว้", "กรุณาเลือกปีที่จะดำเนินการ"):
        assert text in page
    assert fresh(project).name == "ชื่อเดิม"


def test_the_second_of_two_tabs_sees_both_values_and_chooses(clerk_client, plan, project):
    clerk_client.post(address(project), filled_in(plan, name="แท็บแรก", uses_budget="yes", amount="1000"))
    late = filled_in(plan, name="แท็บสอง", kind="MEASURE", remark="ฝากไว้")
    answer = clerk_client.post(address(project), late)
    assert answer.status_code == 409
    assert fresh(project).name == "แท็บแรก"
    asked = {(question.label, question.stored, question.typed) for question in answer.context["conflict"]["questions"]}
    assert asked == {("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน", "แท็บแรก", "แท็บสอง")}
    assert answer.context["conflict"]["taken"] == ["ปีงบประมาณที่ดำเนินการและงบประมาณ"]
    page = answer.content.decode()
    assert 'value="แท็บสอง"' in page
    assert 'value="1,000"' in page, "what merged by itself stands in the form"
    again = {**late, "conflict": "2"}
    assert "กรุณาเลือกข้อนี้" in clerk_client.post(address(project), again).content.decode()
    assert clerk_client.post(address(project), {**again, "choose-name": "stored"}).status_code == 302
    saved = fresh(project)
    assert (saved.name, saved.kind, saved.remark) == ("แท็บแรก", "MEASURE", "ฝากไว้")
    assert saved.years.get().plan_budget == 1000


def test_what_only_one_of_two_tabs_changed_merges_by_itself(clerk_client, plan, project):
    untouched = clerk_client.get(address(project)).context["form"].initial
    assert untouched["name"] == "ชื่อเดิม"
    clerk_client.post(address(project), filled_in(plan, name="ชื่อเดิม", remark="แท็บแรก"))
    late = filled_in(plan, name="แท็บสอง")
    assert clerk_client.post(address(project), late).status_code == 302
    assert (fresh(project).name, fresh(project).remark) == ("แท็บสอง", "แท็บแรก")


@pytest.mark.parametrize("version", [None, "", "abc", "-1", "99999999999999999999"])
def test_a_lost_version_asks_before_it_overwrites(clerk_client, plan, project, version):
    answer = clerk_client.post(address(project), filled_in(plan, name="ใหม่", version=version))
    assert answer.status_code == 409
    assert fresh(project).name == "ชื่อเดิม"


def test_an_edit_of_a_project_deleted_meanwhile_is_told_and_keeps_its_typing(clerk_client, plan, project):
    clerk_client.post(f"/projects/{project.pk}/delete/")
    data = filled_in(plan, name="พิมพ์ค้างไว้")
    answer = clerk_client.post(address(project), data)
    assert answer.status_code == 409
    assert "โครงการนี้ถูกลบไปแล้ว" in answer.content.decode()
    assert "พิมพ์ค้างไว้" in answer.content.decode()
    clerk_client.post(f"/projects/{project.pk}/restore/")
    assert clerk_client.post(address(project), data).status_code == 302
    assert fresh(project).name == "พิมพ์ค้างไว้"


def test_an_edit_of_a_project_rejected_meanwhile_is_told(clerk_client, plan, project):
    Project.objects.filter(pk=project.pk).update(review_state="REJECTED")
    answer = clerk_client.post(address(project), filled_in(plan, name="พิมพ์ค้างไว้"))
    assert answer.status_code == 409
    assert "ถูกปฏิเสธโดยเจ้าหน้าที่แล้ว" in answer.content.decode()
    assert fresh(project).name == "ชื่อเดิม"


def test_a_rejected_project_is_shown_with_the_reason_but_not_as_a_form(clerk_client, plan, officer):
    project = factories.make_project(plan, review_state="REJECTED", objective="บรรทัดหนึ่ง\nบรรทัดสอง")
    ReviewDecision.objects.create(project=project, decision="REJECT", reason="ไม่ตรงมิติ", by=officer)
    page = clerk_client.get(address(project)).content.decode()
    assert "ไม่ตรงมิติ" in page
    assert "บรรทัดหนึ่ง<br>บรรทัดสอง" in page
    assert 'name="years"' not in page


def test_a_deleted_project_is_shown_with_the_way_back(clerk_client, plan, project):
    clerk_client.post(f"/projects/{project.pk}/delete/")
    page = clerk_client.get(address(project)).content.decode()
    assert f'action="/projects/{project.pk}/restore/"' in page
    assert 'name="years"' not in page


def test_clearing_without_scripts_opens_a_blank_form_that_still_knows_its_version(clerk_client, project):
    form = clerk_client.get(address(project), {"blank": "1"}).context["form"]
    assert form["name"].value() is None
    assert form["version"].value() == 1
