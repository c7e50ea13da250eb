"""Branching and one question a screen, without script; nothing is stored before it is sent."""

import html
import re

import pytest
from django.core import signing
from django.test import Client

from citizens.kinds import QuestionKind
from citizens.models import Comment, Response
from tests.citizens import asked

NUMBER = "010190-1234"


@pytest.fixture
def client():
    return Client()


def branching() -> list:
    """Whether one gets help; if so how good; if that is bad, why."""
    return [
        asked.yes_no("hjaelp", "Får du hjælp?", is_required=True),
        asked.scale("god", "Hvor god er den?", shown_if={"question": "hjaelp", "options": ["yes"]}),
        asked.text("hvorfor", "Hvad er galt?", shown_if={"question": "god", "options": ["1", "2"]}),
        asked.choice("rejse", QuestionKind.SINGLE, "Hvordan kommer du?"),
    ]


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey, *branching())
    return survey


@pytest.fixture
def stepwise(town):
    survey = asked.survey(town.school, is_one_a_screen=True)
    asked.questionnaire(survey, *branching())
    return survey


class Page:
    """The form as a browser has it: what is posted is the page's own hidden fields and what is typed."""

    def __init__(self, client, path="/svar/hjaelp/"):
        self.client, self.path = client, path
        self.answer = client.get(path)

    def send(self, **typed):
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.body))
        kept = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', self.body, re.DOTALL)
        texts = {name: html.unescape(text) for name, text in kept}
        chosen = dict(re.findall(r'name="([^"]+)" id="[^"]+" value="([^"]*)" checked', self.body))
        self.answer = self.client.post(self.path, {**texts, **chosen, **hidden, **typed})
        return self

    @property
    def body(self) -> str:
        return self.answer.content.decode()

    @property
    def asked(self) -> list[str]:
        return re.findall(r'id="q-(\w+)"', self.body)

    @property
    def is_sent(self) -> bool:
        return self.answer.status_code == 303


def test_what_is_not_for_everybody_comes_after(client, survey):
    page = Page(client)
    assert page.asked == ["hjaelp", "rejse"]
    page.send(hjaelp="yes", rejse="bus")
    assert (page.answer.status_code, page.asked) == (200, ["god"])
    assert "Ét spørgsmål mere" in page.body
    assert not Response.objects.exists()
    page.send(god="1")
    assert page.asked == ["hvorfor"]
    assert page.send(hvorfor="For sent").is_sent
    assert Response.objects.get().answers == {"hjaelp": "yes", "god": "1", "rejse": "bus"}
    assert Comment.objects.get().text == "For sent"


def test_whom_it_does_not_concern_is_not_asked(client, survey):
    assert Page(client).send(hjaelp="no", rejse="bus").is_sent
    assert Response.objects.get().answers == {"hjaelp": "no", "rejse": "bus"}


def test_answers_to_what_is_not_asked_are_left_out(client, survey):
    assert Page(client).send(hjaelp="no", god="5", hvorfor="Hemmeligt", rejse="bus").is_sent
    assert Response.objects.get().answers == {"hjaelp": "no", "rejse": "bus"}
    assert not Comment.objects.exists()


def test_everything_sent_at_once(client, survey):
    """By those who know the questions: no second step."""
    assert Page(client).send(hjaelp="yes", god="2", hvorfor="Dyrt", rejse="bus").is_sent
    assert Response.objects.get().answers == {"hjaelp": "yes", "god": "2", "rejse": "bus"}


def test_one_at_a_time(client, stepwise):
    page = Page(client)
    assert page.asked == ["hjaelp"]
    assert "1 af 3" in page.body
    assert "Næste" in page.body
    assert "Tilbage" not in page.body
    assert page.send().answer.status_code == 422  # must be answered
    assert page.send(hjaelp="yes").asked == ["god"]
    assert page.send(god="5").asked == ["rejse"]
    assert "3 af 3" in page.body
    assert page.send(rejse="gang").is_sent
    assert Response.objects.get().answers == {"hjaelp": "yes", "god": "5", "rejse": "gang"}


def test_back_and_another_way(client, stepwise):
    page = Page(client).send(hjaelp="yes").send(god="1").send(hvorfor="Langsomt")
    assert page.asked == ["rejse"]
    page.send(rejse="bus", _tilbage="1")
    assert page.asked == ["hvorfor"]
    assert "Langsomt" in page.body
    page.send(_tilbage="1").send(_tilbage="1")
    assert page.asked == ["hjaelp"]
    assert 'value="yes" checked' in page.body
    page.send(hjaelp="no")
    assert page.asked == ["rejse"]
    assert 'value="bus" checked' in page.body  # what was typed before is there
    assert page.send().is_sent
    assert Response.objects.get().answers == {"hjaelp": "no", "rejse": "bus"}
    assert not Comment.objects.exists()


def test_back_from_the_first_screen(client, stepwise):
    assert Page(client).send(_tilbage="1").asked == ["hjaelp"]


def test_a_cpr_number_on_the_way(client, stepwise):
    page = Page(client).send(hjaelp="yes").send(god="1").send(hvorfor=f"Ring til {NUMBER}")
    assert (page.answer.status_code, page.asked) == (422, ["hvorfor"])
    assert "Slet nummeret, og gå videre" in page.body
    page.send(_slet="1")
    assert page.asked == ["rejse"]
    assert page.send().is_sent
    assert NUMBER not in Comment.objects.get().text


def test_what_the_page_carries_cannot_be_changed(client, stepwise):
    page = Page(client).send(hjaelp="yes")
    for forged in ("x", "", signing.dumps([1, {}, [["hjaelp"]]], salt="another"), "a" * 100_000):
        page.send(god="5", _tilstand=forged)
        assert not Response.objects.exists()
        assert page.asked == ["hjaelp"]
    assert "Begynd forfra her" in page.body


def test_a_new_version_while_somebody_writes(client, survey):
    page = Page(client)
    asked.questionnaire(survey, asked.yes_no("andet"), number=2)
    assert Page(client).asked == ["andet"]
    assert page.send(hjaelp="no", rejse="bus").is_sent
    response = Response.objects.get()
    assert response.questionnaire.number == 1
    assert response.answers == {"hjaelp": "no", "rejse": "bus"}


def test_another_survey_s_questions_are_not_taken(client, town, survey):
    other = asked.survey(town.other_school, slug="anden")
    asked.questionnaire(other, asked.yes_no("andet"))
    foreign = Page(client, "/svar/anden/")
    page = Page(client)
    page.send(_tilstand=re.search('name="_tilstand" value="([^"]+)"', foreign.body)[1], hjaelp="no", rejse="bus")
    assert page.is_sent
    assert Response.objects.get().questionnaire.survey == survey


def test_questions_in_every_version_keep_the_page_small(client, stepwise):
    """What the page carries is compressed and holds no more than was typed."""
    page = Page(client).send(hjaelp="yes").send(god="1").send(hvorfor="Æ" * 4000)
    assert len(page.answer.content) < 20_000
