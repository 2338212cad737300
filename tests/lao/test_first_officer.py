"""`manage.py createsuperuser`: how the first central officer of a deployment gets in."""

import pytest
from django.core.management import CommandError, call_command

from lao.models import AuditEntry, User
from tests.lao.test_sign_in import sign_in

PASSWORD = "แสงตะวันส่องหล้า"


def create(monkeypatch, username, password=PASSWORD):
    """Make the account as a deployment's script would."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    call_command("createsuperuser", interactive=False, username=username, email="first@example.go.th", verbosity=0)


def test_the_first_central_officer_signs_in_and_can_make_the_others(db, client, monkeypatch):
    create(monkeypatch, "somchai.central")
    officer = User.objects.get()
    assert (officer.role, officer.email, str(officer.area_name)) == ("CENTRAL", "first@example.go.th", "ทั่วประเทศ")
    assert AuditEntry.objects.filter(table_name="lao_user", row_id=str(officer.pk)).exists()
    sign_in(client, "somchai.central", PASSWORD)
    assert client.get("/manage/accounts/new/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("5810501", PASSWORD, "7 หลัก"),
        ("ชื่อไทย", PASSWORD, "อักษรอังกฤษ"),
        ("somchai", "12345678", "รหัสผ่าน"),
        ("somchai.central", "somchai.central", "รหัสผ่าน"),
    ],
)
def test_a_name_or_a_password_that_no_form_would_take_is_refused(db, monkeypatch, username, password, said):
    with pytest.raises(CommandError, match=said):
        create(monkeypatch, username, password)
    assert not User.objects.exists()


def test_a_name_is_given_once(db, monkeypatch):
    create(monkeypatch, "somchai")
    with pytest.raises(CommandError):
        create(monkeypatch, "somchai")
