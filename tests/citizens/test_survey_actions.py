"""A survey's way from draft to closed, its versions of questions, and what is refused on the way."""

from datetime import date, timedelta

import pytest

from citizens.actions.questions import NotPossible, questions_of, store_questions
from citizens.actions.surveys import (
    change_survey,
    close_due,
    close_survey,
    create_survey,
    delete_draft,
    open_survey,
    repeat_survey,
    start_pilot,
    store_groups,
    store_measures,
)
from citizens.defaults import default_days, default_period
from citizens.editing import whole
from citizens.kinds import Anonymity, SurveyState
from citizens.models import AnswerGroup, Comment, Response, Survey
from followup.models import Measurement
from goals.actions.versions import Stale
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.races import at_once, needs_rows_locked

LATER = NOW + timedelta(days=60)


@pytest.fixture
def place(town):
    town.goal = factories.goal(town.school)
    town.indicator = factories.indicator(town.authority, unit_of_measure="point")
    town.series = factories.series(town.indicator, town.school, town.goal)
    town.survey = draft(town)
    return town


def draft(town, template="four_assessments", **fields):
    days = default_days(TODAY)
    said = {
        "title": "Hvordan oplever du skolen?", "effort": "Skolen", "purpose": "gøre skolen bedre", "contact": "a@b.dk",
        "intro": {"da": "Vi vil gerne vide …"}, "period": default_period(days["closes_on"]),
    }  # fmt: skip
    asked = {**said, **days, **fields}
    return create_survey(town.school, fields=asked, template=template, by=town.manager, now=NOW)


def opened(town, **fields):
    return open_survey(draft(town, opens_on=TODAY, **fields), by=town.manager, now=NOW)


def refused(do, *args, **kwargs) -> NotPossible:
    with pytest.raises(NotPossible) as caught:
        do(*args, **kwargs)
    return caught.value


def store(town, survey, questions, **fields):
    return store_questions(survey, questions, by=town.manager, now=NOW, **fields)


def answered(survey, **fields):
    version = survey.questionnaires.first()
    return Response.objects.create(survey=survey, questionnaire=version, day=TODAY, answers={"q1": "4"}, **fields)


# ---- beginning -------------------------------------------------------------------------------------------------------


def test_a_draft_has_the_templates_questions(place):
    assert [one["code"] for one in questions_of(place.survey)] == ["q1", "q2", "q3", "q4", "q99"]
    assert place.survey.state == SurveyState.DRAFT
    assert place.survey.responsible == place.manager
    verbs = HistoryEntry.objects.about(place.survey).values_list("verb", flat=True)
    assert set(verbs) == {"created", "questions_changed"}


def test_the_short_name_is_free_and_in_plain_letters(place):
    again = draft(place, title="Hvordan oplever du skolen?")
    assert (place.survey.slug, again.slug) == ("hvordan-oplever-du-skolen", "hvordan-oplever-du-skolen-2")
    assert draft(place, title="Ærø Åben Ø").slug == "aeroe-aaben-oe"
    assert draft(place, title="???").slug == "svar"
    assert len(draft(place, title="x" * 200).slug) <= 40


def test_units_and_areas_become_groups(place):
    store_groups(place.survey, [place.school, place.other_school], ["Nord for åen"], by=place.manager, now=NOW)
    groups = {group.code: (group.unit, group.name) for group in place.survey.groups.all()}
    assert groups == {
        place.school.code: (place.school, "Bakkeskolen"),
        place.other_school.code: (place.other_school, "Elmeskolen"),
        "nord-for-aaen": (None, "Nord for åen"),
    }
    store_groups(place.survey, [place.school], by=place.manager, now=NOW)
    assert [group.name for group in place.survey.groups.all()] == ["Bakkeskolen"]


def test_a_group_that_somebody_answered_in_stays(place):
    (group,) = store_groups(place.survey, [place.school], by=place.manager, now=NOW)
    answered(place.survey, group=AnswerGroup.objects.get(survey=place.survey))
    assert refused(store_groups, place.survey, [], by=place.manager, now=NOW).key == "group_answered"
    assert group.name == "Bakkeskolen"


# ---- questions and versions ------------------------------------------------------------------------------------------


