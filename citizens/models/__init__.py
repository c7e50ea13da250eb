from citizens.models.answer import AnswerGroup, Comment, Quote, Response, Theme
from citizens.models.attainment import Attainment, AttainmentForm
from citizens.models.hearing import Hearing, HearingGoal, HearingTheme, Proposal, Ranking
from citizens.models.invitation import Invitation, InvitedAddress, Participant, ParticipantResponse
from citizens.models.loop import AnswerSubscriber, PublishedAnswer, SurveyOnAgenda
from citizens.models.survey import Question, Questionnaire, Survey, SurveyMeasure, SurveyQuerySet

__all__ = [
    "AnswerGroup",
    "AnswerSubscriber",
    "Attainment",
    "AttainmentForm",
    "Comment",
    "Hearing",
    "HearingGoal",
    "HearingTheme",
    "Invitation",
    "InvitedAddress",
    "Participant",
    "ParticipantResponse",
    "Proposal",
    "PublishedAnswer",
    "Question",
    "Questionnaire",
    "Quote",
    "Ranking",
    "Response",
    "Survey",
    "SurveyMeasure",
    "SurveyOnAgenda",
    "SurveyQuerySet",
    "Theme",
]
