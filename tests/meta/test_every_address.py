"""Walks every address of the system: closed unless marked public, and not there for those it isn't meant for."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories

# Addresses open to everyone, on purpose. Any other must ask for a sign-in.
PUBLIC = {
    "find-code",
    "healthz",
    "landing",
    "login",
    "login-code",
    "login-second-factor",
    "logout",
    "metrics",
    "password-reset",
    "password-reset-code",
    "password-reset-code-new",
    "password-reset-link",
    "public",
    "public-about",
    "public-api",
    "public-api-dataset",
    "public-api-description",
    "public-api-unknown",
    "public-data",
    "public-data-dictionary",
    "public-data-file",
    "public-data-package",
    "public-lao",
    "public-lao-feed",
    "public-project",
    "public-province",
    "public-province-feed",
    "public-receipts",
    "public-region",
    "public-search",
    "readyz",
    "robots",
    "sitemap",
    "sitemap-pages",
    "sitemap-province",
}
# Of the administration, what officers of provinces and regions have too; the rest is for the central ones.
FOR_ALL_OFFICERS = {"account", "account-act", "accounts", "audit", "extensions", "letters", "manage"}
UPLOADS = [f"{of}-excel-{page}" for of in ("project", "report") for page in ("preview", "problems")]
METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]


def patterns(resolver=None):
    """Every URL pattern, however deeply included."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


ALL = sorted({pattern.name for pattern in patterns()})


@pytest.fixture
def someone(db):
    """An LAO with a project, a deleted project and a report: what a stranger must never reach."""
    known = factories.make_round(2562, 6)
    clerk = factories.make_clerk()
    plan = factories.make_plan(clerk.lao)
    project = factories.make_project(plan)
    factories.make_report(project)
    return {
        "clerk": clerk,
        "project": project,
        "year": project.years.get(),
        "round": known,
        "extension": factories.make_extension(known, lao=clerk.lao),
        "officer": factories.make_officer(),
        "receipt": factories.make_receipt(clerk),
    }


def arguments(name, someone):
    """The arguments that lead an address to `someone`'s rows; none for an address without any."""
    lao, project = someone["clerk"].lao, someone["project"]
    given = {
        ("project-edit", "project-delete", "project-restore", "project-history", "review-decide", "public-project"): [
            project.pk
        ],
        ("report-edit", "report-read"): [someone["year"].pk, 6],
        ("period-edit", "period-plans", "period-delete"): [project.plan.period_id],
        ("receipt",): [someone["receipt"].pk],
        ("round-edit",): [someone["round"].pk],
        ("extension-end",): [someone["extension"].pk],
        ("account",): [someone["clerk"].pk],
        ("account-act",): [someone["clerk"].pk, "close"],
        ("officer-edit",): [someone["officer"].pk],
        ("password-reset-link",): ["MQ", "no-token"],
        ("public-lao", "public-lao-feed", "summary-lao", "summary-lao-export"): [lao.code],
        ("score-entry", "scores-lao", "scores-lao-export"): [lao.code],
        ("lao-code",): [lao.pk],
        ("score-preview", "score-problems", "register-preview", *UPLOADS): ["11111111-1111-4111-8111-111111111111"],
        ("public-province", "public-province-feed", "sitemap-province"): ["81"],
        ("public-data-file",): ["laos", "csv"],
        ("public-api-dataset",): ["laos"],
        ("summary-region", "summary-region-export", "public-region"): [8],
        ("summary-district", "summary-district-export"): [lao.district_id],
    }
    return next((arguments for names, arguments in given.items() if name in names), [])


def address(name, someone):
    """The address under a name; a new one with arguments must be added above."""
    return reverse(name, args=arguments(name, someone))


MANAGED = sorted(pattern.name for pattern in patterns() if str(pattern.pattern).startswith("manage/"))


def test_every_pattern_has_a_name():
    assert all(pattern.name for pattern in patterns())


def test_the_list_of_public_addresses_is_true():
    marked = {pattern.name for pattern in patterns() if not getattr(pattern.callback, "login_required", True)}
    assert marked == PUBLIC


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", [name for name in ALL if name not in PUBLIC])
def test_nobody_gets_in_without_signing_in(client, someone, name, method):
    answer = getattr(client, method)(address(name, someone))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", ALL)
