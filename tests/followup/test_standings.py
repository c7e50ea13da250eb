"""Stored lights, counts and roll-ups are what computing them from the beginning gives, whatever happened before."""

import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from followup.actions.importing import import_values
from followup.actions.measurements import CellValue, correct_value
from followup.actions.roll_ups import roll_up_above
from followup.actions.rounds import open_round, plan_round
from followup.actions.standings import computed_standings, rebuild_standings, refresh_after_values
from followup.actions.submissions import NotPossible, approve, submit
from followup.keys import by_series
from followup.models import GoalStanding, Measurement, Submission
from followup.presentation import figure_of
from followup.standing import standings_of
from followup.status import Light
from followup.value_files import Incoming
from goals.actions.decisions import DecisionMade
from goals.actions.goals import NotPossible as GoalNotPossible
from goals.actions.goals import close_goal, create_goal, move_goal
from goals.actions.indicators import change_series
from goals.actions.links import attach_series, change_goal_series
from goals.actions.targets import AlreadySet, TargetAsked, set_target, target_in_force
from goals.kinds import GoalState, MissingReason
from goals.models import Goal
from goals.periods import parse_period
from tests import factories
from tests.followup.flow import enter, stored

NOW, TODAY = factories.NOW, factories.TODAY
PERIODS = ["2025K3", "2025K4", "2026K1", "2026K2"]


def kept(authority) -> dict[int, tuple[str, dict[str, int]]]:
    rows = GoalStanding.objects.filter(goal__authority=authority)
    return {row.pk: (row.light, row.below) for row in rows}


def standing(series, **fields):
    return standings_of([series], until=TODAY, today=TODAY, **fields)[series.pk]


# ---- lights and counts -----------------------------------------------------------------------------------------------


def build(town, seed: int) -> SimpleNamespace:
    """A tree of goals three levels deep with series, a round, and everything rebuilt once."""
    it = SimpleNamespace(town=town, random=random.Random(seed), goals=[], series=[])
    share = factories.indicator(town.authority, value_kind="ratio", unit_rollup="ratio")
    units = [town.council, town.committee, town.directorate, town.department, town.school, town.other_school]
    for unit in units:
        for _number in range(2):
            parents = [goal for goal in it.goals if goal.owner_unit != unit]
            it.goals.append(factories.goal(unit, it.random.choice(parents) if parents else None))
    for unit in (town.directorate, town.department, town.school, town.other_school):
        is_rolled_up = unit in (town.directorate, town.department)
        one = factories.series(share, unit, it.random.choice(it.goals), is_rolled_up=is_rolled_up)
        factories.target(one, "2026K4", 60)
        if not is_rolled_up:
            it.series.append(one)
        own = factories.series(factories.indicator(town.authority), unit, it.random.choice(it.goals), tolerance=5)
        factories.target(own, "2026K4", 50)
        it.series.append(own)
    it.round = open_round(factories.round_(town.committee), by=town.consultant, now=NOW)
    rebuild_standings(town.authority, today=TODAY)
    return it


def pair_or_value(it, series) -> dict[str, object]:
    number = Decimal(it.random.randint(0, 100))
    if series.indicator.value_kind == "ratio":
        return {"value": None, "numerator": number, "denominator": Decimal(100)}
    return {"value": number}


def draft(it) -> None:
    series = it.random.choice(it.series)
    now_stored = stored(series)
    version = now_stored.version if now_stored else None
    enter(series, by=it.town.manager, version=version, **pair_or_value(it, series))


def load(it) -> None:
    series, period = it.random.choice(it.series), parse_period(it.random.choice(PERIODS))
    fields = {"numerator": None, "denominator": None, "missing": "", **pair_or_value(it, series)}
    if fields["numerator"] is not None:
        fields["value"] = fields["numerator"]
    one = Incoming(series_id=series.pk, period=period, line=2, **fields)
    approves = it.random.random() < 0.7
    import_values([one], authority=it.town.authority, filename="tal.csv", sha256="", approve=approves, by=None, now=NOW)


