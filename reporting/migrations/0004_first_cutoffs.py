from django.db import migrations

CUTOFFS = {6: (50, 20), 12: (80, 50)}


def load(apps, schema_editor):
    """Put in the cut-offs of 2561-2564: มาก and ปานกลาง from these percentages on."""
    period = apps.get_model("projects", "PlanPeriod").objects.get(first_year=2561)
    LevelCutoff = apps.get_model("reporting", "LevelCutoff")
    LevelCutoff.objects.bulk_create(
        [LevelCutoff(period=period, months=months, high=high, medium=medium) for months, (high, medium) in CUTOFFS.items()]
    )


def unload(apps, schema_editor):
    """Take them out again."""
    apps.get_model("reporting", "LevelCutoff").objects.filter(period__first_year=2561).delete()


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_audit_trail")]
    operations = [migrations.RunPython(load, unload)]
