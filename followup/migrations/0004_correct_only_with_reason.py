import goals.models.fields
from django.db import migrations, models

from followup.guards import guard, unguard


def corrections_so_far(apps, schema_editor):
    """A value keeps its latest correction from now on; until now only the revisions told."""
    revisions = apps.get_model('followup', 'Revision').objects.filter(
        measurement=models.OuterRef('pk'), was_approved=True
    )
    latest = revisions.order_by('-at', '-pk')
    measurements = apps.get_model('followup', 'Measurement').objects.filter(models.Exists(revisions))
    measurements.update(
        corrected_from=models.Subquery(latest.values('old_value')[:1]),
        corrected_at=models.Subquery(latest.values('at')[:1]),
    )


def put_up(apps, schema_editor):
    guard(schema_editor.connection)


def take_down(apps, schema_editor):
    unguard(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0003_reminders_count_from_a_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='measurement',
            name='corrected_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='measurement',
            name='corrected_from',
            field=goals.models.fields.ValueField(blank=True, null=True),
        ),
        migrations.RunPython(corrections_so_far, migrations.RunPython.noop),
        migrations.RunPython(put_up, take_down),
    ]
