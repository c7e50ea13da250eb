"""A goal's effect chain: its steps, what they are measured by, and the arrows between them.

The goal is locked through each change: two who add an arrow each never close a ring together.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from goals.actions.events import chains_changed
from goals.actions.versions import locked, store
from goals.effect_chain import MOST_STEPS, Arrow, moved, refusal
from goals.kinds import StepKind
from goals.models import Assumption, ChainStep, Goal, Series
from organisation.actions.history import record
from organisation.models import User

ARROW_FIELDS = ("text", "evidence", "strength", "is_feedback")


class Refused(Exception):
    """What the chain cannot hold.

    `key` is closed, full, other_authority, other_goal, two_kinds, or that of `goals.effect_chain.refusal`.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _open(goal_id: int) -> Goal:
    """The goal and its arrows, locked; refused when it is closed.

    The arrows in one order, as those who weigh them lock them. The goal so that what points to it may be stored
    meanwhile: a weakened arrow's item on an agenda.
    """
    goal = Goal.objects.select_for_update(of=("self",), no_key=True).get(pk=goal_id)
    if not goal.is_open:
        raise Refused("closed")
    list(Assumption.objects.select_for_update(of=("self",)).filter(from_step__goal=goal).order_by("pk").values("pk"))
    return goal


def _record(goal: Goal, name: str, before: object, after: object, *, by: User, now: datetime) -> None:
    record(goal, "changed", authority=goal.authority, by=by, now=now, changes={name: (before, after)})


# ---- steps -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_step(step: ChainStep, *, series: Sequence[Series] = (), by: User, now: datetime) -> ChainStep:
    """Put a step last among its kind."""
    goal = _open(step.goal_id)
    _refuse_series(goal, step, series)
    if goal.chain_steps.count() >= MOST_STEPS:
        raise Refused("full")
    step.position = goal.chain_steps.filter(kind=step.kind).count() + 1
    step.save()
    step.series.set(series)
    _record(goal, "chain_step", None, step, by=by, now=now)
    return step


@transaction.atomic
def change_step(step: ChainStep, *, series: Sequence[Series], version: int, by: User, now: datetime) -> ChainStep:
    """Store the step's words, kind and what it is measured by."""
    goal = _open(step.goal_id)
    stored = locked(step, version)
    _refuse_series(goal, step, series)
    before = _words(stored)
    if stored.kind != step.kind:
        _refuse_external(stored, StepKind(step.kind))
        step.position = goal.chain_steps.filter(kind=step.kind).count() + 1
    store(step, stored, ("text", "kind", "position"))
    step.series.set(series)
    if stored.kind != step.kind:
        _close_up(goal, stored.kind)
    if (after := _words(step)) != before:
        if step.version == stored.version:
            step.version += 1
            step.save(update_fields=["version"])
        _record(goal, "chain_step", before, after, by=by, now=now)
        chains_changed({goal.pk}, now=now)
    return step


def _words(step: ChainStep) -> str:
    """The step as the history tells of it."""
    measured = ", ".join(str(one) for one in step.series.select_related("indicator", "unit").order_by("pk"))
    return f"{step.get_kind_display()}: {step.text}" + (f" ({measured})" if measured else "")


def _refuse_series(goal: Goal, step: ChainStep, series: Iterable[Series]) -> None:
    """A step is measured by the authority's own series, and a series at one kind of step only."""
    if any(one.authority_id != goal.authority_id for one in series):
        raise Refused("other_authority")
    elsewhere = goal.chain_steps.exclude(pk=step.pk).exclude(kind=step.kind).filter(series__in=list(series))
    if elsewhere.exists():
        raise Refused("two_kinds")


def _refuse_external(step: ChainStep, kind: StepKind) -> None:
    """What an arrow leads to cannot become an external factor."""
    if kind is StepKind.EXTERNAL and step.comes_of.exists():
        raise Refused("external")


@transaction.atomic
def move_step(step: ChainStep, *, kind: StepKind, to: int, by: User, now: datetime) -> ChainStep:
    """Put the step at a place (from 0) among those of a kind, its own or another."""
    goal = _open(step.goal_id)
    step = goal.chain_steps.select_for_update(of=("self",)).get(pk=step.pk)
    _refuse_external(step, kind)
    there = list(goal.chain_steps.filter(kind=kind).exclude(pk=step.pk).values_list("pk", flat=True))
    before, told = step.kind, _words(step)
    if step.kind != kind:
        step.kind, step.version = kind.value, step.version + 1
        _refuse_series(goal, step, step.series.all())
        step.save(update_fields=["kind", "version"])
        _record(goal, "chain_step", told, _words(step), by=by, now=now)
    _number(moved([*there, step.pk], step.pk, to))
    _close_up(goal, before)
    step.refresh_from_db()
    return step


def _number(ids: Sequence[int]) -> None:
    for position, pk in enumerate(ids, 1):
        ChainStep.objects.filter(pk=pk).exclude(position=position).update(position=position)


def _close_up(goal: Goal, kind: str) -> None:
    _number(list(goal.chain_steps.filter(kind=kind).values_list("pk", flat=True)))


@transaction.atomic
def remove_step(step: ChainStep, *, by: User, now: datetime) -> None:
    """Take a step out with its arrows. The goal's history keeps that it was there."""
    goal = _open(step.goal_id)
    _record(goal, "chain_step", _words(step), None, by=by, now=now)
    kind = step.kind
    step.delete()
    _close_up(goal, kind)
    chains_changed({goal.pk}, now=now)


# ---- arrows ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_assumption(assumption: Assumption, *, by: User, now: datetime) -> Assumption:
    """Let one step lead to another. Refused where it would go in a ring and is not marked as feedback."""
    goal = _open(assumption.from_step.goal_id)
    if assumption.to_step.goal_id != goal.pk:
        raise Refused("other_goal")
    _refuse_arrow(goal, assumption)
    assumption.save()
    _record(goal, "chain_arrow", None, _told(assumption), by=by, now=now)
    chains_changed({goal.pk}, now=now)
    return assumption


@transaction.atomic
def change_assumption(assumption: Assumption, *, version: int, by: User, now: datetime) -> Assumption:
    """Store why it is thought, on what evidence, how strong, and whether it works back."""
    goal = _open(assumption.from_step.goal_id)
    stored = locked(assumption, version)
    _refuse_arrow(goal, assumption)
    if store(assumption, stored, ARROW_FIELDS):
        _record(goal, "chain_arrow", _told(stored), _told(assumption), by=by, now=now)
        chains_changed({goal.pk}, now=now)
    return assumption


def _told(one: Assumption) -> str:
    """The arrow as the history tells of it."""
    parts = [one.text, one.evidence, str(one.get_strength_display())]
    return f"{one}: {' · '.join(part for part in parts if part)}"


def _refuse_arrow(goal: Goal, assumption: Assumption) -> None:
    others = Assumption.objects.filter(from_step__goal=goal).exclude(pk=assumption.pk)
    arrows = [Arrow(*row) for row in others.values_list("from_step", "to_step", "is_feedback")]
    new = Arrow(assumption.from_step_id, assumption.to_step_id, assumption.is_feedback)
    if key := refusal(arrows, new, StepKind(assumption.to_step.kind)):
        raise Refused(key)


@transaction.atomic
def remove_assumption(assumption: Assumption, *, by: User, now: datetime) -> None:
    """Take an arrow out. The goal's history keeps that it was there."""
    goal = _open(assumption.from_step.goal_id)
    _record(goal, "chain_arrow", _told(assumption), None, by=by, now=now)
    assumption.delete()
    chains_changed({goal.pk}, now=now)
