"""The words that surveys, hearings and answers are described with. Pure: no Django.

The values are stored in the database and used in addresses and CSS class names; they never change. Their Danish names
are in `citizens.labels`.
"""

from enum import StrEnum


class Audience(StrEnum):
    """Who is asked."""

    CITIZEN = "citizen"
    BUSINESS = "business"
    PATIENT = "patient"
    RELATIVE = "relative"
    USER = "user"
    EMPLOYEE = "employee"


class Anonymity(StrEnum):
    """What is kept of who answered; declared before a survey opens."""

    ANONYMOUS = "anonymous"  # nothing: no path from an invitation to an answer
    PSEUDONYMOUS = "pseudonymous"  # a code; whom it stands for is kept apart and deleted on a declared day


class SurveyState(StrEnum):
    """A survey's way from draft to the answer that citizens get."""

    DRAFT = "draft"
    PILOT = "pilot"  # tried out: its answers do not count and are deleted when it opens
    OPEN = "open"
    CLOSED = "closed"  # nobody answers any more; the citizens wait for an answer
    FINISHED = "finished"  # "Det hørte vi · Det gør vi" is published


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # 1–5 with words
    TEN = "ten"  # 0–10
    YES_NO = "yes_no"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RANKING = "ranking"
    TEXT = "text"


class Assesses(StrEnum):
    """What a question assesses: the four of Odense's model; empty for others."""

    GOAL = "goal"
    EFFORT = "effort"
    EFFECT = "effect"
    COOPERATION = "cooperation"


class Method(StrEnum):
    """How an answer came in. Methods are never mixed unlabelled."""

    LINK = "link"  # open link or QR code
    INVITATION = "invitation"  # a link that works once
    KIOSK = "kiosk"  # a tablet at a counter
    PAPER = "paper"
    INTERVIEW = "interview"
    IMPORT = "import"  # from another survey system


class CommentState(StrEnum):
    """What was decided about a free text. Only read ones are on the reading list."""

    HELD = "held"  # looks like it names a person: somebody must look
    READABLE = "readable"
    HIDDEN = "hidden"  # looked at, and not to be read by others


class MeasureKind(StrEnum):
    """What a closed survey writes as its series' value."""

    MEAN = "mean"
    SHARE = "share"  # of those who answered, who chose certain options


class QuestionTemplateKey(StrEnum):
    """The ready questionnaires."""

    FOUR_ASSESSMENTS = "four_assessments"  # Odense's: goal, effort, effect and cooperation
    USER_SATISFACTION = "user_satisfaction"
    PUPIL_WELLBEING = "pupil_wellbeing"
    BUSINESS_SERVICE = "business_service"
    PULSE = "pulse"


class HearingState(StrEnum):
    """A hearing's way from draft to the council's answer."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"


class ProposalKind(StrEnum):
    """What somebody says at a hearing."""

    COMMENT = "comment"
    PROPOSAL = "proposal"


class ProposalState(StrEnum):
    """What the moderator decided. Only published ones are public."""

    WAITING = "waiting"
    PUBLISHED = "published"
    HIDDEN = "hidden"


# Answers that are no answer: counted, and left out of means.
DONT_KNOW = "dont_know"
NOT_RELEVANT = "not_relevant"
BESIDE = (DONT_KNOW, NOT_RELEVANT)
YES, NO = "yes", "no"

LEAST_SHOWN = 6  # rules.md: results from n ≥ 6; the setting may only be raised
LEAST_SENSITIVE = 10
LEAST_DISTRIBUTION = 10  # decisions.md: below this the mean only
TEXT_LIMIT = 4000  # characters of one free text
