"""What everybody may do at an open hearing: write, support and rank. Nothing of who is kept."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F

from citizens.actions.hearings import NotPossible
from citizens.kinds import HearingState, ProposalKind, ProposalState
from citizens.models import Hearing, HearingGoal, Proposal, Ranking
from citizens.personal import mask_cpr
from goals.models import Goal


@transaction.atomic
def say(hearing: Hearing, *, kind: ProposalKind, text: str, goal: Goal | None = None, day: date) -> Proposal:
    """Store a comment or a proposal, waiting for a moderator; CPR numbers are masked whatever happens."""
    _refuse_unless_taking(hearing, day)
    masked, _found = mask_cpr(text)
    return Proposal.objects.create(hearing=hearing, kind=kind, text=masked, goal=goal, day=day)


@transaction.atomic
def support(proposal: Proposal, *, day: date) -> bool:
    """Count one more who agrees with a public proposal; False when it is not public (any more)."""
    open_now = Hearing.objects.filter(state=HearingState.OPEN, opens_on__lte=day, closes_on__gte=day)
    rows = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.PUBLISHED, hearing__in=open_now.values("pk"))
    return rows.update(support=F("support") + 1) == 1


@transaction.atomic
def rank(hearing: Hearing, order: Sequence[int], *, day: date) -> Ranking:
    """Store how somebody ranks the hearing's goals, the most important first."""
    _refuse_unless_taking(hearing, day)
    known = set(HearingGoal.objects.filter(hearing=hearing).values_list("goal", flat=True))
    return Ranking.objects.create(hearing=hearing, day=day, order=[goal for goal in order if goal in known])


def _refuse_unless_taking(hearing: Hearing, day: date) -> None:
    """The stored hearing decides: it may have closed while the person wrote."""
    if not Hearing.objects.get(pk=hearing.pk).is_taking(day):
        raise NotPossible("not_open")
