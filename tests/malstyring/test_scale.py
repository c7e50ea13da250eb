"""The synthetic installation is whole, agrees with itself, and is the same each time."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from followup.actions.standings import computed_standings
from followup.models import DueValue, GoalStanding, Measurement, Round
from goals.models import Goal, Series
from malstyring.management.commands.load_demo import FIXED_PASSWORD
from malstyring.scale.builder import ScaleBuilder
from malstyring.scale.shape import Size, plan_of
from organisation.models import Authority, Unit, User

NOW = datetime(2026, 8, 10, 7, 0, tzinfo=UTC)


@pytest.fixture
def loaded(db, settings):
    """Fifty goals, a hundred series and six months."""
    settings.ALLOW_DEMO = True
    return ScaleBuilder(1, Size(50, 100, 6), seed=1, password=FIXED_PASSWORD, now=NOW).build()


def test_holds_what_is_asked_for(loaded):
    assert Goal.objects.adopted().count() == 50
    assert Series.objects.count() == 100
    assert Measurement.objects.approved().count() == 600
    assert Goal.objects.filter(parent=None).count() == 4


def test_goals_reach_from_the_council_to_institutions(loaded):
    kinds = set(Goal.objects.values_list("owner_unit__kind", flat=True))
    assert kinds == {"council", "committee", "department", "institution"}
    council = Unit.objects.get(kind="council")
    assert Goal.objects.below(*council.goals.all()).count() == 50


def test_a_round_is_open_and_asks_for_values(loaded):
    assert set(Round.objects.values_list("state", flat=True)) == {"closed", "open"}
    assert DueValue.objects.filter(submission__round__state="open").missing().exists()


def test_held_rounds_have_approved_their_values(loaded):
    due = DueValue.objects.filter(submission__round__state="closed")
    assert Measurement.objects.filter(approved_in__isnull=False).count() == due.count() > 0


def test_lights_are_those_computed(loaded):
    stored = {one.pk: (one.light, one.below) for one in GoalStanding.objects.all()}
    assert stored == computed_standings(loaded, today=NOW.date())
    assert len({light for light, _ in stored.values()}) > 1


def test_the_same_seed_gives_the_same_plan():
    assert plan_of(Size(50, 100, 6), Random(7)) == plan_of(Size(50, 100, 6), Random(7))
    assert plan_of(Size(50, 100, 6), Random(7)) != plan_of(Size(50, 100, 6), Random(8))


def test_the_command_loads_once_and_gives_the_accounts(db, settings, capsys):
    settings.ALLOW_DEMO = True
    call_command("load_scale", goals=13, series=13, periods=2)
    assert "13 goals, 13 series, 26 values" in capsys.readouterr().out
    assert User.objects.get(username="leder").check_password(FIXED_PASSWORD)
    with pytest.raises(CommandError, match="loaded already"):
        call_command("load_scale", goals=13, series=13, periods=2)


def test_refuses_where_demo_accounts_are_not_allowed(db, settings):
    settings.ALLOW_DEMO = False
    with pytest.raises(CommandError, match="ALLOW_DEMO=1"):
        call_command("load_scale", goals=13)
    assert not Authority.objects.exists()
