"""Numbers, dates and lists as Danish readers write them. Pure: no Django."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

NBSP = "\u00a0"
MINUS = "\u2212"
SOFT_HYPHEN = "\u00ad"
STORED_DIGITS = 15
STORED_DECIMALS = 8
_MONTHS = [
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
]
# Last parts of compounds that stand in narrow columns.
_JOINTS = re.compile(r"(?<=\w{3})(opfølgning|regnskab|forslag|beretning|ferie|udvalget|himmelfart|lovsdag|status)")
_WEEKDAYS = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The value rounded as people do at school: 0.5 away from zero."""
    return value.quantize(_unit(decimals), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=32)
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def format_number(value: Decimal | int, decimals: int) -> str:
    """`1.234,5`, with a true minus sign."""
    rounded = round_half_up(Decimal(value), decimals)
    text = f"{abs(rounded):,f}".translate({44: ".", 46: ","})
    return (MINUS if rounded < 0 else "") + text


def format_value(value: Decimal | int, decimals: int, unit: str) -> str:
    """The number and its unit of measure, never parted at a line's end: `8,3 pct.`"""
    number = format_number(value, decimals)
    return f"{number}{NBSP}{unit.replace(' ', NBSP)}" if unit else number


def difference_unit(unit: str) -> str:
    """The unit of a difference: percentages differ in percentage points."""
    return "procentpoint" if unit in ("pct.", "%", "pct") else unit


class NumberError(ValueError):
    """A text that is no number. `key` is number_text; `text` what was written."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}")
        self.key, self.text = key, text


# No thousands begin with zero: 0.123 is a decimal fraction wherever it is written.
_PLAIN = {
    "da": re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?|[+-]?,\d+"),
    "en": re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?|[+-]?\.\d+"),
}
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_BLANKS = re.compile(r"[+-]?[1-9]\d{0,2}( \d{3})+([.,]\d+)?")  # 1 234 567,5
_UNITS = re.compile(r"\s*(%|pct\.?|procent|kr\.?)$", re.IGNORECASE)


def _clean(text: str) -> str:
    text = text.strip().replace(MINUS, "-").replace("–", "-").replace("\u202f", " ").replace(NBSP, " ")
    text = _UNITS.sub("", text)
    text = text.replace("- ", "-")
    return text.replace(" ", "") if _BLANKS.fullmatch(text) else text


def parse_number(text: str, locale: str = "da") -> Decimal:
    """Read a number in the locale `da` (1.234,5) or `en` (1,234.5); `%` and `pct.` may follow. Else NumberError.

    In Danish a lone point that cannot part thousands is a decimal point, as files from machines have it (`4.5`).
    """
    cleaned = _clean(text)
    if not _PLAIN[locale].fullmatch(cleaned):
        if locale == "da" and re.fullmatch(r"[+-]?\d+\.\d+([eE][+-]?\d+)?", cleaned):
            return Decimal(cleaned)
        raise NumberError("number_text", text)
    plain = cleaned.replace(".", "").replace(",", ".") if locale == "da" else cleaned.replace(",", "")
    return Decimal(plain)


def is_ambiguous(text: str) -> bool:
    """Whether the text reads as two numbers: 2.807 is over two thousand in Danish, under three in English."""
    return _AMBIGUOUS.fullmatch(_clean(text)) is not None


_STORED = Context(prec=STORED_DIGITS, rounding=ROUND_HALF_UP)


def quantise_stored(value: Decimal) -> Decimal:
    """The value as both databases keep it: at most 15 digits, at most 8 of them decimals."""
    value = _STORED.plus(value)
    if value.as_tuple().exponent < -STORED_DECIMALS:  # type: ignore[operator]
        value = round_half_up(value, STORED_DECIMALS)
    return value


def join_words(words: Sequence[str], last: str = "og") -> str:
    """`a, b og c`."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def soft_hyphens(text: str) -> str:
    """The text with places where a narrow column may part its long words."""
    return _JOINTS.sub(f"{SOFT_HYPHEN}\\1", text)


def long_date(day: date) -> str:
    """`14. august 2026`."""
    return f"{day.day}.{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"


def weekday_date(day: date) -> str:
    """`fredag den 14. august 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} den {long_date(day)}"


def short_weekday(day: date) -> str:
    """`ons`."""
    return _WEEKDAYS[day.weekday()][:3]


def short_date(day: date) -> str:
    """`ons 6. maj`, where the year stands beside."""
    return f"{short_weekday(day)}{NBSP}{day.day}.{NBSP}{_MONTHS[day.month - 1]}"


def day_range(first: date, last: date) -> str:
    """`14. maj`, `2.–6. april`, `29. marts–1. april`, where the year stands beside."""
    end = f"{last.day}.{NBSP}{_MONTHS[last.month - 1]}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    return f"{first.day}.{NBSP}{_MONTHS[first.month - 1]}–{end}"


def table_date(day: date) -> str:
    """`14-08-2026`."""
    return f"{day:%d-%m-%Y}"


def clock(moment: datetime) -> str:
    """`kl. 14.30`, in the moment's own time zone."""
    return f"kl.{NBSP}{moment:%H.%M}"


def days_away(day: date, today: date) -> str:
    """How far off, within six days: `i dag`, `om 3 dage`, `2 dage siden`; empty beyond."""
    days = (day - today).days
    if abs(days) > 6:
        return ""
    near = {0: "i dag", 1: "i morgen", -1: "i går"}
    return near.get(days) or (f"om {days} dage" if days > 0 else f"for {-days} dage siden")
