"""The officers' pages that are measured, each with the SQL that somebody would write for its rows alone."""

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
WEEKS = """
SELECT week.week, sum(week.settled)
  FROM reporting_week AS week
  JOIN lao_lao AS lao ON lao.id = week.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
 WHERE week.fiscal_year = 2562 AND week.months = 6 AND {} GROUP BY 1
"""
WEEKS_OF_NATION = "SELECT week, sum(settled) FROM reporting_week WHERE fiscal_year = 2562 AND months = 6 GROUP BY 1"
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


# Which LAOs are left out of every list.
WITHHELD = "SELECT lao_id FROM lao_user WHERE withheld_since IS NOT NULL"
OPEN_TO_REVIEW = f"""project.deleted_at IS NULL
   AND project.plan_id NOT IN (SELECT id FROM projects_plan WHERE lao_id IN ({WITHHELD}))"""
LISTED = f"""
SELECT project.id, project.name, project.kind, project.updated_at, project.review_state, dimension.number, lao.kind,
       lao.name, district.name, province.name,
       EXISTS (SELECT 1 FROM projects_reviewdecision AS decision WHERE decision.project_id = project.id)
  FROM (
        SELECT project.id FROM projects_project AS project {{}} WHERE {OPEN_TO_REVIEW} AND {{}} ORDER BY {{}} LIMIT 51
       ) AS page
  JOIN projects_project AS project ON project.id = page.id
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id
  JOIN projects_plan AS plan ON plan.id = project.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
"""
PLACED_PROJECTS = """
  JOIN projects_plan AS plan ON plan.id = project.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
"""
WAITING = "project.review_state = 'SUBMITTED'"
# By place: of whole plans as many as the page needs, for a sum over their numbers says where each ends in the order.
LISTED_BY_PLACE = LISTED.replace(
    "AND {}",
    f"""AND {WAITING} AND project.plan_id IN (
     SELECT plan_id FROM (
            SELECT plan_id, n, sum(n) OVER (
                     ORDER BY province.sort_key, district.sort_key, lao.sort_key, lao.code, plan_id) AS upto
              FROM (
                    SELECT plan_id, count(*) AS n FROM projects_project AS project
                     WHERE {OPEN_TO_REVIEW} AND {WAITING} GROUP BY plan_id
                   ) AS project {PLACED_PROJECTS}
           ) AS plan
      WHERE upto - n < 51)""",
)
BY_PLACE = "province.sort_key, district.sort_key, lao.sort_key, lao.code, project.id"
COUNTED = f"SELECT count(*) FROM projects_project AS project {{}} WHERE {OPEN_TO_REVIEW} AND {{}}"
LAO_NAMED = """
SELECT plan.id FROM projects_plan AS plan
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
 WHERE lao.loose_name LIKE '%{0}%' OR district.loose_name LIKE '%{0}%' OR province.loose_name LIKE '%{0}%'
"""
ALL_WAITING = COUNTED.format("", WAITING)
ACCOUNTS_WAITING = [
    "SELECT count(*) FROM lao_user WHERE withheld_since IS NOT NULL AND claimed_at IS NOT NULL",
    "SELECT count(*) FROM lao_resetrequest WHERE answered_at IS NULL",
]
NUMBERS = "SELECT DISTINCT number FROM projects_dimension"
ACCOUNTS_WAITING = [
    "SELECT count(*) FROM lao_user WHERE withheld_since IS NOT NULL AND claimed_at IS NOT NULL",
    "SELECT count(DISTINCT user_id) FROM lao_resetrequest WHERE answered_at IS NULL",
]


def review(where=WAITING, order="project.updated_at, project.id", joins="", all_waiting=True):
    """The rows of the review list, how many there are, and how many wait in all."""
    counted = [] if joins == "" and where == WAITING else [COUNTED.format(joins, where)]
    waiting = [ALL_WAITING] if all_waiting else []
    return [PROVINCES, NUMBERS, LISTED.format(joins, where, order), *counted, *waiting]


FACTS = f"""
SELECT lao.id, lao.code, lao.sort_key, district.id AS district, province.code AS province, province.region_id AS region,
       EXISTS (
            SELECT 1 FROM projects_plan AS plan JOIN projects_planperiod AS period ON period.id = period_id
             WHERE plan.lao_id = lao.id AND passed_in <= 2562 AND 2562 BETWEEN first_year AND last_year) AS passed,
       lao.id IN ({WITHHELD}) AS withheld, coalesce(n, 0) AS n, coalesce(s, 0) AS s, c, i
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
  LEFT JOIN (
        SELECT lao_id, sum(projects) AS n, sum(settled) AS s, sum(completed) AS c, sum(in_progress) AS i
          FROM reporting_tally AS tally
         WHERE fiscal_year = 2562 AND months = 12 AND {{1}} GROUP BY lao_id
       ) AS tally ON tally.lao_id = lao.id
 WHERE {{0}} OFFSET 0
"""
# The tallies of a place alone are looked up; those of all are not.
OF_PLACE = """lao_id IN (
     SELECT lao.id FROM lao_lao AS lao JOIN lao_district AS district ON district.id = lao.district_id WHERE {0})"""
