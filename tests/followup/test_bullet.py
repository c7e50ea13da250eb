"""Bullet charts: every mark inside the frame, better to the right, and the mirrored number the same picture."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.charts.bullet import HEIGHT, WIDTH, BulletSpec, bullet_svg
from followup.charts.text import cut, text_width, wrapped
from goals.kinds import Direction

SVG = "{http://www.w3.org/2000/svg}"
FALLING = BulletSpec(
    alt="Fraværet <falder>",
    decimals=1,
    direction=Direction.LOWER,
    value=Decimal("8.3"),
    expected=Decimal("8.1"),
    target=Decimal("7.5"),
    baseline=Decimal("9.0"),
    tolerance=Decimal("0.2"),
)


def spots(spec: BulletSpec) -> dict[str, float]:
    """Where each mark stands."""
    found = {}
    for one in ET.fromstring(bullet_svg(spec, "a")).iter():
        if mark := one.get("data-mark"):
            found[mark] = float(one.get("cx") or re.match(r"M([\d.]+)", one.get("d"))[1])
        elif one.tag == f"{SVG}circle":
            found["baseline"] = float(one.get("cx"))
        elif one.get("class") == "m-bullet__band":
            left = float(one.get("x"))
            found["band"] = (left, round(left + float(one.get("width")), 1))
    return found


def labels(spec: BulletSpec) -> list[str]:
    return [one.text for one in ET.fromstring(bullet_svg(spec, "a")).findall(f"{SVG}text")]


def mirrored(spec: BulletSpec) -> BulletSpec:
    """The same with all numbers negated and the other way the good one."""
    other = {Direction.LOWER: Direction.HIGHER, Direction.HIGHER: Direction.LOWER}.get(spec.direction, spec.direction)
    turned = {name: None if (value := getattr(spec, name)) is None else -value
              for name in ("value", "expected", "target", "baseline")}  # fmt: skip
    low, high = (None if edge is None else -edge for edge in (spec.high, spec.low))
    return replace(spec, direction=other, low=low, high=high, **turned)


def test_a_falling_number_goes_to_the_right():
    found = spots(FALLING)
    assert found["baseline"] == 14
    assert found["target"] == WIDTH - 14
    # 8,3 is 7/15 of the way from 9,0 to 7,5; 8,1 is 9/15.
    assert found["value"] == pytest.approx(14 + 292 * 7 / 15, abs=0.1)
    assert found["expected"] == pytest.approx(14 + 292 * 9 / 15, abs=0.1)


def test_the_tolerance_lies_on_the_worse_side_of_what_is_expected():
    left, right = spots(FALLING)["band"]
    assert right == pytest.approx(spots(FALLING)["expected"], abs=0.2)
    assert right - left == pytest.approx(292 * 2 / 15, abs=0.2)


def test_value_baseline_and_target_are_written():
    assert labels(FALLING) == ["8,3", "9,0", "7,5"]


def test_a_range_keeps_the_way_of_numbers():
    spec = BulletSpec("Belægning", 0, Direction.RANGE, value=Decimal(104), low=Decimal(90), high=Decimal(100))
    found = spots(spec)
    assert found["band"][0] == 14
    assert found["band"][1] < found["value"]
    assert labels(spec) == ["104", "90", "100"]


def test_zero_is_a_value():
    spec = replace(FALLING, value=Decimal(0), target=Decimal(0))
    assert spots(spec)["value"] == WIDTH - 14


@pytest.mark.parametrize("fields", [{"value": None}, {"target": None, "expected": None}])
def test_nothing_to_draw(fields):
    assert bullet_svg(replace(FALLING, **fields), "a") == ""


def test_the_text_is_escaped_and_nothing_has_a_style():
    svg = bullet_svg(FALLING, "a")
    assert "Fraværet &lt;falder&gt;" in svg
    assert "style=" not in svg


numbers = st.decimals(-(10**6), 10**6, places=2)
maybe = st.none() | numbers
specs = st.builds(
    BulletSpec, alt=st.just("a"), decimals=st.integers(0, 2),
    direction=st.sampled_from([Direction.LOWER, Direction.HIGHER]),
    value=numbers, expected=maybe, target=numbers, baseline=maybe, tolerance=st.decimals(0, 1000, places=1),
)  # fmt: skip
ranges = st.builds(
    lambda value, low, width: BulletSpec("a", 1, Direction.RANGE, value=value, low=low, high=low + width),
    numbers, numbers, st.decimals(0, 1000, places=1),
)  # fmt: skip


@given(specs | ranges)
def test_everything_is_inside_the_frame(spec):
    for one in ET.fromstring(bullet_svg(spec, "a")).iter():
        if one.tag == f"{SVG}rect":
            assert float(one.get("x")) >= 0
            assert float(one.get("x")) + float(one.get("width")) <= WIDTH
        elif one.tag == f"{SVG}circle":
            assert 7 <= float(one.get("cx")) <= WIDTH - 7
        elif one.tag == f"{SVG}text":
            half = text_width(one.text, 12) / 2
            assert float(one.get("x")) - half >= -0.2
            assert float(one.get("x")) + half <= WIDTH + 0.2
            assert float(one.get("y")) < HEIGHT


@given(specs)
def test_the_mirrored_number_is_the_same_picture(spec):
    assert spots(mirrored(spec)) == spots(spec)


@given(ranges)
def test_the_mirrored_range_is_mirrored(spec):
    found, turned = spots(spec), spots(mirrored(spec))
    assert turned["value"] == pytest.approx(WIDTH - found["value"], abs=0.2)


@given(specs, st.decimals("0.01", 1000, places=2))
def test_a_better_value_is_never_further_left_among_the_same_marks(spec, step):
    better = spec.value + (step if spec.direction is Direction.HIGHER else -step)
    # Held on the same axis by a mark that is further out than both.
    far = max(abs(value) for value in (*spec.values(), better)) + 1
    wide = replace(spec, baseline=-far if spec.direction is Direction.HIGHER else far)
    assert spots(replace(wide, value=better))["value"] >= spots(wide)["value"]


@given(st.text("abcæøå WM.", max_size=90), st.integers(40, 200))
def test_lines_fit_and_say_when_something_is_left_out(text, width):
    lines = wrapped(text, width, 14)
    assert len(lines) <= 2
    assert all(text_width(line, 14) <= width for line in lines)
    if "".join(lines).replace(" ", "") != text.replace(" ", ""):
        assert lines[-1].endswith("…")


def test_cut_keeps_what_fits():
    assert cut("Skole", 500, 12) == "Skole"
    assert cut("Børne- og Skoleudvalget", 60, 12).endswith("…")
