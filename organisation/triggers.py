"""Triggers by which the database itself keeps a rule, whatever the code does: put up, taken down and looked for.

On PostgreSQL each trigger runs a function of its own name. SQLite drops a table's triggers when a migration remakes the
table: such a migration ends by putting them up again.
"""

from collections.abc import Callable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

# How the engines compare where null is a value like the others.
IS = {"postgresql": "IS NOT DISTINCT FROM", "sqlite": "IS"}
IS_NOT = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}

DROP = {"postgresql": "DROP FUNCTION IF EXISTS {name}() CASCADE", "sqlite": "DROP TRIGGER IF EXISTS {name}"}
# A trigger that is switched off does not stand.
STANDING = {
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE tgenabled <> 'D' AND pg_table_is_visible(tgrelid)",
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
}


class Triggers:
    """Triggers that stand or fall together: the table of each by its name, and what makes one, as SQL."""

    def __init__(self, tables: Mapping[str, str], sql: Callable[[BaseDatabaseWrapper, str], str]) -> None:
        self.tables = tables
        self.sql = sql

    def put_up(self, connection: BaseDatabaseWrapper) -> None:
        """Put up those that are missing."""
        with connection.cursor() as cursor:
            for name in self.tables:
                cursor.execute(self.sql(connection, name))

    def take_down(self, connection: BaseDatabaseWrapper) -> None:
        """Take down those that stand."""
        with connection.cursor() as cursor:
            for name in self.tables:
                cursor.execute(DROP[connection.vendor].format(name=name))

    def all_stand(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether each stands on its table."""
        with connection.cursor() as cursor:
            cursor.execute(STANDING[connection.vendor])
            return self.tables.items() <= set(cursor.fetchall())
