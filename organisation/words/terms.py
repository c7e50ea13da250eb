"""The words an authority may exchange for its own, with gender and four forms each. Pure: no Django."""

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from typing import Any

LONGEST = 40


class Gender(StrEnum):
    """The article: *et* or *en*."""

    NEUTER = "et"
    COMMON = "en"


class Level(StrEnum):
    """Whose goals: they may be called otherwise than goals in general."""

    COUNCIL = "council"
    COMMITTEE = "committee"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Word:
    """A noun: `et`, mål, målet, mål, målene. The genitives follow from the forms."""

    gender: Gender
    one: str
    the: str
    many: str
    all: str

    def forms(self) -> Mapping[str, str]:
        """one, the, many and all."""
        return {name: getattr(self, name) for name in FORMS}


FORMS = ("one", "the", "many", "all")


def genitive(form: str) -> str:
    """`målets`; after s, x and z an apostrophe."""
    return f"{form}’" if form[-1:].lower() in ("s", "x", "z") else f"{form}s"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing with a word of its own. `like` is the term whose word it has until it gets one itself.

    `slug` is what it is called in addresses, whatever the authority calls it.
    """

    key: str
    slug: str
    word: Word
    like: str = ""
    of_region: Word | None = None


def _word(text: str) -> Word:
    gender, *forms = text.split()
    return Word(Gender(gender), *forms)


GOAL = "goal"
_GOAL = _word("et mål målet mål målene")
TERMS = (
    Term(GOAL, "maal", _GOAL),
    Term("goal.council", "byraadets-maal", _GOAL, like=GOAL),
    Term("goal.committee", "udvalgenes-maal", _GOAL, like=GOAL),
    Term("goal.unit", "enhedernes-maal", _GOAL, like=GOAL),
    Term("subgoal", "delmaal", _word("et delmål delmålet delmål delmålene")),
    Term("strategy", "strategi", _word("en strategi strategien strategier strategierne")),
    Term("focus_area", "fokusomraade", _word("et fokusområde fokusområdet fokusområder fokusområderne")),
    Term(
        "council",
        "byraad",
        _word("et byråd byrådet byråd byrådene"),
        of_region=_word("et regionsråd regionsrådet regionsråd regionsrådene"),
    ),
    Term(
        "finance_committee",
        "oekonomiudvalg",
        _word("et økonomiudvalg økonomiudvalget økonomiudvalg økonomiudvalgene"),
        of_region=_word("et forretningsudvalg forretningsudvalget forretningsudvalg forretningsudvalgene"),
    ),
    Term("committee", "udvalg", _word("et udvalg udvalget udvalg udvalgene")),
    Term("directorate", "forvaltning", _word("en forvaltning forvaltningen forvaltninger forvaltningerne")),
    Term("department", "afdeling", _word("en afdeling afdelingen afdelinger afdelingerne")),
    Term("goal_consultant", "maalkonsulent", _word("en målkonsulent målkonsulenten målkonsulenter målkonsulenterne")),
)
BY_KEY = {term.key: term for term in TERMS}
BY_SLUG = {term.slug: term for term in TERMS}

# What is said of an authority: each term and its word.
Vocabulary = tuple[tuple[str, Word], ...]


def vocabulary(own: Mapping[str, Any], *, of_region: bool = False) -> Vocabulary:
    """Every term with its word: the authority's own, the one of the term it is like, or ours.

    `own`: the stored words, of each a mapping with gender and forms. What is no longer a term is left out.
    """
    found: dict[str, Word] = {}
    for term in TERMS:
        if term.key in own:
            found[term.key] = stored_word(own[term.key])
        elif term.like:
            found[term.key] = found[term.like]
        else:
            found[term.key] = default_word(term, of_region=of_region)
    return tuple(found.items())


def default_word(term: Term, *, of_region: bool = False) -> Word:
    """The term's word until an authority chooses another."""
    return term.of_region if of_region and term.of_region else term.word


def stored_word(stored: Mapping[str, str]) -> Word:
    """A word as `stored` wrote it."""
    return Word(Gender(stored["gender"]), *(stored[name] for name in FORMS))


def stored(word: Word) -> dict[str, str]:
    """A word as it is stored."""
    return {field.name: str(value) for field, value in zip(fields(word), astuple(word), strict=True)}


DEFAULT = vocabulary({})
_WORD = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")


def problem(form: str) -> str | None:
    """What is wrong with a form, as a key: blank, too_long or letters. Only letters, with single blanks and hyphens
    between: no figures, no signs."""
    if not form:
        return "blank"
    if len(form) > LONGEST:
        return "too_long"
    return None if _WORD.fullmatch(form) else "letters"


# Last parts of compounds whose forms no rule below would give: the, many, all.
_KNOWN = {
    "mål": ("målet", "mål", "målene"),
    "råd": ("rådet", "råd", "rådene"),
    "udvalg": ("udvalget", "udvalg", "udvalgene"),
    "tiltag": ("tiltaget", "tiltag", "tiltagene"),
    "spor": ("sporet", "spor", "sporene"),
    "løft": ("løftet", "løft", "løftene"),
    "tegn": ("tegnet", "tegn", "tegnene"),
    "greb": ("grebet", "greb", "grebene"),
    "træk": ("trækket", "træk", "trækkene"),
    "krav": ("kravet", "krav", "kravene"),
    "center": ("centret", "centre", "centrene"),
    "område": ("området", "områder", "områderne"),
    "princip": ("princippet", "principper", "principperne"),
    "program": ("programmet", "programmer", "programmerne"),
    "organ": ("organet", "organer", "organerne"),
    "kontor": ("kontoret", "kontorer", "kontorerne"),
    "hold": ("holdet", "hold", "holdene"),
    "tårn": ("tårnet", "tårne", "tårnene"),
    "skib": ("skibet", "skibe", "skibene"),
    "hus": ("huset", "huse", "husene"),
    "punkt": ("punktet", "punkter", "punkterne"),
    "tema": ("temaet", "temaer", "temaerne"),
}


def suggested(one: str, gender: Gender) -> Word:
    """The forms as most such words have them; people read them over."""
    for last in sorted(_KNOWN, key=len, reverse=True):
        if one.lower().endswith(last) and gender == Gender.NEUTER:
            stem = one[: len(one) - len(last)]
            return Word(gender, one, *(stem + form for form in _KNOWN[last]))
    ending = "t" if gender == Gender.NEUTER else "n"
    if one.endswith("e"):
        return Word(gender, one, f"{one}{ending}", f"{one}r", f"{one}rne")
    the = f"{one}e{ending}"
    if gender == Gender.COMMON and one.endswith("er"):
        return Word(gender, one, the, f"{one}e", f"{one}ne")
    return Word(gender, one, the, f"{one}er", f"{one}erne")
