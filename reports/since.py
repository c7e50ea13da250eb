"""What has changed since the body's last report: lights, goals that came and went, and targets that were moved."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from followup.goal_views import GoalView
from followup.models import Round
from followup.presentation import target_words
from followup.standing import Standing, StoredTarget, point_of
from goals.kinds import GoalState
from goals.models import Decision, Goal, Target
from organisation.danish import long_date
from reports.overview import Numbered, anchor, steps
from reports.parts import Shift, ShiftKind


def shifts_since(
    numbered: Sequence[Numbered], previous: Round | None, *, owner_id: int | None, today: date
) -> tuple[Shift, ...]:
    """Everything that changed, worse first; nothing when there was no report before. One query."""
    if previous is None:
        return ()
    since = previous.meeting_date
    lights = [one for one in numbered if steps(one[1])]
    lights.sort(key=lambda one: steps(one[1]))
    return (
        *(_light(number, view) for number, view in lights),
        *(shift for number, view in numbered for shift in _moved(number, view, since, today)),
        *(_new(number, view) for number, view in numbered if _came(view.goal, since)),
        *(_gone(goal) for goal in _closed(owner_id, since, today)),
    )


def _light(number: str, view: GoalView) -> Shift:
    assert view.before is not None
    kind = ShiftKind.IMPROVED if steps(view) > 0 else ShiftKind.WORSENED
    return Shift(kind, number, anchor(view), view.goal.short_name, view.before.value, view.light.value, "", "", "")


def _moved(number: str, view: GoalView, since: date, today: date) -> Iterable[Shift]:
    """A target that is another than at the last meeting: what it was then, and what it is now."""
    for standing, _prioritised in view.standings:
        before: dict[str, StoredTarget | Target] = {}
        for target in sorted(standing.superseded, key=_superseded_at):
            if since < timezone.localdate(_superseded_at(target)) <= today:
                before.setdefault(target.period, target)
        for period, target in before.items():
            now = next((one for one in standing.rule.targets if one.period.code == period), None)
            yield Shift(
                ShiftKind.MOVED_TARGET,
                number,
                anchor(view),
                view.goal.short_name,
                "",
                "",
                target_words(point_of(target), standing),
                target_words(now, standing),
                _named(standing),
            )


def _superseded_at(target: StoredTarget | Target):
    assert target.superseded_at is not None
    return target.superseded_at


def _named(standing: Standing) -> str:
    return f"{standing.series.indicator.name}, {standing.series.unit.name}"


def _came(goal: Goal, since: date) -> bool:
    return goal.adopted_by is not None and goal.adopted_by.date > since


def _new(number: str, view: GoalView) -> Shift:
    goal = view.goal
    assert goal.adopted_by is not None
    return Shift(
        ShiftKind.NEW, number, anchor(view), goal.short_name, "", view.light.value, "", "", _decided(goal.adopted_by)
    )


def _closed(owner_id: int | None, since: date, today: date) -> Iterable[Goal]:
    closed = Goal.objects.filter(
        owner_unit=owner_id, state=GoalState.CLOSED, closed_by__date__gt=since, closed_by__date__lte=today
    )
    return closed.select_related("closed_by__body", "replaced_by").order_by("rank", "pk")


def _gone(goal: Goal) -> Shift:
    assert goal.closed_by is not None
    after = _("Afløst af: %s") % goal.replaced_by.title if goal.replaced_by else ""
    return Shift(ShiftKind.GONE, "", "", goal.short_name, "", "", "", after, _decided(goal.closed_by))


def _decided(decision: Decision) -> str:
    return f"{decision.body.name}, {long_date(decision.date)}, {decision.open_reference}"
