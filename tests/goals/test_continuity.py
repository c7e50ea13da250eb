"""How many goals last, against a slow obvious count day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from goals.continuity import Continuity, GoalLife, continuity

START, DAYS = date(2025, 1, 1), 500
THEN, TODAY = START + timedelta(days=100), START + timedelta(days=465)


@st.composite
def lives(draw) -> list[GoalLife]:
    """Goals with their days; who replaces one is another of them, also in rings and chains."""
    made = []
    count = draw(st.integers(0, 12))
    for one in range(count):
        adopted = START + timedelta(days=draw(st.integers(0, DAYS)))
        closed = draw(st.none() | st.integers(0, DAYS).map(lambda days, first=adopted: first + timedelta(days=days)))
        successor = draw(st.none() | st.integers(0, count - 1)) if closed else None
        made.append(GoalLife(one, adopted, closed, successor if successor != one else None))
    return made


def obvious(goals: list[GoalLife]) -> dict[str, set[int]]:
    """Each goal's every day written out, and who is in whose place followed step by step."""
    days = {
        goal.id: {
            START + timedelta(days=n)
            for n in range(2 * DAYS + 1)
            if START + timedelta(days=n) >= goal.adopted
            and not (goal.closed and START + timedelta(days=n) >= goal.closed)
        }
        for goal in goals
    }
    by_id = {goal.id: goal for goal in goals}
    answer: dict[str, set[int]] = {"standing": set(), "replaced": set(), "closed": set(), "new": set()}
    inherited = set()
    for goal in goals:
        if THEN in days[goal.id] and TODAY not in days[goal.id]:
            answer["closed" if goal.replaced_by is None else "replaced"].add(goal.id)
            at = goal
            for _ in goals:
                if at.replaced_by is not None:
                    at = by_id[at.replaced_by]
                    inherited.add(at.id)
        elif THEN in days[goal.id]:
            answer["standing"].add(goal.id)
    for goal in goals:
        if TODAY in days[goal.id] and THEN not in days[goal.id] and goal.id not in inherited:
            answer["new"].add(goal.id)
    return answer


@given(lives())
def test_continuity_is_what_counting_day_by_day_gives(goals):
    found = continuity(goals, since=THEN, today=TODAY)
    assert {name: set(getattr(found, name)) for name in ("standing", "replaced", "closed", "new")} == obvious(goals)
    assert found.then == sum(1 for goal in goals if goal.in_force_on(THEN))


def test_the_days_at_the_edges():
    day = timedelta(days=1)
    goals = [
        GoalLife(1, THEN),  # adopted that very day: counts
        GoalLife(2, THEN + day),  # the day after: new
        GoalLife(3, START, THEN),  # closed that very day: did not count any more
        GoalLife(4, START, TODAY),  # closed today
        GoalLife(5, START, TODAY + day),  # still in force today
        GoalLife(6, START, TODAY, replaced_by=7),
        GoalLife(7, TODAY),  # in the place of 6, so not new
    ]
    found = continuity(goals, since=THEN, today=TODAY)
    assert found == Continuity(standing=(1, 5), replaced=(6,), closed=(4,), new=(2,))
    assert found.then == 4
