from django.db import migrations

OF_REPORT = (
    "SELECT plan.lao_id FROM projects_projectyear AS year "
    "JOIN projects_project AS project ON project.id = year.project_id "
    "JOIN projects_plan AS plan ON plan.id = project.plan_id WHERE year.id = ($1).project_year_id"
)
AUDITED = {
    "reporting_progressreport": OF_REPORT,
    "reporting_reportinground": "SELECT NULL::bigint",
    "reporting_extension": "SELECT ($1).lao_id",
    "reporting_levelcutoff": "SELECT NULL::bigint",
}


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail"), ("reporting", "0002_tallies")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION audit_row('{find_lao}', '', 'id')",
            f"DROP TRIGGER audit ON {table}",
        )
        for table, find_lao in AUDITED.items()
    ]
