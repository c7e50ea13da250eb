"""What a reader would ask about a goal while it is written. Pure: no Django.

It is advice and stops nothing; what adoption needs is in `goals.smart`. The sentences are in the templates. How the
rules do on real goals is in docs/smart-advice.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from goals.advice_words import (
    CHANGES,
    DATES,
    EFFORT_NOUNS,
    EFFORTS,
    GROUP_LENGTHS,
    GROUPS,
    LEVELS,
    MEASURED,
    MEASURED_ENDINGS,
    VAGUE,
)

MOST_WORDS = 22
MOST_READ = 5_000  # characters of one field; nobody is advised on more


class Rule(StrEnum):
    """One question, in the order they are shown."""

    VAGUE = "vague"
    ACTIVITY = "activity"
    SEVERAL = "several"
    TOO_LONG = "too_long"
    NO_GROUP = "no_group"
    NO_NUMBER = "no_number"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: in which field, from and to which character. What is lacking stands nowhere: 0 to 0."""

    rule: Rule
    field: str
    start: int = 0
    end: int = 0
    words: str = ""


Span = tuple[Rule, int, int]


def _any_of(words: Iterable[str], before: str = r"\b", after: str = r"\b") -> re.Pattern[str]:
    return re.compile(before + "(?:" + "|".join(words) + ")" + after)


_VAGUE = _any_of(VAGUE)
_LEVEL = _any_of(LEVELS)
_DATE = _any_of(DATES)
_PER_HEAD = re.compile(r"\b(?:pr\.?|per) (?:borger|indbygger)\b")  # a way of counting, nobody in particular
_COUNTED = r"(?:flere|færre|nye|ekstra|kr|mio|borgere|boliger|personer|tons?|hektar|ha|timer|dage|elever|\w*pladser)\b"
_YEAR = re.compile(rf"(?<![\d.,])(?:19|20)\d\d(?:\s?[/–-]\s?(?:20)?\d\d)?(?![\d%])(?!\s*(?:%|pct|procent|{_COUNTED}))")
# Years that say nothing of when: those in a plan's name, and those compared with.
_PLAN = re.compile(
    r"\b\w*(?:plan|politik|strategi|budget|aftale|vision)\w* (?:19|20)\d\d(?:\s?[/–-]\s?(?:20)?\d\d)?"
    r"|\b(?:i forhold til|sammenlignet med|siden) (?:\w+ )?(?:19|20)\d\d",
)
_THOSE = re.compile(r"\b(?:alle|dem|de),? (?:der|som) \w+")
# Ages, classes, spans of time and names with a digit say nothing of how much.
_NO_AMOUNT = re.compile(
    r"\b\d{1,3}\s?[-–]\s?\d{1,3}\s?[-–]?\s?år\w*|\b\d{1,3}\+?[\s-]*årige?s?|\b(?:over|under|fra|mindst) \d{1,3} år\b"
    r"|\b(?:næste|kommende) \d{1,3} \w+|\binden for \d{1,3} \w+"
    r"|\b\d{1,2}\.?(?:\s?[-–]\s?\d{1,2}\.?)? ?(?:klasse\w*|kl\.|kvartal)"
    r"|\bco2\w*|\bmindst \d{1,2} i (?:dansk|matematik)|\b(?:verdensmål|\w*mål|punkt|nr\.?|side) \d{1,3}|\bdk2020",
)
_AMOUNT = re.compile(r"\d")

_OPENING = (
    r"^\W*(?:det er (?:\w+ ){1,3}mål,? )?(?:(?:vi|kommunen|byrådet|regionen|udvalget|centret|[\w-]+ kommune|region \w+)"
    r" (?:vil |skal |ønsker at |arbejder for at )?)?(?:(?:fortsat|løbende|aktivt|at) )*"
)
_EFFORT = re.compile(
    _OPENING + rf"(?P<words>(?:{'|'.join(EFFORTS)})r?\b|(?:{'|'.join(EFFORT_NOUNS)}) af\b"
    rf"|(?:skal )?der (?:{'|'.join(EFFORTS)}|skabe)s\b|skabe (?:plads|rammer|mulighed\w*|grundlag)\b"
    r"|der er et (?:godt|tæt) samarbejde\b)",
)
_PASSIVE = re.compile(
    rf"\b(?:skal|bliver|kan) (?:\w+ )?(?P<words>(?:{'|'.join(EFFORTS)})s)\b"
    rf"|\b(?P<done>(?:{'|'.join(EFFORTS)})s)\b"
    r"|\b(?P<offer>(?:har|får|gives|tilbydes) (?:et )?tilbud om|øge indsatsen)\b",
)

