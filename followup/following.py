"""What a body follows: the one place that knows the authority's division of labour and what a plan chooses.

The council follows its own few goals, or a broad set with those of the committees too, or none when only the
committees follow up. A committee follows its own goals whatever the council does. A plan may add the first goals, by
rank, of each unit that reports to the body, or choose single series instead.

Agendas follow the choice: the meeting page and the report show `goals_followed_by`, and a round with a plan asks for
`series_followed`: what those goals need, and what other bodies' goals take from the same units, for a unit reports to
one body only. A round without a plan shows the body's own goals and asks the units for everything they measure
(ADR 0009).
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from followup.kinds import Division, Follows
from followup.models import FollowUpSettings, Plan
from goals.models import Goal, GoalQuerySet, Series
from organisation.models import Unit, UnitKind
from organisation.models.unit import BODY_KINDS


def follows_up(body: Unit) -> bool:
    """Whether the body follows goals at all: not the council of an authority where only the committees do."""
    is_council = body.kind == UnitKind.COUNCIL
    return not is_council or FollowUpSettings.objects.of(body.authority).division != Division.COMMITTEES


def goals_followed_by(body: Unit, day: date, *, plan: Plan | None = None) -> GoalQuerySet:
    """The goals in force that the body follows on the day, its own first, by rank; `plan` is that of the round."""
    goals = Goal.objects.adopted().filter(authority=body.authority_id)
    if not follows_up(body):
        return goals.none()
    own_first = Case(When(owner_unit=body.pk, then=Value(0)), default=Value(1))
    order = own_first, "owner_unit__position", "owner_unit__name", "rank", "pk"
    return goals.filter(_chosen(body, day, plan)).order_by(*order)


def _chosen(body: Unit, day: date, plan: Plan | None) -> Q:
    if plan is not None and plan.follows == Follows.CHOSEN:
        return Q(pk__in=Goal.objects.filter(goal_series__series__plans=plan.pk).values("pk"))
    wanted = Q(owner_unit=body.pk)
    is_broad = FollowUpSettings.objects.of(body.authority).division == Division.BROAD
    if body.kind == UnitKind.COUNCIL and is_broad:
        wanted |= Q(owner_unit__in=Unit.objects.bodies().filter(authority=body.authority_id).values("pk"))
    if plan is not None and plan.follows == Follows.OWN_AND_BELOW:
        wanted |= Q(pk__in=_first_of_each_unit(body, day, plan.most_below).values("pk"))
    return wanted


def _first_of_each_unit(body: Unit, day: date, most: int) -> GoalQuerySet:
    """The highest ranked goals in force, of those that go up, of each unit that reports to the body."""
    units = Unit.objects.reporting_to(body, day).exclude(kind__in=BODY_KINDS)
    place = Window(RowNumber(), partition_by=F("owner_unit"), order_by=[F("rank").asc(), F("pk").asc()])
    goals = Goal.objects.adopted().going_up().filter(owner_unit__in=units.values("pk"))
    return goals.annotate(place_in_unit=place).filter(place_in_unit__lte=most)


def series_followed(body: Unit, day: date, plan: Plan | None) -> QuerySet[Series]:
    """The entered series that the body, and the units that report to it, are asked for.

    A followed goal measured by a rolled-up series takes the series below that it is made of.
    """
    units = Unit.objects.reporting_to(body, day).valid(day)
    entered = Series.objects.filter(unit__in=units.values("pk"), is_rolled_up=False)
    if plan is None:
        return entered.of_adopted_goals()
    measured = _measured(body, day, plan)
    return entered.filter(Q(pk__in=measured.values("pk")) | Q(pk__in=_parts_of(measured, entered)))


def _measured(body: Unit, day: date, plan: Plan) -> QuerySet[Series]:
    """The chosen series, or those that the followed goals and the goals of all bodies that follow up are measured by.

    Without the latter the council's goal would lack the number of a unit that reports to a committee.
    """
    if plan.follows == Follows.CHOSEN:
        return plan.series.all() if follows_up(body) else Series.objects.none()
    bodies = Unit.objects.bodies().filter(authority=body.authority_id)
    if FollowUpSettings.objects.of(body.authority).division == Division.COMMITTEES:
        bodies = bodies.exclude(kind=UnitKind.COUNCIL)
    followed = goals_followed_by(body, day, plan=plan).order_by().values("pk")
    of_bodies = Goal.objects.adopted().filter(owner_unit__in=bodies.values("pk")).values("pk")
    return Series.objects.filter(Q(goal_series__goal__in=followed) | Q(goal_series__goal__in=of_bodies))


def _parts_of(measured: QuerySet[Series], entered: QuerySet[Series]) -> list[int]:
    """Ids of the entered series that the rolled-up ones among `measured` are made of, through others or directly."""
    rolled_up = list(measured.filter(is_rolled_up=True))
    if not rolled_up:
        return []
    wanted = {one.pk for one in rolled_up}
    indicators = {one.indicator_id for one in rolled_up}
    known = {
        (one.indicator_id, one.unit_id): one
        for one in Series.objects.filter(indicator__in=indicators, authority=rolled_up[0].authority_id)
    }
    parents = dict(Unit.objects.filter(authority=rolled_up[0].authority_id).values_list("pk", "parent"))
    return [one.pk for one in entered.filter(indicator__in=indicators) if _feeds(one, wanted, known, parents)]


def _feeds(
    series: Series, wanted: set[int], known: Mapping[tuple[int, int], Series], parents: Mapping[int, int | None]
) -> bool:
    """Whether the series counts in one of the wanted ones above it; an entered one between hides it."""
    at = parents[series.unit_id]
    while at is not None:
        above = known.get((series.indicator_id, at))
        if above is not None and not above.is_rolled_up:
            return False
        if above is not None and above.pk in wanted:
            return True
        at = parents.get(at)
    return False
