"""Migrations: the short way of a new database and the long way of an old one meet."""

import pytest
from django.db.migrations.loader import MigrationLoader

APPS = ("organisation", "goals", "followup", "citizens", "reports")


@pytest.mark.parametrize("app", APPS)
def test_every_older_migration_is_replaced_by_one(app):
    """One left out would be run on a new database after the tables it makes are there."""
    migrations = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] == app}
    replacing = [one for one in migrations.values() if one.replaces]
    for one in replacing:
        last = one.replaces[-1]
        assert one.name.endswith(last[1]), "the name says how far it goes"
        older = {key for key in migrations if key[1] <= last[1] and key != (app, one.name)}
        assert set(one.replaces) == older
