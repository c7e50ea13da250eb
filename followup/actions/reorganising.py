"""Merging and splitting units in the middle of whatever period it is. The past stays as it is.

The old units end the day before and keep their values, reports and history. The new ones begin on the day: they get the
open goals, series of their own, roles, committees and open actions. A goal keeps its old series, whose number counts
until the new unit has one (`status.in_turn`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from followup.actions.boards_follow import boards_follow, open_meeting
from followup.actions.rounds import ask_again
from followup.kinds import RoundState
from followup.models import Action, DueValue, Measurement, Plan, Round
from goals.actions.budgets import set_ceiling
from goals.actions.events import goals_changed, rollups_changed
from goals.actions.owners import hand_over_commitments, owners_follow
from goals.carrying import Aim, carried
from goals.kinds import GoalState, UnitRollup
from goals.models import Goal, GoalBudget, GoalSeries, Series, Target, Translation
from organisation.actions.history import record
from organisation.actions.people import PersonRefused, end_role, give_role
from organisation.actions.units import create_unit, end_body_link, end_unit, link_to_body
from organisation.models import BodyLink, Membership, Unit, User

ONE_DAY = timedelta(days=1)
ASKING = (RoundState.OPEN, RoundState.IN_APPROVAL, RoundState.READY)
COPIED = ("tolerance", "tolerance_kind", "path", "reporting_lag_days", "source_note")


class Refused(Exception):
    """The units stay as they are.

    `key` is too_few, ahead, other_authority, body, not_valid, not_new, has_children, under_ended, has_values,
    meeting_open, not_placed or last_manager; `what` names what it is about.
    """

    def __init__(self, key: str, what: object = "") -> None:
        super().__init__(key)
        self.key, self.what = key, what


@dataclass(frozen=True, slots=True)
class Handover:
    """One reorganisation: which units end, which follow after them, on which day, and who gets which goal.

    `most` is how many goals each of the new ones may have; None is no ceiling.
    """

    old: Sequence[Unit]
    new: Sequence[Unit]
    day: date
    heir_of: Callable[[Goal], Unit]
    by: User
    now: datetime
    most: Sequence[int | None] = ()

    @property
    def last_day(self) -> date:
        """The last day of what ends."""
        return self.day - ONE_DAY

    @property
    def is_split(self) -> bool:
        return len(self.old) == 1


@transaction.atomic
def merge_units(
    units: Sequence[Unit], into: Unit, day: date, *, most: int | None = None, by: User, now: datetime
) -> Unit:
    """Let the units become one on the day, with its own ceiling.

    `into` is new: stored already, beginning on the day, or not stored yet.
    """
    _check_count(units)
    _store_new([into], day, by=by, now=now)
    _hand_over(_merger(units, into, day, most=most, by=by, now=now))
    return into


def check_merge(units: Sequence[Unit], into: Unit, day: date, *, by: User, now: datetime) -> None:
    """Refuse what `merge_units` would refuse of these units on this day; nothing is stored."""
    _check_count(units)
    _check(_merger(units, into, day, most=None, by=by, now=now))


def _check_count(units: Sequence[Unit]) -> None:
    if len({unit.pk for unit in units}) < 2:
        raise Refused("too_few")


def _merger(units: Sequence[Unit], into: Unit, day: date, *, most: int | None, by: User, now: datetime) -> Handover:
    return Handover(units, [into], day, lambda goal: into, by, now, [most])


@transaction.atomic
def split_unit(
    unit: Unit,
    into: Sequence[Unit],
    day: date,
    *,
    goals: Mapping[int, int],
    most: Sequence[int | None] = (),
    by: User,
    now: datetime,
) -> Sequence[Unit]:
    """Let the unit become several on the day; `goals` says by each open goal's id to which of `into` it goes.

    `most` is the ceiling of each of `into`. Other open actions than those of goals follow the first of them.
    """
    if len(into) < 2:
        raise Refused("too_few")
    open_goals = Goal.objects.filter(owner_unit=unit).exclude(state=GoalState.CLOSED)
    for goal in open_goals:
        if goals.get(goal.pk) not in range(len(into)):
            raise Refused("not_placed", goal)
    _store_new(into, day, by=by, now=now)
    _hand_over(Handover([unit], into, day, lambda goal: into[goals[goal.pk]], by, now, most))
    return into


def _store_new(units: Iterable[Unit], day: date, *, by: User, now: datetime) -> None:
    for unit in units:
        if unit.valid_from != day or unit.valid_to is not None:
            raise Refused("not_new", unit)
        if unit.pk is None:
            create_unit(unit, by=by, now=now)


def _hand_over(it: Handover) -> None:
    ids = [unit.pk for unit in (*it.old, *it.new)]
    list(Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    for unit in it.old:  # somebody may have ended it meanwhile
        unit.refresh_from_db(fields=["valid_from", "valid_to", "parent"])
    _check(it)
    series = _end_series(it)
    goals = list(
        Goal.objects.filter(owner_unit__in=it.old)
        .exclude(state=GoalState.CLOSED)
        .select_related("owner_unit", "authority")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    heirs = {goal.pk: it.heir_of(goal) for goal in goals}
    made = _begin_series(it, series, heirs)
    followers = _followers(series, made)
    _hand_over_goals(it, goals, heirs)
    _hand_over_work(it, heirs, followers)
    boards_follow(it.old, it.new, followers, by=it.by, now=it.now)
    _set_ceilings(it)
    _hand_over_links(it)
    _hand_over_roles(it)
    for unit in it.old:
        end_unit(unit, it.last_day, by=it.by, now=it.now)
    rollups_changed({one.indicator_id for one in series}, now=it.now)
    ended = [one.pk for one in series]
    asking = Round.objects.filter(authority=it.old[0].authority_id, state__in=ASKING, period_end__gte=it.day)
    for round_ in asking.select_related("body__authority", "plan").order_by("pk"):
        ask_again(round_, ended, now=it.now)
    measured = GoalSeries.objects.filter(series__in=[*series, *made]).values_list("goal", flat=True)
    goals_changed({*measured, *heirs}, now=it.now)


def _check(it: Handover) -> None:
    if it.day > localdate(it.now):  # goals and roles change hands at once
        raise Refused("ahead")
    authority = it.old[0].authority_id
    old_ids = {unit.pk for unit in it.old}
    for unit in (*it.old, *it.new):
        if unit.authority_id != authority:
            raise Refused("other_authority", unit)
        if unit.is_body:
            raise Refused("body", unit)
    for unit in it.old:
        if unit.valid_from >= it.day or (unit.valid_to is not None and unit.valid_to < it.day):
            raise Refused("not_valid", unit)
        # Units below that moved along would take their past numbers out of the sums they are part of.
        if unit.children.valid(it.day).exclude(pk__in=[one.pk for one in it.new]).exists():
            raise Refused("has_children", unit)
    for unit in it.new:
        if unit.pk in old_ids:
            raise Refused("not_new", unit)
        if unit.parent_id in old_ids:
            raise Refused("under_ended", unit)
    later = Measurement.objects.filter(series__unit__in=it.old, period_end__gte=it.day).select_related("series__unit")
    if (told := later.order_by("period_end").first()) is not None:
        raise Refused("has_values", told)
    if (meeting := open_meeting(it.old)) is not None:
        raise Refused("meeting_open", meeting)


# ---- series ----------------------------------------------------------------------------------------------------------


def _end_series(it: Handover) -> list[Series]:
    """The old units' series, kept until now, end the day before."""
    running = Series.objects.filter(unit__in=it.old).active(it.day).select_related("indicator", "authority")
    series = list(running.select_for_update(of=("self",)).order_by("pk"))
    for one in series:
        before, one.last_day, one.version = one.last_day, it.last_day, one.version + 1
        one.save(update_fields=["last_day", "version"])
        changes = {"last_day": (before, it.last_day)}
        record(one, "changed", authority=one.authority, by=it.by, now=it.now, changes=changes)
    return series


