from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


audit_trigger = import_module("lao.migrations.0003_audit_trail").audit_trigger
OF_REPORT = (
    "SELECT plan.lao_id FROM reporting_progressreport AS report "
    "JOIN projects_projectyear AS year ON year.id = report.project_year_id "
    "JOIN projects_project AS project ON project.id = year.project_id "
    "JOIN projects_plan AS plan ON plan.id = project.plan_id WHERE report.id = ($1).report_id"
)


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0013_receipts_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptCaution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('SLIP_ORDINANCE_BUDGET', 'หน่วยของงบประมาณตามข้อบัญญัติ/เทศบัญญัติ'), ('SLIP_DISBURSED', 'หน่วยของการเบิกจ่าย'), ('ABOVE_ORDINANCE', 'เบิกจ่ายมากกว่างบประมาณ'), ('BELOW_SIX', 'เบิกจ่ายน้อยกว่ารอบ 6 เดือน'), ('UNSPENT', 'แล้วเสร็จโดยไม่มีการเบิกจ่าย')], max_length=25, verbose_name='ข้อที่ควรตรวจสอบ')),
                ('figures', models.CharField(max_length=60, verbose_name='จำนวนเงินที่ยืนยัน')),
                ('words', models.CharField(max_length=300, verbose_name='ข้อความ')),
                ('note', models.CharField(max_length=300, verbose_name='ยืนยันว่าถูกต้อง เพราะ')),
                ('kept_at', models.DateTimeField(auto_now=True, verbose_name='เมื่อ')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_cautions', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept', to='reporting.progressreport')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='kept_caution_once', violation_error_message='ยืนยันข้อนี้ไว้แล้ว'), models.CheckConstraint(condition=models.Q(('note__regex', '^\\s*$'), _negated=True), name='kept_caution_has_note', violation_error_message='กรุณาระบุเหตุผลที่ยืนยัน')],
            },
        ),
        audit_trigger("reporting_keptcaution", OF_REPORT, "", "id"),
    ]
