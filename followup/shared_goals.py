"""What the pages of cross-cutting goals show: the goal, its owners, proposed targets and what has happened.

A person of another authority sees the goal, its figures, and of each owner the written commitment with its
indicator's name and light; links and figures of an owner only in the person's own authorities.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from followup.goal_views import goal_views
from followup.presentation import figure_of, words_of_target
from followup.standing import Standing, point_of, standings_of
from goals.actions.proposals import bound_to
from goals.kinds import OwnerState, ProposalState
from goals.models import Goal, GoalOwner, TargetProposal
from goals.models.goal import TAKING_PART, authorities_of
from goals.owning import Act, open_acts
from goals.period_names import period_name
from organisation.addresses import address_of
from organisation.models import HistoryEntry, Unit, User
from organisation.templatetags.components import light

HISTORY = 50
PAST = 10  # proposals that were decided
# What the history of the goal itself says here; the rest is on its own page, for its own authority.
GOAL_VERBS = ("shared", "unshared", "taken_over", "adopted", "closed")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person answers for: parts by their ids, and whether the goal itself."""

    parts: frozenset[int]
    home: bool
    authorities: frozenset[int]

    def acts(self, owner: GoalOwner, goal: Goal) -> frozenset[Act]:
        """What to offer on the owner's card."""
        return open_acts(
            OwnerState(owner.state),
            is_open=goal.is_open,
            is_home=owner.unit_id == goal.owner_unit_id,
            answers_for=owner.pk in self.parts,
            answers_home=self.home,
        )


def rights_of(goal: Goal, user: User, today: date) -> Rights:
    """Three queries at most."""
    parts = GoalOwner.objects.filter(goal=goal).answerable_by(user, today).values_list("pk", flat=True)
    home = Goal.objects.adoptable_by(user, today).filter(pk=goal.pk).exists()
    return Rights(frozenset(parts), home, frozenset(authorities_of(user, today)))


def owners_of(goal: Goal) -> list[GoalOwner]:
    """All parts there are or were, the goal's own unit first, then in the order they came."""
    found = goal.owners.select_related(
        "unit__authority", "responsible", "series__indicator", "series__unit", "left_by", "committed_by", "invited_by"
    )
    return sorted(found, key=lambda owner: (owner.unit_id != goal.owner_unit_id, owner.pk))


def owner_rows(goal: Goal, owners: Sequence[GoalOwner], rights: Rights, today: date) -> list[dict[str, Any]]:
    """Those who take part, each with its indicator's light; the figure and where it leads only in one's own authority.

    An owner's own light is that of its indicator: what the unit does, not how the goal goes.
    """
    series = [owner.series for owner in owners if owner.series is not None and owner.state in TAKING_PART]
    standings = standings_of(series, until=today, today=today) if series else {}
    return [_owner_row(goal, owner, standings, rights, today) for owner in owners if owner.state in TAKING_PART]


def _owner_row(
    goal: Goal, owner: GoalOwner, standings: dict[int, Standing], rights: Rights, today: date
) -> dict[str, Any]:
    is_mine = owner.unit.authority_id in rights.authorities
    standing = standings.get(owner.series_id) if owner.series_id is not None else None
    figure = figure_of(standing, today) if standing is not None and is_mine else None
    unit = f"followup:{'body' if owner.unit.is_body else 'unit'}_detail"
    return {
        "owner": owner,
        "pk": owner.pk,
        "unit": owner.unit.name,
        "unit_url": address_of(unit, owner.unit_id) if is_mine else "",
        "authority": owner.unit.authority.name,
        "is_home": owner.unit_id == goal.owner_unit_id,
        "is_committed": owner.state == OwnerState.COMMITTED,
        "indicator": owner.series.indicator.name if owner.series is not None else "",
        "series_url": address_of("followup:series_detail", owner.series_id) if is_mine and owner.series_id else "",
        "light": light(standing.light) if standing is not None else "",
        "value": f"{figure.value} {figure.unit}" if figure is not None else "",
        "acts": {act.value for act in rights.acts(owner, goal)},
    }


# ---- proposed targets -----------------------------------------------------------------------------------------------


def proposals_of(goal: Goal) -> list[TargetProposal]:
    """Those about the series that measure the goal, the open ones first; of the decided ones the latest."""
    found = TargetProposal.objects.filter(series__goal_series__goal=goal).select_related(
        "series__indicator", "series__unit", "goal", "proposed_by", "proposed_for__unit__authority", "replaces",
        "decision__body",
    )  # fmt: skip
    opened = list(found.open())
    ended = list(found.exclude(pk__in=[one.pk for one in opened]).order_by("-ended_at", "-pk")[:PAST])
    return [*opened, *ended]


def proposal_rows(proposals: Sequence[TargetProposal], mine: Collection[int]) -> list[dict[str, Any]]:
    """Each with what it would change, and who has said what. `mine`: ids of the parts the person answers for."""
    if not proposals:
        return []
    prefetch_related_objects(list(proposals), "answers__owner__unit__authority", "answers__answered_by")
    bound = bound_to([one for one in proposals if one.state == ProposalState.OPEN])
    return [_proposal_row(one, bound.get(one.pk, []), mine) for one in proposals]


