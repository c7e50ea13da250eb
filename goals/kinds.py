"""The words that goals, indicators and series are described with. Pure: no Django.

The values are stored in the database and used in files and in CSS class names; they never change.
Their Danish names are in `goals.labels`.
"""

from enum import StrEnum


class Direction(StrEnum):
    """Which way is better for an indicator."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"  # inside [low, high] is good, outside is worse the further away


class GoalKind(StrEnum):
    """What a goal or an indicator speaks of, from difference for the citizen to daily running."""

    EFFECT = "effect"
    RESULT = "result"
    OUTPUT = "output"
    OPERATION = "operation"


class GoalState(StrEnum):
    """A goal's way through life; adoption and closing each take a decision."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    CLOSED = "closed"


class ValueKind(StrEnum):
    """How a value is given: a plain number, or numerator and denominator."""

    NUMBER = "number"
    RATIO = "ratio"


class UnitRollup(StrEnum):
    """How values of several units become one."""

    NONE = "none"
    SUM = "sum"  # numbers are added
    RATIO = "ratio"  # numerators and denominators are added, then divided


class TimeRollup(StrEnum):
    """How values of several periods become one longer period."""

    NONE = "none"
    SUM = "sum"
    LAST = "last"
    RATIO = "ratio"


class IntervalKind(StrEnum):
    """Which 95 % interval, if any, decides whether a value can be told from the expected one."""

    NONE = "none"
    SHARE = "share"  # Wilson score interval
    MEAN = "mean"  # Student's t
    RATE = "rate"  # exact Poisson


class ToleranceKind(StrEnum):
    """What a tolerance is counted in."""

    ABSOLUTE = "absolute"  # in the indicator's own unit of measure
    SHARE = "share"  # a share (0-1) of the distance from baseline to target


class PathKind(StrEnum):
    """How the expected value goes from one known point to the next."""

    LINEAR = "linear"
    STEP = "step"  # the earlier point holds until the next one's period


class MissingReason(StrEnum):
    """Why there is no number. Zero is a number and never a reason."""

    NOT_DUE = "not_due"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"


class IndicatorOrigin(StrEnum):
    """Who asked for the indicator: it tells a board which of its figures are its own."""

    NATIONAL = "national"
    REGIONAL = "regional"
    OWN = "own"


class DecisionKind(StrEnum):
    """What a body did with an item: the seven outcomes that minutes use."""

    APPROVED = "approved"
    NOTED = "noted"
    DISCUSSED = "discussed"
    RECOMMENDED = "recommended"
    POSTPONED = "postponed"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"


class LeadsTo(StrEnum):
    """What a decision asks for; all but nothing comes back at the next meeting until it is done."""

    NOTHING = "nothing"
    NEW_EFFORT = "new_effort"
    CHANGED_GOAL = "changed_goal"
    ACTION = "action"


class Strength(StrEnum):
    """How well founded an assumption is."""

    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class DocumentKind(StrEnum):
    """What a steering document is."""

    STRATEGY = "strategy"
    BUDGET = "budget"
    POLICY = "policy"
    PLAN = "plan"
    OTHER = "other"


class StepKind(StrEnum):
    """The steps of an effect chain, from what is put in to what it changes."""

    INPUT = "input"
    ACTIVITY = "activity"
    OUTPUT = "output"
    SHORT = "short"  # effects, near to far
    MEDIUM = "medium"
    LONG = "long"
    EXTERNAL = "external"  # beside the chain: what it does not steer


class TranslationState(StrEnum):
    """What has become of a goal sent down to be put in a unit's own words."""

    ASKED = "asked"
    ANSWERED = "answered"  # the unit has proposed its own goal
    RETURNED = "returned"  # to be worded once more, with a reason
    ACCEPTED = "accepted"
    DECLINED = "declined"  # by the unit, with a reason
    DROPPED = "dropped"  # taken back by whoever sent it


class OwnerState(StrEnum):
    """Where one owner of a cross-cutting goal stands."""

    INVITED = "invited"
    COMMITTED = "committed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProposalState(StrEnum):
    """A change of a cross-cutting goal's target: it takes effect when all owners have agreed."""

    OPEN = "open"
    AGREED = "agreed"
    REJECTED = "rejected"  # by one owner at least
    DROPPED = "dropped"  # by whoever proposed it, or because the target became another meanwhile


class PersonalState(StrEnum):
    """What has become of a leader's personal goal."""

    OPEN = "open"
    REACHED = "reached"
    ENDED = "ended"  # without being reached


class PersonalVerb(StrEnum):
    """What was done to a personal goal."""

    WRITTEN = "written"
    CHANGED = "changed"
    FOLLOWED = "followed"  # a follow-up, with or without another state


class Side(StrEnum):
    """The sides of the steering triangle."""

    ECONOMY = "economy"
    ACTIVITY = "activity"
    QUALITY = "quality"


class PriceLevel(StrEnum):
    """Which kroner an amount is in."""

    CURRENT = "current"  # those of its own year
    FIXED = "fixed"  # those of one named year
