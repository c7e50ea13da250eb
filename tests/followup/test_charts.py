"""One chart, drawn twice: the server's SVG and Plotly's figure show the same picture, and words say what it shows."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.charts.plotly import plotly_figure, plotly_many
from followup.charts.spec import ChartSpec, EarlierTarget, PathPoint, Point, axis, step_decimals, year_ticks
from followup.charts.svg import NARROW, WIDE, bends, line_svg, sparkline_svg
from followup.charts.text import text_width
from goals.periods import parse_period
from organisation.danish import format_number
from tests.followup.chart_points import point

SVG = "{http://www.w3.org/2000/svg}"
values = st.decimals(-10_000, 10_000, places=3)


def on_path(code: str, value: str) -> PathPoint:
    return PathPoint(parse_period(code).last, Decimal(value))


ABSENCE = ChartSpec(
    title="Fraværet falder, men ikke hurtigt nok",
    subtitle="Fravær, pct.",
    alt='Fraværet faldt <fra> 9,0 til 8,3 "pct."',
    unit="pct.",
    decimals=1,
    points=(
        point("2024K1", "9.0"),
        point("2024K2", "8.8", is_corrected=True),
        point("2024K3", None),
        point("2024K4", "8.6", is_example=True),
        point("2025K1", "8.3"),
    ),
    baseline=point("2024K1", "9.0"),
    path=(on_path("2024K1", "9.0"), on_path("2026K1", "8.25"), on_path("2028K4", "7.5")),
    tolerance=Decimal("0.2"),
    earlier=(EarlierTarget(date(2027, 12, 31), Decimal("7.0"), "før 7,0"),),
    target_label="måltal 7,5",
    expected_label="forventet 8,7",
)
RANGE = replace(ABSENCE, path=(), earlier=(), tolerance=Decimal(0), low=Decimal(7), high=Decimal(8), target_label="")


@st.composite
def specs(draw) -> ChartSpec:
    """Quarterly values with gaps, with or without baseline, path, tolerance, earlier target and range."""
    start = parse_period("2020K1")
    numbers = draw(st.lists(st.none() | values, min_size=1, max_size=20))
    points = []
    for at, number in enumerate(numbers):
        period = start.shift(at)
        points.append(Point(period.code, period.code, period.last, number, is_example=draw(st.booleans())))
    path = [PathPoint(start.shift(at).last, value) for at, value in enumerate(draw(st.lists(values, max_size=8)))]
    edges = draw(st.none() | st.tuples(values, values).map(sorted))
    return replace(
        ABSENCE,
        points=tuple(points),
        baseline=Point("", "", start.last, draw(values)) if draw(st.booleans()) else None,
        path=tuple(path),
        tolerance=draw(st.decimals(0, 100, places=2)),
        earlier=(EarlierTarget(date(2024, 12, 31), draw(values), "før"),) if draw(st.booleans()) else (),
        low=edges[0] if edges else None,
        high=edges[1] if edges else None,
    )


def drawn(spec: ChartSpec, frame=WIDE) -> ET.Element:
    return ET.fromstring(line_svg(spec, frame))


def trace(figure: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((one for one in figure["data"] if one["name"] == name), None)


class Pixels:
    """From days and values to the SVG's pixels, by Plotly's own axis ranges."""

    def __init__(self, figure: dict[str, Any], frame=WIDE) -> None:
        self.frame = frame
        self.low, self.high = figure["layout"]["yaxis"]["range"]
        self.first, self.last = (date.fromisoformat(day) for day in figure["layout"]["xaxis"]["range"])

    def at(self, day: str, value: float) -> tuple[float, float]:
        frame = self.frame
        across, down = frame.width - frame.left - frame.right, frame.height - frame.top - frame.bottom
        days = max((self.last - self.first).days, 1)
        x = frame.left + across * (date.fromisoformat(day) - self.first).days / days
        return x, frame.top + down * (self.high - value) / (self.high - self.low)


def spots(element: ET.Element) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in element.attrib["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]


def near(found: Sequence[tuple[float, float]], wanted: Sequence[tuple[float, float]]) -> bool:
    """The same places, to the rounding of pixels."""
    pairs = zip(found, wanted, strict=True)
    return all(abs(a[0] - b[0]) <= 0.06 and abs(a[1] - b[1]) <= 0.06 for a, b in pairs)


# ---- the same picture ------------------------------------------------------------------------------------------------


@given(specs(), st.sampled_from([WIDE, NARROW]))
def test_both_show_the_same_points(spec, frame):
    figure, picture = plotly_figure(spec), drawn(spec, frame)
    pixels, actual = Pixels(figure, frame), trace(figure, spec.subtitle)
    assert actual is not None
    shown = [(x, y) for x, y in zip(actual["x"], actual["y"], strict=True) if y is not None]
    dots = [one for one in picture.iter(f"{SVG}circle") if "data-code" in one.attrib]
    assert near(
        [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots], [pixels.at(*one) for one in shown]
    )
    assert [float(dot.attrib["data-value"]) for dot in dots] == [y for _x, y in shown]
    assert [dot.attrib["data-code"] for dot in dots] == [one.code for one in spec.points if one.value is not None]
    hollow = [color == "#fff" for color, y in zip(actual["marker"]["color"], actual["y"], strict=True) if y is not None]
    assert [dot.attrib["fill"] == "#fff" for dot in dots] == hollow


@given(specs())
def test_both_show_the_same_path_and_tolerance(spec):
    figure, picture = plotly_figure(spec), drawn(spec)
    pixels = Pixels(figure)
    paths = [one for one in picture.iter(f"{SVG}polyline") if "data-path" in one.attrib]
    expected, band = trace(figure, "forventet"), trace(figure, "tolerance")
    assert len(paths) == (expected is not None) == bool(spec.path)
    if expected is not None:
        there = list(map(pixels.at, expected["x"], expected["y"]))
        way = spots(paths[0])
        assert near([way[0], way[-1]], [there[0], there[-1]])
        assert all(any(near([bend], [one]) for one in there) for bend in way)
        assert all(passes(way, spot) for spot in there)
        numbers = paths[0].attrib["data-path"].split()
        assert {float(text) for text in numbers} <= {float(one.value) for one in spec.path}
    bands = list(picture.iter(f"{SVG}polygon"))
    assert len(bands) == (band is not None)
    if band is not None:
        edges = spots(bands[0])
        upper, lower = edges[: len(edges) // 2], edges[len(edges) // 2 :][::-1]
        count = len(band["x"]) // 2
        for at, spot in enumerate(map(pixels.at, band["x"], band["y"])):
            assert passes(upper if at < count else lower, spot)


def passes(line: Sequence[tuple[float, float]], spot: tuple[float, float]) -> bool:
    """Whether the line, which goes to the right, passes the spot within what is not seen.

    That is a quarter of a pixel up or down, and what is rounded: 0.05 up or down and to both sides, at both ends.
    """
    x, y = spot
    (before, start), (after, end) = next(pair for pair in pairwise(line) if x <= pair[1][0] + 0.06)
    if after == before:
        return near([spot], [(before, start)])
    slope = (end - start) / (after - before)
    return abs(start + slope * (x - before) - y) <= 0.25 + 0.1 + 0.1 * abs(slope)


@given(st.lists(st.tuples(st.integers(0, 400), st.floats(-1e6, 1e6)), max_size=60), st.floats(0, 1e5))
def test_bends_are_points_of_the_line_and_near_all_of_them(steps, off):
    line, day = [], 700_000
    for step, value in steps:
        day += step
        line.append((day, value))
    kept = bends(line, off)
    assert kept[:1] == line[:1]
    assert kept[-1:] == line[-1:]
    rest = iter(line)
    assert all(one in rest for one in kept)  # each after the one before
    if len(kept) > 1:
        assert all(min(distances(kept, one)) <= off + 1e-6 for one in line)


def distances(line: Sequence[tuple[int, float]], point: tuple[int, float]) -> Iterator[float]:
    """How far up or down from the point each stretch over its day lies, by fractions: no rounding of ours."""
    day, value = point
    for (before, start), (after, end) in pairwise(line):
        if before == day == after:
            yield max(min(start, end) - value, value - max(start, end), 0.0)
        elif before <= day <= after:
            there = Fraction(start) + (Fraction(end) - Fraction(start)) * (day - before) / (after - before)
            yield abs(float(there) - value)


def test_a_straight_path_is_drawn_by_its_ends_and_a_step_by_its_corners():
    straight = [(day, 3 + 0.5 * day) for day in range(0, 900, 30)]
    assert bends(straight, 0.001) == [straight[0], straight[-1]]
    steps = [(0, 9.0), (30, 9.0), (60, 9.0), (90, 8.0), (120, 8.0), (150, 8.0)]
    assert bends(steps, 0.001) == [steps[0], steps[2], steps[3], steps[-1]]
    assert (bends([], 1.0), bends(steps[:1], 1.0)) == ([], steps[:1])


def test_of_two_targets_on_one_day_both_are_drawn():
    upright = replace(ABSENCE, path=(on_path("2025", "8.0"), on_path("2025K4", "7.5"), on_path("2028K4", "7.5")))
    [path] = [one for one in drawn(upright).iter(f"{SVG}polyline") if "data-path" in one.attrib]
    assert path.attrib["data-path"] == "8 7.5 7.5"


@given(specs(), st.sampled_from([WIDE, NARROW]))
def test_both_show_the_same_way_to_an_earlier_target(spec, frame):
    figure, picture = plotly_figure(spec), drawn(spec, frame)
    pixels, earlier = Pixels(figure, frame), trace(figure, "før")
    dotted = [one for one in picture.iter(f"{SVG}polyline") if one.attrib.get("stroke-dasharray") == "1.5 4"]
    if spec.path:
        assert len(dotted) == (1 if spec.earlier else 0)
        assert all(near(spots(one), list(map(pixels.at, earlier["x"], earlier["y"]))) for one in dotted)


@given(specs())
def test_both_show_the_same_range_baseline_and_gridlines(spec):
    figure, picture = plotly_figure(spec), drawn(spec)
    pixels, first = Pixels(figure), figure["layout"]["xaxis"]["range"][0]
    rects, shapes = list(picture.iter(f"{SVG}rect")), figure["layout"]["shapes"]
    assert len(rects) == len(shapes) == (spec.low is not None)
    for rect, shape in zip(rects, shapes, strict=True):
        top, bottom = pixels.at(first, shape["y1"])[1], pixels.at(first, shape["y0"])[1]
        assert float(rect.attrib["y"]) == pytest.approx(top, abs=0.06)
        assert float(rect.attrib["height"]) == pytest.approx(bottom - top, abs=0.2)
    baseline = trace(figure, "udgangspunkt")
    hollow = [one for one in picture.iter(f"{SVG}circle") if one.attrib["r"] == "4.5"]
    assert len(hollow) == (baseline is not None)
    if baseline is not None:
        place = [(float(hollow[0].attrib["cx"]), float(hollow[0].attrib["cy"]))]
        assert near(place, [pixels.at(baseline["x"][0], baseline["y"][0])])
    lines = [one for one in picture.iter(f"{SVG}line") if one.attrib["x1"] == str(WIDE.left)]
    ticks = figure["layout"]["yaxis"]["tickvals"]
    assert near([(0, float(one.attrib["y1"])) for one in lines], [(0, pixels.at(first, tick)[1]) for tick in ticks])


@given(specs())
def test_everything_lies_within_the_frame(spec):
    for frame in (WIDE, NARROW):
        for one in drawn(spec, frame).iter():
            for name, most in (("cx", frame.width), ("cy", frame.height)):
                assert 0 <= float(one.attrib.get(name, 0)) <= most
            if one.tag == f"{SVG}text":
                assert frame.top - 10 <= float(one.attrib["y"]) <= frame.height


def test_the_same_target_is_named():
    picture, figure = drawn(ABSENCE), plotly_figure(ABSENCE)
    texts = [one.text for one in picture.iter(f"{SVG}text")]
    notes = {note["text"]: note for note in figure["layout"]["annotations"]}
    assert set(notes) == {"måltal 7,5", "før 7,0"} <= set(texts)
    assert (notes["måltal 7,5"]["x"], notes["måltal 7,5"]["y"]) == ("2028-12-31", 7.5)
    assert (notes["før 7,0"]["x"], notes["før 7,0"]["y"]) == ("2027-12-31", 7.0)
    assert {"8,3", "forventet 8,7"} <= set(texts)


def crowd(count: int) -> ChartSpec:
    """As many earlier targets as that, all at the end of the path."""
    ends = (EarlierTarget(date(2028, 12, 31), Decimal("7.5"), f"før {n}") for n in range(count))
    return replace(ABSENCE, earlier=tuple(ends))


def inked(picture: ET.Element, size: float) -> dict[str, tuple[float, float, float, float]]:
    """What each label covers: left, top, right and bottom, of letters at least as wide and high as those drawn."""
    found = {}
    for one in picture.iter(f"{SVG}text"):
        if "text-anchor" not in one.attrib:
            assert one.text is not None
            x, y = float(one.attrib["x"]), float(one.attrib["y"])
            width = text_width(one.text, size, bold="font-weight" in one.attrib)
            found[one.text] = (x, y - 0.75 * size, x + width, y + 0.22 * size)
    return found


def stretches(picture: ET.Element) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Every stretch of every line drawn for the figures; gridlines lie behind everything."""
    found = [pair for one in picture.iter(f"{SVG}polyline") for pair in pairwise(spots(one))]
    for one in picture.iter(f"{SVG}line"):
        if one.attrib["x1"] == one.attrib["x2"]:
            x, y, end = (float(one.attrib[name]) for name in ("x1", "y1", "y2"))
            found.append(((x, y), (x, end)))
    return found


