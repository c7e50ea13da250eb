"""The form in other languages, and the words that only programmers would forget to translate."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from citizens.models import Response
from tests.citizens import asked

ENGLISH = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES"
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "citizens"


@pytest.fixture
def client():
    return Client()


def body(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def survey(town):
    survey = asked.survey(
        town.school,
        languages=["en", "ar"],
        titles={"en": "How is the help at home?", "ar": "كيف المساعدة؟"},
        intro={"da": "Vi spørger alle.", "en": "We ask everybody."},
    )
    asked.questionnaire(
        survey, asked.scale("god", "Hvor god er den?", texts={"en": "How good is it?"}), asked.text("mere")
    )
    return survey


def test_english(client, survey):
    page = body(client.get("/svar/hjaelp/?sprog=en"))
    assert '<html lang="en">' in page
    assert "How is the help at home?" in page
    assert "We ask everybody. One question. It takes 2 minutes. You are anonymous." in page
    assert "How good is it?" in page
    assert "Don't know" in page or "Don&#x27;t know" in page
    assert "Send answer" in page
    assert re.search(r"By \d+ \w+ 20\d\d you can read", page)
    sent = client.post("/svar/hjaelp/?sprog=en", {"god": "4"})
    assert sent.url == "/svar/hjaelp/tak/?sprog=en"
    assert Response.objects.get().language == "en"
    assert "Thank you for your answer" in body(client.get(sent.url))


def test_what_is_not_translated_is_danish(client, survey):
    page = body(client.get("/svar/hjaelp/?sprog=en"))
    assert "Slet ikke" in page  # the words of the scale have no English


def test_danish_is_the_way_back(client, survey):
    assert '<a href="?sprog=en" lang="en" hreflang="en">English</a>' in body(client.get("/svar/hjaelp/"))
    assert '<a href="?g=nord&amp;sprog=da" lang="da"' in body(client.get("/svar/hjaelp/?g=nord&sprog=en"))


def test_from_right_to_left(client, survey):
    page = body(client.get("/svar/hjaelp/?sprog=ar"))
    assert '<html lang="ar" dir="rtl">' in page
    assert "كيف المساعدة؟" in page
    assert "Send svar" in page  # until somebody adds the file


@pytest.mark.parametrize("asked_for", ["de", "EN", "../en", "", "en-us"])
def test_a_language_the_survey_has_not(client, survey, asked_for):
    assert '<html lang="da">' in body(client.get("/svar/hjaelp/", {"sprog": asked_for}))


def test_the_next_visitor_reads_danish_again(client, survey):
    client.get("/svar/hjaelp/?sprog=en")
    assert "Send svar" in body(client.get("/svar/hjaelp/"))


def source_texts() -> dict[str, str]:
    """English by Danish text, with gettext's context before it, from the file that people write."""
    blocks = (ENGLISH / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]
    texts = {}
    for block in blocks:
        words = dict(re.findall(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', block, re.MULTILINE))
        context = f"{words['msgctxt']}\x04" if "msgctxt" in words else ""
        english = words.get("msgstr") or words["msgstr[0]"]
        texts[context + words["msgid"].replace('\\"', '"')] = english.replace('\\"', '"')
    return texts


def test_the_compiled_file_says_what_the_source_says():
    with (ENGLISH / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for danish, english in source_texts().items():
        assert english
        assert (
            compiled.gettext(danish) if compiled.gettext(danish) != danish else compiled.ngettext(danish, "", 1)
        ) == english


@pytest.mark.parametrize(
    "template",
    [*sorted(path.name for path in TEMPLATES.glob("answer_[bfstu]*.html")), "_questions.html", "_promise.html"],
)
def test_every_text_of_the_form_has_english(template):
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    words = re.findall(r'{% translate "([^"]*)" %}', text)
    blocks = re.findall(r"{% blocktranslate[^%]*%}(.*?){% (?:plural|endblocktranslate) %}", text, re.DOTALL)
    words += [re.sub(r"{{ (\w+) }}", r"%(\1)s", block) for block in blocks]
    missing = set(words) - set(source_texts())
    assert not missing
