"""How often something comes back, in plain Danish words and as a rule of RFC 5545. Pure: no Django.

What the words leave open, the first time gives: `hvert kvartal` from Wednesday 6 May 2026 is the first Wednesday of
every third month.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil import rrule as rfc

from followup.workdays import Workdays
from organisation.danish import join_words

LAST = -1  # the last weekday of the month; also the fifth, which not every month has
_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_ORDINALS = {"1.": 1, "første": 1, "2.": 2, "anden": 2, "andet": 2, "3.": 3, "tredje": 3, "4.": 4, "fjerde": 4,
             "sidste": LAST}  # fmt: skip


class Step(StrEnum):
    """What a recurrence counts in."""

    WEEK = "week"
    MONTH = "month"


class RecurrenceError(ValueError):
    """Words that say no recurrence. `key` is recurrence_empty or recurrence_unknown; `text` what was written."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}")
        self.key, self.text = key, text


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every so many weeks or months, or in named months; on a weekday, in months its first to fourth or last."""

    step: Step
    every: int = 1
    weekday: int | None = None  # Monday is 0; None: that of the first time
    ordinals: tuple[int, ...] = ()  # in months, with a weekday; empty: that of the first time
    months: tuple[int, ...] = ()  # empty: counted from the first time

    def __post_init__(self) -> None:
        object.__setattr__(self, "months", tuple(sorted(set(self.months))))
        object.__setattr__(self, "ordinals", tuple(sorted(set(self.ordinals), key=lambda n: (n == LAST, n))))


# The rhythms without any more words; the first of each is the canonical one.
_RHYTHMS: tuple[tuple[Recurrence, tuple[str, ...]], ...] = (
    (Recurrence(Step.WEEK), ("hver uge", "ugentlig", "ugentligt", "hver 7. dag")),
    (Recurrence(Step.WEEK, 2), ("hver 14. dag", "hver anden uge", "hver 2. uge", "hver fjortende dag")),
    (Recurrence(Step.MONTH), ("hver måned", "månedlig", "månedligt", "månedsvis", "en gang om måneden")),
    (Recurrence(Step.MONTH, 2), ("hver 2. måned", "hver anden måned")),
    (Recurrence(Step.MONTH, 3), ("hvert kvartal", "kvartalsvis", "kvartalsvist", "kvartalvis", "hver 3. måned",
                                 "hver tredje måned", "fire gange om året", "4 gange om året")),
    (Recurrence(Step.MONTH, 4), ("hvert tertial", "tertialvis", "tertialvist", "hver 4. måned", "hver fjerde måned",
                                 "tre gange om året", "3 gange om året")),
    (Recurrence(Step.MONTH, 6), ("hvert halvår", "halvårlig", "halvårligt", "halvårsvis", "hvert halve år",
                                 "hver 6. måned", "hver sjette måned", "to gange om året", "2 gange om året")),
    (Recurrence(Step.MONTH, 12), ("hvert år", "årlig", "årligt", "en gang om året")),
)  # fmt: skip
_CANONICAL = {(rhythm.step, rhythm.every): texts[0] for rhythm, texts in _RHYTHMS}
_PLAIN = {text: rhythm for rhythm, texts in _RHYTHMS for text in texts}
_EVERY = re.compile(r"hver (\d{1,2})\. (uge|måned)")
_WEEKLY = re.compile(r"hver (?:(\S+) )?(\S+dag)")
_PLACED = re.compile(r"(?:den )?(.+?) (\S+dag)(?: i)? (.+)")
_LIST = re.compile(r"\s*(?:,|\bog\b|\bsamt\b)\s*")


def parse_recurrence(text: str) -> Recurrence:
    """Read plain words: `kvartalsvis`, `hver 14. dag`, `1. tirsdag i marts og september`."""
    wanted = " ".join(text.casefold().split()).rstrip(".")
    if not wanted:
        raise RecurrenceError("recurrence_empty", text)
    found = _PLAIN.get(wanted) or _counted(wanted) or _on_weekdays(wanted) or _placed(wanted) or _in_months(wanted)
    if found is None:
        raise RecurrenceError("recurrence_unknown", text.strip())
    return found


def _counted(text: str) -> Recurrence | None:
    """`hver 6. uge`."""
    found = _EVERY.fullmatch(text)
    if found is None or int(found[1]) == 0:
        return None
    return Recurrence(Step.WEEK if found[2] == "uge" else Step.MONTH, int(found[1]))


def _on_weekdays(text: str) -> Recurrence | None:
    """`hver tirsdag`, `hver anden tirsdag`, `hver 3. tirsdag`."""
    found = _WEEKLY.fullmatch(text)
    if found is None or found[2] not in _WEEKDAYS:
        return None
    every = 1 if found[1] is None else _ordinal(found[1], most=52)
    return Recurrence(Step.WEEK, every, _WEEKDAYS.index(found[2])) if every > 0 else None


def _placed(text: str) -> Recurrence | None:
    """`1. tirsdag i marts og september`, `1. og 3. onsdag i hver måned`, `sidste torsdag hvert kvartal`."""
    found = _PLACED.fullmatch(text)
    if found is None or found[2] not in _WEEKDAYS:
        return None
    ordinals = [_ordinal(word) for word in _LIST.split(found[1])]
    if 0 in ordinals:
        return None
    when = _PLAIN.get(found[3]) or _counted(found[3]) or _in_months(found[3])
    if when is None or when.step is not Step.MONTH:
        return None
    return Recurrence(Step.MONTH, when.every, _WEEKDAYS.index(found[2]), tuple(ordinals), when.months)


def _in_months(text: str) -> Recurrence | None:
    """`marts, juni og oktober`, also shortened (`mar.`, `okt`)."""
    months = [_month(word) for word in _LIST.split(text.removeprefix("i ").removesuffix(" hvert år"))]
    return None if 0 in months else Recurrence(Step.MONTH, months=tuple(months))


def _month(word: str) -> int:
    """The number of a month from its name, or the first three letters and more; 0 for none."""
    word = word.rstrip(".")
    return next((n for n, name in enumerate(_MONTHS, 1) if len(word) > 2 and name.startswith(word)), 0)


def _ordinal(word: str, most: int = 4) -> int:
    """`1.`, `anden`, `sidste`; 0 for none."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    number = word.removesuffix(".")
    return int(number) if number.isdecimal() and len(number) < 3 and int(number) <= most else 0


