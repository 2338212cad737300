"""Public pages kept in memory are never older than the last save, whatever path it took."""

import re
import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import DimensionStandard, PeriodStandard, Score, ScoreChange
from lao.models import FormerCode, LaoProfile, User
from projects.models import Dimension, Plan, Project, ProjectYear, ReviewDecision
from public import caching
from public.freshness import mark_of
from reporting.models import Extension, LevelCutoff, ProgressReport, ReportingRound, Tally
from tests import factories
from tests.meta.test_every_address import address, patterns, someone  # noqa: F401  a fixture
from tests.projects.forms import filled_in

PUBLISHED = sorted(entry.name for entry in patterns() if hasattr(entry.callback, "published_of"))


@pytest.fixture
def kept(monkeypatch):
    """A store of a megabyte, empty at first."""
    fresh = caching.PageStore(1024 * 1024)
    monkeypatch.setattr(caching, "store", fresh)
    return fresh


@pytest.fixture
def one(db):
    """An LAO of กระบี่ with one of everything that its public page could show."""
    clerk = factories.make_clerk()
    plan = factories.make_plan(clerk.lao)
    project = factories.make_project(plan, budget=100)
    report = factories.make_report(project)
    ReviewDecision.objects.create(project=project, decision="ACCEPT", by=factories.make_officer())
    Score.objects.create(plan=plan, source="SAR", points=3)
    return {"clerk": clerk, "lao": clerk.lao, "plan": plan, "project": project, "report": report}


def marks(lao):
    """What the pages of an LAO, its province, region and the nation bear."""
    place = lao.district.province
    project = Project.objects.filter(plan__lao=lao).first()
    return [
        mark_of("lao", lao.code),
        mark_of("province", place.code),
        mark_of("region", place.region_id),
        mark_of("nation"),
        mark_of("project", project.pk if project else 0),
    ]


CHANGES = {
    "a profile": lambda one: LaoProfile.objects.filter(lao=one["lao"]).update(population=5),
    "a plan": lambda one: Plan.objects.filter(pk=one["plan"].pk).update(passed_in=2562),
    "a new project": lambda one: factories.make_project(one["plan"]),
    "many projects": lambda one: Project.objects.bulk_create([copied(one), copied(one)]),
    "a name": lambda one: Project.objects.filter(pk=one["project"].pk).update(name="ชื่อใหม่"),
    "a budget": lambda one: ProjectYear.objects.filter(project=one["project"]).update(plan_budget=7),
    "a year gone": lambda one: (one["report"].delete(), one["project"].years.all().delete()),
    "a report": lambda one: factories.make_report(one["project"], months=12),
    "a status": lambda one: ProgressReport.objects.update(status="IN_PROGRESS"),
    "a remark": lambda one: ProgressReport.objects.update(remark="ล่าช้า"),
    "a report gone": lambda one: one["report"].delete(),
    "a decision": lambda one: ReviewDecision.objects.create(
        project=one["project"], decision="RETURN", reason="ไม่ชัด", by=factories.make_officer()
    ),
    "a score": lambda one: Score.objects.update(points=4),
    "a score gone": lambda one: Score.objects.all().delete(),
    "a version of scores": lambda one: ScoreChange.objects.create(
        plan=one["plan"], number=1, before={}, after={}, changes_published=False, by=factories.make_officer()
    ),
    "a tally": lambda one: Tally.objects.update(completed=0),
    "withheld": lambda one: User.objects.filter(pk=one["clerk"].pk).update(withheld_since=timezone.now()),
}
FOR_ALL = {
    "an LAO's name": lambda one: type(one["lao"]).objects.filter(pk=one["lao"].pk).update(name="ใหม่"),
    "an LAO's code": lambda one: type(one["lao"]).objects.filter(pk=one["lao"].pk).update(code="5819999"),
    "a former code": lambda one: FormerCode.objects.create(lao=one["lao"], code="7819999"),
    "a new LAO": lambda one: factories.make_lao(),
    "a round": lambda one: factories.make_round(2563, 12),
    "a round's last day": lambda one: ReportingRound.objects.update(closes_on=date(2099, 1, 1)),
    "an extension": lambda one: factories.make_extension(ReportingRound.objects.first()),
    "more time": lambda one: Extension.objects.update(until=timezone.localdate() + timedelta(days=90)),
    "a period": lambda one: factories.make_period(2566, 2570),
    "a dimension's name": lambda one: Dimension.objects.update(name="ชื่อมิติใหม่"),
    "a cut-off": lambda one: LevelCutoff.objects.update(high=90),
    "a highest total": lambda one: PeriodStandard.objects.create(period=one["plan"].period, highest_total=100),
    "a highest score": lambda one: DimensionStandard.objects.create(dimension=Dimension.objects.first(), highest=9),
    "a district's name": lambda one: type(one["lao"].district).objects.update(name="อำเภอใหม่"),
    "a table emptied": lambda one: connection.cursor().execute("TRUNCATE evaluation_dimensionstandard"),
}


