"""`manage.py integrity` finds each kind of disagreement, and nothing in a database that agrees."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup import series_key
from followup.actions.standings import rebuild_standings, rollups_were_changed
from followup.guards import has_guards, unguard
from followup.integrity import faults
from followup.models import GoalStanding, Measurement, Revision, Submission, SubmissionState
from goals import guards as chain_guards
from goals.models import Contribution, Goal
from tests import factories
from tests.races import needs_rows_locked


@pytest.fixture
def whole(owed, town):
    """A town whose department adds up two schools, with every light computed."""
    indicator = factories.indicator(town.authority, code="ANTAL", unit_rollup="sum", decimals=0)
    owed.parts = [factories.series(indicator, school) for school in (town.school, town.other_school)]
    owed.above = factories.series(indicator, town.department, is_rolled_up=True)
    for part, value in zip(owed.parts, (40, 2), strict=True):
        factories.measurement(part, "2026K1", value, entered_by=town.manager)
    factories.measurement(owed.share, "2026K1", "50", numerator=10, denominator=20)
    rollups_were_changed({indicator.pk}, factories.NOW)
    rebuild_standings(town.authority, today=factories.TODAY)
    return owed


@pytest.fixture
def unguarded(db):
    """A database whose guard somebody took down; the test's end puts it up again."""
    unguard(connection)


def found() -> list[str]:
    return [f"{check}: {line}" for check, line in faults(factories.TODAY)]


def only_fault() -> str:
    lines = found()
    assert len(lines) == 1, lines
    return lines[0]


def test_a_database_that_agrees_has_no_faults(whole):
    assert found() == []


def test_a_light_that_is_not_the_computed_one(whole):
    GoalStanding.objects.filter(goal=whole.goal).update(light="reached")
    assert only_fault().startswith(f"standings: goal {whole.goal.pk}: light reached is stored")


def test_counts_that_are_not_the_computed_ones(whole):
    GoalStanding.objects.filter(goal=whole.goal).update(below={"ontrack": 3})
    assert only_fault().startswith(f"standings: goal {whole.goal.pk}: counts below {{'ontrack': 3}} are stored")


@pytest.mark.parametrize("key", ["entered_by_id", "approved_by_id", "approved_in_id", "batch_id"])
def test_a_key_that_points_nowhere(whole, key):
    row = Measurement.objects.get(series=whole.parts[0])
    Measurement.objects.filter(pk=row.pk).update(**{key: 987654})
    assert only_fault() == f"keys: measurement {row.pk}: {key.removesuffix('_id')} 987654 does not exist"


def test_a_value_in_another_authority_than_its_series(whole):
    row = Measurement.objects.get(series=whole.parts[0])
    Measurement.objects.filter(pk=row.pk).update(authority=factories.authority())
    assert only_fault().startswith(f"authorities: measurement {row.pk}: ")


def test_a_goal_that_serves_one_in_another_authority(whole):
    other = factories.goal(factories.municipality().council)
    Goal.objects.filter(pk=whole.goal.pk).update(parent=other)
    assert f"authorities: goal {whole.goal.pk}: belongs to another authority than what it hangs on" in found()


def test_a_goal_above_itself(town):
    top = factories.goal(town.council)
    bottom = factories.goal(town.committee, top)
    chain_guards.unguard(connection)
    Goal.objects.filter(pk=top.pk).update(parent=bottom)
    chain_guards.guard(connection)
    assert only_fault() == f"trees: goal {top.pk}: is above itself"


def test_goals_that_help_themselves_through_others(town):
    top = factories.goal(town.council)
    bottom = factories.goal(town.committee, top)
    factories.goal(town.school, bottom)
    chain_guards.unguard(connection)
    Contribution.objects.create(goal=top, to_goal=bottom)
    chain_guards.guard(connection)
    rebuild_standings(town.authority, today=factories.TODAY)
    assert found() == [f"chains: goal {pk}: helps itself through others" for pk in (top.pk, bottom.pk)]


