from django.db import migrations

from followup.series_key import put_up, take_down


def replace_the_key(apps, schema_editor):
    """On PostgreSQL. The table is held for a moment; nothing is read."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    measurement = apps.get_model('followup', 'Measurement')
    for name in schema_editor._constraint_names(measurement, ['series_id'], foreign_key=True):
        schema_editor.execute(schema_editor._delete_fk_sql(measurement, name))
    put_up(schema_editor.connection)


def restore_the_key(apps, schema_editor):
    """Every value is looked through."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    take_down(schema_editor.connection)
    measurement = apps.get_model('followup', 'Measurement')
    field = measurement._meta.get_field('series')
    schema_editor.execute(schema_editor._create_fk_sql(measurement, field, '_fk_%(to_table)s_%(to_column)s'))


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0001_squashed_0009_weakened_on_agenda'),
        ('goals', '0005_asked_for_by_state'),
    ]

    operations = [
        migrations.RunPython(replace_the_key, restore_the_key, elidable=False),
    ]
