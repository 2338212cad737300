"""The lists of the administration that are measured, each with the SQL that somebody would write for its rows alone."""

from tests.bench.officer_sql import ACCOUNTS_WAITING, PROVINCES

PLACE = """
  LEFT JOIN lao_lao AS lao ON lao.id = account.lao_id
  LEFT JOIN lao_district AS district ON district.id = lao.district_id
  LEFT JOIN lao_province AS province ON province.code = district.province_id
"""
CARE = [
    *ACCOUNTS_WAITING,
    """SELECT claimed_from, count(*), max(claimed_at) FROM lao_user
        WHERE withheld_since IS NOT NULL AND claimed_at IS NOT NULL GROUP BY 1 HAVING count(*) >= 10""",
    "SELECT count(*) FROM lao_user WHERE withheld_since IS NOT NULL AND claimed_at IS NOT NULL",
]
LISTED = f"""
SELECT account.*, lao.*, district.*, province.*, officers.name, factor.*, profile.coordinator_email, (
         SELECT asked_at FROM lao_resetrequest WHERE user_id = account.id AND answered_at IS NULL LIMIT 1)
  FROM (
        SELECT account.id FROM lao_user AS account {PLACE} WHERE {{0}}
         ORDER BY province.sort_key NULLS FIRST, district.sort_key NULLS FIRST, lao.sort_key NULLS FIRST, username
         LIMIT 50 OFFSET {{1}}
       ) AS page
  JOIN lao_user AS account ON account.id = page.id {PLACE}
  LEFT JOIN lao_province AS officers ON officers.code = account.province_id
  LEFT JOIN lao_secondfactor AS factor ON factor.user_id = account.id
  LEFT JOIN lao_laoprofile AS profile ON profile.lao_id = account.lao_id
"""
NAMED = "(lao.loose_name LIKE '%{0}%' OR district.loose_name LIKE '%{0}%' OR province.loose_name LIKE '%{0}%')"
LAOS_NAMED = f"""
SELECT lao.id FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id WHERE {NAMED}
"""
ENTRIES = "SELECT * FROM lao_auditentry WHERE {} ORDER BY id DESC LIMIT 51"
# What the entries speak of: LAOs with their places, projects and reports with the names of their projects.
SPOKEN_OF = [
    f"""SELECT lao.*, district.*, province.* FROM lao_lao AS lao
          JOIN lao_district AS district ON district.id = lao.district_id
          JOIN lao_province AS province ON province.code = district.province_id
         WHERE lao.id IN (SELECT lao_id FROM ({ENTRIES}) AS entry)""",
    f"""SELECT project.* FROM projects_project AS project WHERE id IN (
            SELECT row_id::bigint FROM ({ENTRIES}) AS entry WHERE table_name = 'projects_project')""",
    f"""SELECT report.*, year.*, project.* FROM reporting_progressreport AS report
          JOIN projects_projectyear AS year ON year.id = report.project_year_id
          JOIN projects_project AS project ON project.id = year.project_id
         WHERE report.id IN (
            SELECT row_id::bigint FROM ({ENTRIES}) AS entry WHERE table_name = 'reporting_progressreport')""",
]
ROUNDS = """
SELECT known.*, count(extension.id) FROM reporting_reportinground AS known
  LEFT JOIN reporting_extension AS extension ON extension.reporting_round_id = known.id
 GROUP BY known.id ORDER BY fiscal_year DESC, months DESC
"""
EXTENSIONS = [
    "SELECT count(*) FROM reporting_extension",
    """SELECT extension.*, known.*, lao.*, district.*, province.*, whole.* FROM reporting_extension AS extension
         JOIN reporting_reportinground AS known ON known.id = reporting_round_id
         LEFT JOIN lao_lao AS lao ON lao.id = extension.lao_id
         LEFT JOIN lao_district AS district ON district.id = lao.district_id
         LEFT JOIN lao_province AS province ON province.code = district.province_id
         LEFT JOIN lao_province AS whole ON whole.code = extension.province_id
        ORDER BY fiscal_year DESC, months DESC, until DESC, extension.id DESC LIMIT 50""",
]
PERIODS = [
    """SELECT period.*, (SELECT count(*) FROM projects_plan WHERE period_id = period.id),
              (SELECT count(passed_in) FROM projects_plan WHERE period_id = period.id), (
                SELECT count(*) FROM projects_project AS project JOIN projects_plan AS plan ON plan.id = plan_id
                 WHERE deleted_at IS NULL AND plan.period_id = period.id), (
                SELECT count(*) FROM reporting_reportinground WHERE fiscal_year BETWEEN first_year AND last_year)
         FROM projects_planperiod AS period ORDER BY first_year DESC""",
    "SELECT * FROM projects_dimension",
    "SELECT * FROM reporting_levelcutoff",
]
LETTERS = """
SELECT province.code, province.name, count(*), count(*) FILTER (
         WHERE EXISTS (SELECT 1 FROM lao_activationcode AS code WHERE code.user_id = account.id AND used_at IS NULL
                          AND revoked_at IS NULL AND expires_at > now()))
  FROM lao_user AS account
  JOIN lao_lao AS lao ON lao.id = account.lao_id
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
 WHERE claimed_at IS NULL AND is_active GROUP BY province.code ORDER BY province.sort_key
"""
REMINDERS = [
    """SELECT count(*) FROM reporting_reminderlog AS log JOIN reporting_reportinground AS known
           ON known.id = reporting_round_id WHERE fiscal_year = 2562 AND months = 12""",
    """SELECT log.*, lao.*, district.*, province.*, officer.* FROM reporting_reminderlog AS log
         JOIN lao_lao AS lao ON lao.id = log.lao_id
         JOIN lao_district AS district ON district.id = lao.district_id
         JOIN lao_province AS province ON province.code = district.province_id
         LEFT JOIN lao_user AS officer ON officer.id = asked_by_id
        WHERE reporting_round_id = (SELECT id FROM reporting_reportinground WHERE fiscal_year = 2562 AND months = 12)
        ORDER BY log.id DESC LIMIT 50""",
    PROVINCES,
]


