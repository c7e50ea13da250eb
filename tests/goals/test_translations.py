"""Sending a goal down, answering in own words, accepting: what is stored, refused and remembered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goals.actions.decisions import DecisionMade
from goals.actions.goals import NotPossible, close_goal
from goals.actions.translations import (
    accept_translation,
    answer_translation,
    ask_translation,
    choose_answer,
    decline_translation,
    return_translation,
    units_to_ask,
    units_with,
    withdraw_translation,
    write_answer,
)
from goals.actions.versions import Stale
from goals.kinds import GoalState, TranslationState
from goals.models import Contribution, Goal, Translation
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.races import at_once, needs_rows_locked

DUE = TODAY + timedelta(days=21)


@pytest.fixture
def sent(town):
    """A goal of the department's, sent to both schools."""
    town.goal = factories.goal(town.department, title="Alle børn trives")
    town.asked, town.other = ask(town, town.school, town.other_school)
    return town


def ask(town, *units, **fields):
    return ask_translation(town.goal, units, **{"due_date": DUE, "by": town.head, "now": NOW, **fields})


def by_unit(town):
    return {"by": town.manager, "now": NOW}


def by_head(town):
    return {"by": town.head, "now": NOW}


def answered(town, **fields) -> Translation:
    draft = Goal(title="Vi ringer hjem", short_name="Ringe", **fields)
    write_answer(town.asked, draft, version=town.asked.version, **by_unit(town))
    town.asked.refresh_from_db()
    town.asked = answer_translation(town.asked, version=town.asked.version, **by_unit(town))
    return town.asked


def verbs(subject):
    return list(HistoryEntry.objects.about(subject).order_by("pk").values_list("verb", flat=True))


def test_sent_to_units_below_with_day_and_words(town):
    town.goal = factories.goal(town.department)
    [one] = ask(town, town.school, note="Hvad kan I gøre?")
    assert (one.state, one.unit, one.due_date, one.note) == ("asked", town.school, DUE, "Hvad kan I gøre?")
    assert (one.asked_by, one.asked_at, one.version) == (town.head, NOW, 1)
    [entry] = HistoryEntry.objects.about(town.goal)
    assert (entry.verb, entry.changes, entry.by) == (
        "translation_asked",
        {"translation": [None, "Bakkeskolen"]},
        town.head,
    )
    assert verbs(one) == ["translation_asked"]


def test_sent_to_many_is_one_line_in_the_goals_history(sent):
    [entry] = HistoryEntry.objects.about(sent.goal)
    assert entry.changes == {"translation": [None, "Bakkeskolen og Elmeskolen"]}


def test_whom_a_goal_may_be_sent_to(town):
    def names(owner):
        return set(units_to_ask(factories.goal(owner), TODAY).values_list("name", flat=True))

    assert names(town.department) == {"Bakkeskolen", "Elmeskolen"}
    assert names(town.committee) == {"Børn og Unge", "Center for Skole", "Bakkeskolen", "Elmeskolen"}
    assert names(town.other_committee) == set()
    assert names(town.school) == set()
    assert len(names(town.council)) == 7


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"units": "stranger"}, "not_below"),
        ({"units": "above"}, "not_below"),
        ({"units": "itself"}, "not_below"),
        ({"due_date": TODAY - timedelta(days=1)}, "past"),
        ({"closed": True}, "closed"),
    ],
)
def test_refused(town, change, key):
    town.goal = factories.goal(town.department, state=GoalState.CLOSED if change.get("closed") else GoalState.ADOPTED)
    unit = {
        "stranger": factories.municipality().school,
        "above": town.directorate,
        "itself": town.department,
    }.get(change.get("units", ""), town.school)
    with pytest.raises(NotPossible) as refusal:
        ask(town, unit, due_date=change.get("due_date", DUE))
    assert refusal.value.key == key
    assert not Translation.objects.exists()


def test_a_unit_has_a_goal_once_at_a_time(sent):
    with pytest.raises(NotPossible) as refusal:
        ask(sent, sent.school)
    assert refusal.value.key == "asked_already"
    with pytest.raises(IntegrityError), transaction.atomic():
        Translation.objects.create(goal=sent.goal, unit=sent.school, due_date=DUE, asked_by=sent.head, asked_at=NOW)
    withdraw_translation(sent.asked, version=1, **by_head(sent))
    assert units_with(sent.goal) == {sent.other_school.pk}
    ask(sent, sent.school)  # again, after it was taken back


