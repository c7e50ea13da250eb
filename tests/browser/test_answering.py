"""The citizen's form in a real browser: accessible, without script, by keyboard alone, and without a trace."""

from datetime import timedelta

import pytest

from citizens.kinds import QuestionKind, SurveyState
from citizens.models import Comment, Question, Response
from organisation.models import Unit
from tests import factories
from tests.browser.test_every_page import axe
from tests.citizens import asked
from tests.citizens.conftest import forgotten  # noqa: F401  a process that has met nobody yet

pytestmark = pytest.mark.usefixtures("forgotten")


@pytest.fixture
def surveys(demo):
    """Odense's four; every kind of question with one that depends on another; and one question a screen."""
    school = Unit.objects.get(code="BAK")
    four = asked.survey(school, languages=["en"])
    asked.questionnaire(four)
    questions = [
        asked.yes_no("hjaelp", is_required=True),
        asked.scale("god", "Hvor god er hjælpen?", shown_if={"question": "hjaelp", "options": ["yes"]}),
        asked.choice("rejse"),
        asked.choice("flere", QuestionKind.MULTIPLE, "Hvad bruger du?"),
        asked.choice("vigtigst", QuestionKind.RANKING, "Hvad er vigtigst?"),
        Question(
            code="ti",
            kind=QuestionKind.TEN,
            text={"da": "Vil du anbefale os?"},
            scale=[{"da": "Slet ikke"}, {"da": "Helt sikkert"}],
        ),
        asked.text("ord"),
    ]
    asked.questionnaire(asked.survey(school, slug="alle"), *questions)
    asked.questionnaire(
        asked.survey(school, slug="enkelt", is_one_a_screen=True),
        asked.yes_no("hjaelp"),
        asked.scale("god", shown_if={"question": "hjaelp", "options": ["yes"]}),
        asked.text("ord"),
    )
    day = factories.date.today() - timedelta(days=1)
    asked.questionnaire(asked.survey(school, slug="lukket", state=SurveyState.CLOSED, closes_on=day))
    return four


PAGES = {
    "hjaelp/": 200, "hjaelp/?sprog=en": 200, "alle/": 200, "enkelt/": 200, "hjaelp/skaerm/": 200, "hjaelp/tak/": 200,
    "lukket/": 410, "findes-ikke/": 404,
}  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages(visit, surveys, width):
    visitor, found = visit(width=width), []
    for path, status in PAGES.items():
        assert visitor.go(f"/svar/{path}").status == status, path
        assert visitor.page.locator("h1").count() == 1
        found += [f"{path}: {line}" for line in axe(visitor.page)]
        if visitor.page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
    assert not found, "\n".join(found)
    assert not visitor.faults
    assert not visitor.context.cookies()


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_wrong(visit, surveys, width):
    visitor = visit(width=width)
    visitor.go("/svar/alle/")
    visitor.page.fill("textarea", "Min mor, 010190-1234, venter.")
    visitor.page.get_by_role("button", name="Send svar").click()
    assert "Ret 2 ting" in visitor.text
    assert not axe(visitor.page)
    visitor.page.get_by_role("link", name="Spørgsmål 1: Vælg et svar").click()
    assert visitor.page.url.endswith("#q-hjaelp-yes")
    assert visitor.page.get_by_role("textbox").get_attribute("aria-invalid") == "true"
    assert visitor.page.get_by_role("button", name="Slet nummeret, og send").is_visible()
    visitor.page.get_by_label("Nej").check(force=True)
    visitor.page.get_by_role("button", name="Slet nummeret, og send").click()
    assert "Tak for dit svar" in visitor.text
    assert "010190" not in Comment.objects.get().text


