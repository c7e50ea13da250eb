"""The catalogue holds each text of the application in which a word stands that an authority may exchange."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation.words.catalogue import AGREEING, Mark, MarkError, entries, filled, lines, read_entry
from organisation.words.terms import (
    BY_KEY,
    DEFAULT,
    FORMS,
    GOAL,
    Gender,
    Level,
    Word,
    genitive,
    stored,
    suggested,
    vocabulary,
)
from tests.marked_texts import bare_texts, texts

pytestmark = pytest.mark.once


def parted(line: str) -> tuple[str, str]:
    """Gettext's context, if any, and the text."""
    found = re.match(r"(1|n|[a-zæøå]{2,})\| ", line)
    return (found[1], line[found.end() :]) if found else ("", line)


EXCEPTED = {(entry_kind, text.replace("\\n", "\n")) for entry_kind, text in map(parted, lines("unmarked.txt"))}


def forms_of(word: Word) -> set[str]:
    return {form for one in word.forms().values() for form in (one, genitive(one))}


OUR_FORMS = {form for term in BY_KEY.values() for form in forms_of(term.word)}
OURS = re.compile(rf"(?<![\wæøå-])({'|'.join(sorted(OUR_FORMS, key=len, reverse=True))})(?![\wæøå-])", re.IGNORECASE)


def test_each_text_with_a_word_of_ours_is_marked():
    known = {(entry.kind, entry.plain) for entry in entries()}
    missing = {
        f"{kind}| {text}" if kind else text: where
        for kind, text, where in texts()
        if OURS.search(text) and (kind, text) not in known and (kind, text) not in EXCEPTED
    }
    ready = "\n".join(f"# {where}\n{proposed(line)}" for line, where in missing.items())
    assert not missing, f"Look at each, and put it into organisation/words/catalogue.txt (or unmarked.txt):\n{ready}"


def test_no_template_says_a_word_of_ours_beside_gettext():
    """But the page that stands when nothing works, and the names of columns in a file."""
    said = {where.partition(":")[0] for text, where in bare_texts() if OURS.search(text)}
    assert said == {"templates/500.html", "templates/organisation/people_import.html"}


def proposed(line: str) -> str:
    """The line with a mark round each of our words, for somebody to read over: plural, level and gender are guesses."""

    def marked(found: re.Match[str]) -> str:
        text = found[0]
        term = next(term for term in BY_KEY.values() if text.lower() in forms_of(term.word))
        alike = text.lower() in (term.word.one, genitive(term.word.one)) and term.word.one == term.word.many
        plural = "+" if alike and not re.search(r"\b(et|intet|nyt|hvert|dette|eget)\s$", line[: found.start()]) else ""
        here = "@" if term.key == GOAL and text.lower() in (term.word.the, genitive(term.word.the)) else ""
        return f"[{text}:{term.key}{here}{plural}]"

    return OURS.sub(marked, line).replace("\n", "\\n")


def test_nothing_is_marked_that_is_said_nowhere():
    said = {(kind, text) for kind, text, _where in texts()}
    assert [entry.plain for entry in entries() if (entry.kind, entry.plain) not in said] == []
    assert said >= EXCEPTED


def test_no_text_is_marked_twice():
    counted = Counter((entry.kind, entry.plain) for entry in entries())
    assert [key for key, count in counted.items() if count > 1] == []


def test_our_own_words_give_the_text_itself():
    assert [entry.plain for entry in entries() if filled(entry, dict(DEFAULT)) != entry.plain] == []


def test_each_of_our_words_in_a_text_is_marked():
    """Also the second one in a sentence."""
    rest = {"".join(part if isinstance(part, str) else "§" for part in entry.parts) for entry in entries()}
    assert [text for text in rest if OURS.search(text)] == []


def test_what_agrees_with_a_word_is_of_its_level():
    """`hvert … mål` must not have the gender of another level's word."""
    for entry in entries():
        marks = [part for part in entry.parts if isinstance(part, Mark)]
        for before, after in pairwise(marks):
            at = entry.parts.index(before)
            between = entry.parts[at + 1]
            is_one_phrase = isinstance(between, Mark) or re.fullmatch(r" (\w+ )?", between)
            if not before.form and after.form and before.term == after.term and is_one_phrase:
                assert before.level == after.level, entry.plain


AMBITION = suggested("ambition", Gender.COMMON)
GUIDE = suggested("pejlemærke", Gender.NEUTER)


