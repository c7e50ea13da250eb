"""Which goals a report tells of, in which order, and what each is numbered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from goals.models import ChainStep, Goal
from reports.outline import Depth, ReportKind
from reports.subject import Subject, reportable_goals

MOST_GOALS = 100  # what one report shows; a body has five to fifteen


@dataclass(frozen=True, slots=True)
class Chosen:
    """The goals in reading order: each of the subject's own, and after it those that serve it."""

    numbered: tuple[tuple[str, Goal], ...]  # `2` is the subject's own, `2.1` serves it
    own: frozenset[int]
    left_out: int  # goals beyond the most a report shows


def chosen_goals(subject: Subject) -> Chosen:
    """The goals of the report: one query, two where it goes below its own."""
    own_goals, depth = _own(subject), subject.outline.depth
    own = list(own_goals[: MOST_GOALS + 1])
    further = _further(subject, own) if own and depth is not Depth.OWN else Goal.objects.none()
    below = list(further[: MOST_GOALS + 1])
    total = len(own) + len(below)
    if total > MOST_GOALS:
        total = own_goals.count() + further.count()
    numbered = tuple(_numbered(own, below))[:MOST_GOALS]
    return Chosen(numbered, frozenset(goal.pk for goal in own), max(total - MOST_GOALS, 0))


def _own(subject: Subject) -> QuerySet[Goal]:
    goals = _whole(reportable_goals(subject.round))
    if subject.goal is not None:
        return goals.filter(pk=subject.goal.pk)
    return goals.filter(owner_unit=subject.unit or subject.round.body)


def _further(subject: Subject, own: Sequence[Goal]) -> QuerySet[Goal]:
    """The goals that go up to the subject's own; those that only contribute where one goal is told of across units."""
    goals = _whole(reportable_goals(subject.round))
    if subject.outline.depth is Depth.ONE_BELOW:
        serving = Q(pk__in=Goal.objects.going_up().filter(parent__in=own).order_by().values("pk"))
    else:
        serving = Q(pk__in=Goal.objects.below(*own, strictly=True, going_up=True).order_by().values("pk"))
    if subject.kind is ReportKind.CROSS_CUTTING:
        serving |= Q(pk__in=Goal.objects.going_up().filter(contributions__to_goal__in=own).values("pk"))
    return goals.filter(serving).exclude(pk__in=[goal.pk for goal in own])


def _whole(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    related = ("owner_unit", "parent", "responsible", "adopted_by__body", "standing")
    chains = Exists(ChainStep.objects.filter(goal=OuterRef("pk")))
    return goals.select_related(*related).annotate(has_chain=chains).order_by("rank", "pk")


def _numbered(own: Sequence[Goal], below: Sequence[Goal]) -> Iterable[tuple[str, Goal]]:
    """Each own goal by its rank, counted from one where two share a rank; the others under what they serve.

    What serves a goal that is not told of, or only contributes, stands under the first.
    """
    told = {goal.pk for goal in (*own, *below)}
    serving: dict[int, list[Goal]] = defaultdict(list)
    for goal in below:
        serving[goal.parent_id if goal.parent_id in told else own[0].pk].append(goal)
    ranks = [goal.rank for goal in own]
    numbers = ranks if len(set(ranks)) == len(ranks) else range(1, len(own) + 1)
    for number, goal in zip(numbers, own, strict=True):
        yield from _branch(str(number), goal, serving)


def _branch(number: str, goal: Goal, serving: dict[int, list[Goal]]) -> Iterable[tuple[str, Goal]]:
    yield number, goal
    for at, below in enumerate(serving.get(goal.pk, ()), 1):
        yield from _branch(f"{number}.{at}", below, serving)