@pytest.mark.parametrize("width", [1280, 390])
def test_without_script(visit, surveys, width):
    visitor = visit(width=width, script=False)
    visitor.go("/svar/hjaelp/")
    visitor.page.get_by_text("Mere om, at du er anonym").click()
    assert visitor.page.get_by_text("Vi gemmer ikke navn, CPR-nummer, IP-adresse eller klokkeslæt").is_visible()
    visitor.page.get_by_role("group", name="Går hjælpen ud på").get_by_text("I høj grad", exact=True).click()
    visitor.page.get_by_role("group", name="Er hjælpen den rigtige").get_by_text("Ved ikke").click()
    visitor.page.get_by_label("Vil du fortælle mere?").fill("Det er godt.")
    visitor.page.get_by_role("button", name="Send svar").click()
    assert "Tak for dit svar" in visitor.text
    assert Response.objects.get().answers == {"maal": "4", "indsats": "dont_know"}
    visitor.page.get_by_label("Din mailadresse").fill("inge@example.dk")
    visitor.page.get_by_role("button", name="Giv mig besked").click()
    assert "sletter så adressen" in visitor.text
    assert surveys.subscribers.get().address == "inge@example.dk"
    assert not visitor.context.cookies()
    assert not visitor.faults


def test_one_question_a_screen_and_back(visit, surveys):
    visitor = visit(width=390, script=False)
    visitor.go("/svar/enkelt/")
    visitor.page.get_by_text("Ja", exact=True).click()
    visitor.page.get_by_role("button", name="Næste").click()
    visitor.page.get_by_text("I mindre grad").click()
    visitor.page.get_by_role("button", name="Tilbage").click()
    assert visitor.page.get_by_label("Ja", exact=True).is_checked()
    visitor.page.get_by_role("button", name="Næste").click()
    assert visitor.page.get_by_label("I mindre grad").is_checked()
    visitor.page.go_back()  # the browser's own way
    assert visitor.page.get_by_label("Ja", exact=True).is_checked()
    visitor.page.get_by_text("Nej", exact=True).click()
    visitor.page.get_by_role("button", name="Næste").click()
    visitor.page.get_by_role("button", name="Send svar").click()
    assert "Tak for dit svar" in visitor.text
    assert Response.objects.get().answers == {"hjaelp": "no"}


def test_by_keyboard_alone(visit, surveys):
    visitor = visit()
    visitor.go("/svar/hjaelp/")
    press = visitor.page.keyboard.press
    press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skipnav"
    press("Enter")
    for _ in range(20):
        press("Tab")
        if visitor.page.evaluate("document.activeElement.name") == "maal":
            break
    press("Space")
    press("ArrowDown")  # from 1 to 2
    ring = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert visitor.page.evaluate(ring) == "solid"
    press("Tab")
    press("Tab")
    press("Tab")
    press("Tab")
    visitor.page.keyboard.type("Godt nok")
    press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Send svar"
    press("Enter")
    visitor.page.wait_for_url("**/tak/**")
    assert Response.objects.get().answers == {"maal": "2"}
    assert Comment.objects.get().text == "Godt nok"


def test_text_twice_as_large(visit, surveys):
    """Nothing is cut off, covered or pushed out of the page."""
    for width in (1280, 390):
        visitor = visit(width=width)
        for path in ("hjaelp/", "alle/", "hjaelp/tak/"):
            visitor.go(f"/svar/{path}")
            visitor.page.evaluate("document.documentElement.style.fontSize = '125%'")  # dkfds: 62.5 % is ordinary
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
            cut = visitor.page.evaluate(
                "[...document.querySelectorAll('.m-opt label, .button, legend, h1')]"
                ".filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
            )
            assert not cut, f"{path} at {width}: {cut}"


def test_at_a_counter_the_next_person_finds_a_clean_form(visit, surveys):
    visitor = visit(script=False)
    visitor.go("/svar/hjaelp/skaerm/")
    visitor.page.get_by_role("group", name="Går hjælpen ud på").get_by_text("I høj grad", exact=True).click()
    visitor.page.get_by_role("button", name="Send svar").click()
    assert "Tak for dit svar" in visitor.text
    visitor.page.get_by_role("link", name="Næste person").click()
    assert visitor.page.locator("input:checked").count() == 0
