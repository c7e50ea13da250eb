"""Keying in paper forms and interviews: quickly, once each, and with the last one taken back."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from citizens.kinds import Anonymity, CommentState, Method, SurveyState
from citizens.models import Comment, ParticipantResponse, Response, Survey
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import asked, making

KEYED = {"maal": "4", "indsats": "3", "effekt": "5", "samarbejde": "v"}


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def keyer(town, sign_in):
    """A professional of the school: not one who runs surveys."""
    return sign_in(town.professional)


def url(survey, name: str = "key_in_paper") -> str:
    return reverse(f"citizens:{name}", args=[survey.pk])


def body(answer) -> str:
    return answer.content.decode()


def hidden(answer) -> dict[str, str]:
    """The hidden fields of the form, not of the button that takes back."""
    form = body(answer).split('class="m-keys"' if "m-keys" in body(answer) else 'class="m-answer__form"')[-1]
    found = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return {name: found[name] for name in ("noegle", "nummer")}


def last(answer) -> dict[str, str]:
    return {"last": re.search(r'name="last" value="([^"]*)"', body(answer))[1]}


def key(client, survey, page=None, **fields):
    """Key one form in on the page that was shown before."""
    page = page if page is not None else client.get(url(survey))
    return client.post(url(survey), {**hidden(page), **KEYED, **fields})


def test_codes_become_the_answers_that_a_citizen_would_give(keyer, survey):
    stored = key(keyer, survey, mere="Kom til tiden")
    assert (stored.status_code, "Skema nr. 1 er gemt." in body(stored)) == (200, True)
    response = Response.objects.get()
    assert response.answers == asked.ALL
    assert (response.method, response.day, response.is_pilot) == (Method.PAPER, factories.date.today(), False)
    assert (Comment.objects.get().text, Comment.objects.get().state) == ("Kom til tiden", CommentState.READABLE)
    assert not HistoryEntry.objects.about(survey).exists()  # nobody stands beside an answer


def test_twenty_forms_one_after_another(keyer, survey):
    page, begun = keyer.get(url(survey)), time.monotonic()
    for number in range(1, 21):
        page = key(keyer, survey, page, maal=str(number % 5 + 1))
        assert f"Skema nr. {number} er gemt." in body(page)
        assert f"Skema nr. {number + 1} " in body(page)
    assert Response.objects.count() == 20
    assert sorted(one.answers["maal"] for one in Response.objects.all()) == sorted("12345" * 4)
    assert time.monotonic() - begun < 20  # a second each for the machine leaves the minutes to the fingers


def test_the_page_sent_again_stores_nothing_twice(keyer, survey):
    page = keyer.get(url(survey))
    key(keyer, survey, page)
    again = key(keyer, survey, page)
    assert "Skemaet var gemt i forvejen" in body(again)
    assert Response.objects.count() == 1
    assert hidden(again)["noegle"] != hidden(page)["noegle"]


def test_errors_stand_beside_their_fields_and_nothing_keyed_is_lost(keyer, survey):
    refused = key(keyer, survey, maal="7", mere="Kom til tiden")
    assert refused.status_code == 422
    assert "”7” er ikke en af koderne." in body(refused)
    assert 'value="7"' in body(refused) and "Kom til tiden" in body(refused)
    assert hidden(refused)["nummer"] == "1"
    assert not Response.objects.exists()
    key(keyer, survey, refused, maal="2")
    assert Response.objects.get().answers["maal"] == "2"


def test_an_empty_form_and_a_cpr_number_are_not_stored(keyer, survey):
    page = keyer.get(url(survey))
    empty = keyer.post(url(survey), hidden(page))
    assert (empty.status_code, "Skemaet er tomt" in body(empty)) == (422, True)
    number = key(keyer, survey, mere="Mit nummer er 010190-1234")
    assert (number.status_code, "ligner et CPR-nummer" in body(number)) == (422, True)
    assert not Response.objects.exists() and not Comment.objects.exists()


def test_a_question_left_out_is_no_answer(keyer, survey):
    key(keyer, survey, maal="", effekt=" ")
    assert Response.objects.get().answers == {"indsats": "3", "samarbejde": "dont_know"}


def test_the_group_stays_chosen(keyer, survey):
    north = making.group(survey, "nord")
    stored = key(keyer, survey, gruppe=str(north.pk))
    assert Response.objects.get().group == north
    assert f'value="{north.pk}" selected' in body(stored)
    other = making.group(asked.survey(survey.unit, slug="anden"), "syd")
    assert key(keyer, survey, gruppe=str(other.pk)).status_code == 422
    assert key(keyer, survey, gruppe="x").status_code == 422


# ---- taking back -----------------------------------------------------------------------------------------------------


def test_the_last_one_is_taken_back_with_what_was_written(keyer, survey):
    first = key(keyer, survey, mere="Det samme")
    second = key(keyer, survey, first, maal="1", mere="Det samme")
    undone = keyer.post(url(survey, "key_in_undo"), {**last(second), "metode": "paper"})
    assert undone.url == url(survey)
    assert Response.objects.get().answers["maal"] == "4"
    assert Comment.objects.count() == 1
    again = keyer.post(url(survey, "key_in_undo"), last(second), follow=True)
    assert "ikke noget at fortryde" in body(again)
    assert Response.objects.count() == 1


def test_nobody_takes_back_what_another_keyed_or_a_citizen_answered(keyer, survey, town, sign_in):
    stored = key(keyer, survey)
    sign_in(town.manager).post(url(survey, "key_in_undo"), last(stored))
    keyer.post(url(survey, "key_in_undo"), {"last": last(stored)["last"][:-3] + "abc"})
    keyer.post(url(survey, "key_in_undo"))
    other = asked.survey(town.school, slug="anden")
    keyer.post(url(other, "key_in_undo"), last(stored))
    assert Response.objects.count() == 1
    Response.objects.update(method=Method.LINK)
    keyer.post(url(survey, "key_in_undo"), last(stored))
    assert Response.objects.count() == 1


def test_after_the_night_it_is_too_late(keyer, survey):
    stored = key(keyer, survey)
    Response.objects.update(is_shuffled=True)
    keyer.post(url(survey, "key_in_undo"), last(stored))
    assert Response.objects.count() == 1


# ---- when, and whose -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"), [(SurveyState.DRAFT, "ikke åbnet endnu"), (SurveyState.CLOSED, "Svar kan ikke tastes mere")]
)
@pytest.mark.parametrize("name", ["key_in_paper", "interview"])
def test_only_while_it_is_open(town, sign_in, survey, state, words, name):
    Survey.objects.update(state=state, closed_at=factories.NOW if state == SurveyState.CLOSED else None)
    client = sign_in(town.manager)
    assert words in body(client.get(url(survey, name)))
    client.post(url(survey, name), KEYED)
    assert not Response.objects.exists()


def test_in_a_pilot_the_answers_do_not_count(town, sign_in, survey):
    Survey.objects.update(state=SurveyState.PILOT)
    stored = key(sign_in(town.manager), survey)
    assert "Svarene tæller ikke" in body(stored)
    assert Response.objects.get().is_pilot


def test_a_survey_without_questions(keyer, town):
    bare = asked.survey(town.school, slug="tom")
    assert keyer.get(url(bare)).status_code == 404


def test_codes_lead_a_paper_form_to_its_participant(keyer, town):
    survey = asked.survey(town.school, anonymity=Anonymity.PSEUDONYMOUS, slug="koder")
    asked.questionnaire(survey)
    token = asked.participant(survey, "K1")
    assert "Vi kender ikke koden" in body(key(keyer, survey, kode="K9"))
    key(keyer, survey, kode="k1")
    assert ParticipantResponse.objects.get().participant.code == "K1"
    assert "Koden har allerede svaret" in body(key(keyer, survey, kode="K1"))
    assert Client().post(f"/svar/{token}/", asked.ALL).status_code == 410
    assert Response.objects.count() == 1


# ---- interview -------------------------------------------------------------------------------------------------------


def test_an_interview_is_the_citizens_form_with_what_is_read_aloud(keyer, survey):
    page = keyer.get(url(survey, "interview"))
    for words in ("Går hjælpen ud på det, der er vigtigt for dig?", "1 af 4 · Mål", "Læs højt først",
                  "spørger for at gøre hjælpen i hjemmet bedre", "Du er anonym"):  # fmt: skip
        assert words in body(page)
    stored = keyer.post(url(survey, "interview"), {**hidden(page), **asked.ALL, "mere": "Flere timer"})
    assert "Skema nr. 1 er gemt." in body(stored)
    response = Response.objects.get()
    assert (response.method, response.answers) == (Method.INTERVIEW, asked.ALL)
    undone = keyer.post(url(survey, "key_in_undo"), {**last(stored), "metode": "interview"})
    assert undone.url == url(survey, "interview")
    assert not Response.objects.exists() and not Comment.objects.exists()


def test_what_an_interview_gets_wrong_stays_on_the_page(keyer, survey):
    refused = keyer.post(url(survey, "interview"), {**asked.ALL, "maal": "99", "mere": "Flere timer"})
    assert refused.status_code == 422
    assert "Vælg et af svarene" in body(refused) and "Flere timer" in body(refused)
    assert not Response.objects.exists()


def test_a_team_keys_in_for_its_own_group_only(town, sign_in):
    """The survey is the department's; the papers of a group are with its unit."""
    survey = asked.survey(town.department)
    asked.questionnaire(survey)
    own = making.group(survey, "egen", unit=town.school)
    other = making.group(survey, "anden", unit=town.other_school)
    keyer = sign_in(town.professional)
    page = keyer.get(url(survey))
    assert (page.status_code, own.name in body(page), other.name in body(page)) == (200, True, False)
    assert key(keyer, survey, gruppe=own.pk).status_code == 200
    assert [key(keyer, survey, gruppe=gruppe).status_code for gruppe in ("", other.pk)] == [422, 422]
    assert list(Response.objects.values_list("group", flat=True)) == [own.pk]


def test_nobody_keys_in_where_no_group_is_theirs(town, sign_in):
    survey = asked.survey(town.department)
    asked.questionnaire(survey)
    making.group(survey, "anden", unit=town.other_school)
    assert sign_in(town.professional).get(url(survey)).status_code == 403
