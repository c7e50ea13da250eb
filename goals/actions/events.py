"""Telling who listens that goals changed so that lights may move. Higher layers put themselves on the lists."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from goals.models import Goal, GoalOwner, TargetProposal, Translation
from organisation.models import User

GoalsChanged = Callable[[set[int], datetime], None]
RollupsChanged = Callable[[set[int], datetime], None]
# What was done (a `goals.translating.Step`, or "asked"), to which, by whom and when.
TranslationsMoved = Callable[[str, Sequence[Translation], User, datetime], None]
HasValues = Callable[[list[int]], bool]

on_change: list[GoalsChanged] = []
on_rollup_change: list[RollupsChanged] = []
on_chain_change: list[GoalsChanged] = []
on_translation: list[TranslationsMoved] = []
value_checks: list[HasValues] = []


def goals_changed(goal_ids: Iterable[int], *, now: datetime) -> None:
    """Targets, series, state or place of these goals changed."""
    ids = set(goal_ids)
    if ids:
        for listener in on_change:
            listener(ids, now)


def chains_changed(goal_ids: Iterable[int], *, now: datetime) -> None:
    """Steps or arrows of these goals' effect chains changed."""
    for listener in on_chain_change:
        listener(set(goal_ids), now)


def translations_moved(step: str, translations: Sequence[Translation], *, by: User, now: datetime) -> None:
    """Goals were sent down, or something was done to one that was."""
    for listener in on_translation:
        listener(step, translations, by, now)


def rollups_changed(indicator_ids: Iterable[int], *, now: datetime) -> None:
    """Which series of these indicators there are, or how they are added up, changed."""
    ids = set(indicator_ids)
    if ids:
        for listener in on_rollup_change:
            listener(ids, now)


def goals_of_series(series_ids: Iterable[int]) -> set[int]:
    """The goals measured by any of the series."""
    return set(Goal.objects.filter(goal_series__series__in=list(series_ids)).values_list("pk", flat=True))


def goals_of_indicator(indicator_id: int) -> set[int]:
    """The goals measured by any series of the indicator."""
    return set(Goal.objects.filter(goal_series__series__indicator=indicator_id).values_list("pk", flat=True))


def series_have_values(series_ids: Iterable[int]) -> bool:
    """Whether somebody above keeps values of any of the series."""
    ids = list(series_ids)
    return bool(ids) and any(check(ids) for check in value_checks)


@dataclass(frozen=True, slots=True)
class OwnersNews:
    """Something that all owners of a cross-cutting goal are told: what was done, about whom or which proposal.

    `verb` is that of the history. `told`: the owners who took part when it was done, those who left by it among them.
    """

    verb: str
    goal: Goal
    told: tuple[GoalOwner, ...]
    by: User | None
    now: datetime
    owner: GoalOwner | None = None
    proposal: TargetProposal | None = None


on_owners_news: list[Callable[[OwnersNews], None]] = []


def tell_owners(news: OwnersNews) -> None:
    """Let those above tell the owners."""
    for listener in on_owners_news:
        listener(news)
