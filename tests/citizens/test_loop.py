"""The answer to the citizens: its pairs, publishing it, and the next meeting's agenda."""

from datetime import date, timedelta

import pytest

from citizens.actions.loop import (
    add_pair,
    change_pair,
    finish_survey,
    move_pair,
    put_due_on_agenda,
    put_on_agenda,
    remove_pair,
    tell_outcome,
)
from citizens.actions.refusals import NotPossible
from citizens.actions.surveys import close_survey
from citizens.kinds import SurveyState
from citizens.models import PublishedAnswer, Survey, SurveyOnAgenda
from followup.models import AgendaItem
from goals.actions.versions import Stale
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import making

NOW = factories.NOW


@pytest.fixture
def survey(town):
    town.goal = factories.goal(town.school)
    one = making.survey(town.school, goal=town.goal, responsible=town.manager)
    making.responses(one, 12)
    return one


@pytest.fixture
def by(town):
    return {"by": town.manager, "now": NOW}


def finish(survey, by) -> Survey:
    return finish_survey(survey, version=Survey.objects.get(pk=survey.pk).version, **by)


# ---- pairs -----------------------------------------------------------------------------------------------------------


def test_pairs_are_written_in_order_and_change_places(survey, by):
    first, second, third = (add_pair(survey, fields={"heard": f"Hørt {n}", "doing": ""}, **by) for n in (1, 2, 3))
    move_pair(third, up=True)
    move_pair(first, up=True)  # it is first already
    heard = list(survey.published_answers.order_by("position").values_list("heard", flat=True))
    assert heard == ["Hørt 1", "Hørt 3", "Hørt 2"]
    move_pair(first, up=False)
    remove_pair(second, **by)
    assert list(survey.published_answers.values_list("heard", flat=True)) == ["Hørt 3", "Hørt 1"]
    assert HistoryEntry.objects.about(survey).first().verb == "pair_removed"


def test_two_writers_at_once_are_told_apart(survey, by):
    pair = making.pair(survey)
    mine, theirs = (PublishedAnswer.objects.get(pk=pair.pk) for _ in range(2))
    theirs.doing = "Deres"
    change_pair(theirs, version=1, **by)
    mine.doing = "Mit"
    with pytest.raises(Stale):
        change_pair(mine, version=1, **by)
    assert PublishedAnswer.objects.get(pk=pair.pk).doing == "Deres"


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.PILOT, SurveyState.FINISHED])
def test_nothing_is_written_before_it_opens_or_after_it_is_published(survey, by, state):
    pair = making.pair(survey)
    Survey.objects.filter(pk=survey.pk).update(state=state, finished_at=NOW)
    for step in (
        lambda: add_pair(survey, fields={"heard": "Nyt"}, **by),
        lambda: change_pair(pair, version=1, **by),
        lambda: remove_pair(pair, **by),
        lambda: move_pair(pair, up=True),
    ):
        with pytest.raises(NotPossible):
            step()


@pytest.mark.parametrize("field", ["heard", "doing"])
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Der står, at der kommer nye ansigter hver uge.", "repeats"),
        ("Ring til 010190-1234, hvis det sker igen.", "cpr"),
    ],
)
def test_no_pair_repeats_a_citizen_or_holds_a_number(survey, by, field, text, key):
    making.comment(survey, "Der kommer nye ansigter hver uge", state="hidden")
    with pytest.raises(NotPossible) as refused:
        add_pair(survey, fields={"heard": "Noget", "doing": "", field: text}, **by)
    assert (refused.value.key, refused.value.field) == (key, field)
    assert not survey.published_answers.exists()


# ---- publishing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("doings", [[], [""], ["Vi ringer", ""]])
def test_not_finished_without_a_whole_pair_or_with_a_half_one(survey, by, doings):
    for doing in doings:
        making.pair(survey, "Hørt", doing)
    with pytest.raises(NotPossible) as refused:
        finish(survey, by)
    assert refused.value.key == "survey_unanswered"
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED


def test_finished_with_its_results_kept_and_in_the_history(survey, by):
    making.pair(survey)
    finish(survey, by)
    survey.refresh_from_db()
    assert (survey.state, survey.finished_at, survey.version) == (SurveyState.FINISHED, NOW, 2)
    assert survey.kept_results["n"] == 12
    entry = HistoryEntry.objects.about(survey).first()
    assert (entry.verb, entry.by, entry.changes) == (
        "survey_finished", survey.responsible, {"state": ["closed", "finished"]}
    )  # fmt: skip
    with pytest.raises(NotPossible):
        finish(survey, by)


def test_an_open_survey_is_not_finished_nor_one_that_another_changed(survey, by):
    making.pair(survey)
    with pytest.raises(Stale):
        finish_survey(survey, version=7, **by)
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.OPEN)
    with pytest.raises(NotPossible) as refused:
        finish(survey, by)
    assert refused.value.key == "not_closed"


def test_what_came_of_it_is_told_afterwards(survey, by):
    pair = making.pair(survey)
    pair.outcome = "Alle har nu seks."
    with pytest.raises(NotPossible) as refused:
        tell_outcome(pair, version=1, **by)
    assert refused.value.key == "not_finished"
    finish(survey, by)
    tell_outcome(pair, version=1, **by)
    pair.refresh_from_db()
    assert pair.outcome == "Alle har nu seks."
    assert HistoryEntry.objects.about(pair).first().verb == "outcome_told"


