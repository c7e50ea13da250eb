"""On PostgreSQL, what a foreign key from each value to its series would promise, looked up once per statement.

A foreign key looks up its row for each value: of a file of a million, two thirds of the time that storing it takes.
As with one, a series that values are being entered for cannot go meanwhile, nor one that any is left of when the
transaction ends. SQLite has the foreign key (docs/adr/0040).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from organisation.triggers import Triggers

ENTERED, MOVED, REMOVED = "followup_measurement_entered", "followup_measurement_moved", "goals_series_removed"

# The rows of a statement are planned for as many as they are (EXECUTE): a plan for one would be used for a million.
# The series are held as a foreign key holds them, so of two at once the second waits and sees what the first did.
HOLD = f"""
CREATE OR REPLACE FUNCTION {ENTERED}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named bigint; held bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM (SELECT series_id FROM after GROUP BY series_id) named' INTO named;
    EXECUTE 'SELECT count(*) FROM (SELECT id FROM goals_series WHERE id IN (SELECT series_id FROM after)'
        ' ORDER BY id FOR KEY SHARE) held' INTO held;
    IF held <> named THEN
        RAISE EXCEPTION 'a value of a series that does not exist' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {ENTERED} AFTER INSERT ON followup_measurement
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION {ENTERED}();
"""
# A value hardly ever goes to another series: not worth a look at every statement that changes values.
HOLD_ONE = f"""
CREATE OR REPLACE FUNCTION {MOVED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM goals_series WHERE id = NEW.series_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a value of a series that does not exist' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {MOVED} AFTER UPDATE OF series_id ON followup_measurement
FOR EACH ROW WHEN (OLD.series_id <> NEW.series_id) EXECUTE FUNCTION {MOVED}();
"""
KEEP = f"""
CREATE OR REPLACE FUNCTION {REMOVED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM followup_measurement WHERE series_id = OLD.id)
        AND NOT EXISTS (SELECT 1 FROM goals_series WHERE id = OLD.id) THEN
        RAISE EXCEPTION 'values of a series that is removed: %', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS {REMOVED} ON goals_series;
CREATE CONSTRAINT TRIGGER {REMOVED} AFTER DELETE OR UPDATE OF id ON goals_series
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {REMOVED}();
"""
SQL = {ENTERED: HOLD, MOVED: HOLD_ONE, REMOVED: KEEP}
TRIGGERS = Triggers(
    {ENTERED: "followup_measurement", MOVED: "followup_measurement", REMOVED: "goals_series"},
    lambda _connection, name: SQL[name],
)
put_up, take_down = TRIGGERS.put_up, TRIGGERS.take_down


def is_kept(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database itself keeps values to series that exist."""
    return connection.vendor != "postgresql" or TRIGGERS.all_stand(connection)
