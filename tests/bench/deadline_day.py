"""The last day of a round: clerks save reports, citizens read, people sign in, all at their own pace.

    DATABASE_URL=… EPLAN_MODE=demonstration SECRET_KEY=… python -m tests.bench.deadline_day [seconds] [factor ...]

on a COPY of a database loaded with `manage.py load_demonstration --nation`: it writes. Starts the production server as
the demonstration runs it and sends it, for so many seconds (60) and at each factor (1 2 4), 20 saves of a report a
second by 1,500 signed-in clerks, 50 public pages a second, and 4 sign-ins a second. `--whole` lets each clerk also open
the form before and the list after.

Nobody waits for anybody: what is due is sent, whether earlier answers have come or not, and an answer's time counts
from when it was due. A save that meets "busy" is sent again when the answer says, as the page's script does;
its time ends with the answer "saved". At the end every save that was answered so is looked for in the database.
"""

import asyncio
import os
import random
import resource
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

import django

from tests.bench.clerks import CSRF, sessions_of
from tests.bench.serving import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
os.environ["EPLAN_TRUSTED_PROXIES"] = "1"  # everybody comes from an address of their own
CLERKS = 1500
A_SECOND = {"save": 20, "page": 50, "sign-in": 4}
YEAR = 2564  # whose rounds are open; both give what to report on, or a long run would come to its end
LIMIT = 30  # seconds until a browser's script gives up on an answer, as static/js/sending.js does
# What citizens read: shares of the kinds of pages. LAOs and provinces are drawn as in life, few of them often.
READ = {"nation": 10, "province": 25, "lao": 40, "project": 15, "search": 10}
SOUGHT = ["หนอง", "บ้าน", "นา", "เมือง", "ทุจริต"]
TARGETS = """
SELECT year.id, length.months, account.id, coalesce(report.version, 0), year.plan_budget IS NOT NULL,
       lao.code, district.province_id, project.id
  FROM lao_user AS account
  JOIN lao_lao AS lao ON lao.id = account.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN projects_plan AS plan ON plan.lao_id = lao.id
  JOIN projects_project AS project
    ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = %s
  CROSS JOIN (VALUES (6), (12)) AS length(months)
  LEFT JOIN reporting_progressreport AS report
    ON report.project_year_id = year.id AND report.months = length.months
 WHERE account.claimed_at IS NOT NULL AND account.withheld_since IS NULL AND account.id = ANY (%s)
"""


@dataclass
class Answer:
    """What came back: 0 for a status when nothing did within the limit."""

    status: int
    headers: dict
    body: bytes


@dataclass
class Kind:
    """What became of one kind of request: seconds of each that succeeded, and what else was answered."""

    times: list = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    busy: int = 0


