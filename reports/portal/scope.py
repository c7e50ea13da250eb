"""What is public: the one rule that pages, feeds, files and the API ask. `portal` is that of an open authority.

Adopted goals and those closed since, of the levels the authority has chosen, without the units it has left out and
those below them. Series are public by the public goals they measure. Values are approved; which of them tell about a
few people, or would by subtraction, `reports.opendata.hidden` says, and `told` withholds.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from followup.goal_views import GoalView, light_of
from followup.standing import Standing, StoredValue, standing_at
from goals.kinds import GoalState, MissingReason
from goals.models import Goal, GoalQuerySet, GoalSeries, Series
from organisation.models import Authority, Portal, Unit, UnitQuerySet, portal_of
from organisation.trees import below, placeholders
from reports.opendata.hidden import Key, counting_of, hidden_in_reports, hides_baseline
from reports.opendata.hiding import are_persons, is_small_count

SHOWN = (GoalState.ADOPTED, GoalState.CLOSED)


def _left_out(portal: Portal) -> RawSQL:
    return below("organisation_unit", placeholders(portal.left_out), portal.left_out)


def shown_units(portal: Portal, prefix: str = "") -> Q:
    """That a unit is of a level that is shown, and not left out. `prefix`: how the unit is reached."""
    shown = Q(**{f"{prefix}kind__in": portal.kinds})
    return shown & ~Q(**{f"{prefix or 'pk'}".rstrip("_") + "__in": _left_out(portal)}) if portal.left_out else shown


def public_units(portal: Portal) -> UnitQuerySet:
    """The units whose pages are public."""
    return Unit.objects.filter(shown_units(portal), authority=portal.authority_id)


def public_goals(portal: Portal) -> GoalQuerySet:
    """The goals that are public, those closed among them."""
    shown = shown_units(portal, "owner_unit__")
    return Goal.objects.filter(shown, authority=portal.authority_id, state__in=SHOWN)


def goals_shown_by(authority: Authority) -> GoalQuerySet:
    """The same of an authority whose portal is open."""
    return public_goals(portal_of(authority))


def public_series(portal: Portal):
    """The series that are public: those some public goal is measured by, unless their own unit is left out."""
    # The goal is asked for by each link: of a list of all public goals SQLite tries every one with every series.
    public = public_goals(portal).filter(pk=OuterRef("goal")).order_by()
    goals = GoalSeries.objects.filter(Exists(public), series=OuterRef("pk"))
    series = Series.objects.filter(Exists(goals), authority=portal.authority_id)
    return series.exclude(unit__in=_left_out(portal)) if portal.left_out else series


def left_out_ids(portal: Portal) -> set[int]:
    """The units left out, with those below. One query where any is, else none."""
    if not portal.left_out:
        return set()
    return set(Unit.objects.filter(pk__in=_left_out(portal)).values_list("pk", flat=True))


# ---- values ----------------------------------------------------------------------------------------------------------


def told(value: StoredValue, unit_of_measure: str, hidden: Collection[Key]) -> StoredValue:
    """The value as the public gets it: withheld when it is hidden."""
    if (value.series_id, value.period_end) in hidden:
        return replace(
            value,
            value=None,
            numerator=None,
            denominator=None,
            missing=MissingReason.WITHHELD.value,
            corrected_from=None,
            corrected_at=None,
        )
    if are_persons(unit_of_measure) and is_small_count(value.corrected_from):
        return replace(value, corrected_from=None, corrected_at=None)
    return value


def told_standing(standing: Standing, today: date, hidden: Collection[Key]) -> Standing:
    """The standing as the public gets it. No query: where a value is withheld, the light is judged anew.

    A roll-up under way is left out: the day the last unit is in, the difference would be that unit's figure.
    """
    return _without_hidden_baseline(_with_told_values(standing, today, hidden), hidden)


def _with_told_values(standing: Standing, today: date, hidden: Collection[Key]) -> Standing:
    unit = standing.series.indicator.unit_of_measure
    values = tuple(told(value, unit, hidden) for value in standing.values)
    masked = replace(standing, values=values, provisional=None)
    if values == standing.values or (standing.reading is not None and standing.reading.due is not None):
        return masked  # late, or not due: the light does not come from a value
    return replace(standing_at(masked, today), superseded=standing.superseded, provisional=None)


def told_view(
    view: GoalView, today: date, hidden: Collection[Key], left_out: Collection[int] = (), before: date | None = None
) -> GoalView:
    """The goal as the public gets it: without the series of units left out, and without what is withheld.

    `before`: a day whose light is kept to compare with.
    """
    pairs = tuple(
        (_with_told_values(standing, today, hidden), is_prioritised)
        for standing, is_prioritised in view.standings
        if standing.series.unit_id not in left_out
    )
    light, counts = light_of(pairs)
    told = replace(view, standings=pairs, light=light, counts=counts)
    if before is not None and pairs:
        told = replace(told, before=told.light_at(before))
    # Last, since lights are judged by it.
    pairs = tuple((_without_hidden_baseline(standing, hidden), is_prioritised) for standing, is_prioritised in pairs)
    return replace(told, standings=pairs)


def reported_views(views: Sequence[GoalView], authority: Authority, today: date, before: date | None) -> list[GoalView]:
    """The goals as a report tells of them: everybody may read it once it is published. Four questions at most."""
    indicators = {one.series.indicator for view in views for one, _prioritised in view.standings}
    counting = {one.pk: counting_of(one.value_kind, one.unit_of_measure, one.accumulates) for one in indicators}
    hidden = hidden_in_reports(counting, public_series(portal_of(authority)))
    return [told_view(view, today, hidden, before=before) for view in views]


def _without_hidden_baseline(standing: Standing, hidden: Collection[Key]) -> Standing:
    """Without the number it began with, where that is hidden; the light stays as it was judged by it."""
    if standing.rule.baseline is None:
        return standing
    series = standing.series
    if hides_baseline(hidden, series.pk, series.indicator.unit_of_measure, *standing.rule.baseline):
        return replace(standing, rule=replace(standing.rule, baseline=None))
    return standing
