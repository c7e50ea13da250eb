"""A long random walk over the real actions: whoever does whatever in whatever order, the promises hold at every step.

What the database holds after a step is compared with what it held before; no rule under test is asked.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from followup.actions.importing import import_values
from followup.actions.measurements import CellState, CellValue, correct_value
from followup.actions.rounds import open_round, take_round_step
from followup.actions.submissions import (
    NotPossible,
    approve,
    enter_values,
    give_late_exception,
    put_back,
    send_back,
    submit,
    take_up,
    withdraw,
)
from followup.models import Measurement, Revision, Submission
from followup.value_files import Incoming
from followup.workflow import RoundStep, Step
from goals.periods import parse_period
from tests import factories

# The rules are the same on both databases, what they are asked of is not.
STEPS_WANTED = {"sqlite": 10_000, "postgresql": 2_500}
MOST_WALKS = 20
PERIOD = parse_period("2026K2")
NUMBERS = ("value", "numerator", "denominator", "missing")
UNITS = ("department", "school", "other_school")
PEOPLE = ("manager", "other_manager", "head", "director", "second_director", "consultant", "professional", "politician")
PLAIN = {
    Step.SUBMIT: submit,
    Step.WITHDRAW: withdraw,
    Step.TAKE_UP: take_up,
    Step.PUT_BACK: put_back,
    Step.APPROVE: approve,
    Step.SEND_BACK: partial(send_back, reason="Se her"),
}
REVIEWING = [Step.APPROVE, Step.TAKE_UP, Step.PUT_BACK, Step.SEND_BACK, Step.APPROVE]
REVIEWERS = ["second_director", "director"]
# Who may most often: a walk of refusals alone would come nowhere.
LIKELY = {"department": ["head", "director"], "school": ["manager", "head"], "other_school": ["other_manager", "head"]}
units = st.sampled_from(UNITS)
people = st.sampled_from(PEOPLE)
values = st.sampled_from([None, 0, 1, 2, 3])
round_steps = st.sampled_from([RoundStep.REOPEN, *RoundStep, RoundStep.REOPEN])


@dataclass(frozen=True)
class Stored:
    """One value as it stands in the database."""

    numbers: tuple
    is_approved: bool


@dataclass(frozen=True)
class Snapshot:
    """What the promises are about, read from the database alone."""

    values: dict[int, Stored]  # by series
    reports: dict[str, Submission]


class Walk(RuleBasedStateMachine):
    """One round with a department and two schools, each owing two values."""

    town: SimpleNamespace
    steps = 0
    done: Counter = Counter()

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now = factories.NOW
        self.before = self.look()

    def teardown(self):
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def report(self, unit: str) -> Submission:
        return Submission.objects.get(round=self.town.round, unit=getattr(self.town, unit))

    def series_of(self, unit: str, at: int):
        return self.town.series[unit][at]

    def attempt(self, name: str, act, **arguments) -> None:
        type(self).steps += 1
        self.now += timedelta(seconds=1)
        with suppress(NotPossible):
            if act(now=self.now, **arguments) is not False:
                type(self).done[name] += 1

    # ---- what people do ----------------------------------------------------------------------------------------------

    def _enter(self, unit, at, value, by, *, now):
        series = self.series_of(unit, at)
        stored = Measurement.objects.filter(series=series).first()
        cell = CellValue(
            series,
            PERIOD,
            value=None if value is None else Decimal(value),
            missing="not_reported" if value is None else "",
            version=stored and stored.version,
        )
        [outcome] = enter_values(self.report(unit), [cell], by=by, now=now)
        return outcome.state in (CellState.CREATED, CellState.CHANGED)

    @rule(unit=units, at=st.integers(0, 1), value=values, person=people)
    def enter(self, unit, at, value, person):
        self.attempt("enter", self._enter, unit=unit, at=at, value=value, by=getattr(self.town, person))

    def fill_in(self, unit, value, data):
        by = getattr(self.town, data.draw(st.sampled_from(LIKELY[unit])))
        for at in (0, 1):
            self.attempt("enter", self._enter, unit=unit, at=at, value=value, by=by)

    @rule(unit=units, value=values, is_back=st.booleans(), data=st.data())
    def send_or_take_back(self, unit, value, is_back, data):
        if not is_back:
            self.fill_in(unit, value, data)
        by = getattr(self.town, data.draw(st.sampled_from([*LIKELY[unit] * 4, *PEOPLE])))
        step = Step.WITHDRAW if is_back else Step.SUBMIT
        self.attempt(step, PLAIN[step], submission=self.report(unit), by=by)

    @rule(unit=units, step=st.sampled_from(REVIEWING), person=st.sampled_from([*REVIEWERS * 4, *PEOPLE]))
    def review(self, unit, step, person):
        self.attempt(step, PLAIN[step], submission=self.report(unit), by=getattr(self.town, person))

    @rule(unit=units, is_put_back=st.booleans())
    def look_at(self, unit, is_put_back):
        self.attempt(Step.TAKE_UP, take_up, submission=self.report(unit), by=self.town.director)
        if is_put_back:
            self.attempt(Step.PUT_BACK, put_back, submission=self.report(unit), by=self.town.second_director)

    @rule(unit=units, days=st.integers(-1, 12), person=st.sampled_from(["consultant", "consultant", "director"]))
    def give_more_time(self, unit, days, person):
        self.attempt(
            Step.GIVE_LATE_EXCEPTION,
            give_late_exception,
            submission=self.report(unit),
            until=self.now.date() + timedelta(days=days),
            reason="Sygdom",
            by=getattr(self.town, person),
        )

    def _correct(self, unit, at, value, by, *, now):
        measurement = Measurement.objects.filter(series=self.series_of(unit, at)).first()
        if measurement is None:
            return False
        cell = CellValue(
            self.series_of(unit, at),
            PERIOD,
            value=None if value is None else Decimal(value),
            missing="withheld" if value is None else "",
            version=measurement.version,
        )
        return correct_value(cell, reason="Talt om", by=by, now=now).state is CellState.CHANGED

    @rule(unit=units, at=st.integers(0, 1), value=values)
    def correct(self, unit, at, value):
        self.attempt(Step.CORRECT, self._correct, unit=unit, at=at, value=value, by=self.town.director)

    def _import(self, unit, at, value, approve, by, *, now):
        found = Incoming(self.series_of(unit, at).pk, PERIOD, Decimal(value), None, None, "", 2)
        if not approve and Measurement.objects.approved().filter(series=found.series_id).exists():
            return False  # the preview leaves these out
        _batch, counts = import_values(
            [found],
            authority=self.town.authority,
            filename="tal.csv",
            sha256="0" * 64,
            approve=approve,
            by=by,
            now=now,
        )
        return counts.created + counts.updated > 0

    @rule(unit=units, at=st.integers(0, 1), value=st.integers(0, 3), approve=st.sampled_from([False, False, True]))
    def read_a_file(self, unit, at, value, approve):
        by = self.town.consultant if approve else self.town.head
        self.attempt("import", self._import, unit=unit, at=at, value=value, approve=approve, by=by)

    @rule(step=round_steps, person=st.sampled_from(["consultant", "consultant", "director"]))
    def move_the_round(self, step, person):
        by = getattr(self.town, person)
        self.attempt(f"round {step}", take_round_step, round_=self.town.round, step=step, by=by)

    @rule()
    def hold_the_meeting(self):
        for step in (RoundStep.READY, RoundStep.CLOSE):
            self.attempt(f"round {step}", take_round_step, round_=self.town.round, step=step, by=None)

    @initialize(days=st.integers(0, 3))
    def begin(self, days):
        self.now += timedelta(days=days)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days):
        self.now += timedelta(days=days)
        type(self).steps += 1

    # ---- what must hold ----------------------------------------------------------------------------------------------

    def look(self) -> Snapshot:
        mine = Measurement.objects.filter(series__in=self.town.all_series)
        rows = mine.values_list("series_id", *NUMBERS, "approved_at")
        reports = {one.unit_id: one for one in Submission.objects.filter(round=self.town.round)}
        return Snapshot(
            values={pk: Stored(tuple(numbers), at is not None) for pk, *numbers, at in rows},
            reports={name: reports[getattr(self.town, name).pk] for name in UNITS},
        )

    def is_told(self, series: int, before: Stored, after: Stored) -> bool:
        """Whether a correction with a reason says just this."""
        told = Revision.objects.filter(measurement__series=series, was_approved=True).exclude(reason="")
        latest = told.values_list(*(f"{age}_{name}" for age in ("old", "new") for name in NUMBERS)).first()
        return latest == (*before.numbers, *after.numbers)

    @invariant()
    def promises(self):
        before, after = self.before, self.look()
        self.before = after
        for series, stored in before.values.items():
            now = after.values[series]
            if stored.is_approved:
                assert now.is_approved, "an approval was lost"
                if now.numbers != stored.numbers:
                    assert self.is_told(series, stored, now), "changed without a correction"
        for name, report in before.reports.items():
            for one in self.town.series[name]:
                stored, now = before.values.get(one.pk), after.values.get(one.pk)
                if report.state in ("submitted", "in_review") and not stored.is_approved:
                    is_import = report.state == "submitted" and now.is_approved
                    assert now.numbers == stored.numbers or is_import, f"changed while {report.state}"
        for name, report in after.reports.items():
            if report.state == "approved":
                assert report.decided_by_id != report.submitted_by_id, "approved by who sent it"
                assert all(after.values[one.pk].is_approved for one in self.town.series[name])
            if report.state == "in_review":
                assert report.reviewed_by_id not in (None, report.submitted_by_id), "looked at by who sent it"
        if after.reports["department"].state == "approved":
            below = {after.reports[name].state for name in ("school", "other_school")}
            assert below == {"approved"}, "approved before those below"


@pytest.fixture
def walkers(town):
    """The town, with what its three units owe an open round."""
    town.second_director = factories.user("director", town.board)
    town.series = {}
    for name in UNITS:
        unit = getattr(town, name)
        goal = factories.goal(unit)
        town.series[name] = [factories.series(factories.indicator(town.authority), unit, goal) for _ in range(2)]
    town.all_series = [one for found in town.series.values() for one in found]
    town.round = open_round(factories.round_(town.committee), by=town.consultant, now=factories.NOW)
    return town


def test_no_walk_breaks_a_promise(walkers):
    class ThisWalk(Walk):
        town = walkers
        steps = 0
        done: Counter = Counter()

        @classmethod
        def unvisited(cls) -> set[str]:
            moves = {f"round {step}" for step in RoundStep if step is not RoundStep.OPEN}
            return {name for name in {"enter", "import", *Step, *moves} if not cls.done[name]}

    some = settings(
        max_examples=60,
        stateful_step_count=50,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    # A seed each: where hypothesis is told to repeat itself, every walk would else be the first one again.
    wanted = STEPS_WANTED[connection.vendor]
    for number in range(MOST_WALKS):
        if ThisWalk.steps < wanted or ThisWalk.unvisited():
            run_state_machine_as_test(seed(number)(ThisWalk), settings=some)
    assert ThisWalk.steps >= wanted
    assert not ThisWalk.unvisited(), "a walk that never goes there tests nothing"
