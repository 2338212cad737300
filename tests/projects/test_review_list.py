"""The review list: its orders over pages, what its search finds, and what it counts."""

import pytest

from lao.models import Lao
from projects.queries.review import ORDERS, Narrowing, queue
from projects.views import officer as officer_views
from tests import factories

QUEUE = "/review/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def central():
    return factories.make_officer("CENTRAL")


@pytest.fixture
def spread():
    """Projects of LAOs in two provinces, whose ids run against the order of their places; as {name: its projects}."""
    korat = factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3))
    places = [(korat, "ขามทะเล"), (None, "เขาใหญ่"), (None, "คลองยา")]
    plans = [factories.make_plan(factories.make_lao(name=name, district=district)) for district, name in places]
    return {plan.lao.name: [factories.make_project(plan) for _ in range(3)] for plan in plans}


def shown(client, **asked):
    return [row["id"] for row in client.get(QUEUE, asked).context["rows"]]


def in_order(spread, *names):
    return [project.pk for name in names for project in spread[name]]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 50])
def test_the_order_by_place_runs_on_over_the_pages(spread, central, as_user, monkeypatch, size):
    monkeypatch.setattr(officer_views, "PAGE_SIZE", size)
    client = as_user(central)
    pages = [shown(client, order="lao", page=page) for page in range(1, 9 // size + (9 % size > 0) + 1)]
    assert [pk for page in pages for pk in page] == in_order(spread, "เขาใหญ่", "คลองยา", "ขามทะเล")


@pytest.mark.parametrize("order", [*ORDERS, "lao"])
def test_next_and_previous_lead_through_every_page(spread, central, as_user, monkeypatch, order):
    monkeypatch.setattr(officer_views, "PAGE_SIZE", 2)
    client = as_user(central)
    ids = list(queue(central, Narrowing(order=order))[0:9])
    for number, pk in enumerate(ids):
        context = client.get(QUEUE, {"order": order, "page": number // 2 + 1, "open": pk}).context
        assert context["previous"] == (ids[number - 1] if number else None)
        assert context["next"] == (ids[number + 1] if number < 8 else None)


def test_an_lao_with_two_plans_stands_in_one_place(spread, central, as_user):
    lao = Lao.objects.get(name="เขาใหญ่")
    factories.make_plan(lao, period=factories.make_period(2566, 2570), passed_in=2566)
    later = factories.make_project(lao.plans.last(), years=[2566])
    assert shown(as_user(central), order="lao")[2:5] == [spread["เขาใหญ่"][2].pk, later.pk, spread["คลองยา"][0].pk]


@pytest.mark.parametrize("text", ["อบรมคุณธรรม", "เข้าใหญ", "เขาใหญ่ อบรม", "๖๘๑", "อ่าวลึก อบรม"])
def test_the_search_finds_parts_of_names_and_places_with_or_without_tone_marks(as_user, central, text):
    plan = factories.make_plan(factories.make_lao(name="เขาใหญ่"))
    wanted = factories.make_project(plan, name="โครงการอบรมคุณธรรม")
    korat = factories.make_province("30", "นครราชสีมา", 3)
    elsewhere = factories.make_lao(district=factories.make_district("ปากช่อง", korat))
    factories.make_project(factories.make_plan(elsewhere), name="โครงการอื่น")
    assert shown(as_user(central), text=text) == [wanted.pk]


def test_of_a_search_more_than_the_page_and_some_are_not_counted(spread, central, as_user, monkeypatch):
    monkeypatch.setattr(officer_views, "PAGE_SIZE", 2)
    monkeypatch.setattr(officer_views, "COUNTED_BEYOND", 3)
    client = as_user(central)
    first, last = (client.get(QUEUE, {"text": "โครงการ", "page": page}) for page in (1, 5))
    assert first.context["page"].paginator.count == 5
    assert "อย่างน้อย 5" in first.content.decode()
    assert last.context["page"].paginator.count == 9
    assert "อย่างน้อย" not in last.content.decode()
    assert "เหลือรอตรวจ 9 โครงการ" in first.content.decode()
    assert "อย่างน้อย" not in client.get(QUEUE).content.decode()
