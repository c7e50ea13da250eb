"""The broken links of an authority as rows: what is broken, who answers for it, and what to do about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from goals.broken_links import Broken
from goals.chain_links import BrokenLink
from goals.kinds import GoalState, TranslationState
from goals.models import Contribution, Goal, Translation
from goals.models.translation import UNDER_WAY
from organisation.leaders import leaders_of
from organisation.models import Unit, User

SENT_KINDS = (Broken.UNSERVED,)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A broken link, ready to print.

    `unit`: where it is to be mended. `people`: the goal's responsible, else the unit's leaders. `other`: the goal at
    the other end. `sent`, `answered`: of a goal that nobody below serves, how many units have it and how many of them
    have answered. `may_mend`: whether the person may do what is to be done.
    """

    kind: Broken
    goal: Goal
    unit: Unit
    people: Sequence[User]
    may_mend: bool
    other: Goal | None = None
    translation: Translation | None = None
    sent: int = 0
    answered: int = 0


def broken_rows(links: Sequence[BrokenLink], user, today: date) -> list[BrokenRow]:
    """The rows of one page: the same few queries for each."""
    ids = {link.goal for link in links}
    related = "owner_unit", "responsible", "parent__replaced_by"
    goals = Goal.objects.select_related(*related).in_bulk(ids)
    late = {link.translation for link in links if link.translation is not None}
    translations = Translation.objects.select_related("unit").in_bulk(late)
    units = {goal.owner_unit_id: goal.owner_unit for goal in goals.values()}
    units |= {one.unit_id: one.unit for one in translations.values()}
    leaders = leaders_of(units.values(), today)
    editable = set(Goal.objects.editable_by(user, today).filter(pk__in=ids).values_list("pk", flat=True))
    answerable = set(Translation.objects.answerable_by(user, today).filter(pk__in=late).values_list("pk", flat=True))
    closed, sent = _helped_and_closed(ids), _sent(ids, user, today)

    def row(link: BrokenLink) -> BrokenRow:
        goal, unit = goals[link.goal], units[link.unit]
        if link.translation is not None:
            asked, may = translations[link.translation], link.translation in answerable
            return BrokenRow(link.kind, goal, unit, leaders[link.unit], may, translation=asked)
        people = [goal.responsible] if goal.responsible is not None else leaders[link.unit]
        other = closed.get(link.goal) if link.kind is Broken.HELPS_CLOSED else goal.parent
        has, said = sent.get(link.goal, (0, 0)) if link.kind in SENT_KINDS else (0, 0)
        return BrokenRow(link.kind, goal, unit, people, goal.pk in editable, other, sent=has, answered=said)

    return [row(link) for link in links]


def _helped_and_closed(goal_ids: Collection[int]) -> dict[int, Goal]:
    """Of each goal, one that it helps and that is closed."""
    found = Contribution.objects.filter(goal__in=goal_ids, to_goal__state=GoalState.CLOSED)
    return {one.goal_id: one.to_goal for one in found.select_related("to_goal__replaced_by").order_by("-pk")}


def _sent(goal_ids: Collection[int], user, today: date) -> dict[int, tuple[int, int]]:
    """Of each goal, how many units have it, and how many of these have answered."""
    answered = Count("pk", filter=Q(state=TranslationState.ANSWERED))
    seen = Translation.objects.visible_to(user, today).filter(goal__in=goal_ids, state__in=UNDER_WAY)
    rows = seen.order_by().values_list("goal").annotate(n=Count("pk"), answered=answered)
    return {goal: (count, said) for goal, count, said in rows}
