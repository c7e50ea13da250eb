"""Whether the database agrees with itself: one function per promise, each giving a line per fault.

Read for `manage.py integrity`. Rows are walked in blocks, so that memory does not grow with the number of values.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery

from followup import guards as value_guards
from followup import series_key
from followup.actions.standings import computed_standings
from followup.additions import Check, added_checks
from followup.models import DueValue, GoalStanding, ImportBatch, Measurement, Revision, Submission, SubmissionState
from followup.roll_up_tree import SeriesTree, stored_parts
from followup.series import derive
from goals import guards as chain_guards
from goals.models import Contribution, Goal, Series
from goals.periods import PeriodError, parse_period
from goals.rings import in_rings
from organisation.danish import quantise_stored
from organisation.models import Authority, Unit, User

BLOCK = 5000


def standings(today: date) -> Iterator[str]:
    """Every goal's stored light and counts are what computing them anew gives."""
    for authority in Authority.objects.order_by("pk"):
        computed = computed_standings(authority, today=today)
        stored = dict(GoalStanding.objects.filter(goal__authority=authority).values_list("goal", "light"))
        below = dict(GoalStanding.objects.filter(goal__authority=authority).values_list("goal", "below"))
        for goal, (light, counts) in computed.items():
            if stored.get(goal, "notarget") != light:
                yield f"goal {goal}: light {stored.get(goal)} is stored, {light} is computed"
            if below.get(goal, {}) != counts:
                yield f"goal {goal}: counts below {below.get(goal)} are stored, {counts} are computed"


def keys(_today: date) -> Iterator[str]:
    """Keys that carry no database constraint point at rows that exist."""
    pairs: list[tuple[QuerySet[Any], str, type[Model]]] = [
        (Measurement.objects.all(), "authority", Authority),
        (Measurement.objects.all(), "series", Series),
        (Measurement.objects.all(), "entered_by", User),
        (Measurement.objects.all(), "approved_by", User),
        (Measurement.objects.all(), "approved_in", Submission),
        (Measurement.objects.all(), "batch", ImportBatch),
        (Revision.objects.all(), "measurement", Measurement),
        (Revision.objects.all(), "by", User),
    ]
    for rows, name, target in pairs:
        found = target._default_manager.filter(pk=OuterRef(f"{name}_id"))
        lost = rows.filter(~Exists(found), **{f"{name}__isnull": False}).order_by("pk")
        for pk, to in lost.values_list("pk", f"{name}_id").iterator(BLOCK):
            yield f"{rows.model._meta.model_name} {pk}: {name} {to} does not exist"


def authorities(_today: date) -> Iterator[str]:
    """What belongs together belongs to one authority."""
    rows = (
        ("measurement", Measurement.objects.exclude(authority=F("series__authority"))),
        ("goal", Goal.objects.exclude(owner_unit__authority=F("authority"))),
        ("goal", Goal.objects.filter(parent__isnull=False).exclude(parent__authority=F("authority"))),
        ("unit", Unit.objects.filter(parent__isnull=False).exclude(parent__authority=F("authority"))),
    )
    for name, found in rows:
        for pk in found.order_by("pk").values_list("pk", flat=True).iterator(BLOCK):
            yield f"{name} {pk}: belongs to another authority than what it hangs on"


def trees(_today: date) -> Iterator[str]:
    """No goal or unit is above itself."""
    for model in (Goal, Unit):
        parents = dict(model._default_manager.values_list("pk", "parent"))
        clear: set[int] = set()
        for start in parents:
            path, at = [], start
            while at is not None and at not in clear and at not in path:
                path.append(at)
                at = parents.get(at)
            if at in path:
                yield f"{model._meta.model_name} {at}: is above itself"
            clear.update(path)


def chains(_today: date) -> Iterator[str]:
    """No goal helps itself through others. Rings of parents alone are told of by `trees`."""
    above: dict[int, set[int]] = defaultdict(set)
    for pk, to in Contribution.objects.values_list("goal", "to_goal"):
        above[pk].add(to)
    parents = dict(Goal.objects.filter(parent__isnull=False).values_list("pk", "parent"))
    by_parents_alone = in_rings({pk: [parent] for pk, parent in parents.items()})
    for pk, parent in parents.items():
        above[pk].add(parent)
    for pk in sorted(in_rings(above).keys() - by_parents_alone.keys()):
        yield f"goal {pk}: helps itself through others"


