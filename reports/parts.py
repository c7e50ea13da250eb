"""What a report holds: plain values with texts ready to print. The page and the PDF are drawn from the same parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.safestring import SafeString, mark_safe

from followup.charts.chain import NARROW as CHAIN_NARROW
from followup.charts.chain import PAPER as CHAIN_PAPER
from followup.charts.chain import WIDE as CHAIN_WIDE
from followup.charts.chain import ChainFrame, chain_svg
from followup.charts.chain_spec import Chain
from followup.charts.spec import ChartSpec
from followup.charts.svg import NARROW, Frame, line_svg
from followup.charts.triangle import triangle_svg
from followup.charts.triangle_spec import Triangle
from followup.presentation import Figure
from reports.outline import Outline, ReportKind

# Drawn for 170, 125 and 83 mm of paper at 96 points an inch, so that nothing is scaled.
PAPER_WIDE = Frame(642, 144, 46, 112, 12, 24, 11, 9)
POSTER_WIDE = Frame(642, 240, 46, 112, 12, 24, 11, 9)
POSTER_HALF = Frame(472, 180, 46, 108, 12, 24, 11, 7)
MOST_DRAWN = 10  # steps of an effect chain on one page
PAPER_HALF = Frame(313, 132, 42, 84, 12, 24, 11, 4)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the front page."""

    title: str
    authority: str
    body: str
    data_basis: str
    is_example: bool
    facts: tuple[tuple[str, str], ...]
    address: str  # of the report on the web; empty in reports frozen before it was printed


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote in the report; everything else is data."""

    conclusion: str
    highlights: tuple[str, ...]  # a line each
    recommendation: str


@dataclass(frozen=True, slots=True)
class Change:
    """A goal whose light is another than in the previous round."""

    number: str
    anchor: str
    name: str
    before: str
    light: str


class ShiftKind(StrEnum):
    """In what way something is another than in the last report."""

    WORSENED = "worsened"
    IMPROVED = "improved"
    MOVED_TARGET = "moved_target"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that is another than in the body's last report."""

    kind: ShiftKind
    number: str  # empty for a goal that is no more
    anchor: str
    name: str
    light_before: str
    light: str
    before: str  # a target in words
    after: str
    about: str  # the indicator of a target, or the decision behind a goal


