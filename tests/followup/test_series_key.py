"""Every value is of a series that exists: the database itself keeps it so, on PostgreSQL without a foreign key."""

from importlib import import_module
from threading import Event, Thread

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from followup.models import Measurement
from followup.series_key import is_kept
from goals.models import Series
from tests import factories
from tests.races import at_once, needs_rows_locked

NOWHERE = 987_654
migration = import_module("followup.migrations.0010_series_looked_up_at_once")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def series(town):
    return factories.series(factories.indicator(town.authority), town.school)


def values(series: Series, *of: int) -> list[Measurement]:
    """Values of the series with these ids, not stored."""
    given = {"authority_id": series.authority_id, "entered_at": factories.NOW, "value": 1}
    days = [f"2026-{month:02}-28" for month in range(1, len(of) + 1)]
    return [
        Measurement(series_id=pk, period=f"2026M{at:02}", period_end=day, **given)
        for at, (pk, day) in enumerate(zip(of, days, strict=True), 1)
    ]


def remove(series: Series) -> None:
    """The row alone, past Django's own look."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM goals_series WHERE id = %s", [series.pk])


def test_it_stands_after_migrating():
    assert is_kept(connection)


def test_one_value_of_no_series_stops_all_of_a_statement(series):
    with pytest.raises(IntegrityError):
        Measurement.objects.bulk_create(values(series, series.pk, series.pk, NOWHERE))
    assert not Measurement.objects.exists()
    Measurement.objects.bulk_create(values(series, series.pk, series.pk))


def test_a_value_does_not_go_to_a_series_that_is_none(series):
    other = factories.series(series.indicator, factories.unit(series.unit.parent))
    [value] = Measurement.objects.bulk_create(values(series, series.pk))
    with pytest.raises(IntegrityError):
        Measurement.objects.update(series=NOWHERE)
    assert Measurement.objects.update(series=other) == 1
    assert Measurement.objects.get() == value


def test_a_series_with_values_is_not_removed(series):
    Measurement.objects.bulk_create(values(series, series.pk))
    with pytest.raises(IntegrityError):
        remove(series)
    assert Series.objects.filter(pk=series.pk).exists()


def test_both_may_go_in_any_order(series):
    Measurement.objects.bulk_create(values(series, series.pk))
    with transaction.atomic():
        remove(series)
        Measurement.objects.all().delete()
    assert not Series.objects.exists()


@needs_rows_locked
def test_a_series_does_not_go_while_its_first_value_is_entered(series):
    """Who removes it waits, and then sees the value."""
    entered = Event()

    def enter():
        with transaction.atomic():
            Measurement.objects.bulk_create(values(series, series.pk))
            entered.set()
            # Long enough for the other to come and wait.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")

    def go():
        assert entered.wait(30)
        remove(series)

    _entered, refused = at_once(enter, go)
    assert isinstance(refused, IntegrityError)
    assert Measurement.objects.get().series == series


@needs_rows_locked
def test_no_value_is_entered_for_a_series_that_is_going(series):
    refused = []

    def enter():
        try:
            Measurement.objects.bulk_create(values(series, series.pk))
        except IntegrityError as error:
            refused.append(error)
        connection.close()

    other = Thread(target=enter)
    with transaction.atomic():
        remove(series)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it did not wait"
    other.join(30)
    assert refused
    assert not Measurement.objects.exists()


@needs_rows_locked
def test_the_migration_goes_back_to_the_foreign_key_and_forth(series):
    def keys() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'followup_measurement'::regclass"
            )
            return cursor.fetchone()[0]

    assert keys() == 0
    with connection.schema_editor() as editor:
        migration.restore_the_key(apps, editor)
    try:
        assert (keys(), is_kept(connection)) == (1, False)
        with pytest.raises(IntegrityError):
            Measurement.objects.bulk_create(values(series, NOWHERE))
    finally:
        with connection.schema_editor() as editor:
            migration.replace_the_key(apps, editor)
    assert (keys(), is_kept(connection)) == (0, True)
