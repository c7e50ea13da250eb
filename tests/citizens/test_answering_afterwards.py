"""The thanks, being told, several authorities, and what the log says."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens import limits
from citizens.kinds import SurveyState
from citizens.models import AnswerSubscriber, PublishedAnswer, Response
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
    return Client(enforce_csrf_checks=True)


def body(answer) -> str:
    return answer.content.decode()


def test_what_came_of_the_last_one(client, town, survey):
    earlier = asked.survey(town.school, slug="foer", state=SurveyState.FINISHED)
    PublishedAnswer.objects.create(
        survey=earlier, heard="Mange forskellige kommer.", doing="Højst seks faste hjælpere."
    )
    PublishedAnswer.objects.create(survey=earlier, heard="Ikke besvaret endnu.", doing="")
    survey.previous = earlier
    survey.save()
    page = body(client.get("/svar/hjaelp/tak/"))
    assert "Det hørte vi sidst, og det gjorde vi" in page
    assert "Højst seks faste hjælpere." in page
    assert "Ikke besvaret endnu." not in page
    earlier.state = SurveyState.CLOSED
    earlier.save()
    assert "Højst seks faste hjælpere." not in body(client.get("/svar/hjaelp/tak/"))


def test_being_told(client, survey):
    sent = client.post("/svar/hjaelp/besked/", {"mail": " Inge@Example.dk "})
    assert "sletter så adressen" in body(sent)
    client.post("/svar/hjaelp/besked/", {"mail": "inge@example.dk"})
    assert list(AnswerSubscriber.objects.values_list("survey", "address")) == [(survey.pk, "inge@example.dk")]
    assert not Response.objects.exists()


def test_being_told_after_an_invitation(client, survey):
    token = asked.invitation(survey)
    early = client.post(f"/svar/{token}/besked/", {"mail": "inge@example.dk"})
    assert (early.status_code, early.url) == (302, f"/svar/{token}/")  # the answer comes first
    assert not AnswerSubscriber.objects.exists()
    client.post(f"/svar/{token}/", ALL)
    assert "Få besked" in body(client.get(f"/svar/{token}/tak/"))
    client.post(f"/svar/{token}/besked/", {"mail": "inge@example.dk"})
    assert AnswerSubscriber.objects.get().address == "inge@example.dk"


@pytest.mark.parametrize(
    "mail", ["", "inge", "inge@", "a" * 250 + "@example.dk", "x@y.dk\nBcc: z@y.dk", "<script>@x.dk"]
)
def test_no_address(client, survey, mail):
    page = client.post("/svar/hjaelp/besked/", {"mail": mail})
    assert page.status_code == 422
    assert "Skriv en hel mailadresse" in body(page)
    assert "<script>" not in body(page)
    assert not AnswerSubscriber.objects.exists()


def test_nobody_is_told_of_what_is_finished(client, town):
    survey = asked.survey(town.school, state=SurveyState.FINISHED)
    asked.questionnaire(survey)
    assert "Få besked" not in body(client.get("/svar/hjaelp/tak/"))
    client.post("/svar/hjaelp/besked/", {"mail": "inge@example.dk"})
    assert not AnswerSubscriber.objects.exists()


def test_being_told_cannot_be_asked_by_get(client, survey):
    assert client.get("/svar/hjaelp/besked/").status_code == 405


def test_the_same_name_in_two_authorities(client, town, survey):
    other = factories.municipality()
    theirs = asked.survey(other.school, title="Den anden kommunes spørgsmål")
    asked.questionnaire(theirs)
    assert client.get("/svar/hjaelp/").status_code == 404  # whose is not said
    assert "Den anden kommunes" in body(client.get(f"/m/{other.authority.code}/svar/hjaelp/"))
    assert "Den anden kommunes" not in body(client.get(f"/m/{town.authority.code}/svar/hjaelp/"))
    sent = client.post(f"/m/{other.authority.code}/svar/hjaelp/", ALL)
    assert sent.url == f"/m/{other.authority.code}/svar/hjaelp/tak/"
    assert Response.objects.get().survey == theirs
    # A link that works once needs no authority in its address.
    assert client.get(f"/svar/{asked.invitation(survey)}/").status_code == 200


def test_a_host_of_its_own(client, town, survey, settings):
    settings.ALLOWED_HOSTS = ["svar.example.dk", "testserver"]
    other = factories.municipality(host_name="svar.example.dk")
    theirs = asked.survey(other.school, title="Den anden kommunes spørgsmål")
    asked.questionnaire(theirs)
    assert "Den anden kommunes" in body(client.get("/svar/hjaelp/", headers={"host": "svar.example.dk"}))


def test_too_many_posts(client, survey, monkeypatch):
    monkeypatch.setattr(limits, "fresh", limits.Limiter(3, 0))
    monkeypatch.setattr(limits, "waited", limits.Limiter(1, 0))
    for _ in range(3):
        assert client.post("/svar/hjaelp/", ALL).status_code == 303
    page = client.post("/svar/hjaelp/", {**ALL, "mere": "Mit lange svar"})
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "10"
    assert "Vent 10 sekunder, og prøv igen" in body(page)
    assert "Mit lange svar" in body(page)
    assert 'id="q-maal-4" value="4" checked' in body(page)
    assert Response.objects.count() == 3


def test_who_waits_as_told_gets_through(client, survey, monkeypatch):
    clock = factories.NOW.timestamp()
    monkeypatch.setattr(limits.time, "time", lambda: clock)
    monkeypatch.setattr(limits, "fresh", limits.Limiter(0, 0))  # a script keeps it empty
    ticket = body(client.post("/svar/hjaelp/", ALL)).split('name="_vent" value="')[1].split('"')[0]
    clock += 4
    early = client.post("/svar/hjaelp/", {**ALL, "_vent": ticket})
    assert (early.status_code, early.headers["Retry-After"]) == (429, "6")
    assert ticket in body(early)
    clock += 6
    assert client.post("/svar/hjaelp/", {**ALL, "_vent": ticket}).status_code == 303
    clock += 700
    assert client.post("/svar/hjaelp/", {**ALL, "_vent": ticket}).status_code == 429  # too old
    assert client.post("/svar/hjaelp/", {**ALL, "_vent": "forged"}).status_code == 429


def test_a_link_that_works_once_is_never_limited(client, survey, monkeypatch):
    monkeypatch.setattr(limits, "fresh", limits.Limiter(0, 0))
    assert client.post(f"/svar/{asked.invitation(survey)}/", ALL).status_code == 303


def test_looking_is_never_limited(client, survey, monkeypatch):
    monkeypatch.setattr(limits, "fresh", limits.Limiter(0, 0))
    assert client.get("/svar/hjaelp/").status_code == 200


def test_the_log_names_no_token(client, survey, caplog):
    token = asked.invitation(survey)
    survey.closes_on = factories.date.today() - timedelta(days=1)
    survey.save()
    with caplog.at_level(logging.DEBUG):
        assert client.get(f"/svar/{token}/").status_code == 410
        assert client.get(f"/svar/{token[:-1]}/").status_code == 404
        assert client.get("/findes-ikke/").status_code == 404
    assert "/findes-ikke/" in caplog.text
    assert token[:-1] not in caplog.text


def test_the_log_of_a_failure_names_no_token(client, survey, caplog, monkeypatch):
    token = asked.invitation(survey)
    client.raise_request_exception = False
    monkeypatch.setattr("citizens.views.answering.begin", lambda *_: 1 / 0)
    assert client.get(f"/svar/{token}/").status_code == 500
    assert "ZeroDivisionError" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize("name", ["Dockerfile", "docker-compose.yml", "dev"])
def test_no_server_of_ours_keeps_a_log_of_requests(name):
    assert "access-log" not in (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")


def test_few_queries(client, town, survey, settings):
    """However many questions; and almost none once the process has read them."""
    counts = []
    many = asked.survey(town.school, slug="mange")
    asked.questionnaire(many, *[asked.scale(f"s{n}") for n in range(40)], *[asked.text(f"t{n}") for n in range(5)])
    for slug in ("hjaelp", "mange"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/svar/{slug}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7
    settings.ANSWERING_KEPT_SECONDS = 60
    client.get("/svar/hjaelp/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/svar/hjaelp/")
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        client.post("/svar/hjaelp/", {**ALL, "mere": "ord"})
    sql = [one["sql"] for one in queries.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sql) == 3  # is it open; the answer; the comment


def test_what_is_kept_grows_old(client, survey, settings, monkeypatch):
    settings.ANSWERING_KEPT_SECONDS = 5
    clock = 1000.0
    monkeypatch.setattr("citizens.asking.time.monotonic", lambda: clock)
    client.get("/svar/hjaelp/")
    survey.title = "En ny overskrift"
    survey.save()
    assert "En ny overskrift" not in body(client.get("/svar/hjaelp/"))
    clock += 5.1
    assert "En ny overskrift" in body(client.get("/svar/hjaelp/"))
