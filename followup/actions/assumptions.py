"""Keeping `Assumption.weakened_on` in step with the values, and telling the body. The only writer of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.agenda import add_item
from followup.calendar_feed import bodies_of
from followup.effect_chains import pasts_of, weakened_sentence
from followup.kinds import RoundState
from followup.models import AgendaItem, FiguresChanged, Round, WeakenedOnAgenda
from followup.weakening import is_weakened
from goals.kinds import GoalState, StepKind
from goals.models import Assumption, ChainStep, Goal
from organisation.actions.history import record

CHUNK = 200
Measured = dict[int, list[int]]  # step -> its series


@transaction.atomic
def weigh_after(series: Iterable[int] | QuerySet, *, now: datetime) -> set[int]:
    """Weigh the arrows to and from what the series measure; the authorities where one is another than before."""
    series = series if isinstance(series, QuerySet) else list(series)
    steps = ChainStep.objects.filter(series__in=series).order_by().values("pk")
    return weigh(Assumption.objects.filter(Q(from_step__in=steps) | Q(to_step__in=steps)), now=now)


@transaction.atomic
def weigh(assumptions: QuerySet[Assumption], *, now: datetime) -> set[int]:
    """Store which of the arrows are weakened, and put those on the agenda; the authorities where one changed.

    The arrows are locked before values are read: of two who change values at once, the second sees what the first did.
    """
    ids = sorted(set(assumptions.order_by().values_list("pk", flat=True)))
    if not ids:
        return set()
    held = Assumption.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    rows = list(held.select_related("from_step__goal__authority", "to_step").order_by("pk"))
    measured = _measured(rows)
    today = timezone.localdate(now)
    pasts = pasts_of({pk for series in measured.values() for pk in series}, today=today)
    changed = [one for one in rows if (one.weakened_on is not None) != _is_weakened(one, measured, pasts)]
    for one in changed:
        _turn(one, now)
    if changed:
        put_weakened_on_agenda(now, among=[one.pk for one in changed])
    return {one.from_step.goal.authority_id for one in changed}


def _measured(assumptions: Sequence[Assumption]) -> Measured:
    steps = {pk for one in assumptions for pk in (one.from_step_id, one.to_step_id)}
    links = ChainStep.series.through.objects.filter(chainstep__in=steps).order_by("series")
    found: Measured = defaultdict(list)
    for step, series in links.values_list("chainstep", "series"):
        found[step].append(series)
    return found


def _is_weakened(one: Assumption, measured: Measured, pasts: dict) -> bool:
    if one.is_feedback or one.from_step.kind == StepKind.EXTERNAL:
        return False
    before, after = ([pasts[pk] for pk in measured.get(step, ())] for step in (one.from_step_id, one.to_step_id))
    return is_weakened(before, after)


def _turn(one: Assumption, now: datetime) -> None:
    """Weakened where it was not, or no longer where it was. Its goal's history tells of both."""
    one.weakened_on = None if one.weakened_on else timezone.localdate(now)
    one.save(update_fields=["weakened_on"])
    goal, verb = one.from_step.goal, "assumption_weakened" if one.weakened_on else "assumption_restored"
    record(goal, verb, authority=goal.authority, by=None, now=now, reason=str(one))


def weigh_everywhere(now: datetime) -> int:
    """Weigh every arrow of a goal that is not closed; of how many authorities one changed. For `tick`."""
    every = Assumption.objects.exclude(from_step__goal__state=GoalState.CLOSED).filter(
        Exists(ChainStep.series.through.objects.filter(chainstep=OuterRef("from_step"))),
        Exists(ChainStep.series.through.objects.filter(chainstep=OuterRef("to_step"))),
    )
    weakened = Assumption.objects.filter(weakened_on__isnull=False)  # also those no longer measured
    ids = sorted({*every.values_list("pk", flat=True), *weakened.values_list("pk", flat=True)})
    changed: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        changed |= weigh(Assumption.objects.filter(pk__in=ids[start : start + CHUNK]), now=now)
    today = timezone.localdate(now)
    FiguresChanged.objects.bulk_create([FiguresChanged(authority_id=pk, day=today) for pk in sorted(changed)])
    return len(changed)


# ---- on the agenda ---------------------------------------------------------------------------------------------------


@transaction.atomic
def put_weakened_on_agenda(now: datetime, *, among: Sequence[int] | None = None) -> int:
    """Let the body's next meeting hear of weakened assumptions of goals in force, once each; how many goals' items.

    What is weakened while no meeting is planned is told when there is one.
    """
    told = WeakenedOnAgenda.objects.filter(assumption=OuterRef("pk"), weakened_on=OuterRef("weakened_on"))
    waiting = Assumption.objects.filter(
        ~Exists(told), weakened_on__isnull=False, from_step__goal__state=GoalState.ADOPTED
    )
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    by_goal: dict[Goal, list[Assumption]] = defaultdict(list)
    for one in waiting.select_related("from_step__goal__owner_unit", "to_step").order_by("from_step__goal", "pk"):
        by_goal[one.from_step.goal].append(one)
    return sum(_put(goal, ones, now) for goal, ones in by_goal.items())


def _put(goal: Goal, assumptions: Sequence[Assumption], now: datetime) -> int:
    round_ = next_round(goal, timezone.localdate(now))
    if round_ is None:
        return 0
    last = round_.agenda_items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(
        round=round_,
        position=last + 1,
        title=(_("Antagelse svækket: %s") % goal.short_name)[:200],
        text="\n\n".join(_case(one) for one in assumptions),
        is_for_decision=False,
        goal=goal,
    )
    add_item(item, by=None, now=now)
    WeakenedOnAgenda.objects.bulk_create(
        [WeakenedOnAgenda(assumption=one, weakened_on=one.weakened_on, item=item) for one in assumptions]
    )
    return 1


def next_round(goal: Goal, today: date) -> Round | None:
    """The coming meeting of the body that follows the goal; None when none is planned."""
    unit = goal.owner_unit
    body = unit.pk if unit.is_body else bodies_of([unit], today)[unit.pk]
    coming = Round.objects.filter(body=body, meeting_date__gte=today).exclude(state=RoundState.CLOSED)
    return coming.select_related("body", "authority").order_by("meeting_date", F("pk")).first()


def _case(one: Assumption) -> str:
    """What was thought, on what evidence, and what the figures say."""
    lines = [f"”{one.from_step.text}” → ”{one.to_step.text}”", weakened_sentence(one)]
    if one.text:
        lines.append(_("Antagelsen: vi tror at %s") % one.text)
    if one.evidence:
        lines.append(_("Kilde: %s") % one.evidence)
    return "\n".join(lines)
