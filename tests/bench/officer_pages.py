"""Times the summaries and lists of officers against the best plain SQL for the same rows plus their rendering.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.officer_pages

on a database loaded with `manage.py load_demonstration --nation`. Prints a Markdown table: median milliseconds of
server time (the whole middleware chain, session and account included) and queries; then, as the fastest of all turns,
since other work shares the machine: the page, the best SQL for its rows, and the same request with all its rows at hand
(middleware, session, account, drawing, templates); last, page ÷ (SQL + rows at hand), which shall not exceed 1.5.
"""

import os
import statistics
import time
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")

RUNS = 20
# What fetches rows, by the modules of the views that call it.
FETCHING = {
    "reporting.views.levels": (
        "choose_result", "dimension_rows", "district_table", "districts_table", "find_province", "nation_table",
        "other_provinces", "progress_of", "province_table", "region_table", "regions_table",
    ),
    "reporting.views.summary": ("choose_year", "own_summary", "progress_of", "report_rows", "result_of"),
}  # fmt: skip

# What every page of results shows beside its rows: years to choose from, cut-offs and their words, names of dimensions;
# then the area itself, and the provinces to choose from.
AROUND = [
    "SELECT first_year, last_year FROM projects_planperiod ORDER BY first_year",
    """SELECT cutoff.* FROM reporting_levelcutoff AS cutoff JOIN projects_planperiod AS period ON period.id = period_id
        WHERE 2562 BETWEEN first_year AND last_year AND months = 6""",
    """SELECT dimension.id, number, name FROM projects_dimension AS dimension
         JOIN projects_planperiod AS period ON period.id = period_id
        WHERE 2562 BETWEEN first_year AND last_year ORDER BY number""",
]
AREA = """
SELECT district.id, district.name, province.code, province.name, region_id
  FROM lao_district AS district JOIN lao_province AS province ON province.code = province_id WHERE {}
"""
PROVINCES = "SELECT code, name FROM lao_province ORDER BY sort_key"
PLANS = """
SELECT passed_in, first_year, last_year FROM projects_plan AS plan
  JOIN projects_planperiod AS period ON period.id = period_id WHERE lao_id = {} ORDER BY first_year
"""
# The rows of each page as somebody would fetch them who writes SQL for this page alone.
ROUND = "tally.fiscal_year = 2562 AND tally.months = 6"
COUNTS = "sum(tally.projects), sum(tally.completed), sum(tally.in_progress)"
PLACED = """
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
"""
TALLIES = f"LEFT JOIN reporting_tally AS tally ON tally.lao_id = lao.id AND {ROUND}"
BY_DIMENSION = """
SELECT tally.dimension_id, sum(projects), sum(completed), sum(in_progress), sum(not_feasible), sum(in_ordinance),
       sum(plan_budget), sum(ordinance_budget), sum(disbursed)
"""


def areas(key, where="true"):
    """The pooled counts of areas, and the same LAOs by dimension."""
    dimensions = f"FROM reporting_tally AS tally WHERE {ROUND} GROUP BY 1"
    if where != "true":
        dimensions = (
            f"{PLACED} JOIN reporting_tally AS tally ON tally.lao_id = lao.id AND {ROUND} WHERE {where} GROUP BY 1"
        )
    return [f"SELECT {key}, {COUNTS} {PLACED} {TALLIES} WHERE {where} GROUP BY {key}", f"{BY_DIMENSION} {dimensions}"]


LAOS = "lao.code, lao.kind, lao.name, district.name"
PROGRESS = """
SELECT date_trunc('week', report.reported_at AT TIME ZONE 'Asia/Bangkok'), count(*)
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN projects_plan AS plan ON plan.lao_id = lao.id
  JOIN projects_project AS project
    ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  JOIN reporting_progressreport AS report ON report.project_year_id = year.id AND report.months = 6
 WHERE {} GROUP BY 1
"""
PROJECTS = """
SELECT project.id, project.name, dimension.number, year.plan_budget, report.months, report.status,
       report.ordinance_budget, report.disbursed, (
         SELECT reason FROM projects_reviewdecision AS decision
          WHERE decision.project_id = project.id AND decision = 'REJECT' ORDER BY at DESC, decision.id DESC LIMIT 1)
  FROM projects_plan AS plan
  JOIN projects_project AS project ON project.plan_id = plan.id AND project.deleted_at IS NULL
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  LEFT JOIN reporting_progressreport AS report ON report.project_year_id = year.id
 WHERE plan.lao_id = {} ORDER BY project.id
"""


