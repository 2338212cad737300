"""The grid of a province: one save for the page, every mistake at its cell, nothing lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Score, ScoreChange
from projects.models import Plan
from tests import factories
from tests.evaluation.scoring import give, stored, typed

URL = "/scores/entry/"


@pytest.fixture
def laos(db):
    return [factories.make_plan().lao for _ in range(3)]


@pytest.fixture
def officer_client(officer, as_user):
    return as_user(officer)


def sent(laos, *rows, reason=""):
    """What a browser sends for the page: `rows` are keyword arguments of `typed`, one for each LAO."""
    data = {"lao": [lao.pk for lao in laos], "reason": reason}
    for lao, row in zip(laos, rows, strict=True):
        data |= {k: v for k, v in typed(**row, prefix=f"{lao.pk}-").items() if not k.endswith("reason")}
    return data


def test_one_save_publishes_the_whole_page(officer_client, laos):
    rows = {"sar": "40 30 20 10 -"}, {"nacc": "- - - - 188"}, {"passed_in": "2562"}
    answer = officer_client.post(URL, sent(laos, *rows, reason="แก้ปี"), follow=True)
    assert "บันทึกผลการประเมินแล้ว 3 อปท." in answer.content.decode()
    plans = [lao.plans.get() for lao in laos]
    assert stored(plans[0], "SAR") == {1: 40, 2: 30, 3: 20, 4: 10}
    assert stored(plans[1], "NACC") == {None: 188}
    assert plans[2].passed_in == 2562
    assert ScoreChange.objects.count() == 3


def test_every_mistake_stands_at_its_cell_and_nothing_is_lost(officer_client, laos):
    rows = {"sar": "40 x 20 10 -"}, {"nacc": "50 - - - -"}, {"sar": "1 1 1 1 9", "passed_in": "2599"}
    answer = officer_client.post(URL, sent(laos, *rows))
    page = answer.content.decode()
    wrong = [field.html_name for _, field in answer.context["mistakes"]]
    assert wrong == [f"{laos[0].pk}-SAR_2", f"{laos[2].pk}-passed_in", f"{laos[2].pk}-SAR_total"]
    for name, value in (
        (f"{laos[0].pk}-SAR_2", "x"),
        (f"{laos[1].pk}-NACC_1", "50"),
        (f"{laos[2].pk}-passed_in", "2599"),
    ):
        assert f'name="{name}" value="{value}"' in page
    assert page.count('aria-invalid="true"') == 3
    assert not Score.objects.exists()


def test_of_a_row_that_someone_else_saved_both_values_are_shown_and_one_is_chosen(officer_client, laos, as_user):
    other = as_user(factories.make_officer("CENTRAL"))
    other.post(URL, sent(laos[:1], {"nacc": "50 - - - -"}))
    answer = officer_client.post(URL, sent(laos, {"nacc": "45 - - - -"}, {"sar": "7 - - - -"}, {}))
    assert answer.status_code == 409
    page = answer.content.decode()
    [asked] = answer.context["lines"][0].conflict["questions"]
    assert (asked.label, asked.stored, asked.typed) == ("ผลประเมิน มิติที่ 1", "50", "45")
    assert f'name="{laos[0].pk}-choose-NACC_1" value="mine"' in page
    assert [line.conflict for line in answer.context["lines"][1:]] == [None, None]
    assert f'<a href="#asked_{laos[0].pk}">{laos[0]}</a>' in page, "and the top of the page leads to it"
    assert f'name="{laos[1].pk}-SAR_1" value="7"' in page
    assert stored(laos[1].plans.get(), "SAR") == {}
    rows = {"nacc": "45 - - - -"}, {"sar": "7 - - - -"}, {}
    chosen = sent(laos, *rows, reason="ตามมติ") | {f"{laos[0].pk}-conflict": "1", f"{laos[0].pk}-choose-NACC_1": "mine"}
    assert officer_client.post(URL, chosen).status_code == 302
    assert stored(laos[0].plans.get(), "NACC") == {1: 45}
    assert stored(laos[1].plans.get(), "SAR") == {1: 7}


def test_a_choice_in_one_row_waits_for_the_mistake_in_another_without_being_asked_again(officer_client, laos, as_user):
    as_user(factories.make_officer("CENTRAL")).post(URL, sent(laos[:1], {"nacc": "50 - - - -"}))
    factories.make_project(laos[1].plans.get(), years=[2561])
    rows = {"nacc": "45 - - - -"}, {"passed_in": "2563"}, {}
    chosen = {f"{laos[0].pk}-conflict": "1", f"{laos[0].pk}-choose-NACC_1": "mine"}
    answer = officer_client.post(URL, sent(laos, *rows, reason="ตามมติ") | chosen)
    assert answer.status_code == 409
    assert [line.conflict for line in answer.context["lines"]] == [None, None, None]
    assert answer.context["lines"][0].version.value == "1"
    rows = {"version": 1, "nacc": "45 - - - -"}, {}, {}
    assert officer_client.post(URL, sent(laos, *rows, reason="ตามมติ")).status_code == 302
    assert stored(laos[0].plans.get(), "NACC") == {1: 45}


def test_the_region_chooses_scores_and_leaves_the_year_of_passing_as_it_is(as_user, laos, officer_client):
    officer_client.post(URL, sent(laos, {"nacc": "50 - - - -", "passed_in": "2562"}, {}, {}, reason="แก้ปี"))
    answer = as_user(factories.make_officer("REGION")).post(
        f"{URL}?province=81", sent(laos, {"nacc": "45 - - - -"}, {}, {})
    )
    [asked] = answer.context["lines"][0].conflict["questions"]
    assert asked.label == "ผลประเมิน มิติที่ 1"
    assert Plan.objects.get(lao=laos[0]).passed_in == 2562


def test_a_resent_page_does_not_undo_what_was_published_after_it(officer_client, laos):
    token = {"form_token": "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"}
    first = sent(laos, {"nacc": "45 - - - -"}, {}, {}) | token
    assert officer_client.post(URL, first).status_code == 302
    officer_client.post(URL, sent(laos, {"version": 1, "nacc": "50 - - - -"}, {}, {}, reason="แก้ไข"))
    assert officer_client.post(URL, first).status_code == 302
    assert stored(laos[0].plans.get(), "NACC") == {1: 50}


def test_a_row_that_was_not_touched_here_keeps_what_someone_else_saved(officer_client, laos, as_user):
    other = as_user(factories.make_officer("CENTRAL"))
    other.post(URL, sent(laos[:1], {"nacc": "50 - - - -"}))
    answer = officer_client.post(URL, sent(laos, {}, {"sar": "7 - - - -"}, {}))
    assert answer.status_code == 302
    assert stored(laos[0].plans.get(), "NACC") == {1: 50}
    assert stored(laos[1].plans.get(), "SAR") == {1: 7}


def test_a_change_of_what_was_published_asks_for_a_reason(officer_client, laos):
    give(laos[0].plans.get(), "SAR", 40)
    answer = officer_client.post(URL, sent(laos, {"sar": "41 - - - -"}, {}, {}))
    assert answer.status_code == 409
    assert "กรุณาระบุเหตุผล" in answer.context["reason"].errors["reason"][0]
    officer_client.post(URL, sent(laos, {"sar": "41 - - - -"}, {}, {}, reason="ตรวจทาน"))
    assert ScoreChange.objects.get().reason == "ตรวจทาน"


def test_a_year_in_use_is_explained_at_its_cell(officer_client, laos):
    factories.make_project(laos[1].plans.get(), years=[2561])
    rows = {"sar": "4 - - - -"}, {"passed_in": "2563"}, {}
    answer = officer_client.post(URL, sent(laos, *rows, reason="แก้ปี"))
    assert answer.status_code == 409
    [(form, field)] = answer.context["mistakes"]
    assert form.standing.lao == laos[1]
    assert "2561 แล้ว" in field.errors[0]
    assert not Score.objects.exists()


def test_the_region_sees_the_year_of_passing_and_does_not_type_it(as_user, laos):
    client = as_user(factories.make_officer("REGION"))
    page = client.get(URL, {"province": "81"}).content.decode()
    assert "-passed_in" not in page
    client.post(f"{URL}?province=81", sent(laos, {"passed_in": "2563", "sar": "1 - - - -"}, {}, {}))
    assert Plan.objects.get(lao=laos[0]).passed_in == 2561
    assert stored(laos[0].plans.get(), "SAR") == {1: 1}


def test_laos_of_another_area_are_not_there(officer_client, laos, as_user, clerk_client):
    elsewhere = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    stranger = factories.make_lao(district=elsewhere)
    assert stranger.name not in officer_client.get(URL).content.decode()
    assert officer_client.get(URL, {"province": "30"}).status_code == 404
    assert officer_client.post(URL, sent([stranger], {"sar": "1 - - - -"})).status_code == 404
    for method in ("get", "post"):
        assert getattr(clerk_client, method)(URL).status_code == 404
    assert not Score.objects.exists()


@pytest.mark.parametrize("keys", [[], ["x"], ["1", "1"], ["9" * 30], ["²"]])
def test_junk_in_place_of_laos_is_not_there(officer_client, laos, keys):
    assert officer_client.post(URL, {"lao": keys}).status_code == 404


def test_fifty_rows_take_no_more_queries_than_one(officer_client, db):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(URL).status_code == 200
        return len(captured)

    give(factories.make_plan(), "SAR", 1, 2, 3, 4)
    queries()
    before = queries()
    for _ in range(49):
        give(factories.make_plan(), "SAR", 1, 2, 3, 4)
    assert queries() == before


def test_a_province_is_read_by_the_page(officer_client, db):
    for _ in range(51):
        factories.make_plan()
    assert len(officer_client.get(URL).context["lines"]) == 50
    assert len(officer_client.get(URL, {"page": 2}).context["lines"]) == 1
    assert len(officer_client.get(URL, {"page": "junk"}).context["lines"]) == 50
