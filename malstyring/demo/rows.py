"""The shape of the rows that a demo model is written in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnitRow:
    """A unit; `reports_to` is the code of the committee that follows it."""

    code: str
    above: str
    kind: str
    name: str
    reports_to: str = ""


@dataclass(frozen=True)
class PersonRow:
    """A person and the roles (role, unit code)."""

    username: str
    first_name: str
    last_name: str
    title: str
    roles: list[tuple[str, str]]


@dataclass(frozen=True)
class IndicatorRow:
    """A definition, in the words of `goals.models.Indicator`."""

    code: str
    name: str
    unit_of_measure: str
    frequency: str
    direction: str
    kind: str
    name_in_sentence: str = ""
    decimals: int = 1
    definition: str = ""
    value_kind: str = "number"
    unit_rollup: str = "none"
    time_rollup: str = "none"
    interval: str = "none"
    origin: str = "own"
    side: str = ""
    price_level: str = ""
    price_year: int | None = None
    source: str = ""
    source_url: str = ""
    licence: str = ""


@dataclass(frozen=True)
class GoalRow:
    """A goal; `serves` is the code of the goal above, `why` the answer to Attraktiv, `specific` to Specifik.

    `assumption` and `strength` say how it is thought to help the goal above, and how surely.
    """

    code: str
    owner: str
    serves: str
    kind: str
    title: str
    short_name: str
    responsible: str
    why: str = ""
    assumption: str = ""
    strength: str = "medium"
    description: str = ""
    specific: str = ""


@dataclass(frozen=True)
class SeriesRow:
    """A series of an indicator at a unit, measured on a goal.

    A second row for the same indicator and unit only ties the series to one more goal. `aim` is the light that the
    invented values end in, empty for none; `size` the denominator of shares; `revised` a target since replaced.
    `ends` says of the last invented values how many tolerances better than expected they lie, the newest last;
    one that is `left_open` lacks the newest, which somebody is to enter.
    """

    indicator: str
    unit: str
    goal: str
    baseline: tuple[str, str] | None = None
    target: tuple[str, str] | None = None
    tolerance: str | None = None
    aim: str = "ontrack"
    size: int = 100
    lag: int = 0
    target_range: tuple[str, str, str] | None = None
    revised: tuple[str, str] | None = None
    prioritised: bool = field(default=False)
    rolled_up: bool = field(default=False)
    ends: tuple[float, ...] = ()
    left_open: bool = False


@dataclass(frozen=True)
class BoardRow:
    """An indicator on a board: fortnightly values round `middle`, ending in `last`, and what they are held against.

    `shape`: the values only swing (plain), end in a run that is better or worse, are few, or lack the newest.
    With a `later` target the one for now can be met without being the last.
    """

    indicator: str
    focus_area: str
    owner: str
    goal: str
    middle: float
    spread: float
    last: float
    now: str
    later: str = ""
    tolerance: str = ""
    shape: str = "plain"
    size: int = 0  # the denominator of a share
    high: str = ""  # with `now` as the lower edge: a range


@dataclass(frozen=True)
class AreaRow:
    """A service area, the code of the one it lies under, and the codes of the goals about it."""

    code: str
    name: str
    above: str = ""
    goals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DocumentRow:
    """A steering document of a body's and its promises: the page, the words, and the codes of the goals they became."""

    title: str
    kind: str
    body: str
    promises: list[tuple[int, str, list[str]]]


@dataclass(frozen=True)
class OwnerRow:
    """A further owner of a cross-cutting goal: what it commits to, or why it does not.

    `indicator` and `measured_at` (a unit) name the series it is held to. `leaves`: `declined` when asked, `withdrawn`
    later; without a contribution and a reason the invitation waits for an answer.
    """

    goal: str
    authority: str
    unit: str
    responsible: str
    contribution: str = ""
    resource: str = ""
    indicator: str = ""
    measured_at: str = ""
    note: str = ""
    leaves: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ProposalRow:
    """A new target of a cross-cutting goal, proposed by its own unit; who has agreed (authority, unit)."""

    goal: str
    indicator: str
    unit: str
    period: str
    value: str
    reason: str
    body: str
    agreed: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class TranslationRow:
    """A goal sent down to a unit: when, until when (days from today), and how far it has come.

    `own`: the code of a goal of the unit's that answers it; else `title` and `short_name` are its new draft, measured
    by the unit's series of `indicator`.
    """

    goal: str
    unit: str
    state: str
    days_ago: int
    due_in: int
    note: str = ""
    own: str = ""
    title: str = ""
    short_name: str = ""
    indicator: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ArrowRow:
    """An arrow between two steps of an effect chain: what is believed, by which source, how surely."""

    start: str
    end: str
    text: str = ""
    evidence: str = ""
    strength: str = "medium"
    is_feedback: bool = False


@dataclass(frozen=True)
class ChainRow:
    """A goal's effect chain. A step is its key, kind and words, and the series (indicator, unit) it is measured by."""

    goal: str
    steps: list[tuple[str, str, str, list[tuple[str, str]]]]
    arrows: list[ArrowRow]


@dataclass(frozen=True)
class CeilingRow:
    """A body's ceiling, and what raises it by one: the title of that decision and its reference; empty for none."""

    body: str
    most: int
    raised: str = ""
    reference: str = ""


@dataclass(frozen=True)
class FocusRow:
    """A focus area of a workshop: its votes by role, and what was written about it (role, words)."""

    text: str
    votes: dict[str, int]
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class WorkshopRow:
    """A workshop, and how many days from today its last day is. `link` is the token of one that is open."""

    unit: str
    goal: str
    title: str
    last_day: int
    areas: list[FocusRow]
    link: str = ""


@dataclass(frozen=True)
class ChosenRow:
    """The goal that a focus area (by its words) became when it was chosen: answers, and its series (indicator, unit).

    It serves the workshop's goal.
    """

    area: str
    code: str
    short_name: str
    responsible: str
    answers: dict[str, str]
    series: list[tuple[str, str]]
