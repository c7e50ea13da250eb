"""From a table read from a file to values of series: which unit, which indicator, and what is refused and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from hashlib import sha256
from typing import Any, NamedTuple

from followup.readers import ReadValue, Table
from followup.series import derive
from goals.kinds import ValueKind
from goals.models import Indicator, Series
from goals.periods import Period, PeriodError, PeriodKind, last_of
from organisation.collecting import without_collecting
from organisation.danish import quantise_stored
from organisation.models import Authority, Unit

UNIT_WORDS = ("enhed", "unit", "skole", "kommune", "område", "institution", "municipality", "area", "region")
INDICATOR_WORDS = ("indikator", "indicator", "nøgletal", "mål for", "kpi", "id")
NUMERATOR_WORDS, DENOMINATOR_WORDS = ("tæller", "numerator"), ("nævner", "denominator")
TOTAL_WORDS = ("i alt", "ialt", "total", "alle", "alder i alt", "tot", "t")
LARGEST = Decimal(10) ** 15


@dataclass
class Mapping:
    """How a table is to be understood. Columns by heading; what is empty is recognised or not there.

    `unit` and `indicator` name label columns; `fixed_unit` and `fixed_indicator` are codes for the whole file.
    `unit_names` and `indicator_names` say what names in the file stand for, by code; "" leaves the rows out.
    `only` keeps the rows with that text in that column, so that totals and parts are not counted together.
    """

    sheet: int = 0
    period: str | None = None
    values: list[str] = field(default_factory=list)
    locale: str | None = None
    dash: str = "missing"
    unit: str = ""
    fixed_unit: str = ""
    indicator: str = ""
    fixed_indicator: str = ""
    numerator: str = ""
    denominator: str = ""
    unit_names: dict[str, str] = field(default_factory=dict)
    indicator_names: dict[str, str] = field(default_factory=dict)
    only: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> "Mapping":
        """The mapping written by `to_json`, or by hand; what does not fit raises ValueError naming it."""
        if not isinstance(data, dict):
            raise ValueError("mapping is not an object")
        unknown = set(data) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
        wrong = [name for name, value in data.items() if not _fits(name, value)]
        if wrong:
            raise ValueError(f"cannot be used: {', '.join(sorted(wrong))}")
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @property
    def reading(self) -> dict[str, Any]:
        """What `followup.readers.read_table` takes."""
        return {
            "sheet": self.sheet,
            "period": self.period,
            "values": self.values,
            "locale": self.locale,
            "dash": self.dash,
        }


def _fits(name: str, value: Any) -> bool:
    """Whether a mapping from a file can hold the value under the name."""
    match name:
        case "sheet":
            return type(value) is int and value >= 0
        case "values":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "unit_names" | "indicator_names" | "only":
            return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        case "locale":
            return value in (None, "da", "en")
        case "dash":
            return value in ("missing", "zero")
        case "period":
            return value is None or isinstance(value, str)
    return isinstance(value, str)


def fingerprint(table: Table) -> str:
    """The same for files with the same headings: what a remembered mapping is found by. Periods do not count."""
    names = [*table.label_columns, table.period_column or "", *sorted(set(_measures(table)))]
    return sha256("\n".join(names).encode()).hexdigest()


def _measures(table: Table) -> Iterator[str]:
    """What the value columns count; for periods as columns, what is left of the heading."""
    seen_rows = set()
    for value in table.values():
        seen_rows.add(value.line)
        if len(seen_rows) > 1:
            return
        yield value.measure


class KnownSeries(NamedTuple):
    """What reading a file needs of a `Series`; an authority has tens of thousands."""

    pk: int
    indicator_id: int
    unit_id: int
    is_rolled_up: bool
    last_day: date | None


class Known:
    """An authority's units, indicators and series, by every name they may have in a file."""

    @without_collecting()
    def __init__(self, authority: Authority, units: Iterable[Unit] | None = None) -> None:
        self.authority = authority
        allowed = None if units is None else {unit.pk for unit in units}
        every = list(Unit.objects.filter(authority=authority))
        self.units = {unit.pk: unit for unit in every}
        self.allowed = set(self.units) if allowed is None else allowed
        self.unit_by_name = _by_names(every)
        self.indicators = {one.pk: one for one in Indicator.objects.filter(authority=authority)}
        self.indicator_by_name = _by_names(self.indicators.values())
        series = Series.objects.filter(authority=authority).order_by("pk").values_list(*KnownSeries._fields)
        self.series = {(one.indicator_id, one.unit_id): one for one in map(KnownSeries._make, series)}

    def unit(self, name: str, mapping: Mapping) -> Unit | None:
        """The unit that a text in the file means."""
        return self.unit_by_name.get(_plain(mapping.unit_names.get(name, name)))

    def indicator(self, name: str, mapping: Mapping) -> Indicator | None:
        """The indicator that a text in the file means."""
        return self.indicator_by_name.get(_plain(mapping.indicator_names.get(name, name)))

    def near_units(self, name: str) -> list[str]:
        """Names of units most like the text."""
        return _nearest(name, [unit.name for unit in self.units.values()])

    def near_indicators(self, name: str) -> list[str]:
        """Names of indicators most like the text."""
        return _nearest(name, [one.name for one in self.indicators.values()])


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _by_names(things: Iterable[Any]) -> dict[str, Any]:
    """By name and by code; a code wins, and a name two things share names neither."""
    things = list(things)
    names = Counter(_plain(one.name) for one in things)
    found = {_plain(one.name): one for one in things if names[_plain(one.name)] == 1}
    return found | {_plain(one.code): one for one in things}


