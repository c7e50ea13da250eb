"""The answer to those who asked for it, over a real mail server: sent once, and the address is gone."""

from datetime import timedelta

import pytest

from citizens.actions.answer_mails import clear_subscribers, letter_of, public_address, send_answers
from citizens.kinds import SurveyState
from citizens.models import AnswerSubscriber, Survey
from organisation.models import Authority
from tests import factories
from tests.citizens import making
from tests.citizens.test_answer_pages import kept
from tests.smtp import MailServer

NOW = factories.NOW
SAID = "Der kommer stadig nye ansigter hver uge"


@pytest.fixture
def server(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    settings.SITE_URL = "https://maal.example.dk"
    yield server
    server.stop()


@pytest.fixture
def survey(town):
    one = making.survey(town.school, SurveyState.FINISHED, kept_results=kept())
    making.pair(one, "Mange er i tvivl.", "Vi skriver det ned.")
    making.comment(one, SAID)
    for n in range(3):
        AnswerSubscriber.objects.create(survey=one, address=f"borger{n}@example.dk")
    return one


def left() -> list[str]:
    return sorted(AnswerSubscriber.objects.values_list("address", flat=True))


def test_sent_once_to_each_and_the_addresses_are_gone(survey, server):
    assert send_answers(NOW) == 3
    assert sorted(server.recipients) == [f"borger{n}@example.dk" for n in range(3)]
    assert left() == []
    assert send_answers(NOW) == 0
    message = server.taken[0]
    assert message["Subject"].strip() == "Det hørte vi, og det gør vi: Hvordan oplever du hjælpen i hjemmet?"
    text = message.get_content()
    for words in ("187 har svaret.", "Det hørte vi: Mange er i tvivl.", "Det gør vi: Vi skriver det ned.",
                  "Din mailadresse er slettet nu."):  # fmt: skip
        assert words in text
    assert SAID not in text
    assert "example.dk" not in text.replace("maal.example.dk", "")


def test_nothing_is_sent_before_it_is_published(survey, server):
    Survey.objects.update(state=SurveyState.CLOSED)
    assert send_answers(NOW) == 0
    assert len(left()) == 3


def test_what_the_server_does_not_take_now_is_tried_again(survey, server):
    server.refused = {"borger1@example.dk": "451 prøv igen", "borger2@example.dk": "550 findes ikke"}
    assert send_answers(NOW) == 2  # taken, and refused for good
    assert left() == ["borger1@example.dk"]
    server.refused = {}
    assert send_answers(NOW) == 1
    assert left() == []


def test_a_server_that_is_down_loses_nothing(survey, server):
    server.stop()
    assert send_answers(NOW) == 0
    assert len(left()) == 3
    server.start()
    assert send_answers(NOW) == 3


def test_without_a_mail_server_they_wait(survey, settings):
    settings.EMAIL_HOST = ""
    assert send_answers(NOW) == 0
    assert len(left()) == 3


@pytest.mark.parametrize(("days", "kept"), [(30, 3), (31, 0)])
def test_an_address_that_no_mail_reaches_is_kept_a_month(survey, days, kept):
    clear_subscribers(NOW + timedelta(days=days))
    assert len(left()) == kept


@pytest.mark.parametrize(("days", "kept"), [(180, 3), (181, 0)])
def test_an_address_is_not_kept_for_an_answer_that_never_comes(survey, days, kept):
    Survey.objects.update(state=SurveyState.CLOSED, answer_by=NOW.date())
    clear_subscribers(NOW + timedelta(days=days))
    assert len(left()) == kept


def test_the_address_is_the_authoritys_own(survey, settings):
    settings.SITE_URL = "https://maal.example.dk"
    own = f"/aabne-maal/undersoegelser/{survey.pk}/"
    assert public_address(survey) == f"https://maal.example.dk{own}"
    factories.authority()
    assert public_address(survey) == f"https://maal.example.dk/m/{survey.authority.code}{own}"
    survey.authority.host_name = "maal.fjordby.dk"
    assert public_address(survey) == f"https://maal.fjordby.dk{own}"


@pytest.mark.parametrize("is_open", [True, False])
def test_no_link_to_a_page_that_is_not_open(survey, is_open):
    Authority.objects.update(is_portal_open=is_open)
    survey.refresh_from_db()
    assert ("Se resultaterne her" in letter_of(Survey.objects.get())[1]) == is_open
