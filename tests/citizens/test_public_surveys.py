"""What everybody reads of surveys: no login, no cookie, answered ones only, and never what a citizen wrote."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.kinds import SurveyState
from citizens.models import Quote
from organisation.models import Authority
from tests import factories
from tests.citizens import making
from tests.citizens.test_answer_pages import kept
from tests.followup.flow import html

LIST = "/aabne-maal/undersoegelser/"


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
