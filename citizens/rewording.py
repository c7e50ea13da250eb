"""Whether a text repeats what somebody wrote. What citizens write is never published in their own words. Pure.

Words are compared, not letters: case, punctuation and line breaks make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

# A run of so many words in a row is the citizen's own wording; fewer are common turns of phrase.
LONGEST_RUN = 5
# A comment of fewer words stands in many texts by chance.
LEAST_WHOLE = 3
# Of the words that carry meaning, the share that may be the comment's. Their order makes no difference.
MOST_SHARED = 0.8
LEAST_CARRYING = 3
CARRYING = 4  # letters of a word that carries meaning

_WORD = re.compile(r"\w+")


class Repeats(StrEnum):
    """How a text repeats another."""

    WHOLE = "whole"  # all that was written stands in it
    RUN = "run"  # many words in a row
    WORDS = "words"  # the same words in another order


def words_of(text: str) -> list[str]:
    """The words as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def repeated(text: str, originals: Iterable[str], *, longest_run: int = LONGEST_RUN) -> Repeats | None:
    """How the text repeats one of the originals; None when it repeats none. Takes a moment for thousands of them."""
    words = words_of(text)
    runs = set(_runs(words, longest_run))
    padded = f" {' '.join(words)} "
    for original in map(words_of, originals):
        is_within = len(original) >= LEAST_WHOLE and " ".join(["", *original, ""]) in padded
        if is_within or (original and original == words):
            return Repeats.WHOLE
        if not runs.isdisjoint(_runs(original, longest_run)):
            return Repeats.RUN
    return None


def reworded(text: str, original: str) -> Repeats | None:
    """How a rewritten quote still repeats the comment that it was made of; None when it is in other words."""
    found = repeated(text, [original])
    if found is not None:
        return found
    mine, theirs = _carrying(words_of(text)), _carrying(words_of(original))
    if len(mine) >= LEAST_CARRYING and len(mine & theirs) >= MOST_SHARED * len(mine):
        return Repeats.WORDS
    return None


def _runs(words: Sequence[str], length: int) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _carrying(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word) >= CARRYING}


def only_cuts(text: str, original: str) -> bool:
    """Whether the text is the original with words taken out, `[…]` or nothing in their place: nothing is added."""
    left = iter(words_of(original))
    return all(word in left for word in words_of(text))