_WORD = re.compile(r"[\w-]+")
_MEASURED = rf"(?:(?:{'|'.join(MEASURED)})|\w+(?:{'|'.join(MEASURED_ENDINGS)}))"
_PAIR = re.compile(rf"\b{_MEASURED}(?:, (?:\w+ )?\w+){{0,3}},? (?:og|samt) (?:(?:\w+ )?{_MEASURED})\b")
_SKILLS = re.compile(r"\b(?:læse og (?:regne|skrive)|by- og \w+|tilliden til og)\b")
_CLAUSES = re.compile(
    r"\b(?:og|samt) (?:at (?=\w)|(?:andelen|antallet|gennemsnittet) |i (?:19|20)\d\d )"
    r"|\bog (?:mindst |højst )?\d[\d.,]{0,8}\s?(?:%|pct\.?|procent) (?!i (?:19|20))"
    r"|, og (?:der|de|den|det|vi|kommunen|flere|færre) |\b\w+ere, \w+ere og mere \w+|\b(?!børn)\w{3,}es og \w{3,}es\b"
    r"|\bhvoraf \d"
    r"|(?:og|samt) \w+(?:itet|hed) i (?:19|20)\d\d",
)
_CHANGE = {word: number for number, words in enumerate(CHANGES) for word in words}


def advise(title: str, answers: Mapping[str, str]) -> list[Finding]:
    """Everything a reader would ask, in the order of `Rule`. An empty title is not read yet."""
    title = title[:MOST_READ]
    if not title.strip():
        return []
    small = _small(title)
    said = {name: _small(text[:MOST_READ]) for name, text in answers.items()}
    spans = [*_vague(small), *_activity(small), *_several(small), *_too_long(small)]
    found = [Finding(rule, "title", start, end, title[start:end].strip()) for rule, start, end in spans]
    found += _missing(small, said)
    return sorted(found, key=lambda finding: list(Rule).index(finding.rule))


def _small(text: str) -> str:
    """The text in small letters, none of them moved: a pattern that asks for one case is read in half the time."""
    small = text.lower()
    # One capital in the world becomes two characters; it stays as it is.
    return small if len(small) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _vague(title: str) -> list[Span]:
    return [(Rule.VAGUE, *match.span()) for match in _VAGUE.finditer(title)]


def _activity(title: str) -> list[Span]:
    for match in filter(None, (_EFFORT.search(title), _PASSIVE.search(title))):
        return [(Rule.ACTIVITY, *match.span(match.lastgroup or 0))]
    return []


def _several(title: str) -> list[Span]:
    for pattern in (_CLAUSES, _PAIR, _SKILLS):
        if match := pattern.search(title):
            return [(Rule.SEVERAL, *match.span())]
    return _two_changes(title)


def _two_changes(title: str) -> list[Span]:
    """Two verbs that change different things, with an "og" between them."""
    first: tuple[int, re.Match[str]] | None = None
    is_joined = False
    for word in _WORD.finditer(title):
        said = word.group()
        is_joined = is_joined or said in ("og", "samt")
        kind = _CHANGE.get(said)
        if kind is None:
            continue
        if first and is_joined and kind != first[0]:
            return [(Rule.SEVERAL, first[1].start(), word.end())]
        first, is_joined = (kind, word), False
    return []


def _too_long(title: str) -> list[Span]:
    further = next(islice(_WORD.finditer(title), MOST_WORDS, None), None)
    return [(Rule.TOO_LONG, further.start(), len(title))] if further is not None else []


def _missing(title: str, answers: Mapping[str, str]) -> list[Finding]:
    """What neither the wording nor the answer to the question about it says."""
    asked = (
        (Rule.NO_GROUP, "specific", has_group),
        (Rule.NO_NUMBER, "measurable", has_number),
        (Rule.NO_DATE, "timed", has_date),
    )
    found = []
    for rule, field, says in asked:
        answer = answers.get(field, "").strip()
        if not says(title) and not says(answer):
            found.append(Finding(rule, field if answer else "title"))
    return found


def has_group(text: str) -> bool:
    """Whether people, or those who act together, are named. The text is in small letters."""
    if _THOSE.search(text):
        return True
    words = set(_WORD.findall(_PER_HEAD.sub(" ", text)))
    return any(word[-length:] in GROUPS for word in words for length in GROUP_LENGTHS)


def has_number(text: str) -> bool:
    """Whether a level or a size of change is stated, in small letters. Years, ages and classes are none."""
    if _LEVEL.search(text):
        return True
    return bool(_AMOUNT.search(_NO_AMOUNT.sub(" ", _YEAR.sub(" ", text))))


def has_date(text: str) -> bool:
    """Whether it says by when, or how often, in small letters. Years in a plan's name or compared with are no date."""
    return bool(_DATE.search(text) or _YEAR.search(_PLAN.sub(" ", text)))
