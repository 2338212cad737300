"""Public pages: asked for again, against a bare view of the same bytes; asked for first; and with ten times the data.

    DATABASE_URL=… EPLAN_MODE=demonstration SECRET_KEY=… python -m tests.bench.public_pages [seconds]

on a database loaded with `manage.py load_demonstration --nation`. Needs `wrk`. Prints three Markdown tables; with
0 seconds the first is left out.

1. Requests a second of one production server (as the demonstration starts it) for a page that was asked for before, and
   for a view that returns the same bytes out of memory behind the same middleware, in turns; and answers 304.
2. Milliseconds of server time of a page made anew, from the WSGI call to its last byte, not compressed (that is done
   once for all who are sent the page); the page's own queries sent by hand as text; its template drawn once more with
   everything at hand; page ÷ (queries + template). Fastest of all turns, since other work shares the machine. And what
   an empty page takes, which is in each of them: middleware, address, mark.
3. The nation's page as it is and with ten times the tallies (more fiscal years), in one transaction that is undone.
"""

import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from unittest import mock

import django

from tests.bench.serving import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
os.environ["EPLAN_PAGE_CACHE_MB"] = "0"  # for the pages made here; the server gets its own
ROUNDS = 5
CONNECTIONS = 8
RUNS = 40
TEN_TIMES = """
INSERT INTO reporting_tally (lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible,
                             in_ordinance, settled, plan_budget, ordinance_budget, disbursed)
SELECT lao_id, fiscal_year + 100 * n, months, dimension_id, projects, completed, in_progress, not_feasible,
       in_ordinance, settled, plan_budget, ordinance_budget, disbursed
  FROM reporting_tally CROSS JOIN generate_series(1, 9) AS n
"""


def addresses():
    """(name, address) of the pages measured."""
    from lao.models import Lao
    from projects.models import Project

    lao = Lao.objects.filter(district__province="30", plans__passed_in=2561).first()
    project = Project.objects.filter(plan__lao=lao).first()
    pages = [
        ("nation", "/public/"),
        ("province (334 LAOs)", "/public/provinces/30/?year=2562&months=6"),
        ("LAO", f"/public/lao/{lao.code}/?year=2562"),
        ("project", f"/public/projects/{project.pk}/"),
        ("region", "/public/regions/3/"),
    ]
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    return [(name, address) for name, address in pages if client.get(address).status_code == 200]


def a_second(port, address, seconds, *headers):
    """Requests a second that wrk gets for the address."""
    words = [word for header in ("Host: localhost", *headers) for word in ("-H", header)]
    url = f"http://127.0.0.1:{port}{address}"
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *words, url], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in said or headers, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def asked_again(pages, seconds):
    """Print the first table."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings", "BENCH_PAGES": folder}
        with server(EPLAN_PAGE_CACHE_MB="64", **environment) as port:
            print("| page | kB | kept page, a second | bare view, a second | ratio | answers 304, a second |")
            print("|---|---:|---:|---:|---:|---:|")
            for number, (name, address) in enumerate(pages):
                question = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Host": "localhost"})
                with urllib.request.urlopen(question) as answer:
                    body, tag = answer.read(), answer.headers["ETag"]
                Path(folder, str(number)).write_bytes(body)
                kept, bare = [], []
                for _ in range(ROUNDS):
                    kept.append(a_second(port, address, seconds))
                    bare.append(a_second(port, f"/bench/{number}/", seconds))
                unchanged = a_second(port, address, seconds, f"If-None-Match: {tag}")
                ratio = statistics.median(k / b for k, b in zip(kept, bare, strict=True))
                figures = f"{statistics.median(kept):.0f} | {statistics.median(bare):.0f} | {ratio:.2f}"
                print(f"| {name} | {len(body) / 1024:.0f} | {figures} | {unchanged:.0f} |")


def fastest(*acts):
    """The shortest time of each act in milliseconds, all in turns."""
    times = [[] for _ in acts]
    for _ in range(RUNS):
        for act, taken in zip(acts, times, strict=True):
            start = time.perf_counter()
            act()
            taken.append((time.perf_counter() - start) * 1000)
    return [min(taken) for taken in times]


def page_maker(address):
    """A function that lets the application make the page of that address, and gives its body."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    path, _, query = address.partition("?")
    of_every = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }

    def make():
        said = []
        response = application({**of_every, "wsgi.input": io.BytesIO()}, lambda status, headers: said.append(status))
        body = b"".join(response)
        response.close()
        assert said == ["200 OK"], (address, said)
        return body

    return make


def ways_of(address):
    """The queries of a page, and three acts: the page made, its queries sent, its template drawn."""
    from django.db import connection
    from django.template import Template
    from django.test.utils import CaptureQueriesContext

    make, draw, drawn = page_maker(address), Template._render, []

    def note(template, context):
        if not drawn:
            drawn.append((template, context.new(context.flatten())))
        return draw(template, context)

    with mock.patch.object(Template, "_render", note), CaptureQueriesContext(connection) as captured:
        make()
    queries = [query["sql"] for query in captured if query["sql"]]

    def send():
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query)
                cursor.fetchall()

    template, context = drawn[0]
    return queries, make, send, lambda: template.render(context)


def asked_first(pages):
    """Print the second table."""
    from django.test import override_settings

    print("\n| page, made anew | queries | ms | its queries by hand | its template | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, address in pages:
        queries, *acts = ways_of(address)
        page, sql, template = fastest(*acts)
        figures = f"{page:.1f} | {sql:.1f} | {template:.1f} | {page / (sql + template):.2f}"
        print(f"| {name} | {len(queries)} | {figures} |")
    with override_settings(ROOT_URLCONF="tests.bench.bare"):
        print(f"\nAn empty page: {fastest(page_maker('/bench/'))[0]:.2f} ms")


def with_ten_times():
    """Print the third table."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections, connection, transaction

    request_started.disconnect(close_old_connections)  # it would end the transaction
    request_finished.disconnect(close_old_connections)
    print("\n| the nation's page | tallies | ms |\n|---|---:|---:|")
    taken = []
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in ("SELECT 1", TEN_TIMES):
            cursor.execute(statement)
            cursor.execute("ANALYZE reporting_tally")
            cursor.execute("SELECT count(*) FROM reporting_tally")
            taken += fastest(page_maker("/public/?year=2562&months=6"))
            name = "ten times the data" if len(taken) > 1 else "as it is"
            print(f"| {name} | {cursor.fetchone()[0]:,} | {taken[-1]:.1f} |")
        transaction.set_rollback(True)
    print(f"\nTen times the data: {taken[1] / taken[0]:.2f} ×")


def main():
    """Measure and print."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    django.setup()
    pages = addresses()
    print(f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {CONNECTIONS} connections.\n")
    if seconds:
        asked_again(pages, seconds)
    asked_first(pages)
    with_ten_times()


if __name__ == "__main__":
    main()
