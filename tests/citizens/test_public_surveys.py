"""What everybody reads of surveys: no login, no cookie, answered ones only, and never what a citizen wrote."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.kinds import SurveyState
from citizens.models import Quote, Survey, SurveyMeasure
from goals.kinds import GoalState
from organisation.models import Authority, Portal, PortalDepth
from tests import factories
from tests.citizens import making
from tests.citizens.test_answer_pages import kept
from tests.followup.flow import html

LIST = "/aabne-maal/undersoegelser/"
NOW_OPEN = {"opens_on": date(2026, 8, 1), "closes_on": date(2026, 8, 31), "answer_by": date(2026, 12, 1)}


@pytest.fixture
def place(town, clock):
    Authority.objects.filter(pk=town.authority.pk).update(is_portal_open=True)
    town.survey = making.survey(town.school, SurveyState.FINISHED, kept_results=kept())
    making.pair(town.survey, "Mange er i tvivl.", "Vi skriver det ned.")
    return town


def get(path: str):
    return Client().get(path)


def test_an_answered_survey_is_read_by_everybody(place):
    Quote.objects.create(survey=place.survey, text="En savner at vide, hvornår det slutter.")
    both = ["187 har svaret", "Mange er i tvivl.", "Vi skriver det ned."]
    detail = ["3,71", "3,54–3,89", "Hjælpen gør en forskel.", "En savner at vide", "Omskrevet af kommunen"]
    for path, words in ((LIST, [*both, "Hvordan oplever du"]), (f"{LIST}{place.survey.pk}/", [*both, *detail])):
        answer = get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
        for word in words:
            assert word in html(answer)


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.PILOT, SurveyState.OPEN, SurveyState.CLOSED])
def test_what_is_not_answered_is_not_there(place, state):
    one = making.survey(place.school, state)
    making.pair(one, "Halvt skrevet", "")
    assert get(f"{LIST}{one.pk}/").status_code == 404
    assert "Halvt skrevet" not in html(get(LIST))


def test_nothing_before_the_portal_opens(place):
    Authority.objects.update(is_portal_open=False)
    assert get(LIST).status_code == get(f"{LIST}{place.survey.pk}/").status_code == 404


def test_each_authority_shows_its_own(place):
    other = factories.municipality(is_portal_open=True)
    theirs = making.survey(other.school, SurveyState.FINISHED, title="En anden kommunes")
    mine, yours = (f"/m/{one.authority.code}{LIST}" for one in (place, other))
    assert get(f"{mine}{theirs.pk}/").status_code == 404
    assert get(f"{yours}{theirs.pk}/").status_code == 200
    text = html(get(mine))
    assert "En anden kommunes" not in text
    assert f'href="{mine}{place.survey.pk}/"' in text


def test_open_ones_with_their_link(place):
    days = {"opens_on": date(2026, 8, 1), "closes_on": date(2026, 8, 31), "answer_by": date(2026, 12, 1)}
    making.survey(place.school, SurveyState.OPEN, title="For alle", has_open_link=True, slug="for-alle", **days)
    making.survey(place.school, SurveyState.OPEN, title="For indbudte", slug="indbudte", **days)
    making.survey(place.school, SurveyState.OPEN, title="Ikke endnu", **days | {"opens_on": date(2026, 8, 30)})
    text = html(get(LIST))
    assert 'href="/svar/for-alle/"' in text
    assert "For indbudte" in text
    assert "/svar/indbudte/" not in text
    assert "Ikke endnu" not in text


@pytest.fixture
def goals(place):
    """One goal that the survey is about, and one that is measured by a series which it measures."""
    Portal.objects.create(authority=place.authority, depth=PortalDepth.INSTITUTIONS)
    place.goal = factories.goal(place.school, title="Alle får hjælp til det vigtige")
    place.other = factories.goal(place.committee, title="Flere klarer sig selv")
    Survey.objects.filter(pk=place.survey.pk).update(goal=place.goal)
    series = factories.series(factories.indicator(place.authority), place.school, place.other)
    SurveyMeasure.objects.create(survey=place.survey, series=series, question_code="effect")
    return place


def link(goal, prefix: str = "") -> str:
    return f'href="{prefix}/aabne-maal/maal/{goal.pk}/">{goal.title}</a>'


def test_links_to_the_public_goals_it_is_about_and_back(goals):
    for path in (LIST, f"{LIST}{goals.survey.pk}/"):
        for goal in (goals.goal, goals.other):
            assert link(goal) in html(get(path)), path
    for goal in (goals.goal, goals.other):
        assert f'href="{LIST}{goals.survey.pk}/"' in html(get(f"/aabne-maal/maal/{goal.pk}/"))


def test_no_link_to_a_goal_that_is_not_public(goals):
    Portal.objects.update(depth=PortalDepth.COMMITTEES)  # the school's goal is not shown
    draft = factories.goal(goals.committee, state=GoalState.DRAFT, title="En hemmelig kladde")
    making.survey(goals.school, SurveyState.OPEN, goal=draft, title="Om en kladde", **NOW_OPEN)
    for path in (LIST, f"{LIST}{goals.survey.pk}/"):
        text = html(get(path))
        assert link(goals.other) in text
        assert goals.goal.title not in text
        assert "hemmelig" not in text
    assert "Om en kladde" in html(get(LIST))


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"has_open_link": True, "slug": "for-alle"}, 'href="/svar/for-alle/">Svar på undersøgelsen</a>'),
        ({"has_open_link": False, "slug": "indbudte"}, f'href="{LIST}">Se, hvad vi spørger om nu</a>'),
    ],
)
def test_a_goal_leads_to_the_survey_that_is_open(goals, fields, shown):
    making.survey(goals.school, SurveyState.OPEN, goal=goals.goal, title="Nu", **NOW_OPEN, **fields)
    text = html(get(f"/aabne-maal/maal/{goals.goal.pk}/"))
    assert shown in text
    assert "/svar/indbudte/" not in text
    assert "Vi spørger igen nu, til og med" in text
    assert link(goals.goal) in html(get(LIST))


def test_a_goal_leads_to_the_list_while_the_answer_is_on_its_way(goals):
    Survey.objects.filter(pk=goals.survey.pk).update(state=SurveyState.CLOSED)
    text = html(get(f"/aabne-maal/maal/{goals.goal.pk}/"))
    assert f'href="{LIST}">Se undersøgelserne</a>' in text
    assert f"{LIST}{goals.survey.pk}/" not in text


def test_links_keep_to_the_authority(goals):
    factories.municipality(is_portal_open=True)
    making.survey(
        goals.school, SurveyState.OPEN, goal=goals.goal, title="Nu", has_open_link=True, slug="for-alle", **NOW_OPEN
    )
    mine = f"/m/{goals.authority.code}"
    text = html(get(f"{mine}{LIST}"))
    assert link(goals.goal, mine) in text
    assert f'href="{mine}/svar/for-alle/"' in text


def test_too_few_are_not_counted(place):
    few = making.survey(place.school, SurveyState.FINISHED, kept_results=kept(None))
    making.pair(few)
    making.responses(few, 5)
    text = html(get(f"{LIST}{few.pk}/"))
    assert "færre end 6 har svaret" in text
    assert "5 har svaret" not in text


def test_a_closed_decision_is_told_by_its_public_title(place):
    closed = {"is_closed": True, "closed_reason": "Navne", "public_title": "En personsag", "title": "Hemmelig sag",
              "reference": "hemmeligt punkt", "text": "Hemmelige ord"}  # fmt: skip
    pair = place.survey.published_answers.get()
    pair.decision = factories.decision(place.committee, **closed)
    pair.action = factories.action(place.school, place.manager, what="Intern tekst")
    pair.save()
    text = html(get(f"{LIST}{place.survey.pk}/"))
    assert "En personsag" in text
    assert "I gang, færdig senest 31. august 2026" in text
    assert not any(word in text.lower() for word in ("hemmelig", "intern tekst"))


def test_what_came_of_last_time(place):
    pair = place.survey.published_answers.get()
    pair.outcome = "Alle har det på skrift."
    pair.save()
    again = making.survey(place.school, SurveyState.FINISHED, previous=place.survey)
    making.pair(again, "Stadig tvivl", "Vi ringer")
    text = html(get(f"{LIST}{again.pk}/"))
    assert text.index("Stadig tvivl") < text.index("Vi skriver det ned.") < text.index("Alle har det på skrift.")


def test_many_ask_as_little_as_few(place):
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get(path).status_code == 200
        return len(captured)

    one = f"{LIST}{place.survey.pk}/"
    few = count(LIST), count(one)
    for n in range(60):
        making.pair(making.survey(place.school, SurveyState.FINISHED, kept_results=kept(n)), f"Hørt {n}")
        making.pair(place.survey, f"Hørt også {n}")
    assert (count(LIST), count(one)) == few
    assert max(few) <= 8
    assert "Side 1 af 2" in html(get(LIST))
