import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0005_uploads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Kept as they were read, in another shape: what was published of them has a history of its own, and what still
        # waits is sent again.
        migrations.RunSQL("DELETE FROM evaluation_scoreupload", migrations.RunSQL.noop),
        migrations.AddField(
            model_name='scoreupload',
            name='bad',
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='scoreupload',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to=settings.AUTH_USER_MODEL),
        ),
    ]
