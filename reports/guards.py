"""The database's own guard: what was published is never changed, whatever the code does.

An edition may be withdrawn and nothing else; its files stand as they are. What may not be deleted is held by the
foreign keys. SQLite drops a table's triggers when a migration remakes the table: such a migration ends with `guard`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "a published report is never changed"
# Table -> the columns that stand.
STANDING = {
    "reports_edition": ("report_id", "number", "content", "words", "sha256", "published_by_id", "published_at"),
    "reports_editionfile": ("edition_id", "kind", "data", "sha256"),
}
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {{table}}_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}: % %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation'; END $$;
CREATE OR REPLACE TRIGGER {{table}}_stands BEFORE UPDATE ON {{table}} FOR EACH ROW
WHEN ({{changed}}) EXECUTE FUNCTION {{table}}_stands();
"""
SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS {{table}}_stands BEFORE UPDATE ON {{table}} WHEN {{changed}}
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
IS_NOT = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the guards up; nothing when they stand. A column that no migration has made yet is left out."""
    sql = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for table, columns in STANDING.items():
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            compared = (one for one in columns if one in there)
            changed = " OR ".join(f"OLD.{one} {IS_NOT[connection.vendor]} NEW.{one}" for one in compared)
            cursor.execute(sql.format(table=table, changed=changed))


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take them down."""
    with connection.cursor() as cursor:
        for table in STANDING:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_stands() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stands")


def has_guards(connection: BaseDatabaseWrapper) -> bool:
    """Whether both stand; a trigger that is switched off does not."""
    where = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        " AND tgrelid IN ('reports_edition'::regclass, 'reports_editionfile'::regclass)",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(where)
        return {f"{table}_stands" for table in STANDING} <= {name for (name,) in cursor.fetchall()}
