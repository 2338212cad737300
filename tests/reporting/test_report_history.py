"""The history of a report: complete for the clerk on its form, and for officers on a page of its own."""

import html
import re

import pytest

from lao.models import User
from reporting.models import ProgressReport
from tests import factories

NOTE = "โอนงบประมาณเพิ่มแล้ว"


def text(response):
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


@pytest.fixture
def report(clerk, clerk_client):
    """A report that was made, amended, and confirmed where it is doubted, twice."""
    factories.make_round(2562, 6)
    project = factories.make_project(clerk.lao.plans.get(), budget=1000, name="โครงการที่รายงาน")
    address = f"/reports/{project.years.get().pk}/6/"
    told = {"status": "IN_PROGRESS", "ordinance_budget": "1000", "disbursed": "2000"}
    clerk_client.post(address, {**told, "version": "0"})
    clerk_client.post(address, {**told, "version": "1", "remark": "จ่ายเพิ่ม", "keep_ABOVE_ORDINANCE": NOTE})
    clerk_client.post(
        address, {**told, "version": "2", "remark": "จ่ายเพิ่ม", "disbursed": "3000", "keep_ABOVE_ORDINANCE": "โอนอีกครั้ง"}
    )
    return ProgressReport.objects.get()


def form_of(report):
    return f"/reports/{report.project_year_id}/{report.months}/"


def page_of(report):
    return f"{form_of(report)}history/"


def test_clerk_and_officer_read_all_of_it(clerk, clerk_client, as_user, report):
    officer = as_user(factories.make_officer("PROVINCE", province=clerk.lao.district.province))
    for reader, address in ((clerk_client, form_of(report)), (officer, page_of(report))):
        page = text(reader.get(address))
        assert "(5 ครั้ง)" in page
        history = re.sub(r"(\s*<[^>]*>\s*)+", " ", page.split("ประวัติการบันทึกรายงานนี้")[1])
        for words in (
            f"· {clerk.lao.code} ",
            "การเบิกจ่ายงบประมาณ - 2,000 บาท",
            "หมายเหตุ - จ่ายเพิ่ม",
            "การเบิกจ่ายงบประมาณ 2,000 บาท 3,000 บาท",
            "ข้อที่ควรตรวจสอบ - เบิกจ่าย 2,000 บาท มากกว่า",
            f"ยืนยันว่าถูกต้อง เพราะ - {NOTE}",
            f"ยืนยันว่าถูกต้อง เพราะ {NOTE} โอนอีกครั้ง",
        ):
            assert words in history
        assert "เพราะ โอนอีกครั้ง" in page.split("ประวัติการบันทึกรายงานนี้")[0]


def test_the_summary_of_the_lao_leads_officers_to_it_and_nobody_else(clerk, client, clerk_client, as_user, report):
    officer = as_user(factories.make_officer("PROVINCE", province=clerk.lao.district.province))
    assert page_of(report) in text(officer.get(f"/summary/laos/{clerk.lao.code}/?year=2562"))
    assert page_of(report) not in text(client.get(f"/public/lao/{clerk.lao.code}/?year=2562"))
    assert clerk_client.get(page_of(report)).status_code == 404


def test_officers_of_another_area_rounds_without_a_report_and_withheld_laos_are_not_there(clerk, as_user, report):
    elsewhere = factories.make_province("10", "กรุงเทพมหานคร", 1)
    assert as_user(factories.make_officer("PROVINCE", province=elsewhere)).get(page_of(report)).status_code == 404
    officer = as_user(factories.make_officer("CENTRAL"))
    assert officer.get(page_of(report).replace("/6/", "/12/")).status_code == 404
    assert officer.get(page_of(report)).status_code == 200
    User.objects.filter(pk=clerk.pk).update(withheld_since=report.reported_at)
    assert officer.get(page_of(report)).status_code == 404
