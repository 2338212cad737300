"""Search by any part of a name, place, project or code: forgiving, ranked, bounded, and in the address."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lao.models import Lao
from public.queries import search as queries
from tests import factories
from tests.reporting.results import DONE


@pytest.fixture
def known(db):
    """Two LAOs in กระบี่ and one in นครราชสีมา, with projects."""
    korat = factories.make_province("30", "นครราชสีมา", 3)
    laos = {
        "แหลมสัก": factories.make_lao(code="5810501", name="แหลมสัก", kind=Lao.Kind.SUBDISTRICT_MUNICIPALITY),
        "อ่าวลึกใต้": factories.make_lao(code="5810502", name="อ่าวลึกใต้", kind=Lao.Kind.SUBDISTRICT_MUNICIPALITY),
        "ปากช่อง": factories.make_lao(code="4302101", name="ปากช่อง", district=factories.make_district("ปากช่อง", korat)),
    }
    names = {
        "แหลมสัก": ["โครงการท้องถิ่นโปร่งใส", "อบรมกฎหมายท้องถิ่น", "ISO 37001"],
        "อ่าวลึกใต้": ["ศูนย์เด็กเล็กปลอดทุจริต ๒๕๖๒"],
        "ปากช่อง": ["ท้องถิ่นของเรา", "กล้าพูดความจริง"],
    }
    for lao, projects in names.items():
        plan = factories.make_plan(laos[lao])
        for name in projects:
            factories.make_project(plan, name=name)
    return laos


def find(client, **asked):
    """(names of LAOs, names of projects) on the page of a search."""
    page = client.get("/public/search/", asked)
    assert page.status_code == 200
    return [str(lao) for lao in page.context["laos"]], [project["name"] for project in page.context["projects"]]


@pytest.mark.parametrize(
    ("typed", "laos", "projects"),
    [
        ("แหลมสัก", ["เทศบาลตำบลแหลมสัก"], []),
        ("๕๘๑๐๕๐๑", ["เทศบาลตำบลแหลมสัก"], []),
        ("อาวลึกใต", ["เทศบาลตำบลอ่าวลึกใต้"], []),
        ("ปากชอง", ["อบต.ปากช่อง"], []),
        ("ท้องถิ่น", [], ["ท้องถิ่นของเรา", "โครงการท้องถิ่นโปร่งใส", "อบรมกฎหมายท้องถิ่น"]),
        ("ทองถิน", [], ["ท้องถิ่นของเรา", "โครงการท้องถิ่นโปร่งใส", "อบรมกฎหมายท้องถิ่น"]),
        ("เดกเลก", [], ["ศูนย์เด็กเล็กปลอดทุจริต ๒๕๖๒"]),
        ("2562", [], ["ศูนย์เด็กเล็กปลอดทุจริต ๒๕๖๒"]),
        ("iso", [], ["ISO 37001"]),
        ("ท้องถิ่น นครราชสีมา", [], ["ท้องถิ่นของเรา"]),
        ("แหลมสัก กฎหมาย", [], ["อบรมกฎหมายท้องถิ่น"]),
        ("กฎหมาย โปร่งใส", [], []),
        ("กล", [], ["กล้าพูดความจริง"]),
        ("ฎห", [], []),
        ("100%", [], []),
        ("___", [], []),
        ("่้", [], []),
        ("' OR 1=1 --", [], []),
        ("\x00", [], []),
        ("ก" * 5000, [], []),
        ("ฮ " * 5000, [], []),
    ],
)
def test_what_people_type_is_found(known, client, typed, laos, projects):
    assert find(client, q=typed) == (laos, projects)


def test_a_search_is_narrowed_in_its_address(known, client):
    project = factories.make_project(known["ปากช่อง"].plans.get(), name="ท้องถิ่นเข้มแข็ง", years=[2563], dimension=2)
    factories.make_report(project, fiscal_year=2563, status=DONE)
    all_three = {"โครงการท้องถิ่นโปร่งใส", "อบรมกฎหมายท้องถิ่น", "ท้องถิ่นของเรา"}
    for asked, names in [
        ({"province": "30"}, {"ท้องถิ่นของเรา", project.name}),
        ({"kind": "SUBDISTRICT_MUNICIPALITY"}, {"โครงการท้องถิ่นโปร่งใส", "อบรมกฎหมายท้องถิ่น"}),
        ({"year": "๒๕๖๓"}, {project.name}),
        ({"dimension": "2"}, {project.name}),
        ({"status": DONE}, {project.name}),
        ({"year": "2562", "status": DONE}, set()),
        ({"status": "NONE"}, all_three),
        ({"province": "99", "kind": "x", "year": "x"}, {*all_three, project.name}),
        ({"dimension": "9", "status": "\x00", "page": "x"}, {*all_three, project.name}),
    ]:
        assert set(find(client, q="ท้องถิ่น", **asked)[1]) == names, asked


def test_a_place_alone_lists_what_is_there(known, client):
    assert find(client, province="30")[1] == ["กล้าพูดความจริง", "ท้องถิ่นของเรา"]
    assert find(client) == ([], [])


def test_what_is_not_public_is_not_found(known, client):
    factories.make_project(known["แหลมสัก"].plans.get(), name="ความลับที่ลบแล้ว", deleted_at=timezone.now())
    clerk = factories.make_clerk(withheld_since=timezone.now())
    factories.make_project(factories.make_plan(clerk.lao), name="ความลับที่ยังไม่ยืนยัน")
    assert find(client, q="ความลับ") == ([], [])


def test_where_nothing_is_found_names_like_it_are_proposed(known, client):
    page = client.get("/public/search/", {"q": "แหลมสด"}).content.decode()
    assert re.search(r'<a href="\?q=[^"]*">แหลมสัก</a>', page)


def test_pages_keep_what_was_asked(known, client):
    plan = known["แหลมสัก"].plans.get()
    for number in range(25):
        factories.make_project(plan, name=f"ประชุมประจำเดือน {number:02}")
    first = client.get("/public/search/", {"q": "ประชุม", "province": "81"})
    assert len(first.context["projects"]) == 20
    assert "page=2" in first.content.decode()
    assert find(client, q="ประชุม", province="81", page="๒")[1][-1] == "ประชุมประจำเดือน 24"


def test_many_laos_stand_on_a_page_of_their_own(known, client):
    for number in range(10):
        factories.make_lao(name=f"หนองน้ำ {number}")
    few = client.get("/public/search/", {"q": "หนองนำ"})
    assert len(few.context["laos"]) == 8
    address = few.context["all_laos"]
    assert len(client.get(f"/public/search/{address}").context["laos"]) == 10


def test_a_search_looks_the_same_to_everyone(known, client, as_user):
    clerk = factories.make_clerk(withheld_since=timezone.now())
    asked = {"q": "ท้องถิ่น"}
    assert client.get("/public/search/", asked).content == as_user(clerk).get("/public/search/", asked).content


def test_more_than_can_be_ranked_is_said(known, client, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    monkeypatch.setattr("public.views.search.MOST", 2)
    page = client.get("/public/search/", {"q": "ท้องถิ่น"})
    assert page.context["count"] == "มากกว่า 2"
    assert len(page.context["projects"]) == 2


def test_more_projects_take_no_more_queries(known, client):
    def queries_of(typed):
        with CaptureQueriesContext(connection) as captured:
            find(client, q=typed)
        return len(captured)

    before = [queries_of("ท้องถิ่น"), queries_of("ท้องถิ่น นครราชสีมา")]
    for number in range(49):
        factories.make_project(factories.make_plan(), name=f"ท้องถิ่น {number}")
    assert [queries_of("ท้องถิ่น"), queries_of("ท้องถิ่น นครราชสีมา")] == before
    assert max(before) <= 10
