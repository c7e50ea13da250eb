"""The words that rounds, reports, actions, meetings and mails are described with. Pure: no Django.

The values are stored in the database and used in CSS class names; they never change. Their Danish names are in
`followup.labels`.
"""

from enum import StrEnum


class RoundState(StrEnum):
    """A round's way from plan to meeting."""

    PLANNED = "planned"
    OPEN = "open"
    IN_APPROVAL = "in_approval"
    READY = "ready"
    CLOSED = "closed"


class SubmissionState(StrEnum):
    """A unit's report on its way to approval."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"  # taken up by an approver: nobody changes it underneath
    RETURNED = "returned"
    APPROVED = "approved"


# Ready for the meeting, or over: everybody in the authority may read what the body gets.
READY_ROUNDS = (RoundState.READY, RoundState.CLOSED)
# What its unit can still change; what waits for an approver; what has left the unit.
EDITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)
WAITING = (SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW)
SENT = (*WAITING, SubmissionState.APPROVED)


class Division(StrEnum):
    """How an authority divides the political follow-up between council and committees."""

    FEW = "few"  # the council follows its own few goals
    BROAD = "broad"  # the council follows its own and the committees' goals
    COMMITTEES = "committees"  # only the committees follow goals


class Follows(StrEnum):
    """What the rounds of a plan follow."""

    OWN = "own"  # the body's own goals
    OWN_AND_BELOW = "own_and_below"  # and the first goals, by rank, of each unit that reports to it
    CHOSEN = "chosen"  # chosen series only


class EventKind(StrEnum):
    """What a day in the year wheel is besides a follow-up."""

    MEETING = "meeting"  # a body meets without following up
    FIXED_POINT = "fixed_point"  # budget and accounts
    VACATION = "vacation"


class ActionState(StrEnum):
    """How far an action has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Worked(StrEnum):
    """Whether an action had the effect that was expected of it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class MeetingState(StrEnum):
    """A board meeting's life."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class MailState(StrEnum):
    """A mail's way out of the house."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # there is no mail server; it is only shown
    GIVEN_UP = "given_up"  # the server refused it for good


class ReminderKind(StrEnum):
    """What somebody is reminded of."""

    SUBMISSION = "submission"
    APPROVAL = "approval"
    QUESTION = "question"
    ACTION = "action"
    SURVEY = "survey"  # that citizens wait for an answer; added by `citizens`
    OWNER = "owner"  # that a unit is invited to own a cross-cutting goal
    TARGET = "target"  # that a proposed target of one waits for a unit
    TRANSLATE = "translate"  # a goal that was sent down to a unit


class MailTopic(StrEnum):
    """Parts of the daily mail that a person may do without; the rest is mandatory."""

    AHEAD = "ahead"  # deadlines that are still 14 or 3 days away
    ANSWERS = "answers"  # questions that were answered
    REPORTS = "reports"  # reports that are ready
