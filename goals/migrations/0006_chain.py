from django.db import migrations

from goals.guards import guard, unguard


def put_up(apps, schema_editor):
    guard(schema_editor.connection)


def take_down(apps, schema_editor):
    unguard(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0006_focus_area_becomes_goal'),
    ]

    operations = [
        migrations.RunPython(put_up, take_down),
    ]
