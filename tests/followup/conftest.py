"""A school that owes an open round its numbers, two that are to be one, and one with a board."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from followup.actions.rounds import open_round
from followup.models import Submission
from tests import factories
from tests.followup.flow import Grid
from tests.followup.on_boards import school_board
from tests.followup.reorganised import two_schools


@pytest.fixture
def owed(town, clock):
    """The school owes the committee's open round a number and a share; the number has a history of 8 to 9."""
    it = SimpleNamespace(town=town, goal=factories.goal(town.school, title="Færre er væk", short_name="Fravær"))
    number = factories.indicator(town.authority, code="FRAV", name="Fravær", direction="lower")
    share = factories.indicator(
        town.authority, code="TRIV", name="Trivsel", value_kind="ratio", unit_rollup="ratio", decimals=1
    )
    it.number = factories.series(
        number, town.school, it.goal, baseline_period="2025K2", baseline_value=Decimal(9), tolerance=Decimal("0.5")
    )
    it.share = factories.series(share, town.school, it.goal)
    factories.target(it.number, "2026K4", "6")
    for period, value in (("2025K2", "9"), ("2025K3", "8.6"), ("2025K4", "8.4"), ("2026K1", "8.2")):
        factories.measurement(it.number, period, value)
    it.round = open_round(factories.round_(town.committee), by=town.consultant, now=factories.NOW)
    it.submission = Submission.objects.get(round=it.round, unit=town.school)
    return it


@pytest.fixture
def grid(owed, sign_in):
    """The school's grid in somebody's browser: `grid()` is its manager's."""

    def grid(person=None) -> Grid:
        return Grid(sign_in(person or owed.town.manager), owed.submission)

    return grid


@pytest.fixture
def place(town, clock):
    """The town with two schools that may become one (`reorganised.two_schools`)."""
    return two_schools(town)


@pytest.fixture
def it(town, clock):
    """A school's board with a meeting under way (`on_boards.school_board`)."""
    return school_board(town)
