"""Small multiples: the same number lies at the same height in every chart of the page."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

from followup.charts.small import HEIGHT, WIDTH, shared_axes, small_svg
from followup.charts.spec import ChartSpec, PathPoint, Point

SVG = "{http://www.w3.org/2000/svg}"


def spec(*values: str | None, first: int = 2020, **fields) -> ChartSpec:
    """A value each year's end."""
    points = tuple(
        Point(str(year), str(year), date(year, 12, 31), None if value is None else Decimal(value))
        for year, value in enumerate(values, first)
    )
    return ChartSpec(title="", subtitle="", alt="Fraværet <steg>", unit="pct.", decimals=1, points=points, **fields)


def last_dot(svg: str) -> tuple[float, float]:
    dot = ET.fromstring(svg).find(f"{SVG}circle")
    return float(dot.get("cx")), float(dot.get("cy"))


def test_all_values_are_held_by_the_shared_axes():
    axes = shared_axes([spec("3", "4"), spec("9", "11.5"), spec(None, None)])
    assert axes.low <= 3
    assert axes.high >= Decimal("11.5")
    assert (axes.first, axes.last) == (date(2020, 12, 31), date(2021, 12, 31))


def test_the_same_number_lies_at_the_same_height():
    one, other = spec("3", "7"), spec("12", "7")
    axes = shared_axes([one, other])
    assert last_dot(small_svg(one, axes, "a")) == last_dot(small_svg(other, axes, "b"))


def test_no_value_anywhere_no_axes():
    assert shared_axes([spec(None), spec()]) is None


def test_a_line_is_not_drawn_across_a_missing_value():
    one = spec("1", "2", None, "4", "5")
    svg = small_svg(one, shared_axes([one]), "a")
    assert [len(line.get("points").split()) for line in ET.fromstring(svg).findall(f"{SVG}polyline")] == [2, 2]


def test_the_path_beyond_the_last_value_is_left_out():
    path = tuple(PathPoint(date(year, 12, 31), Decimal(year - 2010)) for year in range(2020, 2030))
    one = spec("1", "2", "3", path=path)
    axes = shared_axes([one])
    assert axes.last == date(2022, 12, 31)
    dashed = [line for line in ET.fromstring(small_svg(one, axes, "a")).iter() if line.get("stroke-dasharray")]
    assert len(dashed[0].get("points").split()) == 3


def test_against_another_unit_its_line_is_behind():
    one, other = spec("1", "2"), spec("8", "9", "7")
    axes = shared_axes([one, other])
    lines = ET.fromstring(small_svg(one, axes, "a", other)).findall(f"{SVG}polyline")
    assert [len(line.get("points").split()) for line in lines] == [3, 2]
    assert lines[0].get("stroke") != lines[1].get("stroke")


def test_everything_is_inside_the_drawing_and_described():
    one = spec("-4", "0", "1000.25", low=Decimal(-10), high=Decimal(10))
    svg = small_svg(one, shared_axes([one]), "graf-7")
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Fraværet <steg>"
    assert root.get("aria-labelledby") == root.find(f"{SVG}title").get("id") == "graf-7"
    assert "style=" not in svg
    for x, y in re.findall(r'cx="([\d.-]+)" cy="([\d.-]+)"', svg):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT
