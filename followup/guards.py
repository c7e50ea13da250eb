"""The database's own guard: an approved figure changes by a correction only, whatever the code does.

An approved, entered value never loses its approval, and its number changes only when a revision with a reason, the
same moment and the same numbers stands beside it. What is rolled up follows its parts and is not guarded. PostgreSQL
looks once per statement, so that a file of a million corrections is still stored in one go; SQLite once per row.

A migration that makes SQLite remake the table ends with `guard` (`organisation.triggers`).
`manage.py integrity` finds a database without it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from organisation.triggers import IS, IS_NOT, Triggers

NAME = "followup_measurement_approved"
MESSAGE = "an approved figure changes by a correction only"
NUMBERS = ("value", "numerator", "denominator", "missing")


def _is_refused(vendor: str, old: str, new: str) -> str:
    """The condition on a row before and after."""
    differs = " OR ".join(f"{old}.{name} {IS_NOT[vendor]} {new}.{name}" for name in NUMBERS)
    same = " AND ".join(
        f"r.old_{name} {IS[vendor]} {old}.{name} AND r.new_{name} {IS[vendor]} {new}.{name}" for name in NUMBERS
    )
    return (
        f"{old}.approved_at IS NOT NULL AND {old}.parts_expected IS NULL"
        f" AND ({new}.approved_at IS NULL OR (({differs}) AND NOT EXISTS ("
        f"SELECT 1 FROM followup_revision r WHERE r.measurement_id = {old}.id AND r.was_approved AND r.reason <> ''"
        f" AND r.at = {new}.entered_at AND {same})))"
    )


# The query is planned anew each time (EXECUTE): a plan for one row would be used for a million.
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE refused bigint;
BEGIN
    EXECUTE 'SELECT min(o.id) FROM before o JOIN after n ON n.id = o.id WHERE '
        {{condition}} INTO refused;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '{MESSAGE}: measurement %', refused USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {NAME} AFTER UPDATE ON followup_measurement
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION {NAME}();
"""
SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS {NAME} BEFORE UPDATE ON followup_measurement
WHEN {_is_refused("sqlite", "OLD", "NEW")}
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""


def _sql(connection: BaseDatabaseWrapper, _name: str) -> str:
    if connection.vendor != "postgresql":
        return SQLITE
    condition = _is_refused("postgresql", "o", "n").replace("'", "''")
    return POSTGRESQL.format(condition=f"'{condition}'")


TRIGGERS = Triggers({NAME: "followup_measurement"}, _sql)
guard, unguard, has_guards = TRIGGERS.put_up, TRIGGERS.take_down, TRIGGERS.all_stand
