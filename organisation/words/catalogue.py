"""Texts with marks round the words an authority may exchange. Pure: no Django.

`catalogue.txt` has a text a line:

    Vælg [et:goal] [mål:goal].             what stands in the mark is our word; after it which term's, here *goal*
    1| %(n)s [mål:goal]                    the singular and the plural of a text that is the same in both with our words
    n| %(n)s [mål:goal+]                   + says that a form is the plural, where ours is the same in the singular
    flere| [Mål:goal+]                     the text with gettext's context *flere*
    Ret [målet:goal@]                      @ the goal the page is about: it is called what goals of its level are
    [Byrådet:council] har [mål:goal@council+]

A mark holds a form of the term's word, or a word that agrees with its gender (`AGREEING`). Without the marks a line is
the text that stands in a template or in code; a line break in it is written `\\n`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from organisation.words.terms import BY_KEY, DEFAULT, FORMS, GOAL, Gender, Level, Vocabulary, Word, genitive

FOLDER = Path(__file__).parent
# Words that follow the noun's gender: with *et*, with *en*.
_AGREEING = """
et en, ét én, det den, dets dens, dette denne, intet ingen, noget nogen, nyt ny, andet anden, eget egen, dit din,
mit min, sit sin, hvert hver, hvilket hvilken, langt lang, personligt personlig, konkret konkret, offentligt offentlig,
fælles fælles, andets andens, målbart målbar, tværgående tværgående, godt god, klart klar, muligt mulig, målt målt,
ændret ændret, vigtigt vigtig, højt høj, lokalt lokal, alt al, jeres jeres, gammelt gammel, synligt synlig,
usikkert usikker
"""
AGREEING = {
    Gender.NEUTER: {pair.split()[0]: pair.split()[1] for pair in _AGREEING.replace("\n", " ").split(", ")},
    Gender.COMMON: {pair.split()[1]: pair.split()[0] for pair in _AGREEING.replace("\n", " ").split(", ")},
}
_MARK = re.compile(r"\[([^\[\]:]+):([a-z_]+)(?:(@)([a-z]*))?(\+?)\]")
_PREFIX = re.compile(r"(1|n|[a-zæøå]{2,})\| ")
HERE = "here"


class MarkError(ValueError):
    """A line of the catalogue that cannot be read: the line, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text: our word there, the term, whose goals (`Level`, `HERE` or empty), and which form.

    `form` is one of FORMS, or empty for a word that agrees with the term's.
    """

    text: str
    term: str
    level: str
    form: str
    is_genitive: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in parts. `kind` is "" for a text of its own, "1" and "n" for the two of a pair that look alike, else
    gettext's context."""

    kind: str
    parts: tuple[str | Mark, ...]

    @property
    def plain(self) -> str:
        """The text as it stands in templates and code."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


def read_entry(line: str) -> Entry:
    """A line of the catalogue; MarkError where a mark is not understood."""
    prefix = _PREFIX.match(line)
    text = line[prefix.end() :] if prefix else line
    return Entry(prefix[1] if prefix else "", tuple(_parts(text.replace("\\n", "\n"), line)))


def _parts(text: str, line: str) -> Iterator[str | Mark]:
    at = 0
    for found in _MARK.finditer(text):
        if at < found.start():
            yield text[at : found.start()]
        yield _mark(found, line)
        at = found.end()
    if "[" in text[at:] or at == 0:
        raise MarkError(f"a mark is missing or is not whole: {line}")
    if text[at:]:
        yield text[at:]


def _mark(found: re.Match[str], line: str) -> Mark:
    text, term, at, level, plural = found.groups()
    if term not in BY_KEY or (at and term != GOAL) or (level and level not in set(Level)):
        raise MarkError(f"no such term, {found[0]}: {line}")
    word = BY_KEY[term].word
    level = level or (HERE if at else "")
    if text.lower() in AGREEING[word.gender] and not plural:
        return Mark(text, term, level, "")
    for names, is_genitive in ((FORMS, False), (FORMS, True)):
        for name in names:
            form = getattr(word, name)
            if text.lower() == (genitive(form) if is_genitive else form) and (name in ("many", "all")) >= bool(plural):
                return Mark(text, term, level, name, is_genitive)
    raise MarkError(f"no form of the term's word, {found[0]}: {line}")


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Every text of `catalogue.txt`."""
    return tuple(map(read_entry, lines("catalogue.txt")))


def lines(name: str) -> Iterable[str]:
    """The lines of a file here that are neither blank nor comments."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def filled(entry: Entry, words: Mapping[str, Word], level: Level | None = None) -> str:
    """The text with the words; `level` is whose goals the page is about."""
    return "".join(part if isinstance(part, str) else _said(part, words, level) for part in entry.parts)


def _said(mark: Mark, words: Mapping[str, Word], level: Level | None) -> str:
    which = (level or "") if mark.level == HERE else mark.level
    word = words[f"{mark.term}.{which}" if which else mark.term]
    if not mark.form:
        ours = BY_KEY[mark.term].word.gender
        said = mark.text.lower() if word.gender == ours else AGREEING[ours][mark.text.lower()]
    else:
        said = getattr(word, mark.form)
        said = genitive(said) if mark.is_genitive else said
    return said[0].upper() + said[1:] if mark.text[0].isupper() else said


@dataclass(frozen=True, slots=True)
class Filled:
    """Every text that reads otherwise than with our words: texts (by context and text), and pairs that look alike."""

    texts: Mapping[str, str]
    ones: Mapping[str, str]
    manys: Mapping[str, str]


# What parts gettext's context from the text.
CONTEXT_ENDS = "\x04"


@lru_cache(maxsize=128)
def all_filled(own: Vocabulary, level: Level | None = None) -> Filled:
    """The catalogue with the authority's words, for pages about goals of the level."""
    words, ours = dict(own), dict(DEFAULT)
    found = Filled({}, {}, {})
    for entry in entries():
        if all(isinstance(part, str) or _said(part, words, level) == _said(part, ours, None) for part in entry.parts):
            continue
        kept = {"1": found.ones, "n": found.manys}.get(entry.kind, found.texts)
        key = f"{entry.kind}{CONTEXT_ENDS}{entry.plain}" if entry.kind not in ("", "1", "n") else entry.plain
        kept[key] = filled(entry, words, level)  # type: ignore[index]
    return found


@lru_cache(maxsize=1)
def _samples() -> tuple[tuple[str, Entry], ...]:
    parted = (line.partition(": ") for line in lines("samples.txt"))
    return tuple((term, read_entry(text)) for term, _colon, text in parted)


def samples_of(term: str, own: Vocabulary) -> list[str]:
    """Sentences in which the term's word stands, with the words."""
    return [filled(entry, dict(own)) for key, entry in _samples() if key == term]
