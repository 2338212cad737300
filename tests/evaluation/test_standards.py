"""The highest possible scores and the pass mark: data that the central office sets, enforced from then on."""

import pytest

from evaluation.queries.entries import standard_of
from evaluation.rules import Standard
from lao.models import AuditEntry
from tests import factories
from tests.evaluation.scoring import give, stored, typed

URL = "/scores/standards/"
LIMITS = {"highest_1": "50", "highest_2": "50", "highest_3": "", "highest_4": "๔๐", "highest_total": "180"}


@pytest.fixture
def plan(db):
    return factories.make_plan()


@pytest.fixture
def central_client(db, as_user):
    return as_user(factories.make_officer("CENTRAL"))


def as_shown(client, **changes):
    form = client.get(URL).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def send(client, limits):
    return client.post(URL, {"started": as_shown(client)["started"], **limits})


def test_limits_are_set_changed_and_lifted(central_client, plan):
    send(central_client, LIMITS | {"pass_mark": "120"})
    assert standard_of(plan.period) == Standard((50, 50, None, 40), 180, 120)
    send(central_client, {"highest_3": "45"})
    assert standard_of(plan.period) == Standard((None, None, 45, None))
    assert AuditEntry.objects.filter(table_name="evaluation_periodstandard").count() == 2


def test_from_then_on_scores_are_held_against_them(central_client, plan):
    send(central_client, LIMITS)
    answer = central_client.post(f"/scores/entry/{plan.lao.code}/", typed(sar="51 50 99 30 -", nacc="- - - - 181"))
    errors = answer.context["form"].errors
    assert errors["SAR_1"] == ["เกินคะแนนเต็ม 50"]
    assert errors["SAR_total"] == ["เกินคะแนนเต็ม 180"]
    assert errors["NACC_total"] == ["เกินคะแนนเต็ม 180"]
    assert stored(plan, "SAR") == {}


def test_a_limit_below_what_was_published_is_refused_at_its_field(central_client, plan):
    give(plan, "SAR", 60, 10, 10, 110)
    give(plan, "NACC", 0, 0, 0, 0, total=188)
    answer = send(central_client, LIMITS)
    assert answer.status_code == 409
    errors = answer.context["form"].errors
    assert set(errors) == {"highest_1", "highest_4", "highest_total"}
    assert "190" in errors["highest_total"][0]
    assert standard_of(plan.period) == Standard((None,) * 4)


def test_a_pass_mark_out_of_reach_and_a_limit_of_0_are_refused(central_client, plan):
    answer = send(central_client, LIMITS | {"pass_mark": "181", "highest_3": "0"})
    assert set(answer.context["form"].errors) == {"pass_mark", "highest_3"}


@pytest.mark.parametrize("role", ["PROVINCE", "REGION"])
def test_only_the_central_office_sets_them(plan, as_user, clerk_client, role):
    for client in (as_user(factories.make_officer(role)), clerk_client):
        assert client.get(URL).status_code == 404
        assert client.post(URL, LIMITS).status_code == 404
    assert standard_of(plan.period) == Standard((None,) * 4)


def test_of_two_officers_what_one_changed_merges_and_what_both_changed_is_chosen(central_client, plan, as_user):
    send(central_client, LIMITS)
    mine = as_shown(central_client, highest_1="60", pass_mark="100")
    other = as_user(factories.make_officer("CENTRAL"))
    other.post(URL, as_shown(other, highest_1="55", highest_total="190"))
    answer = central_client.post(URL, mine)
    assert answer.status_code == 409
    [asked] = answer.context["conflict"]["questions"]
    assert (asked.label[:10], asked.stored, asked.typed) == ("คะแนนเต็ม ", "55", "60")
    assert answer.context["conflict"]["taken"] == ["คะแนนรวมเต็ม"]
    assert standard_of(plan.period).parts[0] == 55
    chosen = {**mine, "conflict": answer.context["conflict"]["version"], "choose-highest_1": "mine"}
    assert central_client.post(URL, chosen).status_code == 302
    assert standard_of(plan.period) == Standard((60, 50, None, 40), 190, 100)


def test_what_can_not_stand_together_is_said_at_its_field(central_client, plan, as_user):
    send(central_client, LIMITS)
    mine = as_shown(central_client, pass_mark="170")
    other = as_user(factories.make_officer("CENTRAL"))
    other.post(URL, as_shown(other, highest_total="150"))
    answer = central_client.post(URL, mine)
    assert answer.status_code == 409
    assert "150" in answer.context["form"].errors["pass_mark"][0]
    assert answer.context["conflict"]["questions"] == []
    assert standard_of(plan.period).pass_mark is None


def test_a_resent_standard_does_not_undo_a_later_one(central_client, plan):
    mine = as_shown(central_client, highest_1="60")
    assert central_client.post(URL, mine).status_code == 302
    assert central_client.post(URL, as_shown(central_client, highest_1="70")).status_code == 302
    assert central_client.post(URL, mine).status_code == 302
    assert standard_of(plan.period).parts[0] == 70
