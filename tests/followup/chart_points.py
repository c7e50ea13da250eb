"""A point of a chart by its period's code."""

from decimal import Decimal

from followup.charts.spec import Point
from goals.period_names import period_name
from goals.periods import parse_period


def point(code: str, value: str | Decimal | None, **fields) -> Point:
    period = parse_period(code)
    number = Decimal(value) if value is not None else None
    return Point(code, period_name(period), period.last, number, **fields)