def test_no_address_fails_for_anyone(client, someone, as_user, name):
    visitors = [
        client,
        as_user(someone["clerk"]),
        *(as_user(factories.make_officer(role)) for role in ("PROVINCE", "REGION", "CENTRAL")),
    ]
    for visitor in visitors:
        for method in METHODS:
            assert getattr(visitor, method)(address(name, someone)).status_code < 500


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "name", ["project-edit", "project-delete", "project-restore", "project-history", "report-edit"]
)
def test_rows_of_another_lao_are_not_there(stranger_client, someone, name, method):
    assert getattr(stranger_client, method)(address(name, someone)).status_code == 404


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
@pytest.mark.parametrize(
    "name",
    [
        "profile",
        "project-list",
        "project-new",
        "project-edit",
        "project-delete",
        "project-restore",
        "project-history",
        "project-excel",
        "project-excel-template",
        "project-paste",
        "project-copy",
        "report-excel",
        "report-excel-template",
        *UPLOADS,
        "receipt-issue",
        "report-edit",
        "report-grid",
    ],
)
def test_the_clerks_pages_are_not_there_for_officers(someone, as_user, name, role):
    officer = as_user(factories.make_officer(role))
    for method in ("get", "post"):
        assert getattr(officer, method)(address(name, someone)).status_code == 404


OFFICERS_SUMMARIES = [
    f"summary-{level}{ending}" for level in ("nation", "region", "district", "lao") for ending in ("", "-export")
]


@pytest.mark.parametrize(
    "name",
    [
        "follow-up",
        "follow-up-export",
        "follow-up-remind",
        "follow-up-reminders",
        "review",
        "review-decide",
        "review-many",
        *OFFICERS_SUMMARIES,
    ],
)
def test_the_officers_pages_are_not_there_for_clerks(someone, as_user, name):
    clerk = as_user(someone["clerk"])
    assert clerk.get(address(name, someone)).status_code == 404
    assert clerk.post(address(name, someone)).status_code in (404, 405)  # 405: a page to read, for anyone


@pytest.mark.parametrize("role", ["PROVINCE", "REGION"])
def test_rows_of_another_area_are_not_there_for_officers(someone, as_user, role):
    """Nothing of กระบี่ (ภาค 8) is there for an officer of another province or region."""
    area = {"province": factories.make_province("30", "นครราชสีมา", 3)} if role == "PROVINCE" else {"region_id": 3}
    officer = as_user(factories.make_officer(role, **area))
    seen = {"decision": "ACCEPT", "seen": f"{someone['project'].pk}:1"}
    assert officer.post(address("review-decide", someone), seen).status_code == 404
    for name in OFFICERS_SUMMARIES:
        assert officer.get(address(name, someone)).status_code == 404, name
    for name in ("summary-province", "summary-province-export"):
        assert officer.get(address(name, someone), {"province": "81"}).status_code == 404, name


@pytest.mark.parametrize(
    ("role", "levels"),
    [
        ("PROVINCE", {"province", "district", "lao"}),
        ("REGION", {"region", "province", "district", "lao"}),
        ("CENTRAL", {"nation", "region", "province", "district", "lao"}),
    ],
)
def test_an_officer_opens_the_summaries_of_the_own_area_and_no_wider(someone, as_user, role, levels):
    officer = as_user(factories.make_officer(role))
    for level in ("nation", "region", "province", "district", "lao"):
        for ending in ("", "-export"):
            status = officer.get(address(f"summary-{level}{ending}", someone)).status_code
            assert status == (200 if level in levels else 404), (level, ending)


@pytest.mark.parametrize("name", MANAGED)
def test_the_administration_is_there_for_whom_it_is_meant(someone, as_user, name):
    """Clerks have none of it; what is not for every officer is for the central one."""
    for role, user in {
        "LAO": someone["clerk"],
        **{role: factories.make_officer(role) for role in ("PROVINCE", "REGION", "CENTRAL")},
    }.items():
        expected = role == "CENTRAL" or (role != "LAO" and name in FOR_ALL_OFFICERS)
        client = as_user(user)
        if name == "register-preview":  # a file is its sender's alone
            expected = False
        assert (client.get(address(name, someone)).status_code != 404) == expected, role
        if not expected:
            assert client.post(address(name, someone)).status_code in (404, 405), role


@pytest.mark.parametrize("name", ALL)
def test_reading_changes_nothing(clerk_client, clerk, name, django_assert_num_queries):
    """GET reads, POST acts: whatever is asked for, no page writes a row that people change."""
    from lao.models import AuditEntry

    project = factories.make_project(clerk.lao.plans.get())
    known = factories.make_round()
    someone = {"clerk": clerk, "project": project, "year": project.years.get(), "round": known}
    someone["extension"] = factories.make_extension(known)
    someone["officer"] = factories.make_officer()
    factories.make_report(project)
    someone["receipt"] = factories.make_receipt(clerk)
    before = AuditEntry.objects.count()
    clerk_client.get(address(name, someone))
    assert AuditEntry.objects.count() == before
