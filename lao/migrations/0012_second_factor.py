import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Not every sign-in, which moves last_step, but what pairs, parts or uses up a backup code. Seed and hashes are masked.
AUDIT = """
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF seed, backup_hashes ON lao_secondfactor
    FOR EACH ROW EXECUTE FUNCTION audit_row('SELECT NULL::bigint', 'seed,backup_hashes', 'user_id')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('lao', '0011_few_withheld'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='second_factor', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seed', models.UUIDField(verbose_name='ค่าตั้งต้น')),
                ('last_step', models.BigIntegerField(verbose_name='รหัสล่าสุด')),
                ('backup_hashes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None, verbose_name='รหัสสำรอง')),
                ('set_up_at', models.DateTimeField(auto_now_add=True, verbose_name='ตั้งค่าเมื่อ')),
            ],
        ),
        migrations.RunSQL(AUDIT, "DROP TRIGGER audit ON lao_secondfactor"),
    ]
