"""What ties the goals of an authority together, read set by set for the rule of `goals.broken_links`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from goals.broken_links import OPEN, Broken, Ties, broken_links
from goals.kinds import GoalState, TranslationState
from goals.models import Contribution, Goal, Translation
from organisation.models import BodyLink, Unit, UnitKind

# Levels from which nobody further down is expected to make a goal their own.
LAST_LEVELS = (UnitKind.INSTITUTION, UnitKind.TEAM)
ORDER = {kind: place for place, kind in enumerate(Broken)}


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """One broken link: of a goal in force, or (`translation`) of a goal sent down that was not answered in time."""

    kind: Broken
    goal: int
    unit: int  # where it is to be mended
    translation: int | None = None


def ties_of(goal: Goal, *, parent: str | None, helps: Iterable[str], is_served: bool) -> Ties:
    """The ties of one goal, read `with_ties`: the state of the goal it serves, and of those it helps across."""
    return Ties(
        is_top=goal.owner_unit.kind == UnitKind.COUNCIL,
        parent=GoalState(parent) if parent else None,
        helps=tuple(GoalState(state) for state in helps),
        is_served=is_served or goal.is_translated,
        is_to_be_served=goal.owner_has_below and goal.owner_unit.kind not in LAST_LEVELS,
        is_in_force=goal.is_adopted,
    )


def ties_in(authority_id: int, today: date, units: Collection[int] | None = None) -> dict[int, tuple[int, Ties]]:
    """The unit and the ties of every goal in force of an authority (or of some units), in order; four queries."""
    here = Goal.objects.filter(authority=authority_id).adopted()
    goals = here.order_by("owner_unit__position", "owner_unit__name", "rank", "pk")
    served, above = _served(authority_id), _with_units_below(authority_id, today)
    helps: dict[int, list[GoalState]] = defaultdict(list)
    given = Contribution.objects.filter(goal__in=here.order_by().values("pk"))
    for pk, state in given.values_list("goal", "to_goal__state"):
        helps[pk].append(GoalState(state))
    return {
        pk: (
            unit,
            Ties(
                is_top=kind == UnitKind.COUNCIL,
                parent=GoalState(parent) if parent else None,
                helps=tuple(helps.get(pk, ())),
                is_served=pk in served,
                is_to_be_served=unit in above and kind not in LAST_LEVELS,
            ),
        )
        for pk, unit, kind, parent in goals.values_list("pk", "owner_unit", "owner_unit__kind", "parent__state")
        if units is None or unit in units
    }


def _served(authority_id: int) -> set[int]:
    """Goals that a goal in force serves or helps, and those of which a unit's translation is accepted."""
    adopted = {"authority": authority_id, "parent__isnull": False}
    children = Goal.objects.adopted().filter(**adopted).order_by().values_list("parent")
    helped = Contribution.objects.filter(to_goal__authority=authority_id, goal__state=GoalState.ADOPTED)
    accepted = Translation.objects.filter(
        goal__authority=authority_id, state=TranslationState.ACCEPTED, answer__state__in=OPEN
    )
    rows = children.union(helped.values_list("to_goal"), accepted.order_by().values_list("goal"))
    return {pk for (pk,) in rows}


def _with_units_below(authority_id: int, today: date) -> set[int]:
    """Units with units under them, and bodies that follow a unit's work."""
    children = Unit.objects.valid(today).filter(authority=authority_id, parent__isnull=False)
    followed = BodyLink.objects.valid(today).filter(body__authority=authority_id)
    return {pk for (pk,) in children.order_by().values_list("parent").union(followed.values_list("body"))}


def broken_in(
    authority_id: int, user, today: date, units: Collection[int] | None = None, kind: Broken | None = None
) -> list[BrokenLink]:
    """Every broken link of an authority (or of some of its units) that the person sees, the most pressing first.

    The same few queries, however many goals there are. Goals sent down are seen by those who see drafts there.
    """
    late = Translation.objects.visible_to(user, today).late(today).filter(goal__authority=authority_id)
    found = [
        BrokenLink(Broken.LATE, goal, unit, pk)
        for pk, goal, unit in late.order_by("due_date", "pk").values_list("pk", "goal", "unit")
        if units is None or unit in units
    ]
    for pk, (unit, ties) in ties_in(authority_id, today, units).items():
        found += [BrokenLink(one, pk, unit) for one in broken_links(ties)]
    found = [one for one in found if kind is None or one.kind is kind]
    return sorted(found, key=lambda one: ORDER[one.kind])