@dataclass(frozen=True, slots=True)
class Missing:
    """A goal that lacks figures: which, and when they were due."""

    number: str
    anchor: str
    name: str
    indicators: tuple[str, ...]
    more: int
    reason: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What somebody does about a deviation, as it stood at the meeting."""

    what: str
    owner: str
    due: str
    goal: str
    state: str
    result: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """How it goes, on two pages: the verdict, the counts, and what has changed since last."""

    verdict: str
    counts: Mapping[str, int]
    compared_with: str  # "opfølgningen på 1. kvartal 2026"; empty when this is the first
    improved: tuple[Change, ...]
    worsened: tuple[Change, ...]
    missing: tuple[Missing, ...]
    overdue_actions: tuple[ActionLine, ...]
    more_overdue: int


@dataclass(frozen=True, slots=True)
class Value:
    """One series in one period, as a spreadsheet has it: the number is not rounded, and None is none."""

    period: str  # its code
    period_name: str
    day: date  # its last
    value: Decimal | None
    missing: str  # why there is none
    is_corrected: bool
    corrected_from: Decimal | None
    is_example: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one series, not rounded: those of its row, and every value the report tells of."""

    decimals: int
    baseline: Decimal | None
    value: Decimal | None
    expected: Decimal | None
    target: Decimal | None  # None for a range too
    values: tuple[Value, ...]  # oldest first


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One series in a goal's table."""

    figure: Figure
    reference: int  # the number of its line among the sources
    measure: str  # unit of measure, which kroner, and what the number is made of
    price_level: str  # "faste priser"; empty where it is no amount, and in reports frozen before it was told
    price_year: int | None
    is_prioritised: bool
    baseline: str
    baseline_period: str
    baseline_code: str  # of that period
    period: str
    expected: str
    target: str
    target_period: str
    corrected_from: str
    numbers: Numbers

    @property
    def now_at(self) -> str:
        """The code of the period whose number stands as the newest; empty when none does."""
        return self.numbers.values[-1].period if self.numbers.value is not None else ""

    @property
    def baseline_at(self) -> str:
        """The code of the baseline's period, where the baseline is one of the stored values; else empty."""
        at = (self.baseline_code, self.numbers.baseline)
        return self.baseline_code if any((one.period, one.value) == at for one in self.numbers.values) else ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart in the sizes it is needed in."""

    name: str  # unique in the report
    series_id: int
    spec: ChartSpec
    unit_name: str
    is_wide: bool
    has_example: bool

    def on_screen(self) -> SafeString:
        """For the page: one size, side by side where there is room."""
        return mark_safe(line_svg(self.spec, NARROW, self.name))

    def on_poster(self) -> SafeString:
        """For the poster: a third of the width."""
        return mark_safe(line_svg(self.spec, PAPER_HALF, self.name))

    def on_half_poster(self) -> SafeString:
        """For a poster of five or six goals: half the width."""
        return mark_safe(line_svg(self.spec, POSTER_HALF, self.name))

    def across_poster(self) -> SafeString:
        """For a poster of few goals: two thirds of the width, and higher."""
        return mark_safe(line_svg(self.spec, POSTER_WIDE, self.name))

    def on_paper(self) -> SafeString:
        """For the PDF: the whole width of the text, or half."""
        return mark_safe(line_svg(self.spec, PAPER_WIDE if self.is_wide else PAPER_HALF, self.name))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a table behind the charts."""

    text: str
    is_example: bool = False
    corrected_from: str = ""


@dataclass(frozen=True, slots=True)
class ValueTable:
    """The numbers behind a goal's charts: a row for each period, a column for each series of the same rhythm."""

    heads: tuple[tuple[str, str], ...]  # name, unit of measure
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    series: tuple[int, ...]  # of each head; 0 where a frozen report does not tell
    codes: tuple[str, ...]  # of each row's period; empty where a frozen report does not tell
    has_example: bool

    def lines(self) -> Iterable[tuple[str, str, tuple[tuple[int, Cell], ...]]]:
        """Each row with its period's name and code, and its cells with their series."""
        for (name, cells), code in zip(self.rows, self.codes, strict=True):
            yield name, code, tuple(zip(self.series, cells, strict=True))


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the leader wrote in the round: each question with its answer."""

    texts: tuple[tuple[str, str], ...]
    signed: str

    @property
    def is_long(self) -> bool:
        """Whether it takes two columns on paper."""
        return sum(len(text) for _question, text in self.texts) > 300


@dataclass(frozen=True, slots=True)
class Judgement:
    """The leader's own light, which stands beside the computed one and never counts."""

    light: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Owner:
    """One of those who own a cross-cutting goal together, and whether it had committed itself by the meeting."""

    unit: str
    authority: str
    is_committed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One goal: wording, light and why, indicators, charts, and the words of the round."""

    number: str
    anchor: str
    goal_id: int
    title: str
    short_name: str
    owner: str
    owners: tuple[Owner, ...]  # of a cross-cutting goal; none also in reports frozen before they were told
    wording: str
    facts: tuple[tuple[str, str], ...]
    light: str
    before: str  # the light in the previous round, when it was another
    reason: str
    deviates: bool
    counts: Mapping[str, int]
    below: Mapping[str, int]
    below_count: int
    lead: IndicatorRow | None  # the series that decides the light
    rows: tuple[IndicatorRow, ...]
    charts: tuple[Chart, ...]
    tables: tuple[ValueTable, ...]
    narrative: Narrative | None
    judgement: Judgement | None
    actions: tuple[ActionLine, ...]
    acceptance: str  # why nobody does more about a deviation
    chain: Chain | None  # how the effort is to work; None also in reports frozen before it was told
    triangle: Triangle | None  # where economy, activity and quality are all measured; None also as above

    def chain_on_screen(self) -> SafeString:
        """The effect chain for wide pages and for narrow ones."""
        return self._drawn(CHAIN_WIDE, CHAIN_NARROW)

    def chain_on_paper(self) -> SafeString:
        """The effect chain for the PDF; nothing where it is longer than a page, which the table tells."""
        return self._drawn(CHAIN_PAPER) if self.chain and len(self.chain.steps) <= MOST_DRAWN else mark_safe("")

    def triangle_on_screen(self) -> SafeString:
        """The steering triangle for the page."""
        return self._triangle()

    def triangle_on_paper(self) -> SafeString:
        """The steering triangle for the PDF."""
        return self._triangle(on_paper=True)

    def _triangle(self, *, on_paper: bool = False) -> SafeString:
        drawn = triangle_svg(self.triangle, f"trekant-{self.anchor}", on_paper=on_paper) if self.triangle else ""
        return mark_safe(drawn)

    def _drawn(self, *frames: ChainFrame) -> SafeString:
        chain = self.chain
        return mark_safe("".join(chain_svg(chain, one, f"kaede-{self.anchor}") for one in frames) if chain else "")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one series' number comes from, and who entered and approved it."""

    reference: int  # that of its indicator row
    number: str
    indicator: str
    unit: str
    source: str
    period: str
    entered: str
    approved: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's report to the round: sent and approved by whom."""

    unit: str
    state: str
    sent: str
    approved: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One item of the meeting. A closed one has its public title and nothing else."""

    position: int
    title: str
    recommendation: str
    is_closed: bool
    is_for_decision: bool


@dataclass(frozen=True, slots=True)
class OverCeiling:
    """A goal adopted above its unit's ceiling since the last report, and the decision that raised it."""

    title: str
    unit: str
    number: int  # which goal of the unit it was
    most: int  # the ceiling that day
    decision: str


