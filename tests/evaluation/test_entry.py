"""The form in which an officer enters the scores of one LAO."""

import pytest

from evaluation.models import Score, ScoreChange
from evaluation.rules import Entry
from lao.models import AuditEntry
from projects.models import Plan
from tests import factories
from tests.evaluation.scoring import give, stored, typed


@pytest.fixture
def lao(db):
    return factories.make_plan().lao


@pytest.fixture
def plan(lao):
    return lao.plans.get()


@pytest.fixture
def officer_client(officer, as_user):
    return as_user(officer)


def url(lao):
    return f"/scores/entry/{lao.code}/"


def test_scores_are_published_with_thai_digits_and_commas(officer_client, lao, plan, officer):
    answer = officer_client.post(url(lao), typed(sar="๔๐ 30.5 ๐ 1,000 -", nacc="38 - 20 - -"), follow=True)
    assert "เรียบร้อยแล้ว" in answer.content.decode()
    assert stored(plan, "SAR") == {1: 40, 2: 30.5, 3: 0, 4: 1000}
    assert stored(plan, "NACC") == {1: 38, 3: 20}
    change = ScoreChange.objects.get()
    assert (change.number, change.by, change.reason, change.changes_published) == (1, officer, "", False)
    assert Entry.from_json(change.after).points["SAR"].total == 1070.5
    assert AuditEntry.objects.filter(table_name="evaluation_score", actor_id=officer.pk, lao_id=lao.pk).count() == 6


def test_the_total_known_alone_survives_every_other_edit(officer_client, lao, plan):
    give(plan, "NACC", 0, 0, 0, 0, total=188)
    page = officer_client.get(url(lao)).content.decode()
    assert 'value="188"' in page
    officer_client.post(url(lao), typed(0, sar="40 30 20 10 -", nacc="0 0 0 0 188"))
    officer_client.post(url(lao), typed(1, passed_in="2562", sar="40 30 20 10 -", nacc="0 0 0 0 188", reason="แก้ปี"))
    assert stored(plan, "NACC") == {1: 0, 2: 0, 3: 0, 4: 0, None: 188}
    assert stored(plan, "SAR") == {1: 40, 2: 30, 3: 20, 4: 10}


def test_a_total_that_is_the_sum_of_its_parts_is_not_stored(officer_client, lao, plan):
    officer_client.post(url(lao), typed(sar="40 30 20 10 100"))
    assert stored(plan, "SAR") == {1: 40, 2: 30, 3: 20, 4: 10}


def test_a_total_against_its_parts_is_refused_at_the_field_with_all_kept(officer_client, lao, plan):
    answer = officer_client.post(url(lao), typed(sar="40 30 20 10 188"))
    assert "ผลรวมของมิติคือ 100 ไม่ใช่ 188" in answer.context["form"].errors["SAR_total"][0]
    assert 'value="188"' in answer.content.decode()
    assert not Score.objects.exists()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("-5", "คะแนนต้องไม่ติดลบ"),
        ("สิบ", "อ่านเป็นคะแนนไม่ได้"),
        ("1.234", "ทศนิยม"),
        ("100000", "ต้องไม่เกิน 99,999.99"),
    ],
)
def test_what_is_not_a_score_is_refused_at_its_field(officer_client, lao, plan, word, message):
    answer = officer_client.post(url(lao), typed(sar=f"40 {word} 20 10 -"))
    assert message in answer.context["form"].errors["SAR_2"][0]
    assert f'value="{word}"' in answer.content.decode()
    assert not Score.objects.exists()


def test_a_published_score_changes_only_with_a_reason(officer_client, lao, plan):
    officer_client.post(url(lao), typed(sar="40 30 20 10 -"))
    answer = officer_client.post(url(lao), typed(1, sar="41 30 20 10 -", reason=" "))
    assert answer.status_code == 409
    assert "กรุณาระบุเหตุผล" in answer.context["form"].errors["reason"][0]
    assert stored(plan, "SAR")[1] == 40
    officer_client.post(url(lao), typed(1, sar="41 30 20 10 -", reason="ตรวจเอกสารเพิ่มเติม"))
    assert stored(plan, "SAR")[1] == 41
    page = officer_client.get(url(lao)).content.decode()
    assert "ตรวจเอกสารเพิ่มเติม" in page
    assert "คะแนน SAR มิติที่ 1: 40 → 41" in page
    assert "คะแนน SAR รวม: 100 → 101" in page


