"""Times the downloads of the nation against PostgreSQL's own copying and against openpyxl, and clerks' saves meanwhile.

    DATABASE_URL=… EPLAN_MODE=demonstration SECRET_KEY=… python -m tests.bench.exports [copies] [excel] [saves]

on a COPY of a database loaded with `manage.py load_demonstration --nation` (`saves` writes). Starts the production
server. Prints a Markdown table for each part, or for all three, their ratios taken in one run, turn by turn:

1. CSV and JSON over HTTP against `psql \\copy` of the very same statement, with psql's usual settings and with those of
   our downloads; the first byte, the first row; what the memory of the worker grew by (peak over before).
2. Excel of the nation's projects against openpyxl's write-only workbook, which gets its rows ready.
3. 20 saves of a report a second by signed-in clerks, alone and while the nation's Excel and CSV stream.
"""

import asyncio
import http.client
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import django

from tests.bench.deadline_day import Day, prepare
from tests.bench.serving import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
LARGE = ("projects", "project-years", "reports")
TURNS = 3
SAVES, SAVING = 20, 20  # saves a second, seconds
OURS = "-c max_parallel_workers_per_gather=0 -c jit=off -c enable_sort=off"
ROWS_OF_OPENPYXL = 10_000


def workers():
    """The processes that answer: children of the server, which is our child."""

    def parent(pid):
        with suppress(OSError):
            return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])

    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [pid for pid in pids if (master := parent(pid)) and parent(master) == os.getpid()]


