"""The frame of every page: menu by role, sign-out, skip link, messages."""

import pytest
from django.urls import reverse

CLERK_MENU = [
    ("home", "หน้าแรก"),
    ("project-new", "บันทึกโครงการ/กิจกรรม"),
    ("project-list", "แก้ไขโครงการ/กิจกรรม"),
    ("report-list", "รายงานผลการดำเนินงาน"),
    ("scores", "ผลการประเมิน"),
    ("summary", "ออกรายงาน"),
    ("profile", "Profile"),
]


def entry(url_name, label):
    return f'<a class="menu-item" href="{reverse(url_name)}">{label}</a>'


@pytest.mark.django_db
def test_a_clerk_has_the_menu_of_the_manual(clerk_client, clerk):
    page = clerk_client.get(reverse("project-deleted")).content.decode()

    for url_name, label in CLERK_MENU:
        assert entry(url_name, label) in page
    assert str(clerk.lao) in page


@pytest.mark.django_db
def test_an_officer_has_the_home_page_and_the_summaries(as_user, officer):
    page = as_user(officer).get(reverse("summary")).content.decode()

    assert entry("home", "หน้าแรก") in page
    assert officer.display_name in page
    assert 'aria-current="page">ออกรายงาน</a>' in page
    assert "การบันทึก/รายงาน" not in page
    assert entry("profile", "Profile") not in page


@pytest.mark.django_db
def test_the_page_one_is_on_is_marked_in_the_menu(clerk_client):
    page = clerk_client.get(reverse("home")).content.decode()

    assert 'aria-current="page">หน้าแรก</a>' in page
    assert page.count('class="menu-item" href') == len(CLERK_MENU)
    assert page.count("aria-current") == 1


@pytest.mark.django_db
def test_signing_out_is_a_form_with_a_token(clerk_client):
    page = clerk_client.get(reverse("home")).content.decode()

    form = page.split(f'action="{reverse("logout")}"')[1].split("</form>")[0]
    assert "csrfmiddlewaretoken" in form
    assert "ออกจากระบบ" in form


@pytest.mark.django_db
def test_a_stranger_sees_the_name_and_the_way_in_and_no_menu(client):
    page = client.get(reverse("landing")).content.decode()

    assert entry("login", "เข้าสู่ระบบ") in page
    assert "site-menu" not in page
    assert "ออกจากระบบ" not in page


@pytest.mark.django_db
def test_a_page_is_in_thai_and_can_be_read_from_its_content_on(client):
    page = client.get(reverse("landing")).content.decode()

    assert '<html lang="th">' in page
    assert 'href="#content"' in page
    assert '<main id="content"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "shown"), [("demonstration", True), ("test", False)])
def test_banners_stand_on_every_page(client, settings, mode, shown):
    settings.EPLAN_MODE = mode

    assert ("ระบบสาธิต" in client.get(reverse("landing")).content.decode()) is shown
