"""Projects are copied from another period, or given further years, through the very preview of the Excel form."""

import pytest

from projects.models import Project, ProjectUpload
from projects.queries import content_of
from tests import factories
from tests.filled_form import FilledForm

PAGE = "/projects/copy/"


@pytest.fixture
def old(clerk):
    return clerk.lao.plans.get()


@pytest.fixture
def new(clerk):
    return factories.make_plan(clerk.lao, period=factories.make_period(2566, 2570), passed_in=2566)


@pytest.fixture
def projects(old):
    third = old.period.dimensions.get(number=3)
    return [
        factories.make_project(old, name="อบรมคุณธรรม", years=(2561, 2562), budget=500, dimension=2, quarters=[1],
                               further_dimensions=[third.pk], review_state="ACCEPTED", objective="ให้รู้"),
        factories.make_project(old, name="จิตอาสา"),
    ]  # fmt: skip


def copy(client, source, target, projects, *, years, budget="same"):
    sent = {"projects": [project.pk for project in projects], "years": years, "budget": budget}
    return client.post(f"{PAGE}?plan={target.pk}&from={source.pk}", sent, follow=True)


def confirm(client, preview, **more):
    return client.post(preview.redirect_chain[-1][0], more, follow=True)


def test_the_page_offers_what_may_be_copied_and_takes_the_earlier_period_first(clerk_client, old, new, projects):
    factories.make_project(old, name="ถูกปฏิเสธ", review_state="REJECTED")
    factories.make_project(old, name="ถูกลบ", deleted_at="2019-01-01T00:00:00Z")
    answer = clerk_client.get(PAGE, {"plan": new.pk})
    assert answer.context["source"] == old
    assert list(answer.context["form"].known) == [project.pk for project in projects]
    page = answer.content.decode()
    assert "อบรมคุณธรรม (มิติที่ 2 · ปี 2561, 2562 · 500 บาท)" in page
    assert [year for year, _ in answer.context["form"].fields["years"].choices] == [2566, 2567, 2568, 2569, 2570]


def test_copies_begin_anew_in_the_dimension_of_the_same_number(clerk_client, old, new, projects):
    preview = copy(clerk_client, old, new, projects, years=[2566, 2567])
    page = preview.content.decode()
    assert "ตรวจโครงการที่คัดลอกก่อนบันทึก" in page
    assert "ในแผนเดิมคือ: มิติที่ 2 การบริหารราชการเพื่อป้องกันการทุจริต" in page
    assert not new.projects.exists()
    for _ in range(2):
        confirm(clerk_client, preview)
    first, second = new.projects.order_by("id")
    content, dimension = content_of(first), new.period.dimensions.get(number=2)
    assert (first.name, first.dimension, first.review_state) == ("อบรมคุณธรรม", dimension, "SUBMITTED")
    assert content.further_dimensions == {new.period.dimensions.get(number=3).pk}
    assert (content.budgets, content.quarters, content.objective) == ({2566: 500, 2567: 500}, {1}, "ให้รู้")
    assert content_of(second).budgets == {2566: None, 2567: None}
    assert old.projects.count() == 2


def test_budgets_may_be_left_open_and_are_typed_into_the_rows_that_come_back(clerk_client, old, new, projects):
    preview = copy(clerk_client, old, new, projects, years=[2566], budget="empty")
    assert [problem["value"] for problem in preview.context["upload"].problems] == ["กรอกจำนวนเงิน"]
    confirm(clerk_client, preview)
    assert list(new.projects.values_list("name", flat=True)) == ["จิตอาสา"]  # it uses no budget
    form = FilledForm(clerk_client, preview.context["problems_url"])
    form.cell(0, "งบประมาณ ปี 2566 (บาท)").value = 700
    confirm(clerk_client, form.send(clerk_client, f"/projects/excel/?plan={new.pk}"))
    assert content_of(new.projects.get(name="อบรมคุณธรรม")).budgets == {2566: 700}


def test_in_the_same_plan_a_project_is_given_the_years_it_lacks(clerk_client, old, projects):
    preview = copy(clerk_client, old, old, projects, years=[2562, 2563])
    assert "อปท. เลือกปีงบประมาณที่ดำเนินการ: 2561, 2562 → 2561, 2562, 2563" in preview.content.decode()
    confirm(clerk_client, preview)
    first = old.projects.get(name="อบรมคุณธรรม")
    assert content_of(first).budgets == {2561: 500, 2562: 500, 2563: 500}
    assert (first.review_state, first.version) == ("SUBMITTED", 2)
    assert old.projects.count() == 2
    again = copy(clerk_client, old, old, projects, years=[2562])
    assert again.context["upload"].unchanged == 2


def test_open_budgets_of_further_years_change_the_same_project(clerk_client, old, projects):
    preview = copy(clerk_client, old, old, projects[:1], years=[2563], budget="empty")
    form = FilledForm(clerk_client, preview.context["problems_url"])
    form.cell(0, "งบประมาณ ปี 2563 (บาท)").value = 700
    confirm(clerk_client, form.send(clerk_client, f"/projects/excel/?plan={old.pk}"))
    assert content_of(old.projects.get(name="อบรมคุณธรรม")).budgets == {2561: 500, 2562: 500, 2563: 700}


def test_what_is_there_already_is_pointed_out_and_copied_where_it_is_ticked_alone(clerk_client, old, new, projects):
    known = factories.make_project(new, name="โครงการอบรมคุณธรรม ปี 2566", years=(2566,))
    preview = copy(clerk_client, old, new, projects, years=[2566])
    assert f'href="/projects/{known.pk}/edit/"' in preview.content.decode()
    confirm(clerk_client, preview)
    assert new.projects.count() == 2
    confirm(clerk_client, copy(clerk_client, old, new, projects[:1], years=[2566]), also="1")
    assert new.projects.count() == 3


def test_a_dimension_that_the_period_lacks_is_to_be_chosen(clerk_client, old, new, projects):
    new.period.dimensions.exclude(number=1).delete()
    [problem] = copy(clerk_client, old, new, projects, years=[2566]).context["upload"].problems
    assert problem["value"].startswith("มิติที่ 2 ")
    assert "เลือกได้: มิติที่ 1" in problem["reason"]


def test_nothing_chosen_is_answered_at_the_field(clerk_client, old, new, projects):
    answer = copy(clerk_client, old, new, [], years=[], budget="x")
    assert set(answer.context["form"].errors) == {"projects", "years", "budget"}
    assert not ProjectUpload.objects.exists()


def test_neither_a_rejected_nor_a_deleted_one_nor_another_laos_can_be_copied(clerk_client, stranger_client, old, new):
    others = [
        factories.make_project(old, review_state="REJECTED"),
        factories.make_project(old, deleted_at="2019-01-01T00:00:00Z"),
        factories.make_project(),
    ]
    factories.make_project(old, name="ได้")
    for project in others:
        answer = copy(clerk_client, old, new, [project], years=[2566])
        assert "projects" in answer.context["form"].errors
    assert stranger_client.get(f"{PAGE}?plan={new.pk}").status_code == 404
    assert stranger_client.get(f"{PAGE}?from={old.pk}").context["source"].lao != old.lao
    assert Project.objects.filter(plan=new).count() == 0


def test_the_page_takes_as_many_queries_for_fifty_as_for_one(clerk_client, old, new, django_assert_num_queries):
    factories.make_project(old)
    with django_assert_num_queries(5):
        clerk_client.get(PAGE, {"plan": new.pk})
    for _ in range(49):
        factories.make_project(old)
    with django_assert_num_queries(5):
        clerk_client.get(PAGE, {"plan": new.pk})