def accounts(where="true", offset=0):
    """A page of the accounts, and how many there are."""
    count = f"SELECT count(*) FROM lao_user AS account {PLACE if '.' in where else ''} WHERE {where}"
    return [count, LISTED.format(where, offset), *CARE]


def entries(where="true"):
    """A page of the trail, and what its entries speak of."""
    return [sql.format(where) for sql in (ENTRIES, *SPOKEN_OF)]


def entries_of_laos(**narrowed):
    """A page of the trail of LAOs, whose keys are looked up first: PostgreSQL plans badly what it can't count."""
    from lao.models import Lao

    keys = ", ".join(map(str, Lao.objects.filter(**narrowed).values_list("pk", flat=True)))
    name = next(iter(narrowed.values()))
    return [LAOS_NAMED.format(name), *entries(f"lao_id IN ({keys})")]


def pages(lao):
    """(name, address, statements) of each list; `lao` is one of the province."""
    trail = "/manage/audit/?"
    by_clerk = f"actor_id = (SELECT id FROM lao_user WHERE username = '{lao.code}')"
    reports, projects = "reporting_progressreport", "projects_project"
    day = "(SELECT id FROM lao_auditentry WHERE at < '{}+07' ORDER BY at DESC LIMIT 1)"
    month = f"id > {day.format('2020-04-01')} AND id <= {day.format('2020-05-01')}"
    found = [
        ("accounts", "/manage/accounts/", accounts()),
        ("accounts: page 100", "/manage/accounts/?page=100", accounts(offset=4950)),
        ("accounts: in use", "/manage/accounts/?state=CLAIMED", accounts("account.claimed_at IS NOT NULL")),
        (
            "accounts: never used, of a province",
            "/manage/accounts/?province=30&state=UNCLAIMED",
            accounts("claimed_at IS NULL AND district.province_id = '30'"),
        ),
        ("accounts: search", "/manage/accounts/?text=แหลมสัก", accounts(NAMED.format("แหลมสัก"))),
        ("trail: latest", trail, entries()),
        ("trail: far back", f"{trail}before=1000", entries("id < 1000")),
        ("trail: of a person", f"{trail}person={lao.code}", entries(by_clerk)),
        ("trail: of an LAO", f"{trail}lao={lao.code}", entries(f"lao_id = {lao.pk}")),
        ("trail: of a name", f"{trail}lao=แหลมสัก", entries_of_laos(loose_name__contains="แหลมสัก")),
        ("trail: of a province", f"{trail}lao=นครราชสีมา", entries_of_laos(district__province="30")),
        ("trail: reports", f"{trail}table={reports}", entries(f"table_name = '{reports}'")),
        ("trail: projects", f"{trail}table={projects}", entries(f"table_name = '{projects}'")),
        ("trail: changes", f"{trail}action=UPDATE", entries("action = 'UPDATE'")),
        ("trail: a month", f"{trail}since=1/4/2563&until=30/4/2563", entries(month)),
        ("rounds", "/manage/rounds/", [ROUNDS]),
        ("extensions", "/manage/extensions/", EXTENSIONS),
        ("periods", "/manage/periods/", PERIODS),
        ("letters", "/manage/letters/", [LETTERS]),
        (
            "register: search",
            "/manage/register/?q=แหลมสัก",
            [LAOS_NAMED.format("แหลมสัก").replace("lao.id", "lao.*, district.*, province.*")],
        ),
        ("reminders sent", "/follow-up/reminders/?year=2562&months=12", REMINDERS),
    ]
    return [(f"manage: {name}", address, statements) for name, address, statements in found]
