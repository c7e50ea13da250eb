"""No page, file or mail of an authority with words of its own says ours."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from organisation.danish import SOFT_HYPHEN
from organisation.models import Authority, Portal, PortalDepth
from organisation.words.catalogue import lines
from organisation.words.terms import BY_KEY, GOAL, TERMS, Gender, Word, genitive, stored
from tests.malstyring.addresses import ADDRESSES, OPEN
from tests.malstyring.test_urls import place, publish_a_report  # noqa: F401

# Words that are none of ours, all of common gender where ours are neuter, and the other way round.
OTHERS = {
    GOAL: Word(Gender.COMMON, "ambition", "ambitionen", "ambitioner", "ambitionerne"),
    "subgoal": Word(Gender.COMMON, "delambition", "delambitionen", "delambitioner", "delambitionerne"),
    "strategy": Word(Gender.NEUTER, "program", "programmet", "programmer", "programmerne"),
    "focus_area": Word(Gender.COMMON, "brændpunktsag", "brændpunktsagen", "brændpunktsager", "brændpunktsagerne"),
    "council": Word(Gender.COMMON, "borgersamling", "borgersamlingen", "borgersamlinger", "borgersamlingerne"),
    "finance_committee": Word(Gender.COMMON, "kasse", "kassen", "kasser", "kasserne"),
    "committee": Word(Gender.COMMON, "rådsgruppe", "rådsgruppen", "rådsgrupper", "rådsgrupperne"),
    "directorate": Word(Gender.NEUTER, "center", "centret", "centre", "centrene"),
    "department": Word(Gender.NEUTER, "kontor", "kontoret", "kontorer", "kontorerne"),
    "goal_consultant": Word(Gender.NEUTER, "orakel", "oraklet", "orakler", "oraklerne"),
}
OUR_FORMS = {form for term in TERMS for one in term.word.forms().values() for form in (one, genitive(one))}
OURS = re.compile(rf"(?<![\w/-])({'|'.join(sorted(OUR_FORMS, key=len, reverse=True))})(?![\w/-])", re.IGNORECASE)
# What must not stand before a word of the other gender.
NEUTER = r"(?:et|ét|dette|intet|noget|nyt|andet|eget|hvert|hvilket|dit|sit)"
COMMON = r"(?:en|én|denne|ingen|nogen|ny|anden|egen|hver|hvilken|din|sin)"
WRONG_GENDER = re.compile(
    "|".join(rf"\b{NEUTER if word.gender is Gender.COMMON else COMMON} {word.one}\b" for word in OTHERS.values()),
    re.IGNORECASE,
)
SAID_IN = ("title", "aria-label", "placeholder", "alt", "data-th", "content", "label")
# Pages that name our own words on purpose.
ABOUT_WORDS = ("organisation:own_word_list", "organisation:own_word_edit")
# For machines that gather data of many authorities: they find it by the same words everywhere.
FOR_MACHINES = ("reports:open_catalogue_ttl", "reports:open_catalogue_json")
# The name of a column in a file to be read: the file's format, not a word on the page.
COLUMNS = ("udvalg (kode)",)


class Text(HTMLParser):
    """What a page says: its text, and the attributes people see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.is_silent = False

    def handle_starttag(self, tag, attrs):
        self.is_silent = tag in ("script", "style")
        said = dict(attrs)
        kept = (*SAID_IN, "value") if tag == "input" and said.get("type") in ("submit", "button") else SAID_IN
        self.parts += [value for name, value in attrs if name in kept and value]
        self.parts.append("\n")

    def handle_data(self, data):
        if not self.is_silent:
            self.parts.append(data)


def said_by(answer) -> str:
    """The text of a page or a file."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers["Content-Type"]
    if "pdf" in kind:
        return "\n".join(page.get_textpage().get_text_bounded() for page in PdfDocument(data))
    if "spreadsheetml" in kind:
        book = load_workbook(BytesIO(data))
        return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    if "wordprocessingml" in kind:
        return re.sub(r"<[^>]*>", "\n", ZipFile(BytesIO(data)).read("word/document.xml").decode())
    if not kind.startswith(("text/", "application/json", "image/svg")):
        return ""
    text = Text()
    text.feed(data.decode("utf-8-sig"))
    return "".join(text.parts)


def stored_texts() -> Iterator[str]:
    """Everything people have typed."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                yield from (value for value in model.objects.values_list(field.name, flat=True) if value)