def report(it) -> None:
    one = it.random.choice(Submission.objects.all().order_by("pk"))
    for due in one.due_values.select_related("series__indicator"):
        if stored(due.series, due.period) is None:
            enter(due.series, None, due.period, by=it.town.manager, missing="not_applicable")
    with suppress(NotPossible):
        submit(one, by=it.town.manager, now=NOW)
        approve(one, by=it.town.director, now=NOW)


def correct(it) -> None:
    approved = Measurement.objects.approved().filter(parts_expected=None).select_related("series__indicator")
    if approved:
        one = it.random.choice(approved.order_by("pk"))
        cell = CellValue(one.series, parse_period(one.period), version=one.version, **pair_or_value(it, one.series))
        correct_value(cell, reason="Fejl", by=it.town.director, now=NOW)


def move(it) -> None:
    goal, parent = Goal.objects.get(pk=it.random.choice(it.goals).pk), it.random.choice([*it.goals, None])
    with suppress(GoalNotPossible):
        move_goal(goal, parent and Goal.objects.get(pk=parent.pk), version=goal.version, by=it.town.consultant, now=NOW)


def close(it) -> None:
    goal = Goal.objects.get(pk=it.random.choice(it.goals).pk)
    made = DecisionMade(it.town.council, date(2026, 6, 24), "punkt 1")
    with suppress(GoalNotPossible):
        close_goal(goal, made, reason="Nået", by=it.town.consultant, now=NOW)


def create(it) -> None:
    parent = Goal.objects.get(pk=it.random.choice(it.goals).pk)
    goal = Goal(title="Nyt", short_name="Nyt", owner_unit=it.town.school, parent=parent if parent.is_open else None)
    it.goals.append(create_goal(goal, by=it.town.manager, now=NOW))


def retarget(it) -> None:
    series = it.random.choice(it.series)
    period = parse_period("2026K4")
    current = target_in_force(series, period)
    asked = TargetAsked(period, Decimal(it.random.randint(1, 99)))
    made = DecisionMade(it.town.council, NOW.date(), "punkt 4")
    with suppress(AlreadySet):
        set_target(series, asked, replaces=current and current.pk, decided=made, by=it.town.consultant, now=NOW)


def loosen(it) -> None:
    series = it.random.choice(it.series)
    series.refresh_from_db()
    series.tolerance = Decimal(it.random.randint(0, 40))
    change_series(series, version=series.version, by=it.town.consultant, now=NOW)


def measure(it) -> None:
    goal = Goal.objects.get(pk=it.random.choice(it.goals).pk)
    links = list(goal.goal_series.all())
    with suppress(GoalNotPossible):
        if links and it.random.random() < 0.5:
            link = it.random.choice(links)
            link.is_prioritised = not link.is_prioritised
            change_goal_series(goal, kept=[link], removed=[], by=it.town.consultant, now=NOW)
        else:
            attach_series(goal, it.random.choice(it.series), by=it.town.consultant, now=NOW)


def postpone(it) -> None:
    it.round.opens = date(2026, 7, 1)
    it.round.entry_deadline = TODAY + timedelta(days=it.random.choice([-20, -1, 0, 3]))
    plan_round(it.round, by=it.town.consultant, now=NOW)


STEPS = [*[draft, postpone] * 4, *[load, correct, move, retarget, measure] * 3, *[loosen, create] * 2, report, close]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_computing_anew_gives(town, seed):
    it = build(town, seed)
    for number in range(60):
        step = it.random.choice(STEPS)
        step(it)
        assert kept(town.authority) == computed_standings(town.authority, today=TODAY), f"{number}: {step.__name__}"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_rolled_up_is_what_rolling_up_anew_gives(town, seed):
    it = build(town, seed)
    for _number in range(25):
        it.random.choice([draft, load, report, correct])(it)
    fields = ("series", "period", "value", "numerator", "denominator", "missing", "parts_present", "parts_expected")
    rolled_up = Measurement.objects.filter(series__is_rolled_up=True).order_by("series", "period_end")
    before = list(rolled_up.values_list(*fields))
    assert before
    rolled_up.delete()
    approved = Measurement.objects.approved().values_list("series", "period_end")
    roll_up_above(by_series(approved), now=NOW)
    assert list(rolled_up.values_list(*fields)) == before


