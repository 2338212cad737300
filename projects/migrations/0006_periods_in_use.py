from django.db import migrations

# What stands on a period holds it: its years may grow or shrink only around the plans and projects that there are, and a
# dimension that a project names stays where it is. Writers are held off meanwhile, so that nothing slips in between.
PERIOD_KEEPS_ITS_YEARS = """
CREATE FUNCTION projects_period_keeps_its_years() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE projects_plan, projects_projectyear IN SHARE MODE;
    IF EXISTS (
        SELECT 1 FROM projects_plan
         WHERE period_id = NEW.id AND passed_in NOT BETWEEN NEW.first_year AND NEW.last_year
    ) OR EXISTS (
        SELECT 1 FROM projects_projectyear AS year
          JOIN projects_project AS project ON project.id = year.project_id
          JOIN projects_plan AS plan ON plan.id = project.plan_id
         WHERE plan.period_id = NEW.id AND year.fiscal_year NOT BETWEEN NEW.first_year AND NEW.last_year
    ) THEN
        RAISE EXCEPTION 'plans or projects stand outside % to %', NEW.first_year, NEW.last_year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_keeps_its_years';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER period_keeps_its_years BEFORE UPDATE OF first_year, last_year ON projects_planperiod
    FOR EACH ROW WHEN ((NEW.first_year, NEW.last_year) IS DISTINCT FROM (OLD.first_year, OLD.last_year))
    EXECUTE FUNCTION projects_period_keeps_its_years();
"""

DIMENSION_IN_USE_STAYS = """
CREATE FUNCTION projects_dimension_in_use_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.period_id, NEW.number) IS NOT DISTINCT FROM (OLD.period_id, OLD.number) THEN
        RETURN NEW;
    END IF;
    LOCK TABLE projects_project IN SHARE MODE;
    IF EXISTS (
        SELECT 1 FROM projects_project AS project
          JOIN projects_plan AS plan ON plan.id = project.plan_id
         WHERE plan.period_id = OLD.period_id AND OLD.id = ANY (project.further_dimensions || project.dimension_id)
    ) THEN
        RAISE EXCEPTION 'projects name dimension %', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dimension_in_use_stays';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER dimension_in_use_stays BEFORE DELETE OR UPDATE OF period_id, number ON projects_dimension
    FOR EACH ROW EXECUTE FUNCTION projects_dimension_in_use_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_target_groups_by_name")]
    operations = [
        migrations.RunSQL(
            PERIOD_KEEPS_ITS_YEARS,
            "DROP TRIGGER period_keeps_its_years ON projects_planperiod; DROP FUNCTION projects_period_keeps_its_years()",
        ),
        migrations.RunSQL(
            DIMENSION_IN_USE_STAYS,
            "DROP TRIGGER dimension_in_use_stays ON projects_dimension; DROP FUNCTION projects_dimension_in_use_stays()",
        ),
    ]
