from django.db import migrations, models

from reports.guards import guard, unguard


def guard_again(apps, schema_editor):
    unguard(schema_editor.connection)
    guard(schema_editor.connection)


def take_down(apps, schema_editor):
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_subscriptions"),
    ]

    operations = [
        # The guard names the columns: it is put up anew with the new one, and before it goes away.
        migrations.RunPython(take_down, guard_again),
        migrations.AddField(
            model_name="edition",
            name="words",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(guard_again, take_down),
    ]
