"""The parts of a report beside its goals: agenda, lights over time, who owns and contributes, citizens, the units."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citizens.said import Said, SaidState, said_about
from followup.goal_views import GoalView
from followup.models import Round, Submission
from goals.models import BudgetException, Goal, GoalOwner
from goals.period_names import period_name_short
from organisation.models import Unit, UnitKind
from reports.overview import Numbered, anchor
from reports.parts import AgendaLine, Heard, OverCeiling, OverTime, OverTimeRow, Owner, Partner, UnitStatus
from reports.subject import Subject

MOST_UNITS = 60  # in one table


def agenda_of(round_: Round) -> tuple[AgendaLine, ...]:
    """The meeting's items. Of a closed one only its public title, whoever reads: the report is the same for all."""
    return tuple(
        AgendaLine(
            position=item.position,
            title=item.public_title if item.is_closed else item.title,
            recommendation="" if item.is_closed else item.recommendation,
            is_closed=item.is_closed,
            is_for_decision=item.is_for_decision,
        )
        for item in round_.agenda_items.order_by("position", "pk")
    )


def over_ceiling_of(subject: Subject, previous: Round | None) -> tuple[OverCeiling, ...]:
    """Goals of the body and its units adopted above their ceiling after the last meeting; none in a unit's report."""
    if subject.unit is not None or subject.goal is not None:
        return ()
    round_ = subject.round
    reporting = Unit.objects.reporting_to(round_.body, round_.meeting_date)
    found = BudgetException.objects.filter(
        Q(goal__owner_unit=round_.body) | Q(goal__owner_unit__in=reporting.values("pk"))
    )
    found = found.filter(at__date__lte=round_.meeting_date)
    if previous is not None:
        found = found.filter(at__date__gt=previous.meeting_date)
    return tuple(
        OverCeiling(one.goal.title, one.goal.owner_unit.name, one.number, one.most, str(one.decision))
        for one in found.select_related("goal__owner_unit", "decision__body").order_by("at", "pk")
    )


def over_time_of(numbered: Sequence[Numbered], earlier: Sequence[Round], round_: Round) -> OverTime | None:
    """Each goal's light at the earlier rounds, oldest first, and now; None when there were none before. No query."""
    if not earlier:
        return None
    before = sorted(earlier, key=lambda one: one.period_end)
    heads = tuple(period_name_short(one.covers) for one in (*before, round_))
    rows = (
        OverTimeRow(
            number,
            anchor(view),
            view.goal.short_name,
            (*(_light_then(view, one) for one in before), view.light.value),
        )
        for number, view in numbered
    )
    return OverTime(heads, tuple(rows))


def _light_then(view: GoalView, round_: Round) -> str:
    """The light by the same rule on the round's last day; empty before the goal was adopted."""
    adopted = view.goal.adopted_by
    if not view.standings or (adopted is not None and adopted.date > round_.meeting_date):
        return ""
    return view.light_at(round_.period_end).value


def partners_of(numbered: Sequence[Numbered], own: frozenset[int]) -> tuple[Partner, ...]:
    """Who serves the report's own goals: unit, goal and the leader responsible. No query."""
    return tuple(
        Partner(
            number=number,
            anchor=anchor(view),
            unit=view.goal.owner_unit.name,
            name=view.goal.short_name,
            responsible=str(view.goal.responsible or ""),
            light=view.light.value,
        )
        for number, view in numbered
        if view.goal.pk not in own
    )


def owners_of(numbered: Sequence[Numbered], today: date) -> dict[int, tuple[Owner, ...]]:
    """Who owned each cross-cutting goal on the day, its own unit first, then as they came. One query at most.

    What an owner commits itself to is for the other owners; a report says that it has.
    """
    shared = {view.goal.pk: view.goal for _number, view in numbered if view.goal.is_cross_cutting}
    found: dict[int, list[GoalOwner]] = {pk: [] for pk in shared}
    if shared:
        asked = GoalOwner.objects.filter(goal__in=list(shared), invited_at__date__lte=today)
        for one in asked.exclude(left_at__date__lte=today).select_related("unit__authority").order_by("pk"):
            found[one.goal_id].append(one)
    return {
        pk: tuple(
            Owner(one.unit.name, one.unit.authority.name, _is_committed(one, today))
            for one in sorted(owners, key=lambda one: one.unit_id != shared[pk].owner_unit_id)
        )
        for pk, owners in found.items()
    }


def _is_committed(owner: GoalOwner, today: date) -> bool:
    return owner.committed_at is not None and localdate(owner.committed_at) <= today


def heard_of(numbered: Sequence[Numbered], today: date) -> tuple[Heard, ...]:
    """What citizens say about each goal that they were asked about, as it was published on the day. Two queries."""
    said = said_about([view.goal.pk for _number, view in numbered], today=today)
    return tuple(
        _heard(number, view, said[view.goal.pk])
        for number, view in numbered
        if said[view.goal.pk].state not in (SaidState.NOT_ASKED, SaidState.PLANNED)
    )


def _heard(number: str, view: GoalView, said: Said) -> Heard:
    return Heard(
        number=number,
        anchor=anchor(view),
        name=view.goal.short_name,
        survey=said.title,
        sentence=said.count_sentence if said.survey_id is not None else said.sentence,
        assessed=tuple((one.label, one.words, one.interval) for one in said.assessed),
        pairs=tuple((pair.heard, pair.doing) for pair in said.pairs),
    )


def units_of(subject: Subject, today: date) -> tuple[tuple[UnitStatus, ...], int]:
    """The units that the subject follows with goals of their own, and how many more there are. Three queries.

    The lights are those that are kept, of the day the report is made.
    """
    round_ = subject.round
    if subject.unit is not None:
        found = Unit.objects.below(subject.unit, strictly=True)
    elif round_.body.kind == UnitKind.COUNCIL:  # what its committees follow, it follows
        found = Unit.objects.below(round_.body, strictly=True)
    else:
        found = Unit.objects.reporting_to(round_.body, today).exclude(pk=round_.body_id)
    units = list(found.valid(today).order_by("position", "name", "pk"))
    goals = Goal.objects.adopted().filter(owner_unit__in=[unit.pk for unit in units]).order_by()
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for unit, light, count in goals.values_list("owner_unit", "standing__light").annotate(count=Count("pk")):
        counts[unit][light or "nodata"] += count
    sent = {
        one.unit_id: one.get_state_display()
        for one in Submission.objects.filter(round=round_, unit__in=[unit.pk for unit in units])
    }
    rows = [
        UnitStatus(unit.name, counts[unit.pk].total(), dict(counts[unit.pk]), sent.get(unit.pk, _("ikke spurgt")))
        for unit in units
        if unit.pk in counts
    ]
    return tuple(rows[:MOST_UNITS]), max(len(rows) - MOST_UNITS, 0)
