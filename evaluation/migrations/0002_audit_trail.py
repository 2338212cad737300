from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail"), ("evaluation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON evaluation_score FOR EACH ROW EXECUTE FUNCTION "
            "audit_row('SELECT lao_id FROM projects_plan WHERE id = ($1).plan_id', '', 'id')",
            "DROP TRIGGER audit ON evaluation_score",
        )
    ]