def test_the_units_own_draft_serves_the_goal_and_waits_until_it_is_sent(sent):
    draft = Goal(title="Vi ringer hjem", short_name="Ringe")
    write_answer(sent.asked, draft, version=1, **by_unit(sent))
    stored = Translation.objects.get(pk=sent.asked.pk)
    assert (stored.state, stored.answer, stored.version, stored.answered_at) == ("asked", draft, 2, None)
    assert (draft.owner_unit, draft.parent, draft.state) == (sent.school, sent.goal, "draft")
    series = factories.series(factories.indicator(sent.authority), sent.school)
    done = answer_translation(stored, series=series, version=2, **by_unit(sent))
    assert (done.state, done.answered_by, done.answered_at) == ("answered", sent.manager, NOW)
    assert list(draft.goal_series.values_list("series", flat=True)) == [series.pk]
    assert verbs(draft) == ["created", "changed", "translation_answered"]
    assert verbs(sent.goal)[-1] == "translation_answered"


@pytest.mark.parametrize("has_parent", [False, True])
def test_an_existing_goal_comes_to_serve_it(sent, has_parent):
    already = factories.goal(sent.committee) if has_parent else None
    own = factories.goal(sent.school, already)
    chosen = choose_answer(sent.asked, own, version=1, **by_unit(sent))
    own.refresh_from_db()
    assert own.parent == already  # nothing is tied before it is sent
    answer_translation(chosen, version=2, **by_unit(sent))
    own.refresh_from_db()
    assert own.parent == (already or sent.goal)
    assert Contribution.objects.filter(goal=own, to_goal=sent.goal).exists() == has_parent


def test_an_existing_goal_whose_parent_is_closed_moves(sent):
    own = factories.goal(sent.school, factories.goal(sent.committee, state=GoalState.CLOSED))
    choose_answer(sent.asked, own, version=1, **by_unit(sent))
    answer_translation(sent.asked, version=2, **by_unit(sent))
    own.refresh_from_db()
    assert own.parent == sent.goal
    assert not Contribution.objects.exists()


def test_only_the_units_own_open_goals_answer_and_never_in_a_ring(sent):
    for goal, key in (
        (factories.goal(sent.other_school), "not_of_unit"),
        (factories.goal(sent.school, state=GoalState.CLOSED), "closed"),
    ):
        with pytest.raises(NotPossible) as refusal:
            choose_answer(sent.asked, goal, version=1, **by_unit(sent))
        assert refusal.value.key == key
    above = factories.goal(sent.school)
    Goal.objects.filter(pk=sent.goal.pk).update(parent=above)
    with pytest.raises(NotPossible) as refusal:
        choose_answer(sent.asked, above, version=1, **by_unit(sent))
    assert refusal.value.key == "cycle"


def test_another_units_series_measures_nothing(sent):
    write_answer(sent.asked, Goal(title="A", short_name="A"), version=1, **by_unit(sent))
    foreign = factories.series(factories.indicator(sent.authority), sent.other_school)
    with pytest.raises(NotPossible) as refusal:
        answer_translation(sent.asked, series=foreign, version=2, **by_unit(sent))
    assert refusal.value.key == "not_of_unit"


def test_nothing_is_sent_without_a_goal(sent):
    with pytest.raises(NotPossible) as refusal:
        answer_translation(sent.asked, version=1, **by_unit(sent))
    assert refusal.value.key == "no_answer"


def test_accepted_and_adopting_stays_the_units_own_act(sent):
    done = accept_translation(answered(sent), version=3, **by_head(sent))
    assert (done.state, done.decided_by, done.decided_at) == ("accepted", sent.head, NOW)
    assert done.answer.state == GoalState.DRAFT
    assert verbs(done.answer)[-1] == verbs(sent.goal)[-1] == "translation_accepted"
    assert sent.school.pk in units_with(sent.goal)


def test_returned_with_a_reason_and_answered_again(sent):
    for reason in ("", "  "):
        with pytest.raises(NotPossible) as refusal:
            return_translation(answered(sent) if sent.asked.version == 1 else sent.asked, reason=reason, version=3,
                               **by_head(sent))  # fmt: skip
        assert refusal.value.key == "no_reason"
    back = return_translation(sent.asked, reason="Sæt tal på.", version=3, **by_head(sent))
    assert (back.state, back.reason) == ("returned", "Sæt tal på.")
    [entry] = HistoryEntry.objects.about(back).filter(verb="translation_returned")
    assert entry.reason == "Sæt tal på."
    # What is said between the two is not in the history that everybody reads.
    assert not HistoryEntry.objects.about(sent.goal).exclude(reason="").exists()
    assert not HistoryEntry.objects.about(back.answer).exclude(reason="").exists()
    again = answer_translation(back, version=4, **by_unit(sent))
    assert again.state == "answered"


