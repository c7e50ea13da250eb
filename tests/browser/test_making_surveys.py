"""Making a survey in a real browser without script, from nothing to closed; and every page of it looked at by axe."""

from pathlib import Path

from citizens.actions.questions import questions_of
from citizens.kinds import SurveyState
from citizens.models import Survey
from organisation.models import Unit
from tests.browser.looking import faults_of
from tests.citizens import asked

TORONTO = Path(__file__).parent.parent / "data" / "toronto" / "survey_cp1252.csv"


def press(visitor, name: str) -> None:
    visitor.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_from_nothing_to_closed_without_script(visit):
    visitor = visit("leder", width=390, script=False)
    page = visitor.page
    visitor.go("/undersoegelser/ny/")
    page.get_by_label("Overskrift").fill("Hvordan har du det i skolen?")
    page.get_by_label("Ansvarlig enhed").select_option(index=1)
    page.get_by_label("Om indsatsen").fill("Mere ro")
    page.get_by_label("Elevtrivsel").check()
    press(visitor, "Opret kladde")
    page.get_by_label("Formål").fill("give mere ro i timerne")
    page.get_by_label("Åbner").fill(asked.factories.date.today().isoformat())
    page.get_by_label("Alle med linket kan svare").check()
    press(visitor, "Gem")
    survey = Survey.objects.get(title="Hvordan har du det i skolen?")
    visitor.go(f"/undersoegelser/{survey.pk}/spoergsmaal/")
    press(visitor, "Tilføj spørgsmål")
    page.get_by_label("Spørgsmål", exact=True).fill("Er der ro?")
    page.get_by_label("Spørgsmål på engelsk").fill("Is it quiet?")
    press(visitor, "Gem spørgsmål")
    press(visitor, "Flyt spørgsmål 9 op")
    assert [one["text"]["da"] for one in questions_of(survey)][7] == "Er der ro?"
    visitor.go(f"/undersoegelser/{survey.pk}/aabn/")
    assert "Vi spørger for at give mere ro i timerne." in visitor.text
    press(visitor, "Åbn undersøgelsen")
    assert visit().go(f"/svar/{survey.slug}/").status == 200
    visitor.go(f"/undersoegelser/{survey.pk}/luk/")
    assert "0 har svaret. Resultater vises først ved 6." in visitor.text
    press(visitor, "Luk nu")
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    assert visitor.faults == []


def test_a_file_is_read_and_stored_without_script(visit):
    visitor = visit("konsulent", script=False)
    page = visitor.page
    visitor.go("/undersoegelser/indlaes/")
    page.get_by_label("Fil med svar").set_input_files(TORONTO)
    press(visitor, "Læs filen")
    assert "959 besvarelser" in visitor.text
    page.get_by_label("Ansvarlig enhed").select_option(index=1)
    page.get_by_label("Om indsatsen").fill("Inddragelse")
    page.get_by_label("Formål").fill("lytte bedre")
    press(visitor, "Gem 959 besvarelser")
    assert "959 besvarelser er indlæst." in visitor.text
    assert Survey.objects.get().responses.count() == 959


PAGES = ("ret/", "spoergsmaal/", "spoergsmaal/nyt/?slags=single", "spoergsmaal/maal/ret/", "maaler/", "vis/?sprog=en",
         "versioner/", "historik/", "luk/", "gentag/")  # fmt: skip
DRAFT_PAGES = ("proev/", "aabn/", "slet/")


def test_pages(visit):
    school = Unit.objects.get(code="BAK")
    running = asked.survey(school, languages=["en"])
    asked.questionnaire(running)
    draft = asked.survey(school, state=SurveyState.DRAFT, slug="kladde", opened_at=None)
    asked.questionnaire(draft)
    paths = ["", "ny/", "indlaes/", *(f"{running.pk}/{page}" for page in PAGES)]
    paths += [f"{draft.pk}/{page}" for page in DRAFT_PAGES]
    assert faults_of(visit("konsulent"), [f"/undersoegelser/{path}" for path in paths]) == []
