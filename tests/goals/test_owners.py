"""Owners of a cross-cutting goal: invited, committed in writing, gone, and what stays as it was."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from goals.actions import owners
from goals.actions.decisions import DecisionMade
from goals.actions.goals import change_goal, close_goal
from goals.actions.owners import OwnersRefused
from goals.actions.versions import Stale
from goals.kinds import OwnerState
from goals.models import Goal, GoalOwner
from organisation.models import HistoryEntry, UnitKind
from tests import factories
from tests.factories import NOW
from tests.goals.sharing import commitment, committed, shared_goal

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(OwnersRefused) as error, transaction.atomic():
        act(*args, **kwargs, now=NOW)
    return error.value.key


def states(goal: Goal) -> list[str]:
    return list(goal.owners.order_by("pk").values_list("state", flat=True))


def test_a_cross_cutting_goals_own_unit_is_its_first_owner():
    it = shared_goal(owners=1)
    it.goal.refresh_from_db()
    assert it.goal.is_cross_cutting
    assert [(one.unit, one.state) for one in it.goal.owners.all()] == [(it.town.school, "committed")]
    assert it.own.committed_by == it.town.director


def test_it_is_made_so_once_and_never_when_closed():
    it = shared_goal(owners=1)
    mine = commitment(it.town.school, it.town.manager)
    assert refused(owners.make_cross_cutting, it.goal, mine, by=it.town.director) == "already"
    closed = factories.goal(it.town.school, state="closed")
    assert refused(owners.make_cross_cutting, closed, mine, by=it.town.director) == "closed"


def test_a_unit_of_another_authority_is_invited_and_commits_in_writing():
    it = shared_goal(owners=1)
    invited = owners.invite_owner(it.goal, it.region.school, note="Tag imod samme dag", by=it.town.director, now=NOW)
    assert (invited.state, invited.note, invited.contribution) == ("invited", "Tag imod samme dag", "")
    written = commitment(it.region.school, it.region.manager)
    owner = owners.commit_owner(invited, written, version=1, by=it.region.director, now=NOW)
    assert (owner.state, owner.contribution, owner.resource) == ("committed", written.contribution, "2 årsværk")
    assert (owner.series, owner.responsible, owner.committed_by) == (
        written.series, it.region.manager, it.region.director,
    )  # fmt: skip
    verbs = HistoryEntry.objects.about(owner).order_by("pk").values_list("verb", "authority")
    region = it.region.authority.pk
    assert list(verbs) == [("owner_invited", region), ("owner_committed", region)]


@pytest.mark.parametrize("state", ["draft", "proposed", "adopted"])
def test_a_goal_on_its_way_may_be_shared_too(state):
    town = factories.municipality()
    goal = factories.goal(town.school, state=state)
    owner = owners.make_cross_cutting(goal, commitment(town.school, town.manager), by=town.director, now=NOW)
    assert owner.state == OwnerState.COMMITTED


def test_nobody_is_invited_twice_or_to_a_goal_that_is_not_shared():
    it = shared_goal(owners=2)
    assert refused(owners.invite_owner, it.goal, it.region.school, by=it.town.director) == "already"
    plain = factories.goal(it.town.school)
    assert refused(owners.invite_owner, plain, it.region.school, by=it.town.director) == "not_shared"
    ended = factories.unit(it.region.department, valid_to=date(2026, 1, 1))
    assert refused(owners.invite_owner, it.goal, ended, by=it.town.director) == "other_unit"


def test_what_is_written_belongs_to_the_owners_own_authority():
    it = shared_goal(owners=1)
    invited = owners.invite_owner(it.goal, it.region.school, by=it.town.director, now=NOW)

    def with_(**fields) -> str:
        written = commitment(it.region.school, it.region.manager, **fields)
        return refused(owners.commit_owner, invited, written, version=1, by=it.region.director)

    assert with_(series=it.series) == "other_series"
    assert with_(responsible=it.town.manager) == "other_person"
    assert with_(contribution="  ") == "not_written"
    assert with_(resource="") == "not_written"
    invited.refresh_from_db()
    assert invited.state == OwnerState.INVITED


def test_the_database_refuses_a_commitment_that_is_not_written():
    it = shared_goal(owners=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalOwner.objects.filter(pk=it.own.pk).update(contribution="")


def test_a_no_and_a_withdrawal_take_a_reason():
    it = shared_goal(owners=2)
    invited = owners.invite_owner(it.goal, it.town.other_school, by=it.town.director, now=NOW)
    assert refused(owners.decline_owner, invited, reason=" ", version=1, by=it.town.director) == "no_reason"
    said = owners.decline_owner(invited, reason="Vi har ikke folk", version=1, by=it.town.director, now=NOW)
    assert (said.state, said.reason, said.left_by) == ("declined", "Vi har ikke folk", it.town.director)
    left = owners.withdraw_owner(
        it.theirs, reason="Ny struktur", version=it.theirs.version, by=it.region.director, now=NOW
    )
    assert (left.state, left.reason) == ("withdrawn", "Ny struktur")
    assert left.contribution  # what it was bound to stays on record
    entry = HistoryEntry.objects.about(left).get(verb="owner_withdrew")
    assert (entry.reason, entry.by) == ("Ny struktur", it.region.director)


def test_one_that_left_may_be_invited_again_as_a_new_part():
    it = shared_goal(owners=2)
    owners.withdraw_owner(it.theirs, reason="Pause", version=it.theirs.version, by=it.region.director, now=NOW)
    again = committed(it.goal, it.region.school, it.region.manager, it.region.director)
    assert again.pk != it.theirs.pk
    assert states(it.goal) == ["committed", "withdrawn", "committed"]


def test_an_invitation_is_taken_back():
    it = shared_goal(owners=1)
    invited = owners.invite_owner(it.goal, it.region.school, by=it.town.director, now=NOW)
    back = owners.recall_invitation(invited, reason="Forkert enhed", version=1, by=it.town.director, now=NOW)
    assert back.state == OwnerState.WITHDRAWN
    assert HistoryEntry.objects.about(back).filter(verb="owner_recalled").exists()


def test_two_who_answer_an_invitation_from_the_same_page():
    it = shared_goal(owners=1)
    invited = owners.invite_owner(it.goal, it.region.school, by=it.town.director, now=NOW)
    written = commitment(it.region.school, it.region.manager)
    owners.commit_owner(invited, written, version=1, by=it.region.director, now=NOW)
    no = {"reason": "Nej", "version": 1, "by": it.region.consultant}
    assert refused(owners.decline_owner, invited, **no) == "is_committed"
    with pytest.raises(Stale):
        owners.change_commitment(invited, written, version=1, by=it.region.consultant, now=NOW)


def test_another_wording_is_in_the_history():
    it = shared_goal(owners=1)
    again = commitment(it.town.school, it.town.head, series=it.own.series, contribution="Vi ringer dagen efter")
    changed = owners.change_commitment(it.own, again, version=it.own.version, by=it.town.director, now=NOW)
    assert (changed.contribution, changed.responsible) == ("Vi ringer dagen efter", it.town.head)
    entry = HistoryEntry.objects.about(changed).get(verb="owner_changed")
    assert set(entry.changes) == {"contribution", "responsible"}
    assert entry.changes["contribution"] == [it.own.contribution, "Vi ringer dagen efter"]


# ---- the unit that the goal belongs to ------------------------------------------------------------------------------


def test_the_goals_own_unit_leaves_when_another_has_taken_over():
    it = shared_goal()
    leave = {"reason": "Vi nedlægges", "by": it.town.director}
    assert refused(owners.withdraw_owner, it.own, version=it.own.version, **leave) == "home"
    goal = owners.take_over(it.other, version=it.other.version, by=it.town.director, now=NOW)
    assert (goal.owner_unit, goal.responsible) == (it.town.other_school, it.town.other_manager)
    left = owners.withdraw_owner(it.own, version=it.own.version, **leave, now=NOW)
    assert left.state == OwnerState.WITHDRAWN


def test_a_goal_is_not_taken_over_to_another_authority():
    it = shared_goal(owners=2)
    asked = {"version": it.theirs.version, "by": it.town.director}
    assert refused(owners.take_over, it.theirs, **asked) == "other_authority"


def test_a_goal_is_its_own_units_alone_again_when_the_others_are_gone():
    it = shared_goal(owners=2)
    assert refused(owners.end_cross_cutting, it.goal, reason="Slut", by=it.town.director) == "has_owners"
    owners.withdraw_owner(it.theirs, reason="Slut", version=it.theirs.version, by=it.region.director, now=NOW)
    owners.end_cross_cutting(it.goal, reason="Slut", by=it.town.director, now=NOW)
    it.goal.refresh_from_db()
    assert not it.goal.is_cross_cutting
    assert states(it.goal) == ["withdrawn", "withdrawn"]


def test_a_goal_moved_to_another_unit_takes_its_commitment_along():
    it = shared_goal(owners=2)
    goal = Goal.objects.get(pk=it.goal.pk)
    goal.owner_unit = it.town.other_school
    change_goal(goal, version=goal.version, by=it.town.consultant, now=NOW)
    it.own.refresh_from_db()
    assert (it.own.unit, it.own.state) == (it.town.other_school, "committed")


def test_a_closed_goal_is_nothing_to_leave_or_join():
    it = shared_goal(owners=2)
    decided = DecisionMade(it.town.council, date(2026, 6, 24), "punkt 9")
    close_goal(it.goal, decided, reason="Nået", by=it.town.consultant, now=NOW)
    bye = {"reason": "Slut", "version": it.theirs.version, "by": it.region.director}
    assert refused(owners.withdraw_owner, it.theirs, **bye) == "closed"
    assert refused(owners.invite_owner, it.goal, it.town.other_school, by=it.town.director) == "closed"


# ---- an authority, a unit goes --------------------------------------------------------------------------------------


def frozen(it) -> tuple:
    """What nobody's leaving may change."""
    values = it.series.measurements.order_by("period_end").values_list("period", "value", "approved_at")
    return list(values), list(it.series.targets.values_list("period", "value", "superseded_at"))


