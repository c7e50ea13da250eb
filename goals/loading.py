"""Loading goals, indicators, series and targets from a file: checked whole, then stored whole or not at all.

Codes are the keys: what the file holds again is changed where it differs, and the same file twice changes nothing.
What the file does not hold stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from django.db import transaction

from goals.actions.budgets import meter_of
from goals.actions.events import series_have_values
from goals.actions.loading import store
from goals.actions.targets import series_of_several
from goals.budget import Meter
from goals.guards import hold_the_chain
from goals.kinds import Direction, GoalState, PriceLevel, TimeRollup, ToleranceKind, UnitRollup, ValueKind
from goals.loading_plan import Change, Plan, applied
from goals.loading_rows import Problem, Row, SheetKind, read_rows
from goals.models import BudgetException, Contribution, Decision, Goal, GoalSeries, Indicator, Series, Target
from goals.models.goal import SMART_FIELDS
from goals.models.indicator import INDICATOR_FIELDS
from goals.models.series import SERIES_FIELDS
from goals.periods import PeriodError, PeriodKind, last_of, parse_period
from goals.prices import price_fault
from goals.rings import in_rings
from organisation.models import Authority, Unit, User

STATES = list(GoalState)
DECISIONS = {"adopted": GoalState.ADOPTED, "closed": GoalState.CLOSED}
GOAL_FIELDS = ("title", "short_name", "kind", "rank", "state", "description", *SMART_FIELDS)


@dataclass(slots=True)
class Loaded:
    """What a load did, or would do: how many of each kind, or why rows were refused."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    rejected: list[Problem] = field(default_factory=list)


def load_goals(
    authority: Authority,
    sheets: Mapping[SheetKind, Sequence[Sequence[Any]]],
    *,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
) -> Loaded:
    """Check every row, then store all or, if any is refused, nothing. `dry_run`: store nothing in any case."""
    rows: dict[SheetKind, list[Row]] = {}
    problems: list[Problem] = []
    for kind in SheetKind:
        rows[kind], wrong = read_rows(kind, sheets[kind]) if kind in sheets else ([], [])
        problems.extend(wrong)
    with transaction.atomic():
        hold_the_chain()
        # Two loads at once would both find the codes free.
        Authority.objects.select_for_update().get(pk=authority.pk)
        checker = Checker(authority, now=now, by=by)
        checker.check(rows)
        problems.extend(checker.problems)
        if not problems and not dry_run:
            store(checker.plan, authority=authority, by=by, now=now)
    order = list(SheetKind)
    problems.sort(key=lambda problem: (order.index(SheetKind(problem.sheet)), problem.line))
    return _loaded(checker.plan, problems)


def _loaded(plan: Plan, problems: list[Problem]) -> Loaded:
    loaded = Loaded(rejected=problems)
    for change in plan.changes():
        is_changed = change.before or change.touches
        counter = loaded.created if change.is_new else loaded.updated if is_changed else loaded.unchanged
        counter[change.row.kind.value] += 1
    return loaded


