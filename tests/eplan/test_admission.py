"""A crowded server takes saves first, and tells who has waited too long to come again."""

import re
import threading
import time

import pytest
from django.middleware.csrf import _does_token_match

from eplan import admission
from eplan.admission import PATIENCE, Rank, RankedPool, rank_of
from public import caching
from tests import factories

SOON = 5  # seconds that anything may take here
LATER = time.monotonic() + 3600


@pytest.mark.parametrize(
    ("head", "rank"),
    [
        (b"POST /reports/5/6/ HTTP/1.1\r\nCookie: csrftoken=x; sessionid=abc\r\n", Rank.SAVE),
        (b"POST /drafts/ HTTP/1.1\r\nCookie: sessionid=abc\r\n", Rank.ACCOUNT),
        (b"POST /drafts/discard/ HTTP/1.1\r\nCookie: sessionid=abc\r\n", Rank.SAVE),
        (b"GET /reports/ HTTP/1.1\r\nCookie: sessionid=abc\r\n", Rank.ACCOUNT),
        (b"POST /login/ HTTP/1.1\r\nHost: localhost\r\n", Rank.ACCOUNT),
        (b"GET /public/?q=sessionid= HTTP/1.1\r\nHost: localhost\r\n", Rank.VISITOR),
        (b"GET /public/data/projects.csv?year=2562 HTTP/1.1\r\nCookie: sessionid=abc\r\n", Rank.DOWNLOAD),
        (b"GET /public/data/?a=.csv HTTP/1.1\r\nHost: localhost\r\n", Rank.VISITOR),
        (b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n", Rank.SAVE),
        (b"\x16\x03\x01 junk", Rank.VISITOR),
        (b"", Rank.VISITOR),
    ],
)
def test_saves_come_before_accounts_and_these_before_visitors(head, rank):
    assert rank_of(head) == rank


class Desk:
    """A pool whose work stands still until it is let go, and notes what was taken up."""

    def __init__(self, threads):
        self.pool, self.go, self.taken, self.futures = RankedPool(threads), threading.Event(), [], []

    def bring(self, name, rank, until=LATER):
        def act(late):
            self.taken.append((name, late))
            self.go.wait(SOON)
            return late

        self.futures.append(self.pool.submit(act, rank=rank, until=until))

    def seen(self, number):
        """The names of what was taken up, once there are `number` of them."""
        end = time.monotonic() + SOON
        while len(self.taken) < number and time.monotonic() < end:
            time.sleep(0.002)
        return [name for name, _ in self.taken]

    def finish(self):
        self.go.set()
        return [future.result(SOON) for future in self.futures]


@pytest.fixture
def desk():
    """Makes desks, and closes them."""
    made = []

    def make(threads):
        made.append(Desk(threads))
        return made[-1]

    yield make
    for each in made:
        each.go.set()
        each.pool.shutdown()


def test_what_ranks_higher_is_taken_up_first_and_in_a_rank_the_longest_waiting(desk):
    desk = desk(1)
    desk.bring("first", Rank.VISITOR)
    desk.seen(1)
    for name, rank in [("reader", Rank.VISITOR), ("clerk", Rank.ACCOUNT), ("one", Rank.SAVE), ("two", Rank.SAVE)]:
        desk.bring(name, rank)
    desk.finish()
    assert [name for name, _ in desk.taken] == ["first", "one", "two", "clerk", "reader"]


def test_visitors_never_hold_the_threads_that_saves_need(desk):
    desk = desk(8)
    for number in range(6):
        desk.bring(f"reader {number}", Rank.VISITOR)
    assert desk.seen(2) == ["reader 0", "reader 1"]
    desk.bring("clerk", Rank.ACCOUNT)
    desk.bring("save", Rank.SAVE)
    assert sorted(desk.seen(4)) == ["clerk", "reader 0", "reader 1", "save"]
    desk.finish()
    assert len(desk.taken) == 8


def test_long_downloads_never_hold_the_threads_of_readers(desk):
    desk = desk(8)
    for number in range(6):
        desk.bring(f"file {number}", Rank.DOWNLOAD)
    assert desk.seen(2) == ["file 0", "file 1"]
    for number in range(3):
        desk.bring(f"reader {number}", Rank.VISITOR)
    assert desk.seen(4)[2:] == ["reader 0", "reader 1"]
    desk.finish()
    assert len(desk.taken) == 9


def test_saves_leave_a_thread_to_those_who_sign_in(desk):
    desk = desk(2)
    desk.bring("save 0", Rank.SAVE)
    desk.bring("save 1", Rank.SAVE)
    desk.seen(2)
    desk.bring("save 2", Rank.SAVE)
    desk.bring("save 3", Rank.SAVE)
    desk.bring("sign-in", Rank.ACCOUNT)
    desk.finish()
    assert "sign-in" in [name for name, _ in desk.taken][:4]


def test_who_has_waited_too_long_is_told_at_once_even_where_there_is_no_room_in_the_rank(desk):
    desk = desk(8)
    for number in range(2):
        desk.bring(f"reader {number}", Rank.VISITOR)
    desk.seen(2)
    desk.bring("waits", Rank.VISITOR, until=time.monotonic() + 0.02)
    assert desk.seen(3)[2] == "waits"
    assert desk.finish() == [False, False, True]


def test_a_failure_is_its_own_futures_alone():
    pool = RankedPool(1)

    def fail(late):
        raise ZeroDivisionError

    failed, fine = (pool.submit(act, rank=Rank.SAVE, until=LATER) for act in (fail, lambda late: "fine"))
    assert isinstance(failed.exception(SOON), ZeroDivisionError)
    assert fine.result(SOON) == "fine"
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(fail, rank=Rank.SAVE, until=LATER)


def test_even_a_save_is_answered_before_the_browser_gives_up():
    assert max(PATIENCE.values()) + 10 < 30


@pytest.fixture
def late():
    """The request of this thread has waited too long."""
    mark = admission.waited_too_long.set(True)
    yield
    admission.waited_too_long.reset(mark)


def test_the_busy_page_says_so_in_thai_and_comes_again_by_itself(client, late):
    response = client.get("/find-code/", {"q": "หนอง"})  # no mark of a database: none is asked
    page = response.content.decode()
    assert response.status_code == 503
    seconds = response["Retry-After"]
    assert f'<meta http-equiv="refresh" content="{seconds}">' in page
    assert "ขณะนี้มีผู้ใช้งานจำนวนมาก" in page
    assert response["X-Request-ID"] in page
    assert "no-store" in response["Cache-Control"]
    assert "Content-Security-Policy" in response
    assert 'href="/find-code/?q=%E0%B8%AB%E0%B8%99%E0%B8%AD%E0%B8%87"' in page


def test_a_script_that_sent_a_form_reads_only_when_to_come_again(client, late):
    response = client.post("/projects/new/", {"name": "x"}, headers={"X-Keep": "1"})
    assert (response.status_code, response.content) == (503, b"")
    assert 1 <= int(response["Retry-After"]) <= 30


def test_a_form_without_a_script_comes_back_with_all_that_was_typed(client, late):
    client.cookies["csrftoken"] = "t" * 32
    typed = {"name": "โครงการ <ก>", "years": ["2561", "2562"], "csrfmiddlewaretoken": "t" * 32}
    response = client.post("/projects/new/?next=1", typed)
    page = response.content.decode()
    assert response.status_code == 503
    assert 'action="/projects/new/?next=1"' in page
    for field in ("โครงการ &lt;ก&gt;", "2561", "2562"):
        assert f'value="{field}"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert _does_token_match(token, "t" * 32)


@pytest.mark.django_db
def test_a_page_from_memory_is_given_however_long_it_was_waited_for(client, monkeypatch):
    monkeypatch.setattr(caching, "store", caching.PageStore(1024 * 1024))
    lao = factories.make_lao()
    kept = client.get(f"/public/lao/{lao.code}/")
    mark = admission.waited_too_long.set(True)
    try:
        assert client.get(f"/public/lao/{lao.code}/").content == kept.content
        factories.make_plan(lao)
        busy = client.get(f"/public/lao/{lao.code}/")
        assert (busy.status_code, "ETag" in busy) == (503, False)
    finally:
        admission.waited_too_long.reset(mark)


def test_the_log_tells_how_many_were_sent_away_and_not_of_each(client, late, caplog):
    for _ in range(5):
        client.get("/find-code/")
    lines = [record.getMessage() for record in caplog.records]
    assert lines == ["Busy: 1 requests were asked to come again"]
