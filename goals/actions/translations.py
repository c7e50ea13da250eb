"""A goal sent down to units, each unit's own goal for it, and what the level above says to that."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from goals.actions.events import translations_moved
from goals.actions.goals import NotPossible, create_goal, move_goal
from goals.actions.links import add_contribution, attach_series
from goals.actions.versions import locked
from goals.broken_links import OPEN
from goals.kinds import TranslationState
from goals.models import Contribution, Goal, Series, ServiceArea, Translation
from goals.models.translation import UNDER_WAY
from goals.translating import STEPS, Party, Sent, Step, refusal
from organisation.actions.history import record
from organisation.danish import join_words
from organisation.models import Unit, User

ASKED = "asked"
BOTH = frozenset(Party)  # who may is asked by the page; the action asks what the state allows


def units_to_ask(goal: Goal, today: date):
    """The units a goal may be sent to: those below its own, and those whose work its body follows; there today."""
    owner = goal.owner_unit
    there = Unit.objects.filter(authority=goal.authority_id).valid(today)
    beneath = Q(pk__in=Unit.objects.below(owner, strictly=True).values("pk"))
    followed = Q(pk__in=Unit.objects.reporting_to(owner, today).values("pk")) if owner.is_body else Q(pk__in=[])
    return there.filter(beneath | followed).exclude(pk=owner.pk)


def sent_of(translation: Translation) -> Sent:
    """The translation as the rule of `goals.translating` sees it; its goals are at hand."""
    answer = translation.answer
    return Sent(
        TranslationState(translation.state), translation.goal.is_open, has_answer=answer is not None and answer.is_open
    )


@transaction.atomic
def ask_translation(
    goal: Goal, units: Collection[Unit], *, due_date: date, note: str = "", by: User, now: datetime
) -> list[Translation]:
    """Send the goal down to the units, to be put in their own words by the day; a draft may be sent too.

    `NotPossible`: closed, past, not_below, or asked_already (somebody else sent it to one of them meanwhile).
    """
    stored = Goal.objects.select_for_update(of=("self",)).select_related("owner_unit").get(pk=goal.pk)
    today = timezone.localdate(now)
    if not stored.is_open:
        raise NotPossible("closed")
    if due_date < today:
        raise NotPossible("past")
    ids = {unit.pk for unit in units}
    if units_to_ask(stored, today).filter(pk__in=ids).count() != len(ids):
        raise NotPossible("not_below")
    if Translation.objects.under_way().filter(goal=stored, unit__in=ids).exists():
        raise NotPossible("asked_already")
    made = [
        Translation.objects.create(goal=stored, unit=unit, due_date=due_date, note=note, asked_by=by, asked_at=now)
        for unit in units
    ]
    authority, names = stored.authority, join_words([unit.name for unit in units])
    for one in made:
        record(one, "translation_asked", authority=authority, by=by, now=now, reason=note)
    # One line for all: a goal's page shows the latest few.
    changes = {"translation": (None, names)}
    record(stored, "translation_asked", authority=authority, by=by, now=now, changes=changes)
    translations_moved(ASKED, made, by=by, now=now)
    return made


@transaction.atomic
def write_answer(
    translation: Translation,
    goal: Goal,
    *,
    areas: Iterable[ServiceArea] = (),
    version: int,
    by: User,
    now: datetime,
) -> Goal:
    """Store a new draft of the unit's that serves the goal sent down, and prepare it as the answer; not sent yet."""
    stored = _taken(translation, Step.PREPARE, version)
    goal.owner_unit, goal.parent = stored.unit, stored.goal
    create_goal(goal, areas=areas, by=by, now=now)
    _prepare(stored, goal)
    return goal


@transaction.atomic
def choose_answer(translation: Translation, goal: Goal, *, version: int, by: User, now: datetime) -> Translation:
    """Prepare a goal that the unit has already as the answer; not sent yet."""
    stored = _taken(translation, Step.PREPARE, version)
    if goal.owner_unit_id != stored.unit_id:
        raise NotPossible("not_of_unit")
    if not goal.is_open:
        raise NotPossible("closed")
    if Goal.objects.below(goal).filter(pk=stored.goal_id).exists():
        raise NotPossible("cycle")
    return _prepare(stored, goal)


def _prepare(stored: Translation, goal: Goal) -> Translation:
    stored.answer = goal
    stored.version += 1
    stored.save(update_fields=["answer", "version"])
    return stored