DATES = """
SELECT opens_on, closes_on, extension.* FROM reporting_reportinground AS known
  LEFT JOIN reporting_extension AS extension ON extension.reporting_round_id = known.id
 WHERE fiscal_year = 2562 AND months = 12
"""
SCOPE = ["SELECT code, name, region_id FROM lao_province ORDER BY sort_key", DATES, *AROUND[:2]]
DISTRICTS = "SELECT id, name FROM lao_district WHERE province_id = '30' ORDER BY sort_key"
FOLLOWED = """
SELECT facts.*, lao.name, lao.kind, district.name, province.name, profile.coordinator_name, profile.coordinator_phone,
       profile.coordinator_email, reminder.outcome, reminder.sent_at
  FROM (
        SELECT *, count(*) OVER () FROM ({0}) AS facts
         ORDER BY CASE WHEN n > 0 AND s = 0 THEN 0 WHEN n > s THEN 1 WHEN withheld THEN 2 WHEN n = 0 AND passed THEN 3
                  WHEN n > 0 THEN 6 ELSE 7 END, s - n, sort_key LIMIT {1}
       ) AS facts
  JOIN lao_lao AS lao USING (id)
  JOIN lao_district AS district ON district.id = facts.district
  JOIN lao_province AS province ON province.code = facts.province
  LEFT JOIN lao_laoprofile AS profile ON profile.lao_id = lao.id
  LEFT JOIN LATERAL (
        SELECT outcome, sent_at FROM reporting_reminderlog AS log
          JOIN reporting_reportinground AS known ON known.id = reporting_round_id
         WHERE log.lao_id = lao.id AND fiscal_year = 2562 AND months = 12 ORDER BY log.id DESC LIMIT 1
       ) AS reminder ON true
"""


def followed(where, limit):
    """The LAOs of a place as they are followed, so many of them."""
    tallies = "true" if where == "true" else OF_PLACE.format(where)
    return FOLLOWED.format(FACTS.format(where, tallies), limit)


def followed_areas(key):
    """The rows of a follow-up by areas."""
    late = "n > s"
    return [*SCOPE, f"""
SELECT {key}, count(*), count(*) FILTER (WHERE n > 0 AND n = s), count(*) FILTER (WHERE s > 0 AND {late}),
       count(*) FILTER (WHERE s = 0 AND {late}), count(*) FILTER (WHERE n = 0 AND passed),
       sum(n), sum(s), sum(c), sum(i)
  FROM ({FACTS.format("true", "true")}) AS facts GROUP BY {key}
"""]  # fmt: skip


SCORED = """
SELECT {0}, source, dimension_id, count(*), sum(points)
  FROM evaluation_score AS score
  JOIN projects_plan AS plan ON plan.id = score.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
 WHERE plan.period_id = (SELECT id FROM projects_planperiod WHERE first_year = 2561) AND {1} GROUP BY 1, 2, 3
"""
TOTALS = """
SELECT district.province_id, source, count(*), sum(CASE WHEN summed > 0 THEN summed ELSE coalesce(entered, summed) END)
  FROM (
        SELECT plan_id, source, sum(points) FILTER (WHERE dimension_id IS NOT NULL) AS summed,
               max(points) FILTER (WHERE dimension_id IS NULL) AS entered
          FROM evaluation_score GROUP BY plan_id, source
       ) AS score
  JOIN projects_plan AS plan ON plan.id = score.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
 GROUP BY 1, 2
"""
HELD = """
SELECT {0}, dimension_id, count(*)
  FROM projects_project AS project
  JOIN projects_plan AS plan ON plan.id = project.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
 WHERE deleted_at IS NULL AND NOT review_state = 'REJECTED' AND {1} GROUP BY 1, 2
"""
BUDGETS = """
SELECT {0}, dimension_id, sum(plan_budget)
  FROM reporting_tally AS tally
  JOIN lao_lao AS lao ON lao.id = tally.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
 WHERE tally.months = 12 AND tally.fiscal_year BETWEEN 2561 AND 2564 AND {1} GROUP BY 1, 2
"""
SCORES = """
SELECT plan.lao_id, source, dimension_id, points
  FROM evaluation_score AS score
  JOIN projects_plan AS plan ON plan.id = score.plan_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
 WHERE plan.period_id = (SELECT id FROM projects_planperiod WHERE first_year = 2561) AND {}
"""
# Of an LAO a budget of 0 is not the same as none, which only its project years know.
BUDGETS_OF_LAOS = f"""
SELECT id, dimension_id, CASE WHEN sum > 0 THEN sum ELSE (
        SELECT sum(plan_budget)
          FROM projects_plan AS plan
          JOIN projects_project AS project ON project.plan_id = plan.id
          JOIN projects_projectyear AS year ON year.project_id = project.id
         WHERE plan.lao_id = budget.id AND project.dimension_id = budget.dimension_id
           AND deleted_at IS NULL AND NOT review_state = 'REJECTED') END
  FROM ({BUDGETS.replace("{0}", "lao.id").replace("{1}", "{0}")}) AS budget
"""
AREAS_AT_HOME = """
SELECT district.province_id, count(*), count(account.claimed_at), count(n), sum(n), sum(at_6), sum(at_12)
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  LEFT JOIN lao_user AS account ON account.lao_id = lao.id
  LEFT JOIN (
        SELECT lao_id, sum(projects) FILTER (WHERE months = 6) AS n, sum(settled) FILTER (WHERE months = 6) AS at_6,
               sum(settled) FILTER (WHERE months = 12) AS at_12
          FROM reporting_tally WHERE fiscal_year = 2562 GROUP BY lao_id
       ) AS tally ON tally.lao_id = lao.id
 GROUP BY 1
"""