def covers(box: tuple[float, float, float, float], stretch) -> bool:
    """Whether a point of the line, every half pixel, is under the label."""
    (x, y), (x_end, y_end) = stretch
    steps = int(max(abs(x_end - x), abs(y_end - y)) * 2) + 1
    along = ((x + (x_end - x) * at / steps, y + (y_end - y) * at / steps) for at in range(steps + 1))
    return any(box[0] < across < box[2] and box[1] < down < box[3] for across, down in along)


def lie_apart(boxes) -> bool:
    return all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(boxes.values(), 2))


@given(specs(), st.sampled_from([WIDE, NARROW]))
def test_labels_do_not_lie_over_each_other(spec, frame):
    labels = inked(drawn(spec, frame), frame.font)
    assert lie_apart(labels)
    assert all(left >= frame.left and right <= frame.width for left, _top, right, _bottom in labels.values())


@given(specs(), st.sampled_from([WIDE, NARROW]))
def test_a_label_that_may_be_left_out_never_covers_a_line(spec, frame):
    picture = drawn(spec, frame)
    labels = inked(picture, frame.font)
    lines = stretches(picture)
    for text in {"forventet 8,7", "før"} & set(labels):
        assert not any(covers(labels[text], line) for line in lines), text


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("now", ["7.6", "8.0", "8.3", "8.6", "8.7", "8.8", "9.2", "12"])
@pytest.mark.parametrize("end", ["2", "7.5", "8.7", "14"])
def test_no_label_covers_a_line(now, end, frame):
    """Values over, on and under a path that falls, is level or rises."""
    path = (on_path("2024K1", "9.0"), on_path("2028K4", end))
    picture = drawn(replace(ABSENCE, points=(*ABSENCE.points[:-1], point("2025K1", now)), path=path), frame)
    labels, lines = inked(picture, frame.font), stretches(picture)
    assert {"måltal 7,5", format_number(Decimal(now), 1)} <= set(labels)
    assert {text for text, box in labels.items() for line in lines if covers(box, line)} == set()
    if frame is WIDE:
        assert "forventet 8,7" in labels


