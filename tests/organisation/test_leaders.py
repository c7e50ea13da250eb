"""Who leads a unit: its own leaders, else those of the nearest unit above."""

from datetime import timedelta

from organisation.leaders import LEADING, leaders_of
from organisation.models import Membership, Unit
from organisation.permissions import Role
from tests import factories
from tests.factories import TODAY


def test_own_leader_else_the_nearest_above(town):
    found = leaders_of([town.school, town.department, town.directorate, town.board, town.council], TODAY)
    assert found == {
        town.school.pk: [town.manager],
        town.department.pk: [town.head],
        town.directorate.pk: [town.director],  # nobody of its own: the board's
        town.board.pk: [town.director],
        town.council.pk: [],
    }


def test_several_leaders_of_one_unit_by_name(town):
    second = factories.user(Role.DIRECTOR, town.school, first_name="Anne")
    assert leaders_of([town.school], TODAY) == {town.school.pk: [second, town.manager]}


def test_two_roles_at_one_unit_are_one_leader(town):
    Membership.objects.create(
        user=town.manager, unit=town.school, role=Role.DIRECTOR, first_day=TODAY - timedelta(days=9)
    )
    assert leaders_of([town.school], TODAY) == {town.school.pk: [town.manager]}


def test_who_has_left_or_is_shut_out_or_only_consults_does_not_lead(town):
    Membership.objects.filter(user=town.manager).update(last_day=TODAY - timedelta(days=1))
    town.head.is_active = False
    town.head.save()
    factories.user(Role.GOAL_CONSULTANT, town.school)
    factories.user(Role.MANAGER, town.school, first_day=TODAY + timedelta(days=1))
    assert leaders_of([town.school], TODAY) == {town.school.pk: [town.director]}


def test_the_last_day_counts(town):
    Membership.objects.filter(user=town.manager).update(last_day=TODAY)
    assert leaders_of([town.school], TODAY) == {town.school.pk: [town.manager]}


def test_the_same_as_walking_up_unit_by_unit_in_one_query(town, django_assert_num_queries):
    factories.municipality()
    for unit in Unit.objects.filter(kind="institution"):
        team = factories.unit(unit, "team")
        factories.user(Role.MANAGER, team)
        factories.unit(unit, "team")
    units = list(Unit.objects.order_by("pk"))
    with django_assert_num_queries(1):
        found = leaders_of(units, TODAY)
    assert {pk: {person.pk for person in people} for pk, people in found.items()} == {
        unit.pk: _slowly(unit) for unit in units
    }


def _slowly(unit) -> set[int]:
    while unit is not None:
        held = Membership.objects.filter(unit=unit, role__in=LEADING, user__is_active=True).current(TODAY)
        if held:
            return {one.user_id for one in held}
        unit = unit.parent
    return set()


def test_no_units_no_leaders(db):
    assert leaders_of([], TODAY) == {}
