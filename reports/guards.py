"""The database's own guard: what was published is never changed, whatever the code does.

An edition may be withdrawn and nothing else; its files stand as they are. What may not be deleted is held by the
foreign keys. A migration that makes SQLite remake a table ends with `guard` (`organisation.triggers`).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from organisation.triggers import IS_NOT, Triggers

MESSAGE = "a published report is never changed"
# Table -> the columns that stand.
STANDING = {
    "reports_edition": ("report_id", "number", "content", "words", "sha256", "published_by_id", "published_at"),
    "reports_editionfile": ("edition_id", "kind", "data", "sha256"),
}
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {{name}}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}: % %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation'; END $$;
CREATE OR REPLACE TRIGGER {{name}} BEFORE UPDATE ON {{table}} FOR EACH ROW
WHEN ({{changed}}) EXECUTE FUNCTION {{name}}();
"""
SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS {{name}} BEFORE UPDATE ON {{table}} WHEN {{changed}}
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
TABLES = {f"{table}_stands": table for table in STANDING}


def _sql(connection: BaseDatabaseWrapper, name: str) -> str:
    """A column that no migration has made yet is left out."""
    table = TABLES[name]
    with connection.cursor() as cursor:
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    compared = (one for one in STANDING[table] if one in there)
    changed = " OR ".join(f"OLD.{one} {IS_NOT[connection.vendor]} NEW.{one}" for one in compared)
    sql = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    return sql.format(name=name, table=table, changed=changed)


TRIGGERS = Triggers(TABLES, _sql)
guard, unguard, has_guards = TRIGGERS.put_up, TRIGGERS.take_down, TRIGGERS.all_stand
