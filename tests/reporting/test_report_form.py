"""S12: reporting on a project year in a round."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lao.models import AuditEntry
from projects.models import Project, ProjectYear, ReviewDecision
from reporting.actions import MovedOnError, RefusedError, save_report
from reporting.models import Extension, ProgressReport
from tests import factories

HEADING = "การรายงานผลการดำเนินงานตามแผนปฏิบัติการป้องกันการทุจริต"
DONE = {"status": "COMPLETED", "version": "0"}


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def typed(**fields):
    return {"status": "COMPLETED", "ordinance_budget": "1000", "disbursed": "900", "version": "0", **fields}


@pytest.fixture
def project(clerk):
    factories.make_round(2562, 6)
    return factories.make_project(clerk.lao.plans.get(), budget=1000, years=(2561, 2562), name="โครงการธรรมาภิบาล")


@pytest.fixture
def free_project(clerk):
    factories.make_round(2562, 6)
    return factories.make_project(clerk.lao.plans.get())


def address(project, months=6, year=2562):
    return f"/reports/{project.years.get(fiscal_year=year).pk}/{months}/"


def test_the_page_says_what_is_reported_on(clerk_client, project):
    page = text(clerk_client.get(address(project)))
    assert f"<h1>{HEADING}</h1>" in page
    assert "ยังไม่เคยบันทึกรายงานในรอบ 6 เดือนของปีงบประมาณ 2562" in page
    for words in (
        "โครงการธรรมาภิบาล",
        "2561, 2562",
        "มิติที่ 1 การสร้างสังคมที่ไม่ทนต่อการทุจริต",
        "งบประมาณ (วงเงินตามแผนพัฒนาท้องถิ่น) ประจำปีงบประมาณ พ.ศ. 2562",
        "ดำเนินการโดยใช้งบประมาณ จำนวน 1,000 บาท",
    ):
        assert words in page


def test_the_fields_bear_the_labels_of_the_manual(clerk_client, project):
    page = text(clerk_client.get(address(project)))
    for label in (
        "งบประมาณ (วงเงินตามข้อบัญญัติ/เทศบัญญัติ) ประจำปีงบประมาณ พ.ศ. 2562",
        "การเบิกจ่ายงบประมาณ ประจำปีงบประมาณ พ.ศ. 2562",
        "บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน",
        "สถานะการดำเนินงานประจำปีงบประมาณ พ.ศ. 2562",
        "อยู่ระหว่างดำเนินการ (โครงการที่อยู่ระหว่างการดำเนินการ หรือที่ยังไม่ได้ดำเนินการแต่มีแผนว่าจะดำเนินการในปีงบประมาณนี้)",
        "ดำเนินการแล้วเสร็จ (โครงการที่ดำเนินการเสร็จสิ้น หรือมีการดำเนินการต่อเนื่องทั้งปีงบประมาณ)",
        "ไม่สามารถดำเนินการได้ (โครงการที่ไม่สามารถดำเนินการได้ภายในปีงบประมาณนี้)",
        "ไม่ได้รับงบประมาณ",
        "นโยบายผู้บริหารเปลี่ยนแปลง",
        "บุคลากรไม่เพียงพอ",
        "อื่นๆ",
        "หมายเหตุ",
    ):
        assert label in page


def test_a_report_is_saved_and_leads_back_to_its_line(clerk_client, project):
    response = clerk_client.post(
        address(project),
        typed(ordinance_budget="๑,๐๐๐.๕๐ บาท", disbursed="０", in_ordinance="on", remark="ทำแล้ว"),
        follow=True,
    )
    year = project.years.get(fiscal_year=2562)
    assert response.redirect_chain == [(f"/reports/?year=2562#project-year-{year.pk}", 302)]
    assert "บันทึกรายงานรอบ 6 เดือน ปีงบประมาณ 2562 ของ “โครงการธรรมาภิบาล” เรียบร้อยแล้ว" in text(response)
    report = ProgressReport.objects.get()
    assert (report.project_year, report.months, report.status) == (year, 6, "COMPLETED")
    assert (report.ordinance_budget, report.disbursed) == (Decimal("1000.50"), Decimal(0))
    assert (report.in_ordinance, report.remark, report.version) == (True, "ทำแล้ว", 1)


def test_a_project_without_a_budget_is_asked_for_no_amounts(clerk_client, free_project):
    page = text(clerk_client.get(address(free_project)))
    assert "ดำเนินการโดยไม่ใช้งบประมาณ" in page
    assert 'name="ordinance_budget"' not in page
    clerk_client.post(address(free_project), typed())
    report = ProgressReport.objects.get()
    assert (report.ordinance_budget, report.disbursed) == (None, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ordinance_budget": ""}, "กรุณากรอกข้อมูลช่องนี้"),
        ({"disbursed": ""}, "กรุณากรอกข้อมูลช่องนี้"),
        ({"disbursed": "-1"}, "จำนวนเงินต้องไม่ติดลบ"),
        ({"disbursed": "พันบาท"}, "อ่านเป็นจำนวนไม่ได้"),
        ({"disbursed": "9" * 40}, "จำนวนเงินมากเกินไป"),
        ({"disbursed": "NaN"}, "อ่านเป็นจำนวนไม่ได้"),
        ({"disbursed": "1e9"}, "อ่านเป็นจำนวนไม่ได้"),
        ({"status": ""}, "กรุณาเลือกสถานะการดำเนินงาน"),
        ({"status": "NOT_REPORTED"}, "กรุณาเลือกสถานะการดำเนินงาน"),
        ({"status": "NOT_FEASIBLE"}, "กรุณาเลือกเหตุผลที่ไม่สามารถดำเนินการได้"),
        ({"status": "NOT_FEASIBLE", "reason": "LAZY"}, "กรุณาเลือกเหตุผลจากรายการ"),
        ({"status": "NOT_FEASIBLE", "reason": "OTHER"}, "กรุณาระบุเหตุผลอื่นๆ"),
        ({"status": "NOT_FEASIBLE", "reason": "OTHER", "other_reason": " ​ "}, "กรุณาระบุเหตุผลอื่นๆ"),
        ({"status": "NOT_FEASIBLE", "reason": "NO_BUDGET", "other_reason": "ฝน"}, "เฉพาะเมื่อเลือกเหตุผล อื่นๆ"),
        ({"reason": "NO_BUDGET"}, "ระบุเหตุผลได้เฉพาะสถานะ ไม่สามารถดำเนินการได้"),
        ({"other_reason": "ฝนตก"}, "เฉพาะเมื่อเลือกเหตุผล อื่นๆ"),
        ({"status": "NOT_FEASIBLE", "reason": "OTHER", "other_reason": "ก" * 301}, "ยาวเกินไป"),
        ({"remark": "ก" * 5000}, "ยาวเกินไป"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_typing_stays(clerk_client, project, change, message):
    sent = typed(remark="ข้อความที่พิมพ์ไว้", **{"other_reason": "", **change}) if "remark" not in change else typed(**change)
    response = clerk_client.post(address(project), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert sent["remark"] in page
    for name in ("ordinance_budget", "disbursed"):
        assert f'value="{sent[name]}"' in page or sent[name] == ""
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"status": "\x00"},
        {"status": ["COMPLETED", "IN_PROGRESS"]},
        {"version": "9" * 50},
        {"version": "-1"},
        {"version": "x"},
        {"remark": "\x00\ud83d".encode("utf-8", "ignore").decode()},
        {"reason": "\x00", "status": "NOT_FEASIBLE"},
        {"in_ordinance": "\x00"},
        {"disbursed": "\x00"},
        {"disbursed": "∞"},
    ],
)
def test_junk_never_breaks_the_form(clerk_client, project, junk):
    assert clerk_client.post(address(project), typed(**junk) if junk else {}).status_code in (200, 302)


@pytest.mark.parametrize("reason", ["NO_BUDGET", "POLICY_CHANGED", "NOT_ENOUGH_STAFF", "OTHER"])
def test_what_can_not_be_done_has_its_reason(clerk_client, free_project, reason):
    other = "น้ำท่วมทั้งตำบล" if reason == "OTHER" else ""
    sent = {"status": "NOT_FEASIBLE", "reason": reason, "other_reason": other, "version": "0"}
    assert clerk_client.post(address(free_project), sent).status_code == 302
    report = ProgressReport.objects.get()
    assert (report.status, report.reason, report.other_reason) == ("NOT_FEASIBLE", reason, other)


def test_a_saved_report_says_when_and_can_be_amended(clerk_client, free_project):
    clerk_client.post(address(free_project), DONE)
    page = text(clerk_client.get(address(free_project)))
    assert "บันทึกรายงานในรอบ 6 เดือนของปีงบประมาณ 2562 แล้ว เมื่อ" in page
    assert 'name="version" value="1"' in page
    clerk_client.post(address(free_project), {"status": "IN_PROGRESS", "version": "1"})
    report = ProgressReport.objects.get()
    assert (report.status, report.version) == ("IN_PROGRESS", 2)
    assert "แก้ไขล่าสุด" in text(clerk_client.get(address(free_project)))


def test_the_history_of_a_report_says_who_when_before_and_after(clerk, clerk_client, free_project):
    clerk_client.post(address(free_project), DONE)
    clerk_client.post(address(free_project), {"status": "NOT_FEASIBLE", "reason": "NO_BUDGET", "version": "1"})
    history = text(clerk_client.get(address(free_project))).split('<details class="panel">')[1]
    assert "(2 ครั้ง)" in history
    assert clerk.lao.code in history
    changed = '<th scope="row" class="name">{}</th> <td class="wide" data-label="ก่อน">{}</td>'
    changed += ' <td class="wide" data-label="หลัง">{}</td>'
    assert changed.format("สถานะการดำเนินงาน", "ดำเนินการแล้วเสร็จ", "ไม่สามารถดำเนินการได้") in history
    assert changed.format("เหตุผล", "-", "ไม่ได้รับงบประมาณ") in history


def test_saving_the_same_again_writes_nothing(clerk_client, project):
    clerk_client.post(address(project), typed())
    trail = AuditEntry.objects.count()
    for version in ("0", "1"):
        response = clerk_client.post(address(project), typed(version=version), follow=True)
        assert "ตรงกับที่บันทึกไว้แล้ว" in text(response)
    assert ProgressReport.objects.get().version == 1
    assert AuditEntry.objects.count() == trail


@pytest.mark.parametrize("version", ["0", "1"])
def test_a_second_tab_sees_both_values_and_saves_only_once_it_has_chosen(clerk_client, project, version):
    clerk_client.post(address(project), typed())
    clerk_client.post(address(project), typed(version="1", disbursed="950", remark="แก้จากอีกหน้า"))
    mine = typed(version=version, disbursed="777", remark="ที่พิมพ์ไว้")
    response = clerk_client.post(address(project), mine)
    page = text(response)
    assert response.status_code == 409
    assert "ที่บันทึกไว้แล้ว:</strong> 950 บาท" in page
    assert "ของท่าน:</strong> 777 บาท" in page
    assert "ที่บันทึกไว้แล้ว:</strong> แก้จากอีกหน้า" in page
    assert 'value="777"' in page
    assert f"โดย {project.plan.lao}" in page
    half = mine | {"conflict": "2", "choose-disbursed": "mine"}
    response = clerk_client.post(address(project), half)
    assert (response.status_code, text(response).count("กรุณาเลือกข้อนี้")) == (409, 1)
    assert text(response).count(" checked>") == text(clerk_client.get(address(project))).count(" checked>") + 1, (
        "stays chosen"
    )
    assert ProgressReport.objects.get().disbursed == 950
    assert clerk_client.post(address(project), half | {"choose-remark": "stored"}).status_code == 302
    saved = ProgressReport.objects.get()
    assert (saved.disbursed, saved.remark, saved.version) == (777, "แก้จากอีกหน้า", 3)


def test_what_only_one_side_changed_merges_by_itself(clerk_client, project):
    clerk_client.post(address(project), typed())
    clerk_client.post(address(project), typed(version="1", remark="แก้จากอีกหน้า"))
    assert clerk_client.post(address(project), typed(version="1", disbursed="777")).status_code == 302
    saved = ProgressReport.objects.get()
    assert (saved.disbursed, saved.remark) == (777, "แก้จากอีกหน้า")


def test_a_choice_between_values_that_have_changed_again_does_not_count(clerk_client, project):
    clerk_client.post(address(project), typed())
    for version, amount in (("1", "950"), ("2", "960")):
        clerk_client.post(address(project), typed(version=version, disbursed=amount))
    stale = typed(version="1", disbursed="777") | {"conflict": "2", "choose-disbursed": "mine"}
    response = clerk_client.post(address(project), stale)
    assert response.status_code == 409
    assert "ที่บันทึกไว้แล้ว:</strong> 960 บาท" in text(response)
    assert ProgressReport.objects.get().disbursed == 960


def test_the_12_month_form_begins_with_what_was_said_at_6_months(clerk_client, project):
    factories.make_round(2562, 12)
    factories.make_report(project, months=6, status="IN_PROGRESS", ordinance_budget=800, disbursed=1, remark="ครึ่งปี")
    page = text(clerk_client.get(address(project, 12)))
    assert "เริ่มจากข้อมูลที่รายงานไว้ในรอบ 6 เดือน" in page
    assert 'value="800"' in page
    assert "ครึ่งปี" in page
    assert "ยังไม่เคยบันทึกรายงานในรอบ 12 เดือนของปีงบประมาณ 2562" in page
    clerk_client.post(address(project, 12), typed(status="COMPLETED"))
    assert set(ProgressReport.objects.values_list("months", "status")) == {(6, "IN_PROGRESS"), (12, "COMPLETED")}


def test_what_was_done_at_6_months_need_not_be_reported_again(clerk_client, free_project):
    factories.make_round(2562, 12)
    factories.make_report(free_project, months=6)
    assert "ไม่จำเป็นต้องรายงานซ้ำ" in text(clerk_client.get(address(free_project, 12)))


def test_a_closed_round_says_why_and_shows_what_was_said(clerk_client, project):
    factories.closed(2562, 6)
    factories.make_report(project, ordinance_budget=800, disbursed=0, remark="ที่เคยรายงาน")
    page = text(clerk_client.get(address(project)))
    assert "ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562" in page
    assert "ที่เคยรายงาน" in page
    assert "800 บาท" in page
    assert 'type="submit" name="save"' not in page


def test_a_round_without_dates_or_in_the_future_takes_nothing(clerk_client, project):
    assert "ยังไม่กำหนดวันเปิดรอบ" in text(clerk_client.get(address(project, 12)))
    start = timezone.localdate() + timedelta(days=3)
    factories.make_round(2562, 12, opens_on=start, closes_on=start)
    assert "จะเปิดวันที่" in text(clerk_client.get(address(project, 12)))
    assert clerk_client.post(address(project, 12), typed()).status_code == 409
    assert not ProgressReport.objects.exists()


def test_a_round_that_closed_while_typing_refuses_and_keeps_the_typing(clerk_client, project):
    factories.closed(2562, 6)
    response = clerk_client.post(address(project), typed(remark="พิมพ์ไว้นานแล้ว"))
    assert response.status_code == 409
    assert "ยังไม่ได้บันทึก: ปิดรับรายงานแล้วเมื่อ 30 เม.ย. 2562" in text(response)
    assert "พิมพ์ไว้นานแล้ว" in text(response)
    assert not ProgressReport.objects.exists()


def test_an_extension_lets_its_lao_report_after_the_end(clerk, clerk_client, free_project):
    until = timezone.localdate() + timedelta(days=1)
    Extension.objects.create(reporting_round=factories.closed(), lao=clerk.lao, until=until, reason="น้ำท่วม")
    assert clerk_client.post(address(free_project), DONE).status_code == 302


def test_a_rejected_project_says_why_and_takes_no_report(clerk_client, project):
    Project.objects.update(review_state="REJECTED")
    ReviewDecision.objects.create(project=project, decision="REJECT", reason="ไม่ตรงมิติ", by=factories.make_officer())
    page = text(clerk_client.get(address(project)))
    assert "ปฏิเสธโครงการ" in page
    assert "เหตุผล: ไม่ตรงมิติ" in page
    assert 'name="status"' not in page
    assert clerk_client.post(address(project), typed()).status_code == 409
    assert not ProgressReport.objects.exists()


def test_a_deleted_project_is_not_there_and_its_reports_come_back_with_it(clerk_client, project):
    clerk_client.post(address(project), typed())
    Project.objects.update(deleted_at=timezone.now())
    assert clerk_client.get(address(project)).status_code == 404
    assert clerk_client.post(address(project), typed()).status_code == 404
    Project.objects.update(deleted_at=None)
    assert "บันทึกรายงานในรอบ 6 เดือนของปีงบประมาณ 2562 แล้ว" in text(clerk_client.get(address(project)))


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_a_stranger_finds_nothing(stranger_client, project, method):
    assert getattr(stranger_client, method)(address(project)).status_code == 404
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_officers_have_no_such_form(as_user, project, role):
    client = as_user(factories.make_officer(role))
    assert client.get(address(project)).status_code == 404
    assert client.post(address(project), typed()).status_code == 404


@pytest.mark.parametrize(
    "path", ["/reports/1/7/", "/reports/0/6/", f"/reports/{'9' * 40}/6/", f"/reports/1/{'9' * 40}/"]
)
def test_addresses_of_nothing_are_not_there(clerk_client, project, path):
    assert clerk_client.get(path).status_code == 404
    assert clerk_client.post(path, typed()).status_code == 404


def test_only_6_and_12_months_are_rounds(clerk_client, project):
    assert clerk_client.get(address(project, 7)).status_code == 404


def test_a_save_asks_the_database_little(clerk_client, project, django_assert_max_num_queries):
    """Session, account and what is reported on; then its transaction: who acts, what is locked, the reports, the token,
    the round, the save. Each question costs a busy server about as much time as PostgreSQL."""
    for version in (0, 1):
        sent = typed(remark=f"ครั้งที่ {version}", version=version, ordinance_budget=1000, form_token=uuid.uuid4())
        with django_assert_max_num_queries(12):  # two of them begin and end the transaction
            assert clerk_client.post(address(project), sent).status_code == 302


def test_the_action_asks_who_may_and_when(clerk, project, stranger_client):
    """What the page shows first, the action asks again, in the transaction that saves."""
    year = project.years.get(fiscal_year=2562)
    answers = {
        "ordinance_budget": Decimal(1),
        "disbursed": Decimal(1),
        "in_ordinance": False,
        "status": "COMPLETED",
        "reason": "",
        "other_reason": "",
        "remark": "",
    }
    today = timezone.localdate()

    def save(by=clerk, months=6, version=0, today=today, **change):
        return save_report(
            by=by,
            project_year_id=year.pk,
            months=months,
            version=version,
            today=today,
            answers={**answers, **change},
        )

    with pytest.raises(ProjectYear.DoesNotExist):
        save(by=factories.make_clerk())
    with pytest.raises(RefusedError, match="ยังไม่กำหนดวันเปิดรอบ"):
        save(months=12)
    with pytest.raises(RefusedError, match="ปิดรับรายงานแล้ว"):
        save(today=today + timedelta(days=31))
    assert save().changed
    assert not save(version=7).changed
    with pytest.raises(MovedOnError) as refusal:
        save(disbursed=Decimal(2))
    assert refusal.value.report.disbursed == 1
    assert AuditEntry.objects.filter(table_name="reporting_progressreport").get().actor_id == clerk.pk
    ProjectYear.objects.update(plan_budget=None)
    assert save(version=1, remark="ไม่ใช้งบแล้ว").report.disbursed is None