def scored(key, where="true"):
    """The rows of a table of scores by area."""
    return [sql.format(key, where) for sql in (SCORED, HELD, BUDGETS)]


def scored_laos(where):
    """The rows of a table of scores by LAO."""
    return [SCORES.format(where), HELD.format("lao.id", where), BUDGETS_OF_LAOS.format(where)]


def pages(lao):
    """(name, address, statements) of each page; `lao` is one of the province."""
    return [*summaries(lao), *reviews(), *follow_ups(lao), *scores(lao)]


def searched(word):
    """The review list of those whose name or LAO has `word`. The plans of the LAOs are looked up first: PostgreSQL
    plans badly what it can't count."""
    from projects.models import Plan

    plans = Plan.objects.filter(lao__loose_name__contains=word).values_list("pk", flat=True)
    of_plans = f" OR project.plan_id IN ({', '.join(map(str, plans))})" if plans else ""
    where = f"{WAITING} AND (project.loose_name LIKE '%{word}%'{of_plans})"
    some = COUNTED.replace("count(*)", "1") + " LIMIT 1050"
    rows = LISTED.format("", where, "project.updated_at, project.id")
    return [PROVINCES, NUMBERS, ALL_WAITING, LAO_NAMED.format(word), rows, some.format("", where)]


def reviews():
    """The review list, narrowed and ordered in every way, and the home page, which says how many wait."""
    decided = "EXISTS (SELECT 1 FROM projects_reviewdecision AS decision WHERE decision.project_id = project.id)"
    return [
        ("officer's home", "/home/?year=2562", [ALL_WAITING, *ACCOUNTS_WAITING, PROVINCES, AREAS_AT_HOME]),
        ("review: all that waits", "/review/", review()),
        ("review: newest first", "/review/?order=newest", review(order="project.updated_at DESC, project.id DESC")),
        (
            "review: by place",
            "/review/?order=lao",
            [PROVINCES, NUMBERS, LISTED_BY_PLACE.format(PLACED_PROJECTS, BY_PLACE), ALL_WAITING],
        ),
        (
            "review: page 600",
            "/review/?page=600",
            review(order="updated_at, id OFFSET 29950"),
        ),
        (
            "review: a province",
            "/review/?province=30",
            [DISTRICTS, *review(f"{WAITING} AND district.province_id = '30'", joins=PLACED_PROJECTS)],
        ),
        (
            "review: kind of LAO",
            "/review/?lao_kind=TOWN",
            review(f"{WAITING} AND lao.kind = 'TOWN'", joins=PLACED_PROJECTS),
        ),
        (
            "review: dimension and work type",
            "/review/?dimension=2&kind=MEASURE",
            review(f"""{WAITING} AND project.kind = 'MEASURE'
                   AND project.dimension_id IN (SELECT id FROM projects_dimension WHERE number = 2)"""),
        ),
        (
            "review: late",
            "/review/?late=on",
            review(f"{WAITING} AND project.updated_at < now() - interval '30 days'"),
        ),
        ("review: new", "/review/?state=NEW", review(f"{WAITING} AND NOT {decided}")),
        ("review: changed", "/review/?state=CHANGED", review(f"{WAITING} AND {decided}")),
        ("review: accepted", "/review/?state=ACCEPTED", review("project.review_state = 'ACCEPTED'")),
        ("review: all states", "/review/?state=ALL", review("true")),
        ("review: search, rare", "/review/?text=แหลมสัก", searched("แหลมสัก")),
        ("review: search, common", "/review/?text=อบรม", searched("อบรม")),
    ]


