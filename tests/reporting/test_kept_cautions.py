"""A caution that the LAO keeps with a note: silent until its figures change, and read by officers alone."""

import html

import pytest

from lao.models import AuditEntry
from reporting.models import KeptCaution, ProgressReport, Tally
from tests import factories

ABOVE = "เบิกจ่าย 2,000 บาท มากกว่างบประมาณตามข้อบัญญัติ/เทศบัญญัติ 1,000 บาท"
NOTE = "โอนงบประมาณจากโครงการอื่นมาเพิ่ม"
GRID = "/reports/grid/?year=2562&months=6"
JSON = {"accept": "application/json"}


def text(response):
    return html.unescape(response.content.decode())


def typed(**fields):
    told = {"status": "COMPLETED", "ordinance_budget": "1000", "disbursed": "2000", "version": "1"}
    return {**told, **fields}


@pytest.fixture
def project(clerk):
    factories.make_round(2562, 6)
    factories.make_round(2562, 12)
    return factories.make_project(clerk.lao.plans.get(), budget=1000, name="โครงการเบิกเกิน")


@pytest.fixture
def address(project):
    factories.make_report(project, ordinance_budget=1000, disbursed=2000)
    return f"/reports/{project.years.get().pk}/6/"


def keep(client, address, note=NOTE, **fields):
    return client.post(address, typed(keep_ABOVE_ORDINANCE=note, **fields), follow=True)


def test_the_form_asks_why_it_is_right_and_then_is_silent(clerk_client, clerk, address):
    page = text(clerk_client.get(address))
    assert f"ควรตรวจสอบ: {ABOVE}" in page
    assert 'name="keep_ABOVE_ORDINANCE"' in page
    assert "keep_UNSPENT" not in page
    answer = text(keep(clerk_client, address))
    assert "เรียบร้อยแล้ว" in answer
    assert ABOVE not in answer
    kept = KeptCaution.objects.get()
    assert (kept.kind, kept.figures, kept.words, kept.note, kept.by) == (
        ("ABOVE_ORDINANCE", "1000.00/2000.00", ABOVE, NOTE, clerk)
    )
    assert ProgressReport.objects.get().version == 1
    page = text(clerk_client.get(address))
    assert f"ควรตรวจสอบ: {ABOVE}" not in page
    assert f"{ABOVE} เพราะ {NOTE}" in page


def test_it_comes_back_where_its_figures_change_and_can_be_kept_anew(clerk_client, address):
    keep(clerk_client, address)
    clerk_client.post(address, typed(remark="เรื่องอื่น"))
    assert "ควรตรวจสอบ: " not in text(clerk_client.get(address))
    answer = text(clerk_client.post(address, typed(disbursed="3000", version="2"), follow=True))
    assert "ควรตรวจสอบ: เบิกจ่าย 3,000 บาท" in answer
    assert f"<a href='{address}'>แก้ไข หรือยืนยันว่าถูกต้อง</a>" in answer
    keep(clerk_client, address, "โอนอีกครั้ง", disbursed="3000", version="3")
    assert KeptCaution.objects.get().note == "โอนอีกครั้ง"
    assert "ควรตรวจสอบ: " not in text(clerk_client.get(address))


def test_a_note_and_a_correction_in_one_save_leave_nothing_to_keep(clerk_client, address):
    keep(clerk_client, address, disbursed="1000")
    assert not KeptCaution.objects.exists()


@pytest.mark.parametrize("note", ["", "   ", "​"])
def test_without_a_note_nothing_is_kept(clerk_client, address, note):
    assert ABOVE in text(keep(clerk_client, address, note))
    assert not KeptCaution.objects.exists()


def test_a_note_that_is_too_long_is_refused_at_its_field_and_stays(clerk_client, address):
    answer = clerk_client.post(address, typed(keep_ABOVE_ORDINANCE="ก" * 5000))
    assert answer.status_code == 200
    assert "ยาวเกินไป" in text(answer)
    assert "ก" * 5000 in text(answer)
    assert not KeptCaution.objects.exists()


def test_a_resent_form_keeps_once(clerk_client, address):
    sent = typed(keep_ABOVE_ORDINANCE=NOTE, form_token="4b2c8d1e-3f60-4c6e-9a53-0f3f3a3a2b11", version="1")
    for _ in range(2):
        assert clerk_client.post(address, sent).status_code == 302
    assert AuditEntry.objects.filter(table_name="reporting_keptcaution").count() == 1


def test_a_row_of_the_grid_keeps_it_with_a_script_and_without(clerk_client, clerk, project, address):
    name = f"{project.years.get().pk}-keep_ABOVE_ORDINANCE"
    assert f'name="{name}"' in text(clerk_client.get(GRID))
    row = {f"{project.years.get().pk}-{field}": value for field, value in typed().items()}
    told = clerk_client.post(GRID, {**row, name: NOTE}, headers=JSON).json()["rows"][str(project.years.get().pk)]
    assert [note[0] for note in told["notes"]] == ["kept"]
    KeptCaution.objects.all().delete()
    answer = clerk_client.post(GRID, {**row, name: NOTE}, follow=True)
    assert "บันทึกแล้ว 1 โครงการ" in text(answer)
    assert KeptCaution.objects.get().note == NOTE
    assert f"ยืนยันแล้ว: {ABOVE} เพราะ {NOTE}" in text(answer)


def test_officers_read_it_in_the_summary_and_beside_the_project_and_citizens_nowhere(
    clerk_client, clerk, as_user, client, project, address
):
    keep(clerk_client, address)
    lao, year = clerk.lao, project.years.get()
    officer = as_user(factories.make_officer("PROVINCE", province=lao.district.province))
    summary = f"/summary/laos/{lao.code}/?year=2562"
    for page in (summary, f"/review/?open={project.pk}"):
        assert NOTE in text(officer.get(page))
        assert ABOVE in text(officer.get(page))
    assert NOTE in text(clerk_client.get(f"/projects/{project.pk}/history/"))
    for page in (f"/public/projects/{project.pk}/", f"/public/lao/{lao.code}/?year=2562"):
        assert client.get(page).status_code == 200
        assert NOTE not in text(client.get(page))
    ProgressReport.objects.filter(project_year=year).update(disbursed=5000)
    assert NOTE not in text(officer.get(summary))  # the figures have changed


def test_a_stranger_keeps_nothing(stranger_client, address):
    assert stranger_client.post(address, typed(keep_ABOVE_ORDINANCE=NOTE)).status_code == 404
    assert not KeptCaution.objects.exists()


def test_keeping_leaves_the_tallies_alone_and_names_who_kept(clerk_client, clerk, address):
    before = list(Tally.objects.values())
    keep(clerk_client, address)
    assert list(Tally.objects.values()) == before
    entry = AuditEntry.objects.get(table_name="reporting_keptcaution")
    assert (entry.actor_name, entry.lao_id, entry.action) == (clerk.username, clerk.lao_id, "INSERT")
