"""The receipt of a round that is complete: issued once, never changed, checked by anyone who holds its code."""

import re
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from lao.models import AuditEntry
from lao.rules import in_groups
from reporting.actions import RefusedError, issue_receipt
from reporting.models import ProgressReport, Receipt
from tests import factories

ISSUE, CHECK = "/reports/receipts/", "/public/receipts/"


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def complete(clerk):
    """Three projects with all their 6-month reports, and one that was rejected."""
    factories.make_round(2562, 6)
    plan = clerk.lao.plans.get()
    for status, budget in (("COMPLETED", 1000), ("IN_PROGRESS", 2000), ("NOT_FEASIBLE", None)):
        amounts = {} if budget is None else {"ordinance_budget": budget, "disbursed": budget // 2}
        factories.make_report(factories.make_project(plan, budget=budget), status=status, **amounts)
    factories.make_project(plan, review_state="REJECTED", budget=9)
    return plan


def issue(client, *, token=None, year=2562, months=6):
    return client.post(ISSUE, {"year": year, "months": months, "form_token": token or uuid.uuid4()})


def amend(**fields):
    ProgressReport.objects.filter(status="IN_PROGRESS").update(**fields)


def check(client, typed):
    return client.post(CHECK, {"code": typed})


def test_it_holds_who_when_counts_and_sums_and_the_sheet_says_them(clerk_client, clerk, complete):
    answer = issue(clerk_client)
    made = Receipt.objects.get()
    assert answer.url == f"/reports/receipts/{made.pk}/"
    figures = [made.projects, made.completed, made.in_progress, made.not_feasible]
    assert figures == [3, 1, 1, 1]
    assert [made.plan_budget, made.ordinance_budget, made.disbursed] == [3000, 3000, 1500]
    page = text(clerk_client.get(answer.url))
    for words in (
        made.number,
        f"บัญชี {clerk.username}",
        in_groups(made.code),
        "3,000",
        "1,500",
        "testserver/public/receipts/",
    ):
        assert words in page
    assert "รายงานไม่มีการเปลี่ยนแปลงตั้งแต่ออกใบรับ" in page


def test_two_clicks_and_two_tabs_give_the_same_receipt(clerk_client, complete):
    token = uuid.uuid4()
    first, second, other_tab = issue(clerk_client, token=token), issue(clerk_client, token=token), issue(clerk_client)
    assert first.url == second.url == other_tab.url
    assert Receipt.objects.count() == 1


def test_after_an_amendment_a_new_one_replaces_the_earlier(clerk_client, complete):
    first = issue(clerk_client).url
    amend(status="COMPLETED")
    home = text(clerk_client.get("/home/?year=2562"))
    assert "รายงานมีการเปลี่ยนแปลงหลังจากออกใบรับ" in home
    assert "ออกใบรับใหม่" in home
    second = issue(clerk_client).url
    old, new = Receipt.objects.order_by("pk")
    assert new.replaces == old
    assert new.number != old.number
    assert new.code != old.code
    assert f"มีใบรับใหม่แทนแล้ว เลขที่ <strong>{new.number}</strong>" in text(clerk_client.get(first))
    assert f"ใบรับ เลขที่ {old.number} ซึ่งออกเมื่อ" in text(clerk_client.get(second))


def test_what_is_changed_and_changed_back_needs_no_new_one(clerk_client, complete):
    issue(clerk_client)
    amend(remark="แก้")
    amend(remark="")
    assert "ออกใบรับใหม่" not in text(clerk_client.get("/home/?year=2562"))


def test_at_12_months_a_project_done_at_6_counts_as_it_stands(clerk_client, complete, clerk):
    factories.make_round(2562, 12)
    for report in ProgressReport.objects.exclude(status="COMPLETED"):
        factories.make_report(report.project_year.project, months=12, status="COMPLETED")
    issue(clerk_client, months=12)
    made = Receipt.objects.get()
    assert (made.months, made.projects, made.completed) == (12, 3, 3)


@pytest.mark.parametrize("what", ["missing", "no project", "not open", "junk"])
def test_there_is_none_before_all_is_reported(clerk_client, clerk, complete, what):
    if what == "missing":
        factories.make_project(complete)
    year = {"no project": 2563, "junk": "ปีนี้"}.get(what, 2562)
    months = 12 if what == "not open" else 6
    answer = issue(clerk_client, year=year, months=months)
    assert answer.status_code == (404 if what == "junk" else 302)
    assert not Receipt.objects.exists()
    if what == "missing":
        said = text(clerk_client.get(answer.url))
        assert "ยังออกใบรับไม่ได้ เพราะยังไม่ได้รายงาน 1 จาก 4 โครงการ" in said


def test_a_stranger_finds_none_of_it(stranger_client, as_user, clerk, complete):
    made = factories.make_receipt(clerk)
    assert stranger_client.get(f"{ISSUE}{made.pk}/").status_code == 404
    assert issue(stranger_client).url == "/home/?year=2562"
    assert as_user(factories.make_officer()).get(f"{ISSUE}{made.pk}/").status_code == 200
    elsewhere = factories.make_officer(province=factories.make_province("30", "นครราชสีมา", 3))
    assert as_user(elsewhere).get(f"{ISSUE}{made.pk}/").status_code == 404


def typings(code):
    thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    return [in_groups(code), code.lower(), f" {' '.join(code)} ", thai, code.replace("0", "O").replace("1", "l")]


def test_anyone_may_check_it_however_the_code_is_typed(client, clerk, complete):
    made = factories.make_receipt(clerk, code="A0B1C2D3E4F5")
    for typed in typings(made.code):
        page = text(check(client, typed))
        assert made.number in page
        assert f"รหัส {clerk.lao.code}" in page
        assert "รายงานไม่มีการเปลี่ยนแปลงตั้งแต่ออกใบรับ" in page
    amend(disbursed=7)
    page = text(check(client, made.code))
    assert "รายงานมีการเปลี่ยนแปลงหลังจากออกใบรับนี้" in page
    assert "1,500" in page, "as it was when it was issued"


def test_the_public_page_names_no_person_and_no_account(client, clerk, complete):
    clerk.lao.profile.coordinator_name = "นางสาวพร ใจดี"
    clerk.lao.profile.save()
    page = text(check(client, factories.make_receipt(clerk).code))
    for personal in ("พร ใจดี", "clerk@example.go.th", "บัญชี"):
        assert personal not in page


@pytest.mark.parametrize("typed", ["", "ABCD", "ZZZZ-ZZZZ-ZZZZ", "2562/6-000001", "ก" * 5000, "A\x00B", "'; --"])
def test_a_wrong_code_is_answered_plainly_and_kept(client, db, typed):
    page = check(client, typed)
    assert page.status_code == 200
    assert "invalid-feedback" in page.content.decode()


def test_a_withheld_lao_has_no_receipt_for_the_public(client, clerk, complete):
    made = factories.make_receipt(clerk)
    clerk.withheld_since = timezone.now()
    clerk.save()
    assert "ไม่พบใบรับที่มีรหัสนี้" in text(check(client, made.code))


def test_guessing_has_to_wait_and_right_codes_are_not_counted(client, clerk, complete):
    code = factories.make_receipt(clerk).code
    for _ in range(3):
        assert check(client, code).status_code == 200
    for _ in range(100):
        assert check(client, "ZZZZ-ZZZZ-ZZZZ").status_code == 200
    refused = check(client, code)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 29
    assert "ลองใหม่ได้ในอีก" in text(refused)


@pytest.mark.parametrize("change", ["UPDATE reporting_receipt SET projects = 9", "DELETE FROM reporting_receipt"])
def test_the_database_lets_nobody_change_one(clerk, complete, change):
    from django.db import connection

    factories.make_receipt(clerk)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_trail_knows_it_without_its_code(clerk_client, clerk, complete):
    issue(clerk_client)
    entry = AuditEntry.objects.get(table_name="reporting_receipt")
    assert (entry.actor_id, entry.lao_id, entry.after["code"]) == (clerk.pk, clerk.lao_id, "***")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("receipt_code_once", {"months": 12, "code": "SAMESAMESAME"}),
        ("receipt_first_once_per_round", {}),
        ("receipt_months_6_or_12", {"months": 9}),
        ("receipt_of_complete_reports", {"months": 12, "completed": 9}),
    ],
)
def test_a_receipt_that_can_not_be_is_refused(clerk, complete, name, fields):
    first = factories.make_receipt(clerk, code="SAMESAMESAME")
    values = {field: getattr(first, field) for field in ("lao", "fiscal_year", "months", "issued_by", "projects")}
    values |= {field: getattr(first, field) for field in ("completed", "in_progress", "not_feasible", "digest")}
    values |= dict.fromkeys(("plan_budget", "ordinance_budget", "disbursed"), 0)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Receipt.objects.create(**{**values, "code": "OTHEROTHEROT", **fields})
    assert refusal.value.__cause__.diag.constraint_name == name


def test_a_receipt_is_replaced_once(clerk, complete):
    first = factories.make_receipt(clerk)
    factories.make_receipt(clerk, replaces=first)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        factories.make_receipt(clerk, replaces=first)
    assert refusal.value.__cause__.diag.constraint_name == "receipt_replaced_once"


def test_an_action_refuses_what_is_not_complete(clerk):
    factories.make_round(2562, 6)
    with pytest.raises(RefusedError):
        issue_receipt(by=clerk, token=uuid.uuid4(), fiscal_year=2562, months=6, today=timezone.localdate())