def _begin_series(it: Handover, old: Sequence[Series], heirs: Mapping[int, Unit]) -> list[Series]:
    """A series at each new unit for what the old ones measured there, tied to the goals that it decides."""
    by_indicator: dict[int, list[Series]] = defaultdict(list)
    for one in old:
        by_indicator[one.indicator_id].append(one)
    links: dict[int, list[GoalSeries]] = defaultdict(list)
    for link in GoalSeries.objects.filter(series__in=old).exclude(goal__state=GoalState.CLOSED).select_related("goal"):
        links[link.series_id].append(link)
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.in_force().filter(series__in=old, period_end__gte=it.day):
        targets[target.series_id].append(target)
    made = []
    for series in by_indicator.values():
        tied = [link for one in series for link in links[one.pk]]
        own = {heirs[link.goal_id].pk for link in tied if link.goal_id in heirs}
        for unit in it.new:
            # Of a split unit's indicators each new unit keeps those of its goals, and those that no goal is about.
            if own and unit.pk not in own and not any(link.goal_id not in heirs for link in tied):
                continue
            begun = _begun(it, unit, series, targets)
            made.append(begun)
            for plan in Plan.objects.filter(series__in=series).distinct():
                plan.series.add(begun)
            _tie(it, begun, [link for link in tied if heirs.get(link.goal_id, unit).pk == unit.pk])
    return made