def test_closed_and_draft_goals_are_not_counted_but_what_is_below_them_is(town):
    top = factories.goal(town.council)
    closed = factories.goal(town.committee, top, state=GoalState.CLOSED)
    draft_goal = factories.goal(town.committee, top, state=GoalState.DRAFT)
    for parent in (closed, draft_goal):
        factories.goal(town.school, parent)
    rebuild_standings(town.authority, today=TODAY)
    assert GoalStanding.objects.get(goal=top).below == {"nodata": 2}


def test_a_late_draft_ends_overdue(owed):
    owed.round.opens, owed.round.entry_deadline = date(2026, 7, 1), TODAY - timedelta(days=1)
    plan_round(owed.round, by=owed.town.consultant, now=NOW)
    assert GoalStanding.objects.get(goal=owed.goal).light == "overdue"
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    enter(owed.number, Decimal(8), by=owed.town.manager)
    # The draft has no light of its own: the goal stands where the last approved number put it.
    assert GoalStanding.objects.get(goal=owed.goal).light == standing(owed.number).light == Light.OFF_TRACK


def test_not_reported_is_still_overdue(owed):
    owed.round.opens, owed.round.entry_deadline = date(2026, 7, 1), TODAY - timedelta(days=1)
    plan_round(owed.round, by=owed.town.consultant, now=NOW)
    enter(owed.number, None, by=owed.town.manager, missing="not_reported")
    assert standing(owed.number).light is Light.OVERDUE


# ---- roll-ups --------------------------------------------------------------------------------------------------------


@pytest.fixture
def schools(town):
    """Two schools with a share each, rolled up to the department, and from there to the directorate."""
    indicator = factories.indicator(town.authority, value_kind="ratio", unit_rollup="ratio")
    it = SimpleNamespace(town=town, goal=factories.goal(town.committee))
    it.top = factories.series(indicator, town.directorate, it.goal, is_rolled_up=True)
    it.department = factories.series(indicator, town.department, is_rolled_up=True)
    it.school = factories.series(indicator, town.school)
    it.other = factories.series(indicator, town.other_school)
    for one in (it.top, it.department):
        factories.target(one, "2026K4", 50)
    return it


def approved(series, numerator, denominator, period="2026K2", **fields) -> Measurement:
    """An approved pair and what follows from it."""
    value = None if denominator is None else Decimal(numerator) / Decimal(denominator) * 100
    row = factories.measurement(series, period, value, numerator=numerator, denominator=denominator, **fields)
    refresh_after_values([(series.pk, row.period_end)], now=NOW)
    return row


def test_a_share_is_rolled_up_by_its_parts_never_averaged(schools):
    approved(schools.school, 9, 10)
    approved(schools.other, 10, 90)
    for above in (schools.department, schools.top):
        row = stored(above)
        assert (row.numerator, row.denominator, row.value) == (19, 100, 19)
        assert not row.is_provisional
    assert standing(schools.top).light is Light.OFF_TRACK


def test_a_roll_up_under_way_has_no_light(schools):
    approved(schools.school, 9, 10)
    row = stored(schools.department)
    assert (row.value, row.parts_present, row.parts_expected) == (90, 1, 2)
    assert standing(schools.department).light is Light.NO_DATA
    figure = figure_of(standing(schools.department), TODAY)
    assert "1 af 2 enheder er med" in figure.reason


def test_a_roll_up_of_one_under_way_is_under_way_too(schools):
    approved(schools.school, 9, 10)
    row = stored(schools.top)
    assert (row.value, row.is_provisional) == (90, True)
    assert standing(schools.top).light is Light.NO_DATA
    approved(schools.other, 1, 10)
    assert not stored(schools.top).is_provisional


