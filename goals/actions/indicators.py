"""Writing indicators and series."""

from datetime import datetime

from django.db import transaction

from goals.actions.events import goals_changed, goals_of_indicator, goals_of_series, rollups_changed
from goals.actions.versions import locked, store
from goals.models import Indicator, Series
from goals.models.indicator import INDICATOR_FIELDS
from goals.models.series import SERIES_FIELDS
from organisation.actions.history import record
from organisation.models import User


@transaction.atomic
def create_indicator(indicator: Indicator, *, by: User, now: datetime) -> Indicator:
    """Store a new definition."""
    indicator.save()
    record(indicator, "created", authority=indicator.authority, by=by, now=now)
    return indicator


@transaction.atomic
def change_indicator(indicator: Indicator, *, version: int, by: User, now: datetime) -> Indicator:
    """Store a changed definition. `version` is that of the indicator the person began from."""
    stored = locked(indicator, version)
    if changes := store(indicator, stored, ("code", *INDICATOR_FIELDS)):
        record(indicator, "changed", authority=indicator.authority, by=by, now=now, changes=changes)
        if "unit_rollup" in changes:
            rollups_changed([indicator.pk], now=now)
        goals_changed(goals_of_indicator(indicator.pk), now=now)
    return indicator


@transaction.atomic
def create_series(series: Series, *, by: User, now: datetime) -> Series:
    """Store that a unit is measured by an indicator; the unit gives its authority."""
    series.authority_id = series.unit.authority_id
    series.save()
    record(series, "created", authority=series.authority, by=by, now=now)
    rollups_changed([series.indicator_id], now=now)
    return series


@transaction.atomic
def change_series(series: Series, *, version: int, by: User, now: datetime) -> Series:
    """Store baseline, tolerance and the like. `version` is that of the series the person began from."""
    stored = locked(series, version)
    if changes := store(series, stored, SERIES_FIELDS):
        record(series, "changed", authority=series.authority, by=by, now=now, changes=changes)
        if "is_rolled_up" in changes:
            rollups_changed([series.indicator_id], now=now)
        goals_changed(goals_of_series([series.pk]), now=now)
    return series
