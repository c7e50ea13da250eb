"""Writing the answer in a browser, and where it shows: the survey's, the goal's, the series' and the unit's page."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from citizens.kinds import SurveyState
from citizens.models import PublishedAnswer, Survey, SurveyMeasure
from citizens.panels import comment_facts, loop_facts
from citizens.published import Choice, QuestionResult, SurveyResults, to_json
from citizens.results import keep_results
from followup.models import AgendaItem
from organisation.models import User
from organisation.permissions import Permission, Role
from tests import factories
from tests.citizens import making
from tests.followup.flow import html


@pytest.fixture
def survey(town, clock):
    town.goal = factories.goal(town.school, title="Flere klarer sig selv", short_name="Eget liv")
    one = making.survey(town.school, goal=town.goal, responsible=town.manager)
    making.responses(one, 12)
    return one


def address(survey, rest: str = "") -> str:
    return f"/undersoegelser/{survey.pk}/svar-til-borgerne/{rest}"


# ---- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200), ("head", 200), ("director", 200), ("consultant", 200), ("professional", 403),
        ("other_manager", 403), ("politician", 403), ("reader", 403), ("administrator", 403),
    ],
)  # fmt: skip
def test_only_those_who_run_surveys_of_the_unit(town, survey, sign_in, who, status):
    pair = making.pair(survey)
    client = sign_in(getattr(town, who))
    for path in (address(survey), address(survey, "offentliggoer/"), address(survey, f"{pair.pk}/")):
        assert client.get(path).status_code == status
    if status == 403:
        for path in (address(survey, "offentliggoer/"), address(survey, f"{pair.pk}/slet/")):
            assert client.post(path, {"version": 1}).status_code == 403
        assert Survey.objects.get().state == SurveyState.CLOSED


def test_a_stranger_finds_nothing(survey, sign_in):
    assert sign_in(factories.municipality().consultant).get(address(survey)).status_code == 404


def test_a_pair_of_another_survey_is_not_there(town, survey, sign_in):
    other = making.pair(making.survey(town.school))
    client = sign_in(town.manager)
    assert client.get(address(survey, f"{other.pk}/")).status_code == 404
    assert client.post(address(survey, f"{other.pk}/slet/")).status_code == 404


# ---- writing ---------------------------------------------------------------------------------------------------------


def test_written_completed_and_published(town, survey, sign_in):
    round_ = factories.round_(town.committee)
    action = factories.action(town.school, town.manager)
    decision = factories.decision(town.committee)
    client = sign_in(town.manager)
    assert "Borgerne mangler et svar." in html(client.get(address(survey)))
    late = date(2026, 8, 20).isoformat()
    given = {"heard": "Mange er i tvivl.", "responsible": town.manager.pk, "due_date": late, "action": action.pk}
    assert client.post(address(survey), given | {"decision": decision.pk}).status_code == 302
    pair = PublishedAnswer.objects.get()
    assert (pair.action, pair.decision, pair.responsible) == (action, decision, town.manager)
    text = html(client.get(f"/undersoegelser/{survey.pk}/"))
    assert "Mangler" in text
    assert "frist 20-08-2026" in text
    publish = address(survey, "offentliggoer/")
    assert "Skriv, hvad vi hørte, og hvad vi gør" in html(client.get(publish))
    refused = client.post(publish, {"version": 1})
    assert (refused.status_code, Survey.objects.get().state) == (422, SurveyState.CLOSED)
    assert "Borgerne mangler et svar." in html(refused)
    path = address(survey, f"{pair.pk}/")
    client.post(path, given | {"doing": "Vi skriver det i aftalen.", "version": 1})
    assert "Vi skriver det i aftalen." in html(client.get(publish))
    assert client.post(publish, {"version": Survey.objects.get().version}).status_code == 302
    assert Survey.objects.get().state == SurveyState.FINISHED
    item = AgendaItem.objects.get()
    assert item.round == round_
    meeting = html(sign_in(town.consultant).get(f"/udvalg/{town.committee.pk}/moeder/{round_.pk}/"))
    assert "Det siger borgerne: Hvordan oplever du hjælpen i hjemmet?" in meeting
    assert "Offentliggjort 10. august 2026." in html(client.get(f"/undersoegelser/{survey.pk}/"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"heard": ""}, "Dette felt er påkrævet."),
        ({"heard": "x" * 1001}, "Skriv højst 1.000 tegn."),
        ({"heard": "Der kommer nye ansigter hver uge"}, "Det gentager, hvad en borger har skrevet."),
        ({"doing": "Ring 010190-1234"}, "ligner et CPR-nummer"),
        ({"responsible": "other_manager"}, "gyldig valgmulighed"),
        ({"responsible": "professional"}, "gyldig valgmulighed"),
        ({"responsible": "manager"}, "Skriv, hvornår det senest skal være skrevet."),
        ({"action": "foreign_action"}, "gyldig valgmulighed"),
        ({"decision": "closed_decision"}, "gyldig valgmulighed"),
        ({"due_date": "i morgen"}, "gyldig dato"),
    ],
)
def test_errors_stand_beside_their_field_and_nothing_is_lost(town, survey, sign_in, fields, says):
    making.comment(survey, "Der kommer nye ansigter hver uge.")
    stranger = factories.municipality()
    town.foreign_action = factories.action(stranger.school, stranger.manager)
    closed = {"is_closed": True, "closed_reason": "Navne", "public_title": "En personsag"}
    town.closed_decision = factories.decision(town.committee, **closed)
    ids = {key: getattr(getattr(town, str(value), value), "pk", value) for key, value in fields.items()}
    answer = sign_in(town.manager).post(address(survey), {"heard": "Noget andet", "doing": "", **ids})
    assert answer.status_code == 422
    text = html(answer)
    assert says in text
    assert not PublishedAnswer.objects.exists()
    if "heard" not in fields:
        assert "Noget andet" in text


def test_two_writers_see_each_others_words(town, survey, sign_in):
    pair = making.pair(survey, "Hørt", "")
    path = address(survey, f"{pair.pk}/")
    sign_in(town.head).post(path, {"heard": "Hørt", "doing": "Deres", "version": 1})
    answer = sign_in(town.manager).post(path, {"heard": "Hørt", "doing": "Mit", "version": 1})
    assert answer.status_code == 422
    assert "Nu står der ”Deres”. Du skrev ”Mit”." in html(answer)


def test_moved_and_removed(town, survey, sign_in):
    pairs = [making.pair(survey, f"Hørt {n}") for n in range(3)]
    client = sign_in(town.manager)
    client.post(address(survey, f"{pairs[2].pk}/flyt/"), {"up": "1"})
    client.post(address(survey, f"{pairs[0].pk}/slet/"))
    assert list(PublishedAnswer.objects.values_list("heard", flat=True)) == ["Hørt 2", "Hørt 1"]


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "99"])
def test_publishing_what_another_changed_is_refused(town, survey, sign_in, version):
    making.pair(survey)
    answer = sign_in(town.manager).post(address(survey, "offentliggoer/"), {"version": version})
    assert answer.status_code == 422
    assert "ændret af en anden" in html(answer)


def test_next_time_shows_what_came_of_it(town, survey, sign_in):
    pair = making.pair(survey, "Mange er i tvivl.", "Vi skriver det ned.")
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.FINISHED, finished_at=factories.NOW)
    again = making.survey(town.school, SurveyState.OPEN, previous=survey, closes_on=date(2026, 9, 30))
    client = sign_in(town.manager)
    for path in (f"/undersoegelser/{again.pk}/", address(again)):
        text = html(client.get(path))
        assert "Sidst: hvad kom der af det?" in text
        assert address(survey, f"{pair.pk}/") in text
    path = address(survey, f"{pair.pk}/")
    assert client.post(path, {"outcome": "Alle har det på skrift.", "version": 1, "doing": "Andet"}).status_code == 302
    pair.refresh_from_db()
    assert (pair.outcome, pair.doing) == ("Alle har det på skrift.", "Vi skriver det ned.")
    assert "Alle har det på skrift." in html(sign_in(town.reader).get(f"/undersoegelser/{again.pk}/"))


def test_a_half_written_answer_is_not_for_everybody(town, survey, sign_in):
    making.pair(survey, "Ikke færdigt", "")
    for who in ("reader", "politician", "other_manager", "professional"):
        text = html(sign_in(getattr(town, who)).get(f"/undersoegelser/{survey.pk}/"))
        assert "Ikke færdigt" not in text
        assert "Borgerne er lovet et svar senest 1. september 2026." in text


def test_the_panels_ask_little(town, survey, django_assert_num_queries):
    for n in range(12):
        making.pair(survey, f"Hørt {n}", responsible=town.manager)
        making.comment(survey, f"Skrevet {n}")
    keep_results(survey)  # as closing does
    request = RequestFactory().get("/")
    request.user, request.today = User.objects.get(pk=town.manager.pk), factories.TODAY
    request.resolver_match = SimpleNamespace(kwargs={"pk": survey.pk})
    assert request.user.may_somewhere(Permission.READ_COMMENTS, factories.TODAY)
    with django_assert_num_queries(4):
        comments, loop = comment_facts(request), loop_facts(request)
    assert (len(comments["comments"]), comments["count"], len(loop["pairs"])) == (4, 12, 12)


SCALE = ((1, "Helt uenig", 9), (2, "Uenig", 19), (3, "Hverken eller", 38), (4, "Enig", 56), (5, "Helt enig", 52))


# ---- beside the hard figures -----------------------------------------------------------------------------------------


def kept(n=187):
    """Results as they are kept: the effect is assessed with 3.71 (3.54–3.89) by 174."""
    known = {"mean": Decimal("3.71"), "low": Decimal("3.54"), "high": Decimal("3.89"), "n": 174, "beside": 13}
    counts = [Choice(str(value), word, count) for value, word, count in SCALE]
    question = QuestionResult("effect", "Hjælpen gør en forskel.", "scale", "effect", True, choices=counts, **known)
    return to_json(SurveyResults(n, None, (), (question,)))


def test_a_goal_fetches_what_citizens_say(town, survey, sign_in):
    making.pair(survey, "Mange er i tvivl.", "Vi skriver det ned.")
    Survey.objects.filter(pk=survey.pk).update(
        state=SurveyState.FINISHED, finished_at=factories.NOW, kept_results=kept()
    )
    client = sign_in(town.reader)
    page = html(client.get(f"/maal/{town.goal.pk}/"))
    path = f"/maal/{town.goal.pk}/borgerne/"
    assert f'hx-get="{path}"' in page
    fragment = html(client.get(path, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    for text in (fragment, html(client.get(path))):
        for word in ("3,7 af 5", "3,5–3,9", "187 har svaret", "Mange er i tvivl.", "Vi skriver det ned."):
            assert word in text
    assert sign_in(factories.municipality().reader).get(path).status_code == 404
    draft = factories.goal(town.school, state="draft")
    assert client.get(f"/maal/{draft.pk}/borgerne/").status_code == 404


def test_series_and_units_name_their_surveys(town, survey, sign_in):
    series = factories.series(factories.indicator(town.authority), town.school)
    SurveyMeasure.objects.create(survey=survey, series=series, question_code="effect")
    making.survey(town.school, SurveyState.DRAFT, title="Kun en kladde")
    for path in (f"/serier/{series.pk}/", f"/enheder/{town.school.pk}/"):
        text = html(sign_in(town.reader).get(path))
        assert "Hvordan oplever du hjælpen i hjemmet?" in text
        assert "Kun en kladde" not in text


def test_a_manager_of_nothing_here_writes_nothing(town, survey, sign_in):
    ended = factories.user(Role.MANAGER, town.school, last_day=factories.TODAY - timedelta(days=1))
    assert sign_in(ended).get(address(survey)).status_code in (302, 403, 404)
