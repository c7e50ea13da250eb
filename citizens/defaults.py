"""Sensible days and a period for a survey that is begun today. Pure: no Django."""

from datetime import date, timedelta

from goals.periods import Period, PeriodKind

BEFORE = timedelta(days=14)  # to write the questions and try them
OPEN_FOR = timedelta(days=21)
ANSWER_AFTER = timedelta(days=60)
ADDRESSES_AFTER = timedelta(days=31)
YEARS_KEPT = 3  # so that three later waves can be compared


def default_days(today: date) -> dict[str, date]:
    """The five days that are declared: three weeks open, an answer within two months, deleted after three years."""
    opens_on = today + BEFORE
    return {"opens_on": opens_on, **days_after(opens_on + OPEN_FOR)}


def days_after(closes_on: date) -> dict[str, date]:
    """The days that follow from the last one on which somebody may answer."""
    return {
        "closes_on": closes_on,
        "answer_by": closes_on + ANSWER_AFTER,
        "addresses_until": closes_on + ADDRESSES_AFTER,
        "answers_until": date((closes_on + ANSWER_AFTER).year + YEARS_KEPT, 12, 31),
    }


def default_period(closes_on: date, frequency: str = "") -> str:
    """The period that the answers count for: that of the series' kind which holds the last day, else the quarter."""
    kind = PeriodKind(frequency) if frequency else PeriodKind.QUARTER
    if kind in (PeriodKind.SPAN, PeriodKind.WAVE):
        kind = PeriodKind.YEAR
    return Period.containing(closes_on, kind).code
