"""What it costs the server that clerks type: how many drafts a second it keeps, and how long each takes.

    DATABASE_URL=… EPLAN_MODE=demonstration SECRET_KEY=… python -m tests.bench.autosave [seconds] [drafts a second]

on a database loaded with `manage.py load_demonstration`, whose accounts take turns on 40 records each. Starts the
production server on a free port and posts drafts of 2 kB: at the rate of 1,500 clerks who pause every 20 seconds (75 a
second), then as fast as 16 connections can. Client, server and database share the machine. Prints a Markdown table.
"""

import http.client
import itertools
import json
import os
import statistics
import sys
import threading
import time
import uuid
from urllib.parse import urlencode

import django

from tests.bench.clerks import CSRF, sessions_of
from tests.bench.serving import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
CLERKS = 1500
CONNECTIONS = 16
TEXT = "รายละเอียดที่กำลังพิมพ์อยู่ " * 25


def sessions_of_clerks():
    """A session key for each clerk, at most 1,500."""
    from lao.models import User

    return sessions_of(User.objects.filter(role="LAO", claimed_at__isnull=False)[:CLERKS])


def post_drafts(port, keys, until, interval):
    """Post drafts over one connection until the time is up; returns the milliseconds that each took.

    `interval`: seconds from one to the next, 0 for as fast as possible.
    """
    from lao.drafts import MOST_PER_ACCOUNT

    connection, times, due = http.client.HTTPConnection("127.0.0.1", port, timeout=30), [], time.perf_counter()
    for number, key in enumerate(itertools.cycle(keys)):
        if time.perf_counter() >= until:
            return times
        due += interval
        fields = json.dumps([["name", f"โครงการ {number}"], ["objective", TEXT]], ensure_ascii=False)
        record = f"project:{number // len(keys) % MOST_PER_ACCOUNT}"
        body = {"record": record, "token": uuid.uuid4(), "version": 1, "fields": fields, "csrfmiddlewaretoken": CSRF}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={key}; csrftoken={CSRF}",
            "Host": "localhost",
        }
        start = time.perf_counter()
        connection.request("POST", "/drafts/", urlencode(body), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append((time.perf_counter() - start) * 1000)
        if interval:
            time.sleep(max(0, due - time.perf_counter()))
    return times


def measure(port, keys, seconds, rate):
    """Post from all connections at once; one row of the table."""
    times, threads = [], []
    until = time.perf_counter() + seconds
    for number in range(CONNECTIONS):
        own = keys[number::CONNECTIONS]
        interval = CONNECTIONS / rate if rate else 0
        work = threading.Thread(target=lambda own=own, i=interval: times.extend(post_drafts(port, own, until, i)))
        threads.append(work)
        work.start()
    for work in threads:
        work.join()
    times.sort()
    wanted = f"{rate} a second" if rate else "as fast as it goes"
    high = times[int(len(times) * 0.99)]
    return f"| {wanted} | {len(times) / seconds:.0f} | {statistics.median(times):.1f} | {high:.1f} |"


def main():
    """Measure and print."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else CLERKS // 20
    django.setup()
    keys = sessions_of_clerks()
    with server() as port:
        print(f"{len(keys)} accounts, {os.cpu_count()} cores.\n")
        print("| drafts | kept a second | median ms | 99 % ms |\n|---|---:|---:|---:|")
        for wanted in (rate, 0):
            print(measure(port, keys, seconds, wanted))


if __name__ == "__main__":
    main()
