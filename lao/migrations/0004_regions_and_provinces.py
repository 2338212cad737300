from django.db import migrations

from lao.geography import provinces


def load(apps, schema_editor):
    """Put in the nine regions and the 77 provinces."""
    Region = apps.get_model("lao", "Region")
    Province = apps.get_model("lao", "Province")
    Region.objects.bulk_create([Region(number=number) for number in range(1, 10)], ignore_conflicts=True)
    Province.objects.bulk_create(
        [Province(code=code, name=name, region_id=region) for code, name, region in provinces()], ignore_conflicts=True
    )


def unload(apps, schema_editor):
    """Take them out again; provinces in use refuse."""
    apps.get_model("lao", "Province").objects.all().delete()
    apps.get_model("lao", "Region").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail")]
    operations = [migrations.RunPython(load, unload)]