class Browser:
    """Sends requests over connections that are kept and shared, as a proxy in front would."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    async def ask(self, method, path, *, cookie="", fields=None):
        """The `Answer`; connections that the server closed meanwhile are replaced."""
        body = urlencode(fields).encode() if fields is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
        head += f"X-Forwarded-For: 10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}\r\n"
        if cookie:
            head += f"Cookie: {cookie}\r\n"
        if fields is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nX-Keep: 1\r\nContent-Length: {len(body)}\r\n"
        try:
            return await asyncio.wait_for(self._exchange(head.encode() + b"\r\n" + body), LIMIT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as problem:
            return Answer(0, {"problem": type(problem).__name__}, b"")

    async def _exchange(self, message):
        while True:
            used = bool(self.idle)
            reader, writer = self.idle.pop() if used else await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(message)
                status = int((await reader.readline()).split()[1])
                break
            except (OSError, IndexError):
                writer.close()
                if not used:
                    raise
        headers = {}
        while (line := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = b""
        if headers.get("transfer-encoding") == "chunked":
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        elif length := int(headers.get("content-length", 0)):
            body = await reader.readexactly(length)
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self.idle.append((reader, writer))
        return Answer(status, headers, body)


class Day:
    """One run at one factor."""

    def __init__(self, port, factor, seconds, targets, places, password, whole):
        self.browser, self.factor, self.seconds, self.whole = Browser(port), factor, seconds, whole
        self.targets, self.places, self.password = targets, places, password
        self.kinds = {name: Kind() for name in A_SECOND}
        self.saved = {}

    async def run(self):
        """Send everything when it is due, and wait for the last answer."""
        start = asyncio.get_running_loop().time()
        acts = {"save": self.save, "page": self.read, "sign-in": self.sign_in}
        due = [
            (number / (rate * self.factor), kind)
            for kind, rate in A_SECOND.items()
            for number in range(int(rate * self.factor * self.seconds))
        ]
        under_way = []
        for offset, kind in sorted(due):
            await asyncio.sleep(max(0, start + offset - asyncio.get_running_loop().time()))
            under_way.append(asyncio.create_task(acts[kind](start + offset, self.kinds[kind])))
        await asyncio.gather(*under_way)

    def note(self, kind, due, answer, wanted):
        """Count an answer; True when it was the wanted one."""
        if answer.status in wanted:
            kind.times.append(asyncio.get_running_loop().time() - due)
            return True
        if answer.status == 503 and "retry-after" in answer.headers:
            kind.busy += 1
        else:
            kind.refused[answer.headers.get("problem", answer.status)] += 1
        return False

    async def save(self, due, kind):
        """A clerk reports on a project year that nobody reported on in this run."""
        year, months, session, version, with_budget = next(self.targets)
        cookie, path, mark = f"sessionid={session}; csrftoken={CSRF}", f"/reports/{year}/{months}/", uuid.uuid4().hex
        if self.whole:
            await self.browser.ask("GET", path, cookie=cookie)
        fields = {
            "csrfmiddlewaretoken": CSRF, "form_token": uuid.uuid4(), "version": version, "status": "COMPLETED",
            "remark": f"วันสุดท้ายของรอบ {mark}", "in_ordinance": "on",
        }  # fmt: skip
        if with_budget:
            fields |= {"ordinance_budget": "1,000", "disbursed": "900"}
        while True:
            answer = await self.browser.ask("POST", path, cookie=cookie, fields=fields)
            if self.note(kind, due, answer, (200,)):
                break
            if answer.status not in (0, 503):
                return
            await asyncio.sleep(int(answer.headers.get("retry-after", 3)))
        if "x-keep-to" in answer.headers:
            self.saved[year, months] = mark
        else:
            kind.times.pop()
            kind.refused["not taken"] += 1
        if self.whole:
            await self.browser.ask("GET", answer.headers.get("x-keep-to", "/reports/"), cookie=cookie)

    async def read(self, due, kind):
        """A citizen opens a page."""
        what = random.choices(list(READ), READ.values())[0]
        lao, province, project = self.places[min(int(random.paretovariate(0.6)), len(self.places) - 1)]
        path = {
            "nation": "/public/",
            "province": f"/public/provinces/{province}/",
            "lao": f"/public/lao/{lao}/",
            "project": f"/public/projects/{project}/",
            "search": f"/public/search/?{urlencode({'q': random.choice(SOUGHT)})}",
        }[what]
        self.note(kind, due, await self.browser.ask("GET", path), (200,))

    async def sign_in(self, due, kind):
        """Somebody signs in with a password."""
        lao = random.choice(self.places)[0]
        fields = {"csrfmiddlewaretoken": CSRF, "username": lao, "password": self.password}
        answer = await self.browser.ask("POST", "/login/", cookie=f"csrftoken={CSRF}", fields=fields)
        self.note(kind, due, answer, (200,) if "x-keep-to" in answer.headers else ())


def prepare():
    """Clerks, a number; what they save: (project year, months, session, version, with budget); places; password."""
    from django.db import connection

    from eplan.demonstration import accounts
    from lao.models import User

    users = list(
        User.objects.filter(role="LAO", claimed_at__isnull=False, withheld_since=None, lao__plans__passed_in__gt=0)[
            :CLERKS
        ]
    )
    session_of = dict(zip((user.pk for user in users), sessions_of(users), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(TARGETS, [YEAR, list(session_of)])
        rows = cursor.fetchall()
    connection.close()
    targets = [(year, months, session_of[user], *facts[:2]) for year, months, user, *facts in rows]
    places = sorted({code: (code, province, project) for *_, code, province, project in rows}.values())
    random.Random(1).shuffle(targets)  # the same day every time
    random.Random(2).shuffle(places)
    return len(users), targets, places, accounts.PASSWORD


def lost(saved):
    """How many of {(project year, months): mark} the database doesn't hold."""
    from django.db import connection

    from reporting.models import ProgressReport

    reports = ProgressReport.objects.filter(project_year__in={year for year, _ in saved})
    found = {(year, months): remark for year, months, remark in reports.values_list("project_year", "months", "remark")}
    connection.close()
    return sum(mark not in found.get(where, "") for where, mark in saved.items())


def tell(day, lost_saves, cpu):
    """Print the rows of one run."""
    for name, kind in day.kinds.items():
        times = sorted(kind.times) or [float("nan")]
        ms = " | ".join(f"{times[int(len(times) * part)] * 1000:.0f}" for part in (0.5, 0.95, 0.99))
        wrong = ", ".join(f"{count} × {what}" for what, count in kind.refused.items()) or "none"
        rate = f"{A_SECOND[name] * day.factor:g}"
        gone = lost_saves if name == "save" else ""
        done = f"{len(kind.times) / day.seconds:.1f}"
        print(f"| {day.factor:g} × | {name} | {rate} | {done} | {ms} | {kind.busy} | {wrong} | {gone} | {cpu:.0f} % |")
    sys.stdout.flush()


def main():
    """Run every factor and print."""
    words = [word for word in sys.argv[1:] if word != "--whole"]
    seconds, factors = int(words[0]) if words else 60, [float(word) for word in words[1:]] or [1, 2, 4]
    django.setup()
    clerks, targets, places, password = prepare()
    print(f"{clerks} clerks signed in, {len(targets)} reports to make; {seconds} s for each factor; ", end="")
    print(f"load {os.getloadavg()[0]:.1f} before, {os.cpu_count()} cores.\n")
    print("| load | kind | due a second | done a second | p50 ms | p95 | p99 | busy | errors | lost | cores in use |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---|---:|---:|")
    needed = sum(A_SECOND["save"] * factor * seconds for factor in factors)
    assert needed <= len(targets), f"{needed} reports would be saved: fewer seconds, or smaller factors"
    left = iter(targets)
    with server() as port:
        for factor in factors:
            day = Day(port, factor, seconds, left, places, password, "--whole" in sys.argv)
            before, start = busy_seconds(), time.perf_counter()
            asyncio.run(day.run())
            cpu = (busy_seconds() - before) / (time.perf_counter() - start) * 100
            tell(day, lost(day.saved), cpu)
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(f"\nThe clients themselves took {own.ru_utime + own.ru_stime:.0f} s of processor time.")


def busy_seconds():
    """Seconds that the machine's processors have worked so far, whoever for."""
    with open("/proc/stat") as file:
        user, nice, system, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
