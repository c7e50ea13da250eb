"""A closed survey writes the values of the series that it measures."""

from decimal import Decimal

import pytest

from citizens.actions.measures import write_measures
from citizens.kinds import MeasureKind, QuestionKind
from followup.actions.standings import computed_standings
from followup.models import GoalStanding, Measurement, Revision
from followup.standing import standings_of
from goals.kinds import IntervalKind
from tests import factories
from tests.citizens import making


@pytest.fixture
def place(town):
    town.survey = making.survey(town.school)
    making.four(making.questionnaire(town.survey))
    town.goal = factories.goal(town.school)
    return town


def measured(place, code: str = "goal", kind: str = MeasureKind.MEAN, options=(), target="3.9", **indicator):
    made = factories.indicator(place.authority, **{"unit_of_measure": "point", "decimals": 2, **indicator})
    series = factories.series(made, place.school, place.goal)
    factories.target(series, "2026K2", target)
    making.measures(place.survey, series, code, kind=kind, share_options=list(options))
    return series


def write(place) -> list[Measurement]:
    return write_measures(place.survey, by=place.manager, now=factories.NOW)


def light(series) -> str:
    return standings_of([series], until=factories.TODAY, today=factories.TODAY)[series.pk].light.value


def test_a_mean_with_its_sample(place):
    series = measured(place, interval=IntervalKind.MEAN)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    (written,) = write(place)
    written.refresh_from_db()
    assert (written.series, written.period, written.value) == (series, "2026K2", Decimal("3.35"))
    assert (written.sample_size, written.standard_deviation) == (20, Decimal("1.27"))
    assert (written.approved_by, written.approved_at) == (place.manager, factories.NOW)


def test_the_light_is_uncertain_where_the_interval_holds_the_target(place):
    """2.76 to 3.94 holds 3.9; without an interval the same mean is off track."""
    sure = measured(place)
    unsure = measured(place, interval=IntervalKind.MEAN)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    write(place)
    assert light(sure) == "offtrack"
    assert light(unsure) == "uncertain"


def test_a_share_with_numerator_and_denominator(place):
    """17 of 20 against 80 per cent: 64 to 95 (rules.md)."""
    series = measured(
        place, kind=MeasureKind.SHARE, options="45", target="80", value_kind="ratio", interval=IntervalKind.SHARE
    )
    making.answers(place.survey, making.spread("goal", 1, 1, 1, 9, 8))
    (written,) = write(place)
    written.refresh_from_db()
    assert (written.value, written.numerator, written.denominator) == (85, 17, 20)
    assert light(series) == "uncertain"


def test_a_share_of_a_number_series(place):
    measured(place, kind=MeasureKind.SHARE, options="45", target="80")
    making.answers(place.survey, making.spread("goal", 1, 1, 1, 9, 8))
    assert write(place)[0].value == 85


def test_a_share_of_several_choices_is_of_one_option(place):
    making.question(place.survey.questionnaires.get(), "flere", QuestionKind.MULTIPLE, "ab")
    one = measured(place, "flere", MeasureKind.SHARE, "a", "80")
    two = measured(place, "flere", MeasureKind.SHARE, "ab", "80")
    making.answers(place.survey, [{"flere": ["a", "b"]}] * 6 + [{"flere": ["b"]}] * 6)
    written = {value.series: value for value in write(place)}
    assert written[one].value == 50
    assert (written[two].value, written[two].missing) == (None, "withheld")


@pytest.mark.parametrize("counts", [(1, 1, 1, 1, 1), (0, 0, 0, 0, 30), ()])
def test_what_is_not_shown_is_withheld(place, counts):
    series = measured(place)
    making.answers(place.survey, making.spread("goal", *counts))
    (written,) = write(place)
    assert (written.value, written.missing, written.is_approved) == (None, "withheld", True)
    assert light(series) == "nodata"


def test_of_few_the_value_is_as_it_is_printed(place):
    """Eight answers of 26 together: 3,25, printed 3,3; their spread is printed rounded up to a half."""
    measured(place)
    making.answers(place.survey, making.spread("goal", 1, 1, 3, 1, 2))
    (written,) = write(place)
    assert (written.value, written.sample_size, written.standard_deviation) == (Decimal("3.3"), 8, Decimal("1.5"))


def test_what_stood_there_is_corrected_with_a_reason(place):
    series = measured(place)
    old = factories.measurement(series, "2026K2", 3)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    write(place)
    old.refresh_from_db()
    assert (old.value, old.corrected_from, old.sample_size) == (Decimal("3.35"), 3, 20)
    assert "Undersøgelsen" in Revision.objects.get(measurement=old).reason


def test_a_draft_is_overwritten_and_approved(place):
    series = measured(place)
    draft = factories.measurement(series, "2026K2", 3, approved_at=None)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    write(place)
    draft.refresh_from_db()
    assert draft.is_approved and draft.value == Decimal("3.35")


def test_twice_changes_nothing(place):
    measured(place)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    write(place)
    making.answers(place.survey, making.spread("goal", 90))
    write(place)
    assert Measurement.objects.get().value == Decimal("3.35")
    assert not Revision.objects.exists()


def test_roll_ups_and_standings_follow(place):
    made = factories.indicator(place.authority, decimals=2, unit_rollup="sum")
    above = factories.series(made, place.department, factories.goal(place.department), is_rolled_up=True)
    below = factories.series(made, place.school, place.goal)
    making.measures(place.survey, below, "goal")
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    write(place)
    assert Measurement.objects.filter(series=above, period="2026K2").exists()
    stored = {row.goal_id: row.light for row in GoalStanding.objects.all()}
    wanted = computed_standings(place.authority, today=factories.TODAY)
    assert stored == {pk: wanted[pk][0] for pk in stored}


def test_a_rolled_up_series_or_another_kind_of_period_takes_no_value(place):
    made = factories.indicator(place.authority)
    rolled_up = factories.series(made, place.school, is_rolled_up=True)
    yearly = factories.series(factories.indicator(place.authority, frequency="year"), place.school)
    making.measures(place.survey, rolled_up, "goal")
    making.measures(place.survey, yearly, "goal")
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    assert write(place) == []


def test_closing_by_the_clock_has_nobody(place):
    measured(place)
    making.answers(place.survey, making.spread("goal", 2, 3, 5, 6, 4))
    (written,) = write_measures(place.survey, by=None, now=factories.NOW)
    assert written.is_approved and written.approved_by is None
