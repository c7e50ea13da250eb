"""Writing what a closed survey measured."""

from datetime import datetime

from citizens.models import Survey
from followup.models import Measurement
from organisation.models import User


def write_measures(survey: Survey, *, by: User | None, now: datetime) -> list[Measurement]:
    """The values of the series that the survey measures; written when it closes."""
    return []
