"""The permission table in plain values and in SQL give the same answer."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisation.models import Membership, Unit
from organisation.permissions import TABLE, Permission, Role, allows, has_anywhere
from organisation.trees import path_text
from tests import factories

TODAY = date(2026, 8, 10)


def test_every_role_and_permission_is_in_the_table():
    assert set(TABLE) == set(Permission)
    assert {role for row in TABLE.values() for role in row} == set(Role)


def test_own_unit_is_never_approved_by_its_manager(town):
    path = town.school.path_ids()
    authority = town.authority.pk
    assert not allows(Permission.APPROVE, town.manager.all_grants, authority_id=authority, unit_path=path, on=TODAY)
    assert allows(Permission.APPROVE, town.head.all_grants, authority_id=authority, unit_path=path, on=TODAY)


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (TODAY, TODAY, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
    ],
)
def test_a_membership_counts_on_its_first_and_last_day(town, first, last, holds):
    person = factories.user(Role.MANAGER, town.school, first_day=first, last_day=last)
    assert has_anywhere(Permission.ENTER_VALUES, person.all_grants, on=TODAY) is holds
    found = Unit.objects.allowing(Permission.ENTER_VALUES, person, TODAY)
    assert found.filter(pk=town.school.pk).exists() is holds


PLACES = ("council", "committee", "other_committee", "board", "directorate", "department", "school", "other_school")
memberships = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(PLACES),
        st.sampled_from(list(Role)),
        st.integers(-3, 3),
        st.none() | st.integers(0, 3),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memberships=memberships)
def test_plain_values_and_sql_agree(two_towns, memberships):
    person = factories.user()
    seen = set()
    for in_second, place, role, offset, length in memberships:
        unit = getattr(two_towns[in_second], place)
        first = TODAY + timedelta(days=offset)
        if (unit.pk, role, first) in seen:
            continue
        seen.add((unit.pk, role, first))
        last = None if length is None else first + timedelta(days=length)
        Membership.objects.create(user=person, unit=unit, role=role, first_day=first, last_day=last)
    units = list(Unit.objects.all())
    paths = {unit.pk: unit.path_ids() for unit in units}
    viewer = person.as_viewer(TODAY)
    with_paths = Unit.objects.annotate(path=path_text("organisation_unit", "organisation_unit.id"))
    allowed_at = {unit.pk: unit.permissions_of(viewer, TODAY, unit.path) for unit in with_paths}
    for permission in Permission:
        plain = {
            unit.pk
            for unit in units
            if allows(permission, person.all_grants, authority_id=unit.authority_id, unit_path=paths[unit.pk], on=TODAY)
        }
        for who in (person, viewer):
            in_sql = set(Unit.objects.allowing(permission, who, TODAY).values_list("pk", flat=True))
            assert in_sql == plain, permission
        assert {unit.pk for unit in units if permission in allowed_at[unit.pk]} == plain
        assert person.may_somewhere(permission, TODAY) or not plain


@pytest.fixture
def two_towns(db):
    return factories.municipality(), factories.municipality()
