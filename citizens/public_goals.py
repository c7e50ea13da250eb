"""The public goals that surveys are about. Which goals are public is decided by a later app (`set_public_goals`)."""

from collections import defaultdict
from collections.abc import Callable, Collection

from citizens.models import Survey
from citizens.said import THROUGH
from goals.models import Goal, GoalQuerySet
from organisation.models import Authority

Ask = Callable[[Authority], GoalQuerySet]
_ask: list[Ask] = []


def set_public_goals(ask: Ask) -> None:
    """Which goals of an authority with an open portal everybody sees."""
    _ask[:] = [ask]


def public_goals_of(authority: Authority, surveys: Collection[int]) -> dict[int, list[Goal]]:
    """The public goals that each of the surveys is about, itself or through a series. Two queries, or none."""
    if not surveys or not _ask:
        return {}
    about: dict[int, set[int]] = defaultdict(set)
    for goal, survey in _pairs(surveys):
        about[goal].add(survey)
    found: dict[int, list[Goal]] = defaultdict(list)
    shown = _ask[0](authority).filter(pk__in=list(about)).select_related("owner_unit")
    for one in shown.order_by("owner_unit__position", "rank", "pk"):
        for survey in about[one.pk]:
            found[survey].append(one)
    return found


def _pairs(surveys: Collection[int]) -> set[tuple[int, int]]:
    """(goal, survey), each once."""
    rows = Survey.objects.filter(pk__in=list(surveys)).order_by().annotate(**THROUGH).values_list("pk", *THROUGH)
    return {(goal, pk) for pk, *goals in rows for goal in goals if goal is not None}