def test_a_database_without_the_guard_of_the_chain(whole):
    chain_guards.unguard(connection)
    assert only_fault().startswith("guards: goals_goal: a trigger that keeps the chain")


@needs_rows_locked
def test_a_database_without_the_key_to_series(whole):
    series_key.take_down(connection)
    assert only_fault().startswith("guards: followup_measurement: a trigger that keeps values to series")


def test_a_last_day_that_is_not_that_of_the_period(whole):
    Measurement.objects.filter(series=whole.number, period="2025K2").update(period_end="2025-06-29")
    assert only_fault() == "periods: measurement: 2025K2 ends 2025-06-30, 2025-06-29 is stored"


def test_a_ratio_that_is_not_its_numerator_by_its_denominator(whole, unguarded):
    row = Measurement.objects.get(series=whole.share)
    Measurement.objects.filter(pk=row.pk).update(value=51)
    guard_line, ratio_line = found()
    assert guard_line.startswith("guards: followup_measurement: the trigger")
    assert ratio_line.startswith(f"ratios: measurement {row.pk}: 51")


def test_a_database_without_its_guard(whole, unguarded):
    assert not has_guards(connection)
    assert only_fault().startswith("guards: followup_measurement: the trigger")


def test_a_correction_that_the_value_does_not_tell_of(whole):
    row = Measurement.objects.get(series=whole.parts[0])
    Revision.objects.create(
        measurement=row, at=factories.NOW, was_approved=True, old_value=7, new_value=40, reason="Talt om"
    )
    assert only_fault() == f"corrections: measurement {row.pk}: was corrected and does not say so"


def test_a_value_that_tells_of_another_correction_than_its_revisions(whole):
    row = Measurement.objects.get(series=whole.parts[0])
    Measurement.objects.filter(pk=row.pk).update(corrected_from=7, corrected_at=factories.NOW)
    assert only_fault().startswith(f"corrections: measurement {row.pk}: is corrected from 7")


def test_a_roll_up_that_is_not_the_sum_of_its_parts(whole):
    row = Measurement.objects.get(series=whole.above)
    assert row.value == 42
    Measurement.objects.filter(pk=row.pk).update(value=43)
    assert only_fault() == f"roll_ups: measurement {row.pk}: its parts give value 42.00000000"


def test_a_roll_up_that_is_missing_or_of_nothing(whole):
    row = Measurement.objects.get(series=whole.above)
    Measurement.objects.filter(pk=row.pk).update(period="2025K4", period_end="2025-12-31")
    assert found() == [
        f"roll_ups: measurement {row.pk}: a roll-up of nothing",
        f"roll_ups: series {whole.above.pk}: its parts have values for the period to 2026-03-31, and it has none",
    ]


def test_an_approved_report_with_a_value_that_is_not(whole):
    due = whole.submission.due_values.filter(series=whole.number).get()
    factories.measurement(whole.number, due.period, 8, approved_at=None)
    Submission.objects.filter(pk=whole.submission.pk).update(
        state=SubmissionState.APPROVED, decided_by=whole.town.director
    )
    lines = [line for check, line in faults(factories.TODAY) if check == "approvals"]
    assert lines == [f"submission {whole.submission.pk}: is approved, but series {whole.number.pk} {due.period} is not"]


def test_the_command_says_so_and_exits(whole, capsys):
    call_command("integrity")
    assert capsys.readouterr().out == "14 checks, no faults\n"
    GoalStanding.objects.filter(goal=whole.goal).update(light="reached")
    with pytest.raises(SystemExit) as stopped:
        call_command("integrity", json=True)
    assert stopped.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["check"] for one in told["faults"]] == ["standings"]
    assert len(told["checks"]) == 14


def test_roll_ups_take_no_more_queries_for_more_periods(whole, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        found()
    for period in ("2025K1", "2025K2", "2025K3"):
        for part in whole.parts:
            factories.measurement(part, period, 7, entered_by=whole.town.manager)
    rollups_were_changed({whole.above.indicator_id}, factories.NOW)
    with django_assert_num_queries(len(few)):
        found()
