from django.db import migrations

NAMES = [
    "การสร้างสังคมที่ไม่ทนต่อการทุจริต",
    "การบริหารราชการเพื่อป้องกันการทุจริต",
    "การส่งเสริมบทบาทและการมีส่วนร่วมของภาคประชาชน",
    "การเสริมสร้างและปรับปรุงกลไกในการตรวจสอบการปฏิบัติราชการ",
]


def load(apps, schema_editor):
    """Put in the period 2561-2564 and its four dimensions, which the manual prints."""
    period = apps.get_model("projects", "PlanPeriod").objects.create(first_year=2561, last_year=2564)
    Dimension = apps.get_model("projects", "Dimension")
    Dimension.objects.bulk_create([Dimension(period=period, number=n, name=name) for n, name in enumerate(NAMES, 1)])


def unload(apps, schema_editor):
    """Take the period out again; plans that use it refuse."""
    apps.get_model("projects", "Dimension").objects.filter(period__first_year=2561).delete()
    apps.get_model("projects", "PlanPeriod").objects.filter(first_year=2561).delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_rules_across_tables")]
    operations = [migrations.RunPython(load, unload)]