def test_the_latest_whole_value_is_shown_while_the_next_is_under_way(schools):
    for one in (schools.school, schools.other):
        approved(one, 60, 100, "2026K1")
    approved(schools.school, 9, 10, "2026K2")
    now = standing(schools.top)
    assert (now.light, now.latest.period, now.provisional.period) == (Light.REACHED, "2026K1", "2026K2")
    figure = figure_of(now, TODAY)
    assert figure.value == "60,0"
    assert figure.coming.replace("\u00a0", " ") == "Foreløbigt for 2. kvartal 2026: 0 af 1 enheder er med"


def test_what_is_not_applicable_is_left_out(schools):
    approved(schools.school, 9, 10)
    approved(schools.other, None, None, missing=MissingReason.NOT_APPLICABLE)
    row = stored(schools.department)
    assert (row.value, row.parts_present, row.parts_expected, row.is_provisional) == (90, 1, 1, False)


def test_where_nothing_applies_there_is_no_number(schools):
    for one in (schools.school, schools.other):
        approved(one, None, None, missing=MissingReason.NOT_APPLICABLE)
    row = stored(schools.department)
    assert (row.value, row.missing, row.is_provisional) == (None, MissingReason.NOT_APPLICABLE, False)


def test_what_is_withheld_leaves_the_sum_unwhole(schools):
    approved(schools.school, 9, 10)
    approved(schools.other, None, None, missing=MissingReason.WITHHELD)
    assert stored(schools.department).is_provisional
    Measurement.objects.filter(series=schools.school).delete()
    refresh_after_values([(schools.school.pk, date(2026, 6, 30))], now=NOW)
    assert stored(schools.department).missing == MissingReason.NOT_REPORTED


def test_a_school_that_has_ended_is_not_waited_for(schools):
    schools.town.other_school.valid_to = date(2026, 3, 31)
    schools.town.other_school.save()
    approved(schools.school, 9, 10)
    assert not stored(schools.department).is_provisional
    approved(schools.school, 9, 10, "2026K1")
    assert stored(schools.department, "2026K1").is_provisional


def test_a_series_that_has_ended_is_not_waited_for_but_counts_while_it_ran(schools):
    schools.other.last_day = date(2026, 3, 31)
    schools.other.save()
    approved(schools.other, 1, 10, "2026K1")
    approved(schools.school, 9, 10, "2026K1")
    approved(schools.school, 9, 10)
    assert stored(schools.department, "2026K1").value == 50
    assert (stored(schools.department).value, stored(schools.department).is_provisional) == (90, False)


def test_sums_add_numbers_and_zero_counts(town):
    indicator = factories.indicator(town.authority, unit_rollup="sum", unit_of_measure="elever", decimals=0)
    above = factories.series(indicator, town.department, is_rolled_up=True)
    for unit, value in ((town.school, 0), (town.other_school, 7)):
        one = factories.series(indicator, unit)
        factories.measurement(one, "2026K2", value)
        refresh_after_values([(one.pk, date(2026, 6, 30))], now=NOW)
    row = stored(above)
    assert (row.value, row.parts_present, row.parts_expected) == (7, 2, 2)


def test_a_long_share_is_stored_alike_in_both_databases(schools):
    approved(schools.school, 1, 3)
    approved(schools.other, 1, 4)
    assert stored(schools.department).value == Decimal("28.57142857")


def test_a_roll_up_goes_when_its_last_part_does(schools):
    row = approved(schools.school, 9, 10)
    row.delete()
    refresh_after_values([(schools.school.pk, date(2026, 6, 30))], now=NOW)
    assert stored(schools.department) is None
    assert stored(schools.top) is None


def test_drafts_are_not_rolled_up(schools):
    enter(schools.school, None, by=schools.town.manager, numerator=Decimal(9), denominator=Decimal(10))
    refresh_after_values([(schools.school.pk, date(2026, 6, 30))], now=NOW)
    assert stored(schools.department) is None


def test_standings_take_the_same_queries_for_few_and_many(town, django_assert_num_queries):
    series = []
    for _number in range(20):
        one = factories.series(factories.indicator(town.authority), town.school)
        factories.measurement(one, "2026K2", 5)
        series.append(one)
    for some in (series[:2], series):
        with django_assert_num_queries(3):
            standings_of(some, until=TODAY, today=TODAY)
