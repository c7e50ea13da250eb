"""What a survey shows of its answers, after suppression. The same for staff, the public, files and measurements."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question: what it says, and how many gave it. None: not shown."""

    code: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question's results. Nothing but `answered_by_few` is set when it is not shown."""

    code: str
    label: str
    kind: str
    assesses: str
    is_shown: bool
    n: int | None = None  # who answered, without "ved ikke" and "ikke relevant"
    beside: int | None = None  # "ved ikke" and "ikke relevant" together
    choices: tuple[Choice, ...] = ()  # empty below the limit for distributions
    is_merged: bool = False  # the distribution is merged to three
    mean: Decimal | None = None
    low: Decimal | None = None  # of the 95 % interval of mean or share
    high: Decimal | None = None
    sd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A part of those who were asked: by unit, or by how they answered a background question."""

    code: str
    label: str
    invited: int | None
    n: int | None  # None: not shown
    questions: tuple[QuestionResult, ...] = ()  # in the order of the survey's


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """Everything that may be shown of one survey."""

    n: int | None  # responses that count; None: fewer than may be shown
    invited: int | None  # None where there is no list
    methods: tuple[tuple[str, int | None], ...]
    questions: tuple[QuestionResult, ...]
    groups: tuple[GroupResult, ...] = ()
    backgrounds: tuple[tuple[str, tuple[GroupResult, ...]], ...] = ()  # question code -> its groups
    least_shown: int = 6
    notes: tuple[str, ...] = field(default=())  # keys: why something is not shown

    @property
    def response_rate(self) -> Decimal | None:
        """Per cent of the invited who answered; None without a list."""
        if not self.invited or self.n is None:
            return None
        return Decimal(100 * self.n) / self.invited