class Checker:
    """Reads rows against what is stored: builds the plan, and collects what is wrong with the rows."""

    def __init__(self, authority: Authority, *, now: datetime, by: User | None) -> None:
        self.authority, self.now, self.by = authority, now, by
        self.problems: list[Problem] = []
        self.plan = Plan()
        self.units = {unit.code: unit for unit in authority.units.all()}
        self.strategies = {strategy.name: strategy for strategy in authority.strategies.all()}
        self.people = {person.username: person for person in User.objects.in_authority(authority)}
        self.goals = {goal.code: goal for goal in authority.goals.exclude(code="")}
        self.indicators = {indicator.code: indicator for indicator in authority.indicators.all()}
        series = authority.series.select_related("indicator", "unit")
        self.series = {(one.indicator_id, one.unit_id): one for one in series}
        self.above: dict[int | str, int | str | None] = dict(authority.goals.values_list("pk", "parent"))
        self.goal_changes: dict[str, Change] = {}
        # Those of goals in force: their targets are changed by decision only.
        self.decided_series = set(authority.series.of_adopted_goals().values_list("pk", flat=True))
        self.shared_series = series_of_several(authority)
        self.decisions = {(one.body_id, one.date, one.reference): one for one in authority.decisions.all()}

    def check(self, rows: Mapping[SheetKind, Iterable[Row]]) -> None:
        """All sheets, in the order they lean on one another."""
        for row in rows[SheetKind.INDICATORS]:
            self._indicator(row)
        for row in rows[SheetKind.GOALS]:
            self._goal(row)
        self._check_ceilings()
        self._all_ties(rows[SheetKind.GOALS])
        stored = GoalSeries.objects.filter(goal__authority=self.authority)
        known = {(link.goal_id, link.series_id): link for link in stored}
        for row in rows[SheetKind.SERIES]:
            self._series(row, known)
        in_force = Target.objects.in_force().filter(series__authority=self.authority)
        targets = {(one.series_id, one.period_end): one for one in in_force}
        for row in rows[SheetKind.TARGETS]:
            self._target(row, targets)

    # ---- finding what cells name -------------------------------------------------------------------------------------

    def _refuse(self, row: Row, name: str, key: str, *values: str) -> None:
        self.problems.append(row.problem(name, key, *values))

    def _find(self, row: Row, name: str, among: Mapping[str, Any], key: str) -> Any:
        """What the cell names; a problem, with the nearest name, when there is no such thing."""
        text = row.get(name) or ""
        if not text:
            return None
        if text not in among:
            near = get_close_matches(text, among, 1, 0.6)
            self._refuse(row, name, key, near[0] if near else "")
        return among.get(text)

    def _decision(self, row: Row, of: str) -> Decision | None:
        """The decision three cells tell of; None when none is told, a problem when only part is."""
        parts = [f"{of}_body", f"{of}_date", f"{of}_reference"]
        given = [name for name in parts if row.get(name)]
        if not given:
            return None
        if len(given) < len(parts):
            self._refuse(row, next(name for name in parts if name not in given), "half_decision")
            return None
        body: Unit | None = self._find(row, parts[0], self.units, "unknown_unit")
        if body is None:
            return None
        day: date = row.get(parts[1])
        key = (body.pk, day, row.get(parts[2]))
        if key not in self.decisions:
            made = Decision(authority=self.authority, body=body, date=day, reference=key[2])
            self.decisions[key] = made
            self.plan.decisions.append(made)
        return self.decisions[key]

    def _fits(self, row: Row, model: type, fields: Iterable[str]) -> None:
        for name in fields:
            longest = getattr(model._meta.get_field(name), "max_length", None)
            if longest and isinstance(value := row.get(name), str) and len(value) > longest:
                self._refuse(row, name, "too_long", str(longest))

    # ---- indicators --------------------------------------------------------------------------------------------------

    def _indicator(self, row: Row) -> None:
        self._fits(row, Indicator, ["code", *INDICATOR_FIELDS])
        stored = self.indicators.get(row.get("code"))
        indicator = stored or Indicator(authority=self.authority, code=row.get("code"))
        asked = {name: row.get(name) for name in INDICATOR_FIELDS if name in row.cells}
        frequency, direction = indicator.frequency, indicator.direction
        if asked.get("price_level") == PriceLevel.CURRENT and "price_year" not in asked:
            asked["price_year"] = None  # a blank cell leaves the year alone, but these prices have none
        before = applied(indicator, asked)
        if indicator.value_kind == ValueKind.NUMBER:
            for name, ratio in (("unit_rollup", UnitRollup.RATIO), ("time_rollup", TimeRollup.RATIO)):
                if getattr(indicator, name) == ratio:
                    self._refuse(row, name, "needs_ratio")
        if indicator.factor == 0:
            self._refuse(row, "factor", "factor")
        self._check_prices(row, indicator, before, is_new=stored is None)
        if stored is not None:
            self._refuse_turned(row, indicator, before, frequency, direction)
        self.indicators[indicator.code] = indicator
        self.plan.indicators.append(Change(row, indicator, before, is_new=stored is None))

    def _check_prices(self, row: Row, indicator: Indicator, before: dict[str, Any], *, is_new: bool) -> None:
        """An indicator that is stored stays as it is until its unit of measure or its prices are changed."""
        if not is_new and not {"unit_of_measure", "price_level", "price_year"} & set(before):
            return
        if fault := price_fault(indicator.unit_of_measure, indicator.price_level, indicator.price_year):
            self._refuse(row, fault[0], f"price_{fault[1]}")
        had = before.get("price_level", indicator.price_level)
        if had and {"price_level", "price_year"} & set(before) and self._has_values(indicator):
            self._refuse(row, "price_level" if "price_level" in before else "price_year", "in_use")

    @staticmethod
    def _has_values(indicator: Indicator) -> bool:
        return bool(indicator.pk) and series_have_values(list(indicator.series.values_list("pk", flat=True)))

    def _refuse_turned(self, row: Row, indicator: Indicator, before: dict[str, Any], frequency, direction) -> None:
        """What stored values, baselines and targets rest on may no longer change."""
        if not {"frequency", "value_kind", "factor", "unit_rollup", "direction"} & set(before):
            return
        series = list(indicator.series.values_list("pk", flat=True))
        has_values = series_have_values(series)
        has_targets = Target.objects.filter(series__in=series).exists()
        has_baseline = indicator.series.exclude(baseline_period="").exists()
        if indicator.frequency != frequency and (has_values or has_targets or has_baseline):
            self._refuse(row, "frequency", "in_use")
        for name in {"value_kind", "factor"} & set(before) if has_values else ():
            self._refuse(row, name, "in_use")
        if indicator.unit_rollup == UnitRollup.NONE and indicator.series.filter(is_rolled_up=True).exists():
            self._refuse(row, "unit_rollup", "in_use")
        if has_targets and indicator.direction != direction and Direction.RANGE in (indicator.direction, direction):
            self._refuse(row, "direction", "in_use")

    # ---- goals -------------------------------------------------------------------------------------------------------

    def _goal(self, row: Row) -> None:
        self._fits(row, Goal, ["code", *GOAL_FIELDS])
        stored = self.goals.get(row.get("code"))
        goal = stored or Goal(authority=self.authority, code=row.get("code"), short_name=row.get("title")[:60])
        asked = {name: row.get(name) for name in GOAL_FIELDS if name in row.cells}
        asked["owner_unit"] = self._find(row, "unit", self.units, "unknown_unit")
        for name, among in (("strategy", self.strategies), ("responsible", self.people)):
            if name in row.cells:
                asked[name] = self._find(row, name, among, f"unknown_{name}")
        for of in DECISIONS:
            if (made := self._decision(row, of)) is not None:
                asked[f"{of}_by"] = made
        if asked["owner_unit"] is None:
            del asked["owner_unit"]
        was = GoalState(goal.state)
        # A goal that has come further here than in the file stays where it is.
        if "state" in asked and STATES.index(GoalState(asked["state"])) < STATES.index(was):
            del asked["state"]
        before = applied(goal, asked)
        if was == GoalState.CLOSED and before:
            self._refuse(row, "code", "closed")
        self._check_decisions(row, goal)
        self.goals[goal.code] = goal
        change = Change(row, goal, before, is_new=stored is None)
        self.goal_changes[goal.code] = change
        self.plan.goals.append(change)

    def _check_decisions(self, row: Row, goal: Goal) -> None:
        at = STATES.index(GoalState(goal.state))
        for of, state in DECISIONS.items():
            told = any(row.get(f"{of}_{part}") for part in ("body", "date", "reference"))
            has = getattr(goal, f"{of}_by_id") is not None or told
            if at >= STATES.index(state) and not has:
                self._refuse(row, f"{of}_body", "needs_decision")

    def _check_ceilings(self) -> None:
        """A goal that comes into force at a unit that has as many as it may takes the decision that raised its ceiling.

        What the file ends at the unit makes room, as in the browser.
        """
        entering = defaultdict[int, list[Change]](list)
        leaving = Counter[int]()
        for change in self.plan.goals:
            goal, moved_from = change.instance, change.before.get("owner_unit")
            was_in_force = not change.is_new and change.before.get("state", goal.state) == GoalState.ADOPTED
            if was_in_force and goal.is_adopted and moved_from is None:
                continue
            if was_in_force:
                leaving[moved_from.pk if moved_from is not None else goal.owner_unit_id] += 1
            if goal.is_adopted and goal.owner_unit_id:
                entering[goal.owner_unit_id].append(change)
        # Somebody who adopts a goal in the browser meanwhile must not take the same last place.
        units = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=entering).order_by("pk")
        for unit in units:
            meter = meter_of(unit)
            for added, change in enumerate(entering[unit.pk], 1):
                if meter.needs_decision(added=added, ended=leaving[unit.pk]):
                    self._go_over(change, meter, meter.used + added - leaving[unit.pk])

    def _go_over(self, change: Change, meter: Meter, number: int) -> None:
        raised_by, most = self._decision(change.row, "raised"), meter.most
        if raised_by is None:
            self._refuse(change.row, "unit", "full", str(most))
        else:
            told = {"goal": change.instance, "decision": raised_by, "number": number, "most": most, "at": self.now}
            self.plan.exceptions.append(BudgetException(**told))

    def _all_ties(self, rows: Iterable[Row]) -> None:
        """What the goals serve and help, once every goal of the file is known."""
        helped = Contribution.objects.filter(goal__authority=self.authority)
        known = set(helped.values_list("goal", "to_goal"))
        rows = list(rows)
        for row in rows:
            self._ties(row, known)
        rings = in_rings(self._chain(known))
        for row in rows if rings else ():
            node = _node(self.goals[row.get("code")])
            if node in rings:
                parent = self.above.get(node)
                is_by_parent = parent is not None and rings.get(parent) == rings[node]
                self._refuse(row, "parent" if is_by_parent else "contributes_to", "ring")

    def _chain(self, known: Iterable[tuple[int, int]]) -> dict[int | str, set[int | str]]:
        """What every goal serves and helps, as the file wants it, through other authorities too."""
        chain: dict[int | str, set[int | str]] = defaultdict(set)
        for node, parent in self.above.items():
            if parent is not None:
                chain[node].add(parent)
        for pk, to in known:
            chain[pk].add(to)
        for link in self.plan.contributions:
            chain[_node(link.goal)].add(_node(link.to_goal))
        if foreign := {to for _pk, to in known} - self.above.keys():
            beyond = Goal.objects.upward(*foreign).exclude(authority=self.authority)
            for pk, parent in beyond.filter(parent__isnull=False).values_list("pk", "parent"):
                chain[pk].add(parent)
            for pk, to in Contribution.objects.filter(goal__in=beyond.order_by()).values_list("goal", "to_goal"):
                chain[pk].add(to)
        return chain

    def _ties(self, row: Row, known: set[tuple[int, int]]) -> None:
        goal = self.goals[row.get("code")]
        change = self.goal_changes[goal.code]
        if "parent" in row.cells:
            parent = self._find(row, "parent", self.goals, "unknown_goal")
            change.before |= applied(goal, {"parent": parent})
            self.above[_node(goal)] = _node(parent) if parent is not None else None
        for code in row.get("contributes_to", ()):
            other = self.goals.get(code)
            if other is None:
                near = get_close_matches(code, self.goals, 1, 0.6)
                self._refuse(row, "contributes_to", "unknown_goal", near[0] if near else "")
            elif other is goal:
                self._refuse(row, "contributes_to", "ring")
            elif (goal.pk, other.pk) not in known:
                self.plan.contributions.append(Contribution(goal=goal, to_goal=other))
                change.touches = True

    # ---- series and targets ------------------------------------------------------------------------------------------

    def _series(self, row: Row, known: Mapping[tuple[int, int], GoalSeries]) -> None:
        self._fits(row, Series, SERIES_FIELDS)
        indicator: Indicator | None = self._find(row, "indicator", self.indicators, "unknown_indicator")
        unit: Unit | None = self._find(row, "unit", self.units, "unknown_unit")
        goals = self._goals_of(row)
        if indicator is None or unit is None:
            return
        key = (indicator.pk or indicator.code, unit.pk)
        stored = self.series.get(key)
        series = stored or Series(authority=self.authority, indicator=indicator, unit=unit)
        before = applied(series, {name: row.get(name) for name in SERIES_FIELDS if name in row.cells})
        self._check_series(row, series, indicator)
        if stored is not None and "is_rolled_up" in before and series_have_values([stored.pk]):
            self._refuse(row, "is_rolled_up", "in_use")
        self.series[key] = series
        change = Change(row, series, before, is_new=stored is None)
        self.plan.series.append(change)
        for goal in goals:
            link = known.get((goal.pk, series.pk)) if goal.pk and series.pk else None
            asked = {name: row.get(name) for name in ("rank", "is_prioritised") if name in row.cells}
            is_new = link is None
            link = link or GoalSeries(goal=goal, series=series)
            link_before = applied(link, asked)
            self.plan.links.append(Change(row, link, link_before, is_new=is_new))
            if is_new or link_before:
                change.touches = True

    def _goals_of(self, row: Row) -> list[Goal]:
        goals = []
        for code in row.get("goals", ()):
            if code in self.goals:
                goals.append(self.goals[code])
            else:
                near = get_close_matches(code, self.goals, 1, 0.6)
                self._refuse(row, "goals", "unknown_goal", near[0] if near else "")
        return goals

    def _check_series(self, row: Row, series: Series, indicator: Indicator) -> None:
        if bool(series.baseline_period) != (series.baseline_value is not None):
            self._refuse(row, "baseline_value" if series.baseline_period else "baseline_period", "half_baseline")
        elif series.baseline_period and not _suits(series.baseline_period, indicator):
            self._refuse(row, "baseline_period", "period_kind")
        is_share = series.tolerance_kind == ToleranceKind.SHARE
        if series.tolerance is not None and (series.tolerance < 0 or (is_share and series.tolerance > 1)):
            self._refuse(row, "tolerance", "tolerance")
        if is_share and indicator.direction == Direction.RANGE:
            self._refuse(row, "tolerance_kind", "range_share")
        if series.is_rolled_up and indicator.unit_rollup == UnitRollup.NONE:
            self._refuse(row, "is_rolled_up", "no_rollup")

    def _target(self, row: Row, in_force: dict[tuple[int, date], Target]) -> None:
        self._fits(row, Target, ["reason"])
        indicator: Indicator | None = self._find(row, "indicator", self.indicators, "unknown_indicator")
        unit: Unit | None = self._find(row, "unit", self.units, "unknown_unit")
        decided = self._decision(row, "decided")
        if indicator is None or unit is None:
            return
        series = self.series.get((indicator.pk or indicator.code, unit.pk))
        if series is None:
            self._refuse(row, "unit", "unknown_series")
            return
        period = parse_period(row.get("period"))
        asked = {name: row.get(name) for name in ("value", "low", "high")}
        if not _suits(period.code, indicator):
            self._refuse(row, "period", "period_kind")
        if not self._is_whole(row, indicator, asked):
            return
        current = in_force.get((series.pk, period.last)) if series.pk else None
        if current is not None and all(getattr(current, name) == value for name, value in asked.items()):
            self.plan.targets.append(Change(row, current, {}, is_new=False))
            return
        if current is not None and decided is None and series.pk in self.decided_series:
            self._refuse(row, "decided_body", "target_needs_decision")
        if series.pk in self.shared_series:
            self._refuse(row, "unit", "target_needs_owners")
        target = Target(series=series, period=period.code, period_end=period.last, **asked)
        target.decision, target.reason = decided, row.get("reason") or ""
        target.set_at, target.set_by = self.now, self.by
        before = {"superseded": current} if current is not None else {}
        self.plan.targets.append(Change(row, target, before, is_new=current is None))

    def _is_whole(self, row: Row, indicator: Indicator, asked: Mapping[str, Any]) -> bool:
        """Whether the target has what the indicator's direction asks for: a number, or both ends of a range."""
        is_range = indicator.direction == Direction.RANGE
        needed, unused = (("low", "high"), ("value",)) if is_range else (("value",), ("low", "high"))
        for name in needed:
            if asked[name] is None:
                self._refuse(row, name, "target_range" if is_range else "target_value")
                return False
        for name in unused:
            if asked[name] is not None:
                self._refuse(row, name, "target_range" if is_range else "target_value")
                return False
        if is_range and asked["high"] < asked["low"]:
            self._refuse(row, "high", "ends")
            return False
        return True


def _node(goal: Goal) -> int | str:
    """What tells goals apart before the new ones have an id."""
    return goal.pk or goal.code


def _suits(code: str, indicator: Indicator) -> bool:
    """Whether a series of the indicator can have a point in the period."""
    try:
        last_of(PeriodKind(indicator.frequency), parse_period(code))
    except PeriodError:
        return False
    return True
