"""A town that shows all its levels, with a number of every kind: for the tests of open data and of the API."""

import csv
import io
from types import SimpleNamespace
from typing import Any

from django.test import Client

from goals.kinds import GoalState, MissingReason
from goals.models import GoalSeries
from organisation.models import Portal
from tests import factories


def open_town(**fields: Any) -> SimpleNamespace:
    """A municipality whose portal shows every level."""
    it = factories.municipality(**fields)
    it.portal = Portal.objects.create(authority=it.authority, depth="all")
    return it


def with_numbers(it: SimpleNamespace) -> SimpleNamespace:
    """Goals, a share and a count over two schools, and numbers of every kind."""
    it.goal = factories.goal(it.council, title="Færre børn har højt fravær", attractive="Fravær koster læring")
    it.below = factories.goal(it.school, it.goal, title="Bakkeskolen følger op på fravær")
    it.draft = factories.goal(it.school, state=GoalState.DRAFT, title="Hemmelig kladde")
    it.share = factories.indicator(
        it.authority,
        code="fravaer",
        name="Højt fravær",
        value_kind="ratio",
        unit_rollup="ratio",
        direction="lower",
        definition="Elever med over 10 pct. fravær",
        source="Skolernes system",
    )
    it.series = factories.series(
        it.share, it.school, it.below, baseline_period="2025K4", baseline_value=12, tolerance=1
    )
    factories.target(it.series, "2028K4", 8)
    ratio(it.series, "2025K4", 12, 100)
    ratio(it.series, "2026K1", 10, 100)
    factories.measurement(it.series, "2026K2", missing=MissingReason.NOT_REPORTED)
    it.zero = factories.measurement(it.series, "2026K3", 0, numerator=0, denominator=100)
    it.unapproved = factories.measurement(it.series, "2026K4", 77, approved_at=None)
    it.cost = factories.indicator(it.authority, code="pris", name="=Pris pr. elev", unit_of_measure="kr.", decimals=2)
    it.price = factories.series(it.cost, it.council, it.goal)
    factories.correction(factories.measurement(it.price, "2026K1", "1234.5"), "1250.25")
    return it


def ratio(of: Any, period: str, numerator: int, denominator: int, **fields: Any) -> Any:
    """A share in per cent."""
    return factories.measurement(
        of, period, 100 * numerator / denominator, numerator=numerator, denominator=denominator, **fields
    )


def rolled_up(
    it: SimpleNamespace, numbers: dict[str, int | None], *, indicator: Any = None, public: bool = True
) -> Any:
    """A count of pupils in each school of the dictionary, the sum in the department above; all on public goals.

    None: the school withholds its number.
    """
    it.count = indicator or factories.indicator(
        it.authority, code="antal", name="Antal elever med støtte", unit_of_measure="elever", unit_rollup="sum",
        decimals=0,
    )  # fmt: skip
    goal = factories.goal(it.department)
    it.total = factories.series(it.count, it.department, goal, is_rolled_up=True)
    it.schools = {}
    for name, number in numbers.items():
        school = factories.unit(it.department, name=name)
        series = factories.series(it.count, school)
        if public:
            GoalSeries.objects.create(goal=goal, series=series)
        missing = "" if number is not None else MissingReason.WITHHELD
        factories.measurement(series, "2026K2", number, missing=missing)
        it.schools[name] = series
    present = [number for number in numbers.values() if number is not None]
    factories.measurement(it.total, "2026K2", sum(present), parts_present=len(present), parts_expected=len(numbers))
    return it


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def get(path: str, **headers: Any) -> Any:
    """As somebody nobody knows."""
    return Client().get(path, headers=headers)


def lines_of(path: str) -> list[dict[str, str]]:
    """The lines of a CSV file by its headings, read as its description says."""
    text = body_of(get(path)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def values_in(path: str) -> dict[tuple[str, str], str]:
    """Unit and period to value."""
    return {(line["Enhed"], line["Periode"]): line["Værdi"] for line in lines_of(path)}
