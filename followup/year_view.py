"""The year as pages draw it: months across, bodies down, and the road to the next meeting. Keys and values only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from followup.kinds import EventKind
from followup.models import FollowUpSettings, Round, YearEvent
from goals.period_names import period_name_bare
from organisation.danish import day_range, short_weekday
from organisation.models import Unit

MONTHS = range(1, 13)
# The days of one feast go by one name.
FEASTS = {
    "Nytårsdag": "Nytår",
    "Skærtorsdag": "Påske",
    "Langfredag": "Påske",
    "Påskedag": "Påske",
    "Anden påskedag": "Påske",
    "Kristi himmelfartsdag": "Kr. himmelfart",
    "Pinsedag": "Pinse",
    "Anden pinsedag": "Pinse",
    "Juleaftensdag": "Jul",
    "Juledag": "Jul",
    "Anden juledag": "Jul",
    "Nytårsaftensdag": "Nytårsaften",
}
# Which dates of a round a body's own page gives a row each, in their order; the page has the words.
STEPS = ("entry_deadline", "department_deadline", "directorate_deadline", "approval_deadline", "agenda_date",
         "material_date")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of a cell: the day or days in figures, a text, and whether it is over."""

    days: str
    text: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A body's meeting: a follow-up when there is a round."""

    body: Unit
    day: date
    round: Round | None
    text: str
    is_past: bool
    is_next: bool

    @property
    def weekday(self) -> str:
        return short_weekday(self.day)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the strip: twelve cells. `key` says what it holds; of a body's meetings it is `meetings`."""

    key: str
    cells: tuple[tuple[Mark | Meeting, ...], ...]
    body: Unit | None = None
    weekday: int | None = None  # on which they meet, when always on the same


@dataclass(slots=True)
class Month:
    """A month of the list: what the strip's column holds."""

    number: int
    is_now: bool
    follow_ups: list[Meeting] = field(default_factory=list)
    others: list[Meeting] = field(default_factory=list)
    marks: list[tuple[str, Mark]] = field(default_factory=list)  # with the row's key


@dataclass(frozen=True, slots=True)
class YearView:
    """The whole year: lines of meetings, lines of what else is on, and the same by month."""

    year: int
    now: int | None  # the month it is, when it is this year
    past: int  # how many months are over
    meetings: tuple[Row, ...]
    others: tuple[Row, ...]
    months: tuple[Month, ...]


def year_view(
    year: int,
    bodies: Sequence[Unit],
    rounds: Sequence[Round],
    events: Sequence[YearEvent],
    *,
    settings: FollowUpSettings,
    today: date,
    next_round: Round | None,
    one_body: bool = False,
) -> YearView:
    """What is on in the year; `one_body`: a line for each deadline instead of the units' alone."""
    meetings = tuple(_meeting_row(body, year, rounds, events, today, next_round) for body in bodies)
    steps = STEPS if one_body else STEPS[:1]
    others = [_row(step, year, _deadlines(rounds, step, today)) for step in steps]
    others.append(_row(EventKind.FIXED_POINT.value, year, _marks(events, EventKind.FIXED_POINT, today)))
    off = [*_marks(events, EventKind.VACATION, today), *_holidays(year, settings, today)]
    others.append(_row("off", year, sorted(off, key=lambda pair: pair[0])))
    shown = tuple(row for row in others if any(row.cells) or row.key in (STEPS[0], "off"))
    now = today.month if today.year == year else None
    past = 12 if year < today.year else (now or 1) - 1
    return YearView(year, now, past, meetings, shown, _months(meetings, shown, now))


def _meeting_row(
    body: Unit,
    year: int,
    rounds: Iterable[Round],
    events: Iterable[YearEvent],
    today: date,
    next_round: Round | None,
) -> Row:
    met = [
        Meeting(
            body,
            round_.meeting_date,
            round_,
            period_name_bare(round_.period),
            round_.meeting_date < today,
            next_round is not None and round_.pk == next_round.pk,
        )
        for round_ in rounds
        if round_.body_id == body.pk
    ]
    met += [
        Meeting(body, event.day, None, event.title, event.day < today, False)
        for event in events
        if event.body_id == body.pk and event.kind == EventKind.MEETING
    ]
    days = sorted(met, key=lambda meeting: meeting.day)
    weekdays = Counter(meeting.day.weekday() for meeting in days)
    weekday = next(iter(weekdays)) if len(weekdays) == 1 else None
    return Row("meetings", _cells(year, ((meeting.day, meeting) for meeting in days)), body, weekday)


