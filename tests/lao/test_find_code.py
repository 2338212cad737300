"""S1 and S2: the landing page and the search for a code."""

import re

import pytest

from lao.models import FormerCode, Lao
from lao.queries import MOST_FOUND
from lao.queries.entry import _TITLE, _in_title
from tests import factories

TOWN, RURAL = Lao.Kind.SUBDISTRICT_MUNICIPALITY, Lao.Kind.SUBDISTRICT_ORGANIZATION
AO_LUEK = [
    ("5810501", TOWN, "แหลมสัก"),
    ("5810502", TOWN, "อ่าวลึกใต้"),
    ("6810507", RURAL, "เขาใหญ่"),
    ("6810508", RURAL, "คลองยา"),
    ("6810509", RURAL, "คลองหิน"),
    ("6810503", RURAL, "นาเหนือ"),
    ("6810504", RURAL, "บ้านกลาง"),
    ("6810510", RURAL, "แหลมสัก"),
]


@pytest.fixture
def register(db):
    """The manual's sample, and a few LAOs elsewhere."""
    for code, kind, name in AO_LUEK:
        factories.make_lao(code=code, kind=kind, name=name)
    muang = factories.make_district("เมืองกระบี่")
    factories.make_lao(code="2810101", kind=Lao.Kind.PROVINCIAL, name="กระบี่", district=muang)
    factories.make_lao(code="4810101", kind=Lao.Kind.TOWN, name="กระบี่", district=muang)
    khao = factories.make_district("เขาใหญ่", factories.make_province("30", "นครราชสีมา", 3))
    factories.make_lao(code="6301001", name="ใหญ่", district=khao)


def find(client, text):
    page = client.get("/find-code/", {"q": text})
    assert page.status_code == 200
    return re.findall(r'<td class="code"[^>]*>(\d+)</td>', page.content.decode())


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("แหลมสัก", ["5810501", "6810510"]),
        ("แหลม", ["5810501", "6810510"]),
        ("หลมสั", ["5810501", "6810510"]),
        ("แหลมสัก อ่าวลึก", ["5810501", "6810510"]),
        ("กระบี่ แหลมสัก", ["5810501", "6810510"]),
        ("อบต.แหลมสัก", ["6810510"]),
        ("อบต แหลมสัก", ["6810510"]),
        ("องค์การบริหารส่วนตำบลแหลมสัก", ["6810510"]),
        ("ทต.แหลมสัก", ["5810501"]),
        ("เทศบาลตำบลแหลมสัก", ["5810501"]),
        ("เทศบาลแหลมสัก", ["5810501"]),
        ("๕๘๑๐๕๐๑", ["5810501"]),
        ("5810501", ["5810501"]),
        ("58105", ["5810501", "5810502"]),
        ("อบจ กระบี่", ["2810101"]),
        ("อาวลึกใต", ["5810502"]),
        ("อบจ กระบี", ["2810101"]),
        ("แหล้มสั้ก", ["5810501", "6810510"]),
        ("่", []),
        ("แหลมสัก ปากช่อง", []),
        ("100%", []),
        ("_", []),
        ("'; drop table lao_lao; --", []),
        ("\x00", []),
    ],
)
def test_the_code_is_found_as_people_type(client, register, typed, codes):
    assert find(client, typed) == codes


def test_what_bears_the_word_as_its_name_comes_before_what_lies_in_such_a_place(client, register):
    assert find(client, "เขาใหญ่") == ["6810507", "6301001"]
    assert find(client, "กระบี่")[:2] == ["4810101", "2810101"] or find(client, "กระบี่")[:2] == ["2810101", "4810101"]


def test_results_stand_in_thai_order(client, register):
    names = find(client, "อำเภออ่าวลึก อบต.")
    assert names == ["6810507", "6810508", "6810509", "6810503", "6810504", "6810510"]


def test_the_table_has_the_manual_s_columns_and_leads_to_sign_in(client, register):
    text = client.get("/find-code/", {"q": "อบต.แหลมสัก"}).content.decode()
    assert re.findall(r'<th scope="col">(.*?)</th>', text)[:4] == ["รหัสอปท.", "ชื่ออปท.", "อำเภอ", "จังหวัด"]
    assert '<a href="/login/?username=6810510"' in text
    for word in ("อบต.แหลมสัก", "อ่าวลึก", "กระบี่"):
        assert word in text


