"""Personal goals: who the manager is, by the plain rule and in SQL; how they are followed up and forgotten."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.actions.due import do_what_is_due
from goals.actions.goals import NotPossible
from goals.actions.personal import (
    change_personal_goal,
    delete_personal_goal,
    follow_up,
    forget_personal_goals,
    write_personal_goal,
)
from goals.actions.versions import Stale
from goals.kinds import PersonalState
from goals.models import PersonalEntry, PersonalGoal
from goals.personal import is_forgotten, managers_of, years_later
from organisation.models import HistoryEntry, Membership
from organisation.permissions import Role
from tests import factories
from tests.factories import COPENHAGEN, NOW, TODAY

LEADER, BOSS, TOP = 1, 2, 3


@pytest.mark.parametrize(
    ("leading", "managers"),
    [
        ({10: {LEADER}, 20: {BOSS}, 30: {TOP}}, {BOSS}),
        ({10: {LEADER}, 30: {TOP}}, {TOP}),  # nobody leads the unit between
        ({10: {LEADER}, 20: {LEADER}, 30: {TOP}}, {TOP}),  # the leader leads that one too
        ({10: {LEADER}, 20: {LEADER, BOSS}, 30: {TOP}}, {BOSS}),
        ({10: {LEADER}, 20: {BOSS, TOP}}, {BOSS, TOP}),
        ({10: {LEADER, BOSS}, 20: {TOP}}, {TOP}),  # who leads the unit together with the leader is no manager
        ({10: {LEADER}}, set()),
        ({10: {BOSS}, 20: {TOP}}, set()),  # the leader leads it no more
        ({}, set()),
    ],
)
def test_the_manager_leads_the_nearest_unit_above(leading, managers):
    assert managers_of(LEADER, [10, 20, 30], leading) == managers


PLACES = ("council", "committee", "board", "directorate", "department", "school", "other_school")
held = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.sampled_from(PLACES),
        st.sampled_from([Role.MANAGER, Role.DIRECTOR, Role.GOAL_CONSULTANT, Role.ADMINISTRATOR, Role.READER]),
        st.integers(-2, 2),
        st.none() | st.integers(0, 2),
    ),
    max_size=8,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memberships=held, at=st.sampled_from(PLACES))
def test_plain_values_and_sql_agree(town, memberships, at):
    Membership.objects.all().delete()
    people = [factories.user() for _ in range(4)]
    leading: dict[int, set[int]] = {}
    seen = set()
    for who, place, role, offset, length in memberships:
        unit, first = getattr(town, place), TODAY + timedelta(days=offset)
        last = None if length is None else first + timedelta(days=length)
        if (who, unit.pk, role, first) in seen:
            continue
        seen.add((who, unit.pk, role, first))
        Membership.objects.create(user=people[who], unit=unit, role=role, first_day=first, last_day=last)
        if role in (Role.MANAGER, Role.DIRECTOR) and first <= TODAY and (last is None or last >= TODAY):
            leading.setdefault(unit.pk, set()).add(people[who].pk)
    unit = getattr(town, at)
    personal = own(people[0], unit)
    managers = managers_of(people[0].pk, unit.path_ids(), leading)
    assert {person.pk for person in personal.managers(TODAY)} == managers
    for person in people:
        sees = PersonalGoal.objects.visible_to(person, TODAY).filter(pk=personal.pk).exists()
        assert sees == (person == people[0] or person.pk in managers)
        managed = PersonalGoal.objects.managed_by(person, TODAY).filter(pk=personal.pk).exists()
        assert managed == (person.pk in managers)


def own(leader, unit, **fields) -> PersonalGoal:
    """An open personal goal of the leader's."""
    defaults = {"title": "Jeg vil være mere ude i klasserne", "due_date": TODAY + timedelta(days=90)}
    return PersonalGoal.objects.create(leader=leader, unit=unit, created_at=NOW, **{**defaults, **fields})


def test_a_new_manager_sees_it_and_the_old_does_not(town):
    personal = own(town.manager, town.school)
    assert personal.managers(TODAY) == [town.head]
    Membership.objects.filter(user=town.head).update(last_day=TODAY)
    new = factories.user(Role.MANAGER, town.department, first_day=TODAY + timedelta(days=1))
    tomorrow = TODAY + timedelta(days=1)
    assert personal.managers(TODAY) == [town.head] and personal.managers(tomorrow) == [new]
    assert not PersonalGoal.objects.visible_to(town.head, tomorrow).exists()
    Membership.objects.filter(user=new).delete()
    assert personal.managers(tomorrow) == [town.director]  # nobody leads the two units between


def test_of_a_closed_account_nobody_is_manager(town):
    personal = own(town.manager, town.school)
    town.head.is_active = False
    town.head.save()
    assert personal.managers(TODAY) == [town.director]


# ---- writing ---------------------------------------------------------------------------------------------------------


