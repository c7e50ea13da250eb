"""What a survey shows of its answers, after suppression: plain values, the same for staff, public, files and figures.

Everything here may be known to anybody who may see the survey. Pure: no Django.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question: what it says, and how many gave it. None: not shown."""

    code: str
    label: str
    count: int | None
    mean_place: Decimal | None = None  # of a ranking, 1 is first


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question's results. Nothing of the answers is set when it is not shown."""

    code: str
    label: str
    kind: str
    assesses: str
    is_shown: bool
    n: int | None = None  # who answered, without "ved ikke" and "ikke relevant"; None where it would tell too much
    beside: int | None = None  # "ved ikke" and "ikke relevant" together
    choices: tuple[Choice, ...] = ()  # empty below the limit for distributions
    is_merged: bool = False  # the distribution is merged to three
    mean: Decimal | None = None
    low: Decimal | None = None  # of the 95 % interval of mean or share
    high: Decimal | None = None
    sd: Decimal | None = None
    share: Decimal | None = None  # of yes or no: per cent who said yes
    wording: int = 1  # comparable with the same code of an earlier survey only when this is the same
    is_background: bool = False

    def count_of(self, code: str) -> int | None:
        """How many gave the answer; None when it is not shown."""
        return next((choice.count for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A part of those who were asked: by unit, or by how they answered a background question."""

    code: str
    label: str
    invited: int | None
    n: int | None  # None: not shown
    questions: tuple[QuestionResult, ...] = ()  # in the order of the survey's; means or counts, no intervals


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
    notes: tuple[str, ...] = field(default=())  # keys: why something is not shown, what must be known
    comments: int | None = None  # how many wrote in their own words; None: too few to say
    repeated: int | None = None  # the same answers as others on one day, counted; None: too few to say
    is_rated: bool = True  # whether all who answered are among the invited

    @property
    def response_rate(self) -> Decimal | None:
        """Per cent of the invited who answered; None without a list."""
        if not self.invited or self.n is None or not self.is_rated or self.n > self.invited:
            return None
        return Decimal(100 * self.n) / self.invited

    @property
    def is_shown(self) -> bool:
        """Whether any question is."""
        return any(question.is_shown for question in self.questions)

    def question(self, code: str) -> QuestionResult | None:
        """The question with the code."""
        return next((question for question in self.questions if question.code == code), None)


def to_json(results: SurveyResults) -> dict[str, Any]:
    """The results as JSON keeps them; decimals as text."""
    plain: dict[str, Any] = _plain(asdict(results))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def from_json(kept: Mapping[str, Any]) -> SurveyResults:
    """The results as they were kept."""
    return SurveyResults(
        **{
            **kept,
            "methods": tuple((method, count) for method, count in kept["methods"]),
            "questions": tuple(map(_question, kept["questions"])),
            "groups": tuple(map(_group, kept["groups"])),
            "backgrounds": tuple((code, tuple(map(_group, groups))) for code, groups in kept["backgrounds"]),
            "notes": tuple(kept["notes"]),
        }
    )


def _question(kept: Mapping[str, Any]) -> QuestionResult:
    numbers = {name: _decimal(kept[name]) for name in ("mean", "low", "high", "sd", "share")}
    return QuestionResult(**{**kept, **numbers, "choices": tuple(map(_choice, kept["choices"]))})


def _choice(kept: Mapping[str, Any]) -> Choice:
    return Choice(**{**kept, "mean_place": _decimal(kept["mean_place"])})


def _group(kept: Mapping[str, Any]) -> GroupResult:
    return GroupResult(**{**kept, "questions": tuple(map(_question, kept["questions"]))})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
