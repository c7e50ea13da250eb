"""Stores a demo model: organisation, goals, published and invented values, and rounds around today."""

import csv
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from followup.actions.roll_ups import roll_up_above
from followup.actions.standings import rebuild_standings
from followup.keys import by_series
from followup.models import Measurement
from followup.series import SeriesRule, derive, expected, tolerance_at
from followup.standing import rule_of
from goals.kinds import Direction, GoalState, ValueKind
from goals.models import Decision, Goal, GoalSeries, Indicator, Series, Strategy, Target
from goals.period_names import period_name
from goals.periods import Period, PeriodKind, last_of, parse_period, periods_within
from malstyring.demo.rows import IndicatorRow, SeriesRow
from organisation.actions.history import record
from organisation.danish import quantise_stored, round_half_up
from organisation.models import Authority, BodyLink, Membership, Portal, PortalDepth, Unit, User
from organisation.permissions import Role

DATA = Path(__file__).parent / "data"
LONG_AGO = date(2014, 1, 1)
# How many tolerances from the expected value the invented values end; positive is better.
AIMS = {"reached": 1.0, "ontrack": 0.4, "uncertain": 0.0, "atrisk": -0.7, "offtrack": -2.4}


@cache
def published(name: str) -> dict[str, dict[str, Decimal]]:
    """The published values of a model, if it has any: indicator -> period -> value."""
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    if not (DATA / f"{name}.csv").exists():
        return found
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            found[row["indikator"]][row["periode"]] = Decimal(row["tal"])
    return found


