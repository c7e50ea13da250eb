"""A board as one page shows it: each indicator with light, run chart and what the meeting has said about it.

One function reads it, for the board, for a meeting under way and for what a meeting keeps when it ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from followup.charts.run import TILE, WIDE, RunPoint, RunSpec, run_svg
from followup.charts.words import run_alt, signal_words
from followup.entry import Cell
from followup.explaining import Stop, stops
from followup.kinds import WAITING
from followup.models import (
    Acceptance,
    Action,
    Board,
    BoardMeeting,
    BoardPoint,
    BoardSeries,
    DueValue,
    Intervention,
    Measurement,
)
from followup.presentation import Figure, figure_of
from followup.runchart import RunChart, Side, is_better, run_chart
from followup.series import IRREGULAR, TargetPoint
from followup.standing import Standing, standings_of
from followup.status import DEVIATIONS, ORDER, Light, Reading, Trend, Verdict, count_lights
from goals.kinds import Direction
from goals.models import Series
from goals.period_names import period_name, period_name_short
from goals.periods import Period, PeriodKind
from organisation.danish import NBSP, format_number

WINDOW = 26  # values in a run chart: a year of fortnights
RINGS = {True: "better", False: "worse", None: "neither"}


@dataclass(frozen=True, slots=True)
class AskedValue:
    """The value a meeting asks a series for, in the shape in which the entry grid knows a due value."""

    series: Series
    period: str
    period_end: date
    is_sent_elsewhere: bool = False  # a round's report with it waits for approval
    first_deadline: date | None = None

    @property
    def pk(self) -> int:
        return self.series.pk

    @property
    def series_id(self) -> int:
        return self.series.pk


@dataclass
class Tile:
    """One indicator on the board."""

    row: BoardSeries
    standing: Standing
    figure: Figure
    target: str  # "højst 2 pr. 14 dage"
    run: RunChart
    spec: RunSpec
    signal: str  # short, for the tile: empty without a signal
    signal_sentence: str
    cell: Cell | None = None  # the value the meeting asks for
    is_draft: bool = False
    number: int = 0  # on the agenda
    point: BoardPoint | None = None
    acceptance: Acceptance | None = None
    last_point: BoardPoint | None = None
    last_acceptance: Acceptance | None = None
    actions: list[Action] = field(default_factory=list)  # open, about the indicator

    @property
    def series(self) -> Series:
        return self.row.series

    @property
    def light(self) -> Light:
        return self.standing.light

    @property
    def has_signal(self) -> bool:
        return self.run.signal is not None

    @property
    def ring(self) -> str:
        """Whether the signal is to the better, the worse or neither."""
        return RINGS[self.run.is_better] if self.has_signal else ""

    @property
    def is_unwritten(self) -> bool:
        """Whether the meeting still lacks the value it asks for."""
        return self.cell is not None and self.cell.measurement is None

    @property
    def is_due(self) -> bool:
        """Whether the meeting asks for the value and may still write it."""
        return self.cell is not None and not self.cell.is_locked

    @property
    def is_on_agenda(self) -> bool:
        return self.light in DEVIATIONS or self.has_signal or self.is_unwritten

    @property
    def lacks(self) -> tuple[Stop, ...]:
        """What keeps the meeting from ending. A value that is not there is as bad as one off track."""
        return stops(
            Light.OFF_TRACK if self.light is Light.OVERDUE else self.light,
            has_signal=self.has_signal,
            is_explained=self.point is not None,
            has_action=bool(self.actions),
            is_accepted=self.acceptance is not None,
        )

    @property
    def svg(self) -> SafeString:
        return mark_safe(run_svg(self.spec, TILE, f"serie-{self.series.pk}"))

    @property
    def wide_svg(self) -> SafeString:
        return mark_safe(run_svg(self.spec, WIDE, f"serie-{self.series.pk}"))


@dataclass(frozen=True)
class FocusArea:
    """A column of the board."""

    name: str
    tiles: list[Tile]


@dataclass
class BoardView:
    """A board on a day: its tiles in order, its agenda, and its open actions, overdue ones first."""

    board: Board
    meeting: BoardMeeting | None  # the open one, else the next
    previous: BoardMeeting | None  # the last that was held
    tiles: list[Tile]
    actions: list[Action]
    last_actions: list[Action]  # started at the previous meeting, whatever became of them
    today: date

    @property
    def areas(self) -> list[FocusArea]:
        """The focus areas in the order in which the tiles name them."""
        found: dict[str, list[Tile]] = {}
        for tile in self.tiles:
            found.setdefault(tile.row.focus_area, []).append(tile)
        return [FocusArea(name, tiles) for name, tiles in found.items()]

    @property
    def agenda(self) -> list[Tile]:
        """What is to be talked about, worst first."""
        return sorted((tile for tile in self.tiles if tile.number), key=lambda tile: tile.number)

    @property
    def counts(self) -> dict[Light, int]:
        return count_lights(tile.light for tile in self.tiles)

    @property
    def stopping(self) -> list[Tile]:
        """The indicators that keep the meeting from ending."""
        return [tile for tile in self.agenda if tile.lacks]

    @property
    def overdue_actions(self) -> list[Action]:
        return [action for action in self.actions if action.is_overdue(self.today)]

    @property
    def has_stops(self) -> bool:
        return bool(self.stopping or self.overdue_actions)

    @property
    def due_cells(self) -> list[Cell]:
        """The values the meeting writes."""
        return [tile.cell for tile in self.tiles if tile.cell is not None and tile.is_due]


def asked_period(series: Series, day: date) -> Period | None:
    """The latest period that had ended, and its number been found, before the day; None where none is entered."""
    kind = PeriodKind(series.indicator.frequency)
    if kind in IRREGULAR or series.is_rolled_up:
        return None
    period = Period.containing(day - timedelta(days=series.reporting_lag_days), kind).previous()
    return period if series.last_day is None or period.last <= series.last_day else None


def read_board(board: Board, *, today: date, drafts: bool, meeting: BoardMeeting | None = None) -> BoardView:
    """The board as it stands; `drafts` for those who see them. `meeting` when it is not the open or the next one."""
    recent = list(board.meetings.without_what_was_shown().select_related("opened_by").order_by("-day")[:60])
    meeting = meeting or _current(recent, today)
    day = _asking_day(recent, meeting, today)
    previous = next((one for one in recent if one.is_closed and (meeting is None or one.day < meeting.day)), None)
    rows = list(
        board.board_series.select_related("series__indicator", "series__unit", "owner").order_by("position", "pk")
    )
    tiles = _tiles(rows, day=day, today=today, drafts=drafts)
    for number, tile in enumerate(sorted((one for one in tiles if one.is_on_agenda), key=_urgency), 1):
        tile.number = number
    view = BoardView(board, meeting, previous, tiles, [], [], today)
    _put_words(view)
    _put_actions(view)
    return view


def _urgency(tile: Tile) -> tuple[int, int, int]:
    return ORDER[tile.light], 0 if tile.has_signal else 1, tile.row.position


def _current(recent: Sequence[BoardMeeting], today: date) -> BoardMeeting | None:
    coming = [one for one in recent if not one.is_closed and one.day >= today]
    return next((one for one in recent if one.is_open), coming[-1] if coming else None)


def _asking_day(recent: Sequence[BoardMeeting], meeting: BoardMeeting | None, today: date) -> date | None:
    """The meeting whose values are asked for: the open one, else the latest that has come."""
    if meeting is not None and (meeting.is_open or meeting.day <= today):
        return meeting.day
    return next((one.day for one in recent if one.day <= today), None)


def _tiles(rows: Sequence[BoardSeries], *, day: date | None, today: date, drafts: bool) -> list[Tile]:
    series = [row.series for row in rows]
    standings = standings_of(series, until=today, today=today, history=WINDOW, drafts=drafts)
    asked = {one.pk: asked_period(one, day) for one in series} if day is not None else {}
    stored = _stored(series, asked.values(), drafts=drafts)
    frozen = _frozen_since(series)
    tiles = []
    for row in rows:
        standing, period = standings[row.series_id], asked.get(row.series_id)
        cell = _cell(row.series, standing, period, stored) if period is not None else None
        if cell is not None and cell.measurement is None and period is not None:
            standing = _unwritten(standing, period)
        tiles.append(_tile(row, standing, cell, stored, frozen.get(row.series_id), today))
    return tiles


def _stored(
    series: Sequence[Series], asked: Iterable[Period | None], *, drafts: bool
) -> dict[tuple[int, date], Measurement]:
    """The values of the periods asked for, and every draft, by series and last day."""
    wanted = Q(period_end__in={period.last for period in asked if period is not None})
    wanted = wanted | Q(approved_at=None) if drafts else wanted & Q(approved_at__isnull=False)
    sent = DueValue.objects.filter(
        series=OuterRef("series"), period_end=OuterRef("period_end"), submission__state__in=WAITING
    )
    rows = Measurement.objects.filter(wanted, series__in=series).select_related("entered_by", "approved_by")
    return {(row.series_id, row.period_end): row for row in rows.annotate(is_sent=Exists(sent))}


def _frozen_since(series: Sequence[Series]) -> dict[int, date]:
    """From which period each median is frozen: the latest intervention that says so."""
    rows = Intervention.objects.filter(series__in=series, freezes_median=True).order_by("period_end")
    return dict(rows.values_list("series", "period_end"))


def _cell(series: Series, standing: Standing, period: Period, stored: dict[tuple[int, date], Measurement]) -> Cell:
    measurement = stored.get((series.pk, period.last))
    is_sent = measurement is not None and measurement.is_sent
    asked = AskedValue(series, period.code, period.last, is_sent)
    history = [value for value in standing.values if value.period_end < period.last]
    return Cell(asked, standing.rule, history, measurement, is_sent=is_sent)  # type: ignore[arg-type]


def _unwritten(standing: Standing, period: Period) -> Standing:
    return replace(
        standing,
        reading=Reading(period=period),
        verdict=Verdict(Light.OVERDUE, "overdue"),
        trend=Trend.NO_PREVIOUS,
    )


def _tile(
    row: BoardSeries,
    standing: Standing,
    cell: Cell | None,
    stored: dict[tuple[int, date], Measurement],
    frozen_since: date | None,
    today: date,
) -> Tile:
    indicator = row.series.indicator
    values = standing.values
    labels = [period_name_short(value.period) for value in values]
    frozen_at = sum(1 for value in values if value.period_end < frozen_since) if frozen_since else None
    run = run_chart([value.value for value in values], Direction(indicator.direction), frozen_at=frozen_at)
    drafts = {last for (pk, last), one in stored.items() if pk == row.series_id and not one.is_approved}
    figure = figure_of(standing, today)
    if cell is not None and cell.measurement is None:
        figure = replace(figure, reason=_("Tallet for %s er ikke skrevet.") % period_name(cell.due.period))
    target = standing.verdict.target or (standing.rule.targets[-1] if standing.rule.targets else None)
    middle = signal_words(run, labels)
    spec = RunSpec(
        alt=run_alt(
            indicator.name, run, labels, len([one for one in values if one.value is not None]),
            decimals=indicator.decimals, unit=indicator.unit_of_measure,
        ),
        decimals=indicator.decimals,
        unit=indicator.unit_of_measure,
        points=tuple(_points(standing, run, labels, drafts)),
        median=run.median,
        target=target.value if target else None,
        low=target.low if target else None,
        high=target.high if target else None,
        note=middle if run.is_too_short else "",
    )  # fmt: skip
    return Tile(
        row=row,
        standing=standing,
        figure=figure,
        target=_wanted(target, standing),
        run=run,
        spec=spec,
        signal=signal_words(run, labels, short=True),
        signal_sentence=middle,
        cell=cell,
        is_draft=standing.latest is not None and standing.verdict.value is not None
        and standing.latest.period_end in drafts,
    )  # fmt: skip


def _wanted(target: TargetPoint | None, standing: Standing) -> str:
    """`højst 21`, `85–95`: the unit stands beside the value."""
    decimals = standing.rule.decimals
    if target is None:
        return ""
    if target.value is None:
        return "–".join(format_number(edge or Decimal(0), decimals) for edge in (target.low, target.high))
    word = _("højst") if standing.rule.direction is Direction.LOWER else _("mindst")
    return f"{word}{NBSP}{format_number(target.value, decimals)}"


def _points(standing: Standing, run: RunChart, labels: Sequence[str], drafts: set[date]) -> Iterable[RunPoint]:
    ringed = set(run.points)
    for at, (value, label) in enumerate(zip(standing.values, labels, strict=True)):
        ring = ""
        if at in ringed and value.value is not None and run.median is not None:
            side = Side.OVER if value.value > run.median else Side.UNDER
            ring = RINGS[is_better(side, standing.rule.direction)]
        yield RunPoint(label, value.value, ring, value.period_end in drafts)


def _put_words(view: BoardView) -> None:
    """What was explained and accepted at this meeting and the last."""
    meetings = [one for one in (view.meeting, view.previous) if one is not None]
    points = {(one.meeting_id, one.series_id): one for one in BoardPoint.objects.filter(meeting__in=meetings)}
    accepted = {(one.meeting_id, one.series_id): one for one in Acceptance.objects.filter(meeting__in=meetings)}
    for tile in view.tiles:
        if view.meeting is not None:
            tile.point = points.get((view.meeting.pk, tile.series.pk))
            tile.acceptance = accepted.get((view.meeting.pk, tile.series.pk))
        if view.previous is not None:
            tile.last_point = points.get((view.previous.pk, tile.series.pk))
            tile.last_acceptance = accepted.get((view.previous.pk, tile.series.pk))


def _put_actions(view: BoardView) -> None:
    """Open actions of the board, the earliest due first, and those started last time."""
    series = [tile.series.pk for tile in view.tiles]
    mine = Q(meeting__board=view.board) | Q(unit=view.board.unit_id, series__in=series)
    found = Action.objects.open().filter(mine)
    if view.previous is not None:
        found = found | Action.objects.filter(meeting=view.previous)
    about: dict[int | None, list[Action]] = defaultdict(list)
    for action in found.select_related("owner", "series__indicator").distinct().order_by("due_date", "pk"):
        if action.is_open:
            view.actions.append(action)
            about[action.series_id].append(action)
        if view.previous is not None and action.meeting_id == view.previous.pk:
            view.last_actions.append(action)
    for tile in view.tiles:
        tile.actions = about[tile.series.pk]
