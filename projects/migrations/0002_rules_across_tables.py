from django.db import migrations

# What a single row's constraint can't say. Each refusal bears a constraint's name, like any other.
YEAR_WITHIN_PLAN = """
CREATE FUNCTION projects_year_within_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    passed smallint;
    last smallint;
BEGIN
    SELECT plan.passed_in, period.last_year INTO passed, last
      FROM projects_project AS project
      JOIN projects_plan AS plan ON plan.id = project.plan_id
      JOIN projects_planperiod AS period ON period.id = plan.period_id
     WHERE project.id = NEW.project_id;
    IF FOUND AND (passed IS NULL OR NEW.fiscal_year NOT BETWEEN passed AND last) THEN
        RAISE EXCEPTION 'fiscal year % is outside the plan', NEW.fiscal_year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'project_year_within_plan';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER year_within_plan BEFORE INSERT OR UPDATE OF project_id, fiscal_year ON projects_projectyear
    FOR EACH ROW EXECUTE FUNCTION projects_year_within_plan();
"""

PLAN_KEEPS_ITS_YEARS = """
CREATE FUNCTION projects_plan_keeps_its_years() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.lao_id, NEW.period_id) IS DISTINCT FROM (OLD.lao_id, OLD.period_id) THEN
        RAISE EXCEPTION 'a plan stays with its organisation and period'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_stays_with_its_lao_and_period';
    END IF;
    IF NEW.passed_in IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM projects_planperiod AS period
         WHERE period.id = NEW.period_id AND NEW.passed_in BETWEEN period.first_year AND period.last_year
    ) THEN
        RAISE EXCEPTION 'passed_in % is outside the period', NEW.passed_in
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_passed_in_within_period';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.passed_in IS DISTINCT FROM OLD.passed_in AND EXISTS (
        SELECT 1 FROM projects_projectyear AS year
          JOIN projects_project AS project ON project.id = year.project_id
         WHERE project.plan_id = NEW.id AND (NEW.passed_in IS NULL OR year.fiscal_year < NEW.passed_in)
    ) THEN
        RAISE EXCEPTION 'projects stand in years before %', NEW.passed_in
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_passed_in_keeps_its_years';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER plan_keeps_its_years BEFORE INSERT OR UPDATE ON projects_plan
    FOR EACH ROW EXECUTE FUNCTION projects_plan_keeps_its_years();
"""

DIMENSIONS_OF_THE_PERIOD = """
CREATE FUNCTION projects_dimensions_of_the_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM unnest(NEW.further_dimensions || NEW.dimension_id) AS wanted(id)
         WHERE NOT EXISTS (
            SELECT 1 FROM projects_dimension AS dimension
              JOIN projects_plan AS plan ON plan.period_id = dimension.period_id
             WHERE dimension.id = wanted.id AND plan.id = NEW.plan_id
         )
    ) THEN
        RAISE EXCEPTION 'a dimension is not of the plan''s period'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'project_dimensions_of_the_period';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER dimensions_of_the_period BEFORE INSERT OR UPDATE OF plan_id, dimension_id, further_dimensions
    ON projects_project FOR EACH ROW EXECUTE FUNCTION projects_dimensions_of_the_period();
"""

DECISIONS_APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON projects_reviewdecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON projects_reviewdecision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

AUDITED = {
    "projects_plan": "SELECT ($1).lao_id",
    "projects_project": "SELECT lao_id FROM projects_plan WHERE id = ($1).plan_id",
    "projects_projectyear": (
        "SELECT plan.lao_id FROM projects_plan AS plan "
        "JOIN projects_project AS project ON project.plan_id = plan.id WHERE project.id = ($1).project_id"
    ),
    "projects_reviewdecision": (
        "SELECT plan.lao_id FROM projects_plan AS plan "
        "JOIN projects_project AS project ON project.plan_id = plan.id WHERE project.id = ($1).project_id"
    ),
    "projects_planperiod": "SELECT NULL::bigint",
    "projects_dimension": "SELECT NULL::bigint",
}


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail"), ("projects", "0001_initial")]
    operations = [
        migrations.RunSQL(
            YEAR_WITHIN_PLAN,
            "DROP TRIGGER year_within_plan ON projects_projectyear; DROP FUNCTION projects_year_within_plan()",
        ),
        migrations.RunSQL(
            PLAN_KEEPS_ITS_YEARS,
            "DROP TRIGGER plan_keeps_its_years ON projects_plan; DROP FUNCTION projects_plan_keeps_its_years()",
        ),
        migrations.RunSQL(
            DIMENSIONS_OF_THE_PERIOD,
            "DROP TRIGGER dimensions_of_the_period ON projects_project; "
            "DROP FUNCTION projects_dimensions_of_the_period()",
        ),
        migrations.RunSQL(
            DECISIONS_APPEND_ONLY,
            "DROP TRIGGER append_only ON projects_reviewdecision; DROP TRIGGER never_emptied ON projects_reviewdecision",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION audit_row('{find_lao}', '', 'id')",
                f"DROP TRIGGER audit ON {table}",
            )
            for table, find_lao in AUDITED.items()
        ),
    ]