@pytest.mark.parametrize("now", ["7.6", "8.3", "8.6", "8.9", "9.2", "12"])
@pytest.mark.parametrize("end", ["2", "7.5", "14"])
def test_what_is_over_the_value_is_named_over_it(now, end):
    path = (on_path("2024K1", "9.0"), on_path("2025K1", "8.7"), on_path("2028K4", end))
    labels = inked(drawn(replace(ABSENCE, points=(*ABSENCE.points[:-1], point("2025K1", now)), path=path)), WIDE.font)
    is_over = Decimal("8.7") > Decimal(now)
    assert (labels["forventet 8,7"][1] < labels[format_number(Decimal(now), 1)][1]) is is_over


def test_the_expected_stands_near_its_place():
    picture = drawn(ABSENCE)
    _left, top, _right, bottom = inked(picture, WIDE.font)["forventet 8,7"]
    [(_value, (_x, expected))] = [(a, b) for a, b in stretches(picture) if a[0] == b[0]]
    assert abs((top + bottom) / 2 - expected) <= 44


def test_of_many_earlier_targets_as_many_are_named_as_there_is_room_for():
    few, many = (inked(drawn(crowd(n)), WIDE.font) for n in (4, 40))
    assert {"måltal 7,5", "8,3", *(f"før {n}" for n in range(4))} <= set(few)
    assert {"måltal 7,5", "8,3", "før 0"} <= set(many)
    assert lie_apart(many)
    assert all(WIDE.top - 10 <= top and bottom <= WIDE.height for _left, top, _right, bottom in many.values())