def copied(one):
    """Another project like the one there is."""
    return Project(plan=one["plan"], dimension=one["project"].dimension, name="อีกโครงการ", kind="PROJECT")


@pytest.mark.parametrize("change", CHANGES)
def test_what_an_lao_shows_changes_its_marks_and_no_neighbours(one, change):
    neighbour = factories.make_plan(factories.make_lao()).lao
    far = factories.make_lao(district=factories.make_district("ปากช่อง", factories.make_province("30", "โคราช", 3)))
    before, neighbours, others = marks(one["lao"]), mark_of("lao", neighbour.code), marks(far)
    CHANGES[change](one)
    after, others_after = marks(one["lao"]), marks(far)
    assert all(now != then for now, then in zip(after, before, strict=True))
    assert mark_of("lao", neighbour.code) == neighbours
    assert others_after[:3] == others[:3]
    assert others_after[3] != others[3]  # the nation is everybody's


@pytest.mark.parametrize("change", FOR_ALL)
def test_what_all_pages_rest_on_changes_every_mark(one, change):
    known = factories.make_round()
    factories.make_extension(known)
    far = factories.make_lao(district=factories.make_district("ปากช่อง", factories.make_province("30", "โคราช", 3)))
    before = [*marks(far), mark_of("reference")]
    FOR_ALL[change](one)
    assert all(now != then for now, then in zip([*marks(far), mark_of("reference")], before, strict=True))


def test_a_project_that_moves_to_another_plan_changes_both_ends(one):
    other = factories.make_plan(factories.make_lao())
    before = mark_of("lao", one["lao"].code), mark_of("lao", other.lao.code)
    Project.objects.filter(pk=one["project"].pk).update(plan=other)
    assert mark_of("lao", one["lao"].code) != before[0]
    assert mark_of("lao", other.lao.code) != before[1]


def test_signing_in_and_empty_statements_change_no_mark(one):
    before = marks(one["lao"])
    User.objects.update(last_login=timezone.now())
    Project.objects.filter(pk=0).update(name="ไม่มี")
    ProgressReport.objects.filter(pk=0).delete()
    ReportingRound.objects.filter(pk=0).update(months=6)
    assert marks(one["lao"]) == before


def test_a_save_that_was_rolled_back_leaves_the_mark(one):
    before = marks(one["lao"])
    with transaction.atomic():
        factories.make_project(one["plan"])
        transaction.set_rollback(True)
    assert marks(one["lao"]) == before


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_table_that_a_published_page_reads_is_watched(client, someone, name):  # noqa: F811
    with CaptureQueriesContext(connection) as asked:
        client.get(address(name, someone))
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "?([a-z_]+_[a-z]+)"?', query["sql"])}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'touch\\_%'")
        watched = {table for (table,) in cursor.fetchall()}
    assert read - {"public_version"} <= watched, "public/migrations has no trigger there"


@pytest.mark.parametrize("name", PUBLISHED)
def test_strangers_and_clerks_get_the_same_bytes_and_no_cookie(client, as_user, someone, kept, name):  # noqa: F811
    path = address(name, someone)
    for wanted in (path, f"{path}?year=2562"):
        kept.clear()
        signed_in = as_user(someone["clerk"]).get(wanted)
        kept_for_all = client.get(wanted)
        kept.clear()
        stranger = client.get(wanted)
        assert without_clock(signed_in) == without_clock(stranger) == without_clock(kept_for_all)
        assert not signed_in.cookies
        assert not stranger.cookies
        assert "Cookie" not in stranger.headers.get("Vary", "")