def _nearest(name: str, names: list[str]) -> list[str]:
    plain = {_plain(one): one for one in names}
    return [plain[one] for one in get_close_matches(_plain(name), list(plain), n=3, cutoff=0.5)]


def recognise(table: Table, mapping: Mapping, known: Known) -> Mapping:
    """The mapping with what it leaves open filled in from headings and from the names found in the columns."""
    columns = table.label_texts()
    if not mapping.unit and not mapping.fixed_unit:
        mapping.unit = _best(columns, known.unit_by_name, UNIT_WORDS)
    if not mapping.indicator and not mapping.fixed_indicator:
        mapping.indicator = _best(
            {name: texts for name, texts in columns.items() if name != mapping.unit},
            known.indicator_by_name,
            INDICATOR_WORDS,
        )
    if not mapping.numerator and not mapping.denominator:
        mapping.numerator = _headed(table.value_columns, NUMERATOR_WORDS)
        mapping.denominator = _headed(table.value_columns, DENOMINATOR_WORDS)
    if not mapping.fixed_unit and not mapping.unit and len(known.allowed) == 1:
        mapping.fixed_unit = known.units[next(iter(known.allowed))].code
    for name, texts in columns.items():
        if name in (mapping.unit, mapping.indicator) or name in mapping.only or len(texts) < 2:
            continue
        total = next((text for text in texts if _plain(text) in TOTAL_WORDS), "")
        if total:
            mapping.only[name] = total
    return mapping


def _best(columns: dict[str, list[str]], known: dict[str, Any], words: tuple[str, ...]) -> str:
    """The column most of whose texts are known; else the one headed by one of the words."""
    share = {
        name: sum(_plain(text) in known for text in texts) / len(texts) for name, texts in columns.items() if texts
    }
    best = max(share, key=lambda name: share[name], default="")
    if best and share[best] > 0:
        return best
    return _headed(list(columns), words)


def _headed(names: list[str], words: tuple[str, ...]) -> str:
    return next((name for word in words for name in names if _plain(name).startswith(word)), "")


class Incoming(NamedTuple):
    """One value ready to be stored, quantised; `missing` is a reason or empty."""

    series_id: int
    period: Period
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    line: int


class Refused(NamedTuple):
    """A row or cell that cannot be stored: `key` names the sentence, `values` what it needs."""

    line: int
    column: str
    text: str
    key: str
    values: dict[str, Any]