class Builder:
    """Stores one model's rows. After `build` the authority is complete up to the quarter before the current round's."""

    def __init__(self, model: ModuleType | SimpleNamespace, name: str, *, now: datetime, password: str) -> None:
        self.model, self.name, self.now, self.password = model, name, now, password
        self.today = timezone.localdate(now)
        self.current = Period.containing(self.today, PeriodKind.QUARTER).previous()
        self.approved_until = self.current.previous().last
        self.random = random.Random(901)
        self.units: dict[str, Unit] = {}
        self.people: dict[str, User] = {}
        self.indicators: dict[str, Indicator] = {}
        self.goals: dict[str, Goal] = {}
        self.series: dict[tuple[str, str], Series] = {}
        self.coming: dict[int, list[Measurement]] = defaultdict(list)  # series id -> values for the current round
        self.decisions: dict[int, Decision] = {}  # by the unit's key, as leaders
        self.leaders: dict[int, User] = {}

    @transaction.atomic
    def build(self) -> Authority:
        """Store everything but the rounds."""
        self.authority = Authority.objects.create(**self.model.AUTHORITY)
        Portal.objects.create(authority=self.authority, depth=PortalDepth.ALL, contact=self.authority.email)
        self._build_units()
        self._build_people()
        self._build_indicators()
        self._build_goals()
        self._build_series()
        self._build_values()
        rebuild_standings(self.authority, today=self.today)
        return self.authority

    def _build_units(self) -> None:
        for position, row in enumerate(self.model.UNITS):
            self.units[row.code] = Unit.objects.create(
                authority=self.authority,
                parent=self.units.get(row.above),
                kind=row.kind,
                code=row.code,
                name=row.name,
                position=position,
                valid_from=LONG_AGO,
            )
        for row in self.model.UNITS:
            if row.reports_to:
                unit, body = self.units[row.code], self.units[row.reports_to]
                BodyLink.objects.create(unit=unit, body=body, first_day=LONG_AGO)

    def _build_people(self) -> None:
        password = make_password(self.password)
        for row in self.model.PEOPLE:
            person = User.objects.create(
                username=row.username,
                first_name=row.first_name,
                last_name=row.last_name,
                title=row.title,
                email=f"{row.username}@example.dk",
                password=password,
            )
            self.people[row.username] = person
            for role, unit in row.roles:
                Membership.objects.create(user=person, unit=self.units[unit], role=role, first_day=LONG_AGO)
        self.consultant, self.director = self._first(Role.GOAL_CONSULTANT), self._first(Role.DIRECTOR)

    def _first(self, role: Role) -> User:
        """The first person of the model in the role."""
        names = (row.username for row in self.model.PEOPLE if role in [one for one, _unit in row.roles])
        return self.people[next(names)]

    def _build_indicators(self) -> None:
        for row in self.model.INDICATORS:
            self.indicators[row.code] = Indicator.objects.create(authority=self.authority, **_indicator_fields(row))

    def decision_of(self, unit: Unit) -> Decision:
        """The decision that adopted what the unit owns: its own when a body, else that of its committee."""
        if unit.pk not in self.decisions:
            self.decisions[unit.pk] = self._decision_of(unit)
        return self.decisions[unit.pk]

    def _decision_of(self, unit: Unit) -> Decision:
        body = unit
        if not unit.is_body:
            links = {link.unit_id: link.body for link in BodyLink.objects.filter(unit__authority=self.authority)}
            body = next((links[pk] for pk in unit.path_ids() if pk in links), self.units[self.model.UNITS[0].code])
        day = date(self.today.year - 2, 1, 28)
        found, _ = Decision.objects.get_or_create(
            authority=self.authority,
            body=body,
            date=day,
            reference="punkt 4",
            defaults={"title": "Mål og måltal", "text": "Målene og deres måltal er vedtaget."},
        )
        return found

    def _build_goals(self) -> None:
        council = self.units[self.model.UNITS[0].code]
        self.strategy = Strategy.objects.create(
            authority=self.authority, owner_unit=council, decision=self.decision_of(council), **self.model.STRATEGY
        )
        measured = defaultdict(list)
        for row in self.model.SERIES:
            measured[row.goal].append(row)
        ranks: dict[str, int] = defaultdict(int)
        for row in self.model.GOALS:
            ranks[row.owner] += 1
            owner = self.units[row.owner]
            goal = Goal.objects.create(
                authority=self.authority,
                strategy=self.strategy if owner == council else None,
                owner_unit=owner,
                parent=self.goals.get(row.serves),
                responsible=self.people[row.responsible],
                code=row.code,
                title=row.title,
                short_name=row.short_name,
                description=row.description,
                kind=row.kind,
                assumption=row.assumption,
                strength=row.strength,
                rank=ranks[row.owner],
                state=GoalState.ADOPTED,
                adopted_by=self.decision_of(owner),
                specific=row.specific or f"{row.title}.",
                attractive=row.why,
                **self._smart_answers(measured[row.code]),
            )
            self.goals[row.code] = goal
            record(
                goal,
                "adopted",
                authority=self.authority,
                by=self.consultant,
                now=self._morning(goal.adopted_by.date),
            )

    def _smart_answers(self, rows: list[SeriesRow]) -> dict[str, str]:
        wanted = [row for row in rows if row.target]
        names = [self.indicators[row.indicator].name for row in rows]
        timed = f"Senest {period_name(wanted[0].target[0])}." if wanted and wanted[0].target else "Hvert år."
        return {
            "measurable": f"Vi måler på: {', '.join(names)}." if names else "",
            "realistic": "Indsatsen holdes inden for det vedtagne budget.",
            "timed": timed,
        }

    def _build_series(self) -> None:
        ranks: dict[str, int] = defaultdict(int)
        for row in self.model.SERIES:
            key = row.indicator, row.unit
            if key not in self.series:
                self.series[key] = self._new_series(row)
            if row.goal:
                ranks[row.goal] += 1
                GoalSeries.objects.create(
                    goal=self.goals[row.goal],
                    series=self.series[key],
                    rank=ranks[row.goal],
                    is_prioritised=row.prioritised or row.rolled_up,
                )

    def _new_series(self, row: SeriesRow) -> Series:
        series = Series.objects.create(
            authority=self.authority,
            indicator=self.indicators[row.indicator],
            unit=self.units[row.unit],
            baseline_period=row.baseline[0] if row.baseline else "",
            baseline_value=Decimal(row.baseline[1]) if row.baseline else None,
            tolerance=Decimal(row.tolerance) if row.tolerance else None,
            reporting_lag_days=row.lag,
            is_rolled_up=row.rolled_up,
            source_note=self._source_note(row),
        )
        set_at = self._morning(date(self.today.year - 2, 1, 28))
        if row.revised:
            self._target(
                series, row.revised[0], set_at=set_at - timedelta(days=700), value=row.revised[1], until=set_at
            )
        if row.target:
            self._target(series, row.target[0], set_at=set_at, value=row.target[1])
        if row.target_range:
            period, low, high = row.target_range
            self._target(series, period, set_at=set_at, low=low, high=high)
        return series

    def _source_note(self, row: SeriesRow) -> str:
        if row.indicator in published(self.name):
            return self.model.PUBLISHED_NOTE
        return "Eksempeldata"

    def _target(self, series: Series, period: str, *, set_at: datetime, until: datetime | None = None, **numbers: str):
        at = last_of(PeriodKind(series.indicator.frequency), parse_period(period))
        Target.objects.create(
            series=series,
            period=at.code,
            period_end=at.last,
            set_at=set_at,
            set_by=self.consultant,
            decision=self.decision_of(series.unit),
            reason="Nyt måltal efter byrådets budgetseminar." if until is None and numbers.get("value") == "90" else "",
            superseded_at=until,
            **{name: Decimal(text) for name, text in numbers.items()},
        )

    # ---- values ------------------------------------------------------------------------------------------------------

    def _build_values(self) -> None:
        first_rows = {(row.indicator, row.unit): row for row in reversed(self.model.SERIES)}
        known = published(self.name)
        stored: list[Measurement] = []
        for key, series in self.series.items():
            if series.is_rolled_up:
                continue
            row = first_rows[key]
            for measurement in self._values_of(series, row, known.get(row.indicator, {})):
                if measurement.period_end + timedelta(days=row.lag) <= self.approved_until:
                    stored.append(measurement)
                elif not row.left_open:
                    self.coming[series.pk].append(measurement)
        for measurement in stored:
            measurement.approved_at = measurement.entered_at + timedelta(days=7)
            measurement.approved_by = self.director
        Measurement.objects.bulk_create(stored, batch_size=2000)
        roll_up_above(by_series((one.series_id, one.period_end) for one in stored), now=self.now)

    def _values_of(self, series: Series, row: SeriesRow, known: dict[str, Decimal]) -> Iterable[Measurement]:
        """Published values first; then invented ones from the last of them (else the baseline) to the current round."""
        if not row.aim:
            return
        for code, value in sorted(known.items()):
            yield self._measurement(series, parse_period(code), value=value, is_example=False)
        rule = rule_of(series, series.targets.in_force())
        start = parse_period(max(known)) if known else None
        first = start.next() if start else self._first_period(series)
        periods = [
            period
            for period in periods_within(rule.kind, first.last, self.current.last)
            if period.last + timedelta(days=row.lag) <= self.current.last
        ]
        begin = self._distance(rule, start, known[start.code]) if start else 0.0
        for at, period in enumerate(periods, 1):
            share = at / len(periods)
            steps = begin + (AIMS[row.aim] - begin) * share
            is_last = period.last + timedelta(days=row.lag) > self.approved_until
            wobble = 0.0 if is_last else self.random.uniform(-0.5, 0.5)
            last = len(row.ends) - (len(periods) - at) - 1
            yield self._invented(series, row, rule, period, row.ends[last] if last >= 0 else steps + wobble)

    def _first_period(self, series: Series) -> Period:
        kind = PeriodKind(series.indicator.frequency)
        if series.baseline_at is not None:
            return series.baseline_at
        return Period.containing(self.current.first - timedelta(days=3 * 365), kind)

    def _distance(self, rule: SeriesRule, period: Period, value: Decimal) -> float:
        """How many tolerances a value is better than expected."""
        wanted, tolerance = expected(rule, period), tolerance_at(rule, period)
        if wanted is None or not tolerance:
            return 0.0
        better = value - wanted if rule.direction is Direction.HIGHER else wanted - value
        return float(better / tolerance)

    def _invented(self, series: Series, row: SeriesRow, rule: SeriesRule, period: Period, steps: float) -> Measurement:
        tolerance = float(tolerance_at(rule, period) or rule.tolerance or 1)
        if row.target_range:
            low, high = Decimal(row.target_range[1]), Decimal(row.target_range[2])
            middle, half = float(low + high) / 2, float(high - low) / 2
            wanted = middle + half * 0.4 if steps >= 0 else middle + half
            value = wanted - steps * tolerance if steps < 0 else wanted
        else:
            wanted = float(expected(rule, period) or rule.targets[-1].value or 0)
            value = wanted + steps * tolerance * (1 if rule.direction is Direction.HIGHER else -1)
        value = max(value, 0.0) if series.indicator.unit_of_measure != "mio. kr." else value
        if series.indicator.value_kind == ValueKind.RATIO:
            bottom = row.size + self.random.randint(-row.size // 40, row.size // 40)
            top = min(max(round(value * bottom / 100), 0), bottom)
            return self._measurement(series, period, pair=(Decimal(top), Decimal(bottom)))
        number = round_half_up(Decimal(repr(value)), series.indicator.decimals)
        return self._measurement(series, period, value=number)

    def _measurement(
        self,
        series: Series,
        period: Period,
        *,
        value: Decimal | None = None,
        pair: tuple[Decimal, Decimal] | None = None,
        is_example: bool = True,
    ) -> Measurement:
        top, bottom = pair or (None, None)
        if top is not None and bottom is not None:
            value = derive(top, bottom, series.indicator.factor)
        assert value is not None
        return Measurement(
            authority=self.authority,
            series=series,
            period=period.code,
            period_end=period.last,
            value=quantise_stored(value),
            numerator=top,
            denominator=bottom,
            is_example=is_example,
            entered_by=self.leader_of(series.unit),
            entered_at=min(self._morning(period.last + timedelta(days=series.reporting_lag_days + 8)), self.now),
        )

    def leader_of(self, unit: Unit) -> User:
        """The manager or director nearest above the unit; for bodies the goal consultant."""
        if unit.pk not in self.leaders:
            self.leaders[unit.pk] = self.consultant if unit.is_body else self._leader_of(unit)
        return self.leaders[unit.pk]

    def _leader_of(self, unit: Unit) -> User:
        roles = {
            code: self.people[person.username]
            for person in self.model.PEOPLE
            for role, code in person.roles
            if role in ("manager", "director")
        }
        codes = {one.pk: code for code, one in self.units.items()}
        path = [codes[pk] for pk in unit.path_ids()]
        return next((roles[code] for code in path if code in roles), self.consultant)

    def _morning(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(9, 12)))


def _indicator_fields(row: IndicatorRow) -> dict[str, object]:
    return dict(vars(row))