def _followers(old: Sequence[Series], made: Sequence[Series]) -> dict[int, list[Series]]:
    """By each old series' id those that follow after it."""
    return {one.pk: [begun for begun in made if begun.indicator_id == one.indicator_id] for one in old}


def _begun(it: Handover, unit: Unit, old: Sequence[Series], targets: Mapping[int, Sequence[Target]]) -> Series:
    first, indicator = old[0], old[0].indicator
    is_count = indicator.unit_rollup == UnitRollup.SUM
    series = Series(authority=unit.authority, indicator=indicator, unit=unit)
    for name in COPIED:
        setattr(series, name, getattr(first, name))
    if len({(one.tolerance, one.tolerance_kind) for one in old}) > 1:
        series.tolerance = None
    baselines = [Aim(one.baseline_value) if one.baseline_period else None for one in old]
    baseline = carried(baselines, is_count=is_count, is_split=it.is_split)
    if baseline is not None and len({one.baseline_period for one in old}) == 1:
        series.baseline_period, series.baseline_value = first.baseline_period, baseline.value
    series.save()
    record(series, "created", authority=unit.authority, by=it.by, now=it.now)
    by_end: dict[date, list[Target | None]] = defaultdict(lambda: [None] * len(old))
    for place, one in enumerate(old):
        for target in targets[one.pk]:
            by_end[target.period_end][place] = target
    for end, found in sorted(by_end.items()):
        aims = [Aim(target.value, target.low, target.high) if target is not None else None for target in found]
        aim = carried(aims, is_count=is_count, is_split=it.is_split)
        example = next(target for target in found if target is not None)
        if aim is not None:
            Target.objects.create(
                series=series, period=example.period, period_end=end, value=aim.value, low=aim.low, high=aim.high,
                decision=example.decision, reason=_("Videreført fra %s") % _names(it.old), set_at=it.now, set_by=it.by,
            )  # fmt: skip
    return series


def _tie(it: Handover, series: Series, links: Iterable[GoalSeries]) -> None:
    for link in links:
        tie, is_new = GoalSeries.objects.get_or_create(
            goal=link.goal, series=series, defaults={"rank": link.rank, "is_prioritised": link.is_prioritised}
        )
        if is_new:
            changes = {"series": (None, tie.series)}
            record(link.goal, "changed", authority=series.authority, by=it.by, now=it.now, changes=changes)


def _names(units: Iterable[Unit]) -> str:
    return ", ".join(unit.name for unit in units)


