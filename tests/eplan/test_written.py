"""Questions that are written into SQL once."""

import pytest
from django.db import connection
from django.db.models import OuterRef, Subquery

from eplan.written import written_once
from lao.models import District, Province
from tests import factories

pytestmark = pytest.mark.django_db


@written_once
def districts(name, **narrowed):
    """By the code of the province: a value in a condition, one in a subquery, and further conditions."""
    named = District.objects.filter(province=OuterRef("pk"), name=name)
    provinces = Province.objects.filter(districts__name=name, **narrowed).order_by("code")
    return provinces.values_list("code", Subquery(named.values("name")[:1]))


@pytest.fixture
def places():
    for code in ("10", "30", "81"):
        factories.make_district("เมือง", factories.make_province(code))
    factories.make_district("อ่าวลึก", factories.make_province("81"))


def test_a_question_is_asked_anew_with_other_values(places):
    assert districts("เมือง") == [("10", "เมือง"), ("30", "เมือง"), ("81", "เมือง")]
    assert districts("อ่าวลึก") == [("81", "อ่าวลึก")]
    assert districts("ไม่มี") == []


def test_a_question_is_narrowed_by_other_conditions_each_time(places):
    assert districts("เมือง", code="30") == [("30", "เมือง")]
    assert districts("เมือง", code="81") == [("81", "เมือง")]
    assert districts("เมือง", code__gt="30", code__lt="90") == [("81", "เมือง")]
    assert districts("เมือง") == [("10", "เมือง"), ("30", "เมือง"), ("81", "เมือง")]


def test_the_function_runs_only_once_and_its_answers_are_new(places):
    runs = []

    @written_once
    def names(province):
        runs.append(province)
        return District.objects.filter(province=province).values_list("name")

    assert names("55") == []
    factories.make_district("เมืองน่าน", factories.make_province("55"))
    assert names("55") == [("เมืองน่าน",)]
    assert len(runs) == 1


def test_what_is_given_never_becomes_part_of_the_statement(places):
    wicked = "'; DROP TABLE lao_district; --%s"
    assert districts(wicked) == []
    assert "lao_district" in connection.introspection.table_names()


def test_a_value_too_few_is_refused(places):
    with pytest.raises(ValueError, match="zip"):
        districts()