def test_declined_by_the_unit_with_a_reason(sent):
    done = decline_translation(sent.asked, reason="Vi har ingen udskoling.", version=1, **by_unit(sent))
    assert (done.state, done.answered_by, done.reason) == ("declined", sent.manager, "Vi har ingen udskoling.")
    with pytest.raises(NotPossible) as refusal:
        accept_translation(done, version=2, **by_head(sent))
    assert refusal.value.key == "is_declined"


def test_withdrawn_what_the_unit_wrote_stays(sent):
    write_answer(sent.asked, Goal(title="A", short_name="A"), version=1, **by_unit(sent))
    done = withdraw_translation(sent.asked, version=2, **by_head(sent))
    assert (done.state, done.answer.title) == ("dropped", "A")


def test_of_a_closed_goal_nothing_is_answered(sent):
    write_answer(sent.asked, Goal(title="A", short_name="A"), version=1, **by_unit(sent))
    decided = factories.decision(sent.committee)
    made = DecisionMade(body=sent.committee, date=decided.date, reference="punkt 4", text="")
    close_goal(sent.goal, made, reason="Slut", by=sent.consultant, now=NOW)
    with pytest.raises(NotPossible) as refusal:
        answer_translation(sent.asked, version=2, **by_unit(sent))
    assert refusal.value.key == "goal_closed"
    assert not Translation.objects.with_unit(TODAY).exists()


@pytest.mark.parametrize("act", [accept_translation, withdraw_translation])
def test_from_an_older_version_nothing_is_done(sent, act):
    answered(sent)
    with pytest.raises(Stale):
        act(sent.asked, version=2, **by_head(sent))
    assert Translation.objects.get(pk=sent.asked.pk).state == "answered"


def test_the_database_keeps_reason_and_times(sent):
    for fields in ({"state": "returned", "decided_at": NOW}, {"state": "declined", "answered_at": NOW},
                   {"state": "answered"}, {"state": "accepted"}, {"state": "dropped"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Translation.objects.filter(pk=sent.asked.pk).update(**fields)


def test_a_draft_sent_down_is_seen_by_the_unit_and_by_nobody_beside_it(town):
    town.goal = draft = factories.goal(town.department, state=GoalState.DRAFT)

    def sees(person):
        return Goal.objects.visible_to(person, TODAY).filter(pk=draft.pk).exists()

    people = (town.manager, town.professional, town.other_manager, town.reader, town.politician)
    assert [sees(one) for one in people] == [False] * 5
    [one] = ask(town, town.school)
    assert [sees(one) for one in people] == [True, True, False, False, False]
    withdraw_translation(one, version=1, **by_head(town))
    assert [sees(one) for one in people] == [False] * 5


def test_who_sees_answers_and_decides(sent):
    def keys(found):
        return set(found.values_list("unit__name", flat=True))

    every = Translation.objects
    expected = {
        "manager": ({"Bakkeskolen"}, {"Bakkeskolen"}, set()),
        "professional": ({"Bakkeskolen"}, set(), set()),
        "head": ({"Bakkeskolen", "Elmeskolen"}, {"Bakkeskolen", "Elmeskolen"}, {"Bakkeskolen", "Elmeskolen"}),
        "reader": (set(), set(), set()),
        "politician": (set(), set(), set()),
    }
    for name, (visible, answerable, decidable) in expected.items():
        person = getattr(sent, name)
        assert keys(every.visible_to(person, TODAY)) == visible, name
        assert keys(every.answerable_by(person, TODAY)) == answerable, name
        assert keys(every.decidable_by(person, TODAY)) == decidable, name


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_an_acceptance_and_a_withdrawal_at_once_one_is_told(transactional_db):
    town = factories.municipality()
    town.goal = factories.goal(town.department)
    [town.asked] = ask(town, town.school)
    one = answered(town)

    def step(act):
        return lambda: act(Translation.objects.get(pk=one.pk), version=one.version, **by_head(town))

    results = at_once(step(accept_translation), step(withdraw_translation))
    assert [isinstance(result, Stale) for result in results].count(True) == 1
    assert Translation.objects.get(pk=one.pk).state in (TranslationState.ACCEPTED, TranslationState.DROPPED)
