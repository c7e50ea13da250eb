"""The citizen's form in a real browser: accessible, without script, by keyboard alone, and without a trace."""

import re
from datetime import timedelta

import pytest

from citizens.kinds import QuestionKind, SurveyState
from citizens.models import Comment, Question, Response
from organisation.models import Unit
from tests import factories
from tests.browser.looking import axe, faults_of, too_wide
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


def test_pages(visit, surveys):
    visitor = visit()
    pages = {f"/svar/{path}": status for path, status in PAGES.items()}
    found = faults_of(visitor, pages, [1280, 390, 320])
    assert not found, "\n".join(found)
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
            assert not too_wide(visitor.page)
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


# ---- a screen at a counter -------------------------------------------------------------------------------------------

IDLE, LEFT = 61_000, 31_000  # milliseconds: until it asks, and until it begins again


def counter(visit, path: str = "hjaelp/skaerm/", **how):
    """Somebody at the counter, whose clock the test moves."""
    visitor = visit(**how)
    visitor.page.clock.install()
    visitor.go(f"/svar/{path}")
    return visitor


def choose(visitor) -> None:
    visitor.page.get_by_role("group", name="Går hjælpen ud på").get_by_text("I høj grad", exact=True).click()


def passes(visitor, milliseconds: int) -> None:
    visitor.page.clock.fast_forward(milliseconds)
    visitor.page.wait_for_load_state()


def left(text: str) -> int:
    """How many seconds it says are left. Time passes by itself too: a slow machine finds a few less."""
    return int(re.search(r"Sekunder tilbage: (\d+)", text)[1])


def is_blank(visitor) -> None:
    visitor.page.wait_for_selector("main form")
    assert visitor.page.locator("input:checked").count() == 0
    assert not [one for one in visitor.page.locator("textarea").all() if one.input_value()]
    assert visitor.page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_an_abandoned_answer_is_asked_for_and_then_gone(visit, surveys, width):
    visitor = counter(visit, width=width)
    choose(visitor)
    passes(visitor, IDLE)
    dialog = visitor.page.get_by_role("dialog", name="Er du her stadig?")
    assert 20 < left(dialog.inner_text()) <= 30
    assert dialog.get_by_role("status").inner_text() == "Sekunder tilbage: 30"
    assert not axe(visitor.page)
    assert not too_wide(visitor.page)
    visitor.page.keyboard.press("Enter")  # the button for more time has the focus
    assert visitor.page.locator("dialog[open]").count() == 0
    assert visitor.page.locator("input:checked").count() == 1
    for _time in range(12):  # as often as somebody wants
        passes(visitor, IDLE)
        passes(visitor, 20_000)
        assert 0 < left(dialog.inner_text()) <= 10
        visitor.page.keyboard.press("Escape")
    assert visitor.page.locator("input:checked").count() == 1
    passes(visitor, IDLE)
    passes(visitor, LEFT)
    is_blank(visitor)
    assert not Response.objects.exists()
    assert not visitor.faults


@pytest.mark.parametrize("width", [1280, 390])
def test_after_the_thanks_the_screen_begins_again(visit, surveys, width):
    visitor = counter(visit, width=width)
    choose(visitor)
    visitor.page.get_by_role("button", name="Send svar").click()
    visitor.page.wait_for_selector("text=Tak for dit svar")
    assert Response.objects.count() == 1
    assert 20 < left(visitor.text) <= 30
    assert not axe(visitor.page)
    passes(visitor, 20_000)
    assert 0 < left(visitor.text) <= 10
    visitor.page.get_by_role("button", name="Vent lidt endnu").click()
    assert 20 < left(visitor.text) <= 30
    passes(visitor, LEFT)
    is_blank(visitor)
    assert not visitor.faults


def test_a_screen_that_nobody_has_touched_stands_still(visit, surveys):
    visitor = counter(visit)
    passes(visitor, 10 * IDLE)
    assert visitor.page.locator("dialog[open]").count() == 0


def test_a_reader_in_another_language_is_asked_too(visit, surveys):
    visitor = counter(visit, "hjaelp/skaerm/?sprog=en")
    passes(visitor, IDLE)
    assert visitor.page.get_by_role("dialog", name="Are you still here?").is_visible()
    passes(visitor, LEFT)
    visitor.page.wait_for_selector("html[lang=da] main form")
    assert "sprog" not in visitor.page.url


def test_back_leads_to_nobodys_answers(visit, surveys):
    """Screen by screen, with an error on the way: the history has the blank form, and what was there before it."""
    visitor = counter(visit, "enkelt/skaerm/")
    entries = visitor.page.evaluate("history.length")
    visitor.page.get_by_text("Ja", exact=True).click()
    visitor.page.get_by_role("button", name="Næste").click()
    visitor.page.get_by_role("group", name="Hjælpen").or_(visitor.page.locator("fieldset")).first.wait_for()
    visitor.page.locator("label", has_text="I høj grad").first.click()
    visitor.page.get_by_role("button", name="Næste").click()
    visitor.page.fill("textarea", "Mit nummer er 010190-1234")
    visitor.page.get_by_role("button", name="Send svar").click()
    visitor.page.wait_for_selector("[role=alert]")
    assert visitor.page.evaluate("history.length") == entries
    visitor.page.fill("textarea", "Noget om mig")
    visitor.page.get_by_role("button", name="Send svar").click()
    visitor.page.wait_for_selector("text=Tak for dit svar")
    assert (Response.objects.count(), Comment.objects.get().text) == (1, "Noget om mig")
    assert visitor.page.evaluate("history.length") == entries
    visitor.page.get_by_role("link", name="Næste person").click()
    is_blank(visitor)
    assert visitor.page.evaluate("history.length") == entries
    visitor.page.go_back()
    visitor.page.go_forward()
    is_blank(visitor)
    assert Response.objects.count() == 1


def test_leaving_and_coming_back_finds_a_blank_form(visit, surveys):
    visitor = counter(visit)
    choose(visitor)
    visitor.go("/privatliv/")
    visitor.page.go_back()
    is_blank(visitor)


def test_without_a_connection_nothing_is_lost(visit, surveys):
    visitor = counter(visit)
    choose(visitor)
    visitor.context.set_offline(True)
    visitor.page.get_by_role("button", name="Send svar").click()
    visitor.page.get_by_role("alert").filter(has_text="Ingen forbindelse.").wait_for()
    assert visitor.page.locator("input:checked").count() == 1
    visitor.context.set_offline(False)
    visitor.page.get_by_role("button", name="Send svar").click()
    visitor.page.wait_for_selector("text=Tak for dit svar")
    assert Response.objects.count() == 1
