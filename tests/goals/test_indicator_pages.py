"""Writing indicators, series and targets in the browser."""

from decimal import Decimal

import pytest
from django.urls import reverse

from goals.models import GoalSeries, Indicator, Series, Target
from tests import factories

INDICATOR = {
    "name": "Sygefravær",
    "code": "syg",
    "name_in_sentence": "Sygefraværet",
    "definition": "",
    "unit_of_measure": "pct.",
    "decimals": "1",
    "direction": "lower",
    "kind": "result",
    "origin": "own",
    "frequency": "quarter",
    "value_kind": "number",
    "factor": "100",
    "unit_rollup": "none",
    "time_rollup": "none",
    "interval": "none",
    "source": "",
    "source_url": "",
    "licence": "",
}
SERIES = {
    "baseline_period": "2024K4",
    "baseline_value": "9,0",
    "tolerance": "0,2",
    "tolerance_kind": "absolute",
    "path": "linear",
    "reporting_lag_days": "14",
    "source_note": "",
    "last_day": "",
}


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def series(town):
    indicator = factories.indicator(town.authority, name="Sygefravær", direction="lower")
    return factories.series(indicator, town.school)


# ---- indicators ------------------------------------------------------------------------------------------------------


def test_an_indicator_is_created_found_and_changed(town, sign_in):
    client = sign_in(town.consultant)
    assert client.post(reverse("goals:indicator_create"), INDICATOR).status_code == 302
    indicator = Indicator.objects.get()
    assert "Sygefravær" in html(client.get(reverse("goals:indicator_list"), {"q": "SYG"}))
    assert "Ingen resultater" in html(client.get(reverse("goals:indicator_list"), {"q": "findes ikke"}))
    url = reverse("goals:indicator_edit", args=[indicator.pk])
    assert client.post(url, {**INDICATOR, "decimals": "2", "version": 1}).status_code == 302
    response = client.post(url, {**INDICATOR, "decimals": "0", "version": 1})
    assert response.status_code == 422
    assert "Nu står der ”2”. Du skrev ”0”." in html(response)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("unit_rollup", {"unit_rollup": "ratio"}), ("time_rollup", {"time_rollup": "ratio"}), ("factor", {"factor": "0"})],
)
def test_what_cannot_be_added_up_is_refused_beside_its_field(town, sign_in, field, wrong):
    response = sign_in(town.consultant).post(reverse("goals:indicator_create"), {**INDICATOR, **wrong})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_an_indicators_code_is_used_once(town, sign_in):
    factories.indicator(town.authority, code="syg")
    factories.indicator(factories.authority(), code="andet")
    client = sign_in(town.consultant)
    assert client.post(reverse("goals:indicator_create"), INDICATOR).status_code == 422
    assert client.post(reverse("goals:indicator_create"), {**INDICATOR, "code": "andet"}).status_code == 302


def test_what_values_rest_on_stays(town, sign_in, series):
    factories.measurement(series, "2026K2", 8)
    url = reverse("goals:indicator_edit", args=[series.indicator_id])
    sign_in(town.consultant).post(
        url, {**INDICATOR, "version": 1, "frequency": "month", "value_kind": "ratio", "decimals": "2"}
    )
    indicator = Indicator.objects.get()
    assert (indicator.frequency, indicator.value_kind, indicator.decimals) == ("quarter", "number", 2)


def test_an_indicator_with_targets_cannot_become_a_range(town, sign_in, series):
    factories.target(series, "2028", 7)
    url = reverse("goals:indicator_edit", args=[series.indicator_id])
    response = sign_in(town.consultant).post(url, {**INDICATOR, "version": 1, "direction": "range"})
    assert list(response.context["form"].errors) == ["direction"]


def test_an_indicator_with_rolled_up_series_is_still_added_up(town, sign_in):
    indicator = factories.indicator(town.authority, unit_rollup="sum")
    factories.series(indicator, town.department, is_rolled_up=True)
    url = reverse("goals:indicator_edit", args=[indicator.pk])
    response = sign_in(town.consultant).post(url, {**INDICATOR, "version": 1})
    assert list(response.context["form"].errors) == ["unit_rollup"]


# ---- series ----------------------------------------------------------------------------------------------------------


def test_a_series_is_created_and_leads_to_its_target(town, sign_in):
    indicator = factories.indicator(town.authority)
    client = sign_in(town.consultant)
    page = client.get(reverse("goals:series_create"), {"indikator": indicator.pk, "enhed": town.school.pk})
    assert html(page).count("selected") >= 2
    asked = {**SERIES, "indicator": indicator.pk, "unit": town.school.pk}
    response = client.post(reverse("goals:series_create"), asked)
    series = Series.objects.get()
    assert response.url == reverse("goals:target_set", args=[series.pk])
    assert (series.baseline_value, series.tolerance, series.authority) == (9, Decimal("0.2"), town.authority)
    again = client.post(reverse("goals:series_create"), asked)
    assert list(again.context["form"].errors) == ["unit"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("baseline_value", {"baseline_value": ""}),
        ("baseline_value", {"baseline_value": "ni"}),
        ("baseline_period", {"baseline_period": ""}),
        ("baseline_period", {"baseline_period": "2024M01"}),
        ("baseline_period", {"baseline_period": "hvornår"}),
        ("tolerance", {"tolerance": "-1"}),
        ("tolerance", {"tolerance": "20", "tolerance_kind": "share"}),
        ("is_rolled_up", {"is_rolled_up": "on"}),
    ],
)
def test_a_series_says_what_is_wrong_beside_the_field(town, sign_in, series, field, wrong):
    url = reverse("goals:series_edit", args=[series.pk])
    response = sign_in(town.consultant).post(url, {**SERIES, "version": 1, **wrong})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_series_is_changed_and_stale_changes_refused(town, sign_in, series):
    url = reverse("goals:series_edit", args=[series.pk])
    client = sign_in(town.consultant)
    assert client.post(url, {**SERIES, "version": 1, "baseline_value": "0"}).status_code == 302
    assert Series.objects.get().baseline_value == 0
    response = client.post(url, {**SERIES, "version": 1, "baseline_value": "8,5"})
    assert response.status_code == 422
    assert "Nu står der ”0”. Du skrev ”8,5”." in html(response)


