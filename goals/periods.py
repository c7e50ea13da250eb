"""Periods: fixed pieces of the calendar with one canonical code each. Pure: no Django.

Codes: `2026-08-17` day, `2026U34` week, `2026U34F` fortnight, `2026M07` month, `2026K3` quarter, `2026T2` tertial,
`2026H1` half-year, `2026` calendar year, `2025/2026` school year (1 August to 31 July), `2023:2024` span of years,
`S:2026-03-01/2026-03-31` survey wave. All kinds but span and wave tile the calendar without gap or overlap.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

# Fortnights are counted both ways from this Monday (decisions.md).
FORTNIGHT_ANCHOR = date(2026, 8, 17)
_MONTHS = (
    [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sept", "oct", "nov", "dec"],
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
)


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    SPAN = "span"
    WAVE = "wave"


# Kinds made of whole months: how many, and the letter of the code.
_MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.TERTIAL: 4,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
    PeriodKind.SCHOOL_YEAR: 12,
}
_DAYS_IN = {PeriodKind.DAY: 1, PeriodKind.WEEK: 7, PeriodKind.FORTNIGHT: 14}
_LETTERS = {PeriodKind.QUARTER: "K", PeriodKind.TERTIAL: "T", PeriodKind.HALF_YEAR: "H"}


class PeriodError(ValueError):
    """A text that is no period. `key` is period_unknown, period_kind, period_ambiguous or period_parity."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}")
        self.key, self.text = key, text


