from followup.models.importing import ImportBatch, ImportMapping, Upload
from followup.models.measurement import Measurement, MeasurementQuerySet, Revision
from followup.models.round import (
    Assessment,
    DueValue,
    DueValueQuerySet,
    Round,
    RoundQuerySet,
    RoundState,
    Submission,
    SubmissionQuerySet,
    SubmissionState,
)
from followup.models.standing import GoalStanding

__all__ = [
    "Assessment",
    "DueValue",
    "DueValueQuerySet",
    "GoalStanding",
    "ImportBatch",
    "ImportMapping",
    "Measurement",
    "MeasurementQuerySet",
    "Revision",
    "Round",
    "RoundQuerySet",
    "RoundState",
    "Submission",
    "SubmissionQuerySet",
    "SubmissionState",
    "Upload",
]