@dataclass
class Reading:
    """What a file comes to: values in order, what is refused, and how many cells were read."""

    values: list[Incoming] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    read: int = 0
    missing: int = 0
    left_out: int = 0
    unknown_units: list[str] = field(default_factory=list)
    unknown_indicators: list[str] = field(default_factory=list)


@without_collecting()
def read_values(table: Table, mapping: Mapping, known: Known) -> Reading:
    """Match every value of the table to a series and period; each cell ends in `values`, `refused` or `left_out`."""
    reader = _Matcher(mapping, known)
    pairs: dict[tuple[int, str], dict[str, ReadValue]] = {}
    only = mapping.only.items()
    halves = (mapping.numerator, mapping.denominator) if mapping.numerator and mapping.denominator else ()
    for one in table.values():
        if only and any(one.labels.get(name) != text for name, text in only):
            reader.result.left_out += 1
        elif one.column in halves:
            pair = pairs.setdefault((one.line, one.period.code if one.period else ""), {})
            pair[one.column] = one
            if len(pair) == 2:
                reader.take_pair(pair[mapping.numerator], pair[mapping.denominator])
                pairs.clear()
        else:
            reader.take(one)
    return reader.result


class _Place:
    """A series that values of the file belong to, and the line of each by the last day of its period."""

    __slots__ = ("indicator", "is_ratio", "kind", "last_day", "pk", "seen")

    def __init__(self, series: KnownSeries, indicator: Indicator) -> None:
        self.pk, self.last_day, self.indicator = series.pk, series.last_day, indicator
        self.kind = PeriodKind(indicator.frequency)
        self.is_ratio = indicator.value_kind == ValueKind.RATIO
        self.seen: dict[date, int] = {}


class _Numbers(dict[Decimal, Decimal | None]):
    """Each different number as it is stored; None for those too large."""

    def __missing__(self, value: Decimal) -> Decimal | None:
        self[value] = number = None if abs(value) >= LARGEST else quantise_stored(value)
        return number


