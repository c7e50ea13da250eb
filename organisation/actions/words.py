"""What an authority calls things."""

import json
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from organisation.actions.history import record
from organisation.models import Authority, User
from organisation.words.speaking import words_in_force
from organisation.words.terms import BY_KEY, Word, stored

VERB = "words_changed"


class WordsChanged(Exception):
    """Somebody else has changed the words since they were shown."""


def mark_of(authority: Authority) -> str:
    """Another text after each change of the authority's words."""
    return sha256(json.dumps(authority.words, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def save_word(authority: Authority, term: str, word: Word | None, *, seen: str, by: User, now: datetime) -> Authority:
    """Store the authority's word for the term; None, or the word it would have anyhow, ends having one of its own.

    `seen`: `mark_of` the words that were changed; WordsChanged when they are others by now.
    """
    held = Authority.objects.select_for_update().get(pk=authority.pk)
    if mark_of(held) != seen:
        raise WordsChanged
    before = _said(held, term)
    held.words.pop(term, None)
    if word is not None and dict(words_in_force(held))[term] != word:
        held.words[BY_KEY[term].key] = stored(word)
    held.save(update_fields=["words"])
    after = _said(held, term)
    if before != after:
        record(held, VERB, authority=held, by=by, now=now, changes={term: (before, after)})
    return held


def _said(authority: Authority, term: str) -> str:
    word = dict(words_in_force(authority))[term]
    return f"{word.gender} {', '.join(word.forms().values())}"
