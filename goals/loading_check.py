"""What a load of goals is checked against and leads to: what is stored, the plan, and what is wrong with the rows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from goals.actions.targets import series_of_several
from goals.loading_plan import Change, Plan
from goals.loading_rows import Problem, Row
from goals.models import Decision
from organisation.models import Authority, Unit, User


class Check:
    """Rows are read against what is stored: it builds the plan, and collects what is wrong with the rows."""

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

    def refuse(self, row: Row, name: str, key: str, *values: str) -> None:
        self.problems.append(row.problem(name, key, *values))

    def find(self, row: Row, name: str, among: Mapping[str, Any], key: str) -> Any:
        """What the cell names; a problem, with the nearest name, when there is no such thing."""
        text = row.get(name) or ""
        if not text:
            return None
        if text not in among:
            near = get_close_matches(text, among, 1, 0.6)
            self.refuse(row, name, key, near[0] if near else "")
        return among.get(text)

    def decision(self, row: Row, of: str) -> Decision | None:
        """The decision three cells tell of; None when none is told, a problem when only part is."""
        parts = [f"{of}_body", f"{of}_date", f"{of}_reference"]
        given = [name for name in parts if row.get(name)]
        if not given:
            return None
        if len(given) < len(parts):
            self.refuse(row, next(name for name in parts if name not in given), "half_decision")
            return None
        body: Unit | None = self.find(row, parts[0], self.units, "unknown_unit")
        if body is None:
            return None
        day: date = row.get(parts[1])
        key = (body.pk, day, row.get(parts[2]))
        if key not in self.decisions:
            made = Decision(authority=self.authority, body=body, date=day, reference=key[2])
            self.decisions[key] = made
            self.plan.decisions.append(made)
        return self.decisions[key]

    def fits(self, row: Row, model: type, fields: Iterable[str]) -> None:
        for name in fields:
            longest = getattr(model._meta.get_field(name), "max_length", None)
            if longest and isinstance(value := row.get(name), str) and len(value) > longest:
                self.refuse(row, name, "too_long", str(longest))
