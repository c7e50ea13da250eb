"""Run charts as they are drawn and told: rings, lines, words, and the same picture from what a meeting keeps."""

import json
import re
from decimal import Decimal

import pytest

from followup.charts.run import TILE, WIDE, RunPoint, RunSpec, run_svg, spec_from_json
from followup.charts.words import median_number, run_alt, signal_words
from followup.runchart import run_chart
from goals.kinds import Direction

VALUES = [Decimal(n) for n in [14, 18] * 6 + [14, 18, 18, 14, *[10] * 9]]
LABELS = [f"uge {n}" for n in range(1, len(VALUES) + 1)]
SPEC = RunSpec(
    alt="Ventetid: <24> målinger",
    decimals=0,
    unit="dage",
    points=(
        *(RunPoint(f"uge {n}", Decimal(n % 5)) for n in range(1, 13)),
        RunPoint("uge 13", None),
        RunPoint("uge 14", Decimal(9), "worse"),
        RunPoint("uge 15", Decimal(0), "better", is_draft=True),
        RunPoint("uge 16", Decimal(1), "neither"),
    ),
    median=Decimal("2.5"),
    target=Decimal(3),
)


@pytest.mark.parametrize("frame", [TILE, WIDE])
def test_the_drawing(frame):
    svg = run_svg(SPEC, frame)
    assert "style=" not in svg
    assert "Ventetid: &lt;24&gt; målinger" in svg
    assert len(re.findall(r'stroke-width="2"/>', svg)) == 3  # three rings
    assert svg.count("<polyline") == 2  # a missing value parts the line
    assert "stroke-dasharray" in svg
    assert ("median 2,5" in svg) == (frame is WIDE)


def test_a_range_and_an_empty_chart():
    assert "fill-opacity" in run_svg(RunSpec("", 0, "", (RunPoint("a", Decimal(5)),), low=Decimal(1), high=Decimal(9)))
    assert "<circle" not in run_svg(RunSpec("", 0, "", ()))


def test_what_a_meeting_keeps_draws_the_same_picture():
    kept = json.loads(json.dumps(SPEC.as_json()))
    assert spec_from_json(kept) == SPEC
    assert run_svg(spec_from_json(kept), WIDE) == run_svg(SPEC, WIDE)


def test_words_of_a_run():
    run = run_chart(VALUES, Direction.LOWER)
    assert signal_words(run, LABELS) == "Signal: 9 målinger i træk under medianen fra uge 17"
    assert signal_words(run, LABELS, short=True) == "Signal: 9 i træk under medianen"
    alt = run_alt("Ventetid", run, LABELS, len(VALUES), decimals=0, unit="dage").replace("\u00a0", " ")
    told = "Signal: 9 målinger i træk under medianen fra uge 17. Tallene står i tabellen."
    assert alt == f"Ventetid: 25 målinger, median 14 dage. {told}"


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([1, -1] * 4, "For få målinger: 8 af 12"),
        ([1, -1] * 8, "Intet signal: udsvingene er tilfældige"),
        ([1] * 6 + [-1] * 6, "Signal: kun 1 krydsning af medianen"),
    ],
)
def test_words_without_a_run(marks, words):
    assert signal_words(run_chart([Decimal(n) for n in marks], Direction.HIGHER), LABELS) == words


def test_the_median_says_where_it_lies():
    assert median_number(Decimal(4), 0) == "4"
    assert median_number(Decimal("3.5"), 0) == "3,5"
