"""Times the summaries and lists of officers against the best plain SQL for the same rows plus their rendering.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.officer_pages [word of a page's name ...]

on a database loaded with `manage.py load_demonstration --nation` and then `tests.bench.officer_data`. Prints a Markdown
table: median milliseconds of server time (the whole middleware chain, session and account included) and queries; then,
as the fastest of all turns, since other work shares the machine: the page, the best SQL for its rows, and the same
request with all its rows at hand (middleware, session, account, drawing, templates); then page ÷ (SQL + rows at hand),
which shall not exceed 1.5; last the same ratio of processor time, this process's and its PostgreSQL backend's, which a
full machine hardly changes. The first line says how full it was.
"""

import os
import statistics
import sys
import time
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import django

from tests.bench import manage_sql, officer_sql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")

os.environ.setdefault("EPLAN_FIRST_ENTRY", "code")  # else there are no letters

RUNS, RUNS_OF_FILES = 20, 3
# What fetches rows, by the modules in which the views find it.
FETCHING = {
    "evaluation.views.clerk": ("changes_of", "choose_plan", "score_table"),
    "evaluation.views.grid": ("laos_of", "period_or_404", "province_or_404", "standings_of"),
    "evaluation.views.tables": ("nation_scores", "period_or_404", "province_or_404", "province_scores"),
    "lao.queries.accounts": ("accounts", "accounts_by_key", "unusual_claims", "waiting_counts"),
    "lao.views.accounts": ("waiting_names",),
    "lao.views.audit": ("Names", "trail_page"),
    "lao.views.letters": ("provinces_with_unclaimed",),
    "lao.views.register": ("find_laos",),
    "projects.queries.review": ("dimension_numbers", "places_of", "queue", "waiting_count"),
    "projects.views.officer": ("_slice",),
    "reporting.queries.follow_up": (
        "areas", "choose_scope", "laos_by_id", "results_of", "standings",
    ),
    "reporting.views.follow_up": ("choose_result", "latest_reminders", "reminder_log", "states_of"),
    "reporting.views.home": ("areas_of", "choose_result", "waiting_count", "waiting_counts"),
    "reporting.views.levels": (
        "choose_result", "dimension_rows", "district_table", "districts_table", "find_province", "nation_table",
        "other_provinces", "progress_of", "province_table", "region_table", "regions_table",
    ),
    "reporting.views.periods": ("periods_in_use",),
    "reporting.views.rounds_admin": ("all_rounds", "extensions_for"),
    "reporting.views.summary": ("choose_year", "own_summary", "progress_of", "public_rows", "result_of"),
}  # fmt: skip


def _told(argument):
    """What tells one argument from another. Long lists are those that were remembered: their ends are enough."""
    if hasattr(argument, "query"):
        return str(argument.query)
    if isinstance(argument, list) and len(argument) > 100:
        return len(argument), id(argument[0]), id(argument[-1])
    return argument


@cache
def remembered(module, name):
    """The function `name` of `module`, which answers the same question but once."""
    answers, ask = {}, getattr(import_module(module), name)

    def answer(*args, **kwargs):
        question = repr([_told(arg) for arg in args] + sorted(kwargs.items()))
        if question not in answers:
            answers[question] = ask(*args, **kwargs)
            if hasattr(answers[question], "query"):
                len(answers[question])  # a QuerySet holds its rows from now on, and counts and cuts them itself
        return answers[question]

    return answer


def with_rows_at_hand(client, address):
    """The page at `address` without fetching its rows: those of the first time are taken."""
    with ExitStack() as stack:
        for module, names in FETCHING.items():
            fetching = {name: remembered(module, name) for name in names}
            stack.enter_context(patch.multiple(module, **fetching))
        client.get(address)


def wanted(name):
    """Whether a page is to be measured: one whose name has a word of the command line, where there are words."""
    return not sys.argv[1:] or any(word in name for word in sys.argv[1:])


def main():
    """Measure every page and print the table."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment
    from django.utils import timezone

    from lao.models import Lao, User

    setup_test_environment()
    officer = User.objects.filter(role=User.Role.CENTRAL).first()
    lao = Lao.objects.filter(district__province="30", plans__passed_in=2561).first()
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()

    def processor_time():
        """Seconds that this process and the backend of its connection have computed."""
        spent = Path(f"/proc/{backend}/schedstat").read_text().split()
        return time.process_time() + int(spent[0]) / 1e9

    def timed(runs, *acts):
        """The times of each act in milliseconds, by the clock and of the processor, each shortest first; all acts in
        turns, after three turns that don't count."""
        clock, processor = ([[] for _ in acts] for _ in range(2))
        for turn in range(runs + 3):
            for act, taken, computed in zip(acts, clock, processor, strict=True):
                start, spent = time.perf_counter(), processor_time()
                act()
                if turn >= 3:
                    taken.append((time.perf_counter() - start) * 1000)
                    computed.append((processor_time() - spent) * 1000)
        return [sorted(times) for times in clock], [sorted(times) for times in processor]

    def fetch(statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    print(f"{timezone.localdate()}, load {os.getloadavg()[0]:.1f}\n")
    print("| page | median ms | queries | fastest ms | SQL | rows at hand | ratio | ratio of processor time |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, address, statements in [*officer_sql.pages(lao), *manage_sql.pages(lao)]:
        if not wanted(name):
            continue
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # now: the next request empties the log
        assert answer.status_code == 200, (address, answer.status_code)
        clock, processor = timed(
            RUNS_OF_FILES if "file" in name else RUNS,
            lambda a=address: client.get(a),
            lambda s=statements: fetch(s),
            lambda a=address: with_rows_at_hand(client, a),
        )
        page, sql, at_hand = (times[0] for times in clock)
        figures = " | ".join(f"{ms:.1f}" for ms in (page, sql, at_hand))
        ratio, of_processor = (_ratio(times) for times in (clock, processor))
        print(
            f"| {name} | {statistics.median(clock[0]):.1f} | {queries} | {figures} | {ratio:.2f} | {of_processor:.2f} |"
        )


def _ratio(times):
    """The fastest page ÷ (the fastest SQL + the fastest page with its rows at hand)."""
    page, sql, at_hand = (found[0] for found in times)
    return page / (sql + at_hand)


if __name__ == "__main__":
    main()