def memory(pid, what):
    """VmRSS or VmHWM (the peak) of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def download(port, address):
    """(seconds to the first byte, to the first row, in all; bytes) of a download that goes nowhere."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    start = time.perf_counter()
    connection.request("GET", address, headers={"Host": "localhost"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    size = len(answer.read(1))
    first = time.perf_counter() - start
    size += len(answer.read(1000))
    row = time.perf_counter() - start
    buffer = bytearray(1 << 20)
    while read := answer.readinto(buffer):
        size += read
    connection.close()
    return first, row, time.perf_counter() - start, size


def grown(act):
    """(What `act()` gives, MiB by which the peak of any worker rose above what it held before)."""
    before = {}
    for pid in workers():
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak so far
        before[pid] = memory(pid, "VmRSS")
    given = act()
    return given, max(memory(pid, "VmHWM") - held for pid, held in before.items())


def copied(statement, options=""):
    """Seconds that psql takes to copy what the statement gives to nowhere."""
    sql, _, how = " ".join(statement.split()).rpartition(" TO STDOUT ")
    start = time.perf_counter()
    words = f"\\copy {sql.removeprefix('COPY ')} TO '/dev/null' {how}"
    subprocess.run(
        ["psql", os.environ["DATABASE_URL"], "-qXc", words], check=True, env=os.environ | {"PGOPTIONS": options}
    )
    return time.perf_counter() - start


def statement_of(name, form):
    """The SQL behind a file of the nation."""
    from django.db import connection

    from public.data.choices import Choice
    from public.data.datasets import DATASETS
    from public.data.files import FORMS

    with connection.cursor() as cursor:
        sql = cursor.mogrify(*FORMS[form].statement(DATASETS[name], Choice())).decode()
    connection.close()
    return sql


def compare_copies(port):
    """Files of the nation against psql."""
    print("\n| file | MB | ours s | psql s | psql, our settings, s | psql ÷ ours | the same settings", end="")
    print(" | first byte ms | first row ms | MiB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, form in [*((name, "csv") for name in LARGE), ("reports", "json")]:
        sql, taken = statement_of(name, form), []
        for _ in range(TURNS):
            got, mib = grown(lambda address=f"/public/data/{name}.{form}": download(port, address))
            taken.append((*got, copied(sql), copied(sql, OURS), mib))
        first, row, ours, size, psql, alike, mib = (statistics.median(values) for values in zip(*taken, strict=True))
        figures = f"{ours:.1f} | {psql:.1f} | {alike:.1f} | {psql / ours:.2f} | {alike / ours:.2f}"
        figures += f" | {first * 1000:.0f} | {row * 1000:.0f} | {mib:.1f}"
        print(f"| {name}.{form} | {size / 1e6:.0f} | {figures} |", flush=True)


def compare_workbooks(port):
    """Excel of the nation's projects, and openpyxl on the first of the same rows."""
    from openpyxl import Workbook, load_workbook

    (_, row, seconds, size), mib = grown(lambda: download(port, "/public/data/projects.xlsx"))
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder, "own.xlsx")
        subprocess.run(["curl", "-sfo", own, f"http://127.0.0.1:{port}/public/data/projects.xlsx"], check=True)
        sheet = load_workbook(own, read_only=True).worksheets[0]
        rows = list(itertools.islice(sheet.iter_rows(values_only=True), ROWS_OF_OPENPYXL))
        total = rows_in(own)
        start = time.perf_counter()
        book = Workbook(write_only=True)
        target = book.create_sheet()
        for values in rows:
            target.append(values)
        book.save(Path(folder, "theirs.xlsx"))
        theirs = len(rows) / (time.perf_counter() - start)
    ours = total / seconds
    print("\n| Excel of the nation's projects | rows a second | rows | s | MB | MiB over the base |")
    print("|---|---:|---:|---:|---:|---:|")
    figures = f"{ours:,.0f} | {total:,} | {seconds:.1f} | {size / 1e6:.0f} | {mib:.1f}"
    print(f"| ours, from the database over HTTP | {figures} |")
    print(f"| openpyxl write-only, rows at hand | {theirs:,.0f} | {len(rows):,} | {len(rows) / theirs:.1f} | | |")
    print(f"\n{ours / theirs:.1f} times as fast; first bytes after {row * 1000:.0f} ms.", flush=True)


def rows_in(file):
    """How many rows the first sheet of a workbook has, counted in its XML."""
    with zipfile.ZipFile(file) as archive, archive.open("xl/worksheets/sheet1.xml") as part:
        return sum(block.count(b"</row>") for block in iter(lambda: part.read(1 << 24), b""))


def compare_saves(port, targets):
    """Saves alone, and while two downloads of the nation stream all the time."""
    print(
        "\n| while | saves a second | p50 ms | p95 ms | p99 ms | busy | errors |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    for what, addresses in {
        "nothing else": [],
        "the nation's Excel streams": ["/public/data/projects.xlsx"],
        "Excel and CSV of the nation stream": ["/public/data/projects.xlsx", "/public/data/reports.csv"],
    }.items():
        day, ended = Day(port, 1, SAVING, targets, [], "", False), threading.Event()

        def stream(address, ended=ended):
            while not ended.is_set():
                download(port, address)

        streams = [threading.Thread(target=stream, args=[address], daemon=True) for address in addresses]
        for thread in streams:
            thread.start()
        asyncio.run(saving(day))
        ended.set()
        for thread in streams:
            thread.join()
        kind = day.kinds["save"]
        times = sorted(kind.times)
        ms = " | ".join(f"{times[int(len(times) * part)] * 1000:.0f}" for part in (0.5, 0.95, 0.99))
        print(f"| {what} | {len(times) / SAVING:.1f} | {ms} | {kind.busy} | {sum(kind.refused.values())} |", flush=True)


async def saving(day):
    """Send what is due, whether earlier answers have come or not."""
    start, under_way = asyncio.get_running_loop().time(), []
    for number in range(SAVES * SAVING):
        due = start + number / SAVES
        await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
        under_way.append(asyncio.create_task(day.save(due, day.kinds["save"])))
    await asyncio.gather(*under_way)


def main():
    """Measure and print."""
    parts = sys.argv[1:] or ["copies", "excel", "saves"]
    django.setup()
    targets = itertools.cycle(prepare()[1]) if "saves" in parts else None
    with server() as port:
        download(port, "/public/data/laos.csv")
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before.")
        if "copies" in parts:
            compare_copies(port)
        if "excel" in parts:
            compare_workbooks(port)
        if targets:
            compare_saves(port, targets)


if __name__ == "__main__":
    main()