def test_a_line_is_never_drawn_across_a_gap():
    lines = [one for one in drawn(ABSENCE).iter(f"{SVG}polyline") if one.attrib.get("stroke-width") == "2"]
    assert [len(spots(one)) for one in lines] == [2, 2]
    actual = trace(plotly_figure(ABSENCE), ABSENCE.subtitle)
    assert actual is not None
    assert actual["connectgaps"] is False
    assert actual["y"][2] is None


def test_a_corrected_value_is_ringed_and_an_example_hollow():
    rings = [one for one in drawn(ABSENCE).iter(f"{SVG}circle") if one.attrib["r"] == "8"]
    assert len(rings) == 1
    actual = trace(plotly_figure(ABSENCE), ABSENCE.subtitle)
    assert actual is not None
    assert [color == "#fff" for color in actual["marker"]["color"]] == [False, False, False, True, False]
    assert "rettet" in actual["text"][1]
    assert "eksempeldata" in actual["text"][3]


def test_a_lone_target_is_a_level_line():
    lone = replace(ABSENCE, path=(on_path("2025K1", "8.0"),), earlier=(), baseline=None)
    expected = trace(plotly_figure(lone), "forventet")
    assert expected is not None
    assert (expected["x"], expected["y"]) == (["2024-03-31", "2025-03-31"], [8.0, 8.0])


