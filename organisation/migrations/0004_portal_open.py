
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_host_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='authority',
            name='is_portal_open',
            field=models.BooleanField(default=False, help_text='Alle kan se de mål og tal, I har valgt at vise', verbose_name='åbne mål er åbne'),
        ),
    ]
