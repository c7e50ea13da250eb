"""Storing what a file with goals holds: many rows in few statements, each with its line in the history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from goals.actions.events import goals_changed, rollups_changed
from goals.actions.owners import goal_closed, owners_follow
from goals.actions.targets import words
from goals.loading_plan import Change, Plan
from goals.models import BudgetException, Contribution, Decision, Goal, GoalSeries, Indicator, Series, Target
from organisation.models import Authority, HistoryEntry, User

BATCH = 500


def store(plan: Plan, *, authority: Authority, by: User | None, now: datetime) -> None:
    """Write the plan inside the caller's transaction, then let the lights follow."""
    old_parents = {change.before["parent"].pk for change in plan.goals if change.before.get("parent")}
    Decision.objects.bulk_create(plan.decisions, BATCH)
    entries = [*_store_all(Indicator, plan.indicators), *_store_goals(plan.goals)]
    BudgetException.objects.bulk_create(
        plan.exceptions,
        BATCH,
        update_conflicts=True,
        unique_fields=["goal"],
        update_fields=["decision", "number", "most", "at"],
    )
    entries += _store_all(Series, plan.series)
    _store_all(GoalSeries, plan.links)
    entries += [_tie(change.instance.goal, "series", change.instance.series) for change in plan.links if change.is_new]
    entries += _store_targets(plan.targets, now)
    Contribution.objects.bulk_create(plan.contributions, BATCH)
    entries += [_tie(link.goal, "contributes_to", link.to_goal) for link in plan.contributions]
    for entry in entries:
        entry.authority, entry.by, entry.at = authority, by, now
    HistoryEntry.objects.bulk_create(entries, BATCH)
    for change in plan.goals:
        _tell_owners(change, by, now)
    rollups_changed(_rollups_touched(plan), now=now)
    goals_changed(_goals_touched(plan) | old_parents, now=now)


def _store_all(model: type[models.Model], changes: Sequence[Change]) -> list[HistoryEntry]:
    """Create what is new and update what changed; the history of both."""
    new = [change for change in changes if change.is_new]
    changed = [change for change in changes if change.before and not change.is_new]
    model._default_manager.bulk_create([change.instance for change in new], BATCH)
    _update(model, changed)
    return [_entry(change, "created" if change.is_new else "changed") for change in (*new, *changed)]


def _update(model: type[models.Model], changes: Sequence[Change]) -> None:
    if not changes:
        return
    fields = {name for change in changes for name in change.before}
    if hasattr(model, "version"):
        fields.add("version")
        for change in changes:
            change.instance.version += 1
    model._default_manager.bulk_update([change.instance for change in changes], sorted(fields), BATCH)


def _store_goals(changes: Sequence[Change]) -> list[HistoryEntry]:
    """As `_store_all`; parents come afterwards, since a goal's parent may be new too.

    Goals that move let go of their old parent first: on the way from one tree to the other there is no ring either.
    """
    new = [change for change in changes if change.is_new]
    moved = [change.instance.pk for change in changes if change.before.get("parent") and not change.is_new]
    for start in range(0, len(moved), BATCH):
        Goal.objects.filter(pk__in=moved[start : start + BATCH]).update(parent=None)
    parents = {id(change): change.instance.parent for change in new}
    for change in new:
        change.instance.parent = None
    entries = _store_all(Goal, changes)
    placed = []
    for change in new:
        if (parent := parents[id(change)]) is not None:
            change.instance.parent = parent
            placed.append(change.instance)
    Goal.objects.bulk_update(placed, ["parent"], BATCH)
    return entries


def _tell_owners(change: Change, by: User | None, now: datetime) -> None:
    """What the file did to a goal that several own."""
    goal = change.instance
    if not goal.is_cross_cutting or change.is_new:
        return
    if (unit := change.before.get("owner_unit")) is not None:
        owners_follow(goal, unit.pk, by=by, now=now)
    if "state" in change.before and not goal.is_open:
        goal_closed(goal, by=by, now=now)


def _store_targets(changes: Sequence[Change], now: datetime) -> list[HistoryEntry]:
    """New targets; those they replace are superseded, never changed."""
    wanted = [change for change in changes if change.is_new or change.before]
    superseded = [change.before["superseded"] for change in wanted if change.before]
    for target in superseded:
        target.superseded_at = now
    Target.objects.bulk_update(superseded, ["superseded_at"], BATCH)
    Target.objects.bulk_create([change.instance for change in wanted], BATCH)
    return [_target_entry(change) for change in wanted]


def _target_entry(change: Change) -> HistoryEntry:
    target = change.instance
    old = change.before.get("superseded")
    changes = {f"target {target.period}": [words(old) if old else None, words(target)]}
    return _about(target.series, "target_set", changes, target.reason)


def _entry(change: Change, verb: str) -> HistoryEntry:
    changes = {
        name: [_text(before), _text(getattr(change.instance, name))]
        for name, before in change.before.items()
        if not change.is_new
    }
    return _about(change.instance, verb, changes)


def _about(subject: models.Model, verb: str, changes: dict[str, list[str | None]], reason: str = "") -> HistoryEntry:
    kind = subject._meta.label_lower
    return HistoryEntry(verb=verb, subject_kind=kind, subject_id=subject.pk, changes=changes, reason=reason)


def _tie(goal: Goal, name: str, to: models.Model) -> HistoryEntry:
    return _about(goal, "changed", {name: [None, str(to)]})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _goals_touched(plan: Plan) -> set[int]:
    """Goals whose own light, or whose place, may have changed."""
    goals = {change.instance.pk for change in _changed(plan.goals)}
    goals |= {change.instance.goal_id for change in _changed(plan.links)}
    indicators = [change.instance.pk for change in _changed(plan.indicators) if not change.is_new]
    series = {change.instance.pk for change in _changed(plan.series) if not change.is_new}
    series |= {change.instance.series_id for change in _changed(plan.targets)}
    links = GoalSeries.objects.filter(models.Q(series__in=series) | models.Q(series__indicator__in=indicators))
    return goals | set(links.values_list("goal", flat=True))


def _rollups_touched(plan: Plan) -> set[int]:
    """Indicators whose units are added up in another way than before."""
    indicators = {change.instance.pk for change in plan.indicators if "unit_rollup" in change.before}
    series = (change for change in plan.series if change.is_new or "is_rolled_up" in change.before)
    return indicators | {change.instance.indicator_id for change in series}


def _changed(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.is_new or change.before]