def test_a_former_code_finds_the_organisation_and_shows_the_present_one(client, register):
    lao = Lao.objects.get(code="5810501")
    FormerCode.objects.create(lao=lao, code="6810599")
    assert find(client, "6810599") == ["5810501"]
    text = client.get("/find-code/", {"q": "6810599"}).content.decode()
    assert "(รหัสเดิม 6810599)" in text


def test_names_that_repeat_show_their_district(client, db):
    for district in ("เมืองชัยภูมิ", "ภูเขียว"):
        factories.make_lao(
            name="หนองไผ่", district=factories.make_district(district, factories.make_province("36", "ชัยภูมิ", 3))
        )
    text = client.get("/find-code/", {"q": "หนองไผ่"}).content.decode()
    assert "เมืองชัยภูมิ" in text
    assert "ภูเขียว" in text


def test_an_empty_result_says_what_to_do(client, register):
    assert "ลองพิมพ์เพียงบางส่วนของชื่อ" in client.get("/find-code/", {"q": "ไม่มีจริง"}).content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "ก" * 5000])
def test_nothing_typed_or_too_much_is_answered_with_the_form(client, register, typed):
    assert find(client, typed) == []


def test_more_than_can_be_shown_is_said(client, db):
    lao = factories.make_lao()
    Lao.objects.bulk_create(
        [Lao(code=f"61{n:05d}", kind=RURAL, name=f"มากมาย{n}", district=lao.district) for n in range(MOST_FOUND + 1)]
    )
    assert len(find(client, "มากมาย")) == MOST_FOUND
    text = client.get("/find-code/", {"q": "มากมาย"}).content.decode()
    assert f"แสดง {MOST_FOUND} รายการแรก" in text


def test_a_part_of_a_title_is_found_in_kind_and_name_and_where_they_meet(db):
    names = ["บ้านนา", "นครนายก", "ตำบล", "เมืองนคร", "บล"]
    for number, kind in enumerate(Lao.Kind):
        factories.make_lao(code=f"581{number:04}", kind=kind, name=names[number % len(names)])
    titles = dict(Lao.objects.annotate(title=_TITLE).values_list("pk", "title"))
    parts = {
        title[start:end]
        for title in titles.values()
        for end in range(len(title) + 1)
        for start in range(max(0, end - 5), end)
    }
    for part in (*parts, *titles.values(), "พัทยาบ", "จ.จ"):
        found = set(Lao.objects.filter(_in_title(part)).values_list("pk", flat=True))
        assert found == {lao for lao, title in titles.items() if part in title}, part


@pytest.mark.parametrize("typed", ["แหลมสัก อ่าวลึก กระบี่", "5810501"])
def test_a_search_is_one_query(client, register, typed, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert find(client, typed)


def test_the_landing_page_has_the_ways_in_and_whom_to_call(client, db, settings):
    settings.EPLAN_CONTACTS = {
        "problem": {"name": "ฝ่ายหนึ่ง", "phone": "02 111"},
        "usage": {"name": "ฝ่ายสอง", "phone": "02 222"},
    }
    text = client.get("/").content.decode()
    for words in (
        "ระบบรายงานและติดตามผลการดำเนินงานตามแผนปฏิบัติการป้องกันการทุจริตขององค์กรปกครองส่วนท้องถิ่น (e-PlanNACC)",
        '<a class="btn btn-primary" href="/login/">เข้าสู่ระบบ</a>',
        '<a href="/find-code/">ค้นหารหัสผู้ใช้งาน (Username)</a>',
        '<a href="/password-reset/">ลืมรหัสผ่าน (สำหรับ อปท.)</a>',
        "กรณีใช้งานระบบแล้วพบปัญหา เช่น บันทึกข้อมูลไม่ได้, หน้าจอระบบค้าง, ลืมรหัสผ่าน, ไม่พบผู้ใช้งาน",
        "กรณีสอบถามการใช้งานระบบ ขั้นตอนการบันทึกข้อมูล และรายงานผล",
        "ฝ่ายหนึ่ง",
        "02 222",
    ):
        assert words in text


def test_one_who_is_signed_in_gets_the_way_home(clerk_client, stranger_client, officer, as_user):
    for client in (clerk_client, stranger_client, as_user(officer)):
        text = client.get("/").content.decode()
        assert 'href="/home/">ไปหน้าแรกของ' in text
        assert '<a class="btn btn-primary" href="/login/">' not in text
