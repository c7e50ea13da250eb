"""The sentence that says what a chart shows, and the title that says its point (language.md, 2.8)."""

from collections.abc import Sequence
from decimal import Decimal

from followup.charts.spec import Point
from followup.runchart import LEAST, RunChart, Side, Signal
from followup.status import Light
from goals.kinds import Direction
from organisation.danish import NBSP, format_number, format_value, round_half_up


def development(points: tuple[Point, ...], decimals: int) -> str:
    """`steg`, `faldt`, `svingede` or `var uændret`, at the printed precision; empty for fewer than two values.

    Values swing when they went both above and below their ends by more than the ends differ, or came back to the start.
    """
    values = _printed(points, decimals)
    if len(values) < 2:
        return ""
    ends = sorted((values[0], values[-1]))
    over, under = max(values) - ends[1], ends[0] - min(values)
    if values[0] == values[-1]:
        return "svingede" if over or under else "var uændret"
    if min(over, under) > ends[1] - ends[0]:
        return "svingede"
    return "steg" if values[-1] > values[0] else "faldt"


def _printed(points: tuple[Point, ...], decimals: int) -> list[Decimal]:
    return [round_half_up(point.value, decimals) for point in points if point.value is not None]


def alt_text(
    name: str, points: tuple[Point, ...], *, decimals: int, unit: str, target: str = "", light_word: str = ""
) -> str:
    """Change, period, target and status: `Fraværet faldt fra 9,0 til 8,3 pct. fra … til …; målet er …`."""
    present = [point for point in points if point.value is not None]
    if not present:
        return f"{name}: ingen tal endnu."
    first, last = present[0], present[-1]
    assert first.value is not None and last.value is not None
    way = development(points, decimals)
    end = format_value(last.value, decimals, unit)
    if way == "svingede":
        values = _printed(points, decimals)
        low, high = format_number(min(values), decimals), format_value(max(values), decimals, unit)
        text = f"{name} svingede mellem {low} og {high} fra {first.label} til {last.label}"
        text += f" og er nu {format_number(last.value, decimals)}"
    elif way in ("", "var uændret"):
        text = f"{name} {'var' if not way else way + ' på'} {end} "
        text += f"i {last.label}" if not way else f"fra {first.label} til {last.label}"
    else:
        text = f"{name} {way} fra {format_number(first.value, decimals)} til {end} fra {first.label} til {last.label}"
    if target:
        text += f"; måltallet er {target}"
    text += "."
    missing = [point.label for point in points if point.value is None]
    if missing:
        text += f" Tal mangler for {missing[0] if len(missing) == 1 else f'{len(missing)} perioder'}."
    if light_word:
        text += f" Status: {light_word}."
    return text + " Tallene står i tabellen."


_BAD = (Light.OFF_TRACK, Light.AT_RISK)


def point_title(name: str, points: tuple[Point, ...], light: Light, direction: Direction, *, decimals: int) -> str:
    """The point of the chart: what the number does, and whether it is enough. The name alone where nothing is clear."""
    verbs = {"steg": "stiger", "faldt": "falder", "var uændret": "er uændret", "svingede": "svinger"}
    verb = verbs.get(development(points, decimals))
    if verb is None:
        return name
    if light is Light.REACHED:
        return f"{name} {verb} og har nået måltallet"
    if light is Light.ON_TRACK:
        return f"{name} {verb} og følger planen"
    if light in _BAD and direction is not Direction.RANGE:
        better = verb == ("falder" if direction is Direction.LOWER else "stiger")
        return f"{name} {verb}, men ikke hurtigt nok" if better else f"{name} {verb} i stedet for at blive bedre"
    return f"{name} {verb}"


_SIDES = {Side.OVER: "over", Side.UNDER: "under"}


def signal_words(run: RunChart, labels: Sequence[str], *, short: bool = False) -> str:
    """`Signal: 9 målinger i træk under medianen fra uge 10–11, 2026`; why there is none; or that they are too few.

    `labels` are the names of the periods, by the places that the run chart speaks of. `short` is for a tile: only a
    signal or too few values is worth words there.
    """
    if run.is_too_short:
        return f"For få målinger: {run.useful} af {LEAST}"
    if run.signal is Signal.RUN and run.side is not None:
        what = f"{run.run_length} i træk" if short else f"{run.run_length} målinger i træk"
        since = "" if short else f" fra {labels[run.points[-run.run_length]]}"
        return f"Signal: {what} {_SIDES[run.side]} medianen{since}"
    if run.signal is Signal.CROSSINGS:
        many = "krydsning" if run.crossings == 1 else "krydsninger"
        return f"Signal: kun {run.crossings} {many} af medianen"
    return "" if short else "Intet signal: udsvingene er tilfældige"


def run_alt(name: str, run: RunChart, labels: Sequence[str], count: int, *, decimals: int, unit: str) -> str:
    """The run chart in words: `Ventetid: 24 målinger, median 14 dage. Signal: …`."""
    measured = f"{count} {'måling' if count == 1 else 'målinger'}"
    middle = ""
    if run.median is not None:
        middle = f", median {median_number(run.median, decimals)}{NBSP}{unit}".rstrip(".")
    return f"{name}: {measured}{middle}. {signal_words(run, labels)}. Tallene står i tabellen."


def median_number(median: Decimal, decimals: int) -> str:
    """The median of an even count may lie between two values: then with a decimal more than they have."""
    return format_number(median, decimals + (round_half_up(median, decimals) != median))
