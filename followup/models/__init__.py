from followup.kinds import RoundState, SubmissionState
from followup.models.action import Action, ActionQuerySet
from followup.models.assessment import ASSESSMENT_FIELDS, TEXT_FIELDS, Acceptance, Assessment, AssessmentQuerySet
from followup.models.board import (
    Board,
    BoardMeeting,
    BoardPoint,
    BoardQuerySet,
    BoardSeries,
    Intervention,
)
from followup.models.calendar import (
    CalendarFeed,
    FollowUpSettings,
    Plan,
    PlanQuerySet,
    YearEvent,
    YearEventQuerySet,
)
from followup.models.importing import ImportBatch, ImportMapping, Upload
from followup.models.mail import Mail, MailOptOut, MailQuerySet, Reminder, Visit
from followup.models.measurement import Measurement, MeasurementQuerySet, Revision
from followup.models.politics import AgendaItem, AgendaItemQuerySet, Question, QuestionQuerySet
from followup.models.round import (
    DueValue,
    DueValueQuerySet,
    Round,
    RoundQuerySet,
    Submission,
    SubmissionQuerySet,
)
from followup.models.standing import FiguresChanged, GoalStanding
from followup.models.weakened import WeakenedOnAgenda

__all__ = [
    "ASSESSMENT_FIELDS",
    "TEXT_FIELDS",
    "Acceptance",
    "Action",
    "ActionQuerySet",
    "AgendaItem",
    "AgendaItemQuerySet",
    "Assessment",
    "AssessmentQuerySet",
    "Board",
    "BoardMeeting",
    "BoardPoint",
    "BoardQuerySet",
    "BoardSeries",
    "CalendarFeed",
    "DueValue",
    "DueValueQuerySet",
    "FiguresChanged",
    "FollowUpSettings",
    "GoalStanding",
    "ImportBatch",
    "ImportMapping",
    "Intervention",
    "Mail",
    "MailOptOut",
    "MailQuerySet",
    "Measurement",
    "MeasurementQuerySet",
    "Plan",
    "PlanQuerySet",
    "Question",
    "QuestionQuerySet",
    "Reminder",
    "Revision",
    "Round",
    "RoundQuerySet",
    "RoundState",
    "Submission",
    "SubmissionQuerySet",
    "SubmissionState",
    "Upload",
    "Visit",
    "WeakenedOnAgenda",
    "YearEvent",
    "YearEventQuerySet",
]
