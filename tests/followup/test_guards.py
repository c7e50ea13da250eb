"""The database refuses by itself that an approved figure changes without a correction, on both engines."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader

from followup.guards import guard, has_guards, unguard
from followup.models import Measurement, Revision
from tests import factories

NOW = factories.NOW


@pytest.fixture
def approved(town):
    series = factories.series(factories.indicator(town.authority, value_kind="ratio"), town.school)
    return factories.measurement(series, "2026K1", 40, numerator=2, denominator=5, entered_at=NOW)


def change(of: Measurement, **fields) -> int:
    with transaction.atomic():
        return Measurement.objects.filter(pk=of.pk).update(**fields)


def revision(of: Measurement, **fields) -> Revision:
    """What would let the value become 60 (3 of 5) at `NOW`."""
    told = {"at": NOW, "was_approved": True, "reason": "Talt om"}
    told |= {"old_value": 40, "old_numerator": 2, "old_denominator": 5}
    told |= {"new_value": 60, "new_numerator": 3, "new_denominator": 5}
    return Revision.objects.create(measurement=of, **(told | fields))


WANTED = {"value": 60, "numerator": 3}


def test_the_guard_stands_after_migrating(db):
    assert has_guards(connection)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": Decimal("40.00000001")},
        {"value": 0},
        {"numerator": 3},
        {"denominator": 6},
        {"numerator": None, "denominator": None},
        {"value": None, "missing": "withheld"},
        {"approved_at": None},
        {"approved_at": None, "value": 60},
    ],
)
def test_an_approved_figure_does_not_change(approved, fields):
    with pytest.raises(IntegrityError):
        change(approved, **fields)
    approved.refresh_from_db()
    assert (approved.value, approved.numerator, approved.missing, approved.is_approved) == (40, 2, "", True)


def test_everything_else_about_it_may_change(approved):
    assert change(approved, comment="Talt i maj", is_example=True, value=Decimal("40.0"), approved_at=NOW) == 1


def test_a_correction_opens_for_just_that_change(approved):
    revision(approved)
    with pytest.raises(IntegrityError):
        change(approved, value=61, numerator=3)
    assert change(approved, **WANTED) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"was_approved": False},
        {"at": NOW.replace(minute=1)},
        {"old_value": 41},
        {"new_value": 61},
        {"new_denominator": 6},
        {"new_missing": "withheld"},
    ],
)
def test_a_revision_that_does_not_tell_of_the_change_does_not_open(approved, wrong):
    revision(approved, **wrong)
    with pytest.raises(IntegrityError):
        change(approved, **WANTED)


def test_the_revision_of_another_value_does_not_open(approved, town):
    other = factories.measurement(approved.series, "2026K2", 40, numerator=2, denominator=5)
    revision(other)
    with pytest.raises(IntegrityError):
        change(approved, **WANTED)


def test_an_approval_is_never_lost_whatever_a_revision_says(approved):
    revision(approved)
    with pytest.raises(IntegrityError):
        change(approved, approved_at=None, **WANTED)


def test_one_wrong_row_among_many_stops_them_all(approved, town):
    drafts = [factories.measurement(approved.series, f"2025K{n}", n, approved_at=None) for n in (1, 2, 3)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.filter(series=approved.series).update(value=7)
    assert [Measurement.objects.get(pk=one.pk).value for one in drafts] == [1, 2, 3]


def test_drafts_and_what_is_computed_are_free(approved, town):
    draft = factories.measurement(approved.series, "2026K2", 1, approved_at=None)
    computed = factories.measurement(approved.series, "2026K3", 1, parts_present=1, parts_expected=2)
    assert change(draft, value=2) == change(computed, value=2) == 1
    assert change(computed, approved_at=None) == 1


def test_without_the_guard_the_change_goes_through(approved):
    unguard(connection)
    assert not has_guards(connection)
    assert change(approved, value=60) == 1
    guard(connection)
    assert has_guards(connection)
    with pytest.raises(IntegrityError):
        change(approved, value=61)


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth():
    [up_and_down] = [one for one in last_of_squashed("followup").operations if isinstance(one, RunPython)]
    with connection.schema_editor() as editor:
        up_and_down.reverse_code(None, editor)
        assert not has_guards(connection)
        up_and_down.code(None, editor)
    assert has_guards(connection)


def last_of_squashed(app: str) -> Migration:
    loader = MigrationLoader(None)
    return max((one for one in loader.disk_migrations.values() if one.app_label == app and one.replaces), key=str)
