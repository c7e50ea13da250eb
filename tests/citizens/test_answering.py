"""The citizen's form from link to thanks."""

import re

import pytest
from django.test import Client

from citizens.kinds import CommentState, Method
from citizens.models import Comment, Response
from tests import factories
from tests.citizens import asked
from tests.citizens.asked import ALL


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def client():
    """A stranger whose cookies nobody may set."""
    client = Client(enforce_csrf_checks=True)
    yield client
    assert not client.cookies


def body(answer) -> str:
    return answer.content.decode()


def carried(answer) -> dict[str, str]:
    """The hidden fields of the page."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body(answer)))


def test_open_link(client, survey):
    page = client.get("/svar/hjaelp/")
    assert page.status_code == 200
    assert "Går hjælpen ud på det" in body(page)
    assert "1 af 4 · Mål" in body(page)
    sent = client.post("/svar/hjaelp/", {**ALL, "mere": "Det går godt", **carried(page)})
    assert (sent.status_code, sent.url) == (303, "/svar/hjaelp/tak/")
    [response] = Response.objects.all()
    assert (response.survey, response.method, response.day) == (survey, Method.LINK, factories.date.today())
    assert response.answers == ALL
    [comment] = Comment.objects.all()
    assert (comment.text, comment.state, comment.question_code) == ("Det går godt", CommentState.READABLE, "mere")
    assert "Tak for dit svar" in body(client.get(sent.url))


def test_posting_without_the_page(client, survey):
    assert client.post("/svar/hjaelp/", ALL).status_code == 303
    assert Response.objects.get().answers == ALL