def test_an_authority_leaves_a_goal_in_one_act():
    it = shared_goal()
    factories.measurement(it.series, "2025", 13)
    invited = owners.invite_owner(it.goal, it.region.other_school, by=it.town.director, now=NOW)
    before = frozen(it)
    gone = owners.leave_authority(
        it.goal, it.region.authority, reason="Regionen træder ud", by=it.region.consultant, now=NOW
    )
    assert {one.pk for one in gone} == {it.theirs.pk, invited.pk}
    assert states(it.goal) == ["committed", "withdrawn", "committed", "declined"]
    assert frozen(it) == before
    home = {"reason": "Vi går", "by": it.town.consultant}
    assert refused(owners.leave_authority, it.goal, it.town.authority, **home) == "home"
    assert refused(owners.leave_authority, it.goal, it.region.authority, reason=" ", by=it.town.director) == "no_reason"


def test_an_authority_leaves_everything():
    it = shared_goal()
    mine = factories.goal(it.region.school)
    first = owners.make_cross_cutting(
        mine, commitment(it.region.school, it.region.manager), by=it.region.director, now=NOW
    )
    guest = committed(mine, it.town.school, it.town.manager, it.town.director)
    apart = shared_goal(owners=2)  # goals that the region has no part in
    factories.measurement(it.series, "2025", 13)
    before = frozen(it)
    gone = owners.leave_all(it.region.authority, reason="Klyngen er slut", by=it.region.consultant, now=NOW)
    assert {one.pk for one in gone} == {it.theirs.pk, guest.pk}
    assert states(it.goal) == ["committed", "withdrawn", "committed"]
    first.refresh_from_db()
    assert first.state == OwnerState.COMMITTED  # its own goal stays its own
    assert states(apart.goal) == ["committed", "committed"]
    assert frozen(it) == before


def test_a_new_unit_takes_the_place_of_one_that_ends():
    it = shared_goal()
    new = factories.unit(it.region.department, UnitKind.INSTITUTION)
    owners.hand_over_commitments(it.region.school, new, by=it.region.consultant, now=NOW)
    it.theirs.refresh_from_db()
    assert (it.theirs.unit, it.theirs.state) == (new, "committed")


def test_two_owners_that_become_one_unit_are_one_owner():
    it = shared_goal()
    factories.measurement(it.series, "2025", Decimal(13))
    before = frozen(it)
    owners.hand_over_commitments(it.town.other_school, it.town.school, by=it.town.consultant, now=NOW)
    assert states(it.goal) == ["committed", "committed", "withdrawn"]
    assert frozen(it) == before
    other = {"by": it.town.consultant}
    assert refused(owners.hand_over_commitments, it.town.school, it.region.school, **other) == "other_authority"
