"""Drafts: what is being typed, kept on the server for its own account alone."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lao.drafts import KEPT_FOR, LONGEST, MOST_PER_ACCOUNT
from lao.models import AuditEntry, Draft, FormToken
from tests import factories
from tests.projects.forms import filled_in

TOKEN = "0f4b1c1e-5a55-4b5e-9a39-1d3c1f1f0c55"
FIELDS = [["name", "โครงการที่พิมพ์ค้าง"], ["years", "2561"], ["years", "2562"]]


def keep(client, record="project:1", token=TOKEN, fields=FIELDS, **more):
    values = {"record": record, "token": token, "version": "3", "fields": json.dumps(fields), **more}
    return client.post("/drafts/", values)


def offered(client, record="project:1"):
    return client.get("/drafts/", {"record": record}).json()["draft"]


def test_a_draft_is_offered_with_its_time_and_version(clerk_client):
    assert keep(clerk_client).status_code == 200
    draft = offered(clerk_client)
    assert (draft["fields"], draft["token"], draft["version"]) == (FIELDS, TOKEN, "3")
    assert abs(draft["at"] / 1000 - timezone.now().timestamp()) < 60


def test_the_last_of_two_drafts_of_a_record_stands(clerk_client, clerk):
    keep(clerk_client)
    keep(clerk_client, fields=[["name", "พิมพ์ต่อ"]])
    assert offered(clerk_client)["fields"] == [["name", "พิมพ์ต่อ"]]
    assert clerk.drafts.count() == 1


def test_nobody_is_offered_or_can_end_what_another_types(clerk_client, stranger_client, officer, as_user):
    keep(clerk_client)
    for other in (stranger_client, as_user(officer)):
        assert offered(other) is None
        other.post("/drafts/discard/", {"token": TOKEN})
        keep(other, fields=[["name", "ของคนอื่น"]])
    assert offered(clerk_client)["fields"] == FIELDS


def test_what_is_thrown_away_is_gone(clerk_client):
    keep(clerk_client)
    assert clerk_client.post("/drafts/discard/", {"token": TOKEN}).status_code == 200
    assert offered(clerk_client) is None


def test_a_password_is_never_kept_and_a_draft_leaves_no_trail(clerk_client, clerk):
    before = AuditEntry.objects.count()
    keep(clerk_client, fields=[["new_password", "ความลับ"], ["name", "ก"]])
    assert clerk.drafts.get().fields == [["name", "ก"]]
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": ""},
        {"record": "x" * 101},
        {"record": "project:1\x00"},
        {"token": "no-token"},
        {"version": "-1"},
        {"version": "x"},
        {"version": "9" * 30},
        {"fields": ""},
        {"fields": "{}"},
        {"fields": "[1]"},
        {"fields": '[["name", 1]]'},
        {"fields": '[["name"]]'},
        {"fields": '[["name", "\\u0000"]]'},
        {"fields": "[" * 50_000},
        {"fields": json.dumps([["name", "ก" * LONGEST]])},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(clerk_client, wrong):
    assert (
        clerk_client.post("/drafts/", {"record": "profile", "token": TOKEN, "fields": "[]", **wrong}).status_code == 400
    )
    assert not Draft.objects.exists()


def test_an_account_has_so_many_drafts_and_the_oldest_goes(clerk_client, clerk):
    for number in range(MOST_PER_ACCOUNT + 2):
        keep(clerk_client, record=f"project:{number}", token=str(uuid.uuid4()))
    assert clerk.drafts.count() == MOST_PER_ACCOUNT
    assert offered(clerk_client, "project:1") is None
    assert offered(clerk_client, "project:2")


def test_an_old_draft_is_not_offered_and_is_deleted_by_the_daily_command(clerk_client, capsys):
    keep(clerk_client)
    Draft.objects.update(updated_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert offered(clerk_client) is None
    from django.core.management import call_command

    call_command("forget_drafts")
    assert not Draft.objects.exists()
    assert capsys.readouterr().out == "1 drafts and 0 form tokens deleted.\n"


def test_a_save_ends_its_draft_and_a_late_draft_of_it_is_not_kept(clerk_client, clerk):
    plan = clerk.lao.plans.get()
    keep(clerk_client, record=f"project-new:{plan.pk}")
    answer = clerk_client.post("/projects/new/", filled_in(plan, form_token=TOKEN))
    assert answer.status_code == 302
    assert not Draft.objects.exists()
    keep(clerk_client, record=f"project-new:{plan.pk}")
    assert not Draft.objects.exists()


def test_a_refused_save_leaves_the_draft(clerk_client, clerk):
    plan = clerk.lao.plans.get()
    keep(clerk_client, record=f"project-new:{plan.pk}")
    assert clerk_client.post("/projects/new/", filled_in(plan, form_token=TOKEN, name="")).status_code == 200
    assert Draft.objects.exists()
    assert not FormToken.objects.exists()


def test_what_is_typed_at_a_first_entry_stays_in_its_browser(as_user, db):
    unclaimed = factories.make_clerk(claimed=False)
    client = as_user(unclaimed)
    assert "data-drafts" not in client.get("/profile/").content.decode()
    assert keep(client, record="profile").status_code == 302
    assert not Draft.objects.exists()


def test_a_session_is_extended_by_a_post_alone(clerk_client):
    left = clerk_client.get("/drafts/", {"record": "profile"}).json()["ends_in"]
    assert 0 < left <= 12 * 3600
    from django.contrib.sessions.models import Session

    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=3))
    assert clerk_client.get("/drafts/").json()["ends_in"] <= 180
    assert clerk_client.get("/session/extend/").status_code == 405
    assert clerk_client.post("/session/extend/").json() == {"ends_in": 12 * 3600}
    assert clerk_client.get("/drafts/").json()["ends_in"] > 11 * 3600