def _proposal_row(proposal: TargetProposal, bound: Sequence[GoalOwner], mine: Collection[int]) -> dict[str, Any]:
    answers, indicator = list(proposal.answers.all()), proposal.series.indicator
    said = {one.owner_id: one for one in answers}
    asked = bound if proposal.state == ProposalState.OPEN else [one.owner for one in answers]
    voices = [{"owner": one, "answer": said.get(one.pk)} for one in asked]
    answered = {one.owner.unit_id for one in answers if one.owner_id in {owner.pk for owner in asked}}
    waiting = [one for one in asked if one.unit_id not in answered]
    return {
        "proposal": proposal,
        "indicator": indicator.name,
        "period": period_name(proposal.period),
        "before": words_of_target(point_of(proposal.replaces), indicator) if proposal.replaces is not None else "",
        "after": words_of_target(point_of(proposal), indicator),
        "voices": voices,
        "agreed_count": sum(1 for one in voices if one["answer"] is not None and one["answer"].agrees),
        "waiting_count": len(waiting),
        "may_answer": [one for one in waiting if one.pk in mine],
        "may_drop": proposal.state == ProposalState.OPEN and proposal.proposed_for_id in mine,
    }


# ---- what has happened ----------------------------------------------------------------------------------------------


def history_of(goal: Goal, owners: Sequence[GoalOwner], proposals: Sequence[TargetProposal]) -> list[dict[str, Any]]:
    """Who came, committed, changed and left, and what was proposed: with the unit it is about, newest first."""
    entries = HistoryEntry.objects.about(*owners, *proposals) | HistoryEntry.objects.about(goal).filter(
        verb__in=GOAL_VERBS
    )
    units = {("goals.goalowner", owner.pk): owner.unit for owner in owners}
    units |= {("goals.goal", goal.pk): goal.owner_unit}
    shown = list(entries[:HISTORY])
    for entry in shown:
        # Not what the page is about, nor what it says of the owner above.
        entry.changes = {} if entry.verb == "owner_committed" else {**entry.changes}
        entry.changes.pop("goal", None)
    proposers = {one.pk: one.proposed_for.unit for one in proposals}
    return [{"entry": entry, "unit": _unit_of(entry, units, proposers)} for entry in shown]


def _unit_of(entry: HistoryEntry, units: dict[tuple[str, int], Unit], proposers: dict[int, Unit]) -> Unit | None:
    """Whose act it was; what became of a proposal is that of nobody."""
    if entry.verb == "target_proposed":
        return proposers[entry.subject_id]
    return units.get((entry.subject_kind, entry.subject_id))


def left_of(authority_id: int) -> list[dict[str, Any]]:
    """Parts that units of the authority had in others' goals: what it left, when and why, in the words of that day.

    What has become of the goal since is no longer the authority's to see.
    """
    gone = GoalOwner.objects.filter(unit__authority=authority_id, left_at__isnull=False)
    gone = gone.exclude(goal__authority=authority_id).select_related("unit").order_by("-left_at")[:HISTORY]
    owners = {owner.pk: owner for owner in gone}
    entries = HistoryEntry.objects.about(*owners.values()).filter(changes__has_key="goal")
    titles = {entry.subject_id: entry.changes["goal"][1] for entry in entries}
    return [{"owner": owner, "title": titles.get(pk, "")} for pk, owner in owners.items()]


# ---- lists ----------------------------------------------------------------------------------------------------------


def list_rows(goals: Sequence[Goal], authority_id: int, today: date) -> list[dict[str, Any]]:
    """Goals as the list prints them, with how many own each, and which units of the authority."""
    views = {view.goal.pk: view for view in goal_views(goals, until=today, today=today, brief=goals)}
    parts: dict[int, list[GoalOwner]] = {goal.pk: [] for goal in goals}
    for owner in GoalOwner.objects.taking_part().filter(goal__in=parts).select_related("unit"):
        parts[owner.goal_id].append(owner)
    waiting = set(
        TargetProposal.objects.open().filter(series__goal_series__goal__in=parts).values_list(
            "series__goal_series__goal", flat=True
        )
    )  # fmt: skip
    return [
        {
            "goal": goal,
            "url": address_of("followup:shared_goal", goal.pk),
            "light": light(views[goal.pk].light),
            "authority": goal.authority.name,
            "owner": goal.owner_unit.name,
            "state": "" if goal.is_adopted else goal.get_state_display(),
            "committed": sum(one.state == OwnerState.COMMITTED for one in parts[goal.pk]),
            "invited": sum(one.state == OwnerState.INVITED for one in parts[goal.pk]),
            "mine": [one for one in parts[goal.pk] if one.unit.authority_id == authority_id],
            "has_proposal": goal.pk in waiting,
        }
        for goal in goals
    ]