def periods(_today: date) -> Iterator[str]:
    """The stored last day of a period is that of its code."""
    for model in (Measurement, DueValue):
        pairs = model._default_manager.order_by().values_list("period", "period_end").distinct()
        for code, last in pairs.iterator(BLOCK):
            try:
                right = parse_period(code).last
            except PeriodError:
                yield f"{model._meta.model_name}: {code} is no period"
                continue
            if right != last:
                yield f"{model._meta.model_name}: {code} ends {right}, {last} is stored"


def ratios(_today: date) -> Iterator[str]:
    """A value with numerator and denominator is what dividing them gives."""
    rows = Measurement.objects.filter(denominator__isnull=False, value__isnull=False).order_by("pk")
    fields = ("pk", "value", "numerator", "denominator", "series__indicator__factor")
    for pk, value, top, bottom, factor in rows.values_list(*fields).iterator(BLOCK):
        right = quantise_stored(derive(top, bottom, factor))
        if value != right:
            yield f"measurement {pk}: {value} is stored, {top} of {bottom} gives {right}"


def roll_ups(_today: date) -> Iterator[str]:
    """A rolled-up value is what its parts give. One series at a time: its values and those of its parts."""
    tree = SeriesTree(set(Series.objects.filter(is_rolled_up=True).order_by().values_list("indicator", flat=True)))
    for series in tree.nodes.values():
        if not series.is_rolled_up:
            continue
        present = stored_parts([part.pk for part in tree.parts[series.pk]])
        for row in Measurement.objects.filter(series=series.pk).order_by("period_end"):
            right = tree.rolled_up(series, present.pop(row.period_end, {}), row.period_end)
            if right is None:
                yield f"measurement {row.pk}: a roll-up of nothing"
                continue
            wrong = {name: value for name, value in right._asdict().items() if getattr(row, name) != value}
            if wrong:
                told = ", ".join(f"{name} {value}" for name, value in wrong.items())
                yield f"measurement {row.pk}: its parts give {told}"
        for last in sorted(present):
            yield f"series {series.pk}: its parts have values for the period to {last}, and it has none"


def approvals(_today: date) -> Iterator[str]:
    """Every value an approved report was asked for is approved or missing with a reason."""
    due = DueValue.objects.filter(submission__state=SubmissionState.APPROVED)
    draft = Measurement.objects.filter(
        Q(approved_at=None), series=OuterRef("series"), period_end=OuterRef("period_end")
    )
    for pk, series, period in due.filter(Exists(draft)).order_by("pk").values_list("submission", "series", "period"):
        yield f"submission {pk}: is approved, but series {series} {period} is not"


def corrections(_today: date) -> Iterator[str]:
    """A value says that it was corrected, and from what, as its latest revision of an approved value does."""
    kept = Revision.objects.filter(measurement=OuterRef("pk"), was_approved=True)
    latest = kept.order_by("-at", "-pk")
    untold = Measurement.objects.filter(Exists(kept), corrected_at=None)
    for pk in untold.order_by("pk").values_list("pk", flat=True).iterator(BLOCK):
        yield f"measurement {pk}: was corrected and does not say so"
    told = Measurement.objects.filter(corrected_at__isnull=False).annotate(
        at=Subquery(latest.values("at")[:1]), before=Subquery(latest.values("old_value")[:1])
    )
    fields = ("pk", "corrected_at", "corrected_from", "at", "before")
    for pk, said_at, said, at, before in told.order_by("pk").values_list(*fields).iterator(BLOCK):
        if (said_at, said) != (at, before):
            yield f"measurement {pk}: is corrected from {said} {said_at}, its revisions say {before} {at}"


def guards(_today: date) -> Iterator[str]:
    """The database itself keeps the rules that it guards."""
    if not series_key.is_kept(connection):
        yield "followup_measurement: a trigger that keeps values to series that exist is missing (followup.series_key)"
    if not value_guards.has_guards(connection):
        yield "followup_measurement: the trigger that guards approved figures is missing (followup.guards)"
    if not chain_guards.has_guards(connection):
        yield "goals_goal: a trigger that keeps the chain from going in a ring is missing (goals.guards)"


WALKS_TREES: tuple[Check, ...] = (roll_ups, standings)
CHECKS: tuple[Check, ...] = (
    guards, keys, authorities, trees, chains, periods, ratios, roll_ups, approvals, corrections, standings,
)  # fmt: skip


def all_checks() -> tuple[Check, ...]:
    """Every check, those of later apps too."""
    return (*CHECKS, *added_checks())


def faults(today: date) -> Iterator[tuple[str, str]]:
    """(name of the check, line) of every fault. What walks trees is left out when one of them goes in a ring."""
    has_ring = False
    for check in all_checks():
        if has_ring and check in WALKS_TREES:
            continue
        for line in check(today):
            has_ring = has_ring or check is trees
            yield check.__name__, line
