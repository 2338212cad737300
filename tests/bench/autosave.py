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
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
CLERKS = 1500
CONNECTIONS = 16
CSRF = "c" * 32
TEXT = "รายละเอียดที่กำลังพิมพ์อยู่ " * 25


def sessions_of_clerks():
    """A session key for each clerk, at most 1,500."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from lao.models import User

    keys = []
    for user in User.objects.filter(role="LAO", claimed_at__isnull=False)[:CLERKS]:
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "lao.backends.AccountBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-m", "gunicorn", "--config", "python:eplan.serving", "--bind", f"127.0.0.1:{port}", "eplan.wsgi"]
    server = subprocess.Popen([sys.executable, *words])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        print(f"{len(keys)} accounts, {os.cpu_count()} cores.\n")
        print("| drafts | kept a second | median ms | 99 % ms |\n|---|---:|---:|---:|")
        for wanted in (rate, 0):
            print(measure(port, keys, seconds, wanted))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
