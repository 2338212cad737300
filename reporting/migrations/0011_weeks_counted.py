from django.db import migrations

# By itself: the key of the weeks is there when the migration that makes them has ended.
COUNT_ALL = "SELECT reporting_recount_weeks(coalesce(array_agg(id), '{}'), NULL) FROM projects_plan"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0010_weeks")]
    operations = [migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop)]
