"""A cross-cutting goal's target changes when all who are committed agree, and only then."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.actions import owners
from goals.actions.decisions import DecisionMade
from goals.actions.goals import close_goal
from goals.actions.links import change_goal_series
from goals.actions.owners import OwnersRefused
from goals.actions.proposals import AlreadyProposed, answer_proposal, drop_proposal, propose_target
from goals.actions.targets import AlreadySet, NeedsDecision, NeedsOwners, TargetAsked, Unchanged, set_target
from goals.models import Goal, GoalSeries, TargetProposal
from goals.periods import parse_period
from tests import factories
from tests.factories import NOW
from tests.goals.sharing import asked, commitment, committed, in_force, shared_goal

pytestmark = pytest.mark.django_db


def decided(it) -> DecisionMade:
    return DecisionMade(it.town.council, date(2026, 6, 24), "punkt 9")


def proposed(it, value: int = 9, **fields) -> TargetProposal:
    said = {"replaces": it.target.pk, "reason": "Vi er foran", "decided": decided(it), "by": it.town.director}
    return propose_target(it.own, it.series, asked(value), **{**said, **fields}, now=NOW)


def says(it, proposal, owner, agrees=True):
    reason = "" if agrees else "For stramt"
    return answer_proposal(proposal, owner, agrees=agrees, reason=reason, by=it.town.director, now=NOW)


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(OwnersRefused) as error, transaction.atomic():
        act(*args, **kwargs)
    return error.value.key


def test_one_owner_alone_cannot_change_what_several_own():
    it = shared_goal(owners=2)
    with pytest.raises(NeedsOwners):
        set_target(it.series, asked(9), replaces=it.target.pk, decided=decided(it), by=it.town.consultant, now=NOW)
    with pytest.raises(NeedsOwners):  # nor a first one of another period
        set_target(it.series, asked(8, "2028"), replaces=None, by=it.town.consultant, now=NOW)
    assert in_force(it.series) == [("2027", Decimal(10))]


def test_an_only_owner_sets_it_as_ever():
    it = shared_goal(owners=1)
    with pytest.raises(OwnersRefused, match="alone"), transaction.atomic():
        proposed(it)
    set_target(it.series, asked(9), replaces=it.target.pk, decided=decided(it), by=it.town.consultant, now=NOW)
    assert in_force(it.series) == [("2027", Decimal(9))]


def test_the_last_to_agree_sets_it_with_the_decision_that_was_referred_to():
    it = shared_goal()
    proposal = proposed(it)
    assert proposal.state == "open"  # who proposes agrees; two are left
    assert says(it, proposal, it.theirs).state == "open"
    assert in_force(it.series) == [("2027", Decimal(10))]
    assert says(it, proposal, it.other).state == "agreed"
    assert in_force(it.series) == [("2027", Decimal(9))]
    target = it.series.targets.in_force().get()
    assert (target.decision.reference, target.reason, target.set_by) == ("punkt 9", "Vi er foran", it.town.director)
    it.target.refresh_from_db()
    assert it.target.superseded_at == NOW


def test_one_who_disagrees_ends_it_with_a_reason():
    it = shared_goal()
    proposal = proposed(it)
    no = {"agrees": False, "reason": " ", "by": it.region.director, "now": NOW}
    assert refused(answer_proposal, proposal, it.theirs, **no) == "no_reason"
    assert says(it, proposal, it.theirs, agrees=False).state == "rejected"
    assert refused(says, it, proposal, it.other) == "ended"
    assert in_force(it.series) == [("2027", Decimal(10))]


def test_each_owner_answers_once():
    it = shared_goal()
    proposal = proposed(it)
    assert refused(says, it, proposal, it.own) == "answered"
    says(it, proposal, it.theirs)
    assert refused(says, it, proposal, it.theirs, agrees=False) == "answered"


def test_an_owner_of_another_goal_has_no_say():
    it, apart = shared_goal(), shared_goal()
    assert refused(says, it, proposed(it), apart.own) == "not_measured"
    assert refused(propose_target, apart.own, it.series, asked(9), replaces=it.target.pk, reason="x",
                   by=it.town.director, now=NOW) == "not_measured"  # fmt: skip


def test_an_invited_owner_has_no_say_yet():
    it = shared_goal(owners=2)
    invited = owners.invite_owner(it.goal, it.town.other_school, by=it.town.director, now=NOW)
    proposal = proposed(it)
    assert refused(says, it, proposal, invited) == "is_invited"
    assert says(it, proposal, it.theirs).state == "agreed"


def test_the_second_of_two_is_told_who_was_first():
    it = shared_goal()
    first = proposed(it)
    with pytest.raises(AlreadyProposed) as error, transaction.atomic():
        propose_target(it.theirs, it.series, asked(8), replaces=it.target.pk, reason="Lavere", decided=decided(it),
                       by=it.region.director, now=NOW)  # fmt: skip
    assert error.value.proposal == first
    assert error.value.proposal.proposed_by == it.town.director


def test_the_database_holds_one_open_proposal_of_a_series():
    it = shared_goal()
    first = proposed(it)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetProposal.objects.create(
            goal=it.goal, series=it.series, period="2028", value=8, reason="x", proposed_by=it.town.director,
            proposed_for=it.theirs, proposed_at=NOW,
        )  # fmt: skip
    drop_proposal(first, by=it.town.director, now=NOW)
    assert proposed(it).state == "open"


def test_what_is_proposed_is_checked_as_when_it_is_set():
    it = shared_goal()
    with pytest.raises(Unchanged), transaction.atomic():
        proposed(it, 10)
    with pytest.raises(AlreadySet), transaction.atomic():
        proposed(it, replaces=None)
    with pytest.raises(NeedsDecision), transaction.atomic():
        proposed(it, decided=None)
    assert refused(proposed, it, reason=" ") == "no_reason"


def test_who_withdraws_no_longer_counts():
    it = shared_goal()
    proposal = proposed(it)
    says(it, proposal, it.other)
    owners.withdraw_owner(it.theirs, reason="Ud", version=it.theirs.version, by=it.region.director, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "agreed"
    assert in_force(it.series) == [("2027", Decimal(9))]


def test_an_authority_that_leaves_no_longer_counts():
    it = shared_goal()
    proposal = proposed(it)
    says(it, proposal, it.other)
    owners.leave_authority(it.goal, it.region.authority, reason="Ud", by=it.region.director, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "agreed"


def test_a_new_owner_is_asked_too():
    it = shared_goal(owners=2)
    proposal = proposed(it)
    new = committed(it.goal, it.town.other_school, it.town.other_manager, it.town.director)
    assert says(it, proposal, it.theirs).state == "open"
    assert says(it, proposal, new).state == "agreed"


def test_a_proposal_about_a_target_that_is_gone_is_dropped():
    it = shared_goal(owners=2)
    proposal = proposed(it)
    owners.withdraw_owner(it.theirs, reason="Ud", version=it.theirs.version, by=it.region.director, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "agreed"  # the one who is left had proposed it
    with pytest.raises(AlreadySet):
        set_target(it.series, asked(7), replaces=it.target.pk, decided=decided(it), by=it.town.consultant, now=NOW)


def test_a_target_set_by_the_one_who_is_left_drops_what_was_proposed():
    it = shared_goal(owners=2)
    theirs = propose_target(it.theirs, it.series, asked(8), replaces=it.target.pk, reason="Lavere",
                            decided=decided(it), by=it.region.director, now=NOW)  # fmt: skip
    owners.withdraw_owner(it.theirs, reason="Ud", version=it.theirs.version, by=it.region.director, now=NOW)
    theirs.refresh_from_db()
    assert theirs.state == "open"  # the school has not answered
    set_target(it.series, asked(7), replaces=it.target.pk, decided=decided(it), by=it.town.consultant, now=NOW)
    theirs.refresh_from_db()
    assert theirs.state == "dropped"
    assert in_force(it.series) == [("2027", Decimal(7))]


def test_a_year_and_its_last_quarter_are_the_same_target():
    it = shared_goal(owners=2)
    quarter = TargetAsked(parse_period("2027K4"), Decimal(9))
    said = {"replaces": it.target.pk, "reason": "x", "decided": decided(it), "by": it.town.director}
    proposal = propose_target(it.own, it.series, quarter, **said, now=NOW)
    says(it, proposal, it.theirs)
    assert in_force(it.series) == [("2027K4", Decimal(9))]


def test_a_series_of_two_shared_goals_takes_the_owners_of_both():
    it = shared_goal(owners=2)
    second = factories.goal(it.town.department)
    GoalSeries.objects.create(goal=second, series=it.series)
    head = owners.make_cross_cutting(second, commitment(it.town.department, it.town.head), by=it.town.director, now=NOW)
    proposal = proposed(it)
    assert says(it, proposal, it.theirs).state == "open"
    assert says(it, proposal, head).state == "agreed"


def test_nobody_is_waited_for_when_the_goal_is_closed():
    it = shared_goal()
    proposal = proposed(it)
    close_goal(it.goal, decided(it), reason="Nået", by=it.town.consultant, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "dropped"
    assert in_force(it.series) == [("2027", Decimal(10))]


def test_nobody_is_waited_for_when_the_series_no_longer_measures_the_goal():
    it = shared_goal()
    proposal = proposed(it)
    change_goal_series(
        Goal.objects.get(pk=it.goal.pk), kept=[], removed=it.goal.goal_series.all(), by=it.town.consultant, now=NOW
    )
    proposal.refresh_from_db()
    assert proposal.state == "dropped"


# ---- any order of answers, withdrawals and new owners ---------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), st.integers(0, 5)),
        st.tuples(st.just("refuse"), st.integers(0, 5)),
        st.tuples(st.just("withdraw"), st.integers(1, 5)),  # the goal's own unit stays
        st.tuples(st.just("join"), st.integers(1, 5)),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(STEPS)
def test_the_target_changes_exactly_when_all_who_are_committed_agree(steps):
    with transaction.atomic():
        _play(steps)
        transaction.set_rollback(True)


def _play(steps) -> None:
    """Beside the real thing a plain account of it: who is in, who said yes."""
    it = shared_goal(owners=2)
    places = [it.town.school, it.region.school, it.town.other_school, it.town.department, it.region.department,
              it.region.other_school]  # fmt: skip
    leaders = {it.town.authority: it.town.manager, it.region.authority: it.region.manager}
    inside = {0: it.own, 1: it.theirs}
    yes, is_over, has_changed = {0}, False, False
    proposal = proposed(it)
    for what, at in steps:
        if what in ("agree", "refuse"):
            may = at in inside and at not in yes and not is_over
            if not may:
                if at in inside:
                    refused(says, it, proposal, inside[at])
                continue
            says(it, proposal, inside[at], agrees=what == "agree")
            if what == "agree":
                yes.add(at)
            else:
                is_over = True
        elif what == "withdraw" and at in inside:
            owner = inside.pop(at)
            yes.discard(at)
            owners.withdraw_owner(owner, reason="Ud", version=owner.version, by=it.town.director, now=NOW)
        elif what == "join" and at not in inside:
            unit = places[at]
            inside[at] = committed(it.goal, unit, leaders[unit.authority], it.town.director)
        if not is_over and set(inside) <= yes:
            is_over = has_changed = True
        assert in_force(it.series) == [("2027", Decimal(9 if has_changed else 10))]
        proposal.refresh_from_db()
        assert (proposal.state == "open") == (not is_over)