def test_a_draft_is_changed_in_place(place):
    questions = questions_of(place.survey)
    questions[0]["text"] = {"da": "Er målet vigtigt?"}
    version = store(place, place.survey, questions)
    assert version.number == place.survey.questionnaires.count() == 1
    assert [one["wording"] for one in questions_of(place.survey)] == [1] * 5


def test_an_open_survey_gets_a_new_version_and_keeps_the_old(place):
    survey = opened(place)
    answer = answered(survey)
    questions = questions_of(survey)
    questions[1]["text"] = {"da": "Et helt andet spørgsmål", "en": "Another question"}
    assert refused(store, place, survey, questions).key == "note_needed"
    second = store(place, survey, questions, change_note="Det blev misforstået")
    assert (second.number, second.change_note) == (2, "Det blev misforstået")
    assert [one["wording"] for one in questions_of(survey)] == [1, 2, 1, 1, 1]
    answer.refresh_from_db()
    assert answer.questionnaire.number == 1
    assert answer.questionnaire.questions.get(code="q2").text["da"] == "Hjælpen passer til det, jeg har brug for."
    third = store(place, survey, questions_of(survey), change_note="Igen")
    assert [question.wording for question in third.questions.all()] == [1, 2, 1, 1, 1]


def test_a_question_that_comes_back_changed_is_another(place):
    survey = opened(place)
    whole_set = questions_of(survey)
    store(place, survey, whole_set[1:], change_note="Uden det første")
    store(place, survey, [{**whole_set[0], "text": {"da": "Nyt"}}, *whole_set[1:]], change_note="Med igen")
    assert questions_of(survey)[0]["wording"] == 2


def test_what_is_wrong_is_named_and_nothing_stored(place):
    broken = [whole({"code": "q1", "text": {}, "kind": "essay"}), *questions_of(place.survey)]
    refusal = refused(store, place, place.survey, broken)
    assert refusal.key == "questions"
    assert {(fault.code, fault.key) for fault in refusal.faults} >= {("q1", "unknown_kind"), ("q1", "code_twice")}
    assert len(questions_of(place.survey)) == 5


def test_two_at_once_are_told_apart(place):
    seen = place.survey.version
    store(place, place.survey, questions_of(place.survey)[:3], version=seen)
    with pytest.raises(Stale):
        store(place, place.survey, questions_of(place.survey), version=seen)


def test_a_question_that_measures_stays(place):
    measure(place, "q1")
    assert refused(store, place, place.survey, questions_of(place.survey)[1:]).fields == ["q1"]
    as_text = [whole({"code": "q1", "kind": "text", "text": {"da": "Hvad?"}}), *questions_of(place.survey)[1:]]
    assert refused(store, place, place.survey, as_text).key == "measured"


def measure(place, code, **fields):
    one = {"series": place.series, "question_code": code, "kind": "mean", "share_options": [], **fields}
    store_measures(place.survey, [one], by=place.manager, now=NOW)


@pytest.mark.parametrize("state", [SurveyState.CLOSED, SurveyState.FINISHED])
def test_a_closed_survey_keeps_its_questions(place, state):
    survey = opened(place)
    questions = questions_of(survey)
    Survey.objects.filter(pk=survey.pk).update(state=state, finished_at=NOW)
    assert refused(store, place, survey, questions, change_note="x").key == "closed"


# ---- trying it and opening it ----------------------------------------------------------------------------------------


def test_trial_answers_go_when_it_opens(place):
    start_pilot(place.survey, by=place.manager, now=NOW)
    answered(place.survey, is_pilot=True)
    Comment.objects.create(survey=place.survey, question_code="q99", text="Prøve", is_pilot=True)
    store(place, place.survey, questions_of(place.survey)[:4])  # still in place: trial answers do not count
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    assert (survey.state, survey.opened_at) == (SurveyState.OPEN, NOW)
    assert not Response.objects.exists()
    assert not Comment.objects.exists()
    assert survey.questionnaires.count() == 1


