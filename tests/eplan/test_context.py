import pytest

from eplan.context import site

DEMONSTRATION, OPEN = "ระบบสาธิต", "เปิดให้เข้าใช้ครั้งแรกโดยไม่ต้องใช้รหัสผ่าน"


@pytest.mark.parametrize(
    ("mode", "first_entry", "beginnings"),
    [
        ("production", "code", []),
        ("production", "open", [OPEN]),
        ("demonstration", "code", [DEMONSTRATION]),
        ("demonstration", "open", [DEMONSTRATION, OPEN]),
    ],
)
def test_banners_say_what_is_not_as_in_real_use(settings, mode, first_entry, beginnings):
    settings.EPLAN_MODE, settings.EPLAN_FIRST_ENTRY = mode, first_entry
    banners = site(None)["site"]["banners"]
    assert len(banners) == len(beginnings)
    assert all(banner.startswith(beginning) for banner, beginning in zip(banners, beginnings, strict=True))


@pytest.mark.django_db
@pytest.mark.urls("tests.eplan.urls")
def test_banners_and_contacts_stand_on_every_page(client, settings):
    settings.EPLAN_FIRST_ENTRY = "open"
    page = client.get("/nothing/here/").content.decode()
    assert OPEN in page
    assert settings.EPLAN_CONTACTS["problem"]["phone"] in page