def _row(key: str, year: int, marks: Iterable[tuple[date, Mark]]) -> Row:
    return Row(key, _cells(year, marks))


def _cells(year: int, dated: Iterable[tuple[date, Mark | Meeting]]) -> tuple[tuple[Mark | Meeting, ...], ...]:
    by_month: dict[int, list[Mark | Meeting]] = defaultdict(list)
    for day, one in dated:
        if day.year == year:
            by_month[day.month].append(one)
    return tuple(tuple(by_month[month]) for month in MONTHS)


def _deadlines(rounds: Iterable[Round], step: str, today: date) -> Iterator[tuple[date, Mark]]:
    """Each day with its periods; what several bodies ask for by the same day stands once."""
    found = {(day, round_.period) for round_ in rounds if (day := getattr(round_, step)) is not None}
    for day, period in sorted(found):
        yield day, Mark(f"{day.day}.", period_name_bare(period), day < today)


def _marks(events: Iterable[YearEvent], kind: EventKind, today: date) -> Iterator[tuple[date, Mark]]:
    for event in events:
        if event.kind == kind:
            last = event.last_day or event.day
            yield event.day, Mark(days_in_figures(event.day, last), event.title, last < today)


def _holidays(year: int, settings: FollowUpSettings, today: date) -> Iterator[tuple[date, Mark]]:
    for first, last, name in feasts(year, settings):
        yield first, Mark(days_in_figures(first, last), name, last < today)


def feasts(year: int, settings: FollowUpSettings) -> list[tuple[date, date, str]]:
    """The year's holidays, those of one feast together: first day, last day, name."""
    found: list[tuple[date, date, str]] = []
    for day, holiday in settings.workdays.holidays(year).items():
        name = FEASTS.get(holiday, holiday)
        if found and found[-1][2] == name and day - found[-1][1] <= timedelta(days=2):
            found[-1] = (found[-1][0], day, name)
        else:
            found.append((day, day, name))
    return found


def days_in_figures(first: date, last: date) -> str:
    """`15.`, `9.–13.`, and over the end of a month `28/3–1/4`."""
    if first == last:
        return f"{first.day}."
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{last.day}."
    return f"{first.day}/{first.month}–{last.day}/{last.month}"


def _months(meetings: Sequence[Row], others: Sequence[Row], now: int | None) -> tuple[Month, ...]:
    months = tuple(Month(number, number == now) for number in MONTHS)
    for month in months:
        met = sorted((one for row in meetings for one in row.cells[month.number - 1]), key=lambda one: one.day)
        month.follow_ups = [one for one in met if one.round is not None]
        month.others = [one for one in met if one.round is None]
        month.marks = [(row.key, mark) for row in others for mark in row.cells[month.number - 1]]
    return months


# ---- the road to a meeting -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A day on the road: what has to be done by it, and how far it has come (`done`, `now` or nothing)."""

    key: str
    day: date
    state: str
    hverdage: int | None = None  # before the meeting, when the day is so


def road_to(round_: Round, settings: FollowUpSettings, today: date) -> list[Step]:
    """The days of a round in their order, from its period's end to its meeting."""
    days = [("period_end", round_.period_end), ("opens", round_.opens)]
    days += [(step, day) for step in _ROAD if (day := getattr(round_, step)) is not None]
    days.append(("meeting_date", round_.meeting_date))
    coming = next((key for key, day in days if day >= today), None)
    return [
        Step(key, day, "done" if day < today else "now" if key == coming else "", _hverdage(round_, key, day, settings))
        for key, day in days
    ]


_ROAD = ("entry_deadline", "department_deadline", "directorate_deadline", "approval_deadline", "conclusion_date",
         "agenda_date", "material_date")  # fmt: skip


def _hverdage(round_: Round, key: str, day: date, settings: FollowUpSettings) -> int | None:
    """The authority's own distance for agenda and material, unless the day was moved."""
    days = {"agenda_date": settings.agenda_days, "material_date": settings.material_days}.get(key)
    return days if days and settings.workdays.before(round_.meeting_date, days) == day else None


def closed_days(round_: Round, settings: FollowUpSettings) -> list[tuple[str, str]]:
    """The feasts between opening and meeting, which do not count: their days and name."""
    years = range(round_.opens.year, round_.meeting_date.year + 1)
    return [
        (day_range(first, last), name)
        for year in years
        for first, last, name in feasts(year, settings)
        if round_.opens <= last and first < round_.meeting_date
    ]
