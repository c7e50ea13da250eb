"""What was done that may have moved a series: recorded at a period, where the run chart's median may be held."""

from datetime import datetime

from django.db import transaction

from followup.models import Intervention
from goals.models import Series
from goals.periods import Period
from organisation.actions.history import record
from organisation.models import User


class AlreadyRecorded(Exception):
    """The period has an intervention: one tells what was done in it."""


@transaction.atomic
def record_intervention(
    series: Series, period: Period, *, text: str, freezes_median: bool, by: User, now: datetime
) -> Intervention:
    """Store what was done in the period; with `freezes_median` the median is held as it was before."""
    made, is_new = Intervention.objects.get_or_create(
        series=series,
        period_end=period.last,
        defaults={"period": period.code, "text": text, "freezes_median": freezes_median, "by": by, "at": now},
    )
    if not is_new:
        raise AlreadyRecorded
    changes = {"intervention": (None, f"{period.code}: {text}")}
    record(series, "changed", authority=series.authority, by=by, now=now, changes=changes)
    return made
