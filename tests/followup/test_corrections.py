"""Changing an approved value: with a reason, both values visible, and everything above computed anew."""

from decimal import Decimal

import pytest

from followup.actions.measurements import CellState, CellValue, correct_value
from followup.actions.standings import refresh_after_values
from followup.models import GoalStanding, Revision
from followup.standing import standings_of
from goals.periods import parse_period
from tests import factories
from tests.followup.flow import html, stored

NOW, TODAY = factories.NOW, factories.TODAY


@pytest.fixture
def approved(owed):
    """The school's number for the second quarter, approved, and an approved share rolled up to the department."""
    town = owed.town
    owed.value = factories.measurement(
        owed.number, "2026K2", "5.9", entered_by=town.manager, approved_by=town.head, comment="Målt i uge 24"
    )
    owed.pair = factories.measurement(owed.share, "2026K2", 90, numerator=9, denominator=10)
    owed.above = factories.series(owed.share.indicator, town.department, owed.goal, is_rolled_up=True)
    keys = [(one.series_id, one.period_end) for one in (owed.value, owed.pair)]
    refresh_after_values(keys, now=NOW)
    return owed


def url(value) -> str:
    return f"/serier/{value.series_id}/ret-tal/{value.pk}/"


def test_a_correction_keeps_both_values(approved, sign_in):
    client = sign_in(approved.town.director)
    page = client.post(url(approved.value), {"value": "7,9", "reason": "Talt forkert", "version": 1}, follow=True)
    assert "Tallet er rettet." in html(page)
    value = stored(approved.number)
    assert (value.value, value.version, value.approved_by) == (Decimal("7.9"), 2, approved.town.director)
    kept = Revision.objects.get()
    assert (kept.old_value, kept.new_value, kept.reason, kept.by, kept.at, kept.was_approved) == (
        Decimal("5.9"),
        Decimal("7.9"),
        "Talt forkert",
        approved.town.director,
        NOW,
        True,
    )
    for person in (approved.town.manager, approved.town.politician):
        shown = html(sign_in(person).get(f"/serier/{approved.number.pk}/"))
        assert "<del>5,9</del>" in shown
        assert "<b>7,9</b>" in shown
        assert "”Talt forkert”" in shown
        assert "Rettet" in shown


def test_a_correction_moves_the_light(approved):
    assert GoalStanding.objects.get(goal=approved.goal).light == "reached"
    cell = CellValue(approved.number, parse_period("2026K2"), value=Decimal(8), version=1)
    correct_value(cell, reason="Fejl", by=approved.town.director, now=NOW)
    assert GoalStanding.objects.get(goal=approved.goal).light == "offtrack"
    assert standings_of([approved.number], until=TODAY, today=TODAY)[approved.number.pk].light == "offtrack"


def test_a_correction_is_rolled_up(approved, sign_in):
    assert stored(approved.above).value == 90
    fields = {"numerator": "5", "denominator": "10", "reason": "Talt forkert", "version": 1}
    assert sign_in(approved.town.director).post(url(approved.pair), fields).status_code == 302
    row = stored(approved.above)
    assert (row.numerator, row.denominator, row.value) == (5, 10, 50)


def test_zero_is_a_correction_too(approved, sign_in):
    fields = {"value": "0", "reason": "Ingen var væk", "version": 1}
    assert sign_in(approved.town.director).post(url(approved.value), fields).status_code == 302
    assert stored(approved.number).value == 0


def test_an_approved_number_can_be_withheld(approved, sign_in):
    fields = {"value": "5,9", "missing": "withheld", "reason": "For få elever", "version": 1}
    assert sign_in(approved.town.director).post(url(approved.value), fields).status_code == 302
    value = stored(approved.number)
    assert (value.value, value.missing) == (None, "withheld")
    assert "Rettet" in html(sign_in(approved.town.politician).get(f"/serier/{approved.number.pk}/"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"value": ""}, "value"),
        ({"value": "ca. 8"}, "value"),
        ({"value": "1" * 16}, "value"),
        ({"value": "7,9", "missing": "withheld"}, "missing"),
        ({"missing": "fordi"}, "missing"),
        ({"version": ""}, "version"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(approved, sign_in, changed, field):
    fields = {"value": "7,9", "reason": "Fejl", "version": 1} | changed
    response = sign_in(approved.town.director).post(url(approved.value), fields)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert stored(approved.number).value == Decimal("5.9")
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("top", "bottom", "field"),
    [("", "10", "numerator"), ("9", "", "denominator"), ("9", "0", "denominator"), ("11", "10", "denominator")],
)
def test_a_pair_that_gives_no_share_is_refused(approved, sign_in, top, bottom, field):
    fields = {"numerator": top, "denominator": bottom, "reason": "Fejl", "version": 1}
    response = sign_in(approved.town.director).post(url(approved.pair), fields)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}


