from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

# Of how many project years nothing was left to report in a round since which week: those that the tallies count as
# settled, by the Monday, in Bangkok, of the report that settled them. Kept beside the tallies, by the same function.
RECOUNT = """
CREATE FUNCTION reporting_recount_weeks(plan_ids bigint[], years smallint[]) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH fresh AS (
        SELECT plan.lao_id, year.fiscal_year, length.months,
               date_trunc('week', settling.reported_at AT TIME ZONE 'Asia/Bangkok')::date AS week, count(*) AS settled
          FROM projects_plan AS plan
          JOIN projects_project AS project
            ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
          JOIN projects_projectyear AS year ON year.project_id = project.id
         CROSS JOIN (VALUES (6::smallint), (12::smallint)) AS length(months)
          JOIN LATERAL (
                SELECT said.reported_at
                  FROM reporting_progressreport AS said
                 WHERE said.project_year_id = year.id
                   AND (said.months = length.months OR (said.months < length.months AND said.status = 'COMPLETED'))
                 ORDER BY said.months
                 LIMIT 1
               ) AS settling ON true
         WHERE plan.id = ANY (plan_ids) AND (years IS NULL OR year.fiscal_year = ANY (years))
           AND NOT EXISTS (
                SELECT 1 FROM lao_user AS account
                 WHERE account.lao_id = plan.lao_id AND account.withheld_since IS NOT NULL
               )
         GROUP BY plan.lao_id, year.fiscal_year, length.months, week
    ), gone AS (
        DELETE FROM reporting_week AS kept
         USING projects_plan AS plan, projects_planperiod AS period
         WHERE plan.id = ANY (plan_ids) AND period.id = plan.period_id AND kept.lao_id = plan.lao_id
           AND kept.fiscal_year BETWEEN period.first_year AND period.last_year
           AND (years IS NULL OR kept.fiscal_year = ANY (years))
           AND NOT EXISTS (
                SELECT 1 FROM fresh
                 WHERE (fresh.lao_id, fresh.fiscal_year, fresh.months, fresh.week)
                     = (kept.lao_id, kept.fiscal_year, kept.months, kept.week)
           )
    )
    INSERT INTO reporting_week AS kept (lao_id, fiscal_year, months, week, settled)
    SELECT lao_id, fiscal_year, months, week, settled FROM fresh
        ON CONFLICT (fiscal_year, months, lao_id, week) DO UPDATE SET settled = excluded.settled
     WHERE kept.settled <> excluded.settled;
END
$$;
"""
FORGET = "DROP FUNCTION reporting_recount_weeks(bigint[], smallint[])"
BEFORE = import_module("reporting.migrations.0007_withheld_left_out").RETALLY
# One plan for all calls: to plan each of them anew took longer than the counting itself.
RETALLY = BEFORE.replace("LANGUAGE plpgsql AS", "LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS").replace(
    "END\n$$", "    PERFORM reporting_recount_weeks(plan_ids, years);\nEND\n$$"
)


class Migration(migrations.Migration):
    dependencies = [("lao", "0002_initial"), ("reporting", "0009_unsure_reminders")]
    operations = [
        migrations.CreateModel(
            name="Week",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("months", models.PositiveSmallIntegerField()),
                ("week", models.DateField()),
                ("settled", models.PositiveIntegerField()),
                (
                    "lao",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="weeks", to="lao.lao"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fiscal_year", "months", "lao", "week"), include=("settled",), name="week_once"
                    )
                ]
            },
        ),
        migrations.RunSQL(RECOUNT, FORGET),
        migrations.RunSQL(RETALLY, BEFORE),
    ]
