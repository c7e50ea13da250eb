"""What goals came from: the themes of answered hearings that became or changed them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from citizens.kinds import HearingState
from citizens.models import HearingTheme


@dataclass(frozen=True, slots=True)
class CameFrom:
    """One theme of a hearing behind a goal: what was heard, and what the body answered. All of it is public."""

    hearing_id: int
    hearing: str  # its title
    closed_on: date
    theme: str
    heard: str
    answer: str
    decided_on: date | None = None
    decided_by: str = ""  # the body
    reference: str = ""  # as everybody may read it


def came_from(goal_ids: Collection[int]) -> dict[int, list[CameFrom]]:
    """For each goal that came of a hearing, the themes behind it, in the hearing's order. One query."""
    themes = HearingTheme.objects.filter(goal__in=goal_ids, hearing__state=HearingState.ANSWERED)
    found: dict[int, list[CameFrom]] = defaultdict(list)
    for theme in themes.select_related("hearing", "decision__body").order_by("hearing__closes_on", "position", "pk"):
        found[theme.goal_id].append(_of(theme))
    return dict(found)


def _of(theme: HearingTheme) -> CameFrom:
    hearing, decision = theme.hearing, theme.decision
    return CameFrom(
        hearing_id=hearing.pk,
        hearing=hearing.title,
        closed_on=hearing.closes_on,
        theme=theme.name,
        heard=theme.heard,
        answer=theme.answer,
        decided_on=decision.date if decision else None,
        decided_by=decision.body.name if decision else "",
        reference=decision.open_reference if decision else "",
    )