def pages(lao):
    """(name, address, statements) of each page; `lao` is one of the province."""
    chosen = "year=2562&months=6"
    district = f"district.id = {lao.district_id}"
    province = "district.province_id = '30'"
    return [
        ("nation by region", f"/summary/nation/?{chosen}", areas("province.region_id")),
        ("nation by province", f"/summary/nation/?{chosen}&by=province", areas("province.code")),
        ("region by province", f"/summary/regions/3/?{chosen}", areas("province.code", "province.region_id = 3")),
        ("province (334 LAOs)", f"/summary/province/?province=30&{chosen}", [PROVINCES, *areas(LAOS, province)]),
        (
            "province by district",
            f"/summary/province/?province=30&{chosen}&by=district",
            [PROVINCES, *areas("district.id", province)],
        ),
        (
            "district",
            f"/summary/districts/{lao.district_id}/?{chosen}",
            [AREA.format(district), *areas(LAOS, district), PROGRESS.format(district)],
        ),
        (
            "one LAO and its projects",
            f"/summary/laos/{lao.code}/?{chosen}",
            [
                AREA.format(district),
                PLANS.format(lao.pk),
                areas("lao.id", f"lao.id = {lao.pk}")[1],
                PROGRESS.format(f"lao.id = {lao.pk}"),
                PROJECTS.format(lao.pk),
            ],
        ),
        (
            "province with its weeks",
            f"/summary/province/?province=30&{chosen}&progress=show",
            [PROVINCES, *areas(LAOS, province), PROGRESS.format(province)],
        ),
        (
            "nation with its weeks",
            f"/summary/nation/?{chosen}&progress=show",
            [*areas("province.region_id"), PROGRESS.format("true")],
        ),
    ]


@cache
def remembered(module, name):
    """The function `name` of `module`, which answers the same question but once."""
    answers, ask = {}, getattr(import_module(module), name)

    def answer(*args, **kwargs):
        question = repr((args, kwargs))
        if question not in answers:
            answers[question] = ask(*args, **kwargs)
        return answers[question]

    return answer


def with_rows_at_hand(client, address):
    """The page at `address` without fetching its rows: those of the first time are taken."""
    with ExitStack() as stack:
        for module, names in FETCHING.items():
            fetching = {name: remembered(module, name) for name in names}
            stack.enter_context(patch.multiple(module, **fetching))
        client.get(address)


def main():
    """Measure every page and print the table."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from lao.models import Lao, User

    setup_test_environment()
    officer = User.objects.filter(role=User.Role.CENTRAL).first()
    lao = Lao.objects.filter(district__province="30", plans__passed_in=2561).first()
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)

    def timed(*acts):
        """The times of each act in milliseconds, shortest first; all in turns, after three turns that don't count."""
        times = [[] for _ in acts]
        for turn in range(RUNS + 3):
            for act, taken in zip(acts, times, strict=True):
                start = time.perf_counter()
                act()
                if turn >= 3:
                    taken.append((time.perf_counter() - start) * 1000)
        return [sorted(taken) for taken in times]

    def fetch(statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    print("| page | median ms | queries | fastest ms | SQL | rows at hand | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, address, statements in pages(lao):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # now: the next request empties the log
        assert answer.status_code == 200, (address, answer.status_code)
        page, sql, at_hand = timed(
            lambda a=address: client.get(a),
            lambda s=[*AROUND, *statements]: fetch(s),
            lambda a=address: with_rows_at_hand(client, a),
        )
        fastest, sql, at_hand = page[0], sql[0], at_hand[0]
        figures = " | ".join(f"{ms:.1f}" for ms in (fastest, sql, at_hand))
        ratio = fastest / (sql + at_hand)
        print(f"| {name} | {statistics.median(page):.1f} | {queries} | {figures} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