@transaction.atomic
def answer_translation(
    translation: Translation, *, series: Series | None = None, version: int, by: User, now: datetime
) -> Translation:
    """Propose the prepared goal to the level above, measured by the unit's own series if one is given.

    From now on the unit's goal serves the one that was sent down: as its parent, or across if it serves another.
    """
    stored = _taken(translation, Step.ANSWER, version)
    answer = stored.answer
    assert answer is not None  # the step asks for it
    if series is not None:
        if series.unit_id != stored.unit_id:
            raise NotPossible("not_of_unit")
        attach_series(answer, series, by=by, now=now)
    _tie(answer, stored.goal, by=by, now=now)
    stored.answered_by, stored.answered_at = by, now
    return _into(stored, Step.ANSWER, ["answered_by", "answered_at"], by=by, now=now)


def _tie(answer: Goal, goal: Goal, *, by: User, now: datetime) -> None:
    if answer.parent_id == goal.pk or Contribution.objects.filter(goal=answer, to_goal=goal).exists():
        return
    if answer.parent is None or not answer.parent.is_open:
        move_goal(answer, goal, version=answer.version, by=by, now=now)
    else:
        add_contribution(answer, goal, by=by, now=now)


@transaction.atomic
def accept_translation(translation: Translation, *, version: int, by: User, now: datetime) -> Translation:
    """The unit's goal is what was meant. To adopt it stays an act of its own."""
    return _decided(_taken(translation, Step.ACCEPT, version), Step.ACCEPT, by=by, now=now)


@transaction.atomic
def return_translation(translation: Translation, *, reason: str, version: int, by: User, now: datetime) -> Translation:
    """Ask the unit to word it once more."""
    stored = _taken(translation, Step.SEND_BACK, version, reason)
    return _decided(stored, Step.SEND_BACK, by=by, now=now, reason=reason)


@transaction.atomic
def decline_translation(translation: Translation, *, reason: str, version: int, by: User, now: datetime) -> Translation:
    """The unit will not make the goal its own, and says why. What it wrote stays its own."""
    stored = _taken(translation, Step.DECLINE, version, reason)
    stored.answered_by, stored.answered_at, stored.reason = by, now, reason
    fields = ["answered_by", "answered_at", "reason"]
    return _into(stored, Step.DECLINE, fields, by=by, now=now, reason=reason)


@transaction.atomic
def withdraw_translation(translation: Translation, *, version: int, by: User, now: datetime) -> Translation:
    """Whoever sent the goal down needs no answer after all. What the unit wrote stays its own."""
    return _decided(_taken(translation, Step.WITHDRAW, version), Step.WITHDRAW, by=by, now=now)


def _taken(translation: Translation, step: Step, version: int, reason: str = "") -> Translation:
    """The stored translation with its goals, locked; refused where its state does not allow the step."""
    stored = locked(translation, version)
    stored.goal = Goal.objects.select_related("owner_unit", "authority").get(pk=stored.goal_id)
    if refused := refusal(step, sent_of(stored), parties=BOTH):
        raise NotPossible(refused)
    if STEPS[step].needs_reason and not reason.strip():
        raise NotPossible("no_reason")
    return stored


def _decided(stored: Translation, step: Step, *, by: User, now: datetime, reason: str = "") -> Translation:
    stored.decided_by, stored.decided_at, stored.reason = by, now, reason
    return _into(stored, step, ["decided_by", "decided_at", "reason"], by=by, now=now, reason=reason)


def _into(
    stored: Translation, step: Step, fields: list[str], *, by: User, now: datetime, reason: str = ""
) -> Translation:
    """The next state, in the history of the translation, with its reason, and of both goals, which more people read."""
    state = STEPS[step].leads_to
    assert state is not None
    stored.state = state
    stored.version += 1
    stored.save(update_fields=["state", "version", *fields])
    verb, authority = f"translation_{state}", stored.goal.authority
    record(stored, verb, authority=authority, by=by, now=now, reason=reason)
    record(stored.goal, verb, authority=authority, by=by, now=now, changes={"translation": (None, stored.unit)})
    if stored.answer is not None:
        record(stored.answer, verb, authority=authority, by=by, now=now, changes={"translated": (None, stored.goal)})
    translations_moved(step, [stored], by=by, now=now)
    return stored


def units_with(goal: Goal) -> set[int]:
    """The units that have the goal already, or whose accepted goal for it is open."""
    accepted = Q(state=TranslationState.ACCEPTED, answer__state__in=OPEN)
    found = Translation.objects.filter(Q(state__in=UNDER_WAY) | accepted, goal=goal)
    return set(found.values_list("unit", flat=True))