def words(recurrence: Recurrence) -> str:
    """The canonical words; `parse_recurrence` reads them back."""
    weekday = None if recurrence.weekday is None else _WEEKDAYS[recurrence.weekday]
    if recurrence.step is Step.WEEK and weekday is not None:
        return f"hver {weekday}" if recurrence.every == 1 else f"hver {recurrence.every}. {weekday}"
    if recurrence.months:
        when = "i " + join_words([_MONTHS[month - 1] for month in recurrence.months])
    else:
        when = _CANONICAL.get((recurrence.step, recurrence.every)) or _every(recurrence)
    if weekday is None:
        return when
    places = join_words(["sidste" if n == LAST else f"{n}." for n in recurrence.ordinals])
    return f"{places} {weekday} {'i ' if when == 'hver måned' else ''}{when}"


def _every(recurrence: Recurrence) -> str:
    return f"hver {recurrence.every}. {'uge' if recurrence.step is Step.WEEK else 'måned'}"


def rrule(recurrence: Recurrence, start: date) -> rfc.rrule:
    """The rule of RFC 5545 that begins on the day; its text is `str` of it."""
    weekday = start.weekday() if recurrence.weekday is None else recurrence.weekday
    if recurrence.step is Step.WEEK:
        # Counted from the first such weekday, else every other Tuesday could begin a week late.
        first = _midnight(start + timedelta(days=(weekday - start.weekday()) % 7))
        return rfc.rrule(rfc.WEEKLY, first, recurrence.every, byweekday=rfc.weekdays[weekday])
    places = [rfc.weekdays[weekday](n) for n in recurrence.ordinals or (_place_of(start),)]
    months = recurrence.months or None
    return rfc.rrule(rfc.MONTHLY, _midnight(start), recurrence.every, bymonth=months, byweekday=places)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _place_of(day: date) -> int:
    """Which of its weekday in the month the day is."""
    place = (day.day - 1) // 7 + 1
    return place if place < 5 else LAST


def occurrences(recurrence: Recurrence, start: date, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, and never before `start`.

    What falls on a holiday stays, for a person to move: `on_holidays` says which those are.
    """
    found = rrule(recurrence, start).between(_midnight(first), _midnight(last), inc=True)
    return [moment.date() for moment in found]


def on_holidays(days: Sequence[date], workdays: Workdays) -> dict[date, str]:
    """Those of the days that are holidays, with the holiday's name."""
    return {day: name for day in days if (name := workdays.holiday(day))}