def test_a_trial_needs_questions_and_is_begun_once(place):
    empty = draft(place, template="")
    assert refused(start_pilot, empty, by=place.manager, now=NOW).fields == ["questions"]
    start_pilot(place.survey, by=place.manager, now=NOW)
    assert refused(start_pilot, place.survey, by=place.manager, now=NOW).key == "not_draft"


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"purpose": ""}, ["purpose"]),
        ({"intro": {"en": "We"}}, ["intro"]),
        ({"contact": "", "period": ""}, ["contact", "period"]),
        ({"answers_until": None, "opens_on": None}, ["opens_on", "answers_until"]),
    ],
)
def test_nothing_opens_undeclared(place, fields, lacking):
    survey = draft(place, **fields)
    refusal = refused(open_survey, survey, by=place.manager, now=NOW)
    assert (refusal.key, refusal.fields) == ("lacks", lacking)
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT


def test_nothing_opens_without_questions(place):
    assert refused(open_survey, draft(place, template=""), by=place.manager, now=NOW).fields == ["questions"]


def test_nothing_opens_with_days_that_do_not_follow(place):
    early = draft(place, answer_by=TODAY)
    assert refused(open_survey, early, by=place.manager, now=NOW).fields == ["answer_by"]
    assert refused(open_survey, place.survey, by=place.manager, now=LATER).key == "closing_passed"


def test_nothing_opens_with_a_period_that_its_indicator_has_not(place):
    measure(place, "q1")
    Survey.objects.filter(pk=place.survey.pk).update(period="2026")  # the indicator is of the quarter
    assert refused(open_survey, place.survey, by=place.manager, now=NOW).key == "period_kind"


def test_what_was_seen_is_what_opens(place):
    seen = place.survey.version
    store(place, place.survey, questions_of(place.survey)[:1])
    with pytest.raises(Stale):
        open_survey(place.survey, version=seen, by=place.manager, now=NOW)


def test_what_was_declared_is_kept(place):
    survey = opened(place)
    survey.purpose = "noget andet"
    refusal = refused(change_survey, survey, version=survey.version, by=place.manager, now=NOW)
    assert (refusal.key, refusal.fields) == ("declared", ["purpose"])
    survey.refresh_from_db()
    survey.closes_on += timedelta(days=7)
    change_survey(survey, version=survey.version, by=place.manager, now=NOW)
    survey.refresh_from_db()
    assert survey.purpose == "gøre skolen bedre"


# ---- closing ---------------------------------------------------------------------------------------------------------


def test_closed_by_hand_on_the_day(place):
    survey = close_survey(opened(place), by=place.manager, now=NOW)
    assert (survey.state, survey.closes_on, survey.closed_at) == (SurveyState.CLOSED, TODAY, NOW)
    assert refused(close_survey, survey, by=place.manager, now=NOW).key == "not_open"


def test_closed_before_it_began(place):
    survey = close_survey(open_survey(place.survey, by=place.manager, now=NOW), by=place.manager, now=NOW)
    assert survey.opens_on == survey.closes_on == TODAY


@pytest.mark.parametrize(("days", "closed"), [(-1, 0), (0, 0), (1, 1), (30, 1)])
def test_closed_by_itself_after_its_last_day(place, days, closed):
    survey = opened(place)
    moment = NOW.replace(hour=23, minute=59) + (survey.closes_on - TODAY) + timedelta(days=days)
    assert close_due(moment) == closed
    assert close_due(moment) == 0  # a second run finds nothing
    last = survey.closes_on
    survey.refresh_from_db()
    assert survey.closes_on == last
    assert survey.state == (SurveyState.CLOSED if closed else SurveyState.OPEN)


def test_drafts_are_not_closed_by_time(place):
    assert close_due(LATER) == 0


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_close_at_once_and_one_does(place):
    survey = opened(place)
    results = at_once(*[lambda: close_survey(survey, by=None, now=NOW).state] * 2)
    assert sorted(map(str, results)) == ["closed", "not_open"]


# ---- before the period is over ---------------------------------------------------------------------------------------


def test_closing_by_hand_before_the_period_is_over_must_be_meant(place):
    measure(place, "q1")
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    assert (survey.period, survey.period_end) == ("2026K3", date(2026, 9, 30))
    refusal = refused(close_survey, survey, by=place.manager, now=NOW)
    assert (refusal.key, refusal.fields) == ("part_of_period", ["accepts_part"])
    assert Survey.objects.get(pk=survey.pk).state == SurveyState.OPEN
    assert not Measurement.objects.exists()
    close_survey(survey, by=place.manager, now=NOW, accepts_part=True)
    words = "Svar fra 10. august 2026 til 10. august 2026. Perioden slutter 30. september 2026."
    assert Measurement.objects.get(series=place.series).comment.replace("\xa0", " ") == words


