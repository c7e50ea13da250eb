"""Checking the goals of a load: states and decisions, the ceilings of units, and what serves or helps what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from goals.actions.budgets import meter_of
from goals.budget import Meter
from goals.kinds import GoalState
from goals.loading_check import Check
from goals.loading_plan import Change, applied
from goals.loading_rows import Row
from goals.models import BudgetException, Contribution, Goal
from goals.models.goal import SMART_FIELDS
from goals.rings import in_rings
from organisation.models import Unit

STATES = list(GoalState)
DECISIONS = {"adopted": GoalState.ADOPTED, "closed": GoalState.CLOSED}
GOAL_FIELDS = ("title", "short_name", "kind", "rank", "state", "description", *SMART_FIELDS)


def check_goals(check: Check, rows: Iterable[Row]) -> None:
    """Each by itself, then all together."""
    rows = list(rows)
    for row in rows:
        _goal(check, row)
    _check_ceilings(check)
    _all_ties(check, rows)


def _goal(check: Check, row: Row) -> None:
    check.fits(row, Goal, ["code", *GOAL_FIELDS])
    stored = check.goals.get(row.get("code"))
    goal = stored or Goal(authority=check.authority, code=row.get("code"), short_name=row.get("title")[:60])
    asked = {name: row.get(name) for name in GOAL_FIELDS if name in row.cells}
    asked["owner_unit"] = check.find(row, "unit", check.units, "unknown_unit")
    for name, among in (("strategy", check.strategies), ("responsible", check.people)):
        if name in row.cells:
            asked[name] = check.find(row, name, among, f"unknown_{name}")
    for of in DECISIONS:
        if (made := check.decision(row, of)) is not None:
            asked[f"{of}_by"] = made
    if asked["owner_unit"] is None:
        del asked["owner_unit"]
    was = GoalState(goal.state)
    # A goal that has come further here than in the file stays where it is.
    if "state" in asked and STATES.index(GoalState(asked["state"])) < STATES.index(was):
        del asked["state"]
    before = applied(goal, asked)
    if was == GoalState.CLOSED and before:
        check.refuse(row, "code", "closed")
    _check_decisions(check, row, goal)
    check.goals[goal.code] = goal
    change = Change(row, goal, before, is_new=stored is None)
    check.goal_changes[goal.code] = change
    check.plan.goals.append(change)


def _check_decisions(check: Check, row: Row, goal: Goal) -> None:
    at = STATES.index(GoalState(goal.state))
    for of, state in DECISIONS.items():
        told = any(row.get(f"{of}_{part}") for part in ("body", "date", "reference"))
        has = getattr(goal, f"{of}_by_id") is not None or told
        if at >= STATES.index(state) and not has:
            check.refuse(row, f"{of}_body", "needs_decision")


def _check_ceilings(check: Check) -> None:
    """A goal that comes into force at a unit that has as many as it may takes the decision that raised its ceiling.

    What the file ends at the unit makes room, as in the browser.
    """
    entering = defaultdict[int, list[Change]](list)
    leaving = Counter[int]()
    for change in check.plan.goals:
        goal, moved_from = change.instance, change.before.get("owner_unit")
        was_in_force = not change.is_new and change.before.get("state", goal.state) == GoalState.ADOPTED
        if was_in_force and goal.is_adopted and moved_from is None:
            continue
        if was_in_force:
            leaving[moved_from.pk if moved_from is not None else goal.owner_unit_id] += 1
        if goal.is_adopted and goal.owner_unit_id:
            entering[goal.owner_unit_id].append(change)
    # Somebody who adopts a goal in the browser meanwhile must not take the same last place.
    units = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=entering).order_by("pk")
    for unit in units:
        meter = meter_of(unit)
        for added, change in enumerate(entering[unit.pk], 1):
            if meter.needs_decision(added=added, ended=leaving[unit.pk]):
                _go_over(check, change, meter, meter.used + added - leaving[unit.pk])


def _go_over(check: Check, change: Change, meter: Meter, number: int) -> None:
    raised_by, most = check.decision(change.row, "raised"), meter.most
    if raised_by is None:
        check.refuse(change.row, "unit", "full", str(most))
    else:
        told = {"goal": change.instance, "decision": raised_by, "number": number, "most": most, "at": check.now}
        check.plan.exceptions.append(BudgetException(**told))


def _all_ties(check: Check, rows: Sequence[Row]) -> None:
    """What the goals serve and help, once every goal of the file is known."""
    helped = Contribution.objects.filter(goal__authority=check.authority)
    known = set(helped.values_list("goal", "to_goal"))
    for row in rows:
        _ties(check, row, known)
    rings = in_rings(_chain(check, known))
    for row in rows if rings else ():
        node = _node(check.goals[row.get("code")])
        if node in rings:
            parent = check.above.get(node)
            is_by_parent = parent is not None and rings.get(parent) == rings[node]
            check.refuse(row, "parent" if is_by_parent else "contributes_to", "ring")


def _chain(check: Check, known: Iterable[tuple[int, int]]) -> dict[int | str, set[int | str]]:
    """What every goal serves and helps, as the file wants it, through other authorities too."""
    chain: dict[int | str, set[int | str]] = defaultdict(set)
    for node, parent in check.above.items():
        if parent is not None:
            chain[node].add(parent)
    for pk, to in known:
        chain[pk].add(to)
    for link in check.plan.contributions:
        chain[_node(link.goal)].add(_node(link.to_goal))
    if foreign := {to for _pk, to in known} - check.above.keys():
        beyond = Goal.objects.upward(*foreign).exclude(authority=check.authority)
        for pk, parent in beyond.filter(parent__isnull=False).values_list("pk", "parent"):
            chain[pk].add(parent)
        for pk, to in Contribution.objects.filter(goal__in=beyond.order_by()).values_list("goal", "to_goal"):
            chain[pk].add(to)
    return chain


def _ties(check: Check, row: Row, known: set[tuple[int, int]]) -> None:
    goal = check.goals[row.get("code")]
    change = check.goal_changes[goal.code]
    if "parent" in row.cells:
        parent = check.find(row, "parent", check.goals, "unknown_goal")
        change.before |= applied(goal, {"parent": parent})
        check.above[_node(goal)] = _node(parent) if parent is not None else None
    for code in row.get("contributes_to", ()):
        other = check.goals.get(code)
        if other is None:
            near = get_close_matches(code, check.goals, 1, 0.6)
            check.refuse(row, "contributes_to", "unknown_goal", near[0] if near else "")
        elif other is goal:
            check.refuse(row, "contributes_to", "ring")
        elif (goal.pk, other.pk) not in known:
            check.plan.contributions.append(Contribution(goal=goal, to_goal=other))
            change.touches = True


def _node(goal: Goal) -> int | str:
    """What tells goals apart before the new ones have an id."""
    return goal.pk or goal.code