def without_clock(response):
    """The body without the time at which the page was made."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(rb"\d\d:\d\d(:\d\d)?", b"", body)


def test_the_second_request_is_answered_from_memory_with_every_header(one, kept, client):
    path = f"/public/lao/{one['lao'].code}/"
    first = client.get(path)
    with CaptureQueriesContext(connection) as asked:
        second = client.get(path)
    assert len(asked) == 0  # the question for the mark goes past Django's cursor
    assert second.content == first.content
    passing = {"X-Request-ID"}
    assert {k: v for k, v in second.items() if k not in passing} == {k: v for k, v in first.items() if k not in passing}
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert (first["Cache-Control"], first["Vary"], first["X-Frame-Options"]) == ("no-cache", "Accept-Encoding", "DENY")
    assert "default-src 'self'" in second["Content-Security-Policy"]


def test_after_a_save_the_very_next_request_shows_it(one, kept, client, as_user):
    pages = [f"/public/lao/{one['lao'].code}/?year=2562", "/public/provinces/81/?year=2562&months=6"]
    old = [client.get(page).content for page in pages]
    saved = as_user(one["clerk"]).post("/projects/new/", filled_in(one["plan"], name="โครงการที่เพิ่งเพิ่ม"))
    assert saved.status_code == 302
    for page, before in zip(pages, old, strict=True):
        assert client.get(page).content != before
    assert "โครงการที่เพิ่งเพิ่ม" in client.get(pages[0]).content.decode()


def test_the_browser_that_has_the_page_gets_304_until_something_changes(one, client):
    path = f"/public/lao/{one['lao'].code}/"
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    factories.make_project(one["plan"])
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_compressed_and_head_and_the_order_of_parameters(one, kept, client):
    import gzip

    plain = client.get("/public/", {"year": "2562", "months": "6"})
    zipped = client.get("/public/?months=6&year=2562", headers={"accept-encoding": "br, gzip"})
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped["Content-Encoding"] == "gzip"
    assert int(zipped["Content-Length"]) == len(zipped.content) < len(plain.content)
    head = client.head("/public/?months=6&year=2562")
    assert (head.status_code, head["ETag"], head["Content-Length"]) == (200, plain["ETag"], str(len(plain.content)))
    assert client.get("/public/?months=12&year=2562")["ETag"] != plain["ETag"]


def test_what_is_not_found_is_asked_anew_each_time(kept, client, db):
    assert client.get("/public/lao/6819998/").status_code == 404
    assert not kept.pages
    lao = factories.make_lao(code="6819998")
    assert client.get(f"/public/lao/{lao.code}/").status_code == 200


def test_a_new_day_is_a_new_page(one, client, monkeypatch):
    path = f"/public/lao/{one['lao'].code}/"
    tag = client.get(path)["ETag"]
    monkeypatch.setattr(caching.timezone, "localdate", lambda: date(2099, 1, 1))
    assert client.get(path)["ETag"] != tag


def test_a_foreign_host_name_is_refused_as_ever(client, db, kept):
    assert client.get("/public/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_laos_that_save_at_once_never_wait_for_each_other():
    """Both change what the province and the nation show; the second saves while the first is still at it."""
    first, second = (factories.make_plan(factories.make_lao()) for _ in range(2))
    before = mark_of("province", "81"), mark_of("nation")
    problems, seen = [], []

    def save_the_second():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            factories.make_project(second)
            seen.append(mark_of("nation"))
        except Exception as problem:  # told below, in the test's own thread
            problems.append(problem)
        finally:
            connections.close_all()

    with transaction.atomic():
        factories.make_project(first)
        other = threading.Thread(target=save_the_second)
        other.start()
        other.join()
    assert not problems
    assert seen[0] not in (before[1], mark_of("nation"))
    assert mark_of("province", "81") != before[0]


class Asked:
    """Stands for the rest of the server: counts how often a page is made."""

    def __init__(self, body=b"x" * 2000, then=None):
        self.times, self.body, self.then = 0, body, then

    def __call__(self, request):
        self.times += 1
        if self.then:
            self.then()
        return HttpResponse(self.body)


def test_a_page_made_while_something_is_saved_is_not_taken_for_newer(kept, monkeypatch):
    mark = [1]
    monkeypatch.setattr(caching, "mark_of", lambda *known: mark[0])
    rest = Asked(then=lambda: mark.__setitem__(0, mark[0] + (rest.times == 1)))
    ask = caching.PublishedPagesMiddleware(rest)
    for _ in range(3):
        ask(RequestFactory().get("/public/"))
    assert rest.times == 2  # the first was made under the mark before the save; the second is kept


def test_a_crowd_that_asks_for_one_page_makes_it_once(kept, monkeypatch):
    monkeypatch.setattr(caching, "mark_of", lambda *known: 1)
    all_there = threading.Barrier(5)

    def until_others_wait():
        all_there.wait(5)

    rest = Asked(then=until_others_wait)
    ask, answers = caching.PublishedPagesMiddleware(rest), []

    def visit():
        all_there.wait(5)
        answers.append(ask(RequestFactory().get("/public/")))

    def lead():
        answers.append(ask(RequestFactory().get("/public/")))

    crowd = [threading.Thread(target=lead), *(threading.Thread(target=visit) for _ in range(4))]
    for visitor in crowd:
        visitor.start()
    for visitor in crowd:
        visitor.join()
    assert rest.times == 1
    assert {answer.content for answer in answers} == {rest.body}


def test_who_waited_for_a_page_that_failed_makes_it_alone(kept, monkeypatch):
    monkeypatch.setattr(caching, "mark_of", lambda *known: 1)

    def fail():
        raise ZeroDivisionError

    ask = caching.PublishedPagesMiddleware(Asked(then=fail))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(RequestFactory().get("/public/"))
    assert not caching.flights.under_way


def test_the_store_keeps_within_its_bytes_and_drops_the_longest_unused():
    store = caching.PageStore(100_000)
    pages = {name: caching.Page("t", [], b"x" * 9000) for name in range(12)}
    for name, page in pages.items():
        store.put(name, page)
        store.get(0, "t")
    assert store.size <= 100_000
    assert store.get(0, "t")
    assert store.get(1, "t") is None
    assert store.get(11, "t")
    assert store.get(11, "another") is None
    store.put("huge", caching.Page("t", [], b"x" * 50_000))
    assert store.get("huge", "t") is None
