"""Making a survey in a browser, as the leader of a school does it; and what others may not."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.actions.questions import questions_of
from citizens.actions.surveys import open_survey
from citizens.kinds import SurveyState
from citizens.models import Response, Survey
from goals.kinds import GoalState
from organisation.models import HistoryEntry
from organisation.permissions import Role
from tests import factories
from tests.citizens import asked, making
from tests.citizens.test_survey_actions import draft, measure, opened
from tests.factories import TODAY, timedelta
from tests.followup.flow import html


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)


@pytest.fixture
def place(town):
    town.goal = factories.goal(town.school, title="Alle trives")
    town.indicator = factories.indicator(town.authority, name="Trivsel", unit_of_measure="point")
    town.series = factories.series(town.indicator, town.school, town.goal)
    town.survey = draft(town)
    return town


def at(survey, page: str) -> str:
    return f"/undersoegelser/{survey.pk}/{page}"


def fresh(survey) -> Survey:
    return Survey.objects.get(pk=survey.pk)


# ---- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_each_tab_its_own(place, sign_in):
    asked.survey(place.school, title="Åben", slug="a")
    asked.survey(place.school, title="Venter", slug="b", state=SurveyState.CLOSED)
    asked.survey(place.school, title="Svaret", slug="c", state=SurveyState.FINISHED)
    client = sign_in(place.manager)
    for tab, title in (("aabne", "Åben"), ("mangler-svar", "Venter"), ("besvarede", "Svaret"), ("kladder", "skolen?")):
        text = html(client.get(f"/undersoegelser/?vis={tab}"))
        assert title in text, tab
        assert sum(f"{other}</a>" in text for other in ("Åben", "Venter", "Svaret")) == (tab != "kladder")
    assert "Åben</a>" in html(client.get("/undersoegelser/?vis=hvad"))  # what is unknown shows the first with any


def test_drafts_are_for_those_who_run_them(place, sign_in):
    assert "kladder" not in html(sign_in(place.reader).get("/undersoegelser/"))
    assert "Hvordan oplever du skolen?" not in html(sign_in(place.reader).get("/undersoegelser/?vis=kladder"))
    assert "Hvordan oplever du skolen?" not in html(sign_in(place.other_manager).get("/undersoegelser/?vis=kladder"))
    assert "Hvordan oplever du skolen?" in html(sign_in(place.head).get("/undersoegelser/?vis=kladder"))


@pytest.mark.parametrize(("count", "shown"), [(5, "færre end 6"), (6, ">6<")])
def test_few_answers_are_not_counted_aloud(place, sign_in, count, shown):
    survey = asked.survey(place.school, opens_on=TODAY)
    version = asked.questionnaire(survey)
    rows = [Response(survey=survey, questionnaire=version, day=TODAY) for _ in range(count)]
    trials = [Response(survey=survey, questionnaire=version, day=TODAY, is_pilot=True) for _ in range(9)]
    Response.objects.bulk_create(rows + trials)
    assert shown in html(sign_in(place.reader).get("/undersoegelser/"))


def test_a_list_of_many_asks_the_same_as_a_list_of_few(place, sign_in):
    asked.survey(place.school, slug="s")
    client = sign_in(place.manager)

    def count() -> int:
        client.get("/undersoegelser/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/undersoegelser/")
        return len(captured)

    few = count()
    for number in range(60):
        asked.survey(place.other_school, slug=f"s{number}", goal=place.goal, series=place.series)
    assert count() == few <= 15
    assert "Side 1 af 2" in html(client.get("/undersoegelser/"))


def test_the_menu_leads_there(place, sign_in):
    assert 'href="/undersoegelser/"' in html(sign_in(place.reader).get("/maal/"))


# ---- beginning -------------------------------------------------------------------------------------------------------


def new(place, **fields):
    begun = {"title": "Trives du?", "unit": place.school.pk, "goal": place.goal.pk, "audience": "user"}
    return {**begun, "template": "pupil_wellbeing", **fields}


def test_begun_from_a_template(place, sign_in):
    client = sign_in(place.manager)
    answer = client.post("/undersoegelser/ny/", new(place))
    survey = Survey.objects.get(title="Trives du?")
    assert answer.url == at(survey, "ret/")
    assert (survey.goal, survey.audience, survey.languages) == (place.goal, "user", ["en"])
    assert (survey.opens_on, survey.period) == (TODAY + timedelta(days=14), "2026K3")
    assert len(questions_of(survey)) == 8
    assert "Sæt den op her." in html(client.get(answer.url))


def test_the_address_says_what_about(place, sign_in):
    text = html(sign_in(place.manager).get(f"/undersoegelser/ny/?maal={place.goal.pk}"))
    assert f'<option value="{place.goal.pk}" selected>' in text
    assert f'<option value="{place.school.pk}" selected>' in text
    text = html(sign_in(place.manager).get(f"/undersoegelser/ny/?serie={place.series.pk}"))
    assert f'<option value="{place.series.pk}" selected>' in text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Dette felt er påkrævet."),
        ({"title": "x" * 5000}, "(den har 5000)"),
        ({"goal": ""}, "skriv, hvilken indsats det handler om."),
        ({"unit": "other_school"}, "gyldig valgmulighed"),
        ({"unit": "council"}, "gyldig valgmulighed"),
        ({"goal": "closed"}, "gyldig valgmulighed"),
        ({"goal": "foreign"}, "gyldig valgmulighed"),
        ({"series": "other_series"}, "gyldig valgmulighed"),
        ({"audience": "martians"}, "gyldig"),
        ({"template": "weather"}, "gyldig"),
    ],
)
def test_what_cannot_be_chosen_is_refused_beside_its_field(place, sign_in, fields, says):
    place.closed = factories.goal(place.school, state=GoalState.CLOSED)
    place.foreign = factories.goal(factories.municipality().school)
    place.other_series = factories.series(place.indicator, place.other_school)
    ids = {key: getattr(getattr(place, value, None), "pk", value) for key, value in fields.items()}
    answer = sign_in(place.manager).post("/undersoegelser/ny/", new(place, **ids))
    assert answer.status_code == 422
    assert says in html(answer)
    assert Survey.objects.count() == 1


def test_among_many_goals_one_searches(place, sign_in, monkeypatch):
    monkeypatch.setattr("citizens.forms.surveys.MANY", 2)
    for word in ("alfa", "beta", "gamma", "delta"):
        factories.goal(place.school, title=f"Ro på hold {word}")
    client = sign_in(place.manager)
    assert "Find mål eller indikator" in html(client.get("/undersoegelser/ny/"))
    text = html(client.get("/undersoegelser/ny/?find=hold+delta"))
    assert "Ro på hold delta" in text
    assert "Ro på hold beta" not in text


# ---- setting up ------------------------------------------------------------------------------------------------------


def typed(survey, **fields):
    """What the set-up form posts, as it stands."""
    names = ("title", "effort", "audience", "period", "anonymity", "purpose", "least_shown", "contact", "phone")
    days = ("opens_on", "closes_on", "answer_by", "addresses_until", "answers_until")
    said = {name: getattr(survey, name) for name in names}
    said |= {name: getattr(survey, name).isoformat() for name in days if getattr(survey, name)}
    said |= {"unit": survey.unit_id, "version": survey.version, "intro_da": survey.intro.get("da", ""), "areas": ""}
    return {**said, **fields}


def test_set_up_in_a_browser(place, sign_in):
    fields = typed(place.survey, title="Nyt navn", languages=["en", "ar"], areas="Nord\nSyd", is_sensitive="on")
    answer = sign_in(place.manager).post(at(place.survey, "ret/"), fields)
    assert answer.status_code == 302
    survey = fresh(place.survey)
    assert (survey.title, survey.languages, survey.least_shown) == ("Nyt navn", ["en", "ar"], 10)
    assert [group.name for group in survey.groups.all()] == ["Nord", "Syd"]
    form = html(sign_in(place.manager).get(at(survey, "ret/")))
    assert "Overskrift på arabisk" in form
    both = typed(
        survey, title_ar="مرحبا", intro_ar="أهلا", languages=["en", "ar"], areas="Nord\nSyd", is_sensitive="on"
    )
    assert sign_in(place.manager).post(at(survey, "ret/"), both).status_code == 302
    assert (fresh(survey).titles, fresh(survey).intro["ar"]) == ({"ar": "مرحبا"}, "أهلا")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"closes_on": "2026-08-01"}, "Den sidste dag ligger før den dag, undersøgelsen åbner."),
        ({"answer_by": "2026-08-20"}, "Datoen ligger før den sidste dag, man kan svare."),
        ({"answers_until": "2026-09-16"}, "Datoen ligger før den dag, borgerne får svar."),
        ({"opens_on": "i morgen"}, "gyldig dato"),
        ({"least_shown": "5"}, "Resultater vises tidligst ved 6 svar."),
        ({"period": "sommer 26"}, "Vi kender ikke perioden"),
        ({"intro_da": ""}, "Dette felt er påkrævet."),
        ({"intro_da": "x" * 5000}, "(den har 5000)"),
        ({"areas": "Nord\nnord!"}, "To grupper ligner hinanden for meget."),
        ({"languages": ["xx"]}, "gyldig"),
        ({"unit": "999999"}, "gyldig"),
    ],
)
def test_set_up_wrongly(place, sign_in, fields, says):
    answer = sign_in(place.manager).post(at(place.survey, "ret/"), typed(place.survey, **fields))
    assert answer.status_code == 422
    assert says in html(answer)
    assert fresh(place.survey).version == place.survey.version


def test_two_at_once_are_told_apart(place, sign_in):
    sign_in(place.head).post(at(place.survey, "ret/"), typed(place.survey, title="Deres"))
    answer = sign_in(place.manager).post(at(place.survey, "ret/"), typed(place.survey, title="Mit"))
    assert answer.status_code == 422
    assert "Nu står der ”Deres”. Du skrev ”Mit”." in html(answer)
    assert fresh(place.survey).title == "Deres"


def test_what_was_promised_cannot_be_typed_over(place, sign_in):
    survey = opened(place)
    fields = typed(survey, purpose="noget andet", title="Ny overskrift", least_shown=7)
    assert sign_in(place.manager).post(at(survey, "ret/"), fields).status_code == 302
    assert (fresh(survey).purpose, fresh(survey).title) == (survey.purpose, "Ny overskrift")
    lower = typed(fresh(survey), least_shown=6)
    assert "Tallet kan kun sættes op" in html(sign_in(place.manager).post(at(survey, "ret/"), lower))


# ---- seeing, trying, opening, closing --------------------------------------------------------------------------------


def test_seen_as_the_citizen_sees_it(place, sign_in):
    client = sign_in(place.manager)
    Survey.objects.filter(pk=place.survey.pk).update(languages=["en"])
    danish, english = html(client.get(at(place.survey, "vis/"))), html(client.get(at(place.survey, "vis/?sprog=en")))
    assert "Medarbejderne lytter til mig." in danish
    assert "The staff listen to me." in english
    assert "The staff listen to me." not in html(client.get(at(place.survey, "vis/?sprog=xx")))
    assert "Her er ingen spørgsmål endnu." in html(client.get(at(draft(place, template=""), "vis/")))


def test_tried_by_a_link_that_does_not_count(place, sign_in, client):
    boss = sign_in(place.manager)
    boss.post(at(place.survey, "proev/"))
    link = re.search(
        r'<code class="m-code m-address">http://testserver(.*?)</code>', html(boss.get(at(place.survey, "proev/")))
    )[1]
    form = client.get(link)  # nobody signed in
    assert form.status_code == 200
    state = re.search(r'name="_tilstand" value="(.*?)"', html(form))[1]
    assert client.post(link, {"q1": "4", "_tilstand": state}).status_code == 303
    assert list(Response.objects.values_list("is_pilot", flat=True)) == [True]
    assert "1 har prøvet den." in html(boss.get(at(place.survey, "proev/")))
    assert "1 prøvesvar bliver slettet." in html(boss.get(at(place.survey, "aabn/")))


def test_opened_with_everything_said(place, sign_in):
    measure(place, "q1")
    client = sign_in(place.manager)
    text = html(client.get(at(place.survey, "aabn/")))
    for said in (
        "Man kan svare fra 24. august 2026 til og med mandag den 14. september 2026.",
        "Vi spørger for at gøre skolen bedre.",
        "Resultater vises først, når mindst 6 har svaret.",
        "Borgerne får at vide, hvad vi hørte, og hvad vi gør, senest 13. november 2026.",
        "Mailadresser slettes 15. oktober 2026, svarene 31. december 2029.",
        "får disse indikatorer deres tal for 3. kvartal 2026: Trivsel, Bakkeskolen",
    ):
        assert said in text.replace("\u00a0", " "), said
    assert client.post(at(place.survey, "aabn/"), {"version": fresh(place.survey).version}).status_code == 302
    assert fresh(place.survey).state == SurveyState.OPEN
    assert "Åbnet" in html(client.get(at(place.survey, "historik/")))


def test_what_lacks_is_named_and_linked(place, sign_in):
    survey = draft(place, purpose="", period="", template="")
    client = sign_in(place.manager)
    text = html(client.get(at(survey, "aabn/")))
    assert f'<a href="{at(survey, "ret/")}#id_purpose">Formål</a>' in text
    assert f'<a href="{at(survey, "spoergsmaal/")}">Spørgsmål</a>' in text
    answer = client.post(at(survey, "aabn/"), {"version": survey.version})
    assert answer.status_code == 422
    assert "Undersøgelsen kan ikke åbnes endnu." in html(answer)
    assert fresh(survey).state == SurveyState.DRAFT


def test_a_survey_that_somebody_changed_is_not_opened_unseen(place, sign_in):
    client = sign_in(place.manager)
    answer = client.post(at(place.survey, "aabn/"), {"version": place.survey.version - 1}, follow=True)
    assert "blev ændret af en anden imens" in html(answer)
    assert fresh(place.survey).state == SurveyState.DRAFT


def test_closed_knowing_how_many(place, sign_in):
    survey, client = opened(place), sign_in(place.manager)
    version = survey.questionnaires.get()
    Response.objects.bulk_create(Response(survey=survey, questionnaire=version, day=TODAY) for _ in range(4))
    text = html(client.get(at(survey, "luk/")))
    assert "Luk undersøgelsen nu?" in text
    assert "4 har svaret. Resultater vises først ved 6." in text
    client.post(at(survey, "luk/"))
    assert fresh(survey).state == SurveyState.CLOSED
    again = client.post(at(survey, "luk/"), follow=True)
    assert "Undersøgelsen er allerede lukket." in html(again)


def test_closed_before_the_period_is_over_only_when_it_is_meant(place, sign_in):
    measure(place, "q1")
    survey, client = open_survey(place.survey, by=place.manager, now=factories.NOW), sign_in(place.manager)
    text = html(client.get(at(survey, "luk/"))).replace("\xa0", " ")
    assert "Undersøgelsen måler 3. kvartal 2026, som slutter 30. september 2026." in text
    assert "bygger tallet kun på svar til og med 10. august 2026" in text
    refused = client.post(at(survey, "luk/"))
    assert refused.status_code == 422
    assert "Sæt kryds, hvis tallet må bygge på en del af perioden." in html(refused)
    assert fresh(survey).state == SurveyState.OPEN
    assert client.post(at(survey, "luk/"), {"accepts_part": "on"}).status_code == 302
    assert fresh(survey).state == SurveyState.CLOSED
    text = html(client.get(f"/serier/{place.series.pk}/")).replace("\xa0", " ")
    assert "Undersøgelsen lukkede, før 3. kvartal 2026 var slut (30. september 2026)." in text


def test_nothing_is_asked_where_nothing_is_measured(place, sign_in):
    survey, client = opened(place), sign_in(place.manager)
    assert "Perioden er ikke slut" not in html(client.get(at(survey, "luk/")))
    assert client.post(at(survey, "luk/")).status_code == 302
    assert fresh(survey).state == SurveyState.CLOSED


def test_opening_says_when_the_period_outlasts_the_survey(place, sign_in):
    measure(place, "q1")
    client = sign_in(place.manager)
    said = "efter at undersøgelsen er lukket"
    assert said in html(client.get(at(place.survey, "aabn/")))
    Survey.objects.update(closes_on=date(2026, 9, 30))
    assert said not in html(client.get(at(place.survey, "aabn/")))


def test_repeated_in_a_browser(place, sign_in):
    survey, client = opened(place), sign_in(place.manager)
    client.post(at(survey, "luk/"))
    answer = client.post(at(survey, "gentag/"))
    again = Survey.objects.get(previous=survey)
    assert answer.url == at(again, "ret/")
    assert "er allerede gentaget" in html(client.post(at(survey, "gentag/"), follow=True))


def test_a_draft_is_deleted_after_asking(place, sign_in):
    client = sign_in(place.manager)
    assert "Slet kladden ”Hvordan oplever du skolen?”?" in html(client.get(at(place.survey, "slet/")))
    assert client.post(at(place.survey, "slet/")).url == "/undersoegelser/"
    assert not Survey.objects.exists()
    assert HistoryEntry.objects.filter(verb="deleted").exists()


# ---- whose ----------------------------------------------------------------------------------------------------------

PAGES = ("ret/", "spoergsmaal/", "spoergsmaal/nyt/", "spoergsmaal/q1/ret/", "maaler/", "vis/", "proev/", "luk/",
         "gentag/", "slet/", "versioner/", "historik/", "aabn/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_whose_survey_it_is(place, sign_in, page):
    survey, stranger = asked.survey(place.school), factories.municipality()
    asked.questionnaire(survey, asked.scale("q1"))
    assert sign_in(stranger.consultant).get(at(survey, page)).status_code == 404
    assert sign_in(place.other_manager).get(at(survey, page)).status_code == 403  # everybody may see that it is open
    assert sign_in(place.reader).get(at(survey, page)).status_code == 403
    assert sign_in(place.other_manager).get(at(place.survey, page)).status_code == 404  # nobody else's drafts
    assert sign_in(place.head).get(at(survey, page)).status_code in (200, 302)


@pytest.mark.parametrize("page", ["ret/", "sprog/", "spoergsmaal/q1/slet/", "spoergsmaal/q1/flyt/", "luk/", "aabn/"])
def test_whose_survey_one_may_change(place, sign_in, page):
    survey = asked.survey(place.school)
    asked.questionnaire(survey, asked.scale("q1"))
    for who, status in (
        (place.other_manager, 403),
        (place.professional, 403),
        (factories.municipality().director, 404),
    ):
        assert sign_in(who).post(at(survey, page), {"title": "Mit"}).status_code == status
    assert fresh(survey).state == SurveyState.OPEN
    assert fresh(survey).title != "Mit"


def test_an_ended_role_runs_nothing(place, sign_in):
    ended = factories.user(Role.MANAGER, place.school, last_day=TODAY - timedelta(days=1))
    assert sign_in(ended).get(at(place.survey, "ret/")).status_code == 403


def test_the_surveys_own_page_leads_to_its_steps(place, sign_in):
    survey = asked.survey(place.school)
    asked.questionnaire(survey)
    page, close = f"/undersoegelser/{survey.pk}/", f'href="/undersoegelser/{survey.pk}/luk/"'
    assert close in html(sign_in(place.manager).get(page))
    assert close not in html(sign_in(place.other_manager).get(page))


@pytest.mark.parametrize("state", [SurveyState.OPEN, SurveyState.CLOSED])
def test_a_running_surveys_words_may_still_be_mended(place, sign_in, state):
    survey = asked.survey(place.school, state=state, intro={"da": "Hej"})
    groups = [making.group(survey, unit=place.school), making.group(survey, "s", name="Syd")]  # whatever their codes
    fields = typed(survey, title="Ny overskrift", answer_by=(survey.answer_by + timedelta(days=5)).isoformat())
    kept = {"has_open_link": "on", "groups": [place.school.pk], "areas": "Syd"}
    answer = sign_in(place.manager).post(at(survey, "ret/"), {**fields, **kept})
    assert answer.status_code == 302
    assert (fresh(survey).title, fresh(survey).answer_by) == ("Ny overskrift", survey.answer_by + timedelta(days=5))
    assert fresh(survey).has_open_link
    assert list(survey.groups.order_by("pk")) == groups


def test_what_a_closed_survey_shows_from_is_kept(place, sign_in):
    survey = asked.survey(place.school, state=SurveyState.CLOSED, intro={"da": "Hej"}, least_shown=8)
    sign_in(place.manager).post(at(survey, "ret/"), typed(survey, least_shown=20, is_sensitive="on", areas="Nord"))
    assert (fresh(survey).least_shown, fresh(survey).is_sensitive) == (8, False)
    assert not survey.groups.exists()