# ---- goals and what hangs on the units -------------------------------------------------------------------------------


def _hand_over_goals(it: Handover, goals: Iterable[Goal], heirs: Mapping[int, Unit]) -> None:
    for goal in goals:
        before, goal.owner_unit, goal.version = goal.owner_unit, heirs[goal.pk], goal.version + 1
        goal.save(update_fields=["owner_unit", "version"])
        changes = {"owner_unit": (before, goal.owner_unit)}
        record(goal, "changed", authority=goal.authority, by=it.by, now=it.now, changes=changes)
        if goal.is_cross_cutting:
            owners_follow(goal, before.pk, by=it.by, now=it.now)


def _hand_over_work(it: Handover, heirs: Mapping[int, Unit], followers: Mapping[int, Sequence[Series]]) -> None:
    """Open actions follow their goal or series; what is shared and what is being put in own words the first unit."""
    first = it.new[0]
    for action in Action.objects.open().filter(unit__in=it.old):
        after = followers.get(action.series_id, ()) if action.series_id else ()
        action.unit = heirs.get(action.goal_id, first) if action.goal_id else after[0].unit if after else first
        action.series = next((one for one in after if one.unit_id == action.unit_id), action.series)
        action.save(update_fields=["unit", "series"])
    for unit in it.old:
        hand_over_commitments(unit, first, by=it.by, now=it.now)
    asked = Translation.objects.under_way()
    for row in asked.filter(unit__in=it.old).order_by("pk"):
        if not asked.filter(goal=row.goal_id, unit=first).exists():
            row.unit = first
            row.save(update_fields=["unit"])


def _set_ceilings(it: Handover) -> None:
    for unit, most in zip(it.new, it.most, strict=False):
        if most is not None:
            stored = GoalBudget.objects.filter(unit=unit).first()
            set_ceiling(unit, most, version=stored.version if stored is not None else 0, by=it.by, now=it.now)


def _hand_over_links(it: Handover) -> None:
    """The new units report to the body that all the old ones reported to; else as the unit above them."""
    links = list(BodyLink.objects.filter(unit__in=it.old).exclude(last_day__lt=it.day).select_related("body", "unit"))
    running = [link for link in links if link.first_day < it.day]
    for link in running:
        end_body_link(link, it.last_day, by=it.by, now=it.now)
    bodies = {link.body_id: link.body for link in running}
    if len(bodies) == 1 and len(running) == len(it.old):
        (body,) = bodies.values()
        for unit in it.new:
            if not unit.body_links.filter(Q(last_day=None) | Q(last_day__gte=it.day)).exists():
                link_to_body(unit, body, first_day=it.day, by=it.by, now=it.now)


def _hand_over_roles(it: Handover) -> None:
    """Roles begin at the new units on the day, and end at the old ones when their last report can be approved."""
    for unit in it.old:
        waiting = DueValue.objects.filter(submission__unit=unit, submission__round__state__in=ASKING)
        latest = waiting.filter(period_end__lt=it.day).aggregate(day=Max("submission__round__approval_deadline"))
        last_day = max(it.last_day, latest["day"] or it.last_day)
        for role in Membership.objects.filter(unit=unit).not_over(it.day).select_related("user", "unit"):
            _give_again(it, role)
            if role.first_day <= last_day:
                _end(it, role, min(last_day, role.last_day or last_day))


def _give_again(it: Handover, role: Membership) -> None:
    for unit in it.new:
        try:
            give_role(
                role.user, unit, role.role, first_day=max(it.day, role.first_day), last_day=role.last_day,
                by=it.by, now=it.now,
            )  # fmt: skip
        except PersonRefused as refused:  # held already: the person had the same role in two of the old units
            if refused.key != "role_overlaps":
                raise


def _end(it: Handover, role: Membership, last_day: date) -> None:
    try:
        end_role(role, last_day, by=it.by, now=it.now)
    except PersonRefused as refused:
        raise Refused(refused.key, role.user) from refused