def written(town) -> PersonalGoal:
    personal = PersonalGoal(unit=town.school, title="Flere samtaler", due_date=date(2026, 12, 1))
    return write_personal_goal(personal, by=town.manager, now=NOW)


def test_what_happens_is_in_its_own_entries_and_nowhere_else(town):
    personal = written(town)
    personal.title = "Samtaler hver uge"
    personal = change_personal_goal(personal, version=1, by=town.manager, now=NOW)
    personal = follow_up(personal, "Godt begyndt", version=2, by=town.head, now=NOW)
    personal = follow_up(personal, "Det gør jeg nu", version=3, by=town.manager, now=NOW, state=PersonalState.REACHED)
    told = [(one.verb, one.by, one.note, one.state, one.changes) for one in personal.entries.order_by("pk")]
    assert told == [
        ("written", town.manager, "", "", {}),
        ("changed", town.manager, "", "", {"title": ["Flere samtaler", "Samtaler hver uge"]}),
        ("followed", town.head, "Godt begyndt", "", {}),
        ("followed", town.manager, "Det gør jeg nu", "reached", {}),
    ]
    assert (personal.state, personal.ended_on, personal.note) == ("reached", TODAY, "Det gør jeg nu")
    assert not HistoryEntry.objects.exists()


def test_an_ended_goal_goes_on_again_before_it_is_changed(town):
    personal = follow_up(written(town), "Slut", version=1, by=town.manager, now=NOW, state=PersonalState.ENDED)
    personal.title = "Andet"
    with pytest.raises(NotPossible):
        change_personal_goal(personal, version=2, by=town.manager, now=NOW)
    personal = follow_up(personal, "Alligevel", version=2, by=town.manager, now=NOW, state=PersonalState.OPEN)
    assert personal.is_open and personal.ended_on is None


def test_a_manager_never_ends_it(town):
    personal = written(town)
    with pytest.raises(PermissionError):
        follow_up(personal, "Slut", version=1, by=town.head, now=NOW, state=PersonalState.ENDED)
    personal.refresh_from_db()
    assert personal.is_open and personal.entries.count() == 1


def test_two_at_once(town):
    personal = written(town)
    follow_up(personal, "Først", version=1, by=town.head, now=NOW)
    for late in (
        lambda: follow_up(personal, "Bagefter", version=1, by=town.manager, now=NOW),
        lambda: change_personal_goal(personal, version=1, by=town.manager, now=NOW),
        lambda: delete_personal_goal(personal, version=1),
    ):
        with pytest.raises(Stale):
            late()
    delete_personal_goal(personal, version=2)
    assert not PersonalGoal.objects.exists() and not PersonalEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"state": "reached"}, {"state": "ended", "ended_on": None}, {"ended_on": TODAY}, {"title": ""}],
)
def test_the_database_refuses(town, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        own(town.manager, town.school, **wrong)


# ---- forgetting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "due", "today", "gone"),
    [
        (date(2024, 8, 10), date(2020, 1, 1), date(2026, 8, 9), False),
        (date(2024, 8, 10), date(2030, 1, 1), date(2026, 8, 10), True),
        (None, date(2024, 8, 10), date(2026, 8, 9), False),
        (None, date(2024, 8, 10), date(2026, 8, 10), True),
        (date(2024, 2, 29), date(2024, 1, 1), date(2026, 2, 28), False),
        (date(2024, 2, 29), date(2024, 1, 1), date(2026, 3, 1), True),
        (date(2026, 2, 28), date(2024, 1, 1), date(2028, 2, 28), True),
    ],
)
def test_two_years_after_it_ended_or_was_due(ended, due, today, gone):
    assert is_forgotten(ended, due, today) is gone


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-3, 3))
def test_years_later_is_never_off_by_more_than_a_day(day, years):
    later = years_later(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) == ((day.month, day.day) if (day.month, day.day) != (2, 29) else
                                        ((2, 29) if later.year % 4 == 0 else (3, 1)))  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 8, 10), date(2028, 2, 29), date(2026, 3, 1)])
def test_tick_forgets_what_the_rule_says(town, day):
    for back in range(725, 737):
        ended = day - timedelta(days=back)
        own(town.manager, town.school, state="reached", ended_on=ended, due_date=day)
        own(town.manager, town.school, due_date=ended)
    follow_up(PersonalGoal.objects.first(), "Fortsat", version=1, by=town.manager, now=NOW)
    now = datetime(day.year, day.month, day.day, 5, tzinfo=COPENHAGEN)
    kept = {one.pk for one in PersonalGoal.objects.all() if not is_forgotten(one.ended_on, one.due_date, day)}
    assert 0 < len(kept) < 24
    do_what_is_due(now, send=False)
    assert set(PersonalGoal.objects.values_list("pk", flat=True)) == kept
    assert forget_personal_goals(now) == 0
