from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# The arguments of the trail's trigger: how it finds the LAO, what is never shown, the key.
OF_USER = "SELECT lao_id FROM lao_user WHERE id = ($1).user_id"
AUDITED = {
    "lao_resetcode": (OF_USER, "secret_hash", "id"),
    "lao_resetrequest": (OF_USER, "", "id"),
}
audit_trigger = import_module("lao.migrations.0003_audit_trail").audit_trigger


class Migration(migrations.Migration):

    dependencies = [
        ('lao', '0006_register_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='ResetCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=200)),
                ('issued_at', models.DateTimeField(auto_now_add=True, verbose_name='ออกเมื่อ')),
                ('expires_at', models.DateTimeField(verbose_name='หมดอายุ')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='ใช้เมื่อ')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='ยกเลิกเมื่อ')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ResetRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='ขอเมื่อ')),
                ('asked_from', models.CharField(blank=True, default='', max_length=100, verbose_name='ขอจาก')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='ตอบเมื่อ')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='claimed_from',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='ลงทะเบียนจาก'),
        ),
        migrations.AddField(
            model_name='user',
            name='withheld_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='รอยืนยันตั้งแต่'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('withheld_since__isnull', True), ('role', 'LAO'), _connector='OR'), name='user_withheld_is_of_an_lao', violation_error_message='การรอยืนยันใช้กับบัญชีของ อปท. เท่านั้น'),
        ),
        migrations.AlterConstraint(
            model_name='user',
            name='user_username_unique',
            constraint=models.UniqueConstraint(fields=('username',), name='user_username_unique', violation_error_message='มีบัญชีชื่อนี้แล้ว กรุณาตั้งชื่ออื่น'),
        ),
        migrations.AddField(
            model_name='resetcode',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='resetrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reset_requests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='resetcode',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('used_at__isnull', True)), fields=('user',), name='resetcode_one_live_per_user'),
        ),
        migrations.AddConstraint(
            model_name='resetcode',
            constraint=models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='resetcode_used_or_revoked'),
        ),
        migrations.AddConstraint(
            model_name='resetrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('user',), name='reset_request_one_waiting_per_user'),
        ),
        *(audit_trigger(table, *arguments) for table, arguments in AUDITED.items()),
    ]
