"""A hearing's way from draft to the answer, and what its moderators decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from citizens.hearing_rules import (
    Lack,
    Ranks,
    ThemeFacts,
    lacks_before_answer,
    lacks_before_opening,
    mean_ranks,
)
from citizens.kinds import HearingState, ProposalState
from citizens.models import Hearing, HearingGoal, HearingTheme, Proposal, Ranking
from goals.actions.versions import Stale, locked, store
from goals.models import Goal
from organisation.actions.history import record
from organisation.models import User

FIELDS = ("title", "text", "opens_on", "closes_on", "answer_by")
THEME_FIELDS = ("name", "heard", "answer", "decision", "goal")


class NotPossible(Exception):
    """What the state of a hearing or a proposal refuses.

    `key` is not_draft, not_open, not_closed, answered, lacks (with what), moved (a proposal that somebody else has
    decided about) or in_use (a theme with proposals).
    """

    def __init__(self, key: str, lacks: Sequence[Any] = ()) -> None:
        super().__init__(key)
        self.key, self.lacks = key, list(lacks)


# ---- making and changing ---------------------------------------------------------------------------------------------


@transaction.atomic
def create_hearing(hearing: Hearing, goals: Iterable[Goal], *, by: User, now: datetime) -> Hearing:
    """Store a new draft about the goals; the unit gives its authority."""
    hearing.authority_id, hearing.state = hearing.unit.authority_id, HearingState.DRAFT
    hearing.save()
    _set_goals(hearing, goals)
    _record(hearing, "created", by=by, now=now)
    return hearing


@transaction.atomic
def change_hearing(
    hearing: Hearing, goals: Iterable[Goal] | None = None, *, version: int, by: User, now: datetime
) -> Hearing:
    """Store the changed fields; the goals too as long as nobody has ranked them: while it is a draft."""
    stored = locked(hearing, version)
    if stored.state == HearingState.ANSWERED:
        raise NotPossible("answered")
    changes = store(hearing, stored, FIELDS)
    if goals is not None and stored.is_draft:
        _set_goals(hearing, goals)
    if changes:
        _record(hearing, "changed", by=by, now=now, changes=changes)
    return hearing


def _set_goals(hearing: Hearing, goals: Iterable[Goal]) -> None:
    HearingGoal.objects.filter(hearing=hearing).delete()
    HearingGoal.objects.bulk_create(
        [HearingGoal(hearing=hearing, goal=goal, position=n) for n, goal in enumerate(goals, 1)]
    )


# ---- its way ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_hearing(hearing: Hearing, *, version: int, by: User | None, now: datetime) -> Hearing:
    """Let everybody write, from today when the first day is later."""
    stored, today = locked(hearing, version), timezone.localdate(now)
    if not stored.is_draft:
        raise NotPossible("not_draft")
    if lacks := opening_lacks(stored, today):
        raise NotPossible("lacks", lacks)
    return _into(stored, HearingState.OPEN, {"opens_on": min(stored.opens_on, today)}, by=by, now=now)


def opening_lacks(hearing: Hearing, today: date) -> list[str]:
    """Why the draft cannot open."""
    goals = HearingGoal.objects.filter(hearing=hearing).count()
    return lacks_before_opening(goals=goals, text=hearing.text, closes_on=hearing.closes_on, today=today)


@transaction.atomic
def close_hearing(hearing: Hearing, *, version: int, by: User | None, now: datetime) -> Hearing:
    """Let nobody write any more; today is then the last day."""
    stored, today = locked(hearing, version), timezone.localdate(now)
    if stored.state != HearingState.OPEN:
        raise NotPossible("not_open")
    return _into(stored, HearingState.CLOSED, {"closes_on": min(stored.closes_on, today)}, by=by, now=now)


@transaction.atomic
def answer_hearing(hearing: Hearing, *, version: int, by: User, now: datetime) -> Hearing:
    """Publish the answer to every theme. What remains of the rankings is their suppressed mean."""
    stored = locked(hearing, version)
    if stored.state != HearingState.CLOSED:
        raise NotPossible("not_closed")
    if lacks := answer_lacks(stored):
        raise NotPossible("lacks", lacks)
    ranks = ranks_of(stored)
    stored.kept_ranks = ranks.to_json() if ranks else None
    return _into(stored, HearingState.ANSWERED, {}, by=by, now=now)


def answer_lacks(hearing: Hearing) -> list[Lack]:
    """What must be done before the hearing is answered."""
    themes = [
        ThemeFacts(one.name, one.heard, one.answer, one.decision_id is not None or one.goal_id is not None)
        for one in HearingTheme.objects.filter(hearing=hearing)
    ]
    states = list(Proposal.objects.filter(hearing=hearing).values_list("state", "theme"))
    waiting = sum(state == ProposalState.WAITING for state, _theme in states)
    unsorted = sum(state == ProposalState.PUBLISHED and theme is None for state, theme in states)
    return lacks_before_answer(themes, waiting=waiting, unsorted=unsorted)


def ranks_of(hearing: Hearing) -> Ranks | None:
    """How the goals were ranked: not while it is open, for then each new ranking could be read off the change."""
    if hearing.state in (HearingState.DRAFT, HearingState.OPEN):
        return None
    if hearing.is_answered:
        return Ranks.from_json(hearing.kept_ranks) if hearing.kept_ranks else None
    goals = HearingGoal.objects.filter(hearing=hearing).values_list("goal", flat=True)
    orders = Ranking.objects.filter(hearing=hearing).values_list("order", flat=True)
    return mean_ranks(list(orders), list(goals))


def _into(
    hearing: Hearing, state: HearingState, fields: Mapping[str, Any], *, by: User | None, now: datetime
) -> Hearing:
    before = {"state": hearing.state, **{name: getattr(hearing, name) for name in fields}}
    after = {"state": state.value, **fields}
    for name, value in after.items():
        setattr(hearing, name, value)
    hearing.version += 1
    hearing.save()
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    _record(hearing, state.value, by=by, now=now, changes=changes)
    return hearing


# ---- proposals -------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_proposal(
    proposal: Proposal, *, seen: ProposalState, text: str | None = None, by: User, now: datetime
) -> None:
    """Let everybody read the proposal; `text` where words that name somebody were taken out first."""
    fields = {"hidden_reason": ""} if text is None else {"hidden_reason": "", "text": text}
    _decide(proposal, ProposalState.PUBLISHED, fields, seen=seen, by=by, now=now)


@transaction.atomic
def hide_proposal(proposal: Proposal, *, reason: str, seen: ProposalState, by: User, now: datetime) -> None:
    """Keep the proposal from the public, and say why."""
    fields = {"hidden_reason": reason, "theme": None}
    _decide(proposal, ProposalState.HIDDEN, fields, seen=seen, by=by, now=now)


def _decide(
    proposal: Proposal, state: ProposalState, fields: Mapping[str, Any], *, seen: ProposalState, by: User, now: datetime
) -> None:
    """Move the proposal from the state the moderator saw: of two at once the second is told."""
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=proposal.hearing_id)
    if hearing.is_answered:
        raise NotPossible("answered")
    moved = Proposal.objects.filter(pk=proposal.pk, state=seen).update(state=state, **fields)
    if not moved:
        raise NotPossible("moved")
    verb = "proposal_published" if state == ProposalState.PUBLISHED else "proposal_hidden"
    _record(hearing, verb, by=by, now=now, reason=fields["hidden_reason"])


@transaction.atomic
def sort_proposals(hearing: Hearing, themes: Mapping[UUID, int | None], *, by: User, now: datetime) -> int:
    """Put published proposals under themes of the hearing, or under none; how many moved."""
    stored = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)
    if stored.is_answered:
        raise NotPossible("answered")
    known = set(HearingTheme.objects.filter(hearing=stored).values_list("pk", flat=True)) | {None}
    rows = list(Proposal.objects.filter(hearing=stored, state=ProposalState.PUBLISHED, pk__in=themes))
    moved = [row for row in rows if themes[row.pk] in known and row.theme_id != themes[row.pk]]
    for row in moved:
        row.theme_id = themes[row.pk]
    Proposal.objects.bulk_update(moved, ["theme"])
    if moved:
        _record(stored, "proposals_sorted", by=by, now=now)
    return len(moved)


# ---- themes ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(hearing: Hearing, *, name: str, by: User, now: datetime) -> HearingTheme:
    """Store a new theme, last in the order."""
    stored = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)
    if stored.is_answered:
        raise NotPossible("answered")
    last = HearingTheme.objects.filter(hearing=stored).aggregate(last=Max("position"))["last"] or 0
    theme = HearingTheme.objects.create(hearing=stored, name=name, position=last + 1)
    record(theme, "created", authority=stored.authority, by=by, now=now)
    return theme


@transaction.atomic
def change_theme(theme: HearingTheme, *, version: int, by: User, now: datetime) -> HearingTheme:
    """Store the theme's name, what was heard, and the body's answer."""
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=theme.hearing_id)
    if hearing.is_answered:
        raise NotPossible("answered")
    stored = locked(theme, version)
    if changes := store(theme, stored, THEME_FIELDS):
        record(theme, "changed", authority=hearing.authority, by=by, now=now, changes=changes)
    return theme


@transaction.atomic
def remove_theme(theme: HearingTheme, *, by: User, now: datetime) -> None:
    """Delete a theme that no proposal lies under."""
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=theme.hearing_id)
    if hearing.is_answered:
        raise NotPossible("answered")
    if Proposal.objects.filter(theme=theme).exists():
        raise NotPossible("in_use")
    record(theme, "deleted", authority=hearing.authority, by=by, now=now, reason=theme.name)
    theme.delete()


# ---- by the day ------------------------------------------------------------------------------------------------------


def keep_hearing_days(now: datetime) -> int:
    """Open drafts and close hearings whose day has come, and delete what an answered hearing no longer needs."""
    today = timezone.localdate(now)
    due = Hearing.objects.filter(state=HearingState.DRAFT, opens_on__lte=today, closes_on__gte=today)
    over = Hearing.objects.filter(state=HearingState.OPEN, closes_on__lt=today)
    opened = sum(_step(open_hearing, hearing, now) for hearing in due)
    closed = sum(_step(close_hearing, hearing, now) for hearing in over)
    return opened + closed + clear_answered()


def _step(step: Any, hearing: Hearing, now: datetime) -> int:
    """Take the step, unless something lacks or somebody took it meanwhile."""
    try:
        step(hearing, version=hearing.version, by=None, now=now)
    except (NotPossible, Stale):
        return 0
    return 1


def clear_answered() -> int:
    """Delete rankings and proposals that never became public, once their hearing is answered."""
    answered = {"hearing__state": HearingState.ANSWERED}
    rankings, _each = Ranking.objects.filter(**answered).delete()
    proposals, _each = Proposal.objects.filter(**answered).exclude(state=ProposalState.PUBLISHED).delete()
    return rankings + proposals


def _record(
    hearing: Hearing,
    verb: str,
    *,
    by: User | None,
    now: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> None:
    record(hearing, verb, authority=hearing.authority, by=by, now=now, changes=changes, reason=reason)
