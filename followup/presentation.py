"""From standings to what is printed: ready texts, reason sentences and charts. The only place that words a light."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.html import mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.charts.spec import ChartSpec, EarlierTarget, PathPoint, Point
from followup.charts.svg import sparkline_svg
from followup.charts.words import alt_text, point_title
from followup.models import Measurement
from followup.series import TargetPoint, path_points, tolerance_at
from followup.standing import Standing, StoredIndicator, StoredValue
from followup.status import Light, Trend
from goals.kinds import Direction
from goals.models import Indicator
from goals.period_names import period_name, period_name_short
from goals.periods import Period, parse_period
from goals.price_names import price_subtitle, price_words
from organisation.danish import NBSP, difference_unit, format_number, format_value, long_date
from organisation.templatetags.components import light_word

NO_VALUE = "–"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One series as cards, rows and tables print it."""

    series_id: int
    name: str
    unit_name: str
    light: Light
    reason: str
    value: str  # the number alone, or a dash
    unit: str
    prices: str  # "2026-priser"; empty where it is no amount, or nobody has said which kroner
    expected: str  # "Forventet nu: 6,5 pct.", empty without one
    target: str  # "højst 6,0 pct. i 2027", empty without one
    interval: str
    trend: Trend
    way: str  # up, down, flat: the way of the number
    period: str
    basis: str  # "463 af 562"
    corrected_from: str  # "8,5", when the value was corrected
    last_seen: str  # "sidst 9,2 uger", when the newest is missing
    sparkline: SafeString
    is_example: bool
    source_note: str
    coming: str  # "Foreløbigt for 3. kvartal 2026: 1 af 2 enheder er med"


def figure_of(standing: Standing, today: date) -> Figure:
    """The standing in ready texts."""
    series, verdict = standing.series, standing.verdict
    indicator, latest = series.indicator, standing.latest
    is_current = verdict.value is not None
    unit, decimals = indicator.unit_of_measure, indicator.decimals
    seen = latest.value if latest is not None and not is_current else None
    return Figure(
        series_id=series.pk,
        name=indicator.name,
        unit_name=series.unit.name,
        light=verdict.light,
        reason=reason(standing, today),
        value=value_words(standing),
        unit=unit,
        prices=price_words(indicator.price_level, indicator.price_year),
        expected=format_value(verdict.expected, decimals, unit) if verdict.expected is not None else "",
        target=target_words(verdict.target or _last_target(standing), standing),
        interval=_interval(standing),
        trend=standing.trend,
        way=_way(standing),
        period=period_name(standing.reading.period) if standing.reading else "",
        basis=basis(latest) if latest is not None and is_current else "",
        corrected_from=corrected_from(latest, decimals) if latest is not None and is_current else "",
        last_seen=_("sidst %s") % format_value(seen, decimals, unit) if seen is not None else "",
        sparkline=_sparkline(standing, is_old=not is_current),
        is_example=latest is not None and latest.is_example,
        source_note=series.source_note,
        coming=_coming(standing.provisional),
    )


def value_words(standing: Standing) -> str:
    """The value that the light is about, without its unit; a dash when the newest is missing."""
    latest = standing.latest
    if latest is None or latest.value is None or standing.verdict.value is None:
        return NO_VALUE
    return format_number(latest.value, standing.series.indicator.decimals)


def _parts(measurement: StoredValue | Measurement) -> str:
    return _("%(present)s af %(expected)s enheder") % {
        "present": measurement.parts_present,
        "expected": measurement.parts_expected,
    }


def _coming(provisional: StoredValue | None) -> str:
    if provisional is None:
        return ""
    return _("Foreløbigt for %(period)s: %(parts)s er med") % {
        "period": period_name(provisional.period),
        "parts": _parts(provisional),
    }


def basis(measurement: StoredValue | Measurement) -> str:
    """`463 af 562`, where the value has a numerator and denominator; `412 svar` for a sample."""
    if measurement.numerator is not None and measurement.denominator is not None:
        pair = (format_number(part, _needed(part)) for part in (measurement.numerator, measurement.denominator))
        return f"{NBSP}{_('af')}{NBSP}".join(pair)
    if measurement.sample_size:
        return _("%s svar") % format_number(measurement.sample_size, 0)
    return ""


