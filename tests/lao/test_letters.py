"""Activation codes as letters: shown once, one to an LAO, the old one dies with the new."""

import re

import pytest
from django.test import Client

from lao.models import ActivationCode, AuditEntry, Lao
from lao.rules import head_of
from tests import factories
from tests.lao.test_confirm import act
from tests.lao.test_first_entry import CLAIM, enter_code

URL = "/manage/letters/"


@pytest.fixture(autouse=True)
def code_mode(settings):
    settings.EPLAN_FIRST_ENTRY = "code"


@pytest.fixture
def newcomer(db):
    return factories.make_clerk(claimed=False)


def printed(page):
    """{user name: code} of the letters on a page."""
    text = page.content.decode()
    return dict(re.findall(r"<dd>([0-9]{7})</dd>.*?class=\"secret\">([0-9A-Z-]{14})</dd>", text, re.DOTALL))


def test_one_letter_to_an_lao_and_each_code_opens_its_account_once(newcomer, clerk, officer, as_user):
    other = factories.make_clerk(claimed=False)
    page = as_user(officer).post(URL, {"province": "81"})
    codes = printed(page)
    assert codes.keys() == {newcomer.username, other.username}
    assert page.content.decode().count('class="sheet letter"') == 2
    assert "no-store" in page["Cache-Control"]
    assert "เรียกดูอีกไม่ได้" in page.content.decode()
    assert "นายกองค์การบริหารส่วนตำบล" in page.content.decode()
    visitor = Client()
    assert enter_code(visitor, newcomer.username, codes[other.username]).status_code == 200
    assert enter_code(visitor, newcomer.username, codes[newcomer.username])["Location"] == "/profile/"
    assert visitor.post("/profile/", CLAIM)["Location"] == "/home/"
    assert enter_code(Client(), newcomer.username, codes[newcomer.username]).status_code == 200


def test_only_hashes_are_kept_and_no_page_shows_a_code_again(newcomer, officer, as_user):
    code = printed(as_user(officer).post(URL, {"province": "81"}))[newcomer.username]
    stored = ActivationCode.objects.get()
    assert code not in stored.secret_hash
    assert not AuditEntry.objects.filter(after__icontains=code).exists()
    for address in (URL, f"/manage/accounts/{newcomer.pk}/", "/manage/audit/"):
        text = as_user(officer).get(address).content.decode()
        assert code not in text
        assert stored.secret_hash not in text


def test_printing_again_ends_the_code_before(newcomer, officer, as_user):
    first = printed(as_user(officer).post(URL, {"province": "81"}))[newcomer.username]
    second = printed(as_user(officer).post(URL, {"province": "81"}))[newcomer.username]
    assert enter_code(Client(), newcomer.username, first).status_code == 200
    assert enter_code(Client(), newcomer.username, second)["Location"] == "/profile/"


def test_those_with_a_letter_can_be_left_out(newcomer, officer, as_user):
    as_user(officer).post(URL, {"province": "81"})
    other = factories.make_clerk(claimed=False)
    assert printed(as_user(officer).post(URL, {"province": "81", "without_code": "on"})).keys() == {other.username}
    page = as_user(officer).post(URL, {"province": "81", "without_code": "on"}, follow=True)
    assert "ไม่ได้ออกรหัสใด" in page.content.decode()
    assert "มีหนังสือที่ยังใช้ได้ 2" in page.content.decode()


def test_one_account_gets_its_letter_from_its_own_page(newcomer, officer, as_user):
    assert printed(act(as_user(officer), newcomer, "letter")).keys() == {newcomer.username}


def test_another_province_gives_no_letters(newcomer, as_user):
    stranger = factories.make_officer(province=factories.make_province("30", "นครราชสีมา", 3))
    page = as_user(stranger).post(URL, {"province": "81"})
    assert printed(page) == {}
    assert not ActivationCode.objects.exists()
    assert as_user(stranger).post(f"/manage/accounts/{newcomer.pk}/letter/").status_code == 404


@pytest.mark.parametrize("sent", [{"a": "b"}, {"province": ""}, {"province": "99"}, {"province": "x" * 300}])
def test_junk_is_refused_in_words(newcomer, officer, as_user, sent):
    page = as_user(officer).post(URL, sent)
    assert "กรุณาเลือกจังหวัด" in page.content.decode()
    assert not ActivationCode.objects.exists()


def test_closed_accounts_get_no_letter(newcomer, officer, as_user):
    factories.make_clerk(claimed=False, is_active=False)
    assert printed(as_user(officer).post(URL, {"province": "81"})).keys() == {newcomer.username}


@pytest.mark.parametrize("mode", ["open", "confirm"])
def test_where_no_codes_are_asked_for_no_letters_are_made(newcomer, officer, as_user, settings, mode):
    settings.EPLAN_FIRST_ENTRY = mode
    assert "ไม่ได้ใช้รหัสเปิดใช้งาน" in as_user(officer).get(URL).content.decode()
    assert as_user(officer).post(URL, {"province": "81"}).status_code == 404


def test_who_issued_the_codes_is_in_the_trail(newcomer, officer, as_user):
    as_user(officer).post(URL, {"province": "81"})
    entry = AuditEntry.objects.get(table_name="lao_activationcode")
    assert (entry.actor_id, entry.lao_id, entry.after["secret_hash"]) == (officer.pk, newcomer.lao_id, "***")


def test_the_queries_do_not_grow_with_the_letters(officer, as_user, django_assert_max_num_queries):
    for _ in range(30):
        factories.make_clerk(claimed=False)
    printing = as_user(officer)
    with django_assert_max_num_queries(20):
        assert len(printed(printing.post(URL, {"province": "81"}))) == 30


@pytest.mark.parametrize("kind", Lao.Kind.values)
def test_every_kind_of_lao_has_a_head_to_write_to(kind):
    assert len(head_of(kind, "แหลมสัก")) > 10
