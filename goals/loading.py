"""Loading goals, indicators, series and targets from a file: checked whole, then stored whole or not at all.

Codes are the keys: what the file holds again is changed where it differs, and the same file twice changes nothing.
What the file does not hold stays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from goals.actions.loading import store
from goals.guards import hold_the_chain
from goals.loading_check import Check
from goals.loading_goals import check_goals
from goals.loading_indicators import check_indicators
from goals.loading_plan import Plan
from goals.loading_rows import Problem, Row, SheetKind, read_rows
from goals.loading_series import check_series, check_targets
from organisation.models import Authority, User


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
        check = Check(authority, now=now, by=by)
        # In the order they lean on one another.
        check_indicators(check, rows[SheetKind.INDICATORS])
        check_goals(check, rows[SheetKind.GOALS])
        check_series(check, rows[SheetKind.SERIES])
        check_targets(check, rows[SheetKind.TARGETS])
        problems.extend(check.problems)
        if not problems and not dry_run:
            store(check.plan, authority=authority, by=by, now=now)
    order = list(SheetKind)
    problems.sort(key=lambda problem: (order.index(SheetKind(problem.sheet)), problem.line))
    return _loaded(check.plan, problems)


def _loaded(plan: Plan, problems: list[Problem]) -> Loaded:
    loaded = Loaded(rejected=problems)
    for change in plan.changes():
        is_changed = change.before or change.touches
        counter = loaded.created if change.is_new else loaded.updated if is_changed else loaded.unchanged
        counter[change.row.kind.value] += 1
    return loaded
