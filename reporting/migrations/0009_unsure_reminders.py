from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0008_excel_uploads'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminderlog',
            name='reminder_sent_has_time',
        ),
        migrations.AlterField(
            model_name='reminderlog',
            name='outcome',
            field=models.CharField(choices=[('WAITING', 'รอส่ง'), ('SENT', 'ส่งแล้ว'), ('FAILED', 'ส่งไม่สำเร็จ จะลองอีก'), ('UNSURE', 'หยุดกลางคัน ไม่แน่ใจว่าส่งถึง'), ('BOUNCED', 'ถูกตีกลับ'), ('NO_ADDRESS', 'ไม่มีอีเมลผู้ประสานงาน'), ('NOT_NEEDED', 'ไม่ได้ส่ง เพราะรายงานครบแล้ว')], default='WAITING', max_length=10, verbose_name='ผล'),
        ),
        migrations.AddConstraint(
            model_name='reminderlog',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'SENT'), ('sent_at__isnull', False)), ('outcome', 'BOUNCED'), models.Q(('outcome__in', ['WAITING', 'FAILED', 'UNSURE', 'NO_ADDRESS', 'NOT_NEEDED']), ('sent_at__isnull', True)), _connector='OR'), name='reminder_sent_has_time', violation_error_message='การเตือนที่ส่งแล้วต้องมีเวลาส่ง'),
        ),
    ]
