"""Stacked columns: heights are the counts, nothing falls out of the frame, and both pictures have the same numbers."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.charts.stacked import NARROW, WIDE, Column, StackedSpec, stacked_figure, stacked_svg
from followup.status import Light

SVG = "{http://www.w3.org/2000/svg}"


def spec(*counts: dict[Light, int]) -> StackedSpec:
    columns = tuple(Column(f"{n}. kvartal 2026", f"{n}. kvt. 2026", one) for n, one in enumerate(counts, 1))
    return StackedSpec("12 <mål>", "Antal mål", columns, {light: light.value for light in Light})


def parts(svg: str) -> list[dict[str, float | str]]:
    found = []
    for one in ET.fromstring(svg).findall(f"{SVG}rect"):
        if light := one.get("data-light"):
            found.append({"light": light, "count": int(one.get("data-count")),
                          **{name: float(one.get(name)) for name in ("x", "y", "width", "height")}})  # fmt: skip
    return found


counted = st.dictionaries(st.sampled_from(Light), st.integers(1, 60))


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@given(st.lists(counted, min_size=1, max_size=8))
def test_heights_are_the_counts_and_all_is_inside(frame, counts):
    drawn = parts(stacked_svg(spec(*counts), frame, "/s.svg"))
    assert [one["count"] for one in drawn] == [n for one in counts for light, n in ordered(one)]
    for one in drawn:
        assert one["x"] >= 0
        assert one["y"] >= 0
        assert one["x"] + one["width"] <= frame.width
        assert one["y"] + one["height"] <= frame.height - frame.bottom + 0.2
    for x in {one["x"] for one in drawn}:  # from the bottom up, without a gap
        column = [one for one in drawn if one["x"] == x]
        floors = [round(one["y"] + one["height"], 1) for one in column]
        assert floors == pytest.approx([frame.height - frame.bottom, *(one["y"] for one in column[:-1])], abs=0.11)
    heights = {one["count"]: one["height"] for one in drawn}
    for one in drawn:
        assert one["height"] == pytest.approx(heights[one["count"]], abs=0.25)
    assert sorted(heights.values()) == [heights[count] for count in sorted(heights)]


def ordered(counts: dict[Light, int]) -> list[tuple[Light, int]]:
    """From the bottom: on course first, then without a light, then deviations with the worst on top."""
    order = ["reached", "ontrack", "notarget", "nodata", "notdue", "uncertain", "atrisk", "overdue", "offtrack"]
    return sorted(counts.items(), key=lambda one: order.index(one[0]))


@given(st.lists(counted, min_size=1, max_size=8))
def test_both_pictures_have_the_same_numbers(counts):
    figure = stacked_figure(spec(*counts))
    drawn = [(one["light"], one["count"]) for one in parts(stacked_svg(spec(*counts), WIDE, "/s.svg"))]
    in_figure = [(trace["name"], trace["y"][at]) for at in range(len(counts)) for trace in figure["data"]]
    assert [pair for pair in in_figure if pair[1]] == drawn


def test_each_light_has_a_pattern_and_the_picture_a_text():
    svg = stacked_svg(spec(dict.fromkeys(Light, 9)), WIDE, "/s.svg")
    tiles = [ET.tostring(one[1]) + ET.tostring(one[0]) for one in ET.fromstring(svg).iter(f"{SVG}pattern")]
    assert len(set(tiles)) == len(Light)
    assert "12 &lt;mål&gt;" in svg
    assert "style=" not in svg
