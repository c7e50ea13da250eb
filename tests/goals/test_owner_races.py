"""Two owners at the same moment, on connections of their own: nobody's word is lost, and one is told who was first."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError

from goals.actions import proposals
from goals.actions.decisions import DecisionMade
from goals.actions.owners import commit_owner, decline_owner, invite_owner, withdraw_owner
from goals.actions.proposals import AlreadyProposed, answer_proposal, propose_target
from goals.models import TargetProposal
from tests.factories import NOW
from tests.goals.sharing import asked, commitment, in_force, shared_goal
from tests.races import at_once, meet_after, needs_rows_locked

pytestmark = [
    needs_rows_locked,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def it():
    return shared_goal()


def decided(it) -> DecisionMade:
    return DecisionMade(it.town.council, date(2026, 6, 24), "punkt 9")


def propose(it, owner, by, value: int = 9):
    said = {"replaces": it.target.pk, "reason": "Foran", "decided": decided(it), "by": by, "now": NOW}
    return partial(propose_target, owner, it.series, asked(value), **said)


def two_propose(it, monkeypatch) -> list[object]:
    meet_after(monkeypatch, proposals, "takes_owners")  # which is asked after what stands open
    return at_once(propose(it, it.own, it.town.director), propose(it, it.theirs, it.region.director, 8))


def test_of_two_who_propose_without_locks_the_database_stops_one(it, monkeypatch, without_locks):
    assert sum(isinstance(one, IntegrityError) for one in two_propose(it, monkeypatch)) == 1


def test_of_two_who_propose_one_is_told_who_was_first(it, monkeypatch):
    results = two_propose(it, monkeypatch)
    [late] = [one for one in results if isinstance(one, AlreadyProposed)]
    [first] = [one for one in results if isinstance(one, TargetProposal)]
    assert late.proposal.pk == first.pk
    assert late.proposal.proposed_by in (it.town.director, it.region.director)


def two_agree(it, monkeypatch) -> None:
    proposal = propose(it, it.own, it.town.director)()
    meet_after(monkeypatch, proposals, "outcome")  # which is told what both have said
    at_once(
        *(
            partial(answer_proposal, proposal, owner, agrees=True, by=by, now=NOW)
            for owner, by in ((it.theirs, it.region.director), (it.other, it.town.director))
        )
    )


def test_the_last_two_to_agree_without_locks_leave_it_open(it, monkeypatch, without_locks):
    two_agree(it, monkeypatch)
    assert TargetProposal.objects.get().state == "open", "each believed that the other was missing"


def test_the_last_two_to_agree_at_once_set_the_target(it, monkeypatch):
    two_agree(it, monkeypatch)
    assert TargetProposal.objects.get().state == "agreed"
    assert in_force(it.series) == [("2027", Decimal(9))]
    assert it.series.targets.count() == 2


def agree_and_withdraw(it, monkeypatch) -> None:
    proposal = propose(it, it.own, it.town.director)()
    meet_after(monkeypatch, proposals, "_settle")
    leave = {"reason": "Ud", "version": it.other.version, "by": it.town.director, "now": NOW}
    at_once(
        partial(answer_proposal, proposal, it.theirs, agrees=True, by=it.region.director, now=NOW),
        partial(withdraw_owner, it.other, **leave),
    )


def test_a_yes_and_a_withdrawal_without_locks_leave_it_open(it, monkeypatch, without_locks):
    agree_and_withdraw(it, monkeypatch)
    assert TargetProposal.objects.get().state == "open"


def test_a_yes_and_a_withdrawal_at_once_set_the_target(it, monkeypatch):
    agree_and_withdraw(it, monkeypatch)
    assert TargetProposal.objects.get().state == "agreed"
    assert in_force(it.series) == [("2027", Decimal(9))]


def test_of_a_yes_and_a_no_to_an_invitation_one_is_told(it):
    invited = invite_owner(it.goal, it.region.other_school, by=it.town.director, now=NOW)
    written = commitment(it.region.other_school, it.region.manager)
    results = at_once(
        partial(commit_owner, invited, written, version=1, by=it.region.director, now=NOW),
        partial(decline_owner, invited, reason="Nej", version=1, by=it.region.consultant, now=NOW),
    )
    invited.refresh_from_db()
    assert results.count(f"is_{invited.state}") == 1