def test_the_same_again_is_no_new_version(officer_client, lao, plan):
    for _ in range(2):
        officer_client.post(url(lao), typed(sar="40 30 20 10 -"))
    assert ScoreChange.objects.count() == 1


def test_a_score_can_be_taken_back_with_a_reason(officer_client, lao, plan):
    give(plan, "NACC", total=188)
    officer_client.post(url(lao), typed(0, reason="บันทึกผิด อปท."))
    assert stored(plan, "NACC") == {}


def test_the_second_of_two_officers_sees_both_scores_and_chooses(officer_client, lao, plan, as_user):
    central = factories.make_officer("CENTRAL")
    as_user(central).post(url(lao), typed(0, nacc="50 20 - - -", sar="9 - - - -"))
    mine = typed(0, nacc="45 21 - - -", reason="ผลการพิจารณา")
    answer = officer_client.post(url(lao), mine)
    assert answer.status_code == 409
    conflict, page = answer.context["conflict"], answer.content.decode()
    asked = [(question.label, question.stored, question.typed) for question in conflict["questions"]]
    assert asked == [("ผลประเมิน มิติที่ 1", "50", "45"), ("ผลประเมิน มิติที่ 2", "20", "21")]
    assert (conflict["taken"], central.office in page) == (["คะแนน SAR มิติที่ 1"], True)
    assert "ผลการพิจารณา" in page
    assert stored(plan, "NACC") == {1: 50, 2: 20}
    half = {**mine, "SAR_1": "9", "conflict": "1", "choose-NACC_1": "mine"}
    answer = officer_client.post(url(lao), half)
    chosen = [(question.name, question.chosen) for question in answer.context["conflict"]["questions"]]
    assert chosen == [("NACC_1", "mine"), ("NACC_2", "")]
    assert officer_client.post(url(lao), {**half, "choose-NACC_2": "stored"}).status_code == 302
    assert (stored(plan, "NACC"), stored(plan, "SAR")) == ({1: 45, 2: 20}, {1: 9})
    assert ScoreChange.objects.filter(plan=plan, number=2).get().reason == "ผลการพิจารณา"


def test_scores_that_only_one_of_two_officers_typed_merge_without_asking(officer_client, lao, plan, as_user):
    as_user(factories.make_officer("CENTRAL")).post(url(lao), typed(0, nacc="50 - - - -"))
    assert officer_client.post(url(lao), typed(0, sar="7 - - - -")).status_code == 302
    assert (stored(plan, "NACC"), stored(plan, "SAR")) == ({1: 50}, {1: 7})


def test_scores_that_contradict_once_they_are_put_together_are_said_at_their_field(officer_client, lao, plan, as_user):
    as_user(factories.make_officer("CENTRAL")).post(url(lao), typed(0, nacc="50 - - - -"))
    answer = officer_client.post(url(lao), typed(0, nacc="- - - - 188"))
    assert answer.status_code == 409
    assert "ผลรวมของมิติคือ 50 ไม่ใช่ 188" in answer.context["form"].errors["NACC_total"][0]
    assert answer.context["conflict"]["taken"] == ["ผลประเมิน มิติที่ 1"]
    assert stored(plan, "NACC") == {1: 50}


