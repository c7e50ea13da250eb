"""Persons' own goals in plain values: the code of a slip, who came how far, and what of it may be shown.

Pure: no Django.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from citizens.kinds import LEAST_SHOWN

# Crockford's 32 signs: none is taken for another when it is written by hand. 12 of them are 60 bits: with a million
# slips out and a guess a second, a guesser waits 36,000 years; and what is found is two numbers without a name.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
_ALIKE = str.maketrans("OILU", "011V")
KEPT_YEARS = 5
LEAST_PERSONS = 4  # of persons who have begun and not ended, a plain count


# ---- the slip --------------------------------------------------------------------------------------------------------


def code_of(nonce: str, secret: str) -> str:
    """The code that belongs to a form that was handed out: the same however often it is sent.

    Nothing of the nonce is stored, so no row leads back to the code.
    """
    digest = hmac.new(secret.encode(), nonce.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))


def read_code(text: str) -> str:
    """The code as somebody wrote it: in groups or not, in small letters, with letters for figures that look alike."""
    return "".join(sign for sign in text.upper() if sign.isalnum()).translate(_ALIKE)


def is_code(code: str) -> bool:
    """Whether it is formed as a code, whole."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def written(code: str) -> str:
    """The code in groups, as on the slip: `K7QM-2XPA-9TRD`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def hash_of_code(code: str) -> str:
    """What is stored of a code until its goal has ended."""
    return hashlib.sha256(f"own goal {code}".encode()).hexdigest()


# ---- who rose --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ended:
    """One goal that has ended."""

    category: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many ended, and how many of them rose enough; `risen` None: not shown, nor is `n` then."""

    n: int | None
    risen: int | None

    @property
    def is_shown(self) -> bool:
        return self.n is not None


HIDDEN = Share(None, None)


def share_of(ended: Iterable[Ended], least_rise: int) -> Share:
    """Of those who ended, how many rose at least so many steps. Nothing is hidden here."""
    rows = list(ended)
    return Share(len(rows), sum(one.end - one.start >= least_rise for one in rows))


def is_showable(share: Share, least: int = LEAST_SHOWN) -> bool:
    """Whether the share tells of nobody: enough ended, and not all of them alike."""
    assert share.n is not None
    assert share.risen is not None
    return share.n >= least and 0 < share.risen < share.n


def shown_total(ended: Iterable[Ended], least_rise: int, *, least: int = LEAST_SHOWN) -> Share:
    """The share of all who ended, or nothing."""
    share = share_of(ended, least_rise)
    return share if is_showable(share, least) else HIDDEN


def by_category(
    ended: Sequence[Ended], categories: Sequence[str], least_rise: int, *, least: int = LEAST_SHOWN
) -> dict[str, Share]:
    """The share of each category, as far as it may stand beside the total.

    What is hidden is at least two categories together: their sum, total less what is shown, must itself be showable.
    Categories in which nobody ended are shown as none.
    """
    if not is_showable(share_of(ended, least_rise), least):
        return dict.fromkeys(categories, HIDDEN)
    whole = {name: share_of([one for one in ended if one.category == name], least_rise) for name in categories}
    filled = [name for name in categories if whole[name].n]
    hidden = {name for name in filled if not is_showable(whole[name], least)}
    while hidden and not _is_covered([whole[name] for name in hidden], least):
        rest = [name for name in filled if name not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda name: (whole[name].n or 0, name)))
    return {name: HIDDEN if name in hidden else whole[name] for name in categories}


def _is_covered(hidden: Sequence[Share], least: int) -> bool:
    """Whether the sum of the hidden, which anybody can subtract, tells of nobody."""
    together = Share(sum(one.n or 0 for one in hidden), sum(one.risen or 0 for one in hidden))
    return len(hidden) >= 2 and is_showable(together, least)


# ---- days ------------------------------------------------------------------------------------------------------------


def kept_until(today: date, years: int = KEPT_YEARS) -> date:
    """What ended on this day or earlier is deleted today: `years` have passed."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February: counted as passed the day before
        return today.replace(year=today.year - years, day=28)