def test_zero_is_drawn():
    none_left = replace(ABSENCE, points=(point("2024K1", "3"), point("2024K2", "0")), path=(), baseline=None)
    dots = [one for one in drawn(none_left).iter(f"{SVG}circle") if "data-code" in one.attrib]
    assert [one.attrib["data-value"] for one in dots] == ["3", "0"]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("spec", [ABSENCE, RANGE])
def test_the_svg_is_accessible_and_has_no_style_of_its_own(spec, frame):
    text = line_svg(spec, frame, "graf-7")
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", text)
    picture = ET.fromstring(text)
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert title.text == spec.alt
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-labelledby"] == title.attrib["id"]
    assert (picture.attrib["width"], picture.attrib["height"]) == (str(frame.width), str(frame.height))


def test_two_sizes_on_one_page_have_different_ids():
    ids = [re.findall(r' id="([^"]+)"', line_svg(ABSENCE, frame, "graf-7")) for frame in (WIDE, NARROW)]
    assert ids[0] != ids[1]


def test_several_figures_keep_their_names():
    figures = plotly_many([("Bakkeskolen", ABSENCE), ("Elmeskolen", RANGE)])
    assert [one["name"] for one in figures] == ["Bakkeskolen", "Elmeskolen"]
    assert figures[0]["data"] == plotly_figure(ABSENCE)["data"]