def test_gender_number_level_and_capitals():
    words = dict(vocabulary({GOAL: stored(AMBITION), "goal.council": stored(GUIDE)}))

    def said(line, level=None):
        return filled(read_entry(line), words, level)

    assert said("Vælg [et:goal] [mål:goal].") == "Vælg en ambition."
    assert said("[Nyt:goal] [mål:goal]") == "Ny ambition"
    assert said("[Målet:goal@] er vedtaget, og [det:goal@] gælder") == "Ambitionen er vedtaget, og den gælder"
    assert said("[Målet:goal@] er vedtaget", Level.COUNCIL) == "Pejlemærket er vedtaget"
    assert said("[Målet:goal@] er vedtaget", Level.UNIT) == "Ambitionen er vedtaget"
    assert said("Byrådets [mål:goal@council+]", Level.UNIT) == "Byrådets pejlemærker"
    assert said("n| %(n)s [mål:goal+]") == "%(n)s ambitioner" and said("1| %(n)s [mål:goal]") == "%(n)s ambition"
    assert said("[målenes:goal] status") == "ambitionernes status"


def test_the_council_s_goals_are_called_as_goals_until_they_get_a_word():
    words = dict(vocabulary({GOAL: stored(AMBITION)}))
    assert words["goal.council"] == words["goal.unit"] == AMBITION
    assert dict(vocabulary({}, of_region=True))["council"].the == "regionsrådet"


@pytest.mark.parametrize(
    "line",
    ["Vælg et mål", "Vælg [et mål:gaol]", "[Målet:goal+] er", "[mål:goal@board]", "[strategi:strategy@]"],
)
def test_a_line_that_cannot_be_read_is_refused(line):
    with pytest.raises(MarkError):
        read_entry(line)


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=2, max_size=20)
WORDS = st.builds(Word, st.sampled_from(Gender), LETTERS, LETTERS, LETTERS, LETTERS)


@given(WORDS, st.sampled_from([None, *Level]))
def test_whatever_the_word_is_every_text_is_whole(word, level):
    """Places for values and tags are as before, and nothing of the marks is left."""
    words = dict(vocabulary({GOAL: stored(word), "council": stored(word)}))
    for entry in entries():
        text = filled(entry, words, level)
        for pattern in (r"%\(\w+\)s|%[sd]|%%", r"<[^>]*>"):
            assert re.findall(pattern, text) == re.findall(pattern, entry.plain)
        assert "[" not in text and "@" not in text


@pytest.mark.parametrize(
    ("one", "gender", "rest"),
    [
        ("pejlemærke", Gender.NEUTER, "pejlemærket pejlemærker pejlemærkerne"),
        ("ambition", Gender.COMMON, "ambitionen ambitioner ambitionerne"),
        ("målsætning", Gender.COMMON, "målsætningen målsætninger målsætningerne"),
        ("effektmål", Gender.NEUTER, "effektmålet effektmål effektmålene"),
        ("løfte", Gender.NEUTER, "løftet løfter løfterne"),
        ("strategi", Gender.COMMON, "strategien strategier strategierne"),
        ("center", Gender.NEUTER, "centret centre centrene"),
        ("politiker", Gender.COMMON, "politikeren politikere politikerne"),
        ("sundhedsråd", Gender.NEUTER, "sundhedsrådet sundhedsråd sundhedsrådene"),
        ("indsatsområde", Gender.NEUTER, "indsatsområdet indsatsområder indsatsområderne"),
        ("fyrtårn", Gender.NEUTER, "fyrtårnet fyrtårne fyrtårnene"),
        ("ledestjerne", Gender.COMMON, "ledestjernen ledestjerner ledestjernerne"),
        ("kommunalbestyrelse", Gender.COMMON, "kommunalbestyrelsen kommunalbestyrelser kommunalbestyrelserne"),
        ("magistrat", Gender.COMMON, "magistraten magistrater magistraterne"),
    ],
)
def test_suggested_forms(one, gender, rest):
    """As the Danish dictionary has them."""
    assert suggested(one, gender) == Word(gender, one, *rest.split())


def test_what_a_genitive_adds():
    assert [genitive(form) for form in ("mål", "indsats", "fokus")] == ["måls", "indsats’", "fokus’"]


def test_words_that_agree_go_both_ways():
    for ours, theirs in ((Gender.NEUTER, Gender.COMMON), (Gender.COMMON, Gender.NEUTER)):
        assert all(AGREEING[theirs][there] == here for here, there in AGREEING[ours].items())


def test_every_form_of_ours_reads_as_itself():
    for term in BY_KEY.values():
        if term.like:
            continue
        for name in FORMS:
            form = getattr(term.word, name)
            plural = "+" if name in ("many", "all") else ""
            mark = read_entry(f"[{form}:{term.key}{plural}]").parts[0]
            assert isinstance(mark, Mark) and getattr(term.word, mark.form) == form
