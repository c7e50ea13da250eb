"""The citizen's form from link to thanks."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.kinds import Anonymity, CommentState, Method, SurveyState
from citizens.models import Comment, Invitation, ParticipantResponse, Response
from tests import factories
from tests.citizens import asked, making
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


def test_an_invitation_works_once(client, survey):
    north = making.group(survey)
    token = asked.invitation(survey, group=north)
    page = client.get(f"/svar/{token}/")
    assert page.status_code == 200
    assert "Linket virker én gang" in body(page)
    assert client.get(f"/svar/{token}/tak/").status_code == 302  # not answered yet
    assert client.post(f"/svar/{token}/", ALL).url == f"/svar/{token}/tak/"
    response = Response.objects.get()
    assert (response.method, response.group) == (Method.INVITATION, north)
    for again in (client.get(f"/svar/{token}/"), client.post(f"/svar/{token}/", ALL)):
        assert again.status_code == 410
        assert "Linket er brugt" in body(again)
        assert "hjaelp@example.dk" in body(again)
    assert Response.objects.count() == 1
    assert "Tak for dit svar" in body(client.get(f"/svar/{token}/tak/"))


def test_a_token_may_be_read_aloud(client, survey):
    """Capitals do not matter."""
    token = asked.invitation(survey)
    assert client.get(f"/svar/{token.upper()}/").status_code == 200


def test_a_code_leads_to_the_answer_in_a_survey_with_codes(client, town):
    survey = asked.survey(town.school, anonymity=Anonymity.PSEUDONYMOUS)
    asked.questionnaire(survey)
    token = asked.participant(survey)
    assert "Dine svar er fortrolige" in body(client.get(f"/svar/{token}/"))
    assert client.post(f"/svar/{token}/", ALL).status_code == 303
    assert ParticipantResponse.objects.get().response == Response.objects.get()
    assert client.post(f"/svar/{token}/", ALL).status_code == 410
    assert Response.objects.count() == 1


def test_an_anonymous_answer_has_no_participant(client, survey):
    client.post(f"/svar/{asked.invitation(survey)}/", ALL)
    assert not ParticipantResponse.objects.exists()


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "2", lambda t: t[::-1], lambda t: "x" * 27])
def test_truncated_and_forged_tokens(client, survey, change):
    token = asked.invitation(survey)
    wrong, unknown = client.get(f"/svar/{change(token)}/"), client.get("/svar/findes-ikke/")
    assert wrong.status_code == unknown.status_code == 404
    assert body(wrong) == body(unknown)  # nothing tells what exists
    assert "Linket virker ikke" in body(wrong)
    assert client.post(f"/svar/{change(token)}/", ALL).status_code == 404
    assert client.get(f"/svar/{change(token)}/tak/").status_code == 404


def test_a_token_of_nothing_but_strange_signs(client, survey):
    for path in ("/svar/%00/", "/svar/%ff%fe/", "/svar/<script>/", "/svar/" + "a" * 3000 + "/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("days", "status", "words"),
    [
        ({"opens_on": 1, "closes_on": 9}, 403, "Du kan svare fra"),
        ({"opens_on": 0, "closes_on": 0}, 200, "Send svar"),
        ({"opens_on": -9, "closes_on": -1}, 410, "Undersøgelsen lukkede"),
    ],
)
def test_the_days_count_whole(client, town, days, status, words):
    today = factories.date.today()
    survey = asked.survey(town.school, **{name: today + timedelta(days=n) for name, n in days.items()})
    asked.questionnaire(survey)
    token = asked.invitation(survey)
    for path in ("/svar/hjaelp/", f"/svar/{token}/"):
        page = client.get(path)
        assert page.status_code == status
        assert words in body(page)
        assert client.post(path, ALL).status_code == (303 if status == 200 else status)
    assert Response.objects.count() == (2 if status == 200 else 0)


def test_a_closed_survey_takes_nothing_though_the_page_is_open(client, survey):
    page = client.get("/svar/hjaelp/")
    survey.state = SurveyState.CLOSED
    survey.save()
    sent = client.post("/svar/hjaelp/", {**ALL, **carried(page)})
    assert sent.status_code == 410
    assert not Response.objects.exists()


def test_closed_between_reading_and_storing(client, survey, settings):
    """What the process keeps of the survey is some seconds old; the answer is refused all the same."""
    settings.ANSWERING_KEPT_SECONDS = 60
    client.get("/svar/hjaelp/")
    survey.state = SurveyState.CLOSED
    survey.save()
    assert client.post("/svar/hjaelp/", ALL).status_code == 410
    assert not Response.objects.exists()


def test_drafts_are_unknown(client, town):
    survey = asked.survey(town.school, state=SurveyState.DRAFT)
    asked.questionnaire(survey)
    token = asked.invitation(survey)
    for path in ("/svar/hjaelp/", f"/svar/{token}/", "/svar/hjaelp/skaerm/", "/svar/hjaelp/tak/"):
        assert client.get(path).status_code == 404


def test_a_survey_without_an_open_link(client, town):
    survey = asked.survey(town.school, has_open_link=False)
    asked.questionnaire(survey)
    assert client.get("/svar/hjaelp/").status_code == 404
    assert client.get("/svar/hjaelp/skaerm/").status_code == 200  # the screen at the counter is another way in


def test_a_pilot_counts_nothing_and_uses_up_no_link(client, town):
    survey = asked.survey(town.school, state=SurveyState.PILOT)
    asked.questionnaire(survey)
    token = asked.invitation(survey)
    assert "Svarene tæller ikke med" in body(client.get(f"/svar/{token}/"))
    assert client.post(f"/svar/{token}/", {**ALL, "mere": "prøve"}).status_code == 303
    assert Response.objects.get().is_pilot
    assert Comment.objects.get().is_pilot
    assert not Invitation.objects.get().is_used
    assert "Det var en prøve" in body(client.get(f"/svar/{token}/tak/"))


def test_the_group_of_the_link(client, survey):
    south = making.group(survey, "syd")
    client.post("/svar/hjaelp/?g=syd", ALL)
    client.post("/svar/hjaelp/?g=findes-ikke", ALL)
    assert set(Response.objects.values_list("group", flat=True)) == {south.pk, None}


def test_the_group_of_an_invitation_is_not_the_address_s(client, survey):
    making.group(survey, "syd")
    client.post(f"/svar/{asked.invitation(survey)}/?g=syd", ALL)
    assert Response.objects.get().group is None


def test_at_a_counter(client, survey):
    page = client.get("/svar/hjaelp/skaerm/")
    assert 'autocomplete="off"' in body(page)
    assert "no-store" in page.headers["Cache-Control"]
    sent = client.post("/svar/hjaelp/skaerm/", ALL)
    assert sent.url == "/svar/hjaelp/skaerm/tak/"
    assert Response.objects.get().method == Method.KIOSK
    thanks = body(client.get(sent.url))
    assert "http-equiv" not in thanks  # time runs where it is shown and can be had more of: by the script
    assert 'href="/svar/hjaelp/skaerm/">Næste person</a>' in thanks
    assert "Få besked" not in thanks  # the next person would read the address


def test_the_next_at_a_counter_is_of_the_same_group_and_begins_in_danish(client, survey):
    making.group(survey, "syd")
    survey.languages = ["en"]
    survey.save()
    for path in ("/svar/hjaelp/skaerm/?g=syd&sprog=en", "/svar/hjaelp/skaerm/tak/?g=syd&sprog=en"):
        page = body(client.get(path))
        assert '<html lang="en">' in page
        assert 'href="/svar/hjaelp/skaerm/?g=syd"' in page
        assert 'data-start="/svar/hjaelp/skaerm/?g=syd"' in page
    assert "<script" not in body(client.get("/svar/hjaelp/?g=syd"))
    assert 'id="er-du-her"' not in body(client.get("/svar/hjaelp/?g=syd"))


def test_a_screen_at_a_counter_leads_nowhere_else(client, survey):
    client.post("/svar/hjaelp/skaerm/", ALL)
    for path in ("/svar/hjaelp/skaerm/", "/svar/hjaelp/skaerm/tak/"):
        page = client.get(path)
        links = set(re.findall(r'<a [^>]*href="([^"]*)"', body(page)))
        assert {one for one in links if not one.startswith("#")} == {"/svar/hjaelp/skaerm/"}
        assert "no-store" in page.headers["Cache-Control"]


def test_what_the_page_tells_on_nobody(client, survey):
    page = client.get("/svar/hjaelp/")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in body(page)
    assert '<meta name="referrer" content="no-referrer">' in body(page)
    assert "<script" not in body(page)
    assert "style=" not in body(page)


def test_somebody_signed_in_is_a_stranger_here(town, survey, sign_in):
    client = sign_in(town.manager)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/svar/hjaelp/").status_code == 200
    assert not [one for one in queries.captured_queries if "session" in one["sql"] or "organisation_user" in one["sql"]]