# ---- the axis --------------------------------------------------------------------------------------------------------


@given(st.lists(values.map(float), min_size=1, max_size=10), st.integers(-5, 5))
def test_three_or_four_round_lines_hold_all_values(numbers, power):
    scaled = [number * 10.0**power for number in numbers]
    low, high, lines = axis(scaled)
    room = (high - low) * 1e-6
    assert low < high
    assert low - room <= min(scaled) <= max(scaled) <= high + room
    assert (lines[0], lines[-1]) == (low, high)
    assert 3 <= len(lines) <= 4
    steps = [after - before for before, after in pairwise(lines)]
    assert max(steps) - min(steps) <= room
    assert int(f"{steps[0]:.1e}".replace(".", "")[:2]) in (10, 20, 25, 50)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=6, unique=True), st.integers(0, 6))
def test_no_two_gridlines_are_printed_alike(numbers, places):
    _low, _high, lines = axis([number / 10**places for number in numbers])
    printed = [format_number(Decimal(repr(line)), step_decimals(lines)) for line in lines]
    assert len(set(printed)) == len(lines)


@pytest.mark.parametrize(
    ("numbers", "low", "high"),
    [
        ([7.5, 9.0], 7.5, 9),  # zero is far
        ([1, 9], 0, 10),  # zero is near
        ([-4, 5], -5, 5),
        ([0, 0], -1, 1),
        ([50, 50], 45, 55),
        ([], 0, 1),
    ],
)
def test_zero_only_where_it_is_near(numbers, low, high):
    assert axis(numbers)[:2] == (low, high)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 9000), st.integers(2, 12))
def test_years_are_thinned_and_lie_on_the_axis(first, length, most):
    last = first + timedelta(days=length)
    ticks = year_ticks(first, last, most)
    assert 1 <= len(ticks) <= max(most, 2)
    assert all(first <= day <= last for day in ticks)


# ---- sparklines ------------------------------------------------------------------------------------------------------


def test_a_sparkline_has_gaps_and_the_expected_line():
    numbers = [Decimal(9), Decimal(8), None, Decimal(7), Decimal(6)]
    picture = ET.fromstring(sparkline_svg(numbers, Decimal(7), "Fra 9,0 til 6,0 pct."))
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Fra 9,0 til 6,0 pct."
    assert [len(spots(one)) for one in picture.iter(f"{SVG}polyline")] == [2, 2]
    assert len([one for one in picture.iter(f"{SVG}line") if "stroke-dasharray" in one.attrib]) == 1
    assert "style=" not in sparkline_svg(numbers, None, "")


def test_a_sparkline_of_nothing_is_nothing():
    assert sparkline_svg([None, None], Decimal(7), "") == ""


@given(st.lists(st.none() | values, min_size=1, max_size=10), st.none() | values)
def test_a_sparkline_stays_in_its_box(numbers, expected):
    text = sparkline_svg(numbers, expected, "<&>")
    for pair in re.findall(r"[\d.]+,[-\d.]+", text):
        x, y = map(float, pair.split(","))
        assert 0 <= x <= 96
        assert 0 <= y <= 24