def test_the_same_number_is_no_correction(approved, sign_in):
    fields = {"value": "5,90", "reason": "Fejl", "version": 1}
    response = sign_in(approved.town.director).post(url(approved.value), fields)
    assert response.status_code == 422
    assert "Det er det samme tal" in html(response)
    assert not Revision.objects.exists()


def test_a_stale_correction_changes_nothing_until_it_is_meant(approved, sign_in):
    town = approved.town
    sign_in(town.consultant).post(url(approved.value), {"value": "8,5", "reason": "Først", "version": 1})
    client = sign_in(town.director)
    response = client.post(url(approved.value), {"value": "8,1", "reason": "Så", "version": 1})
    page = html(response)
    assert response.status_code == 422
    assert f"{town.consultant} rettede tallet imens. Der står nu 8,5 pct." in page
    assert 'value="8,1"' in page
    assert 'name="version" value="2"' in page
    assert stored(approved.number).value == Decimal("8.5")
    assert client.post(url(approved.value), {"value": "8,1", "reason": "Så", "version": 2}).status_code == 302
    assert stored(approved.number).value == Decimal("8.1")
    assert Revision.objects.count() == 2


def test_the_action_itself_refuses_a_stale_version(approved):
    cell = CellValue(approved.number, parse_period("2026K2"), value=Decimal(8), version=7)
    outcome = correct_value(cell, reason="Fejl", by=approved.town.director, now=NOW)
    assert outcome.state is CellState.CONFLICT
    assert stored(approved.number).version == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("director", 200),
        ("consultant", 200),
        ("head", 403),
        ("manager", 403),
        ("other_manager", 403),
        ("politician", 403),
        ("reader", 403),
    ],
)
def test_who_corrects(approved, sign_in, who, status):
    client = sign_in(getattr(approved.town, who))
    assert client.get(url(approved.value)).status_code == status
    link = url(approved.value) in html(client.get(f"/serier/{approved.number.pk}/"))
    assert link is (status == 200)


def test_a_director_of_other_units_corrects_nothing_here(approved, sign_in):
    other = factories.unit(approved.town.council, name="Anden direktion")
    person = factories.user("director", other)
    assert sign_in(person).get(url(approved.value)).status_code == 403
    assert sign_in(factories.municipality().director).get(url(approved.value)).status_code == 404


def test_what_is_a_draft_or_computed_is_not_corrected(approved, sign_in):
    client = sign_in(approved.town.director)
    draft = factories.measurement(approved.number, "2026K3", 5, approved_at=None)
    assert client.get(url(draft)).status_code == 404
    assert client.get(url(stored(approved.above))).status_code == 404
    other = factories.measurement(factories.series(approved.number.indicator, approved.town.other_school), "2026K2", 5)
    assert client.get(f"/serier/{approved.number.pk}/ret-tal/{other.pk}/").status_code == 404


def test_comments_and_changes_of_drafts_stay_with_those_who_see_drafts(approved, sign_in):
    Revision.objects.create(
        measurement=approved.value,
        at=NOW,
        by=approved.town.manager,
        old_value=Decimal("66.6"),
        new_value=Decimal("5.9"),
    )
    for who, sees in (("manager", True), ("consultant", True), ("politician", False), ("other_manager", False)):
        page = html(sign_in(getattr(approved.town, who)).get(f"/serier/{approved.number.pk}/"))
        assert ("66,6" in page) is sees
        assert ("Målt i uge 24" in page) is sees
