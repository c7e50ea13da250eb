"""The year wheel of a demo: a plan for each body, its other meetings, and the fixed points of this year and next."""

from datetime import date, time, timedelta

from followup.actions.plans import save_plan
from followup.actions.year_events import apply_template, save_event
from followup.kinds import EventKind, Follows
from followup.models import Plan, Round, YearEvent
from followup.recurrence import occurrences, parse_recurrence
from goals.periods import Period, PeriodKind
from malstyring.demo.builder import Builder
from organisation.models import Authority, Unit, UnitKind

WEDNESDAY, JULY = 2, 7
AFTER_PERIOD = timedelta(days=45)
# Kind of body -> where and when it meets, and when besides its follow-ups.
COUNCIL_MEETS = time(17, 0), "Byrådssalen", "sidste onsdag i hver måned"
COMMITTEE_MEETS = time(15, 30), "Mødelokale 2 på rådhuset", "1. onsdag i hver måned"
# A region's are held in other houses.
IN_A_REGION = {"Byrådssalen": "Regionsrådssalen", "Mødelokale 2 på rådhuset": "Mødelokale 2 i Regionshuset"}


class PlanBuilder:
    """Writes a plan for each body through the same action as people use; it makes the rounds ahead."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.consultant = builder, builder.consultant

    def build(self) -> None:
        """Committees follow quarters and what their units put first; the council follows its own by half-years."""
        for body in _bodies(self.it):
            is_council = body.kind == UnitKind.COUNCIL
            kind = PeriodKind.HALF_YEAR if is_council else PeriodKind.QUARTER
            at, place, _others = _habits(body)
            plan = Plan(
                body=body,
                period_kind=kind,
                rule="hvert halvår" if is_council else "hvert kvartal",
                first_meeting=meeting_after(held_period(self.it, kind)),
                meeting_time=at,
                meeting_place=place,
                follows=Follows.OWN if is_council else Follows.OWN_AND_BELOW,
                most_below=10,
            )
            save_plan(plan, by=self.consultant, now=self.it.now)


class YearBuilder:
    """Fills this year and the next around the rounds: other meetings, and what law and custom put in the year."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.consultant = builder, builder.consultant

    def build(self) -> None:
        for year in (self.it.today.year, self.it.today.year + 1):
            apply_template(self.it.authority, year, by=self.consultant, now=self.it.now)
            for body in _bodies(self.it):
                self._other_meetings(body, year)

    def _other_meetings(self, body: Unit, year: int) -> None:
        """In the months without a follow-up, but for July."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        followed = set(Round.objects.filter(body=body, meeting_date__year=year).values_list("meeting_date__month"))
        rule = parse_recurrence(_habits(body)[2])
        for day in occurrences(rule, first, first, last):
            if day.month != JULY and (day.month,) not in followed:
                event = YearEvent(authority=self.it.authority, body=body, kind=EventKind.MEETING, day=day)
                save_event(event, by=self.consultant, now=self.it.now)


def _bodies(builder: Builder) -> list[Unit]:
    return [unit for unit in builder.units.values() if unit.is_body]


def _habits(body: Unit) -> tuple[time, str, str]:
    at, place, others = COUNCIL_MEETS if body.kind == UnitKind.COUNCIL else COMMITTEE_MEETS
    is_region = body.authority.kind == Authority.Kind.REGION
    return at, IN_A_REGION[place] if is_region else place, others


def held_period(builder: Builder, kind: PeriodKind) -> Period:
    """The period of the last meeting that is over; the one after it is followed up now."""
    if kind is PeriodKind.QUARTER:
        return builder.current.previous()
    return Period.containing(builder.approved_until + timedelta(days=1), kind).previous().previous()


def meeting_after(period: Period) -> date:
    """The Wednesday on which a period is followed up when nothing is in the way."""
    day = period.last + AFTER_PERIOD
    return day + timedelta(days=(WEDNESDAY - day.weekday()) % 7)
