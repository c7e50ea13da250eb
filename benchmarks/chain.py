"""A goal with a thousand below it, moved and closed; and a file of goals stored with the guard and without.

`python -m benchmarks.chain CASE [ARGUMENTS]` prints JSON, as `benchmarks.inside` does.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.cases import run
from followup.actions.standings import rebuild_standings
from goals.actions.decisions import DecisionMade
from goals.actions.goals import close_goal, move_goal
from goals.guards import guard, unguard
from goals.kinds import GoalState
from goals.loading import load_goals
from goals.loading_rows import SheetKind
from goals.models import Contribution, Decision, Goal
from organisation.models import Authority, Membership, Unit, User
from organisation.permissions import Role

NOW = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
ROUNDS = 21


def prepare(wide: str, deep: str) -> dict[str, object]:
    """A council's two goals, and under the first one goal with so many below it: `wide` goals under each, `deep` down.

    Beside it one that nothing serves. Every seventh helps another across: the guard has both kinds of step to follow.
    """
    call_command("migrate", verbosity=0)
    authority = Authority.objects.create(code="910", name="Kædeby Kommune")
    council = Unit.objects.create(
        authority=authority, parent=None, kind="council", code="BYR", name="Byrådet", valid_from=LONG_AGO
    )
    by = User.objects.create_user("konsulent", first_name="Karen", last_name="Berg")
    Membership.objects.create(user=by, unit=council, role=Role.GOAL_CONSULTANT, first_day=LONG_AGO)
    decided = Decision.objects.create(authority=authority, body=council, date=LONG_AGO, reference="punkt 1")
    common = {"authority": authority, "owner_unit": council, "state": GoalState.ADOPTED, "adopted_by": decided}
    first, second = (Goal.objects.create(title=name, short_name=name, **common) for name in ("Et", "To"))
    moved, lone = (
        Goal.objects.create(title=name, short_name=name, parent=first, **common) for name in ("Flyttes", "Alene")
    )
    level, every = [moved], []
    for depth in range(int(deep)):
        level = Goal.objects.bulk_create(
            Goal(title=f"{depth}-{n}", short_name=f"{depth}-{n}", parent=above, **common)
            for n, above in enumerate(one for one in level for _ in range(int(wide)))
        )
        every += level
    Contribution.objects.bulk_create(Contribution(goal=one, to_goal=second) for one in every[::7])
    rebuild_standings(authority, today=NOW.date())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {"below": len(every), "moved": moved.pk, "lone": lone.pk, "parents": [first.pk, second.pk]}


def move(pk: str, lone: str, *parents: str) -> dict[str, float]:
    """Milliseconds and queries of moving the goal to and fro, and the floor: moving one that nothing serves."""
    by = User.objects.get(username="konsulent")
    targets = [Goal.objects.get(pk=one) for one in parents]

    def once(one: str) -> None:
        goal = Goal.objects.get(pk=one)
        other = next(target for target in targets if target.pk != goal.parent_id)
        move_goal(goal, other, version=goal.version, by=by, now=NOW)

    return _measured(lambda: once(pk), lambda: once(lone))


def close(pk: str, lone: str) -> dict[str, float]:
    """The same of closing it; it is opened again in between, which is not measured."""
    by, council = User.objects.get(username="konsulent"), Unit.objects.get(kind="council")
    made = DecisionMade(body=council, date=NOW.date(), reference="punkt 2")

    def reopen() -> None:
        Goal.objects.filter(pk__in=[pk, lone]).update(state=GoalState.ADOPTED, closed_by=None)

    def once(one: str) -> None:
        close_goal(Goal.objects.get(pk=one), made, reason="Nået", by=by, now=NOW)

    return _measured(lambda: once(pk), lambda: once(lone), before=reopen)


def load(count: str) -> dict[str, float]:
    """Seconds for storing a file of so many goals, each serving one above, with the guard and without it."""
    call_command("migrate", verbosity=0)
    taken: dict[str, list[float]] = {"guarded": [], "bare": []}
    for turn in range(2):
        for name, change in (("guarded", guard), ("bare", unguard)):
            change(connection)
            taken[name].append(_load(int(count), f"8{turn}{len(name)}"))
    guard(connection)
    return {name: min(times) for name, times in taken.items()}


def _load(count: int, code: str) -> float:
    authority = Authority.objects.create(code=code, name=f"Filby {code}")
    Unit.objects.create(
        authority=authority, parent=None, kind="council", code="BYR", name="Byrådet", valid_from=LONG_AGO
    )
    rows = [["kode", "mål", "enhed", "bidrager til", "tilstand"]]
    rows += [[f"M{n}", f"Mål {n}", "BYR", f"M{(n - 1) // 8}" if n else "", "kladde"] for n in range(count)]
    began = time.perf_counter()
    loaded = load_goals(authority, {SheetKind.GOALS: rows}, by=None, now=NOW)
    taken = time.perf_counter() - began
    assert not loaded.rejected, loaded.rejected[:3]
    return taken


def _measured(
    ours: Callable[[], None], floor: Callable[[], None], before: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """The median of each, done in turn so that both meet the same machine, and the queries of ours."""
    times: dict[str, list[float]] = {"ms": [], "floor": []}
    for _ in range(ROUNDS):
        before()
        for name, act in (("ms", ours), ("floor", floor)):
            began = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - began) * 1000)
    before()
    with CaptureQueriesContext(connection) as asked:
        ours()
    return {name: statistics.median(taken) for name, taken in times.items()} | {"queries": len(asked)}


if __name__ == "__main__":
    run(prepare, move, close, load)
