"""What must not be kept of what citizens write: CPR numbers, and words that look like names of persons.
Pure: no Django.

Modulus 11 is not asked: numbers without it have been given out since 2007.
"""

import re
import unicodedata
from dataclasses import dataclass

from citizens.first_names import (
    AMBIGUOUS,
    FAMILY_NAMES,
    FIRST_NAMES,
    NOT_NAMES,
    PLACES,
    TITLES,
    WORDS_IN_SMALL_LETTERS,
)

MASK = "[CPR-nummer slettet]"
_DASH = r"\-" + "\u2010\u2011\u2012\u2013\u2014\u2212/"
_BLANK = " \u00a0\u2007\u2009\u202f\t"
_PART = rf"[{_BLANK}]?[.{_DASH}]?[{_BLANK}]?"
_LAST = rf"[{_BLANK}]{{0,3}}[.{_DASH}]?[{_BLANK}]{{0,3}}"
# A number is not part of a longer one, in one piece or in groups: telephone, EAN, bank account.
_CPR = re.compile(
    rf"(?<![\d+])(?<!\d[{_BLANK}.{_DASH}])"
    rf"(?P<day>\d\d){_PART}(?P<month>\d\d){_PART}"
    rf"(?:\d\d{_LAST}|(?:18|19|20)\d\d[{_BLANK}]?[{_DASH}][{_BLANK}]?)\d{{2}}[{_BLANK}]?\d{{2}}"
    rf"(?![{_BLANK}.{_DASH}]?\d)"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUBSTITUTE = 60  # added to the day in numbers given to people without a CPR number
_GIVEN_NAMES = FIRST_NAMES | AMBIGUOUS
_KEPT_CONTROLS = "\n\t"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?:…\n\"”»(–•-]\s*$")


def cleaned(text: str) -> str:
    """What was typed, composed (NFC), without control characters, invisible ones, and those that turn the direction."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        sign
        for sign in composed
        if sign in _KEPT_CONTROLS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Cn")
    )


def mask_cpr(text: str) -> tuple[str, int]:
    """The text with everything that looks like a CPR number replaced, and how many that was."""
    count = 0

    def masked(found: re.Match[str]) -> str:
        nonlocal count
        if not _is_day(int(found["day"]), int(found["month"])):
            return found[0]
        count += 1
        return MASK

    return _CPR.sub(masked, text), count


def _is_day(day: int, month: int) -> bool:
    if not 1 <= month <= 12:
        return False
    return 1 <= (day - _SUBSTITUTE if day > _SUBSTITUTE else day) <= _DAYS[month - 1]


def name_marks(text: str) -> list[str]:
    """The words that look like names of persons, each once, as they were written."""
    words = list(_WORD.finditer(text))
    marks = [_bare(word[0]) for number, word in enumerate(words) if _is_name(_Place(text, words, number))]
    return list(dict.fromkeys(marks))


@dataclass(frozen=True, slots=True)
class _Place:
    """A word where it stands."""

    text: str
    words: list[re.Match[str]]
    number: int

    def at(self, step: int) -> str:
        """The word so many further on (or back); empty where something else than blanks parts them."""
        low, high = sorted((self.number, self.number + step))
        if low < 0 or high >= len(self.words):
            return ""
        between = zip(self.words[low:high], self.words[low + 1 : high + 1], strict=True)
        if any(self.text[one.end() : other.start()].strip(" ") for one, other in between):
            return ""
        return _bare(self.words[self.number + step][0])

    @property
    def starts(self) -> bool:
        """Whether it begins a sentence, where every word has a capital."""
        begin = self.words[self.number].start()
        return bool(_SENTENCE_END.search(self.text[max(begin - 8, 0) : begin])) or begin == 0

    @property
    def names_place(self) -> bool:
        """Whether it is the first or second word of a road, a school or a home."""
        following = (self.at(1), self.at(2) if _is_capital(self.at(1)) else "")
        return any(_is_capital(word) and word.casefold() in PLACES for word in following)


def _is_name(place: _Place) -> bool:
    word = place.at(0)
    small = word.casefold()
    if small in NOT_NAMES or small in PLACES:
        return False
    return _looks_like_name(place, word, small) and not place.names_place


def _looks_like_name(place: _Place, word: str, small: str) -> bool:
    if _is_in(small, AMBIGUOUS):
        return _is_capital(word) and (not place.starts or _is_capital(place.at(1)) or _follows_title(place))
    if _is_in(small, FIRST_NAMES):
        return word[0].isupper() or not _is_in(small, WORDS_IN_SMALL_LETTERS)
    if _is_in(small, FAMILY_NAMES) and small.removesuffix("s").endswith("sen"):
        return True
    return _is_capital(word) and (_follows_title(place) or _is_family_name(place, small))


def _follows_title(place: _Place) -> bool:
    return place.at(-1).casefold() in TITLES


def _is_family_name(place: _Place, small: str) -> bool:
    """A known one inside a sentence, or any word with a capital right after a first name."""
    before = place.at(-1)
    after_first = _is_capital(before) and _is_in(before.casefold(), _GIVEN_NAMES)
    return not place.starts and (after_first or _is_in(small, FAMILY_NAMES))


def _is_capital(word: str) -> bool:
    """`Karen`, but not `KAREN` or `I`."""
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _bare(word: str) -> str:
    return word.rstrip(".")


def _is_in(word: str, names: frozenset[str]) -> bool:
    """Whether it is one of the names, also in the genitive, and of double names the first part."""
    first = word.replace("’", "'").split("-")[0]
    return first in names or first.removesuffix("s").rstrip("'") in names or first.removesuffix("'") in names