class _Matcher:
    """Matches cells to series, keeping what is slow to find."""

    def __init__(self, mapping: Mapping, known: Known) -> None:
        self.mapping, self.known = mapping, known
        self.result = Reading()
        self._add = self.result.values.append
        self.places: dict[tuple[str, str], _Place | Refused] = {}
        # The last place that was found, and by what: cells of a series mostly stand together, and share their labels.
        self._labels: dict[str, str] | None = None
        self._measure = ""
        self._found: _Place | None = None
        self.place_of: dict[int, _Place] = {}  # by series: several names may mean the same
        self.fitted: dict[tuple[PeriodKind, Period], Period | None] = {}
        self.numbers = _Numbers()

    def take(self, one: ReadValue) -> None:
        """One plain value."""
        self.result.read += 1
        place = self._place(one)
        if place is None:
            return
        period = self._period(one, place)
        if period is None:
            return
        if one.missing is not None:
            self.result.missing += 1
            self._add(Incoming(place.pk, period, None, None, None, one.missing.value, one.line))
        elif one.value is None or (number := self.numbers[one.value]) is None:
            self._refuse(one, "too_large")
        elif place.is_ratio:
            self._refuse(one, "needs_pair", indicator=place.indicator.name)
        else:
            # By `_make` in three quarters of the time that a call takes: this is nearly every cell.
            self._add(Incoming._make((place.pk, period, number, None, None, "", one.line)))

    def take_pair(self, top: ReadValue, bottom: ReadValue) -> None:
        """A numerator and its denominator."""
        self.result.read += 1
        one = top if top.problem or not bottom.problem else bottom
        place = self._place(one)
        if place is None:
            return
        period = self._period(one, place)
        if period is None:
            return
        if top.missing or bottom.missing:
            self.result.missing += 1
            reason = top.missing or bottom.missing
            self._add(Incoming(place.pk, period, None, None, None, reason.value if reason else "", top.line))
        elif top.value is None or bottom.value is None or bottom.value == 0:
            self._refuse(bottom, "denominator_zero")
        else:
            numerator, denominator = quantise_stored(top.value), quantise_stored(bottom.value)
            value = quantise_stored(derive(numerator, denominator, place.indicator.factor))
            if place.is_ratio:
                self._add(Incoming(place.pk, period, value, numerator, denominator, "", top.line))
            else:
                self._add(Incoming(place.pk, period, value, None, None, "", top.line))

    def _place(self, one: ReadValue) -> _Place | None:
        """The series of a cell, or None when it was refused."""
        if one.problem is not None:
            return self._refuse(one, one.problem.key, text=one.problem.text, column=one.problem.column)
        mapping, labels = self.mapping, one.labels
        if labels is self._labels and one.measure == self._measure:
            return self._found
        unit = mapping.fixed_unit or labels.get(mapping.unit, "")
        indicator = mapping.fixed_indicator or labels.get(mapping.indicator, "") or one.measure
        place = self.places.get((unit, indicator))
        if place is None:
            place = self.places[unit, indicator] = self._find(unit, indicator)
        if type(place) is _Place:
            self._labels, self._measure, self._found = labels, one.measure, place
            return place
        assert isinstance(place, Refused)
        if place.key == "left_out":
            self.result.left_out += 1
            return None
        return self._refuse(one, place.key, text=place.text, column=place.column, **place.values)

    def _find(self, unit_name: str, indicator_name: str) -> _Place | Refused:
        known, mapping = self.known, self.mapping
        if mapping.unit_names.get(unit_name) == "" or mapping.indicator_names.get(indicator_name) == "":
            return Refused(0, "", "", "left_out", {})
        unit = known.unit(unit_name, mapping)
        if unit is None:
            self.result.unknown_units.append(unit_name)
            return Refused(0, mapping.unit, unit_name, "unknown_unit", {"near": known.near_units(unit_name)})
        indicator = known.indicator(indicator_name, mapping)
        if indicator is None:
            self.result.unknown_indicators.append(indicator_name)
            near = known.near_indicators(indicator_name)
            return Refused(0, mapping.indicator, indicator_name, "unknown_indicator", {"near": near})
        if unit.pk not in known.allowed:
            return Refused(0, mapping.unit, unit_name, "not_your_unit", {"unit": unit.name})
        series = known.series.get((indicator.pk, unit.pk))
        names = {"unit": unit.name, "indicator": indicator.name}
        if series is None:
            return Refused(0, mapping.indicator, indicator_name, "no_series", names)
        if series.is_rolled_up:
            return Refused(0, mapping.indicator, indicator_name, "computed", names)
        return self.place_of.setdefault(series.pk, _Place(series, indicator))

    def _period(self, one: ReadValue, place: _Place) -> Period | None:
        """The period of a cell on its series, or None when it was refused. What is stored is known by its last day."""
        if one.period is None:
            return self._refuse(one, "period_missing")
        period = one.period if one.period.kind is place.kind else self._fit(place.kind, one.period)
        if period is None:
            return self._refuse(one, "period_other_kind", text=one.period.code, frequency=place.kind.value)
        last = period.last
        if place.last_day is not None and last > place.last_day:
            return self._refuse(one, "period_after_end", text=period.code, last_day=place.last_day)
        if last in place.seen:
            return self._refuse(one, "twice", text=period.code, earlier=place.seen[last])
        place.seen[last] = one.line
        return period

    def _fit(self, kind: PeriodKind, period: Period) -> Period | None:
        """A single date stands for the period of the series' kind that ends on it; nothing else fits."""
        if period.kind is not PeriodKind.DAY:
            return None
        key = kind, period
        if key not in self.fitted:
            try:
                ends = last_of(kind, Period.containing(period.last, kind))
            except PeriodError:
                ends = None
            self.fitted[key] = ends if ends is not None and ends.last == period.last else None
        return self.fitted[key]

    def _refuse(self, one: ReadValue, key: str, *, text: str | None = None, column: str = "", **values: Any) -> None:
        refused = Refused(one.line, column or one.column, one.text if text is None else text, key, values)
        # A row whose unit is unknown is refused once, not once for each of its periods.
        if not self.result.refused or self.result.refused[-1] != refused:
            self.result.refused.append(refused)