def test_a_choice_still_asks_for_the_reason_and_is_not_asked_for_again(officer_client, lao, plan, as_user):
    as_user(factories.make_officer("CENTRAL")).post(url(lao), typed(0, nacc="50 - - - -"))
    chosen = {**typed(0, nacc="45 - - - -"), "conflict": "1", "choose-NACC_1": "mine"}
    answer = officer_client.post(url(lao), chosen)
    assert "กรุณาระบุเหตุผล" in answer.context["form"].errors["reason"][0]
    assert answer.context["conflict"] is None
    again = typed(answer.context["form"]["version"].value(), nacc="45 - - - -", reason="ตรวจทาน")
    assert officer_client.post(url(lao), again).status_code == 302
    assert stored(plan, "NACC") == {1: 45}


@pytest.mark.parametrize("version", ["", "x", "7", "-1", "9" * 40])
def test_a_version_that_no_page_sent_asks_before_it_overwrites(officer_client, db, version):
    factories.make_period()
    without_plan, scored = factories.make_lao(), factories.make_plan()
    give(scored, "NACC", 50)
    for lao in (without_plan, scored.lao):
        assert officer_client.post(url(lao), typed(version, nacc="45 - - - -")).status_code in (302, 409)
    assert stored(scored, "NACC") == {1: 50}


def test_a_resent_form_does_not_undo_what_was_published_after_it(officer_client, lao, plan):
    sent = {**typed(0, nacc="45 - - - -"), "form_token": "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"}
    assert officer_client.post(url(lao), sent).status_code == 302
    officer_client.post(url(lao), typed(1, nacc="50 - - - -", reason="แก้ไข"))
    assert officer_client.post(url(lao), sent).status_code == 302
    assert stored(plan, "NACC") == {1: 50}
    assert ScoreChange.objects.count() == 2


def test_a_plan_is_made_when_there_is_none(officer_client, officer, db):
    lao = factories.make_lao()
    factories.make_period()
    officer_client.post(url(lao), typed(passed_in=""))
    assert not lao.plans.exists()
    officer_client.post(url(lao), typed(passed_in="2562"))
    assert lao.plans.get().passed_in == 2562


def test_a_year_that_projects_stand_in_cannot_be_taken_away(officer_client, lao, plan):
    factories.make_project(plan, years=[2561, 2562])
    answer = officer_client.post(url(lao), typed(passed_in="2562", sar="40 - - - -", reason="แก้ไข"))
    assert answer.status_code == 409
    assert "2561 แล้ว" in answer.context["form"].errors["passed_in"][0]
    assert Plan.objects.get(pk=plan.pk).passed_in == 2561
    assert not Score.objects.exists()


@pytest.mark.parametrize("year", ["2565", "2560", "ปีนี้"])
def test_a_year_outside_the_plan_is_refused_at_the_field(officer_client, lao, year):
    answer = officer_client.post(url(lao), typed(passed_in=year))
    assert "passed_in" in answer.context["form"].errors


def test_the_region_enters_scores_and_leaves_the_year_of_passing(as_user, lao, plan):
    client = as_user(factories.make_officer("REGION"))
    client.post(url(lao), typed(passed_in="2563", nacc="40 30 20 10 -"))
    assert stored(plan, "NACC")[1] == 40
    assert Plan.objects.get(pk=plan.pk).passed_in == 2561


def test_each_period_has_its_own_scores(officer_client, lao, plan):
    later = factories.make_period(2566, 2570)
    officer_client.post(f"{url(lao)}?first_year=2566", typed(passed_in="2566", sar="40 - - - -"))
    assert stored(lao.plans.get(period=later), "SAR") == {1: 40}
    assert stored(plan, "SAR") == {}


@pytest.mark.parametrize("junk", ["x", "\x00", "2599", "", "-1"])
def test_junk_in_the_address_falls_back(officer_client, lao, junk):
    assert officer_client.get(url(lao), {"first_year": junk}).status_code == 200


def test_an_lao_outside_the_area_is_not_there(lao, as_user, stranger_client, clerk_client):
    other = factories.make_officer("PROVINCE", province=factories.make_province("30", "นครราชสีมา", 3))
    for client in (as_user(other), stranger_client, clerk_client):
        assert client.get(url(lao)).status_code == 404
        assert client.post(url(lao), typed(sar="40 - - - -")).status_code == 404
    assert not Score.objects.exists()