@dataclass(frozen=True, slots=True)
class Period:
    """A piece of the calendar, both days included."""

    kind: PeriodKind
    first: date
    last: date

    def __lt__(self, other: "Period") -> bool:
        return (self.last, self.first) < (other.last, other.first)

    def __le__(self, other: "Period") -> bool:
        return (self.last, self.first) <= (other.last, other.first)

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> "Period":
        """The period of a tiling kind that holds the day."""
        if kind in _DAYS_IN:
            length = _DAYS_IN[kind]
            first = FORTNIGHT_ANCHOR + (day - FORTNIGHT_ANCHOR) // timedelta(days=length) * timedelta(days=length)
            return cls(kind, first, first + timedelta(days=length - 1))
        if kind not in _MONTHS_IN:
            raise PeriodError("period_kind", str(kind))
        offset = 7 if kind is PeriodKind.SCHOOL_YEAR else 0
        month = day.year * 12 + day.month - 1 - offset
        return _of_months(kind, month // _MONTHS_IN[kind] * _MONTHS_IN[kind] + offset)

    @property
    def code(self) -> str:
        """The canonical code; `parse_period` reads it back."""
        first, last = self.first, self.last
        match self.kind:
            case PeriodKind.DAY:
                return first.isoformat()
            case PeriodKind.WEEK | PeriodKind.FORTNIGHT:
                year, week, _ = first.isocalendar()
                return f"{year}U{week:02}" + ("F" if self.kind is PeriodKind.FORTNIGHT else "")
            case PeriodKind.MONTH:
                return f"{first.year}M{first.month:02}"
            case PeriodKind.QUARTER | PeriodKind.TERTIAL | PeriodKind.HALF_YEAR:
                return f"{first.year}{_LETTERS[self.kind]}{(first.month - 1) // _MONTHS_IN[self.kind] + 1}"
            case PeriodKind.YEAR:
                return str(first.year)
            case PeriodKind.SCHOOL_YEAR:
                return f"{first.year}/{last.year}"
            case PeriodKind.SPAN:
                return f"{first.year}:{last.year}"
        return f"S:{first.isoformat()}/{last.isoformat()}"

    def next(self) -> "Period":
        """The period right after."""
        return Period.containing(self.last + timedelta(days=1), self.kind)

    def previous(self) -> "Period":
        """The period right before."""
        return Period.containing(self.first - timedelta(days=1), self.kind)

    def shift(self, steps: int) -> "Period":
        """The period so many steps later (earlier when negative)."""
        if self.kind in _DAYS_IN:
            return Period.containing(self.first + timedelta(days=_DAYS_IN[self.kind] * steps), self.kind)
        if self.kind not in _MONTHS_IN:
            raise PeriodError("period_kind", self.code)
        month = self.first.year * 12 + self.first.month - 1 + _MONTHS_IN[self.kind] * steps
        return Period.containing(_first_of(month), self.kind)


@lru_cache(maxsize=20_000)
def _of_months(kind: PeriodKind, start: int) -> Period:
    """The period of a kind of whole months whose first month is the one so counted."""
    return Period(kind, _first_of(start), _first_of(start + _MONTHS_IN[kind]) - timedelta(days=1))


def _first_of(month: int) -> date:
    """The first day of a month counted from year 0."""
    return date(month // 12, month % 12 + 1, 1)


def steps_between(start: Period, end: Period) -> int:
    """How many periods `end` lies after `start`, both of one tiling kind; negative when before."""
    if start.kind is not end.kind:
        raise PeriodError("period_kind", end.code)
    if start.kind in _DAYS_IN:
        return (end.first - start.first).days // _DAYS_IN[start.kind]
    if start.kind not in _MONTHS_IN:
        raise PeriodError("period_kind", start.code)
    months = (end.first.year - start.first.year) * 12 + end.first.month - start.first.month
    return months // _MONTHS_IN[start.kind]


def last_of(kind: PeriodKind, longer: Period) -> Period:
    """The last period of `kind` in a longer one: 2028 on a quarterly series is 2028K4."""
    if longer.kind is kind or kind in (PeriodKind.SPAN, PeriodKind.WAVE):
        return longer
    inside = Period.containing(longer.last, kind)
    if inside.last > longer.last:
        inside = inside.previous()
    if inside.first < longer.first:
        raise PeriodError("period_kind", longer.code)
    return inside


def periods_within(kind: PeriodKind, first: date, last: date) -> list[Period]:
    """The periods of a tiling kind whose last day lies from `first` to `last`."""
    if kind in (PeriodKind.SPAN, PeriodKind.WAVE):
        return []
    period, found = Period.containing(first, kind), []
    while period.last <= last:
        found.append(period)
        period = period.next()
    return found


_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DANISH_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_STATBANK_DAY = re.compile(r"(\d{4})M(\d{2})D(\d{2})")
_CODE = re.compile(r"(\d{4})\s*([KQTHMU])\s*(\d{1,2})(F?)")
_TWO_YEARS = re.compile(r"(\d{4})\s*([/:–-])\s*(\d{2}|\d{4})")
_ORDINAL = re.compile(r"(\d)\.\s*(kvartal|kvt\.?|tertial|halvår)\s*(\d{4})(?:\s*\(.*\))?")
_WEEKS = re.compile(r"uge\s*(\d{1,2})(?:\s*[–-]\s*(\d{1,2}))?,?\s*(\d{4})")
_MONTH_NAME = re.compile(r"([a-zæøå]+)\.?\s+(\d{4})")
_WAVE = re.compile(r"S:(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")
_LETTER_KINDS = {
    "K": PeriodKind.QUARTER,
    "Q": PeriodKind.QUARTER,
    "T": PeriodKind.TERTIAL,
    "H": PeriodKind.HALF_YEAR,
    "M": PeriodKind.MONTH,
    "U": PeriodKind.WEEK,
}
_ORDINAL_KINDS = {
    "kva": PeriodKind.QUARTER,
    "kvt": PeriodKind.QUARTER,
    "ter": PeriodKind.TERTIAL,
    "hal": PeriodKind.HALF_YEAR,
}


@lru_cache(maxsize=20_000)
def parse_period(text: str, kind: PeriodKind | None = None) -> Period:
    """Read a period as Statistics Denmark and others write it.

    With `kind`, anything of another kind is an error (period_kind). `2011-12` alone is ambiguous: month or split
    year; a whole column decides (`parse_column`), or `kind` does.
    """
    period = _parse(" ".join(text.split()), kind)
    if kind is not None and period.kind is not kind:
        raise PeriodError("period_kind", text)
    return period


def _parse(text: str, kind: PeriodKind | None) -> Period:
    try:
        period = _parse_code(text) or _parse_two_years(text, kind) or _parse_words(text)
    except ValueError as error:
        raise error if isinstance(error, PeriodError) else PeriodError("period_unknown", text) from error
    if period is None:
        raise PeriodError("period_unknown", text)
    return period


def _parse_code(text: str) -> Period | None:
    if re.fullmatch(r"\d{4}", text):
        return _year(int(text))
    if found := _ISO_DAY.fullmatch(text) or _STATBANK_DAY.fullmatch(text):
        return Period.containing(date(*map(int, found.groups())), PeriodKind.DAY)
    if found := _DANISH_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        return Period.containing(date(year, month, day), PeriodKind.DAY)
    if found := _WAVE.fullmatch(text):
        first, last = map(date.fromisoformat, found.groups())
        if last < first:
            raise PeriodError("period_unknown", text)
        return Period(PeriodKind.WAVE, first, last)
    if found := _CODE.fullmatch(text.upper()):
        number = int(found[3])
        if found[2] == "U":
            return _week(int(found[1]), number, bool(found[4]), text)
        if not found[4]:
            return _numbered(int(found[1]), _LETTER_KINDS[found[2]], number, text)
    return None


def _parse_two_years(text: str, kind: PeriodKind | None) -> Period | None:
    found = _TWO_YEARS.fullmatch(text)
    if found is None:
        return None
    start, mark, end_text = int(found[1]), found[2], found[3]
    end = int(end_text) if len(end_text) == 4 else start // 100 * 100 + int(end_text)
    if mark == ":":
        if end < start:
            raise PeriodError("period_unknown", text)
        return Period(PeriodKind.SPAN, date(start, 1, 1), date(end, 12, 31))
    follows = end == start + 1 or (len(end_text) == 2 and int(end_text) == (start + 1) % 100)
    is_month = mark == "-" and len(end_text) == 2 and 1 <= int(end_text) <= 12
    if is_month and follows and kind not in (PeriodKind.MONTH, PeriodKind.SCHOOL_YEAR):
        raise PeriodError("period_ambiguous", text)
    if is_month and kind is not PeriodKind.SCHOOL_YEAR:
        return _numbered(start, PeriodKind.MONTH, int(end_text), text)
    if follows:
        return Period.containing(date(start, 8, 1), PeriodKind.SCHOOL_YEAR)
    return None


def _parse_words(text: str) -> Period | None:
    text = text.lower().removeprefix("skoleåret ")
    if found := _ORDINAL.fullmatch(text):
        return _numbered(int(found[3]), _ORDINAL_KINDS[found[2][:3]], int(found[1]), text)
    if found := _WEEKS.fullmatch(text):
        period = _week(int(found[3]), int(found[1]), found[2] is not None, text)
        # Two weeks that do not follow each other are no fortnight.
        return period if found[2] is None or int(found[2]) == period.last.isocalendar().week else None
    if found := _MONTH_NAME.fullmatch(text):
        for names in _MONTHS:
            if found[1] in names:
                return _numbered(int(found[2]), PeriodKind.MONTH, names.index(found[1]) + 1, text)
    if found := _TWO_YEARS.fullmatch(text):
        return _parse_two_years(text, PeriodKind.SCHOOL_YEAR)
    return None


def _year(year: int) -> Period:
    return Period.containing(date(year, 1, 1), PeriodKind.YEAR)


def _numbered(year: int, kind: PeriodKind, number: int, text: str) -> Period:
    if not 1 <= number <= 12 // _MONTHS_IN[kind]:
        raise PeriodError("period_unknown", text)
    return Period.containing(date(year, (number - 1) * _MONTHS_IN[kind] + 1, 1), kind)


def _week(year: int, week: int, is_fortnight: bool, text: str) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    period = Period.containing(monday, PeriodKind.FORTNIGHT if is_fortnight else PeriodKind.WEEK)
    if period.first != monday:
        raise PeriodError("period_parity", text)
    return period


def parse_column(texts: Sequence[str]) -> list[Period | PeriodError]:
    """Read a whole column. `2011-12` is what the rest of the column is: a month or a split year; else an error."""
    kind: PeriodKind | None = None
    if any(_is_ambiguous(text) for text in texts):
        kinds = set(_two_year_kinds(texts))
        kind = kinds.pop() if len(kinds) == 1 else None
    return [_read(text, kind if kind is not None and _is_ambiguous(text) else None) for text in texts]


def _is_ambiguous(text: str) -> bool:
    read = _read(text, None)
    return isinstance(read, PeriodError) and read.key == "period_ambiguous"


def _two_year_kinds(texts: Sequence[str]) -> Iterator[PeriodKind]:
    """Kinds of the texts written `dddd-dd` that can be read in one way only."""
    for text in set(texts):
        read = _read(text, None)
        if isinstance(read, Period) and re.fullmatch(r"\d{4}-\d{2}", text.strip()):
            yield read.kind


def _read(text: str, kind: PeriodKind | None) -> Period | PeriodError:
    try:
        return parse_period(text, kind)
    except PeriodError as error:
        # A new one: that which was raised holds on to the frames it came through, and they to the whole file.
        return PeriodError(error.key, error.text)
