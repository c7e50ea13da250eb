"""How public goals stand, told by what the public sees: a number that is hidden gives no light."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from followup.standing import Link, Standing, counted, links_of, standings_of
from followup.status import Light, goal_light
from goals.models import Goal
from organisation.models import Authority
from reports.opendata.hidden import hidden_keys
from reports.opendata.public import public_series


class Measured(NamedTuple):
    """A goal's light, and the public series it is measured by."""

    light: Light
    series: list[int]


def measured_goals(authority: Authority, goals: Sequence[Goal], today: date) -> dict[int, Measured]:
    """Each goal's light and series. The same number of queries for one as for fifty."""
    links = links_of([goal.pk for goal in goals])
    linked = {link.series.pk: link.series for some in links.values() for link in some}
    public = public_series(authority)
    shown = set(public.filter(pk__in=list(linked)).values_list("pk", flat=True))
    series = [one for pk, one in linked.items() if pk in shown]
    standings = standings_of(series, until=today, today=today)
    hidden = hidden_keys(sorted({one.indicator.pk for one in series}), public)
    lights = {
        pk: _light(one, is_hidden=one.latest is not None and (pk, one.latest.period_end) in hidden)
        for pk, one in standings.items()
    }
    found: dict[int, Measured] = {}
    for goal in goals:
        some = [link for link in links.get(goal.pk, ()) if link.series.pk in shown]
        found[goal.pk] = Measured(_of_goal(some, lights), [link.series.pk for link in some])
    return found


def _light(standing: Standing, *, is_hidden: bool) -> Light:
    comes_from_value = standing.reading is not None and standing.reading.due is None
    return Light.NO_DATA if is_hidden and comes_from_value else standing.light


def _of_goal(links: Sequence[Link], lights: dict[int, Light]) -> Light:
    light, _counts = goal_light(counted(((link.series, link.is_prioritised) for link in links), lights))
    return light
