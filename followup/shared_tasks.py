"""That a cross-cutting goal waits for a unit: as tasks, in the daily mail, and as news when it has happened."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.additions import AddedReminder, AddedTask
from followup.inbox import TaskKind
from followup.kinds import ReminderKind
from followup.mail_parts import TEXT
from followup.mails import Part, shortened, site_url
from followup.overview import NewsKind
from followup.owed import Thing
from followup.presentation import words_of_target
from followup.reminding import FIRST, stage_due
from followup.standing import point_of
from goals.actions.proposals import owners_waited_for
from goals.kinds import OwnerState, ProposalState
from goals.models import Goal, GoalOwner, GoalSeries, ProposalAnswer, TargetProposal
from organisation.leaders import leaders_of
from organisation.models import Unit, is_unit_of
from organisation.permissions import Role, Viewer

Told = tuple[Part, str, str]  # what the mail says, and where and in which line a manager hears of it
PLACE = 3  # among what falls due on the same day
ANSWER_WITHIN = timedelta(days=14)  # nobody sets a deadline: what others wait for is answered in two weeks


def _text(field: str) -> Cast:
    return Cast(F(field), TextField())


# ---- tasks ----------------------------------------------------------------------------------------------------------


def invitations_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[GoalOwner]:
    """Invitations to units that the person answers for."""
    invited = GoalOwner.objects.filter(is_unit_of(authority_id), state=OwnerState.INVITED)
    return invited.exclude(goal__state="closed").answerable_by(viewer, today)


def proposals_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[TargetProposal]:
    """Proposed targets that wait for a unit the person answers for."""
    mine = GoalOwner.objects.committed().filter(is_unit_of(authority_id)).answerable_by(viewer, today)
    return TargetProposal.objects.open().filter(Exists(_unanswered(mine)))


def _unanswered(owners: QuerySet[GoalOwner]) -> QuerySet[GoalOwner]:
    """Of the committed owners those whose unit has not answered the proposal (`OuterRef`) that it is bound by."""
    measured = GoalSeries.objects.filter(goal=OuterRef("goal"), series=OuterRef(OuterRef("series")))
    answered = ProposalAnswer.objects.filter(proposal=OuterRef(OuterRef("pk")), owner__unit=OuterRef("unit"))
    shared = owners.filter(goal__in=Goal.objects.cross_cutting().values("pk"))
    return shared.filter(Exists(measured)).exclude(Exists(answered.filter(owner__state=OwnerState.COMMITTED)))


COMMIT = AddedTask(
    TaskKind.COMMIT.value,
    invitations_for,
    {"title": _text("goal__title"), "where": _text("unit__name"), "said": F("note")},
)
AGREE = AddedTask(
    TaskKind.AGREE.value,
    proposals_for,
    {"title": _text("goal__title"), "where": _text("series__indicator__name"), "said": _text("reason")},
)


# ---- news -----------------------------------------------------------------------------------------------------------


def _shared_here(authority_id: int) -> QuerySet[Goal]:
    return Goal.objects.owned_in(authority_id).values("pk")


def _owners_since(authority_id: int, field: str, state: OwnerState, since: Subquery) -> tuple[QuerySet[Any], Any]:
    found = GoalOwner.objects.filter(goal__in=_shared_here(authority_id), state=state, **{f"{field}__date__gte": since})
    columns = {
        "title": _text("unit__name"),
        "where": _text("goal__short_name"),
        "day": TruncDate(field),
        "place": F("goal"),
    }
    return found, columns


def news_of_owners(authority_id: int, viewer: Viewer, since: Subquery) -> tuple[QuerySet[Any], NewsKind, Any]:
    """For the overview: others who have committed to the goals that units of the authority own together."""
    found, columns = _owners_since(authority_id, "committed_at", OwnerState.COMMITTED, since)
    return found.exclude(committed_by=viewer.pk), NewsKind.OWNER, columns


def news_of_leavers(authority_id: int, viewer: Viewer, since: Subquery) -> tuple[QuerySet[Any], NewsKind, Any]:
    """Those who have withdrawn: all owners see it."""
    found, columns = _owners_since(authority_id, "left_at", OwnerState.WITHDRAWN, since)
    return found.exclude(left_by=viewer.pk), NewsKind.LEFT, columns


def news_of_targets(authority_id: int, viewer: Viewer, since: Subquery) -> tuple[QuerySet[Any], NewsKind, Any]:
    """Targets that all owners have agreed to change."""
    agreed = TargetProposal.objects.filter(
        goal__in=_shared_here(authority_id), state=ProposalState.AGREED, ended_at__date__gte=since
    )
    columns = {
        "title": _text("goal__short_name"),
        "where": _text("series__indicator__name"),
        "day": TruncDate("ended_at"),
        "place": F("goal"),
    }
    return agreed, NewsKind.RAISED, columns


# ---- the daily mail -------------------------------------------------------------------------------------------------


def _invitations(today: date) -> Iterator[Thing]:
    invited = GoalOwner.objects.filter(state=OwnerState.INVITED).exclude(goal__state="closed").order_by("pk")
    yield from _things(ReminderKind.OWNER, [(one.pk, one.unit, one.invited_at) for one in _with_unit(invited)], today)


def _proposals(today: date) -> Iterator[Thing]:
    opened = list(TargetProposal.objects.open().order_by("pk"))
    waiting = owners_waited_for(opened)
    asked = [(one.pk, owner.unit, one.proposed_at) for one in opened for owner in waiting[one.pk]]
    yield from _things(ReminderKind.TARGET, asked, today)


def _with_unit(owners: QuerySet[GoalOwner]) -> QuerySet[GoalOwner]:
    return owners.select_related("unit")


def _things(kind: ReminderKind, asked: list[tuple[int, Unit, datetime]], today: date) -> Iterator[Thing]:
    """One for each who can answer for a unit: the nearest directors above it. The first stage was said when asked."""
    directors = leaders_of([unit for _pk, unit, _at in asked], today, roles=(Role.DIRECTOR,)) if asked else {}
    told = set[tuple[int, int | None]]()
    for pk, unit, asked_at in asked:
        since = timezone.localdate(asked_at)
        deadline = since + ANSWER_WITHIN
        stage = stage_due(deadline, today, since=since)
        if stage is None or stage <= FIRST:
            continue
        people: list[int | None] = [one.pk for one in directors[unit.pk]]
        for person in people or [None]:
            if (pk, person) not in told:
                told.add((pk, person))
                yield Thing(kind, pk, unit.authority_id, unit.pk, deadline, stage, person)


def _told_of_invitations(ids: Collection[int], today: date) -> dict[int, Told]:
    found = GoalOwner.objects.select_related("unit", "goal__owner_unit__authority").in_bulk(ids)
    asked = {}
    for pk, owner in found.items():
        subject = _("%(unit)s er inviteret til et tværgående mål") % {"unit": owner.unit.name}
        asked[pk] = owner.invited_at, owner.unit.name, subject, _invitation(owner)
    return _told("owner_invited", "followup:owner_commit", asked, today)


def _invitation(owner: GoalOwner) -> dict[str, Any]:
    """What the mail says of an invitation."""
    return {
        "unit": owner.unit.name,
        "title": owner.goal.title,
        "home": owner.goal.owner_unit.name,
        "authority_name": owner.goal.owner_unit.authority.name,
        "note": shortened(owner.note, TEXT),
    }


def _told_of_proposals(ids: Collection[int], today: date) -> dict[int, Told]:
    found = TargetProposal.objects.select_related("goal", "proposed_for__unit", "series__indicator").in_bulk(ids)
    asked = {}
    for pk, proposal in found.items():
        subject = _("Nyt måltal venter på jer: %s") % proposal.goal.short_name
        asked[pk] = proposal.proposed_at, proposal.goal.short_name, subject, proposal_context(proposal)
    return _told("target_proposed", "followup:proposal_answer", asked, today)


def proposal_context(proposal: TargetProposal) -> dict[str, Any]:
    """What mails say of a proposed target."""
    return {
        "title": proposal.goal.title,
        "proposer": proposal.proposed_for.unit.name,
        "indicator": proposal.series.indicator.name,
        "target": words_of_target(point_of(proposal), proposal.series.indicator),
        "reason": shortened(proposal.reason, TEXT),
    }


def _told(
    template: str, route: str, asked: dict[int, tuple[datetime, str, str, dict[str, Any]]], today: date
) -> dict[int, Told]:
    """The part of the mail for each that was asked: when, by which name, with which subject and words."""
    told = {}
    for pk, (asked_at, name, subject, context) in asked.items():
        days = (timezone.localdate(asked_at) + ANSWER_WITHIN - today).days
        part = Part((days, PLACE), subject, subject, template, context, site_url(reverse(route, args=[pk])))
        told[pk] = part, name, subject
    return told


INVITED = AddedReminder(ReminderKind.OWNER.value, _invitations, _told_of_invitations)
PROPOSED = AddedReminder(ReminderKind.TARGET.value, _proposals, _told_of_proposals)
