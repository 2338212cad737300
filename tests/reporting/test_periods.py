"""Plan periods: set up on screen, held by the database, and used side by side."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Score
from lao.models import AuditEntry
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear
from reporting.actions.periods import PeriodMovedOnError, change_period, make_plans
from reporting.models import LevelCutoff
from reporting.queries.periods import setting_of
from tests import factories
from tests.projects.forms import filled_in
from tests.projects.test_constraints import refused_by

PERIODS = "/manage/periods/"
NAMES = ["การสร้างสังคมสุจริต", "การบริหารราชการด้วยความโปร่งใส", "การมีส่วนร่วม", "กลไกการตรวจสอบ"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def central():
    return factories.make_officer("CENTRAL")


@pytest.fixture
def central_client(central, as_user):
    return as_user(central)


def typed(**changes):
    """What a browser sends for the form of 2566-2570. A change to None leaves that field out."""
    data = {"first_year": "2566", "last_year": "2570"}
    data |= {f"dimension_{number}": name for number, name in enumerate([*NAMES, "", ""], start=1)}
    for months, high, medium in ((6, "60", "30"), (12, "90", "60")):
        data |= {f"high_{months}": high, f"medium_{months}": medium}
        data |= {f"high_name_{months}": "ดีมาก", f"medium_name_{months}": "พอใช้", f"low_name_{months}": "ปรับปรุง"}
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def as_shown(client, period, **changes):
    """The form of `period` as its page shows it, with `changes`."""
    form = client.get(f"{PERIODS}{period.pk}/").context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields} | changes


def errors(answer):
    assert answer.status_code == 200
    return answer.context["form"].errors


# Setting up


def test_a_new_period_is_set_up_whole_with_who_did_it(central, central_client):
    answer = central_client.post(f"{PERIODS}new/", typed(first_year="๒๕๖๖"))
    period = PlanPeriod.objects.get(first_year=2566)
    assert answer.url == f"{PERIODS}{period.pk}/plans/"
    assert period.last_year == 2570
    assert [str(dimension) for dimension in period.dimensions.all()][1] == "มิติที่ 2 การบริหารราชการด้วยความโปร่งใส"
    cutoff = LevelCutoff.objects.get(period=period, months=12)
    assert (cutoff.high, cutoff.medium, cutoff.high_name, cutoff.low_name) == (90, 60, "ดีมาก", "ปรับปรุง")
    trail = AuditEntry.objects.filter(table_name="projects_planperiod", row_id=str(period.pk)).get()
    assert trail.actor_name == central.username


def test_the_form_of_a_new_period_begins_with_the_dimensions_and_levels_of_the_latest(central_client):
    page = central_client.get(f"{PERIODS}new/").content.decode()
    assert 'value="การบริหารราชการเพื่อป้องกันการทุจริต"' in page
    assert 'value="80"' in page
    assert 'value="2561"' not in page


def test_a_period_may_have_other_than_four_dimensions(central_client):
    central_client.post(f"{PERIODS}new/", typed(dimension_4="", dimension_3=""))
    assert PlanPeriod.objects.get(first_year=2566).dimensions.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"first_year": ""}, "first_year", "กรุณากรอกข้อมูลช่องนี้"),
        ({"first_year": "2023"}, "first_year", "กรุณาพิมพ์ปี พ.ศ. 4 หลัก"),
        ({"last_year": "2565"}, "last_year", "ต้องไม่ก่อนปีที่เริ่มแผน"),
        ({"last_year": "2640"}, "last_year", "ยาวได้ไม่เกิน 10 ปี"),
        ({"first_year": "2564"}, "first_year", "ซ้อนกับแผนอื่น"),
        ({"dimension_1": " "}, "dimension_1", "กรุณากรอกข้อมูลช่องนี้"),
        ({"dimension_3": ""}, "dimension_3", "กรุณากรอกชื่อมิติที่ 3 ก่อนมิติที่ 4"),
        ({"dimension_2": "ก" * 201}, "dimension_2", "ยาวเกินไป"),
        ({"high_6": "101"}, "high_6", "มากเกินไป"),
        ({"high_6": "30"}, "high_6", "ต้องมากกว่าระดับกลาง"),
        ({"medium_12": "0"}, "medium_12", "ต้องมากกว่า 0"),
        ({"low_name_12": ""}, "low_name_12", "กรุณากรอกข้อมูลช่องนี้"),
    ],
)
def test_wrong_input_is_refused_at_its_field_and_kept(central_client, changes, field, words):
    factories.make_period()
    answer = central_client.post(f"{PERIODS}new/", typed(**changes))
    assert any(words in error for error in errors(answer)[field])
    assert 'value="การบริหารราชการด้วยความโปร่งใส"' in answer.content.decode() or field == "dimension_2"
    assert not PlanPeriod.objects.filter(last_year__gt=2564).exists()


def test_a_second_click_makes_one_period(central_client):
    central_client.post(f"{PERIODS}new/", typed())
    assert "ซ้อนกับแผนอื่น" in errors(central_client.post(f"{PERIODS}new/", typed()))["first_year"][0]
    assert PlanPeriod.objects.filter(first_year=2566).count() == 1


def test_plans_are_made_once_for_all_laos_that_have_none(central_client, clerk):
    period = factories.make_period(2566, 2570)
    other, third = factories.make_lao(), factories.make_lao()
    factories.make_plan(other, period=period, passed_in=2568)
    address = f"{PERIODS}{period.pk}/plans/"
    assert "ยังไม่มี 2 แห่ง" in central_client.get(address).content.decode()
    for _ in range(2):
        assert central_client.post(address, {"passed_in": "2567"}).status_code == 302
    made = dict(Plan.objects.filter(period=period).values_list("lao", "passed_in"))
    assert made == {clerk.lao_id: 2567, other.pk: 2568, third.pk: 2567}
    assert "ทุกแห่งมีแผนช่วงนี้แล้ว" in central_client.get(address).content.decode()


def test_plans_may_be_made_before_they_have_passed(central_client, clerk, clerk_client):
    period = factories.make_period(2566, 2570)
    central_client.post(f"{PERIODS}{period.pk}/plans/", {"passed_in": ""})
    plan = Plan.objects.get(period=period)
    assert plan.passed_in is None
    assert "ยังไม่ผ่านเกณฑ์มาตรฐาน" in clerk_client.get("/projects/new/", {"plan": plan.pk}).content.decode()


def test_a_year_outside_the_period_makes_no_plans(central, central_client, clerk):
    period = factories.make_period(2566, 2570)
    answer = central_client.post(f"{PERIODS}{period.pk}/plans/", {"passed_in": "2561"})
    assert errors(answer)["passed_in"] == ["กรุณาเลือกจากรายการ"]
    with pytest.raises(ValueError, match="2561"):
        make_plans(by=central, period_id=period.pk, passed_in=2561)
    assert not Plan.objects.filter(period=period).exists()


# Changing


def test_a_dimension_is_renamed_while_projects_stand_on_it_and_the_trail_knows(central_client, clerk, clerk_client):
    plan = clerk.lao.plans.get()
    project = factories.make_project(plan, dimension=2)
    data = as_shown(central_client, plan.period, dimension_2="ชื่อใหม่ของมิติ")
    assert central_client.post(f"{PERIODS}{plan.period_id}/", data).url == PERIODS
    assert "มิติที่ 2 ชื่อใหม่ของมิติ" in clerk_client.get(f"/projects/{project.pk}/edit/").content.decode()
    entry = AuditEntry.objects.filter(table_name="projects_dimension", action="UPDATE").get()
    assert entry.after == {"name": "ชื่อใหม่ของมิติ"}


def test_saving_what_stands_writes_nothing(central_client, clerk):
    period = clerk.lao.plans.get().period
    before = AuditEntry.objects.count()
    assert central_client.post(f"{PERIODS}{period.pk}/", as_shown(central_client, period)).status_code == 302
    assert AuditEntry.objects.count() == before


def test_the_years_may_change_while_nothing_stands_outside(central_client, clerk):
    period = clerk.lao.plans.get().period
    factories.make_project(clerk.lao.plans.get(), years=(2562,))
    for last in ("2565", "2563"):
        data = as_shown(central_client, period, last_year=last)
        assert central_client.post(f"{PERIODS}{period.pk}/", data).status_code == 302
    period.refresh_from_db()
    assert period.last_year == 2563


@pytest.mark.parametrize(("field", "year"), [("first_year", "2562"), ("last_year", "2562")])
def test_years_in_use_stay(central_client, clerk, field, year):
    plan = clerk.lao.plans.get()
    factories.make_project(plan, years=(2561, 2563))
    answer = central_client.post(f"{PERIODS}{plan.period_id}/", as_shown(central_client, plan.period, **{field: year}))
    assert errors(answer)[field] == ["มีแผนที่ผ่านเกณฑ์หรือโครงการในปี 2561 ถึง 2563 แล้ว ช่วงปีของแผนต้องครอบคลุมปีเหล่านี้"]


def test_the_last_dimension_goes_only_while_nothing_names_it(central_client, clerk):
    plan = clerk.lao.plans.get()
    fourth = plan.period.dimensions.get(number=4)
    project = factories.make_project(plan, further_dimensions=[fourth.pk])
    address, words = f"{PERIODS}{plan.period_id}/", "จึงนำออกไม่ได้"

    def leave_out():
        return central_client.post(address, as_shown(central_client, plan.period, dimension_4=""))

    assert words in errors(leave_out())["dimension_4"][0]
    Project.objects.filter(pk=project.pk).update(further_dimensions=[], dimension=fourth)
    assert words in errors(leave_out())["dimension_4"][0]
    Project.objects.filter(pk=project.pk).update(dimension=plan.period.dimensions.get(number=1))
    score = Score.objects.create(plan=plan, source="SAR", dimension=fourth, points=1)
    assert words in errors(leave_out())["dimension_4"][0]
    score.delete()
    assert leave_out().status_code == 302
    assert plan.period.dimensions.count() == 3


def test_the_second_of_two_officers_is_told_what_differs_and_saves_knowingly(central_client, central):
    period = factories.make_period()
    mine = as_shown(central_client, period, dimension_1="ของฉัน")
    other = as_shown(central_client, period, high_6="55", dimension_1="ของคนอื่น")
    assert central_client.post(f"{PERIODS}{period.pk}/", other).status_code == 302
    answer = central_client.post(f"{PERIODS}{period.pk}/", mine)
    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    assert [(asked.label, asked.stored, asked.typed) for asked in conflict["questions"]] == [
        ("มิติที่ 1", "ของคนอื่น", "ของฉัน")
    ]
    assert conflict["taken"] == ["ระดับ รอบ 6 เดือน"]
    assert central.office in answer.content.decode()
    assert 'value="55"' in answer.content.decode(), "what merged by itself stands in the form"
    chosen = {**mine, "conflict": conflict["version"], "choose-dimension_1": "mine"}
    assert central_client.post(f"{PERIODS}{period.pk}/", chosen).status_code == 302
    assert (period.dimensions.get(number=1).name, period.cutoffs.get(months=6).high) == ("ของฉัน", 55)
    other = setting_of(factories.make_period(2566, 2570))
    with pytest.raises(PeriodMovedOnError):
        change_period(by=central, period_id=period.pk, started=None, setting=other)


def test_what_only_one_of_two_officers_changed_of_a_period_merges_by_itself(central_client):
    period = factories.make_period()
    mine = as_shown(central_client, period, dimension_1="ของฉัน")
    central_client.post(f"{PERIODS}{period.pk}/", as_shown(central_client, period, dimension_2="ของคนอื่น"))
    assert central_client.post(f"{PERIODS}{period.pk}/", mine).status_code == 302
    assert [period.dimensions.get(number=number).name for number in (1, 2)] == ["ของฉัน", "ของคนอื่น"]


def test_what_can_not_stand_once_it_is_put_together_is_said_at_its_field(central_client):
    """One officer takes the last dimension out while the other adds one behind it."""
    period = factories.make_period()
    mine = as_shown(central_client, period, dimension_5="มิติใหม่")
    assert (
        central_client.post(f"{PERIODS}{period.pk}/", as_shown(central_client, period, dimension_4="")).status_code
        == 302
    )
    answer = central_client.post(f"{PERIODS}{period.pk}/", mine)
    assert answer.status_code == 409
    assert "ก่อนมิติที่ 5" in answer.context["form"].errors["dimension_4"][0]
    assert answer.context["conflict"]["taken"] == ["มิติที่ 4"]
    assert period.dimensions.count() == 3
    mended = {name: answer.context["form"][name].value() or "" for name in mine} | {"dimension_4": "กลับมา"}
    assert central_client.post(f"{PERIODS}{period.pk}/", mended).status_code == 302
    assert period.dimensions.count() == 5


@pytest.mark.parametrize(
    "started", ["", "x", "[]", "{}", "null", '{"first_year": "2561"}', "[" * 9000, "\x00", '{"x": 1}']
)
def test_without_what_the_form_began_with_a_period_is_asked_about_before_it_is_overwritten(central_client, started):
    period = factories.make_period()
    mine = as_shown(central_client, period, dimension_1="ของฉัน", started=started)
    answer = central_client.post(f"{PERIODS}{period.pk}/", mine)
    assert [asked.label for asked in answer.context["conflict"]["questions"]] == ["มิติที่ 1"]
    assert period.dimensions.get(number=1).name != "ของฉัน"


def test_a_resent_period_gives_the_same_result_and_what_was_typed_on_after_it_is_a_new_save(central_client):
    new = typed(form_token=str(uuid4()))
    made = [central_client.post(f"{PERIODS}new/", new).url for _ in range(2)]
    assert made[0] == made[1]
    period = PlanPeriod.objects.get(first_year=2566)
    mine = as_shown(central_client, period, dimension_1="ของฉัน")
    central_client.post(f"{PERIODS}{period.pk}/", mine)
    central_client.post(f"{PERIODS}{period.pk}/", as_shown(central_client, period, dimension_1="ของคนอื่น"))
    answer = central_client.post(f"{PERIODS}{period.pk}/", mine)
    assert answer.status_code == 302
    assert period.dimensions.get(number=1).name == "ของคนอื่น"


# Removing


def test_an_unused_period_is_removed_after_asking(central_client):
    period = factories.make_period(2566, 2570)
    address = f"{PERIODS}{period.pk}/delete/"
    assert "ใช่ หรือ ไม่" in central_client.get(address).content.decode()
    assert PlanPeriod.objects.filter(pk=period.pk).exists()
    central_client.post(address)
    assert not PlanPeriod.objects.filter(pk=period.pk).exists()
    assert central_client.post(address).status_code == 404


def test_a_period_with_plans_stays(central_client, clerk):
    period = clerk.lao.plans.get().period
    assert f"{PERIODS}{period.pk}/delete/" not in central_client.get(PERIODS).content.decode()
    for method in ("get", "post"):
        answer = getattr(central_client, method)(f"{PERIODS}{period.pk}/delete/", follow=True)
        assert "มี อปท. ใช้อยู่ จึงลบไม่ได้" in answer.content.decode()
    assert PlanPeriod.objects.filter(pk=period.pk).exists()
    assert period.dimensions.count() == 4


# What the database refuses, whatever path the change took


def test_the_database_keeps_a_periods_years(clerk):
    plan = clerk.lao.plans.get()
    factories.make_project(plan, years=(2561, 2564))
    with refused_by("period_keeps_its_years"):
        PlanPeriod.objects.filter(pk=plan.period_id).update(last_year=2563)
    with refused_by("period_keeps_its_years"):
        PlanPeriod.objects.filter(pk=plan.period_id).update(first_year=2562)
    ProjectYear.objects.all().delete()
    PlanPeriod.objects.filter(pk=plan.period_id).update(last_year=2563)
    with refused_by("period_keeps_its_years"):
        PlanPeriod.objects.filter(pk=plan.period_id).update(first_year=2562)


def test_the_database_keeps_a_dimension_in_use(clerk):
    plan = clerk.lao.plans.get()
    first, second, third = (plan.period.dimensions.get(number=number) for number in (1, 2, 3))
    factories.make_project(plan, dimension=1, further_dimensions=[second.pk])
    for used in (first, second):
        with refused_by("dimension_in_use_stays"):
            Dimension.objects.filter(pk=used.pk).update(number=9)
        with refused_by("dimension_in_use_stays"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM projects_dimension WHERE id = %s", [used.pk])
    Dimension.objects.filter(pk=third.pk).update(number=9)


# Side by side


@pytest.fixture
def both(central_client, clerk):
    """An LAO with a plan in each of two periods, a project in each, and rounds open in both."""
    central_client.post(f"{PERIODS}new/", typed())
    new = PlanPeriod.objects.get(first_year=2566)
    central_client.post(f"{PERIODS}{new.pk}/plans/", {"passed_in": "2566"})
    old_plan, new_plan = clerk.lao.plans.order_by("period__first_year")
    for year in (2562, 2566):
        factories.make_round(year, 6)
    return old_plan, new_plan


def test_a_new_period_is_used_by_a_clerk_from_end_to_end(both, clerk, clerk_client, central_client):
    old_plan, new_plan = both
    old = factories.make_project(old_plan, dimension=2)
    factories.make_report(old)
    page = clerk_client.get("/projects/new/", {"plan": new_plan.pk}).content.decode()
    assert "มิติที่ 2 การบริหารราชการด้วยความโปร่งใส" in page
    assert old.dimension.name not in page
    assert all(f'value="{year}"' in page for year in range(2566, 2571))
    assert 'value="2562"' not in page

    second = new_plan.period.dimensions.get(number=2)
    sent = filled_in(new_plan, years=["2566", "2570"], dimension=str(second.pk), name="โครงการแผนใหม่")
    assert clerk_client.post(f"/projects/new/?plan={new_plan.pk}", sent).status_code == 302
    project = Project.objects.get(name="โครงการแผนใหม่")
    assert (project.plan, project.dimension) == (new_plan, second)

    year = project.years.get(fiscal_year=2566)
    report = {"status": "IN_PROGRESS", "remark": "", "reason": "", "other_reason": "", "version": "0"}
    assert clerk_client.post(f"/reports/{year.pk}/6/", report).status_code == 302

    for plan, listed in ((old_plan, old), (new_plan, project)):
        page = clerk_client.get("/projects/", {"plan": plan.pk})
        assert [row["project"] for row in page.context["rows"]] == [listed]
        assert [year for year, _ in page.context["rows"][0]["years"]] == list(plan.period.years)

    for address in ("/home/", "/reports/", "/summary/own/"):
        page = clerk_client.get(address, {"year": "2566"})
        assert page.context["years"] == [*range(2561, 2565), *range(2566, 2571)]
        assert page.context["year"] == 2566
    own = clerk_client.get("/summary/own/", {"year": "2566", "months": "6"}).content.decode()
    assert "การบริหารราชการด้วยความโปร่งใส" in own
    assert old.dimension.name not in own
    own = clerk_client.get("/summary/own/", {"year": "2562", "months": "6"}).content.decode()
    assert old.dimension.name in own
    assert "การบริหารราชการด้วยความโปร่งใส" not in own
    scores = clerk_client.get("/scores/", {"first_year": "2566"})
    assert scores.context["plan"] == new_plan


def test_each_period_has_its_own_cutoffs_and_words(both, clerk, clerk_client, client):
    old_plan, new_plan = both
    for plan, year in ((old_plan, 2562), (new_plan, 2566)):
        project = factories.make_project(plan, years=(year,))
        factories.make_report(project, fiscal_year=year, status="IN_PROGRESS")
    # 50.00 per cent is มาก at 6 months in the old plan, and only พอใช้ in the new one.
    for year, word in ((2562, "มาก"), (2566, "พอใช้")):
        tables = [
            clerk_client.get("/summary/province/", {"year": year, "months": 6}),
            client.get("/public/provinces/81/", {"year": year, "months": 6}),
            client.get("/public/", {"year": year, "months": 6}),
        ]
        for table in tables:
            row = next(row for row in table.context["table"]["rows"] if row.percent == "50.00")
            assert word in row.level
        assert client.get(f"/public/lao/{clerk.lao.code}/", {"year": year}).status_code == 200


def test_the_home_page_leads_to_the_plan_of_the_year_that_has_no_project(both, clerk_client):
    old_plan, new_plan = both
    for plan, year in ((old_plan, 2562), (new_plan, 2566)):
        tasks = clerk_client.get("/home/", {"year": year}).context["tasks"]
        task = next(task for task in tasks if "ยังไม่มีโครงการ" in task.text)
        assert task.url == f"/projects/new/?year={year}"
        assert f'href="/projects/new/?year={year}"' in clerk_client.get("/reports/", {"year": year}).content.decode()
        assert clerk_client.get(task.url).context["plan"] == plan
        listed = clerk_client.get("/projects/", {"plan": plan.pk}).content.decode()
        assert listed.count(f"/projects/new/?plan={plan.pk}") == 2


def test_officers_see_projects_of_both_periods_each_with_its_own_names(both, officer, as_user):
    client = as_user(officer)
    for plan in both:
        project = factories.make_project(plan, years=(plan.passed_in,), dimension=2)
        opened = client.get("/review/", {"open": project.pk}).context["opened"]
        assert str(project.dimension) in opened["facts"].values()


# Pages


@pytest.mark.parametrize("path", ["", "new/", "{}/", "{}/plans/", "{}/delete/"])
def test_only_central_officers_have_these_pages(as_user, clerk, path):
    address = f"{PERIODS}{path}".format(factories.make_period(2566, 2570).pk)
    for user in (clerk, factories.make_officer("PROVINCE"), factories.make_officer("REGION")):
        assert as_user(user).get(address).status_code == 404
        assert as_user(user).post(address, typed()).status_code in (404, 405)
    assert PlanPeriod.objects.filter(first_year=2566).count() == 1


def test_the_list_takes_as_many_queries_for_three_periods_as_for_one(central_client, clerk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            central_client.get(PERIODS)
        return len(captured)

    few = queries()
    factories.make_period(2566, 2570)
    factories.make_plan(clerk.lao, period=factories.make_period(2571, 2575), passed_in=2571)
    assert queries() == few <= 6


def test_the_list_says_how_much_stands_on_each_period(central_client, clerk):
    factories.make_project(clerk.lao.plans.get())
    factories.make_project(clerk.lao.plans.get(), deleted_at="2020-01-01T00:00Z")
    factories.make_plan(passed_in=None)
    factories.make_round(2562, 6)
    factories.make_period(2566, 2570)
    new, old = central_client.get(PERIODS).context["periods"]
    assert (old["made"], old["passed"], old["recorded"], old["rounds"], old["most_rounds"]) == (2, 1, 1, 1, 8)
    assert (new["made"], new["passed"], new["recorded"], new["rounds"], new["most_rounds"]) == (0, 0, 0, 0, 10)
