from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lao', '0012_second_factor'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
