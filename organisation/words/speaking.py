"""Texts in an authority's own words: gettext answers with them as long as the authority is spoken for.

Nothing is touched for authorities that have no words of their own, nor in other languages than Danish.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

from organisation.models.authority import Authority
from organisation.models.unit import Unit, UnitKind
from organisation.words.catalogue import all_filled
from organisation.words.terms import Level, Vocabulary, Word, vocabulary

OURS = "da"
LEVELS = {
    UnitKind.COUNCIL: Level.COUNCIL,
    UnitKind.FINANCE_COMMITTEE: Level.COMMITTEE,
    UnitKind.COMMITTEE: Level.COMMITTEE,
}


class OwnWords:
    """Django's Danish, with the texts of an authority's words before its own."""

    def __init__(self, base: Any, words: Vocabulary, level: Level | None = None) -> None:
        self.base, self.words, self.level = base, words, level
        self.filled = all_filled(words, level)

    def gettext(self, message: str) -> str:
        """The text; with a context it begins with that."""
        found = self.filled.texts.get(message)
        return self.base.gettext(message) if found is None else found

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """One of the two texts."""
        one = number == 1
        message = singular if one else plural
        found = (self.filled.ones if one else self.filled.manys).get(message) or self.filled.texts.get(message)
        return self.base.ngettext(singular, plural, number) if found is None else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.base, name)


def words_in_force(authority: Authority, own: Mapping[str, Any] | None = None) -> Vocabulary:
    """Every term with the authority's word; `own`: those it once had."""
    kept = authority.words if own is None else own
    return _vocabulary(authority.kind == Authority.Kind.REGION, json.dumps(kept, sort_keys=True))


def word_of(authority: Authority, term: str, level: Level | None = None) -> Word:
    """What the authority calls the thing; `level`: whose, of goals."""
    return dict(words_in_force(authority))[f"{term}.{level}" if level else term]


@lru_cache(maxsize=256)
def _vocabulary(of_region: bool, own: str) -> Vocabulary:
    return vocabulary(json.loads(own), of_region=of_region)


def level_of(unit: Unit) -> Level:
    """Whose goals the unit's are."""
    return LEVELS.get(UnitKind(unit.kind), Level.UNIT)


def speak_for(authority: Authority | None, level: Level | None = None, *, own: Mapping[str, Any] | None = None) -> None:
    """From here on, texts are in the authority's words, until `heard` or `words_of` ends.

    `level`: whose goals the texts are about. `own`: the words it once had, in the place of those it has.
    """
    active = getattr(trans_real._active, "value", None)
    if authority is not None and _has_own(authority, own):
        base = _base(active)
        if base.to_language() == OURS:
            trans_real._active.value = OwnWords(base, words_in_force(authority, own), level)
    elif isinstance(active, OwnWords):
        trans_real._active.value = active.base


def _has_own(authority: Authority, own: Mapping[str, Any] | None) -> bool:
    return bool(authority.words if own is None else own) or authority.kind == Authority.Kind.REGION


def speak_of(unit: Unit) -> None:
    """The page is about goals of the unit: from here on, they are called what its level calls them."""
    active = getattr(trans_real._active, "value", None)
    if isinstance(active, OwnWords):
        trans_real._active.value = OwnWords(active.base, active.words, level_of(unit))


@contextmanager
def heard() -> Iterator[None]:
    """Whoever is spoken for meanwhile, afterwards it is as before. Also for `translation.override`, which forgets."""
    before = getattr(trans_real._active, "value", None)
    try:
        yield
    finally:
        if before is None:
            if hasattr(trans_real._active, "value"):
                del trans_real._active.value
        else:
            trans_real._active.value = before


@contextmanager
def words_of(authority: Authority | None, about: Unit | None = None) -> Iterator[None]:
    """Meanwhile, texts are in the authority's words; `about`: the unit or body whose goals are spoken of."""
    with heard():
        speak_for(authority, level_of(about) if about is not None else None)
        yield


def _base(active: Any) -> Any:
    if active is None:
        return trans_real.translation(settings.LANGUAGE_CODE)
    return active.base if isinstance(active, OwnWords) else active