def test_a_series_with_values_is_not_made_a_computed_one(town, sign_in):
    series = factories.series(factories.indicator(town.authority, unit_rollup="sum"), town.school)
    factories.measurement(series, "2026K2", 8)
    url = reverse("goals:series_edit", args=[series.pk])
    response = sign_in(town.consultant).post(url, {**SERIES, "version": 1, "is_rolled_up": "on"})
    assert list(response.context["form"].errors) == ["is_rolled_up"]


# ---- targets ---------------------------------------------------------------------------------------------------------


def test_a_target_is_set_with_its_decision(town, sign_in, series):
    asked = {"period": "2028", "value": "7,5", "reason": "", "body": town.committee.pk, "decided_on": "2026-01-28"}
    response = sign_in(town.consultant).post(
        reverse("goals:target_set", args=[series.pk]), {**asked, "reference": "punkt 4"}
    )
    assert response.status_code == 302
    target = Target.objects.get()
    assert (target.period, target.value, target.decision.reference) == ("2028", Decimal("7.5"), "punkt 4")
    assert target.set_by == town.consultant


def test_a_revised_target_needs_a_reason_and_leaves_the_old(town, sign_in, series):
    old = factories.target(series, "2028", 7)
    url = reverse("goals:target_set", args=[series.pk])
    client = sign_in(town.consultant)
    page = client.get(url, {"periode": "2028"})
    assert page.context["form"]["replaces"].value() == old.pk
    asked = {"period": "2028", "value": "7,5", "replaces": old.pk}
    assert list(client.post(url, asked).context["form"].errors) == ["reason"]
    assert client.post(url, {**asked, "reason": "Ny lov"}).status_code == 302
    old.refresh_from_db()
    assert old.superseded_at is not None
    assert Target.objects.in_force().get().value == Decimal("7.5")
    assert "tidligere måltal" in html(client.get(url))


def test_a_target_of_an_adopted_goal_asks_for_the_decision_beside_the_field(town, sign_in, series):
    factories.series(factories.indicator(town.authority), town.other_school)
    GoalSeries.objects.create(goal=factories.goal(town.school), series=series)
    old = factories.target(series, "2028", 7)
    url = reverse("goals:target_set", args=[series.pk])
    client = sign_in(town.consultant)
    asked = {"period": "2028", "value": "7,5", "replaces": old.pk, "reason": "Ny lov"}
    refused = client.post(url, asked)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["body"])
    decision = {"body": town.committee.pk, "decided_on": "2026-01-28", "reference": "punkt 4"}
    assert client.post(url, {**asked, **decision}).status_code == 302
    assert Target.objects.in_force().get().decision.reference == "punkt 4"
    assert client.post(url, {"period": "2029", "value": "7"}).status_code == 302


def test_somebody_elses_target_is_never_overwritten_unseen(town, sign_in, series):
    old = factories.target(series, "2028", 7)
    url = reverse("goals:target_set", args=[series.pk])
    client = sign_in(town.consultant)
    response = client.post(url, {"period": "2028K4", "value": "6", "reason": "Ambition"})
    assert response.status_code == 422
    assert "Der er allerede et måltal for 2028: 7." in html(response)
    assert Target.objects.get().value == 7
    again = {"period": "2028K4", "value": "6", "reason": "Ambition"}
    assert client.post(url, {**again, "replaces": response.context["form"]["replaces"].value()}).status_code == 302
    assert Target.objects.in_force().get().value == 6
    assert Target.objects.get(pk=old.pk).value == 7


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("period", {"period": "2028M02"}),
        ("period", {"period": "snart"}),
        ("value", {"value": ""}),
        ("value", {"value": "syv"}),
        ("reference", {"body": "1"}),
    ],
)
def test_a_wrong_target_is_named_beside_its_field(town, sign_in, series, field, wrong):
    asked = {"period": "2028", "value": "7"}
    if "body" in wrong:
        wrong = {"body": town.committee.pk}
    response = sign_in(town.consultant).post(reverse("goals:target_set", args=[series.pk]), {**asked, **wrong})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Target.objects.exists()


def test_a_range_has_two_ends(town, sign_in):
    indicator = factories.indicator(town.authority, direction="range")
    series = factories.series(indicator, town.school)
    url = reverse("goals:target_set", args=[series.pk])
    client = sign_in(town.consultant)
    assert list(client.post(url, {"period": "2028", "low": "100", "high": "90"}).context["form"].errors) == ["high"]
    assert client.post(url, {"period": "2028", "low": "90", "high": "100"}).status_code == 302
    target = Target.objects.get()
    assert (target.value, target.low, target.high) == (None, 90, 100)
    assert "90–100" in html(client.get(url))