def test_closing_on_the_declared_day_says_so_at_the_value_and_asks_nobody(place):
    measure(place, "q1")
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    close_due(NOW + (survey.closes_on - TODAY) + timedelta(days=1))
    said = Measurement.objects.get(series=place.series).comment.replace("\xa0", " ")
    assert said == "Svar fra 24. august 2026 til 14. september 2026. Perioden slutter 30. september 2026."


@pytest.mark.parametrize(("after", "is_part"), [(-1, True), (0, False), (1, False)])
def test_the_last_day_of_the_period_is_the_whole_period(place, after, is_part):
    measure(place, "q1")
    ends = date(2026, 9, 30) + timedelta(days=after)
    later = ends + timedelta(days=40)
    days = {"opens_on": TODAY, "closes_on": ends, "answer_by": later, "addresses_until": later}
    Survey.objects.filter(pk=place.survey.pk).update(**days)
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    assert survey.is_of_part is is_part
    close_due(NOW + (ends - TODAY) + timedelta(days=1))
    assert ("Perioden slutter" in Measurement.objects.get(series=place.series).comment) is is_part


def test_a_survey_that_measures_nothing_is_closed_at_once(place):
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    assert close_survey(survey, by=place.manager, now=NOW).state == SurveyState.CLOSED


# ---- again -----------------------------------------------------------------------------------------------------------


def test_repeated_with_the_same_questions_groups_and_measures(place):
    measure(place, "q1", kind="share", share_options=["4", "5"])
    store_groups(place.survey, [place.school], ["Nord"], by=place.manager, now=NOW)
    survey = open_survey(place.survey, by=place.manager, now=NOW)
    assert refused(repeat_survey, survey, by=place.manager, now=NOW).key == "not_closed"
    close_survey(survey, by=place.manager, now=NOW, accepts_part=True)
    again = repeat_survey(survey, by=place.manager, now=NOW)
    assert (again.previous, again.state, again.opens_on, again.period) == (survey, SurveyState.DRAFT, None, "")
    assert questions_of(again) == questions_of(survey)
    assert [group.name for group in again.groups.all()] == ["Bakkeskolen", "Nord"]
    assert [(one.series, one.share_options) for one in again.measures.all()] == [(place.series, ["4", "5"])]
    assert refused(repeat_survey, survey, by=place.manager, now=NOW).key == "repeated"


def test_a_question_changed_in_the_next_wave_is_another(place):
    survey = close_survey(opened(place), by=place.manager, now=NOW)
    again = repeat_survey(survey, by=place.manager, now=NOW)
    questions = questions_of(again)
    questions[0]["text"] = {"da": "Nyt"}
    store(place, again, questions)
    assert [one["wording"] for one in questions_of(again)] == [2, 1, 1, 1, 1]
    store(place, again, questions_of(survey))  # back to what it was: comparable again
    assert [one["wording"] for one in questions_of(again)] == [1, 1, 1, 1, 1]


def test_only_a_draft_is_deleted(place):
    pk = place.survey.pk
    delete_draft(place.survey, by=place.manager, now=NOW)
    assert not Survey.objects.filter(pk=pk).exists()
    assert refused(delete_draft, opened(place), by=place.manager, now=NOW).key == "not_draft"


def test_a_draft_that_was_tried_is_deleted_with_its_trials(place):
    start_pilot(place.survey, by=place.manager, now=NOW)
    answered(place.survey, is_pilot=True)
    delete_draft(place.survey, by=place.manager, now=NOW)
    assert not Response.objects.exists()


def test_codes_are_asked_for_only_with_two_who_may_link_them(place):
    survey = draft(place, anonymity=Anonymity.PSEUDONYMOUS)
    survey.linkers.add(place.manager)
    assert refused(open_survey, survey, by=place.manager, now=NOW).fields == ["linkers"]
    survey.linkers.add(place.head)
    assert open_survey(survey, by=place.manager, now=NOW).is_open
