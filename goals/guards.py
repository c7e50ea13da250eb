"""The database's own guard: no goal serves itself, through any mix of parents and contributions.

Two who each add half of a ring at once see only their own half, so every change of the chain waits for the one before
it (`hold_the_chain`), in all authorities: contributions tie them together. PostgreSQL looks once per statement, so that
a file of thousands of goals is still stored in one go; SQLite, where one writes at a time, once per row.

A migration that makes SQLite remake a table ends with `guard` (`organisation.triggers`).
`manage.py integrity` finds a database without them.
"""

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

from organisation.triggers import Triggers

NAME = "goals_chain"
MESSAGE = "a goal does not serve itself"
LOCK = 7_120_406  # any number that nothing else in the database locks by
TABLES = ("goals_goal", "goals_contribution")
CHANGES = ("insert", "update")
# What changed, as (goal, what it now serves or helps), from the rows of a statement.
CHANGED = {
    ("goals_goal", "insert"): "SELECT id, parent_id FROM after WHERE parent_id IS NOT NULL",
    ("goals_goal", "update"): (
        "SELECT n.id, n.parent_id FROM after n JOIN before o ON o.id = n.id"
        " WHERE n.parent_id IS NOT NULL AND n.parent_id IS DISTINCT FROM o.parent_id"
    ),
    ("goals_contribution", "insert"): "SELECT goal_id, to_goal_id FROM after",
    ("goals_contribution", "update"): "SELECT goal_id, to_goal_id FROM after",
}

# The query is planned anew each time (EXECUTE): a plan for one row would be used for thousands. Nobody knows how far a
# walk goes, so PostgreSQL would compile it to machine code first, which takes fifty times as long as the walk itself.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION {{name}}() RETURNS trigger LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    has_changed boolean;
    refused bigint;
BEGIN
    EXECUTE 'SELECT EXISTS ({{changed}})' INTO has_changed;
    IF NOT has_changed THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({LOCK});
    EXECUTE 'WITH RECURSIVE walk(start, id) AS ({{changed}}'
        ' UNION SELECT walk.start, step.above FROM walk CROSS JOIN LATERAL ('
        'SELECT parent_id AS above FROM goals_goal WHERE id = walk.id AND parent_id IS NOT NULL'
        ' UNION ALL SELECT to_goal_id FROM goals_contribution WHERE goal_id = walk.id) step)'
        ' SELECT min(start) FROM walk WHERE id = start' INTO refused;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '{MESSAGE}: goal %', refused USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {{name}} AFTER {{change}} ON {{table}}
REFERENCING {{rows}} FOR EACH STATEMENT EXECUTE FUNCTION {{name}}();
"""
ROWS = {"insert": "NEW TABLE AS after", "update": "OLD TABLE AS before NEW TABLE AS after"}

SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS {{name}} AFTER {{change}} ON {{table}}
WHEN {{condition}} EXISTS (
    WITH RECURSIVE walk(id) AS (
        SELECT NEW.{{above}}
        UNION SELECT goal.parent_id FROM walk JOIN goals_goal goal ON goal.id = walk.id WHERE goal.parent_id IS NOT NULL
        UNION SELECT help.to_goal_id FROM walk JOIN goals_contribution help ON help.goal_id = walk.id
    )
    SELECT 1 FROM walk WHERE id = NEW.{{goal}}
)
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
COLUMNS = {"goals_goal": ("id", "parent_id"), "goals_contribution": ("goal_id", "to_goal_id")}
CONDITIONS = {
    ("goals_goal", "insert"): "NEW.parent_id IS NOT NULL AND",
    ("goals_goal", "update"): "NEW.parent_id IS NOT NULL AND NEW.parent_id IS NOT OLD.parent_id AND",
    ("goals_contribution", "insert"): "",
    ("goals_contribution", "update"): "",
}


def _name(table: str, change: str) -> str:
    return f"{NAME}_{table.removeprefix('goals_')}_{change}"


NAMES = {_name(table, change): (table, change) for table in TABLES for change in CHANGES}


def _sql(connection: BaseDatabaseWrapper, name: str) -> str:
    table, change = NAMES[name]
    if connection.vendor == "postgresql":
        told = {"changed": CHANGED[table, change], "rows": ROWS[change]}
        return FUNCTION.format(name=name, table=table, change=change, **told)
    goal, above = COLUMNS[table]
    told = {"condition": CONDITIONS[table, change], "goal": goal, "above": above}
    when = f"update of {goal}, {above}" if change == "update" else change
    return SQLITE.format(name=name, table=table, change=when, **told)


TRIGGERS = Triggers({name: table for name, (table, _change) in NAMES.items()}, _sql)
guard, unguard, has_guards = TRIGGERS.put_up, TRIGGERS.take_down, TRIGGERS.all_stand


def hold_the_chain() -> None:
    """Let nobody else change what serves what until the transaction ends. Asked first, before any other lock.

    On SQLite the transaction itself does that.
    """
    if default_connection.vendor == "postgresql":
        with default_connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
