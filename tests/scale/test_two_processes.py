"""Two processes behind one proxy behave as one: nothing of a visitor or of the data lives in either."""

import contextlib
import io
import json
import threading
import uuid

import psycopg2
import pytest

from tests.scale.conftest import asked


def page_of(cluster, who):
    return f"/public/lao/{cluster.made['clerks'][who]['username']}/?year=2562&seen={uuid.uuid4().hex}"


def fresh_name():
    """A name that is like no other, or the form would ask whether the project is there already."""
    return uuid.uuid4().hex


def new_project(cluster, who, name, **changes):
    """The fields of a new project of a clerk."""
    return {
        "name": name,
        "years": ["2562"],
        "kind": "PROJECT",
        "dimension": cluster.made["clerks"][who]["dimension"],
        "uses_budget": "no",
        "form_token": uuid.uuid4(),
        "version": 1,
        **changes,
    }


def test_who_signed_in_at_one_process_is_signed_in_at_the_other(cluster):
    clerk = cluster.visitor(cluster.made["clerks"][0])
    for _ in range(4):
        assert clerk.get("/projects/").status == 200
    clerk.post("/logout/")
    assert [clerk.get("/projects/").status for _ in range(2)] == [302, 302]


def test_a_form_opened_at_one_process_is_saved_once_however_often_it_is_sent_to_both(cluster):
    clerk = cluster.visitor(cluster.made["clerks"][0])
    page = clerk.get("/projects/new/").text
    fields = new_project(cluster, 0, "โครงการส่งสองครั้ง", form_token=clerk.field(page, "form_token"))
    assert [clerk.post("/projects/new/", fields).status for _ in range(4)] == [302] * 4
    rows = cluster.on_primary("SELECT count(*) FROM projects_project WHERE name = 'โครงการส่งสองครั้ง'")
    assert rows == [(1,)]


def test_a_draft_kept_by_one_process_is_offered_by_the_other(cluster):
    clerk = cluster.visitor(cluster.made["clerks"][0])
    token, typed = str(uuid.uuid4()), [["name", "ร่างที่พิมพ์ค้าง"]]
    draft = {"record": "project:new", "token": token, "version": 0, "fields": json.dumps(typed)}
    assert clerk.post("/drafts/", draft).status == 200
    for _ in cluster.ports:
        offered = json.loads(clerk.get("/drafts/?record=project:new").text)["draft"]
        assert (offered["token"], offered["fields"]) == (token, typed)


def test_tries_are_counted_over_both_processes(cluster):
    thief = cluster.visitor()
    name = cluster.made["clerks"][1]["username"]
    thief.get("/login/")
    waits = []
    for _ in range(6):
        waits.append("พยายามหลายครั้งเกินไป" in thief.post("/login/", username=name, password="ผิดแน่นอน").text)
    cluster.on_primary("DELETE FROM lao_signinthrottle")
    assert waits.index(True) in (4, 5)


def test_what_is_saved_at_one_process_is_public_at_the_other_at_once(cluster):
    clerk, citizen = cluster.visitor(cluster.made["clerks"][0]), cluster.visitor()
    page = page_of(cluster, 0)
    for _ in range(6):
        name = fresh_name()
        for _ in range(3):  # kept by both, and by the shared cache
            assert name not in citizen.get(page).text
        assert clerk.post("/projects/new/", new_project(cluster, 0, name)).status == 302
        for _ in range(2):
            assert name in citizen.get(page).text


def test_both_give_a_page_the_same_tag(cluster):
    citizen, page = cluster.visitor(), page_of(cluster, 1)
    tag = citizen.get(page).headers["ETag"]
    for _ in cluster.ports:
        assert citizen.get(page, **{"If-None-Match": tag}).status == 304


def test_a_page_made_by_one_process_is_taken_over_by_the_other(cluster):
    if not cluster.redis_url:
        pytest.skip("no redis-server on this machine")
    import redis

    citizen, page, server = cluster.visitor(), page_of(cluster, 1), redis.Redis.from_url(cluster.redis_url)
    first = citizen.get(page)
    found = server.info("stats")["keyspace_hits"]
    second = citizen.get(page)
    assert server.info("stats")["keyspace_hits"] == found + 1
    assert (second.text, second.headers["ETag"]) == (first.text, first.headers["ETag"])
    third = citizen.get(page)
    assert server.info("stats")["keyspace_hits"] == found + 1  # by now in both memories
    assert third.text == first.text
    assert all(server.ttl(key) > 0 for key in server.keys("eplan:page:*"))


def logged(server, words):
    """How often `words` stand in the log of a database server."""
    return (server.home / "postgres.log").read_text(errors="replace").count(words)


ROWS_OF_AN_LAO = 'FROM "lao_lao" INNER JOIN'


