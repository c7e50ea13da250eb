"""Results as they are read from stored answers, kept, and never changed again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.kinds import Method, QuestionKind, SurveyState
from citizens.models import Comment, Response
from citizens.results import keep_results, survey_results
from tests.citizens import attack, making


@pytest.fixture
def survey(town):
    made = making.survey(town.school)
    making.four(making.questionnaire(made))
    return made


def queries(survey) -> int:
    with CaptureQueriesContext(connection) as caught:
        survey_results(survey)
    return len(caught)


def test_a_closed_survey(survey):
    """By hand: 2, 3, 5, 6 and 4 answers of 20 add up to 67."""
    making.answers(survey, making.spread("goal", 2, 3, 5, 6, 4))
    making.answers(survey, [{"goal": "dont_know"}, {"goal": "not_relevant"}, {}])
    results = survey_results(survey)
    goal = results.question("goal")
    assert results.n == 23
    assert (goal.n, goal.beside) == (20, 2)
    assert [choice.count for choice in goal.choices] == [2, 3, 5, 6, 4]
    assert [choice.label for choice in goal.choices][::4] == ["slet ikke", "i meget høj grad"]
    assert goal.mean == Decimal("3.35")
    assert goal.sd == Decimal("1.27")  # squares 255, less 67² / 20, by 19
    assert (goal.low, goal.high) == (Decimal("2.76"), Decimal("3.94"))  # t of 19: 2.093
    assert not results.question("effect").is_shown


def test_trials_do_not_count(survey):
    making.answers(survey, making.spread("goal", 0, 3, 3, 3))
    making.answers(survey, making.spread("goal", 50), is_pilot=True)
    assert survey_results(survey).n == 9


@pytest.mark.parametrize("count", [5, 6, 7, 31])
def test_an_open_survey_tells_only_how_many(survey, count):
    survey.state = SurveyState.OPEN
    making.group(survey, "nord")
    making.answers(survey, making.spread("goal", count, 40), method=Method.PAPER)
    making.answers(survey, [], method=Method.LINK)
    results = survey_results(survey)
    assert results.n == count + 40
    assert results.notes == ("open",)
    assert results.methods == ()
    assert results.comments is None
    assert not any(one.is_shown or one.n is not None or one.choices for one in results.questions)
    assert all(one.n is None and not one.questions for one in results.groups)


def test_an_open_survey_with_one_answer_more_differs_in_the_number_alone(survey):
    """So nothing is told by the difference of two readings."""
    survey.state = SurveyState.OPEN
    making.answers(survey, making.spread("goal", 3, 3, 3))
    before = survey_results(survey)
    making.answers(survey, [{"goal": "5"}])
    assert survey_results(survey) == replace(before, n=10)


def test_a_draft_tells_nothing(survey):
    survey.state = SurveyState.PILOT
    making.answers(survey, making.spread("goal", 30, 9), is_pilot=True)
    assert survey_results(survey).n is None


def test_kept_results_stay_as_they_were(survey):
    making.answers(survey, making.spread("goal", 2, 3, 5, 6, 4))
    kept = keep_results(survey)
    making.answers(survey, [{"goal": "1"}])
    assert survey_results(survey) == kept
    assert keep_results(survey) == kept
    survey.refresh_from_db()
    Response.objects.all().delete()
    assert survey_results(survey) == kept
    assert queries(survey) == 0


def test_a_closed_survey_needs_six_queries_at_most(town):
    few, many = making.survey(town.school), making.survey(town.school)
    for survey, questions, groups in ((few, 3, 2), (many, 60, 20)):
        form = making.questionnaire(survey)
        for at in range(questions):
            making.question(form, f"q{at}")
        for at in range(groups):
            making.answers(survey, making.spread("q0", 3, 4, 5), group=making.group(survey, f"g{at}"))
    assert queries(few) == queries(many) <= 6


def test_answers_to_another_wording_are_left_out_and_said(survey):
    making.answers(survey, making.spread("goal", 0, 0, 9, 9))
    newer = making.questionnaire(survey, 2)
    for code in ("goal", "effort"):
        making.question(newer, code, wording=2 if code == "goal" else 1)
    making.answers(survey, making.spread("goal", 4, 4, 4))
    results = survey_results(survey)
    assert results.n == 30
    assert (results.question("goal").n, results.question("goal").wording) == (12, 2)
    assert "older_wording" in results.notes


def test_groups_methods_and_invited(survey):
    nord, syd, oe = (making.group(survey, code) for code in ("nord", "syd", "oe"))
    making.invited(survey, 30, nord)
    making.invited(survey, 20, syd)
    making.invited(survey, 9, oe)
    making.answers(survey, making.spread("goal", 4, 4, 4), group=nord, method=Method.INVITATION)
    making.answers(survey, making.spread("goal", 1, 8, 2), group=syd, method=Method.INVITATION)
    making.answers(survey, making.spread("goal", 1, 1), group=oe, method=Method.PAPER)
    results = survey_results(survey)
    assert [(one.n, one.invited) for one in results.groups] == [(12, 30), (None, 20), (None, 9)]
    assert results.groups[0].questions[0].mean == 2
    assert not results.groups[1].questions[0].is_shown
    assert results.methods == (("invitation", None), ("paper", None))
    assert results.invited == 59
    assert round(results.response_rate) == 42
    assert attack.recovered(results) == []


def test_invited_before_the_list_was_deleted(survey):
    nord = making.group(survey, "nord", invited_before=30)
    survey.invited_before = 4
    making.invited(survey, 6, nord)
    making.answers(survey, making.spread("goal", 4, 4, 4), group=nord, method=Method.INVITATION)
    results = survey_results(survey)
    assert (results.invited, results.groups[0].invited) == (40, 36)
    assert results.response_rate == 30


def test_an_open_link_makes_no_response_rate(survey):
    making.invited(survey, 30)
    making.answers(survey, making.spread("goal", 4, 4, 4), method=Method.LINK)
    assert survey_results(survey).invited == 30
    assert survey_results(survey).response_rate is None


def test_those_asked_without_a_list(survey):
    making.group(survey, "nord", asked=40)
    making.answers(survey, making.spread("goal", 4, 4, 4), group=survey.groups.get(), method=Method.KIOSK)
    assert survey_results(survey).invited == 40
    assert survey_results(survey).response_rate == 30
    making.group(survey, "syd")
    assert survey_results(survey).invited is None


@pytest.mark.parametrize(("written", "told"), [(0, 0), (3, None), (5, None), (6, 6)])
def test_comments_are_counts_too(survey, written, told):
    making.answers(survey, making.spread("goal", 4, 4, 4))
    for _n in range(written):
        Comment.objects.create(survey=survey, question_code="ord", text="Tak")
    Comment.objects.create(survey=survey, question_code="ord", text="Prøve", is_pilot=True)
    assert survey_results(survey).comments == told


def test_repeated_answers_are_counted_and_told(survey):
    making.answers(survey, making.spread("goal", 4, 4, 4))
    making.answers(survey, making.spread("goal", 0, 0, 0, 7), is_repeated=True)
    results = survey_results(survey)
    assert (results.n, results.repeated) == (19, 7)


def test_a_sensitive_survey_takes_ten(town):
    survey = making.survey(town.school, is_sensitive=True, least_shown=10)
    making.four(making.questionnaire(survey))
    making.answers(survey, making.spread("goal", 3, 3, 3))
    assert survey_results(survey).n is None
    making.answers(survey, making.spread("goal", 1))
    assert survey_results(survey).n == 10


def test_other_kinds(town):
    survey = making.survey(town.school)
    form = making.questionnaire(survey)
    making.question(form, "ja", QuestionKind.YES_NO)
    making.question(form, "en", QuestionKind.SINGLE, "ab")
    making.question(form, "flere", QuestionKind.MULTIPLE, "ab")
    making.question(form, "plads", QuestionKind.RANKING, "ab")
    making.question(form, "ti", QuestionKind.TEN)
    making.question(form, "ord", QuestionKind.TEXT)
    some = {"ja": "yes", "en": "a", "flere": ["a", "b"], "plads": ["a", "b"], "ti": "10"}
    others = {"ja": "no", "en": "b", "flere": ["b"], "plads": ["b", "a"], "ti": "0"}
    making.answers(survey, [some] * 17 + [others] * 3)
    results = survey_results(survey)
    assert [one.code for one in results.questions] == ["ja", "en", "flere", "plads", "ti"]
    by_code = {one.code: one for one in results.questions}
    assert (by_code["ja"].share, by_code["ja"].low, by_code["ja"].high) == (85, Decimal("64.0"), Decimal("94.8"))
    assert [choice.label for choice in by_code["ja"].choices] == ["Ja", "Nej"]
    assert [choice.count for choice in by_code["flere"].choices] == [17, 20]
    assert [choice.mean_place for choice in by_code["plads"].choices] == [Decimal("1.15"), Decimal("1.85")]
    assert by_code["ti"].mean == Decimal("8.5")


def test_a_question_that_hangs_on_a_hidden_one_is_hidden(town):
    """Eight of nine met the second question: that tells the first, of which only few may be told."""
    survey = making.survey(town.school)
    form = making.questionnaire(survey)
    making.question(form, "ja", QuestionKind.YES_NO)
    making.question(form, "hvor", shown_if={"question": "ja", "options": ["yes"]})
    making.answers(survey, [{"ja": "yes", "hvor": value} for value in "11223345"] + [{"ja": "no"}])
    assert not survey_results(survey).question("hvor").is_shown
    making.answers(survey, [{"ja": "no"}] * 5)
    survey.refresh_from_db()
    assert survey_results(survey).question("hvor").is_shown


def test_a_background_question_tells_no_more_than_the_table_by_it(town):
    survey = making.survey(town.school)
    form = making.questionnaire(survey)
    making.question(form, "alder", QuestionKind.SINGLE, "abc", is_background=True)
    making.question(form, "goal")
    ages = "a" * 12 + "b" * 9 + "c" * 2
    making.answers(survey, [{"alder": age, "goal": "12345"[at % 5]} for at, age in enumerate(ages)])
    results = survey_results(survey)
    assert [choice.count for choice in results.question("alder").choices] == [12, None, None]
    assert [(one.code, one.n) for one in results.backgrounds[0][1]] == [("a", 12), ("b", None), ("c", None)]


def test_days_of_answers_are_no_part_of_the_results(survey):
    making.answers(survey, making.spread("goal", 4, 4, 4))
    before = survey_results(survey)
    Response.objects.update(day=date(2026, 6, 30))
    assert survey_results(survey) == before