def own_words_left(text: str, typed: list[str]) -> list[str]:
    """Places in the text where a word of ours stands that nobody typed."""
    text = re.sub(r"\s+", " ", text.replace(SOFT_HYPHEN, ""))
    for one in (*typed, *COLUMNS):
        text = text.replace(one, "…")
    return [text[max(found.start() - 60, 0) : found.end() + 40] for found in OURS.finditer(text)]


@cache
def unmarked() -> list[re.Pattern[str]]:
    """The texts of some words in which a word of ours means something else."""
    plain = (re.escape(re.sub(r"^(1|n|[a-zæøå]{2,})\| ", "", line)) for line in lines("unmarked.txt"))
    return [re.compile(re.sub(r"%\\\(\w+\\\)s", ".*?", one), re.IGNORECASE) for one in plain if one != "Mål"]


@pytest.fixture
def renamed(place):  # noqa: F811
    """The place, whose authority calls everything something else."""
    Authority.objects.filter(pk=place.authority.pk).update(words={key: stored(word) for key, word in OTHERS.items()})
    place.authority.refresh_from_db()
    Portal.objects.create(authority=place.authority, depth=PortalDepth.ALL)
    place.open_round = publish_a_report(place)
    return place


def pages(place) -> Iterator[tuple[str, str]]:  # noqa: F811
    """Each address with what it says: the staff's to the goal consultant, the public ones to everybody."""
    consultant, manager, everybody = Client(), Client(), Client()
    consultant.force_login(place.consultant)
    manager.force_login(place.manager)
    for name, address in ADDRESSES.items():
        url = reverse(name, args=[*(getattr(place, arg).pk for arg in address.args), *address.words])
        client = manager if address.own == "manager" else consultant
        if address.post:
            continue
        yield f"{name} {url}", said_by(client.get(url))
        if not address.own:
            yield f"{name} of a fragment", said_by(client.get(url, headers={"HX-Request": "true"}))
    for name, arguments in OPEN.items():
        args = [place.authority.code, *(getattr(place, arg).pk for arg in arguments)]
        yield name, said_by(everybody.get(reverse(name, args=args)))
    yield "the overview", said_by(consultant.get("/"))
    yield "the overview of a politician", said_by(_client(place.politician).get("/"))
    yield "the word list", said_by(consultant.get(reverse("word_list")))
    yield "not found", said_by(consultant.get("/findes-ikke/"))


def _client(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_no_page_says_a_word_of_ours(renamed):
    typed = sorted({one for one in stored_texts() if OURS.search(one)}, key=len, reverse=True)
    typed = [re.sub(r"\s+", " ", one) for one in typed if len(one) > 3]
    left: dict[str, list[str]] = {}
    wrong: dict[str, list[str]] = {}
    for name, text in pages(renamed):
        if name.startswith((*ABOUT_WORDS, *FOR_MACHINES)):
            continue
        if name.startswith("citizens:"):
            # One of the four things citizens assess.
            text = re.sub(r"(?im)^\s*mål\s*$|(· |vurderer )mål\b", "…", text)
        for pattern in unmarked():
            text = pattern.sub("…", text)
        if found := own_words_left(text, typed):
            left[name] = found
        if found := [text[max(one.start() - 40, 0) : one.end() + 20] for one in WRONG_GENDER.finditer(text)]:
            wrong[name] = found
    assert not left, "\n".join(f"{name}: {found}" for name, found in left.items())
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


def test_the_walk_would_find_our_word(place, sign_in):  # noqa: F811
    """Without words of its own the same page says ours."""
    text = said_by(sign_in(place.consultant).get(reverse("followup:goal_list")))
    assert own_words_left(text, []) and not WRONG_GENDER.search(text)
    assert set(OTHERS) == {key for key in BY_KEY if "." not in key}
