from importlib import import_module

from django.db import migrations, models

# The function of 0002 with one count more: of how many project years nothing is left to report in the very round. In
# the 12-month rows the other counts let a 6-month report stand in, and so can't say who still owes one.
RETALLY = """
CREATE OR REPLACE FUNCTION reporting_retally(plan_ids bigint[], years smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF plan_ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM projects_plan WHERE id = ANY (plan_ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS (
        SELECT plan.lao_id, year.fiscal_year, length.months, project.dimension_id,
               count(*) AS projects,
               count(*) FILTER (WHERE report.status = 'COMPLETED') AS completed,
               count(*) FILTER (WHERE report.status = 'IN_PROGRESS') AS in_progress,
               count(*) FILTER (WHERE report.status = 'NOT_FEASIBLE') AS not_feasible,
               count(*) FILTER (WHERE report.in_ordinance) AS in_ordinance,
               count(*) FILTER (WHERE report.months = length.months OR report.status = 'COMPLETED') AS settled,
               coalesce(sum(year.plan_budget), 0) AS plan_budget,
               coalesce(sum(report.ordinance_budget), 0) AS ordinance_budget,
               coalesce(sum(report.disbursed), 0) AS disbursed
          FROM projects_plan AS plan
          JOIN projects_project AS project
            ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
          JOIN projects_projectyear AS year ON year.project_id = project.id
         CROSS JOIN (VALUES (6::smallint), (12::smallint)) AS length(months)
          LEFT JOIN LATERAL (
                SELECT said.months, said.status, said.in_ordinance, said.ordinance_budget, said.disbursed
                  FROM reporting_progressreport AS said
                 WHERE said.project_year_id = year.id AND said.months <= length.months
                 ORDER BY said.months DESC
                 LIMIT 1
               ) AS report ON true
         WHERE plan.id = ANY (plan_ids) AND (years IS NULL OR year.fiscal_year = ANY (years))
         GROUP BY plan.lao_id, year.fiscal_year, length.months, project.dimension_id
    ), gone AS (
        DELETE FROM reporting_tally AS tally
         USING projects_plan AS plan, projects_planperiod AS period
         WHERE plan.id = ANY (plan_ids) AND period.id = plan.period_id AND tally.lao_id = plan.lao_id
           AND tally.fiscal_year BETWEEN period.first_year AND period.last_year
           AND (years IS NULL OR tally.fiscal_year = ANY (years))
           AND NOT EXISTS (
                SELECT 1 FROM fresh
                 WHERE (fresh.lao_id, fresh.fiscal_year, fresh.months, fresh.dimension_id)
                     = (tally.lao_id, tally.fiscal_year, tally.months, tally.dimension_id)
           )
    )
    INSERT INTO reporting_tally AS tally (
        lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
        settled, plan_budget, ordinance_budget, disbursed
    )
    SELECT lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
           settled, plan_budget, ordinance_budget, disbursed
      FROM fresh
        ON CONFLICT (fiscal_year, months, lao_id, dimension_id) DO UPDATE
       SET projects = excluded.projects, completed = excluded.completed, in_progress = excluded.in_progress,
           not_feasible = excluded.not_feasible, in_ordinance = excluded.in_ordinance, settled = excluded.settled,
           plan_budget = excluded.plan_budget, ordinance_budget = excluded.ordinance_budget,
           disbursed = excluded.disbursed
     WHERE (tally.projects, tally.completed, tally.in_progress, tally.not_feasible, tally.in_ordinance,
            tally.settled, tally.plan_budget, tally.ordinance_budget, tally.disbursed)
           IS DISTINCT FROM
           (excluded.projects, excluded.completed, excluded.in_progress, excluded.not_feasible, excluded.in_ordinance,
            excluded.settled, excluded.plan_budget, excluded.ordinance_budget, excluded.disbursed);
END
$$;
"""
BEFORE = import_module("reporting.migrations.0002_tallies").RETALLY.replace("CREATE", "CREATE OR REPLACE", 1)
RECOUNT = "SELECT reporting_retally(coalesce(array_agg(id), '{}'), NULL) FROM projects_plan"
COUNTS = ["projects", "completed", "in_progress", "not_feasible"]


def once(counts):
    """The constraint of tallies, its index holding `counts`."""
    key = ["fiscal_year", "months", "lao", "dimension"]
    return models.UniqueConstraint(fields=key, include=counts, name="tally_once")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_first_cutoffs")]
    operations = [
        migrations.AddField("tally", "settled", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RemoveConstraint("tally", "tally_once"),
        migrations.AddConstraint("tally", once([*COUNTS, "settled"])),
        migrations.RunSQL(RETALLY, BEFORE),
        migrations.RunSQL(RECOUNT, migrations.RunSQL.noop),
    ]