def follow_ups(lao):
    """Who has reported, at every level, and two of its files."""
    chosen = "year=2562&months=12"
    nation, korat = (followed(where, "50") for where in ("true", "district.province_id = '30'"))
    everyone = followed("true", "ALL")
    district = f"district.id = {lao.district_id}"
    return [
        ("follow-up: nation by region", f"/follow-up/?{chosen}&by=region", followed_areas("region")),
        ("follow-up: nation by province", f"/follow-up/?{chosen}&by=province", followed_areas("province")),
        ("follow-up: nation by district", f"/follow-up/?{chosen}&by=district", followed_areas("district")),
        ("follow-up: nation by LAO", f"/follow-up/?{chosen}&by=lao", [*SCOPE, nation]),
        ("follow-up: province", f"/follow-up/?{chosen}&province=30", [*SCOPE, DISTRICTS, korat]),
        (
            "follow-up: province, all 334",
            f"/follow-up/?{chosen}&province=30&page=all",
            [*SCOPE, DISTRICTS, followed("district.province_id = '30'", "ALL")],
        ),
        (
            "follow-up: district",
            f"/follow-up/?{chosen}&district={lao.district_id}",
            [*SCOPE, DISTRICTS, followed(district, "50")],
        ),
        ("follow-up: file by province", f"/follow-up/export/?{chosen}&by=province", followed_areas("province")),
        ("follow-up: file of all LAOs", f"/follow-up/export/?{chosen}&by=lao", [*SCOPE, everyone]),
    ]


def scores(lao):
    """The tables of scores, and their file."""
    korat = "district.province_id = '30'"
    names = f"SELECT lao.code, lao.kind, lao.name, district.name {PLACED} WHERE {korat}"
    own = f"lao.id = {lao.pk}"
    nation = [PROVINCES, TOTALS, *scored("district.province_id")]
    return [
        ("scores: nation by province", "/scores/?first_year=2561", nation),
        (
            "scores: province (334 LAOs)",
            "/scores/?province=30&first_year=2561",
            [PROVINCES, names, *scored_laos(korat)],
        ),
        ("scores: one LAO", f"/scores/lao/{lao.code}/?first_year=2561", [PLANS.format(lao.pk), *scored_laos(own)]),
        (
            "scores: entry, 50 LAOs",
            "/scores/entry/?province=30&first_year=2561",
            [PROVINCES, names, SCORES.format(korat)],
        ),
        ("scores: file of the nation", "/scores/export/?first_year=2561", nation),
    ]


def summaries(lao):
    """The summaries, from the nation to the projects of an LAO."""
    chosen = "year=2562&months=6"
    district = f"district.id = {lao.district_id}"
    province, region = "district.province_id = '30'", "province.region_id = 3"
    found = [
        ("nation by region", f"/summary/nation/?{chosen}", [*areas("province.region_id"), WEEKS_OF_NATION]),
        (
            "nation by province",
            f"/summary/nation/?{chosen}&by=province",
            [*areas("province.code"), WEEKS_OF_NATION],
        ),
        (
            "region by province",
            f"/summary/regions/3/?{chosen}",
            [*areas("province.code", region), WEEKS.format(region)],
        ),
        (
            "province (334 LAOs)",
            f"/summary/province/?province=30&{chosen}",
            [PROVINCES, *areas(LAOS, province), WEEKS.format(province)],
        ),
        (
            "province by district",
            f"/summary/province/?province=30&{chosen}&by=district",
            [PROVINCES, *areas("district.id", province), WEEKS.format(province)],
        ),
        (
            "district",
            f"/summary/districts/{lao.district_id}/?{chosen}",
            [AREA.format(district), *areas(LAOS, district), WEEKS.format(district)],
        ),
        (
            "one LAO and its projects",
            f"/summary/laos/{lao.code}/?{chosen}",
            [
                AREA.format(district),
                PLANS.format(lao.pk),
                areas("lao.id", f"lao.id = {lao.pk}")[1],
                WEEKS.format(f"lao.id = {lao.pk}"),
                PROJECTS.format(lao.pk),
            ],
        ),
    ]
    return [(f"summary: {name}", address, [*AROUND, *statements]) for name, address, statements in found]
