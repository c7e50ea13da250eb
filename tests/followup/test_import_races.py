"""Files that are stored while others store the same values: nothing is lost, and nobody is told what is not true."""

from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import F

from followup.actions.importing import Comparison, Counts, compare, import_values
from followup.actions.measurements import CellValue, correct_value, save_values
from followup.actions.submissions import NotPossible
from followup.models import ImportBatch, Measurement, Revision
from followup.value_files import Incoming
from goals.periods import parse_period
from tests import factories
from tests.factories import NOW
from tests.races import at_once, needs_rows_locked

FIRST, SECOND = "2026K1", "2026K2"


@pytest.fixture
def it(town):
    """A series with one value stored: 5 in the first quarter."""
    series = factories.series(factories.indicator(town.authority), town.school)
    factories.measurement(series, FIRST, 5)
    return SimpleNamespace(town=town, series=series)


def values(it, **numbers: int) -> list[Incoming]:
    """A file with a number for each quarter."""
    return [
        Incoming(it.series.pk, parse_period(code), Decimal(number), None, None, "", line)
        for line, (code, number) in enumerate(numbers.items(), 2)
    ]


def store(it, by=None, expected: Comparison | None = None, **numbers: int):
    given = {"authority": it.town.authority, "filename": "tal.csv", "sha256": "0" * 64, "approve": True}
    return import_values(values(it, **numbers), **given, expected=expected, by=by or it.town.consultant, now=NOW)


def seen(it, **numbers: int) -> Comparison:
    """What the person is shown of such a file."""
    return compare(values(it, **numbers), may_correct=True)


def numbers(it) -> dict[str, Decimal]:
    return dict(Measurement.objects.filter(series=it.series).order_by("period_end").values_list("period", "value"))


def history(it) -> list[tuple[Decimal, Decimal]]:
    return list(Revision.objects.order_by("pk").values_list("old_value", "new_value"))


@contextmanager
def just_before(statement: str, do):
    """Once, when a statement that begins so is about to be asked."""
    asked = []

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(statement) and not asked:
            asked.append(sql)
            do()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
    assert asked, f"nothing begins with {statement}"


def elsewhere(do):
    """What somebody else does and commits meanwhile, on a connection of their own."""

    def run():
        do()
        connection.close()

    def other():
        thread = Thread(target=run)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()

    return other


def types_in(it, code: str, number: int):
    """The school's manager types a number in the grid."""
    save_values([CellValue(it.series, parse_period(code), value=Decimal(number))], by=it.town.manager, now=NOW)


def test_what_comes_of_it_is_what_was_said(it):
    _batch, counts = store(it, expected=seen(it, **{FIRST: 6, SECOND: 7}), **{FIRST: 6, SECOND: 7})
    assert counts == Counts(1, 1, 0)


@pytest.mark.parametrize("meanwhile", [SECOND, FIRST])
def test_what_is_not_what_was_said_is_not_stored(it, meanwhile):
    """A new value is there already, or another number is to be changed than the one that was shown."""
    said = seen(it, **{FIRST: 6, SECOND: 7})
    if meanwhile == SECOND:
        factories.measurement(it.series, SECOND, 7)
    else:
        cell = CellValue(it.series, parse_period(FIRST), Decimal(9), version=1)
        correct_value(cell, reason="Talt igen", by=it.town.director, now=NOW)
    before, then = numbers(it), history(it)
    with pytest.raises(NotPossible, match="changed_meanwhile"):
        store(it, expected=said, **{FIRST: 6, SECOND: 7})
    assert (numbers(it), history(it)) == (before, then)
    assert not ImportBatch.objects.exists()


def test_a_draft_that_was_approved_meanwhile_is_not_corrected_unasked(it):
    factories.measurement(it.series, SECOND, 5, approved_at=None)
    said = seen(it, **{SECOND: 7})
    Measurement.objects.filter(period=SECOND).update(approved_at=NOW)
    with pytest.raises(NotPossible, match="changed_meanwhile"):
        store(it, expected=said, **{SECOND: 7})
    assert numbers(it)[SECOND] == 5


def test_a_value_that_changed_between_the_look_and_the_change_stops_the_file(it):
    def changes():
        assert Measurement.objects.filter(period=FIRST).update(value=9, version=F("version") + 1) == 1

    Measurement.objects.all().delete()
    factories.measurement(it.series, FIRST, 5, approved_at=None)
    with just_before("UPDATE followup_measurement", changes), pytest.raises(NotPossible, match="changed_meanwhile"):
        store(it, **{FIRST: 6, SECOND: 7})
    assert SECOND not in numbers(it)
    assert history(it) == []


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_a_number_typed_meanwhile_is_changed_by_the_file_and_kept_in_the_history(it):
    types = elsewhere(partial(types_in, it, SECOND, 8))
    with just_before("INSERT INTO followup_measurement", types):
        _batch, counts = store(it, **{FIRST: 6, SECOND: 7})
    assert counts == Counts(0, 2, 0)
    assert numbers(it) == {FIRST: 6, SECOND: 7}
    assert sorted(history(it)) == [(5, 6), (8, 7)]


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_second_new", [True, False])
def test_of_two_files_at_once_the_second_is_told(it, is_second_new):
    if not is_second_new:
        factories.measurement(it.series, SECOND, 5)
    said = [seen(it, **{FIRST: number, SECOND: number}) for number in (6, 7)]
    results = at_once(
        partial(store, it, it.town.consultant, said[0], **{FIRST: 6, SECOND: 6}),
        partial(store, it, it.town.director, said[1], **{FIRST: 7, SECOND: 7}),
    )
    [kept] = [one for one in results if one != "changed_meanwhile"]
    assert results.count("changed_meanwhile") == 1
    number = 6 if kept[0].by == it.town.consultant else 7
    assert numbers(it) == {FIRST: number, SECOND: number}
    assert set(history(it)) == {(5, number)}


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_files_of_one_authority_take_turns(it):
    """Else the second would find that what it changes has changed, and be refused."""
    results = at_once(*(partial(store, it, **{FIRST: number, SECOND: number}) for number in (6, 7)))
    assert sorted(str(counts) for _batch, counts in results) == sorted(map(str, (Counts(1, 1, 0), Counts(0, 2, 0))))
    [first, second, third] = history(it)
    assert first[0] == 5
    assert second[0] == third[0] == first[1]
    assert set(numbers(it).values()) == {second[1]} == {third[1]}