def corrected_from(measurement: StoredValue | Measurement, decimals: int) -> str:
    """`8,5` or `intet tal`: what stood there before a correction; empty when there was none."""
    if not measurement.is_corrected:
        return ""
    before = measurement.corrected_from
    return format_number(before, decimals) if before is not None else _("intet tal")


def _needed(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(max(-exponent, 0), 2) if isinstance(exponent, int) else 0


def _last_target(standing: Standing) -> TargetPoint | None:
    return standing.rule.targets[-1] if standing.rule.targets else None


def target_words(target: TargetPoint | None, standing: Standing, *, with_period: bool = True) -> str:
    """`højst 7,5 pct. i 2028`: the words say the direction."""
    return words_of_target(target, standing.series.indicator, with_period=with_period) if target is not None else ""


def words_of_target(target: TargetPoint, indicator: Indicator | StoredIndicator, *, with_period: bool = True) -> str:
    """The same of a target that nothing stands by yet."""
    decimals, unit = indicator.decimals, indicator.unit_of_measure
    if target.value is None:
        low = format_number(target.low or Decimal(0), decimals)
        text = _("mellem %(low)s og %(high)s") % {
            "low": low,
            "high": format_value(target.high or Decimal(0), decimals, unit),
        }
    else:
        word = _("højst") if indicator.direction == Direction.LOWER else _("mindst")
        text = f"{word} {format_value(target.value, decimals, unit)}"
    return f"{text} i{NBSP}{when(target.period)}" if with_period else text


def when(period: Period) -> str:
    """The year for a period that ends a calendar year, else its name."""
    if (period.last.month, period.last.day) == (12, 31):
        return str(period.last.year)
    return period_name(period)


def _interval(standing: Standing) -> str:
    interval, indicator = standing.verdict.interval, standing.series.indicator
    if interval is None:
        return ""
    return _("mellem %(low)s og %(high)s") % {
        "low": format_number(interval[0], indicator.decimals),
        "high": format_value(interval[1], indicator.decimals, indicator.unit_of_measure),
    }


def _way(standing: Standing) -> str:
    latest, previous = standing.latest, standing.previous
    if latest is None or previous is None or latest.value is None or previous.value is None:
        return ""
    if standing.trend is Trend.UNCHANGED or latest.value == previous.value:
        return "flat"
    return "up" if latest.value > previous.value else "down"


def _sparkline(standing: Standing, *, is_old: bool) -> SafeString:
    values = standing.values[-10:]
    if len(values) < 2:
        return mark_safe("")
    indicator = standing.series.indicator
    numbers = [value.value for value in values]
    present = [number for number in numbers if number is not None]
    if len(present) < 2:
        return mark_safe("")
    title = _("Fra %(first)s til %(last)s") % {
        "first": format_number(present[0], indicator.decimals),
        "last": format_value(present[-1], indicator.decimals, indicator.unit_of_measure),
    }
    return mark_safe(sparkline_svg(numbers, standing.verdict.expected, title, is_old=is_old))


def reason(standing: Standing, today: date) -> str:
    """The sentence that explains the light (language.md, 2.7)."""
    verdict, reading = standing.verdict, standing.reading
    key = verdict.reason_key
    if key in ("overdue", "notdue") and reading is not None and reading.due is not None:
        return _deadline_sentence(key, reading.period, reading.due, today)
    if verdict.value is None:
        return _no_value_sentence(key, standing)
    text = SENTENCES[key.removesuffix("_over").removesuffix("_under")]() % _Words(standing)
    # A unit that ends with a full stop also ends its sentence: "8,3 pct."
    return text.replace("..", ".")


class _Words:
    """The words of a sentence about a standing, each made when the sentence asks for it."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    def __getitem__(self, name: str) -> str:
        return WORDS[name](self.standing)


def _amount(value: Decimal | None, standing: Standing) -> str:
    """A number of the series with its unit of measure."""
    indicator = standing.series.indicator
    return format_value(value or Decimal(0), indicator.decimals, indicator.unit_of_measure)


def _plain(value: Decimal | None, standing: Standing) -> str:
    """The same without the unit."""
    return format_number(value or Decimal(0), standing.series.indicator.decimals)


def _difference(standing: Standing) -> str:
    indicator, difference = standing.series.indicator, standing.verdict.difference or Decimal(0)
    return format_value(abs(difference), indicator.decimals, difference_unit(indicator.unit_of_measure))


def _wanted(standing: Standing) -> str:
    word = _("højst") if standing.rule.direction is Direction.LOWER else _("mindst")
    return f"{word} {_amount(standing.verdict.expected, standing)}"


def target_goal(target: TargetPoint | None, standing: Standing) -> str:
    """`7,5 pct. i 2028`, without the word for the direction."""
    if target is None or target.value is None:
        return ""
    indicator = standing.series.indicator
    value = format_value(target.value, indicator.decimals, indicator.unit_of_measure)
    return f"{value} i{NBSP}{when(target.period)}"


# What the sentences below are filled with.
WORDS: dict[str, Callable[[Standing], str]] = {
    "name": lambda it: it.series.indicator.name_in_sentence or _("Værdien"),
    "value": lambda it: _amount(it.verdict.value, it),
    "target": lambda it: target_words(it.verdict.target, it),
    "bare_target": lambda it: target_words(it.verdict.target, it, with_period=False),
    "parts": lambda it: _parts(it.provisional) if it.provisional else "",
    "expected": lambda it: _plain(it.verdict.expected, it),
    "wanted": _wanted,
    "difference": _difference,
    "side": lambda it: _("over") if (it.verdict.difference or 0) > 0 else _("under"),
    "tolerance": lambda it: _plain(it.verdict.tolerance, it),
    "interval": lambda it: _interval(it),
    "goal": lambda it: target_goal(it.verdict.target, it),
}
# Functions, so that the words are translated when used.
SENTENCES = {
    "reached": lambda: _("%(name)s er %(value)s. Måltallet er %(target)s."),
    "ontrack": lambda: _("%(name)s er %(value)s. Vi skal være på %(wanted)s nu for at nå %(goal)s."),
    "atrisk": lambda: _(
        "%(name)s er %(value)s. Det er %(difference)s %(side)s det forventede (%(expected)s), "
        "men inden for tolerancen (%(tolerance)s)."
    ),
    "offtrack": lambda: _(
        "%(name)s er %(value)s. Det er %(difference)s %(side)s det forventede (%(expected)s) "
        "og uden for tolerancen (%(tolerance)s)."
    ),
    "offtrack_over_exact": lambda: _(
        "%(name)s er %(value)s. Det er %(difference)s over det forventede (%(expected)s)."
    ),
    "offtrack_under_exact": lambda: _(
        "%(name)s er %(value)s. Det er %(difference)s under det forventede (%(expected)s)."
    ),
    "uncertain": lambda: _(
        "%(name)s er %(value)s. Med så få svar ligger det rigtige tal sandsynligvis %(interval)s. "
        "Vi skal være på %(wanted)s nu, så vi kan ikke sige, om det er nået."
    ),
    "range_inside": lambda: _("%(name)s er %(value)s. Den skal ligge %(bare_target)s."),
    "range_atrisk": lambda: _("%(name)s er %(value)s. Den skal ligge %(bare_target)s, men er inden for tolerancen."),
    "range_offtrack": lambda: _("%(name)s er %(value)s. Den skal ligge %(bare_target)s."),
    "notarget": lambda: _("Vi viser udviklingen, men uden et måltal er der ingen status."),
    "before_baseline": lambda: _("Perioden ligger før udgangspunktet."),
    "provisional": lambda: _("%(name)s er %(value)s. Tallet er foreløbigt: %(parts)s er med."),
}


def _deadline_sentence(key: str, period: Period, due: date, today: date) -> str:
    values = {"period": period_name(period), "due": long_date(due)}
    if key == "notdue":
        return _("Tallet for %(period)s skal indberettes senest %(due)s.") % values
    days = (today - due).days
    ago = ngettext("Det er %d dag siden.", "Det er %d dage siden.", days) % days
    return _("Tallet for %(period)s skulle være indberettet senest %(due)s.") % values + f" {ago}"


def _no_value_sentence(key: str, standing: Standing) -> str:
    if key == "nodata_withheld":
        return _("Tallet vises ikke af hensyn til personer.")
    if key == "nodata_not_applicable":
        return _("Indikatoren er ikke relevant for %s.") % standing.series.unit.name
    if key == "nodata_later":
        return _("Tallet opgøres senere.")
    return _("Der er endnu ikke noget tal.")


def goal_reason(lead: Figure | None) -> str:
    """Why a goal has its light: the sentence of the series that decides it."""
    return lead.reason if lead is not None else _("Målet har endnu ingen indikatorer.")


def chart_of(standing: Standing, values: Sequence[StoredValue]) -> ChartSpec:
    """The chart of one series: all `values` oldest first, the path to the target, and targets since replaced."""
    series, rule = standing.series, standing.rule
    indicator = series.indicator
    points = _points(values)
    target = _last_target(standing)
    name = indicator.name_in_sentence or indicator.name
    expected = standing.verdict.expected
    off_path = expected is not None and standing.verdict.difference not in (None, Decimal(0))
    path = path_points(rule, parse_period(values[0].period) if values else None)
    at = standing.reading.period if standing.reading else (target.period if target else None)
    baseline = None
    if rule.baseline is not None:
        first, value = rule.baseline
        baseline = Point(first.code, period_name_short(first), first.last, value)
    prices = price_subtitle(indicator.price_level, indicator.price_year)
    since_baseline = tuple(point for point in points if baseline is None or point.day >= baseline.day)
    return ChartSpec(
        title=point_title(name, since_baseline, standing.light, rule.direction, decimals=indicator.decimals),
        subtitle=", ".join(part for part in (indicator.name, indicator.unit_of_measure, prices) if part),
        alt=alt_text(
            name,
            points,
            decimals=indicator.decimals,
            unit=indicator.unit_of_measure,
            target=target_words(target, standing),
            light_word=light_word(standing.light),
        ),
        unit=indicator.unit_of_measure,
        decimals=indicator.decimals,
        points=points,
        baseline=baseline,
        path=tuple(PathPoint(period.last, value) for period, value in path),
        tolerance=tolerance_at(rule, at) if at else Decimal(0),
        earlier=tuple(
            EarlierTarget(one.period_end, one.value, _("før %s") % format_number(one.value, indicator.decimals))
            for one in standing.superseded
            if one.value is not None
        ),
        low=target.low if target else None,
        high=target.high if target else None,
        target_label=_("måltal %s") % format_number(target.value, indicator.decimals)
        if target is not None and target.value is not None
        else "",
        expected_label=_("forventet %s") % format_number(expected, indicator.decimals)
        if off_path and expected is not None
        else "",
    )


def _points(values: Sequence[StoredValue]) -> tuple[Point, ...]:
    """One point per period from the first to the last value; periods without a row are gaps."""
    points: list[Point] = []
    previous: Period | None = None
    for measurement in values:
        period = parse_period(measurement.period)
        follows = previous is not None and previous.last + ONE_DAY == period.first
        while previous is not None and not follows and len(points) < 2000:
            previous = _next(previous)
            if previous is None or previous.last >= period.last:
                break
            points.append(Point(previous.code, period_name_short(previous), previous.last, None))
        points.append(
            Point(
                period.code,
                period_name_short(period),
                period.last,
                measurement.value,
                is_example=measurement.is_example,
                is_corrected=measurement.is_corrected,
            )
        )
        previous = period
    return tuple(points)


def _next(period: Period) -> Period | None:
    try:
        return period.next()
    except ValueError:
        return None  # spans and waves do not tile