@dataclass(frozen=True, slots=True)
class OverTimeRow:
    """One goal's lights, as many as the table has heads; empty where the goal was not there yet."""

    number: str
    anchor: str
    name: str
    lights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """The goals' lights at the last rounds, the latest last."""

    heads: tuple[str, ...]
    rows: tuple[OverTimeRow, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A unit's goal that serves the goal the report is about."""

    number: str
    anchor: str
    unit: str
    name: str
    responsible: str
    light: str


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """How one unit's own goals go, and how far its report has come."""

    unit: str
    goals: int
    counts: Mapping[str, int]
    report: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What citizens say about one goal: the survey, its assessments, and what was heard and is done."""

    number: str
    anchor: str
    name: str
    survey: str  # empty while nothing is published
    sentence: str  # how many have answered, or when there is an answer
    assessed: tuple[tuple[str, str, str], ...]  # what, mean, interval
    pairs: tuple[tuple[str, str], ...]  # heard, done


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole report."""

    kind: ReportKind
    outline: Outline
    front: Front
    written: Written
    overview: Overview
    shifts: tuple[Shift, ...]  # since the last report, worse first
    sections: tuple[Section, ...]
    left_out: int  # goals beyond the most a report shows
    own: tuple[str, ...]  # the anchors of the subject's own goals; the other sections serve them
    agenda: tuple[AgendaLine, ...]
    over_ceiling: tuple[OverCeiling, ...]
    over_time: OverTime | None
    partners: tuple[Partner, ...]
    units: tuple[UnitStatus, ...]
    more_units: int
    citizens: tuple[Heard, ...]
    sources: tuple[Source, ...]
    reports: tuple[UnitReport, ...]
    has_example: bool
    made_at: datetime

    @property
    def own_sections(self) -> list[Section]:
        """The sections of the subject's own goals: those that the overview lists."""
        return [section for section in self.sections if section.anchor in self.own]