# ---- on the agenda ---------------------------------------------------------------------------------------------------


def test_a_closed_survey_is_on_the_next_meetings_agenda_once(town, survey, by):
    past = factories.round_(
        town.committee, "2026K1", opens=date(2026, 4, 1), entry_deadline=date(2026, 5, 1),
        approval_deadline=date(2026, 5, 2), meeting_date=NOW.date() - timedelta(days=1),
    )  # fmt: skip
    later = factories.round_(
        town.committee, "2026K3", opens=date(2026, 10, 1), entry_deadline=date(2026, 11, 1),
        approval_deadline=date(2026, 11, 2), meeting_date=date(2026, 12, 2),
    )  # fmt: skip
    other = factories.round_(town.other_committee)
    at = factories.round_(town.committee)
    factories.agenda_item(at, position=3)
    item = put_on_agenda(survey, **by)
    assert put_on_agenda(survey, **by) is None
    assert put_due_on_agenda(NOW) == 0
    assert (item.round, item.position, item.is_for_decision, item.goal) == (at, 4, False, town.goal)
    assert item.title == "Det siger borgerne: Hvordan oplever du hjælpen i hjemmet?"
    assert "12 har svaret." in item.text
    assert "Borgerne er lovet et svar senest 01-09-2026." in item.text
    assert not AgendaItem.objects.filter(round__in=[past, later, other]).exists()


def test_few_answers_are_not_counted_on_the_agenda(town, by):
    factories.round_(town.committee)
    survey = making.survey(town.school)
    making.responses(survey, 5)
    item = put_on_agenda(survey, **by)
    assert "Færre end 6 har svaret" in item.text
    assert "5 har svaret" not in item.text


def test_the_answer_replaces_the_promise_while_the_meeting_is_ahead(town, survey, by):
    factories.round_(town.committee)
    first = put_on_agenda(survey, **by)
    making.pair(survey, "Mange er i tvivl.", "Vi skriver det ned.", needs_decision=True)
    finish(survey, by)
    [item] = AgendaItem.objects.all()
    assert item.pk == first.pk
    assert item.is_for_decision
    assert "Det hørte vi: Mange er i tvivl.\nDet gør vi: Vi skriver det ned." in item.text
    assert "lovet et svar" not in item.text
    assert put_due_on_agenda(NOW) == 0


def test_the_answer_is_a_new_item_when_the_meeting_has_been(town, survey, by):
    factories.round_(town.committee)
    put_on_agenda(survey, **by)
    making.pair(survey)
    after = {"by": town.manager, "now": making.later(60)}
    next_one = factories.round_(
        town.committee, "2026K3", opens=date(2026, 10, 1), entry_deadline=date(2026, 11, 1),
        approval_deadline=date(2026, 11, 2), meeting_date=date(2026, 12, 2),
    )  # fmt: skip
    finish(survey, after)
    assert [item.round for item in AgendaItem.objects.order_by("pk")][1:] == [next_one]
    assert SurveyOnAgenda.objects.filter(survey=survey, item__isnull=False).count() == 2


def test_an_item_taken_off_stays_off(town, survey, by):
    factories.round_(town.committee)
    put_on_agenda(survey, **by).delete()
    assert put_due_on_agenda(NOW) == 0
    assert not AgendaItem.objects.exists()


def test_without_a_meeting_it_waits_for_one(town, survey, by):
    assert put_on_agenda(survey, **by) is None
    assert put_due_on_agenda(NOW) == 0
    factories.round_(town.committee)
    assert put_due_on_agenda(NOW) == 1
    assert put_due_on_agenda(NOW) == 0


@pytest.mark.parametrize(("owner", "body"), [("committee", "committee"), ("council", "council"), ("board", "council")])
def test_it_goes_to_the_body_that_follows_the_goal(town, by, owner, body):
    at = factories.round_(getattr(town, body))
    survey = making.survey(town.school, goal=factories.goal(getattr(town, owner)))
    assert put_on_agenda(survey, **by).round == at


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.OPEN])
def test_what_is_not_closed_is_on_no_agenda(town, by, state):
    factories.round_(town.committee)
    assert put_on_agenda(making.survey(town.school, state), **by) is None


def test_what_closed_long_ago_comes_on_no_agenda_by_itself(town):
    factories.round_(town.committee)
    making.survey(town.school, opens_on=date(2024, 1, 1), closes_on=date(2024, 2, 1))
    assert put_due_on_agenda(NOW) == 0


def test_closing_puts_it_on_the_agenda_with_its_assessments(town, by):
    at = factories.round_(town.committee)
    survey = making.survey(town.school, SurveyState.OPEN, closes_on=date(2026, 8, 31), answer_by=date(2026, 10, 1))
    making.responses(survey, 8, effect="5")
    making.responses(survey, 8, effect="3")
    close_survey(survey, **by)
    item = AgendaItem.objects.get(round=at)
    assert "16 har svaret." in item.text
    assert "Effekt: 4,0 af 5" in item.text
    assert "lovet et svar senest 01-10-2026" in item.text