def test_public_pages_are_read_from_the_replica_and_clerks_pages_are_not(cluster):
    cluster.await_replica()
    before = logged(cluster.primary, ROWS_OF_AN_LAO), logged(cluster.replica, ROWS_OF_AN_LAO)
    for _ in cluster.ports:
        assert cluster.visitor().get(page_of(cluster, 1)).status == 200
    assert logged(cluster.replica, ROWS_OF_AN_LAO) > before[1]
    assert logged(cluster.primary, ROWS_OF_AN_LAO) == before[0]
    at_replica = logged(cluster.replica, "lao_user")
    clerk = cluster.visitor(cluster.made["clerks"][1])
    assert clerk.get("/projects/").status == 200
    assert logged(cluster.replica, "lao_user") == at_replica


def test_after_a_save_the_very_next_request_shows_it_though_the_replica_stands_still(cluster):
    clerk, citizen = cluster.visitor(cluster.made["clerks"][0]), cluster.visitor()
    cluster.await_replica()
    cluster.on_replica("SELECT pg_wal_replay_pause()")
    try:
        name, page = fresh_name(), page_of(cluster, 0)
        assert name not in citizen.get(page).text
        assert clerk.post("/projects/new/", new_project(cluster, 0, name)).status == 302
        for _ in range(2):
            assert name in citizen.get(page).text
            assert name in citizen.get(page_of(cluster, 0)).text
            assert name in clerk.get("/projects/").text
        [(known,)] = cluster.on_replica("SELECT count(*) FROM projects_project WHERE name = %s", name)
        assert known == 0
        # What the save did not touch is still read from the replica.
        before = logged(cluster.replica, ROWS_OF_AN_LAO)
        assert citizen.get(page_of(cluster, 1)).status == 200
        assert logged(cluster.replica, ROWS_OF_AN_LAO) > before
    finally:
        cluster.on_replica("SELECT pg_wal_replay_resume()")
    cluster.await_replica()
    before = logged(cluster.replica, ROWS_OF_AN_LAO)
    assert name in citizen.get(page_of(cluster, 0)).text
    assert logged(cluster.replica, ROWS_OF_AN_LAO) > before


def test_many_at_once_get_along_with_two_connections_of_pgbouncer(cluster):
    """The name behind each change is right, though connections change hands between any two transactions."""
    if not cluster.bouncer_url:
        pytest.skip("no pgbouncer on this machine")
    through = cluster.ports[1:]
    wrong, made_by = [], {}

    def work(who):
        try:
            clerk = cluster.visitor(cluster.made["clerks"][who % 2])
            clerk.ports = iter(through * 1000)
            for _ in range(3):
                name = fresh_name()
                made_by[name] = cluster.made["clerks"][who % 2]["username"]
                wanted = {
                    "/projects/new/": clerk.post("/projects/new/", new_project(cluster, who % 2, name)).status - 102
                }
                for page in ("/projects/", page_of(cluster, who % 2), "/reports/export/?year=2562"):
                    wanted[page] = clerk.get(page).status
                wrong.extend(page for page, status in wanted.items() if status != 200)
        except Exception as problem:  # told below, in the test's own thread
            wrong.append(problem)

    crowd = [threading.Thread(target=work, args=(who,)) for who in range(6)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert not wrong
    rows = cluster.on_primary(
        "SELECT after ->> 'name', actor_name FROM lao_auditentry "
        "WHERE table_name = 'projects_project' AND action = 'INSERT' AND after ->> 'name' = ANY (%s)",
        list(made_by),
    )
    assert dict(rows) == made_by
    assert len(made_by) == 18


def test_nothing_is_left_behind_in_a_connection_of_pgbouncer(cluster):
    if not cluster.bouncer_url:
        pytest.skip("no pgbouncer on this machine")
    for _ in range(3):
        rows = asked(
            cluster.bouncer_url,
            "SELECT coalesce(current_setting('eplan.actor_id', true), ''), "
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), (SELECT count(*) FROM pg_cursors), "
            "(SELECT count(*) FROM pg_prepared_statements)",
        )
        assert rows == [("", 0, 0, 0)]


def test_rows_are_copied_out_through_pgbouncer(cluster):
    if not cluster.bouncer_url:
        pytest.skip("no pgbouncer on this machine")
    out = io.StringIO()
    with contextlib.closing(psycopg2.connect(cluster.bouncer_url)) as connection, connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT code FROM lao_lao ORDER BY code) TO STDOUT WITH CSV", out)
    assert out.getvalue().split() == sorted(clerk["username"] for clerk in cluster.made["clerks"])


def test_without_the_replica_and_the_cache_pages_are_given_all_the_same(cluster):
    """Last of all: it stops them."""
    cluster.replica.stop()
    cluster.stop_redis()
    for _ in range(4):
        assert cluster.visitor().get(page_of(cluster, 1)).status == 200
