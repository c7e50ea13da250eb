"""A hearing from draft to answer: its days, its moderators, its themes, and who comes at the same time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from citizens.actions import hearings as actions
from citizens.actions.hearings import NotPossible
from citizens.actions.voices import rank, say, support
from citizens.came_from import came_from
from citizens.hearing_rules import Lack
from citizens.kinds import HearingState, ProposalKind, ProposalState
from citizens.models import Hearing, HearingTheme, Proposal, Ranking
from citizens.personal import MASK
from followup.actions.due import do_what_is_due
from goals.actions.versions import Stale
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import hearings
from tests.races import at_once, needs_rows_locked

NOW, TODAY = factories.NOW, factories.TODAY
ONE = timedelta(days=1)


@pytest.fixture
def place(town):
    town.goals = [hearings.draft_goal(town.school), hearings.draft_goal(town.school)]
    town.hearing = hearings.hearing(town.school, *town.goals)
    return town


def by(town):
    return {"by": town.manager, "now": NOW}


def refusal(step, *args, **kwargs) -> str:
    with pytest.raises(NotPossible) as refused:
        step(*args, **kwargs)
    return refused.value.key


# ---- its days --------------------------------------------------------------------------------------------------------


def at(day, hour=1):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.mark.parametrize(("days", "state"), [(-1, "draft"), (0, "open")])
def test_tick_opens_a_draft_on_its_first_day(place, days, state):
    draft = hearings.hearing(place.school, place.goals[0], state="draft", opens_on=TODAY, closes_on=TODAY + 9 * ONE)
    do_what_is_due(at(TODAY + days * ONE), send=False)
    draft.refresh_from_db()
    assert draft.state == state


@pytest.mark.parametrize(("days", "state"), [(0, "open"), (1, "closed")])
def test_tick_closes_on_the_day_after_the_last(place, days, state):
    do_what_is_due(at(place.hearing.closes_on + days * ONE), send=False)
    place.hearing.refresh_from_db()
    assert place.hearing.state == state
    assert place.hearing.closes_on == TODAY + 7 * ONE


def test_tick_does_it_once(place):
    day = at(place.hearing.closes_on + ONE)
    assert actions.keep_hearing_days(day) == 1
    assert actions.keep_hearing_days(day) == 0


def test_a_draft_that_lacks_something_stays_closed(place):
    draft = hearings.hearing(place.school, state="draft", opens_on=TODAY, text="")
    assert actions.keep_hearing_days(NOW) == 0
    with pytest.raises(NotPossible) as refused:
        actions.open_hearing(draft, version=1, **by(place))
    assert refused.value.lacks == ["no_goals", "no_text"]


def test_opened_and_closed_by_hand(place):
    draft = hearings.hearing(
        place.school, place.goals[0], state="draft", opens_on=TODAY + ONE, closes_on=TODAY + 9 * ONE
    )
    opened = actions.open_hearing(draft, version=1, **by(place))
    assert (opened.state, opened.opens_on) == ("open", TODAY)
    closed = actions.close_hearing(opened, version=2, **by(place))
    assert (closed.state, closed.closes_on) == ("closed", TODAY)
    assert [one.verb for one in HistoryEntry.objects.about(draft)] == ["closed", "open"]
    assert refusal(actions.open_hearing, closed, version=3, **by(place)) == "not_draft"
    assert refusal(actions.close_hearing, closed, version=3, **by(place)) == "not_open"
    with pytest.raises(Stale):
        actions.close_hearing(opened, version=1, **by(place))


def test_goals_are_settled_when_it_opens(place):
    third = hearings.draft_goal(place.school)
    actions.change_hearing(place.hearing, [third], version=1, **by(place))
    assert {one.goal for one in place.hearing.hearing_goals.all()} == set(place.goals)
    draft = hearings.hearing(place.school, place.goals[0], state="draft")
    actions.change_hearing(draft, [third, place.goals[1]], version=1, **by(place))
    assert [one.goal for one in draft.hearing_goals.all()] == [third, place.goals[1]]


# ---- what everybody does ---------------------------------------------------------------------------------------------


def test_what_is_written_waits_without_a_cpr_number(place):
    one = say(place.hearing, kind=ProposalKind.COMMENT, text="Jeg er 010203-1234", goal=place.goals[0], day=TODAY)
    one.refresh_from_db()
    assert (one.state, one.text, one.day) == ("waiting", f"Jeg er {MASK}", TODAY)


@pytest.mark.parametrize("days", [-8, 8])
def test_nothing_is_taken_outside_its_days(place, days):
    day = TODAY + days * ONE
    assert refusal(say, place.hearing, kind=ProposalKind.COMMENT, text="For sent", day=day) == "not_open"
    assert refusal(rank, place.hearing, [place.goals[0].pk], day=day) == "not_open"
    one = hearings.proposal(place.hearing)
    assert support(one, day=day) is False
    assert Proposal.objects.get().support == 0


@pytest.mark.parametrize(("state", "counted"), [("published", 1), ("waiting", 0), ("hidden", 0)])
def test_only_what_is_public_is_supported(place, state, counted):
    reason = "Nævner nogen" if state == "hidden" else ""
    one = hearings.proposal(place.hearing, state=state, hidden_reason=reason)
    assert support(one, day=TODAY) is bool(counted)
    one.refresh_from_db()
    assert one.support == counted


def test_a_ranking_holds_the_hearings_goals_only(place):
    stranger = hearings.draft_goal(place.school)
    rank(place.hearing, [place.goals[1].pk, stranger.pk, place.goals[0].pk], day=TODAY)
    assert Ranking.objects.get().order == [place.goals[1].pk, place.goals[0].pk]


# ---- moderating ------------------------------------------------------------------------------------------------------


def test_publish_then_hide_with_a_reason(place):
    one = hearings.proposal(place.hearing, state=ProposalState.WAITING)
    actions.publish_proposal(one, seen=ProposalState.WAITING, **by(place))
    one.refresh_from_db()
    assert one.state == "published"
    actions.hide_proposal(one, reason="Nævner en nabo", seen=ProposalState.PUBLISHED, **by(place))
    one.refresh_from_db()
    assert (one.state, one.hidden_reason) == ("hidden", "Nævner en nabo")
    assert [one.verb for one in HistoryEntry.objects.about(place.hearing)] == ["proposal_hidden", "proposal_published"]


def test_the_second_of_two_moderators_is_told(place):
    one = hearings.proposal(place.hearing, state=ProposalState.WAITING)
    actions.publish_proposal(one, seen=ProposalState.WAITING, **by(place))
    late = refusal(actions.hide_proposal, one, reason="Nej", seen=ProposalState.WAITING, **by(place))
    assert late == "moved"
    one.refresh_from_db()
    assert (one.state, one.hidden_reason) == ("published", "")


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once():
    town = factories.municipality()
    made = hearings.hearing(town.school, hearings.draft_goal(town.school))
    one = hearings.proposal(made, state=ProposalState.WAITING)
    steps = [
        lambda: actions.publish_proposal(one, seen=ProposalState.WAITING, **by(town)),
        lambda: actions.hide_proposal(one, reason="Nej", seen=ProposalState.WAITING, **by(town)),
    ]
    assert sorted(map(str, at_once(*steps))) == ["None", "moved"]
    assert HistoryEntry.objects.about(made).count() == 1


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_supports_at_once_are_all_counted():
    town = factories.municipality()
    one = hearings.proposal(hearings.hearing(town.school, hearings.draft_goal(town.school)))
    assert at_once(*[lambda: support(one, day=TODAY)] * 8) == [True] * 8
    one.refresh_from_db()
    assert one.support == 8


# ---- themes and the answer -------------------------------------------------------------------------------------------


def test_sorting_moves_public_texts_of_this_hearing_only(place):
    ro, mad = hearings.theme(place.hearing, "Ro"), hearings.theme(place.hearing, "Mad")
    elsewhere = hearings.hearing(place.school, place.goals[0])
    mine = hearings.proposal(place.hearing)
    waiting = hearings.proposal(place.hearing, state=ProposalState.WAITING)
    other = hearings.proposal(elsewhere)
    foreign = hearings.theme(elsewhere, "Andet")
    asked = {mine.pk: ro.pk, waiting.pk: ro.pk, other.pk: ro.pk}
    assert actions.sort_proposals(place.hearing, asked, **by(place)) == 1
    assert set(ro.proposals.all()) == {mine}
    assert actions.sort_proposals(place.hearing, {mine.pk: foreign.pk}, **by(place)) == 0
    assert actions.sort_proposals(place.hearing, {mine.pk: mad.pk}, **by(place)) == 1
    assert actions.sort_proposals(place.hearing, {mine.pk: None}, **by(place)) == 1
    assert not Proposal.objects.filter(theme__isnull=False).exists()


def test_a_theme_in_use_is_not_removed(place):
    theme = hearings.theme(place.hearing)
    hearings.proposal(place.hearing, theme=theme)
    assert refusal(actions.remove_theme, theme, **by(place)) == "in_use"
    Proposal.objects.update(theme=None)
    actions.remove_theme(theme, **by(place))
    assert not HearingTheme.objects.exists()


def close(hearing) -> Hearing:
    hearing.state, hearing.closes_on = HearingState.CLOSED, TODAY - ONE
    hearing.save()
    return hearing


def test_no_answer_before_everything_is(place):
    hearing = close(place.hearing)
    hearings.theme(hearing, "Ro", answer="", decision=None)
    hearings.proposal(hearing)
    hearings.proposal(hearing, state=ProposalState.WAITING)
    with pytest.raises(NotPossible) as refused:
        actions.answer_hearing(hearing, version=1, **by(place))
    assert refused.value.lacks == [
        Lack("waiting", count=1), Lack("unsorted", count=1), Lack("answer", "Ro"), Lack("decision", "Ro")
    ]  # fmt: skip


def test_an_open_hearing_is_not_answered(place):
    assert refusal(actions.answer_hearing, place.hearing, version=1, **by(place)) == "not_closed"


def answered(place) -> Hearing:
    hearing = close(place.hearing)
    theme = hearings.theme(hearing, "Ro", goal=place.goals[0])
    hearings.proposal(hearing, theme=theme)
    hearings.proposal(hearing, "Skjult", state=ProposalState.HIDDEN, hidden_reason="Nævner nogen")
    for order in [[0, 1]] * 4 + [[1, 0]] * 2:
        Ranking.objects.create(hearing=hearing, day=TODAY, order=[place.goals[at].pk for at in order])
    return actions.answer_hearing(hearing, version=1, **by(place))


def test_answered_nothing_changes_any_more(place):
    hearing = answered(place)
    assert hearing.state == "answered"
    one, theme = Proposal.objects.get(state="published"), hearing.themes.get()
    assert refusal(actions.hide_proposal, one, reason="x", seen=ProposalState.PUBLISHED, **by(place)) == "answered"
    assert refusal(actions.change_theme, theme, version=1, **by(place)) == "answered"
    assert refusal(actions.add_theme, hearing, name="Nyt", **by(place)) == "answered"
    assert refusal(actions.sort_proposals, hearing, {one.pk: None}, **by(place)) == "answered"
    assert refusal(actions.change_hearing, hearing, version=hearing.version, **by(place)) == "answered"


def test_the_means_stay_when_the_rankings_go(place):
    hearing = answered(place)
    before = actions.ranks_of(hearing)
    # 1 1 1 1 2 2 = 8/6 and 10/6.
    assert [str(before.means[goal.pk]) for goal in place.goals] == ["1.33", "1.67"]
    assert actions.keep_hearing_days(NOW) == 7  # six rankings and what was hidden
    assert not Ranking.objects.exists()
    assert [one.text for one in Proposal.objects.all()] == ["Flere voksne i timerne"]
    hearing.refresh_from_db()
    assert actions.ranks_of(hearing) == before


def test_open_hearings_keep_what_waits(place):
    rank(place.hearing, [place.goals[0].pk], day=TODAY)
    hearings.proposal(place.hearing, state=ProposalState.WAITING)
    assert actions.keep_hearing_days(NOW) == 0
    assert (Ranking.objects.count(), Proposal.objects.count()) == (1, 1)


def test_ranking_is_not_shown_while_it_may_be_read_off_the_change(place):
    for order in [[0, 1]] * 4 + [[1, 0]] * 4:
        rank(place.hearing, [place.goals[at].pk for at in order], day=TODAY)
    assert actions.ranks_of(place.hearing) is None
    assert actions.ranks_of(close(place.hearing)).n == 8


# ---- what a goal came from -------------------------------------------------------------------------------------------


def test_a_goal_came_of_an_answered_hearing_only(place, django_assert_num_queries):
    goal = place.goals[0]
    hearings.theme(place.hearing, "Andet", goal=goal)
    assert came_from([goal.pk]) == {}
    place.hearing.themes.all().delete()
    answered(place)
    with django_assert_num_queries(1):
        found = came_from([goal.pk, place.goals[1].pk])
    assert list(found) == [goal.pk]
    one = found[goal.pk][0]
    assert (one.theme, one.heard, one.answer) == ("Ro", "Der er for meget uro.", "Vi sætter to voksne på.")
    assert one.hearing_id == place.hearing.pk


def test_a_closed_decision_is_named_as_everybody_may_read_it(place):
    hidden = factories.decision(
        place.school,
        reference="Sag om Peter",
        is_closed=True,
        closed_reason="Personsag",
        public_title="En personalesag",
    )
    goal = place.goals[0]
    hearing = close(place.hearing)
    hearings.theme(hearing, "Ro", goal=goal, decision=hidden)
    actions.answer_hearing(hearing, version=1, **by(place))
    assert came_from([goal.pk])[goal.pk][0].reference == "En personalesag"


def test_no_column_of_a_voice_can_say_who(db):
    """Of a proposal and a ranking: no address, user, hash or time of day can be stored."""
    for model in (Proposal, Ranking):
        kinds = {field.name: field.get_internal_type() for field in model._meta.fields}
        assert not {"GenericIPAddressField", "DateTimeField", "TimeField", "BinaryField"} & set(kinds.values())
        known = {"id", "hearing", "goal", "kind", "text", "day", "state", "hidden_reason", "theme", "support", "order"}
        assert set(kinds) <= known
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, Proposal._meta.db_table)
    assert not [one.name for one in columns if "ip" in one.name.split("_") or "user" in one.name or "hash" in one.name]
